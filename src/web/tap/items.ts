/** Telemetry as rows that people read, from what `requestToJson` gives. */
import type { Signal } from '#pdata'
import { requestToJson } from '#wire'
import { nanoseconds } from '../format.js'

/** One span, metric, log record, series or log line. */
export interface Item {
  readonly signal: Signal
  /** Milliseconds since the epoch; undefined where it says none. */
  readonly at: number | undefined
  /** Of `service.name`, or the job of a series. */
  readonly service: string
  /** A span's or metric's name, a severity, a series' name. */
  readonly title: string
  /** A duration, values, a log line. */
  readonly text: string
  readonly attributes: readonly (readonly [string, string])[]
  readonly span: SpanFacts | undefined
}

export interface SpanFacts {
  readonly traceId: string
  readonly spanId: string
  /** Empty for the root. */
  readonly parentId: string
  readonly startNs: bigint
  readonly endNs: bigint
  readonly isFailed: boolean
}

type Tree = { readonly [name: string]: unknown }

const TEXT_MAX = 2000

/** Decodes whole requests; for samples of limited size. */
export function itemsOf(signal: Signal, chunks: readonly Uint8Array[]): readonly Item[] {
  const request = JSON.parse(requestToJson(signal, chunks)) as Tree
  switch (signal) {
    case 'traces':
      return records(request, 'resourceSpans', 'scopeSpans', 'spans').map(spanItem)
    case 'metrics':
      return records(request, 'resourceMetrics', 'scopeMetrics', 'metrics').map(metricItem)
    case 'logs':
      return records(request, 'resourceLogs', 'scopeLogs', 'logRecords').map(logItem)
    case 'samples':
      return trees(request['timeseries']).map(seriesItem)
    case 'entries':
      return trees(request['streams']).flatMap(streamItems)
  }
}

/** All words of a filter are in it; those that begin with "-" are not. Case does not matter. */
export function matches(item: Item, filter: string): boolean {
  if (filter === '') return true
  const text = textOf(item).toLowerCase()
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => {
      if (word === '' || word === '-') return true
      return word.startsWith('-') ? !text.includes(word.slice(1)) : text.includes(word)
    })
}

/** An item in a line. */
function textOf({ signal, service, title, text, attributes, span }: Item): string {
  const pairs = attributes.map(([name, value]) => `${name}=${value}`)
  const ids = span ? [`trace=${span.traceId}`, `span=${span.spanId}`] : []
  return [signal, title, text, `service=${service}`, ...ids, ...pairs].join(' ')
}

interface Record {
  readonly resource: readonly (readonly [string, string])[]
  readonly service: string
  readonly record: Tree
}

function records(request: Tree, outer: string, inner: string, name: string): readonly Record[] {
  return trees(request[outer]).flatMap((part) => {
    const resource = pairsOf((part['resource'] as Tree | undefined)?.['attributes'])
    const service = resource.find(([key]) => key === 'service.name')?.[1] ?? ''
    const all = trees(part[inner]).flatMap((scope) => trees(scope[name]))
    return all.map((record) => ({ resource, service, record }))
  })
}

function spanItem({ resource, service, record }: Record): Item {
  const startNs = BigInt(String(record['startTimeUnixNano'] ?? 0))
  const endNs = BigInt(String(record['endTimeUnixNano'] ?? 0))
  const status = record['status'] as Tree | undefined
  const message = status?.['message'] ? ` ${String(status['message'])}` : ''
  const isFailed = status?.['code'] === 2
  const duration = endNs > startNs ? nanoseconds(Number(endNs - startNs)) : ''
  return {
    signal: 'traces',
    at: milliseconds(startNs),
    service,
    title: String(record['name'] ?? ''),
    text: isFailed ? `${duration} failed${message}` : duration,
    attributes: [...pairsOf(record['attributes']), ...resource],
    span: {
      traceId: String(record['traceId'] ?? ''),
      spanId: String(record['spanId'] ?? ''),
      parentId: String(record['parentSpanId'] ?? ''),
      startNs,
      endNs,
      isFailed,
    },
  }
}

const POINTS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']
/** Values of one metric that are shown. */
const POINTS_SHOWN = 5

function metricItem({ resource, service, record }: Record): Item {
  const kind = POINTS.find((name) => record[name] !== undefined)
  const points = kind ? trees((record[kind] as Tree)['dataPoints']) : []
  const unit = record['unit'] && record['unit'] !== '1' ? ` ${String(record['unit'])}` : ''
  const values = points.slice(0, POINTS_SHOWN).map((point) => {
    const labels = pairsOf(point['attributes']).map(([key, value]) => `${key}=${value}`)
    return `${pointValue(point)}${unit}${labels.length > 0 ? ` {${labels.join(', ')}}` : ''}`
  })
  const more = points.length > POINTS_SHOWN ? `, ${points.length - POINTS_SHOWN} more` : ''
  const at = BigInt(String(points[0]?.['timeUnixNano'] ?? 0))
  return {
    signal: 'metrics',
    at: milliseconds(at),
    service,
    title: String(record['name'] ?? ''),
    text: short(values.join(', ') + more),
    attributes: [['type', kind ?? 'none'], ...resource],
    span: undefined,
  }
}

function pointValue(point: Tree): string {
  const value = point['asInt'] ?? point['asDouble']
  if (value !== undefined) return numberText(value)
  const sum = point['sum'] === undefined ? '' : `, sum ${numberText(point['sum'])}`
  return `count ${String(point['count'] ?? 0)}${sum}`
}

/** Without the digits that binary fractions bring; whole numbers of 64 bits come as texts. */
function numberText(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(12))) : String(value)
}

function logItem({ resource, service, record }: Record): Item {
  const at = BigInt(String(record['timeUnixNano'] ?? record['observedTimeUnixNano'] ?? 0))
  const trace = record['traceId'] ? ([['trace', String(record['traceId'])]] as const) : []
  return {
    signal: 'logs',
    at: milliseconds(at),
    service,
    title: String(
      record['severityText'] ?? SEVERITIES[Number(record['severityNumber'] ?? 0)] ?? '',
    ),
    text: short(valueText(record['body'])),
    attributes: [...pairsOf(record['attributes']), ...trace, ...resource],
    span: undefined,
  }
}

const SEVERITIES = [
  '',
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((name) => [
    name,
    name,
    name,
    name,
  ]),
]

function seriesItem(series: Tree): Item {
  const labels = trees(series['labels']).map(
    ({ name, value }) => [String(name ?? ''), String(value ?? '')] as const,
  )
  const named = (name: string) => labels.find(([key]) => key === name)?.[1] ?? ''
  const last = trees(series['samples']).at(-1)
  const histogram = trees(series['histograms']).at(-1)
  const at = last?.['timestamp'] ?? histogram?.['timestamp']
  return {
    signal: 'samples',
    at: at === undefined ? undefined : Number(at),
    service: named('job'),
    title: named('__name__'),
    text: last ? numberText(last['value'] ?? 0) : histogram ? 'histogram' : '',
    attributes: labels.filter(([key]) => key !== '__name__'),
    span: undefined,
  }
}

function streamItems(stream: Tree): readonly Item[] {
  const labels = String(stream['labels'] ?? '')
  return trees(stream['entries']).map((entry) => {
    const time = entry['timestamp'] as Tree | undefined
    const seconds = Number(time?.['seconds'] ?? 0)
    const metadata = trees(entry['structuredMetadata']).map(
      ({ name, value }) => [String(name ?? ''), String(value ?? '')] as const,
    )
    return {
      signal: 'entries',
      at: time ? seconds * 1000 + Math.floor(Number(time['nanos'] ?? 0) / 1e6) : undefined,
      service: '',
      title: '',
      text: short(String(entry['line'] ?? '')),
      attributes: [['stream', labels], ...metadata],
      span: undefined,
    }
  })
}

function pairsOf(attributes: unknown): readonly (readonly [string, string])[] {
  return trees(attributes).map(({ key, value }) => [String(key ?? ''), short(valueText(value))])
}

/** The one field of an AnyValue. */
function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return ''
  const [kind, content] = Object.entries(value)[0] ?? []
  if (kind === 'arrayValue') {
    return `[${trees((content as Tree)['values'])
      .map(valueText)
      .join(', ')}]`
  }
  if (kind === 'kvlistValue') {
    const pairs = trees((content as Tree)['values'])
    const texts = pairs.map(({ key, value: inner }) => `${String(key)}: ${valueText(inner)}`)
    return `{${texts.join(', ')}}`
  }
  return content === undefined ? '' : String(content)
}

function milliseconds(ns: bigint): number | undefined {
  return ns === 0n ? undefined : Number(ns / 1_000_000n)
}

function short(text: string): string {
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX)}…`
}

function trees(value: unknown): readonly Tree[] {
  return Array.isArray(value) ? (value as Tree[]) : []
}
