/** What stands at an offset of a text, as far as its tree has it. */
import { type ast, childrenOf } from '#grammar'
import type { ConfigFile } from './config-file.js'
import { partsOf } from './names.js'

export interface Place {
  /** The blocks around it, outermost first. */
  readonly blocks: readonly ast.Block[]
  readonly at:
    | { readonly kind: 'block-name'; readonly block: ast.Block }
    | { readonly kind: 'label'; readonly block: ast.Block; readonly label: ast.Label }
    | { readonly kind: 'attribute-name'; readonly attribute: ast.Attribute }
    | {
        readonly kind: 'path'
        readonly parts: readonly ast.Identifier[]
        /** The part that the offset is in. */
        readonly index: number
      }
    | { readonly kind: 'nothing' }
}

interface Range {
  readonly start: number
  readonly end: number
}

/** Ends count as inside: a cursor stands behind the word that it is at. */
function holds({ start, end }: Range, offset: number): boolean {
  return offset >= start && offset <= end
}

export function placeAt(file: ConfigFile, offset: number): Place {
  return placeIn(file.parsed.file.body, offset, [])
}

function placeIn(
  body: readonly ast.Statement[],
  offset: number,
  blocks: readonly ast.Block[],
): Place {
  const statement = body.find(({ span }) => holds(span, offset))
  if (!statement) return { blocks, at: { kind: 'nothing' } }
  if (statement.kind === 'attribute') {
    if (holds(statement.name.span, offset)) {
      return { blocks, at: { kind: 'attribute-name', attribute: statement } }
    }
    return { blocks, at: pathAt(statement.value, offset) }
  }
  const { nameSpan, label, open } = statement
  if (holds(nameSpan, offset)) return { blocks, at: { kind: 'block-name', block: statement } }
  if (label && holds(label.span, offset)) {
    return { blocks, at: { kind: 'label', block: statement, label } }
  }
  if (offset < open.end) return { blocks, at: { kind: 'nothing' } }
  return placeIn(statement.body, offset, [...blocks, statement])
}

function pathAt(expression: ast.Expression, offset: number): Place['at'] {
  const parts = partsOf(expression)
  if (parts) {
    const index = parts.findIndex(({ span }) => holds(span, offset))
    return index < 0 ? { kind: 'nothing' } : { kind: 'path', parts, index }
  }
  const child = childrenOf(expression).find(({ span }) => holds(span, offset))
  return child ? pathAt(child, offset) : { kind: 'nothing' }
}
