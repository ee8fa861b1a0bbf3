/**
 * Numbers of the three kinds: how they are read, written and turned into each other, as Go does it.
 */
import { Uint64 } from '#sdk'

export type NumberValue = number | bigint | Uint64

const INT64_MAX = 2n ** 63n - 1n
const INT64_MIN = -(2n ** 63n)
const UINT64_MAX = 2n ** 64n - 1n

/**
 * What a number in a config stands for: digits with a leading 0 are octal unless an 8 or a 9 is
 * among them; whole numbers are an int64, above it a `Uint64`, above that a float. Undefined past a
 * float's range.
 */
export function parseNumberLiteral(text: string): NumberValue | undefined {
  if (/^\d+$/.test(text)) {
    const octal = /^0[0-7]+$/.test(text)
    const whole = octal || !/^0\d/.test(text) ? wholeNumber(text, octal) : undefined
    if (whole !== undefined) return whole
  }
  const float = Number(text)
  return Number.isFinite(float) ? float : undefined
}

/** An int64, or a `Uint64` above its range; undefined where neither holds it. */
function wholeNumber(digits: string, octal: boolean): bigint | Uint64 | undefined {
  const whole = BigInt(octal ? `0o${digits}` : digits)
  if (whole <= INT64_MAX) return whole
  return whole <= UINT64_MAX ? new Uint64(whole) : undefined
}

/** What a string gives where a number is needed: decimal only. Undefined when it is none. */
export function numberOfText(text: string): NumberValue | undefined {
  if (text.startsWith('-')) return signedOfText(text)
  if (/[.eE]/.test(text)) return floatOfText(text)
  if (!/^\d+$/.test(text)) return undefined
  const whole = BigInt(text)
  return whole <= UINT64_MAX ? new Uint64(whole) : undefined
}

/** Behind a minus sign only whole numbers are read. */
function signedOfText(text: string): bigint | undefined {
  if (!/^-\d+$/.test(text)) return undefined
  const whole = BigInt(text)
  return whole >= INT64_MIN ? whole : undefined
}

function floatOfText(text: string): number | undefined {
  if (!/^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined
  const float = Number(text)
  return Number.isFinite(float) ? float : undefined
}

/** Decimal, without an exponent however long that makes it: what a number gives as a string. */
export function textOfNumber(value: NumberValue): string {
  if (value instanceof Uint64) return String(value.value)
  if (typeof value === 'bigint') return String(value)
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  return withoutExponent(String(value))
}

function withoutExponent(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (!match) return text
  const [, sign = '', whole = '', fraction = '', exponent = ''] = match
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return sign + digits.padEnd(point, '0')
}

export function toFloat(value: NumberValue): number {
  if (value instanceof Uint64) return Number(value.value)
  return Number(value)
}

/** Truncates; floats that no int64 holds, and NaN, give the lowest int64. */
export function toInt64(value: NumberValue): bigint {
  if (value instanceof Uint64) return BigInt.asIntN(64, value.value)
  if (typeof value === 'bigint') return value
  const inRange = value >= -(2 ** 63) && value < 2 ** 63
  return inRange ? BigInt(Math.trunc(value)) : INT64_MIN
}

export function toUint64(value: bigint | Uint64): bigint {
  return value instanceof Uint64 ? value.value : BigInt.asUintN(64, value)
}
