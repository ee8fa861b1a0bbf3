/**
 * Samples as Prometheus text (exposition format 0.0.4) or as OpenMetrics 1.0. Families come in the
 * order of their names, each with what is known of it; of native histograms, which have no form in
 * text, count and sum.
 */
import {
  decodePairs,
  type FamilyMetadata,
  metadataOf,
  type SampleBatch,
  SampleReader,
} from '#pdata'
import { decodeMessage, ENUMS } from '#wire'

export type Format = 'text' | 'openmetrics'

export function exposition(batch: SampleBatch, format: Format): string {
  const families = new Map<string, Family>()
  for (const about of metadataOf(batch)) families.set(about.family, { about, lines: [] })
  const reader = new SampleReader(batch)
  while (reader.nextSeries()) {
    const series = new Series(reader)
    const family = familyOf(series.name, families)
    family.lines.push(...linesOf(series, reader, family, format))
  }
  const names = [...families.keys()].sort()
  const lines = names.flatMap((name) => {
    const family = families.get(name)!
    return [...headOf(name, family, format), ...family.lines]
  })
  if (format === 'openmetrics') lines.push('# EOF')
  return lines.map((line) => `${line}\n`).join('')
}

interface Family {
  readonly about?: FamilyMetadata
  readonly lines: string[]
  /** Told by what it holds. */
  type?: 'histogram'
}

/** What is known of `a` holds for `a_total` and `a_bucket`, too. */
function familyOf(name: string, families: Map<string, Family>): Family {
  const base = name.replace(/_(total|bucket|count|sum|created|info)$/, '')
  const known = families.get(name) ?? families.get(base)
  if (known) return known
  const family: Family = { lines: [] }
  families.set(name, family)
  return family
}

function headOf(name: string, { about, type }: Family, format: Format): readonly string[] {
  const shown = isPlain(name) ? name : quoted(name)
  const isOpen = format === 'openmetrics'
  const { help = '', unit = '' } = about ?? {}
  const word = type ?? ENUMS.MetricType[about?.type ?? 0]?.toLowerCase() ?? 'unknown'
  const head: string[] = []
  if (help !== '') head.push(`# HELP ${shown} ${escaped(help, isOpen)}`)
  if (word !== 'unknown') head.push(`# TYPE ${shown} ${isOpen ? word : (TEXT_TYPES[word] ?? word)}`)
  if (unit !== '' && isOpen) head.push(`# UNIT ${shown} ${unit}`)
  return head
}

/** For types that the older format has no word for. */
const TEXT_TYPES: Readonly<Record<string, string>> = {
  gaugehistogram: 'histogram',
  info: 'gauge',
  stateset: 'gauge',
}

function linesOf(series: Series, reader: SampleReader, family: Family, format: Format): string[] {
  const isOpen = format === 'openmetrics'
  const lines: string[] = []
  let exemplar = ''
  while (reader.nextPoint()) {
    const time = timeOf(reader.timestampMs, isOpen)
    const point = reader.bytes.subarray(reader.pointBody, reader.pointEnd)
    if (reader.kind === 'sample') lines.push(series.line('', reader.value, time))
    else if (reader.kind === 'exemplar') exemplar = exemplarOf(point)
    else {
      family.type = 'histogram'
      const histogram = decodeMessage('NativeHistogram', point)
      // What is absent is no own field, and yet has a default.
      const isFloat = Object.hasOwn(histogram, 'countFloat')
      const count = Number(isFloat ? histogram['countFloat'] : histogram['countInt'])
      lines.push(series.line('_count', count, time))
      lines.push(series.line('_sum', Number(histogram['sum']), time))
    }
  }
  if (!isOpen) return lines
  const last = lines.pop()
  if (last !== undefined) lines.push(last + exemplar)
  const { createdTimestampMs: created } = reader
  if (created !== 0) lines.push(series.line('_created', created / 1000, ''))
  return lines
}

/** What all lines of a series have alike. */
class Series {
  readonly name: string = ''
  readonly #labels: string

  constructor({ bytes, labelsStart, labelsEnd }: SampleReader) {
    const pairs = decodePairs(bytes, labelsStart, labelsEnd)
    const labels: string[] = []
    for (let n = 0; n < pairs.length; n += 2) {
      if (pairs[n] === '__name__') this.name = pairs[n + 1]!
      else labels.push(labelText(pairs[n]!, pairs[n + 1]!))
    }
    this.#labels = labels.join(',')
  }

  line(suffix: string, value: number, time: string): string {
    const name = (suffix === '_created' ? this.name.replace(/_total$/, '') : this.name) + suffix
    const isOutside = isPlain(name)
    const inside = [isOutside ? '' : quoted(name), this.#labels].filter((one) => one !== '')
    const labels = inside.length === 0 ? '' : `{${inside.join(',')}}`
    return `${isOutside ? name : ''}${labels} ${numberText(value)}${time}`
  }
}

function exemplarOf(point: Uint8Array): string {
  const { labels, value, timestamp } = decodeMessage('SeriesExemplar', point) as {
    readonly labels: readonly { readonly name?: string; readonly value?: string }[]
    readonly value?: number
    readonly timestamp?: unknown
  }
  const texts = labels.map(({ name = '', value = '' }) => labelText(name, value))
  return ` # {${texts.join(',')}} ${numberText(value ?? 0)}${timeOf(Number(timestamp ?? 0), true)}`
}

/** Seconds in OpenMetrics, milliseconds before. */
function timeOf(timestampMs: number, isOpen: boolean): string {
  if (timestampMs === 0) return ''
  return ` ${isOpen ? (timestampMs / 1000).toFixed(3) : timestampMs}`
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value)
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}

function labelText(name: string, value: string): string {
  return `${/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quoted(name)}=${quoted(value)}`
}

/** Names beyond that are written in quotes, inside the braces. */
function isPlain(name: string): boolean {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)
}

function quoted(text: string): string {
  return `"${escaped(text, true)}"`
}

/** The older format has double quotes in help as they are. */
function escaped(text: string, withQuotes: boolean): string {
  const one = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return withQuotes ? one.replaceAll('"', '\\"') : one
}
