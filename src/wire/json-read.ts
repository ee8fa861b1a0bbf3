/**
 * OTLP/JSON to protobuf by the message tables (opentelemetry-proto docs/specification.md, "JSON
 * Protobuf Encoding"): keys in lowerCamelCase, unknown ones passed over; null is the default;
 * 64-bit integers as numbers or decimal strings; ids in hex of any case; other bytes in base64 of
 * both alphabets; enums as numbers and, as many write them by hand, as names; doubles also as
 * "NaN", "Infinity" and "-Infinity". A lone surrogate becomes U+FFFD.
 */
import { encodeMessage, type Fields } from './codec.js'
import type { ScalarType } from './fields.js'
import { isObject, parseJsonObject } from './json-text.js'
import { MalformedData } from './malformed.js'
import { ENUMS, type EnumName, type FieldTable, MESSAGES, type MessageName } from './messages.js'
import { isEnum, isMessage, type OtlpSignal, REQUEST } from './schema.js'

/** A request's protobuf bytes, to be given to `receiveBatch`. Throws MalformedData. */
export function jsonToRequest(signal: OtlpSignal, body: Uint8Array | string): Uint8Array {
  return jsonToMessage(REQUEST[signal], parseJsonObject(body))
}

/** A message from a tree that JSON was parsed to. */
export function jsonToMessage(message: MessageName, tree: object): Uint8Array {
  return encodeMessage(message, new TreeReader().message(message, tree))
}

const fieldsByName = new Map(
  Object.entries(MESSAGES).map(([message, table]) => [message, new Map(Object.entries(table))]),
)

/** Checks a tree, and makes of it the fields that the codec takes. */
class TreeReader {
  /** To the value under way, for messages. */
  readonly #path: (string | number)[] = []

  message(message: MessageName, tree: object): Fields {
    const table = fieldsByName.get(message)!
    const fields: Record<string, unknown> = {}
    let member: string | undefined
    for (const key of Object.keys(tree)) {
      const field = table.get(key)
      if (!field) continue
      const value = (tree as Record<string, unknown>)[key]
      if (value === null) continue
      this.#path.push(key)
      fields[key] = field.repeated ? this.#list(field, value) : this.#value(field, value)
      this.#path.pop()
      if (field.oneof === undefined) continue
      // Of a oneof the last counts. No message of OTLP has two of them.
      if (member !== undefined) delete fields[member]
      member = key
    }
    return fields
  }

  #list(field: FieldTable, list: unknown): unknown[] {
    if (!Array.isArray(list)) this.#fail('must be a list')
    return list.map((value, index) => {
      this.#path.push(index)
      const read = this.#value(field, value)
      this.#path.pop()
      return read
    })
  }

  #value({ type, idLength }: FieldTable, value: unknown): unknown {
    if (isMessage(type)) {
      if (!isObject(value)) this.#fail('must be an object')
      return this.message(type, value)
    }
    if (isEnum(type)) return this.#enum(type, value)
    switch (type) {
      case 'string':
        return this.#string(value)
      case 'bytes':
        return idLength === undefined ? this.#bytes(value) : this.#id(idLength, value)
      case 'bool':
        if (typeof value !== 'boolean') this.#fail('must be true or false')
        return value
      case 'double':
        return this.#double(value)
      default:
        return this.#integer(RANGES[type], value)
    }
  }

  #string(value: unknown): string {
    if (typeof value !== 'string') this.#fail('must be a string')
    return value.replace(LONE_SURROGATES, '\ufffd')
  }

  #integer([min, max]: Range, value: unknown): Integer {
    const exact =
      typeof value === 'number' || typeof value === 'string' ? exactInteger(value) : undefined
    if (exact === undefined) this.#fail('must be a whole number')
    if (exact < min || exact > max) this.#fail(`must be from ${min} to ${max}`)
    return typeof exact === 'number' ? exact : bitsOf(exact)
  }

  #enum(type: EnumName, value: unknown): Integer {
    const named = typeof value === 'string' ? ENUMS[type].indexOf(value) : -1
    return named >= 0 ? named : this.#integer(RANGES.int32, value)
  }

  #double(value: unknown): number {
    if (typeof value === 'string' && SPECIAL_DOUBLES.has(value)) return Number(value)
    const isText = typeof value === 'string' && NUMBER.test(value)
    if (typeof value !== 'number' && !isText) this.#fail('must be a number')
    const double = Number(value)
    if (!Number.isFinite(double)) this.#fail('is beyond what a double holds')
    return double
  }

  #bytes(value: unknown): Uint8Array {
    if (typeof value !== 'string') this.#fail('must be a string')
    if (!isBase64(value)) this.#fail('must be base64')
    return Buffer.from(value, 'base64')
  }

  #id(length: number, value: unknown): Uint8Array {
    if (typeof value !== 'string') this.#fail('must be a string')
    const fits = value.length === 0 || value.length === 2 * length
    if (!fits || !HEX.test(value)) this.#fail(`must be ${2 * length} hex digits or none`)
    return Buffer.from(value, 'hex')
  }

  #fail(reason: string): never {
    const path = this.#path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    throw new MalformedData(`${path.join('').slice(1)} ${reason}`)
  }
}

/** A 64-bit integer as protobufjs takes it: a number where that is exact. */
type Integer = number | { readonly low: number; readonly high: number }
type Range = readonly [min: bigint, max: bigint]

const INT32: Range = [-(2n ** 31n), 2n ** 31n - 1n]
const UINT32: Range = [0n, 2n ** 32n - 1n]
const INT64: Range = [-(2n ** 63n), 2n ** 63n - 1n]
const UINT64: Range = [0n, 2n ** 64n - 1n]
const RANGES = {
  int32: INT32,
  sint32: INT32,
  uint32: UINT32,
  fixed32: UINT32,
  int64: INT64,
  sint64: INT64,
  sfixed64: INT64,
  uint64: UINT64,
  fixed64: UINT64,
} as const satisfies Partial<Record<ScalarType, Range>>

const LONE_SURROGATES = /\p{Surrogate}/gu
const SPECIAL_DOUBLES = new Set(['NaN', 'Infinity', '-Infinity'])
const HEX = /^[0-9a-fA-F]*$/
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/
/** Bounded, for what is far out of range need not be worked out. */
const NUMBER_PARTS = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/

/** All digits of a whole number, however it is written: 1e3, 1.0, "12". */
function exactInteger(value: number | string): number | bigint | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  const parts = NUMBER_PARTS.exec(String(value))
  if (!parts) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts
  const digits = whole + fraction
  const shift = Number(exponent) - fraction.length
  const end = digits.length + Math.min(shift, 0)
  if (/[1-9]/.test(digits.slice(Math.max(end, 0)))) return undefined
  const head = BigInt(digits.slice(0, Math.max(end, 0)) || '0')
  const size = head * 10n ** BigInt(Math.max(shift, 0))
  const int = sign === '-' ? -size : size
  return Number.isSafeInteger(Number(int)) ? Number(int) : int
}

function bitsOf(int: bigint): Integer {
  return {
    low: Number(BigInt.asIntN(32, int)),
    high: Number(BigInt.asIntN(32, int >> 32n)),
  }
}

/** The standard and the URL alphabet, with padding or without. */
function isBase64(text: string): boolean {
  const padded = text.endsWith('=')
  return (
    /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) &&
    (padded ? text.length % 4 === 0 : text.length % 4 !== 1)
  )
}
