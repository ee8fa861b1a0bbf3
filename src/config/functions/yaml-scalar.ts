import { Uint64, type Value } from '#sdk'

/** The words that are no strings. Those of YAML 1.1 such as `yes` and `on` are strings. */
const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF'].flatMap((word) => [
    [word, Number.POSITIVE_INFINITY] as const,
    [`+${word}`, Number.POSITIVE_INFINITY] as const,
    [`-${word}`, Number.NEGATIVE_INFINITY] as const,
  ]),
])

const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i

/**
 * The value of a scalar without quotes: null, a bool, a number (octal as `017` too), a time or a
 * string.
 */
export function resolvePlain(text: string): Value {
  const word = WORDS.get(text)
  if (word !== undefined) return word
  if (!/^[-+.\d]/.test(text)) return text
  const time = timeText(text)
  if (time !== undefined) return time
  const digits = text[0] === '.' ? text : text.replaceAll('_', '')
  const whole = wholeNumber(digits)
  if (whole !== undefined) return whole
  const float = FLOAT.test(digits) ? Number(digits) : Number.NaN
  return Number.isFinite(float) ? float : text
}

function wholeNumber(text: string): Value | undefined {
  const match = /^([-+]?)(0b[01]+|0o?[0-7]+|0x[\da-f]+|0|[1-9]\d*)$/i.exec(text)
  if (!match) return undefined
  const [, sign, digits = ''] = match
  const size = BigInt(/^0[0-7]/.test(digits) ? `0o${digits}` : digits.toLowerCase())
  if (sign === '-') return size <= 1n << 63n ? -size : undefined
  if (size < 1n << 63n) return size
  return size < 1n << 64n && sign === '' ? new Uint64(size) : undefined
}

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ](.+))?$/
const CLOCK = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[-+]\d\d:\d\d)?$/

/** A date or time, as RFC 3339 writes it: Alloy turns times into such strings. */
function timeText(text: string): string | undefined {
  const [, year, month, day, time] = DATE.exec(text) ?? []
  const [, hour, minute, second, fraction = '', zone] = CLOCK.exec(time ?? '0:0:0') ?? []
  if (year === undefined || hour === undefined || !isDate(+year, +month!, +day!)) return undefined
  if (+hour > 23 || +minute! > 59 || +second! > 59) return undefined
  // A zone is written after a "T", and only there.
  if (time !== undefined && /[Tt]/.test(text) !== (zone !== undefined)) return undefined
  const date = [year, two(month!), two(day!)].join('-')
  const clock = [hour, minute!, second!].map(two).join(':')
  const nanoseconds = fraction.slice(0, 10).replace(/\.?0*$/, '')
  return `${date}T${clock}${nanoseconds}${zone?.replace(/^[-+]00:00$/, 'Z') ?? 'Z'}`
}

function two(digits: string): string {
  return digits.padStart(2, '0')
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day))
  date.setUTCFullYear(year, month - 1, day)
  return month >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
