import { type CodeAction, CodeActionKind, type Range } from 'vscode-languageserver-protocol'
import type { Diagnostic } from '#grammar'
import { toLspDiagnostic } from './diagnostic-view.js'
import { fixOf } from './fixes.js'
import type { FileEdits } from './rename.js'
import type { ConfigView } from './view.js'

/** An action for each diagnostic of the range whose help is an edit. */
export function codeActions(
  view: ConfigView,
  range: Range,
  diagnostics: readonly Diagnostic[],
): readonly { readonly action: CodeAction; readonly edits: FileEdits }[] {
  const start = view.file.offsetAt(range.start)
  const end = view.file.offsetAt(range.end)
  return diagnostics.flatMap((diagnostic) => {
    const { at, help, message } = diagnostic
    const isHere = at.source === view.file.source && at.start <= end && at.end >= start
    const fix = isHere ? fixOf(diagnostic) : undefined
    const file = fix && view.files.find(({ source }) => source === fix.at.source)
    if (!fix || !file) return []
    const action: CodeAction = {
      title: titleOf(fix.text, help ?? message),
      kind: CodeActionKind.QuickFix,
      isPreferred: true,
      diagnostics: [toLspDiagnostic(diagnostic, view.files)],
    }
    const edit = { range: file.rangeOf(fix.at), newText: fix.text }
    return [{ action, edits: new Map([[file, [edit]]]) }]
  })
}

/** A question is no title: "did you mean "timeout"?" reads as what is done. */
function titleOf(text: string, help: string): string {
  return help.startsWith('did you mean') ? `Write ${text}` : capitalized(help)
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
