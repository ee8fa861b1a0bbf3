/** What a name at a place of a text stands for. */
import { type FunctionDefinition, functions } from '#config'
import type { ast, Span } from '#grammar'
import type { Definition } from '#sdk'
import { type Member, memberOf } from './catalogue.js'
import type { CustomComponent } from './declared-names.js'
import { type Declaration, declarationOf, idOf } from './names.js'
import { placeAt } from './place.js'
import type { ConfigView } from './view.js'

export type NamedThing =
  /** A declared component: at its label, or at a path that names it. */
  | {
      readonly kind: 'component'
      readonly declaration: Declaration
      /** Of the whole name; for an export's name of the export. */
      readonly at: Span
      /** Of the label in it; undefined where another part is pointed at, or there is none. */
      readonly labelAt: Span | undefined
      readonly exported: string | undefined
    }
  /** The name of a component, in the block of one. */
  | {
      readonly kind: 'component-name'
      readonly name: string
      readonly definition: Definition | undefined
      /** Set where the config makes the component itself. */
      readonly custom: CustomComponent | undefined
      readonly declaration: Declaration | undefined
      readonly at: Span
    }
  | {
      readonly kind: 'member'
      readonly member: Member
      /** Of a module's argument. */
      readonly declared: ast.Block | undefined
      readonly at: Span
    }
  | { readonly kind: 'function'; readonly definition: FunctionDefinition; readonly at: Span }

export function namedAt(view: ConfigView, offset: number): NamedThing | undefined {
  const { blocks, at } = placeAt(view.file, offset)
  const names = blocks.map(({ name }) => name)
  switch (at.kind) {
    case 'nothing':
      return undefined
    case 'label':
      return labelled(view, names, at.block, at.label)
    case 'block-name':
      return blockNamed(view, names, at.block)
    case 'attribute-name':
      return memberNamed(view, names, at.attribute.name.text, at.attribute.name.span)
    case 'path':
      return pathNamed(view, at.parts, at.index)
  }
}

function labelled(
  view: ConfigView,
  blocks: readonly string[],
  block: ast.Block,
  label: ast.Label,
): NamedThing | undefined {
  if (view.bodyIn(blocks, block.span.start) !== 'components') return undefined
  const declaration = declaredBy(view, block)
  const labelAt = unquoted(label.span)
  return (
    declaration && { kind: 'component', declaration, at: labelAt, labelAt, exported: undefined }
  )
}

/** Without its quotes, if it has any. */
export function unquoted(span: Span): Span {
  const isQuoted = /^["`]/.test(span.source.text.slice(span.start, span.end))
  return isQuoted ? { ...span, start: span.start + 1, end: span.end - 1 } : span
}

function declaredBy(view: ConfigView, block: ast.Block): Declaration | undefined {
  return view.scopeAt(block.span.start).declared.get(idOf(block))
}

function blockNamed(
  view: ConfigView,
  blocks: readonly string[],
  block: ast.Block,
): NamedThing | undefined {
  const { name, nameSpan: at } = block
  if (view.bodyIn(blocks, at.start) !== 'components') return memberNamed(view, blocks, name, at)
  const custom = view.customAt(at.start).get(name)
  const definition = custom ? undefined : view.catalogue.component(name)
  const declaration = declaredBy(view, block)
  return { kind: 'component-name', name, definition, custom, declaration, at }
}

function memberNamed(
  view: ConfigView,
  blocks: readonly string[],
  name: string,
  at: Span,
): NamedThing | undefined {
  const body = view.bodyIn(blocks, at.start)
  if (body === undefined || body === 'components') return undefined
  const member = memberOf(body, name)
  const custom = view.customAt(at.start).get(blocks.at(-1)!)
  const declared = custom?.signature.parameters.get(name)?.block
  return member && { kind: 'member', member, declared, at }
}

function pathNamed(
  view: ConfigView,
  parts: readonly ast.Identifier[],
  index: number,
): NamedThing | undefined {
  const first = parts[0]!.span
  const { declared } = view.scopeAt(first.start)
  const declaration = declarationOf(parts, declared)
  if (declaration) {
    const count = declaration.id.split('.').length
    if (index > count) return undefined
    const exported = index === count ? parts[count]!.text : undefined
    const last = parts[exported === undefined ? count - 1 : count]!.span
    const at = exported === undefined ? { ...first, end: last.end } : last
    const isLabel = declaration.block.label !== undefined && index === count - 1
    const labelAt = isLabel ? parts[count - 1]!.span : undefined
    return { kind: 'component', declaration, at, labelAt, exported }
  }
  const definition = functions.get(parts.map(({ text }) => text).join('.'))
  return (
    definition && { kind: 'function', definition, at: { ...first, end: parts.at(-1)!.span.end } }
  )
}
