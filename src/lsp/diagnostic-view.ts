import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as LspDiagnostic,
} from 'vscode-languageserver-protocol'
import type { Diagnostic, Span } from '#grammar'
import type { ConfigFile } from './config-file.js'

/** A diagnostic as the protocol has it. `files` has the one it is in, and those of its notes. */
export function toLspDiagnostic(
  diagnostic: Diagnostic,
  files: readonly ConfigFile[],
): LspDiagnostic {
  const { at, code, severity, message, mark, help, notes } = diagnostic
  const lines = [message, mark ?? '', help === undefined ? '' : `help: ${help}`]
  const related = notes.flatMap((note) => {
    const place = locationOf(note.at, files)
    return place ? [{ location: place, message: note.message }] : []
  })
  return {
    range: locationOf(at, files)?.range ?? NOWHERE,
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: 'weir',
    message: lines.filter(Boolean).join('\n'),
    ...(code.startsWith('deprecated-') ? { tags: [DiagnosticTag.Deprecated] } : {}),
    ...(related.length > 0 ? { relatedInformation: related } : {}),
  }
}

const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

/** Undefined for a text that is none of the files. */
function locationOf(span: Span, files: readonly ConfigFile[]) {
  const file = files.find(({ source }) => source === span.source)
  return file && { uri: file.uri, range: file.rangeOf(span) }
}
