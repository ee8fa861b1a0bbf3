/** Powers of ten that a double holds exactly. */
const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`))
const EXACT_POWER_MAX = EXACT_POWERS.length - 1

const [PLUS, MINUS, POINT, LOWER, ZERO] = [0x2b, 0x2d, 0x2e, 0x20, 0x30]
const [E, I, N] = [0x65, 0x69, 0x6e]

/**
 * Reads numbers as Go's `strconv.ParseFloat` does, without its hexadecimal form and underscores:
 * decimal digits with an optional point and exponent, `Inf`, `Infinity` and `NaN` in any case. The
 * result is the nearest double, always.
 */
export class NumberReader {
  /** Where the number ended; -1 where there was none. */
  end = 0
  /** Digits that say more than a double holds. */
  isTooLarge = false

  /** The longest number that begins at `pos`; some byte behind it must belong to no number. */
  read(bytes: Buffer, pos: number): number {
    this.isTooLarge = false
    const start = pos
    let byte = bytes[pos]!
    const isNegative = byte === MINUS
    if (isNegative || byte === PLUS) byte = bytes[++pos]!
    let digits = 0
    let mantissa = 0
    let digit = byte - ZERO
    for (; digit >= 0 && digit <= 9; digits++) {
      mantissa = mantissa * 10 + digit
      digit = bytes[++pos]! - ZERO
    }
    let exponent = 0
    if (digit === POINT - ZERO) {
      const first = ++pos
      digit = bytes[pos]! - ZERO
      while (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit
        digit = bytes[++pos]! - ZERO
      }
      exponent = first - pos
      digits -= exponent
    }
    if (digits === 0) return this.#word(bytes, start)
    if ((bytes[pos]! | LOWER) === E) {
      const written = this.#exponent(bytes, pos + 1)
      if (this.end > 0) {
        exponent += written
        pos = this.end
      }
    }
    this.end = pos
    // An integer below 2^53 was summed up without rounding, and one operation rounds once.
    if (mantissa <= Number.MAX_SAFE_INTEGER && exponent >= -EXACT_POWER_MAX) {
      if (exponent === 0) return isNegative ? -mantissa : mantissa
      if (exponent <= EXACT_POWER_MAX) {
        const power = EXACT_POWERS[Math.abs(exponent)]!
        const value = exponent < 0 ? mantissa / power : mantissa * power
        return isNegative ? -value : value
      }
    }
    return this.#text(bytes, start, pos)
  }

  /** Leaves `end` at -1 where no digit follows: the number then ended before its "e". */
  #exponent(bytes: Buffer, pos: number): number {
    let byte = bytes[pos]!
    const isNegative = byte === MINUS
    if (isNegative || byte === PLUS) byte = bytes[++pos]!
    const first = pos
    let exponent = 0
    for (let digit = byte - ZERO; digit >= 0 && digit <= 9; digit = bytes[++pos]! - ZERO) {
      if (exponent < 100_000) exponent = exponent * 10 + digit
    }
    this.end = pos === first ? -1 : pos
    return isNegative ? -exponent : exponent
  }

  /** What one step cannot round right. */
  #text(bytes: Buffer, start: number, end: number): number {
    const value = Number(bytes.toString('latin1', start, end))
    this.isTooLarge = !Number.isFinite(value)
    return value
  }

  #word(bytes: Buffer, start: number): number {
    const first = bytes[start]!
    const hasSign = first === PLUS || first === MINUS
    const pos = hasSign ? start + 1 : start
    const letter = bytes[pos]! | LOWER
    const word = bytes.toString('latin1', pos, pos + 8).toLowerCase()
    if (letter === I && word.startsWith('inf')) {
      this.end = pos + (word === 'infinity' ? 8 : 3)
      return first === MINUS ? -Infinity : Infinity
    }
    this.end = letter === N && !hasSign && word.startsWith('nan') ? pos + 3 : -1
    return Number.NaN
  }
}
