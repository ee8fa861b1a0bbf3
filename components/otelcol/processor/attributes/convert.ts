import type { AttributeValue, ValueView } from '#pdata'

export const CONVERTED_TYPES = ['int', 'double', 'string'] as const
export type ConvertedType = (typeof CONVERTED_TYPES)[number]

/**
 * The value in another type; undefined where it has that type or can not be converted, so that it
 * stays.
 */
export function convertedValue(value: ValueView, type: ConvertedType): AttributeValue | undefined {
  switch (type) {
    case 'string':
      return value.kind === 'string' ? undefined : value.toText()
    case 'int':
      return toInt(value)
    case 'double':
      return toDouble(value)
  }
}

function toInt(value: ValueView): bigint | undefined {
  switch (value.kind) {
    case 'bool':
      return value.bool ? 1n : 0n
    case 'double':
      return Number.isFinite(value.double) ? int64(BigInt(Math.trunc(value.double))) : undefined
    case 'string':
      return INTEGER.test(value.string) ? int64(BigInt(value.string.replace(/^\+/, ''))) : undefined
    case 'int':
    case 'empty':
    case 'array':
    case 'map':
    case 'bytes':
      return undefined
  }
}

function toDouble(value: ValueView): number | undefined {
  switch (value.kind) {
    case 'bool':
      return value.bool ? 1 : 0
    case 'int':
      return Number(value.int)
    case 'string':
      return parseDouble(value.string)
    case 'double':
    case 'empty':
    case 'array':
    case 'map':
    case 'bytes':
      return undefined
  }
}

const INTEGER = /^[+-]?\d{1,40}$/
const DOUBLE = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const INFINITE = /^([+-]?)inf(inity)?$/i

function int64(value: bigint): bigint | undefined {
  return BigInt.asIntN(64, value) === value ? value : undefined
}

/** What Go's ParseFloat takes, hexadecimal aside. */
function parseDouble(text: string): number | undefined {
  if (/^nan$/i.test(text)) return Number.NaN
  const infinite = INFINITE.exec(text)
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (!DOUBLE.test(text)) return undefined
  const double = Number(text)
  return Number.isFinite(double) ? double : undefined
}
