import {
  type ast,
  childrenOf,
  type Diagnostic,
  diagnose,
  nearest,
  type Span,
  textOf,
} from '#grammar'
import {
  type AttributeField,
  describeType,
  ExportedConsumer,
  type TypeShape,
  type Value,
} from '#sdk'
import type { BodyDecoder } from './decode-body.js'
import { decodeValue, isShowable, type Misfit } from './decode-value.js'
import { EvaluationError } from './evaluate.js'
import { isNumber, isObject } from './kind.js'
import { pathOf } from './references.js'
import { describeKind, describeValue, showValue } from './show.js'
import { isSecret } from './unknown.js'

export interface DecodedField {
  readonly value: unknown
  readonly known: boolean
}

/** An attribute of a schema; without a statement its default. */
export function decodeAttribute(
  owner: string,
  name: string,
  field: AttributeField,
  statement: ast.Attribute | undefined,
  at: Span,
  decoder: BodyDecoder,
): DecodedField {
  if (!statement) {
    if (field.required) {
      const facts = { owner, name, expected: exampleOf(field.type) }
      decoder.report(diagnose('missing-attribute', at, facts))
    }
    return { value: field.default, known: true }
  }
  if (field.deprecated !== undefined) {
    const facts = { name, instead: field.deprecated }
    decoder.report(diagnose('deprecated-attribute', statement.name.span, facts))
  }
  const { defaultText } = field
  const target = { name, defaultText, decoder, nullable: true }
  const decoded = decodeExpression(statement.value, field.type, target)
  // null stands for "not written".
  if (decoded.value !== null) return decoded
  if (field.required) {
    const facts = { owner, name, expected: exampleOf(field.type) }
    decoder.report(diagnose('missing-attribute', statement.value.span, facts))
  }
  return { value: field.default, known: true }
}

/** An attribute whose name is the user's choice. */
export function decodeEntry(
  name: string,
  shape: TypeShape,
  { value }: ast.Attribute,
  decoder: BodyDecoder,
): DecodedField {
  const target = { name, defaultText: undefined, decoder, nullable: true }
  return decodeExpression(value, shape, target)
}

interface Target {
  /** The attribute, with the path inside it. */
  readonly name: string
  readonly defaultText: string | undefined
  readonly decoder: BodyDecoder
  /** Whether null may stand for leaving it out. */
  readonly nullable: boolean
}

/** Lists and objects are decoded part by part, so that a fault is marked at its own expression. */
function decodeExpression(expression: ast.Expression, shape: TypeShape, to: Target): DecodedField {
  const inner = unwrap(expression)
  if (inner.kind === 'array' && shape.kind === 'list') {
    const value: unknown[] = []
    let isKnown = true
    for (const item of inner.items) {
      const decoded = decodeExpression(item, shape.item, inside(to, `[${value.length}]`))
      value.push(decoded.value)
      isKnown &&= decoded.known
    }
    return { value, known: isKnown }
  }
  if (inner.kind === 'object' && shape.kind === 'map') {
    const fields = inner.fields.map(({ name, value }) => {
      const decoded = decodeExpression(value, shape.item, inside(to, `.${name.text}`))
      return [name.text, decoded] as const
    })
    const value = new Map(fields.map(([key, decoded]) => [key, decoded.value]))
    return { value, known: fields.every(([, decoded]) => decoded.known) }
  }
  let value: Value
  try {
    value = to.decoder.evaluate(inner)
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    to.decoder.report(error.diagnostic)
    return { value: undefined, known: true }
  }
  if (value === null && to.nullable) return { value: null, known: true }
  const decoded = decodeValue(value, shape)
  for (const misfit of decoded.misfits) to.decoder.report(wrongType(inner, misfit, to))
  wire(decoded.value, shape, inner.span, to.decoder)
  return decoded
}

function wire(value: unknown, shape: TypeShape, at: Span, decoder: BodyDecoder): void {
  if (shape.kind === 'list' && Array.isArray(value)) {
    for (const item of value) wire(item, shape.item, at, decoder)
  } else if (shape.kind === 'consumer' && value instanceof ExportedConsumer) {
    decoder.wire(shape.signal, value, at)
  }
}

function inside(to: Target, path: string): Target {
  return { name: to.name + path, defaultText: undefined, decoder: to.decoder, nullable: false }
}

function wrongType(expression: ast.Expression, misfit: Misfit, to: Target): Diagnostic {
  const { value, shape, expected } = misfit
  const isHidden = revealsSecret(expression) || to.decoder.hides?.(expression)
  const shown = isShowable(value) && !isHidden
  const meant = misfit.path === '' ? likelyMeant(expression, value, shape) : undefined
  const nearTo = shown && shape.kind === 'string' && shape.oneOf && typeof value === 'string'
  return diagnose('wrong-type', expression.span, {
    name: to.name + misfit.path,
    expected,
    got: shown ? describeValue(value) : describeKind(value),
    gave: shown && !isLiteral(expression) ? showValue(value) : undefined,
    defaultText: to.defaultText,
    near: nearTo ? nearest(value, shape.oneOf) : undefined,
    instead: meant?.help,
    fix: meant?.fix,
  })
}

const REFERENCE = /^[a-z_]\w*(\.[a-z_]\w*)+$/i

/** What only another component can give. */
const REFERENCES: ReadonlySet<TypeShape['kind']> = new Set(['consumer', 'handler', 'relabel-rules'])

interface Meant {
  readonly help: string
  readonly fix?: string
}

/** How to write what is usually meant by a value of the wrong type. */
function likelyMeant(
  expression: ast.Expression,
  value: Value,
  shape: TypeShape,
): Meant | undefined {
  const fits = (one: Value, as: TypeShape) => decodeValue(one, as).misfits.length === 0
  if (shape.kind === 'list' && fits(value, shape.item)) {
    return { help: 'put it between brackets: [ ... ]', fix: `[${textOf(expression.span)}]` }
  }
  const path = pathOf(expression)?.text
  if (path !== undefined && isObject(value)) {
    const name = [...value.keys()].find((key) => fits(value.get(key)!, shape))
    const whole = `${path}.${name}`
    return name === undefined ? undefined : { help: `write ${whole}`, fix: whole }
  }
  if (REFERENCES.has(shape.kind) && typeof value === 'string') {
    const help = 'a reference stands without double quotes'
    return REFERENCE.test(value) ? { help, fix: value } : { help }
  }
  if (isSecret(value)) return { help: 'convert.nonsensitive(...) makes a plain string of a secret' }
  if (shape.kind === 'duration' && isNumber(value)) {
    return { help: 'write a text with a unit, such as "5s" for five seconds' }
  }
  return undefined
}

/** Whether a value may hold what `convert.nonsensitive` made of a secret. */
export function revealsSecret(expression: ast.Expression): boolean {
  const name = pathOf(expression)?.text
  if (name === 'convert.nonsensitive' || name === 'nonsensitive') return true
  return childrenOf(expression).some(revealsSecret)
}

function isLiteral(expression: ast.Expression): boolean {
  return (
    expression.kind === 'literal' || expression.kind === 'array' || expression.kind === 'object'
  )
}

function unwrap(expression: ast.Expression): ast.Expression {
  let inner = expression
  while (inner.kind === 'paren') inner = inner.inner
  return inner
}

/** Something one could type after `name =`. */
export function exampleOf(shape: TypeShape): string {
  switch (shape.kind) {
    case 'string':
      return shape.oneOf ? `"${shape.oneOf[0]}"` : '"..."'
    case 'duration':
      return '"5s"'
    case 'size':
      return '"4MiB"'
    case 'boolean':
      return 'true'
    case 'list':
      return '[...]'
    case 'map':
      return '{ ... }'
    case 'secret':
    case 'string-or-secret':
      return 'sys.env("...")'
    case 'integer':
    case 'number':
    case 'consumer':
    case 'handler':
    case 'relabel-rules':
    case 'any':
      return `(${describeType(shape)})`
  }
}
