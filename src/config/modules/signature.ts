import type { ast } from '#grammar'
import {
  type AttributeField,
  type as anyType,
  type BlockField,
  type Field,
  type Schema,
} from '#sdk'
import type { Environment } from '../environment.js'
import { EvaluationError, evaluate } from '../evaluate.js'
import { Unknown } from '../unknown.js'
import { type ArgumentType, parseArgumentType } from './argument-type.js'
import { AttributeBinding, type Binding, BlockBinding, ConstantBinding } from './binding.js'
import type { Frame } from './frame.js'

/** An `argument` block. */
export interface Parameter {
  readonly block: ast.Block
  readonly required: boolean
  readonly type: ArgumentType
  /** The comment that it is declared with, or what stands for one. */
  readonly about: string
  readonly otherwise: ast.Attribute | undefined
}

/** What a declare block takes and gives. Of blocks of one name the first counts. */
export interface Signature {
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly exports: ReadonlyMap<string, ast.Block>
  /** For the body of an instance. */
  readonly schema: Schema
}

const ANY: ArgumentType = { shape: { kind: 'any' }, repeated: false }

export function signatureOf(declare: ast.Block, environment: Environment): Signature {
  const parameters = new Map<string, Parameter>()
  const exports = new Map<string, ast.Block>()
  for (const statement of declare.body) {
    if (statement.kind === 'attribute' || !statement.label) continue
    const name = statement.label.text
    if (statement.name === 'export' && !exports.has(name)) exports.set(name, statement)
    if (statement.name === 'argument' && !parameters.has(name)) {
      parameters.set(name, parameterOf(statement, environment))
    }
  }
  const fields: Record<string, Field> = {}
  for (const [name, parameter] of parameters) fields[name] = fieldOf(parameter)
  return { parameters, exports, schema: { fields, check: undefined } }
}

function parameterOf(block: ast.Block, environment: Environment): Parameter {
  const attribute = (name: string) =>
    block.body.find(
      (one): one is ast.Attribute => one.kind === 'attribute' && one.name.text === name,
    )
  const read = (name: string) => {
    const found = attribute(name)
    const scope = { components: { lookup: () => undefined }, environment, lenient: true }
    try {
      return found && evaluate(found.value, scope)
    } catch (error) {
      // It is reported where the block is checked.
      if (!(error instanceof EvaluationError)) throw error
      return undefined
    }
  }
  const optional = read('optional')
  const written = read('type')
  const comment = read('comment')
  return {
    block,
    required: optional === undefined || optional === false || optional === null,
    type: (typeof written === 'string' && parseArgumentType(written)) || ANY,
    about: typeof comment === 'string' && comment ? comment : 'An argument of a module.',
    otherwise: attribute('default'),
  }
}

function fieldOf({ required, type, about }: Parameter): AttributeField | BlockField {
  const { shape, repeated } = type
  if (!shape) {
    const schema: Schema = { fields: {}, check: undefined, entries: anyType.any.shape }
    return { form: 'block', schema, required, repeated, absent: 'undefined', about }
  }
  return {
    form: 'attribute',
    type: shape,
    required,
    default: undefined,
    defaultText: undefined,
    about,
    deprecated: undefined,
  }
}

/** What an argument of an instance is: as written in the block of the instance, or its default. */
export function argumentBinding(
  id: string,
  name: string,
  { type: { shape, repeated }, required, otherwise: written }: Parameter,
  { body }: ast.Block,
  frame: Frame,
  inner: Frame,
): Binding {
  const otherwise = written
    ? new AttributeBinding(id, written, inner, shape)
    : // That a required one is missing is reported.
      new ConstantBinding(id, required ? new Unknown() : null)
  if (shape) {
    const attribute = body.find((one) => one.kind === 'attribute' && one.name.text === name)
    if (attribute?.kind !== 'attribute') return otherwise
    return new AttributeBinding(id, attribute, frame, shape, required ? undefined : otherwise)
  }
  const blocks = body.filter((one) => one.kind === 'block').filter((one) => one.name === name)
  if (blocks.length === 0 && !repeated) return otherwise
  return new BlockBinding(id, blocks, repeated, frame)
}
