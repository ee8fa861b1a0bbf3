/** Durations and sizes as configs write them: Go's `time.ParseDuration`, and bytes with a unit. */

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3, // U+00B5, micro sign
  μs: 1e-3, // U+03BC, Greek mu
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** Go's int64 nanoseconds end here, about 292 years. */
const DURATION_MAX_MS = 2 ** 63 / 1e6

const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y

/** Milliseconds of a Go duration such as "1h15m30.5s" or "-250ms"; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const start = text.startsWith('-') || text.startsWith('+') ? 1 : 0
  if (start === text.length) return undefined
  if (text.length === start + 1 && text.endsWith('0')) return 0
  let total = 0
  for (let end = start; end < text.length; end = PART.lastIndex) {
    PART.lastIndex = end
    const part = PART.exec(text)
    if (!part) return undefined
    total += Number(part[1]) * UNIT_MS[part[2]!]!
  }
  if (total > DURATION_MAX_MS) return undefined
  return text.startsWith('-') ? -total : total
}

/** The shortest of Go's spellings: 90000 is "1m30s", 0.5 is "500µs", 0 is "0s". */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s'
  if (ms < 0) return `-${formatDuration(-ms)}`
  if (ms < 1e-3) return `${trim(ms * 1e6)}ns`
  if (ms < 1) return `${trim(ms * 1e3)}µs`
  if (ms < 1000) return `${trim(ms)}ms`
  const hours = Math.floor(ms / 3_600_000)
  const minutes = Math.floor((ms % 3_600_000) / 60_000)
  const seconds = (ms % 60_000) / 1000
  return [
    hours ? `${hours}h` : '',
    minutes ? `${minutes}m` : '',
    seconds || !(hours || minutes) ? `${trim(seconds)}s` : '',
  ].join('')
}

function trim(value: number): string {
  return String(Number(value.toFixed(9)))
}

/** Powers of 1024 for both spellings: Alloy reads "4MB" as 4 MiB too. */
const UNIT_POWER: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4, p: 5 }

/** Bytes of a size such as "4MiB", "512 kB" or "1048576"; undefined when it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+\.?\d*|\.\d+)\s*([kmgtp]?)(?:i?b)?$/i.exec(text.trim())
  if (!match) return undefined
  const bytes = Math.floor(Number(match[1]) * 1024 ** UNIT_POWER[match[2]!.toLowerCase()]!)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** The largest binary unit that divides evenly: 4194304 is "4MiB", 1000 is "1000B". */
export function formatSize(bytes: number): string {
  for (const [unit, size] of [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
  ] as const) {
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`
  }
  return `${bytes}B`
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** To two digits at least, for people to read: 5368739400 is "5.0 GiB", 1000 is "1000 B". */
export function roundSize(bytes: number): string {
  let value = bytes
  let unit = 0
  for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`
}
