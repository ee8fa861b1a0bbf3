/** Figures as people read them. */

/** "1,234", "12.3 k", "4.5 M". */
export function count(value: number): string {
  if (value < 10_000) return Math.round(value).toLocaleString('en-US')
  return scaled(value, 1000, ['', ' k', ' M', ' G', ' T'])
}

/** Items a second. */
export function perSecond(value: number): string {
  if (value === 0) return '0/s'
  if (value < 10) return `${value < 0.1 ? '<0.1' : value.toFixed(1).replace(/\.0$/, '')}/s`
  return `${count(value)}/s`
}

export function bytes(value: number): string {
  return scaled(value, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB'])
}

/** The two largest units would be too exact: "3 s", "4 min", "2 h", "5 d". */
export function age(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  if (ms < 2 * 3_600_000) return `${Math.round(ms / 60_000)} min`
  return ms < 48 * 3_600_000
    ? `${Math.round(ms / 3_600_000)} h`
    : `${Math.round(ms / 86_400_000)} d`
}

/** A duration of a span, from nanoseconds. */
export function nanoseconds(ns: number): string {
  if (ns < 1000) return `${ns} ns`
  if (ns < 1e6) return `${(ns / 1e3).toFixed(1)} µs`
  return ns < 1e9 ? `${(ns / 1e6).toFixed(1)} ms` : `${(ns / 1e9).toFixed(2)} s`
}

export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let unit = 0
  while (value >= step && unit < units.length - 1) {
    value /= step
    unit++
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1
  return `${value.toFixed(digits)}${units[unit]}`
}
