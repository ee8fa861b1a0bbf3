import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver-protocol'
import type { ast } from '#grammar'
import type { ConfigFile } from './config-file.js'

/** The blocks and attributes of a file, as editors outline them. */
export function documentSymbols(file: ConfigFile): DocumentSymbol[] {
  return symbolsIn(file, file.parsed.file.body, SymbolKind.Module)
}

function symbolsIn(
  file: ConfigFile,
  body: readonly ast.Statement[],
  blockKind: SymbolKind,
): DocumentSymbol[] {
  return body.map((statement) => {
    const range = file.rangeOf(statement.span)
    if (statement.kind === 'attribute') {
      const { text: name, span } = statement.name
      return { name, kind: SymbolKind.Property, range, selectionRange: file.rangeOf(span) }
    }
    const { name, label, head } = statement
    return {
      name: label ? `${name} "${label.text}"` : name,
      kind: blockKind,
      range,
      selectionRange: file.rangeOf(head),
      children: symbolsIn(file, statement.body, SymbolKind.Object),
    }
  })
}
