/**
 * Names of metric families, as the compatibility specification has them ("OTLP Metric points to
 * Prometheus", Metric Metadata).
 */

/** What of a metric its name depends on. */
export type NameKind = 'counter' | 'gauge' | 'other'

/**
 * The name of the family, `[a-zA-Z_:][a-zA-Z0-9_:]*`; '' where nothing of it can be kept. With
 * suffixes, the unit and what the kind asks for come last: `http.duration` in `s` is
 * `http_duration_seconds`, a counter ends in `_total`, a gauge of unit `1` in `_ratio`.
 */
export function metricName(
  name: string,
  unit: string,
  kind: NameKind,
  withSuffixes: boolean,
): string {
  if (!withSuffixes) return startable(wordsOf(name, /[^a-zA-Z0-9_:]+/).join('_'))
  let words = wordsOf(name, /[^a-zA-Z0-9:]+/)
  if (words.length === 0) return ''
  const { main, per } = unitWords(unit)
  if (main !== '' && !words.includes(main)) words.push(main)
  if (per !== '' && !words.includes(per)) words.push(per)
  if (kind === 'counter') words = atEnd(words, 'total')
  // Many senders give counts of things the unit 1, so that gauges alone are taken for ratios.
  if (kind === 'gauge' && unit === '1') words = atEnd(words, 'ratio')
  return startable(words.join('_'))
}

/** The unit as metadata has it, in words: `By/s` is `bytes_per_second`; '' for none. */
export function unitName(unit: string): string {
  const { main, per } = unitWords(unit)
  return [main, per].filter((one) => one !== '').join('_')
}

function unitWords(unit: string): { readonly main: string; readonly per: string } {
  const slash = unit.indexOf('/')
  const [over, under] = slash < 0 ? [unit, ''] : [unit.slice(0, slash), unit.slice(slash + 1)]
  const per = wordOf(under, PER_UNITS)
  return { main: wordOf(over, UNITS), per: per === '' ? '' : `per_${per}` }
}

/** Units in braces, such as `{packet}`, say what is counted and are none. */
function wordOf(unit: string, known: ReadonlyMap<string, string>): string {
  const code = unit.trim()
  if (/[{}]/.test(code)) return ''
  return known.get(code) ?? wordsOf(code, /[^a-zA-Z0-9:]+/).join('_')
}

function wordsOf(text: string, gap: RegExp): string[] {
  return text.split(gap).filter((word) => word !== '')
}

function atEnd(words: readonly string[], word: string): string[] {
  return [...words.filter((one) => one !== word), word]
}

/** A name of underscores alone says nothing; one that begins with a digit may not. */
function startable(name: string): string {
  if (/^_*$/.test(name)) return ''
  return /^[0-9]/.test(name) ? `_${name}` : name
}

const PAIRS: readonly (readonly [string, string])[] = [
  ...([
    ['d', 'days'],
    ['h', 'hours'],
    ['min', 'minutes'],
    ['s', 'seconds'],
  ] as const),
  ...([
    ['ms', 'milliseconds'],
    ['us', 'microseconds'],
    ['ns', 'nanoseconds'],
  ] as const),
  ...([
    ['By', 'bytes'],
    ['KiBy', 'kibibytes'],
    ['MiBy', 'mebibytes'],
  ] as const),
  ...([
    ['GiBy', 'gibibytes'],
    ['TiBy', 'tibibytes'],
    ['KBy', 'kilobytes'],
  ] as const),
  ...([
    ['MBy', 'megabytes'],
    ['GBy', 'gigabytes'],
    ['TBy', 'terabytes'],
  ] as const),
  ...([
    ['m', 'meters'],
    ['V', 'volts'],
    ['A', 'amperes'],
    ['J', 'joules'],
  ] as const),
  ...([
    ['W', 'watts'],
    ['g', 'grams'],
    ['Cel', 'celsius'],
    ['Hz', 'hertz'],
  ] as const),
  ...([
    ['%', 'percent'],
    ['1', ''],
  ] as const),
]
const PER_PAIRS: readonly (readonly [string, string])[] = [
  ...([
    ['s', 'second'],
    ['m', 'minute'],
    ['h', 'hour'],
    ['d', 'day'],
  ] as const),
  ...([
    ['w', 'week'],
    ['mo', 'month'],
    ['y', 'year'],
  ] as const),
]
const UNITS = new Map(PAIRS)
const PER_UNITS = new Map(PER_PAIRS)

/** The way back: a unit in words as OTLP writes it; one that is not known stays as it is. */
export function unitCode(name: string): string {
  if (name === 'ratio') return '1'
  const [main = '', per] = name.split(/_per_(.*)/s)
  const code = CODES.get(main) ?? main
  return per === undefined ? code : `${code}/${PER_CODES.get(per) ?? per}`
}

const CODES = new Map(PAIRS.filter(([, word]) => word !== '').map(([code, word]) => [word, code]))
const PER_CODES = new Map(PER_PAIRS.map(([code, word]) => [word, code]))
