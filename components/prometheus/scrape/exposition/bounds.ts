/** Bounds of buckets and quantiles where they are labels: `le` and `quantile`. */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const INFINITE = /^([+-]?)inf(inity)?$/i

/** Undefined where the text is no number; NaN where it says so. */
export function parseBound(text: string): number | undefined {
  if (NUMBER.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? value : undefined
  }
  const sign = INFINITE.exec(text)?.[1]
  if (sign !== undefined) return sign === '-' ? -Infinity : Infinity
  return /^nan$/i.test(text) ? Number.NaN : undefined
}

/**
 * As OpenMetrics writes it: always with a point or an exponent, the exponent from 10^6 on and below
 * 10^-4, of two digits at least.
 */
export function formatBound(value: number): string {
  if (value === Infinity) return '+Inf'
  if (!Number.isFinite(value)) return String(value).replace('Infinity', 'Inf')
  if (value === 0) return '0.0'
  const [digits, power] = value.toExponential().split('e') as [string, string]
  const exponent = Number(power)
  if (exponent >= -4 && exponent < 6) {
    const text = String(value)
    return text.includes('.') ? text : `${text}.0`
  }
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `${digits}e${exponent < 0 ? '-' : '+'}${size}`
}

/** Targets have few bounds, again and again. */
const REMEMBERED_MAX = 256

/** Bounds as OpenMetrics writes them, from however a target writes them. */
export class NormalBounds {
  readonly #known = new Map<string, string>()

  /** What is no number stays as it is. */
  of(text: string): string {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const value = parseBound(text)
    const normal = value === undefined ? text : formatBound(value)
    if (this.#known.size === REMEMBERED_MAX) this.#known.clear()
    this.#known.set(text, normal)
    return normal
  }
}
