import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver-protocol'
import { functions, usageOf } from '#config'
import { nameOfExport, type TypeShape } from '#sdk'
import { memberOf } from './catalogue.js'
import type { Offer } from './complete-statement.js'
import type { ValueCursor } from './cursor.js'
import type { CustomComponent } from './declared-names.js'
import { componentDocs, customDocs, functionDocs, markdown } from './docs.js'
import { exportFits, resultFits } from './fitting.js'
import { exportsOfModule } from './module-exports.js'
import type { Declaration } from './names.js'
import type { Frame } from './outline.js'
import type { ConfigView } from './view.js'

/** What an expression may hold there: what fits the attribute's type and signal. */
export function offerValues(
  view: ConfigView,
  blocks: readonly string[],
  owner: string,
  cursor: ValueCursor,
): readonly Offer[] {
  const shape = shapeAt(view, blocks, cursor)
  if (shape === 'unknown') return []
  if (cursor.quoted) return shape?.kind === 'string' ? (shape.oneOf ?? []).map(choice) : []
  return [
    ...literals(shape),
    ...exportsFor(view, cursor.start, owner, shape),
    ...libraryFor(view, shape),
  ]
}

type Shape = TypeShape | undefined

/** The type that is needed; undefined for any, 'unknown' where the schema has no such attribute. */
function shapeAt(
  view: ConfigView,
  blocks: readonly string[],
  { attribute, frames, start }: ValueCursor,
): Shape | 'unknown' {
  const body = view.bodyIn(blocks, start)
  if (body === undefined || body === 'components') return undefined
  const field = memberOf(body, attribute)?.field
  const own = field?.form === 'attribute' ? field.type : body.entries
  return own ? insideFrames(own, frames) : 'unknown'
}

function insideFrames(shape: TypeShape, frames: readonly Frame[]): Shape {
  let at: Shape = shape
  for (const { kind } of frames) {
    if (kind === 'call') at = undefined
    else if (kind === 'array') at = at?.kind === 'list' ? at.item : undefined
    else if (kind === 'object') at = at?.kind === 'map' ? at.item : undefined
  }
  return at
}

function literals(shape: Shape): readonly Offer[] {
  if (shape?.kind === 'boolean') return ['true', 'false'].map(value)
  if (shape?.kind === 'string') return (shape.oneOf ?? []).map((one) => value(`"${one}"`))
  return []
}

function value(text: string): Offer {
  return {
    item: { label: text, kind: CompletionItemKind.Value, sortText: `0${text}` },
    snippet: text,
  }
}

function choice(text: string): Offer {
  return { item: { label: text, kind: CompletionItemKind.EnumMember }, snippet: text }
}

/** For a list of consumers also each consumer in a list of its own. */
function exportsFor(
  view: ConfigView,
  offset: number,
  owner: string,
  shape: Shape,
): readonly Offer[] {
  const { declared } = view.scopeAt(offset)
  const custom = view.customAt(offset)
  const inList = shape?.kind === 'list' && shape.item.kind === 'consumer'
  const wanted: TypeShape = (inList ? shape.item : shape) ?? { kind: 'any' }
  return [...declared.values()]
    .filter(({ id }) => id !== owner)
    .flatMap((one) => {
      const module = custom.get(one.block.name)
      return module ? moduleExports(view, one, module, wanted) : fittingExports(view, one, wanted)
    })
    .map((item): Offer => ({ item, snippet: inList ? `[${item.label}]` : item.label }))
}

function fittingExports(
  view: ConfigView,
  { id, block }: Declaration,
  shape: TypeShape,
): readonly CompletionItem[] {
  if (block.name === 'argument') return block.label ? [argumentItem(id)] : []
  const definition = view.catalogue.component(block.name)
  if (!definition) return []
  return Object.entries(definition.exports)
    .filter(([, exported]) => exportFits(shape, exported, definition, block))
    .map(([name, exported]) => ({
      label: `${id}.${name}`,
      kind: CompletionItemKind.Reference,
      detail: nameOfExport(exported),
      documentation: markdown(componentDocs(definition)),
      sortText: `1${id}.${name}`,
    }))
}

/** Of a module also what nobody can tell before it runs. */
function moduleExports(
  view: ConfigView,
  { id }: Declaration,
  module: CustomComponent,
  shape: TypeShape,
): readonly CompletionItem[] {
  return [...exportsOfModule(module, view.catalogue)]
    .filter(([, one]) => !one || exportFits(shape, one.exported, one.definition, one.block))
    .map(([name, one]) => ({
      label: `${id}.${name}`,
      kind: CompletionItemKind.Reference,
      ...(one && { detail: nameOfExport(one.exported) }),
      documentation: markdown(customDocs(module)),
      sortText: `1${id}.${name}`,
    }))
}

/** What a module is given may be anything. */
function argumentItem(id: string): CompletionItem {
  const label = `${id}.value`
  return { label, kind: CompletionItemKind.Reference, sortText: `1${label}` }
}

/** Functions that are not deprecated, with how they are called, and the constants. */
function libraryFor(view: ConfigView, shape: Shape): readonly Offer[] {
  const offers = [...functions.values()]
    .filter((fn) => fn.aliasOf === undefined && resultFits(shape, fn))
    .map((fn): Offer => {
      const item: CompletionItem = {
        label: fn.name,
        kind: CompletionItemKind.Function,
        detail: `${usageOf(fn)} ${fn.result}`,
        documentation: markdown(functionDocs(fn)),
        sortText: `2${fn.name}`,
      }
      return { item, snippet: fn.parameters.length > 0 ? `${fn.name}($0)` : `${fn.name}()$0` }
    })
  const isText = !shape || shape.kind === 'any' || shape.kind === 'string'
  return isText ? [...offers, ...view.catalogue.constants.map((name) => constant(name))] : offers
}

function constant(name: string): Offer {
  const label = `constants.${name}`
  return {
    item: { label, kind: CompletionItemKind.Constant, detail: 'string', sortText: `2${label}` },
    snippet: label,
  }
}
