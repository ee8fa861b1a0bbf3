import { CONSUMER_CAPSULES, Secret, type TypeShape, type Value } from '#sdk'
import { decodeValue, type Misfit } from '../decode-value.js'
import { Unknown } from '../unknown.js'

/** What the `type` of an argument asks for. */
export interface ArgumentType {
  /** Undefined for blocks. */
  readonly shape: TypeShape | undefined
  /** Of blocks: whether there may be several. */
  readonly repeated: boolean
}

const NO_LIMITS = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY }
const WHOLE = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }
const NOT_NEGATIVE = { min: 0, max: Number.MAX_SAFE_INTEGER }

const SHAPES: ReadonlyMap<string, TypeShape> = new Map<string, TypeShape>([
  ['any', { kind: 'any' }],
  ['string', { kind: 'string' }],
  ['bool', { kind: 'boolean' }],
  ['number', { kind: 'number', ...NO_LIMITS }],
  ['int', { kind: 'integer', ...WHOLE }],
  ['duration', { kind: 'duration', ...NOT_NEGATIVE }],
  ['size', { kind: 'size', ...NOT_NEGATIVE }],
  ['secret', { kind: 'secret' }],
  ['list', { kind: 'list', item: { kind: 'any' } }],
  ['map', { kind: 'map', item: { kind: 'any' } }],
  ['relabel.Rules', { kind: 'relabel-rules' }],
  ...Object.entries(CONSUMER_CAPSULES).map(([name, { signals }]): [string, TypeShape] => [
    name,
    { kind: 'consumer', signal: signals[0] },
  ]),
])

const WITH_ITEM = /^(list|map)\((.*)\)$/

/** Undefined where the text names no type. */
export function parseArgumentType(text: string): ArgumentType | undefined {
  if (text === 'block') return { shape: undefined, repeated: false }
  if (text === 'list(block)') return { shape: undefined, repeated: true }
  const shape = parseShape(text)
  return shape && { shape, repeated: false }
}

function parseShape(text: string): TypeShape | undefined {
  const named = SHAPES.get(text.trim())
  if (named) return named
  const [, kind, inner] = WITH_ITEM.exec(text.trim()) ?? []
  const item = inner === undefined ? undefined : parseShape(inner)
  return item && { kind: kind as 'list' | 'map', item }
}

/**
 * A value as the module sees it: as it was given, but texts for a secret become one. The misfit is
 * the first thing in it that does not fit.
 */
export function takeArgument(
  value: Value,
  shape: TypeShape | undefined,
): { readonly value: Value; readonly misfit: Misfit | undefined } {
  if (!shape || shape.kind === 'any' || value === null) return { value, misfit: undefined }
  const { value: decoded, misfits } = decodeValue(value, shape)
  const isSecret = decoded instanceof Secret && !(value instanceof Unknown)
  return { value: isSecret ? decoded : value, misfit: misfits[0] }
}
