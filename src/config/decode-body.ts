import { type ast, type Diagnostic, diagnose, nearest, type Span } from '#grammar'
import type { Signal } from '#pdata'
import {
  absentBlock,
  type BlockField,
  type ExportedConsumer,
  type Field,
  type Problem,
  type Schema,
  type TypeShape,
  type Value,
  type VariantsField,
} from '#sdk'
import { type DecodedField, decodeAttribute, decodeEntry, exampleOf } from './decode-attribute.js'

export interface BodyDecoder {
  /** The name of the component that the body is of. */
  readonly component: string
  /** Throws `EvaluationError`. */
  evaluate(expression: ast.Expression): Value
  report(diagnostic: Diagnostic): void
  /** Whether the value may hold a secret that an expression elsewhere has made a plain text. */
  hides?: ((expression: ast.Expression) => boolean) | undefined
  /** Told of every consumer that data of `signal` is to go to. */
  wire(signal: Signal, consumer: ExportedConsumer, at: Span): void
}

/** A body, decoded. */
export interface DecodedBody {
  /** By field name, typed by the schema when `ok`; a Map where the schema has `entries`. */
  readonly values: object
  /** No error was reported. */
  readonly ok: boolean
  /** Nothing in it waits for a component to run. */
  readonly known: boolean
}

type Body = readonly ast.Statement[]

/** A body as it was written; `head` is what is marked when something is missing. */
export type Written = Pick<ast.Block, 'body' | 'head' | 'label'>

/**
 * Decodes a body against a schema and reports every fault in it. `owner` is what messages call it.
 */
export function decodeBody(
  owner: string,
  written: Written,
  schema: Schema,
  decoder: BodyDecoder,
): DecodedBody {
  const state = { ok: true, known: true }
  const report = (diagnostic: Diagnostic) => {
    if (diagnostic.severity === 'error') state.ok = false
    decoder.report(diagnostic)
  }
  const { component, evaluate, hides, wire } = decoder
  const inner: BodyDecoder = { component, evaluate, report, wire, hides }
  const layout = layoutOf(schema)
  const found = sort({ owner, component, schema, layout }, written.body, report)
  if (schema.entries) {
    const { value, known } = decodeEntries(found, schema.entries, inner)
    return { values: value, ok: state.ok, known }
  }
  const values: Record<string, unknown> = {}
  for (const name of layout.names) {
    if (isAbsent(name, found, layout)) {
      values[name] = layout.absent.get(name)
      continue
    }
    const field = layout.fields.get(name)!
    const { value, known } = decodeField(owner, name, field, found, written, inner)
    values[name] = value
    state.known &&= known
  }
  if (state.ok && state.known) {
    for (const problem of schema.check?.(values as never) ?? []) {
      const facts = { message: problem.message, help: problem.help }
      report(diagnose('invalid-arguments', locate(written, problem), facts))
    }
  }
  return { values, ...state }
}

/** What there is to know of a schema; kept, since thousands of bodies may have one. */
interface Layout {
  readonly fields: ReadonlyMap<string, Field>
  readonly names: readonly string[]
  /** What fields are that may be left out, where they are. */
  readonly absent: ReadonlyMap<string, unknown>
  readonly takesLabel: boolean
}

const LAYOUTS = new WeakMap<Schema, Layout>()

function layoutOf(schema: Schema): Layout {
  const known = LAYOUTS.get(schema)
  if (known) return known
  const fields = new Map(Object.entries(schema.fields))
  const absent = new Map<string, unknown>()
  for (const [name, field] of fields) {
    if (field.form === 'attribute') {
      if (!field.required) absent.set(name, field.default)
    } else if (field.form !== 'label' && !(field.form === 'block' && field.required)) {
      absent.set(name, absentBlock(field))
    }
  }
  const takesLabel = [...fields.values()].some(({ form }) => form === 'label')
  const layout = { fields, names: [...fields.keys()], absent, takesLabel }
  LAYOUTS.set(schema, layout)
  return layout
}

/** The statements of a body by field name. */
interface Found {
  readonly attributes: ReadonlyMap<string, ast.Attribute>
  readonly blocks: ReadonlyMap<string, readonly ast.Block[]>
  /** Fields that a faulty statement most likely means: that they are missing is no second fault. */
  readonly meant: ReadonlySet<string>
}

/** Most of what could be written is not; but what was perhaps meant to be is not there either. */
function isAbsent(name: string, { attributes, blocks, meant }: Found, { absent }: Layout): boolean {
  return absent.has(name) && !attributes.has(name) && !blocks.has(name) && !meant.has(name)
}

/** What a body is of. */
interface Place {
  readonly owner: string
  readonly component: string
  readonly schema: Schema
  readonly layout: Layout
}

const NOTHING: ReadonlySet<string> = new Set()

/** Reports statements that are no field, of the wrong form, or given twice. */
function sort(place: Place, body: Body, report: (d: Diagnostic) => void): Found {
  const attributes = new Map<string, ast.Attribute>()
  const blocks = new Map<string, ast.Block[]>()
  let meant: Set<string> | undefined
  for (const statement of body) {
    const fault =
      statement.kind === 'block'
        ? sortBlock(place, statement, blocks)
        : sortAttribute(place, statement, attributes)
    if (!fault) continue
    report(fault)
    const name = statement.kind === 'block' ? statement.name : statement.name.text
    const { schema, layout } = place
    meant ??= new Set()
    meant.add(layout.fields.has(name) ? name : (nearest(name, namesIn(schema)) ?? name))
  }
  return { attributes, blocks, meant: meant ?? NOTHING }
}

/** What a statement is that the schema does not have. */
function unknownMember({ owner, component, schema }: Place, name: string) {
  const inside = Object.entries(schema.fields).flatMap(([block, field]) =>
    field.form === 'block' && Object.hasOwn(field.schema.fields, name) ? [block] : [],
  )
  return { owner, component, name, near: nearest(name, namesIn(schema)), inside }
}

function sortAttribute(
  place: Place,
  attribute: ast.Attribute,
  attributes: Map<string, ast.Attribute>,
): Diagnostic | undefined {
  const { schema, layout } = place
  const { text: name, span } = attribute.name
  const field = layout.fields.get(name)
  const first = attributes.get(name)
  if (first) return diagnose('duplicate-attribute', span, { name }, firstIs(first.name.span))
  if (schema.entries || field?.form === 'attribute') {
    attributes.set(name, attribute)
    return undefined
  }
  if (field?.form === 'block') return diagnose('not-an-attribute', span, { name })
  return diagnose('unknown-attribute', span, unknownMember(place, name))
}

function sortBlock(
  place: Place,
  block: ast.Block,
  blocks: Map<string, ast.Block[]>,
): Diagnostic | undefined {
  const { fields } = place.layout
  const { name, head } = block
  const variants = variantsOf(fields, name)
  const field = fields.get(variants ?? name)
  if (field?.form === 'attribute') {
    return diagnose('not-a-block', head, { name, example: exampleOf(field.type) })
  }
  if (field?.form !== 'block' && field?.form !== 'variants') {
    return diagnose('unknown-block', head, unknownMember(place, name))
  }
  const key = variants ?? name
  const earlier = blocks.get(key)
  if (!earlier) blocks.set(key, [block])
  else if (field.form === 'variants' || field.repeated) earlier.push(block)
  else return diagnose('duplicate-block', head, { name }, firstIs(earlier[0]!.head))
  return undefined
}

/** The variants field that a block name such as "stage.json" belongs to. */
function variantsOf(fields: Layout['fields'], name: string): string | undefined {
  if (!name.includes('.')) return undefined
  const key = name.slice(0, name.lastIndexOf('.'))
  const field = fields.get(key)
  const kind = name.slice(key.length + 1)
  return field?.form === 'variants' && Object.hasOwn(field.variants, kind) ? key : undefined
}

/** What one may write in a body. */
function namesIn({ fields }: Schema): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.form === 'label') return []
    if (field.form !== 'variants') return [name]
    return Object.keys(field.variants).map((kind) => `${name}.${kind}`)
  })
}

function firstIs(at: Span) {
  return [{ message: 'the first one is here', at }]
}

function decodeField(
  owner: string,
  name: string,
  field: Field,
  found: Found,
  written: Written,
  decoder: BodyDecoder,
): DecodedField {
  switch (field.form) {
    case 'attribute': {
      const attribute = found.attributes.get(name)
      if (!attribute && found.meant.has(name)) return { value: undefined, known: true }
      return decodeAttribute(owner, name, field, attribute, written.head, decoder)
    }
    case 'label':
      return { value: written.label?.text, known: true }
    case 'block':
    case 'variants': {
      const blocks = found.blocks.get(name) ?? []
      const isMissing = blocks.length === 0 && !found.meant.has(name)
      if (field.form === 'block' && field.required && isMissing) {
        decoder.report(diagnose('missing-block', written.head, { owner, name }))
      }
      return decodeBlocks(field, blocks, decoder)
    }
  }
}

function decodeBlocks(
  field: BlockField | VariantsField,
  blocks: readonly ast.Block[],
  decoder: BodyDecoder,
): DecodedField {
  if (blocks.length === 0) return { value: absentBlock(field), known: true }
  const decoded = blocks.map((block) => {
    const kind = block.name.slice(block.name.lastIndexOf('.') + 1)
    const schema = field.form === 'block' ? field.schema : field.variants[kind]!
    checkLabel(block, schema, decoder)
    const { values, known } = decodeBody(`the block "${block.name}"`, block, schema, decoder)
    return { value: field.form === 'block' ? values : { kind, values }, known }
  })
  const values = decoded.map(({ value }) => value)
  const isList = field.form === 'variants' || field.repeated
  return { value: isList ? values : values[0], known: decoded.every(({ known }) => known) }
}

function checkLabel({ name, label, head }: ast.Block, schema: Schema, decoder: BodyDecoder): void {
  const takes = layoutOf(schema).takesLabel
  if (label && !takes) decoder.report(diagnose('label-forbidden', label.span, { name }))
  if (!label && takes) decoder.report(diagnose('label-missing', head, { name }))
}

/** Attributes of any name. */
function decodeEntries(
  { attributes }: Found,
  shape: TypeShape,
  decoder: BodyDecoder,
): { readonly value: ReadonlyMap<string, unknown>; readonly known: boolean } {
  const value = new Map<string, unknown>()
  let allKnown = true
  for (const [name, attribute] of attributes) {
    const decoded = decodeEntry(name, shape, attribute, decoder)
    value.set(name, decoded.value)
    allKnown &&= decoded.known
  }
  return { value, known: allKnown }
}

/**
 * The span a problem is shown at: the value of the attribute or the head of the block its path
 * leads to.
 */
export function locate({ body, head }: Written, problem: Pick<Problem, 'path'>): Span {
  let span = head
  let statements = body
  for (const [index, name] of problem.path.entries()) {
    if (typeof name === 'number') continue
    const matching = statements.filter((one) =>
      one.kind === 'block' ? one.name === name : one.name.text === name,
    )
    const which = problem.path[index + 1]
    const statement = matching[typeof which === 'number' ? which : 0]
    if (!statement) break
    span = statement.kind === 'block' ? statement.head : statement.value.span
    statements = statement.kind === 'block' ? statement.body : []
  }
  return span
}
