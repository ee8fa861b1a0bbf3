/** The operator `^` on whole numbers and on floats. */

/** Alloy multiplies in a loop: from here on it would take seconds, and soon centuries. */
export const EXPONENT_MAX = 2n ** 32n

/**
 * Modulo 2^64; undefined when the exponent is above `EXPONENT_MAX` and the base neither 0 nor 1. A
 * negative exponent gives the base back, as Alloy has it.
 */
export function wholePower(base: bigint, exponent: bigint): bigint | undefined {
  if (exponent === 0n || base === 1n) return 1n
  if (exponent < 0n || base === 0n) return base
  if (exponent > EXPONENT_MAX) return undefined
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asUintN(64, result * square)
    square = BigInt.asUintN(64, square * square)
  }
  return result
}

/**
 * As Go computes it, so that the last digits are Alloy's: the whole part of the exponent by
 * repeated squaring, its fraction (-0.5 up to 0.5) by logarithm. `**` gives other digits.
 */
export function floatPower(base: number, exponent: number): number {
  // C's pow, unlike JavaScript's, gives 1 for these whatever the exponent.
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1
  const usual = base ** exponent
  if (usual === 0 || !Number.isFinite(usual) || !Number.isFinite(exponent)) return usual
  if (exponent === 0.5) return Math.sqrt(base)
  if (exponent === -0.5) return 1 / Math.sqrt(base)
  const size = Math.abs(exponent)
  const below = Math.floor(size)
  const whole = size - below > 0.5 ? below + 1 : below
  // Above this a base other than 1 that does not overflow is within rounding of 1.
  if (whole > Number.MAX_SAFE_INTEGER) return usual
  const fraction = size - whole
  const start = fraction === 0 ? 1 : Math.exp(fraction * Math.log(base))
  const result = timesPower(start, split(base), whole)
  return exponent < 0
    ? join({ mantissa: 1 / result.mantissa, exponent: -result.exponent })
    : join(result)
}

/** mantissa * 2^exponent, so that squares of squares do not overflow. */
interface Split {
  readonly mantissa: number
  readonly exponent: number
}

function timesPower(start: number, base: Split, times: number): Split {
  let { mantissa, exponent } = base
  let result: Split = { mantissa: start, exponent: 0 }
  for (let rest = times; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) {
      result = {
        mantissa: result.mantissa * mantissa,
        exponent: result.exponent + exponent,
      }
    }
    const square = split(mantissa * mantissa)
    mantissa = square.mantissa
    exponent = 2 * exponent + square.exponent
  }
  return result
}

/** With a mantissa from 0.5 up to 1. */
function split(value: number): Split {
  let exponent = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1
  let mantissa = scaled(value, -exponent)
  // A logarithm is off by one next to powers of two.
  if (Math.abs(mantissa) >= 1) {
    mantissa /= 2
    exponent++
  }
  return { mantissa, exponent }
}

function join({ mantissa, exponent }: Split): number {
  return scaled(mantissa, exponent)
}

/** value * 2^exponent in two steps: the power alone may be out of range. */
function scaled(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2)
  return value * 2 ** half * 2 ** (exponent - half)
}
