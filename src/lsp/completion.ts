import type { CompletionItem } from 'vscode-languageserver-protocol'
import { type Offer, offerStatements, plainText, SNIPPET } from './complete-statement.js'
import { offerValues } from './complete-value.js'
import { type Cursor, cursorAt } from './cursor.js'
import type { ConfigView } from './view.js'

/** What may be written at an offset of the view's file; the word there is replaced. */
export function complete(
  view: ConfigView,
  offset: number,
  snippets: boolean,
): readonly CompletionItem[] {
  const { blocks, owner, at } = cursorAt(view.file.source, offset)
  if (at.kind === 'elsewhere') return []
  const range = view.file.rangeOf(at)
  // Editors match what stands behind the last dot only; what does not start alike would show too.
  const path = at.typed.slice(0, at.typed.lastIndexOf('.') + 1)
  return offersAt(view, blocks, owner, at)
    .filter(({ item }) => item.label.startsWith(path))
    .map(({ item, snippet }): CompletionItem => {
      const written = { ...item, filterText: item.label }
      if (!snippets) return { ...written, textEdit: { range, newText: plainText(snippet) } }
      if (!snippet.includes('$')) return { ...written, textEdit: { range, newText: snippet } }
      return { ...written, insertTextFormat: SNIPPET, textEdit: { range, newText: snippet } }
    })
}

function offersAt(
  view: ConfigView,
  blocks: Cursor['blocks'],
  owner: string,
  at: Exclude<Cursor['at'], { kind: 'elsewhere' }>,
): readonly Offer[] {
  return at.kind === 'statement'
    ? offerStatements(view, blocks, at)
    : offerValues(view, blocks, owner, at)
}
