/**
 * Floats in Go's spellings: `%e %f %g %b %x`, with a precision or as short as reads back the same.
 */

export type FloatVerb = 'e' | 'E' | 'f' | 'g' | 'G' | 'b' | 'x' | 'X'

/**
 * Decimal digits without leading or trailing zeros; the point stands after the first `point` of
 * them.
 */
interface Decimal {
  readonly digits: string
  readonly point: number
}

/**
 * Without a sign: the value is zero or more, and finite. `precision` undefined: as short as it
 * gets.
 */
export function formatFloat(value: number, verb: FloatVerb, precision?: number): string {
  switch (verb) {
    case 'b':
      return binary(value)
    case 'x':
      return hexadecimal(value, precision)
    case 'X':
      return hexadecimal(value, precision).toUpperCase()
    case 'E':
    case 'G':
      return formatFloat(value, verb === 'E' ? 'e' : 'g', precision).toUpperCase()
    case 'e':
    case 'f':
    case 'g':
      return decimal(value, verb, precision)
  }
}

function decimal(value: number, verb: 'e' | 'f' | 'g', precision: number | undefined): string {
  if (precision === undefined) {
    const shortest = shortestDecimal(value)
    const { digits, point } = shortest
    if (verb === 'f') return fixed(shortest, Math.max(digits.length - point, 0))
    return verb === 'e'
      ? scientific(shortest, Math.max(digits.length - 1, 0))
      : general(shortest, digits.length, 6)
  }
  const exact = exactDecimal(value)
  if (verb === 'f') return fixed(rounded(exact, exact.point + precision), precision)
  if (verb === 'e') return scientific(rounded(exact, precision + 1), precision)
  const significant = Math.max(precision, 1)
  const kept = rounded(exact, significant)
  const { digits, point } = kept
  const whole = significant > digits.length && digits.length >= point
  return general(kept, significant, whole ? digits.length : significant)
}

/** Scientific when the exponent is below -4, or `exponentLimit` and above. */
function general(value: Decimal, precision: number, exponentLimit: number): string {
  const { digits, point } = value
  const exponent = point - 1
  if (exponent < -4 || exponent >= exponentLimit) {
    return scientific(value, Math.max(Math.min(precision, digits.length) - 1, 0))
  }
  return fixed(value, Math.max(digits.length - point, 0))
}

function fixed({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(-point) + digits
  return precision > 0 ? `${whole}.${fraction.padEnd(precision, '0').slice(0, precision)}` : whole
}

function scientific({ digits, point }: Decimal, precision: number): string {
  const exponent = digits === '' ? 0 : point - 1
  const fraction = precision > 0 ? `.${digits.slice(1).padEnd(precision, '0')}` : ''
  return `${digits[0] ?? '0'}${fraction}e${signed(exponent)}`
}

/** An exponent has a sign and two digits at least. */
function signed(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function shortestDecimal(value: number): Decimal {
  const [mantissa = '', exponent] = value.toExponential().split('e')
  return trimmed(mantissa.replace('.', ''), Number(exponent) + 1)
}

/** All digits: a float is a whole number times a power of two, so they end. */
function exactDecimal(value: number): Decimal {
  const { mantissa, exponent } = binaryParts(value)
  if (exponent >= 0) {
    const digits = String(mantissa << BigInt(exponent))
    return trimmed(digits, digits.length)
  }
  // mantissa / 2^n = mantissa * 5^n / 10^n
  const digits = String(mantissa * 5n ** BigInt(-exponent))
  return trimmed(digits, digits.length + exponent)
}

function trimmed(digits: string, point: number): Decimal {
  const leading = /^0*/.exec(digits)![0].length
  const kept = digits.slice(leading).replace(/0+$/, '')
  return kept === '' ? { digits: '', point: 0 } : { digits: kept, point: point - leading }
}

/** The nearest with `count` digits; of two equally near ones the even one. */
function rounded(value: Decimal, count: number): Decimal {
  const { digits, point } = value
  if (count >= digits.length) return value
  if (count < 0) return { digits: '', point: 0 }
  const rest = digits.slice(count)
  const even = count === 0 || Number(digits[count - 1]) % 2 === 0
  const up = rest > '5' || (rest === '5' && !even)
  const kept = `0${digits.slice(0, count)}`
  const whole = up ? String(BigInt(kept) + 1n).padStart(count + 1, '0') : kept
  return trimmed(whole, point + 1)
}

/** value = mantissa * 2^exponent, with a mantissa of 53 bits (fewer for the smallest values). */
function binaryParts(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & ((1n << 52n) - 1n)
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 }
}

function binary(value: number): string {
  const { mantissa, exponent } = binaryParts(value)
  return `${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`
}

function hexadecimal(value: number, precision: number | undefined): string {
  const parts = binaryParts(value)
  let { mantissa, exponent } = parts
  if (mantissa === 0n) return `0x0${precision ? `.${'0'.repeat(precision)}` : ''}p+00`
  const length = mantissa.toString(2).length
  // One bit, then 15 hexadecimal digits: more than a mantissa has.
  mantissa <<= BigInt(61 - length)
  exponent += length - 1
  if (precision !== undefined && precision < 15) {
    const dropped = BigInt(4 * (15 - precision))
    const [kept, rest, half] = [
      mantissa >> dropped,
      mantissa % (1n << dropped),
      1n << (dropped - 1n),
    ]
    const up = rest > half || (rest === half && kept % 2n === 1n)
    mantissa = (up ? kept + 1n : kept) << dropped
    if (mantissa >> 61n) {
      mantissa >>= 1n
      exponent += 1
    }
  }
  const digits = mantissa.toString(16)
  const fraction = digits.slice(1)
  const shown =
    precision === undefined
      ? fraction.replace(/0+$/, '')
      : fraction.slice(0, precision).padEnd(precision, '0')
  return `0x${digits[0]}${shown && `.${shown}`}p${signed(exponent)}`
}
