/**
 * OTLP metrics as samples, by objects: a second opinion for tests, slow and without regard for
 * bytes. Gives lines as `sampleLines` does, for default names and labels.
 */
import { decodeRequest, type Plain } from './otlp-oracle.js'
import { nativeText } from './sample-lines.js'

const ESCAPES = /[^a-zA-Z0-9]+/g

export function slowSampleLines(request: Uint8Array): readonly string[] {
  const lines: string[] = []
  const infos = new Map<string, number>()
  for (const envelope of list(decodeRequest('metrics', request), 'resourceMetrics')) {
    const resource = attributesOf(list(envelope['resource'] ?? {}, 'attributes'))
    const identity = identityOf(resource)
    let newest = 0
    for (const scoped of list(envelope, 'scopeMetrics')) {
      const { name = '', version = '' } = scoped['scope'] ?? {}
      const common = { ...identity, otel_scope_name: name, otel_scope_version: version }
      for (const metric of list(scoped, 'metrics')) {
        newest = Math.max(newest, writeMetric(lines, metric, common))
      }
    }
    const rest = resource.filter(([key]) => !IDENTIFYING.includes(key))
    const info = { ...labelled(rest), ...identity }
    if (Object.keys(info).length > 0 && newest > 0) {
      const text = labelText('target_info', info)
      infos.set(text, Math.max(newest, infos.get(text) ?? 0))
    }
  }
  return [...lines, ...[...infos].map(([text, time]) => `${text} 1 @${time}`)]
}

const IDENTIFYING = ['service.name', 'service.namespace', 'service.instance.id']

function writeMetric(lines: string[], metric: Plain, common: Plain): number {
  const { gauge, sum, histogram, exponentialHistogram, summary } = metric
  const data = gauge ?? sum ?? histogram ?? exponentialHistogram ?? summary
  if (!data || (!gauge && !summary && data['aggregationTemporality'] !== 2)) return 0
  const isCounter = sum?.['isMonotonic'] === true
  const family = nameOf(metric['name'] ?? '', isCounter)
  if (family === '') return 0
  let newest = 0
  for (const point of list(data, 'dataPoints')) {
    const time = millis(point['timeUnixNano'])
    const start = millis(point['startTimeUnixNano'])
    const since = start > 0 && start <= time ? ` since ${start}` : ''
    const isStale = ((point['flags'] ?? 0) & 1) === 1
    const attributes = labelled(attributesOf(list(point, 'attributes')))
    const line = (name: string, value: unknown, more: Plain = {}, end = since) =>
      lines.push(
        `${labelText(name, { ...attributes, ...common, ...more })} ${isStale ? 'stale' : value} @${time}${end}`,
      )
    if (gauge || sum) {
      line(family, Number(point['asInt'] ?? point['asDouble'] ?? 0), {}, isCounter ? since : '')
      if (isCounter) for (const one of list(point, 'exemplars')) lines.push(exemplarLine(one))
    } else if (histogram) {
      writeHistogram(lines, line, family, point, isStale)
    } else if (summary) {
      line(`${family}_count`, Number(point['count'] ?? 0))
      line(`${family}_sum`, point['sum'] ?? 0)
      for (const { quantile = 0, value = 0 } of list(point, 'quantileValues')) {
        line(family, value, { quantile: String(quantile) })
      }
    } else {
      const native = nativeOf(point, isStale)
      const text = `${labelText(family, { ...attributes, ...common })} ${nativeText(native)}`
      lines.push(`${text} @${time}${since}`)
      for (const one of list(point, 'exemplars')) lines.push(exemplarLine(one))
    }
    newest = Math.max(newest, time)
  }
  return newest
}

function writeHistogram(
  lines: string[],
  line: (name: string, value: unknown, more?: Plain) => void,
  family: string,
  point: Plain,
  isStale: boolean,
): void {
  line(`${family}_count`, Number(point['count'] ?? 0))
  if (point['sum'] !== undefined || isStale) line(`${family}_sum`, point['sum'] ?? 0)
  const bounds = list(point, 'explicitBounds') as unknown as number[]
  const counts = list(point, 'bucketCounts').map(Number)
  const all = [...bounds.slice(0, isStale ? bounds.length : counts.length), Infinity]
  let total = 0
  for (const [n, bound] of all.entries()) {
    total = bound === Infinity ? Number(point['count'] ?? 0) : total + (counts[n] ?? 0)
    line(`${family}_bucket`, total, { le: bound === Infinity ? '+Inf' : String(bound) })
    for (const one of list(point, 'exemplars')) {
      const value = Number(one['asInt'] ?? one['asDouble'] ?? 0)
      if (all.findIndex((bound) => value <= bound) === n) lines.push(exemplarLine(one))
    }
  }
}

/** Bucket by bucket, and only then as spans. */
function nativeOf(point: Plain, isStale: boolean): Plain {
  if (isStale) return { countInt: '0', sum: null }
  const { scale = 0, count = '0', sum, zeroCount = '0', zeroThreshold = 0 } = point
  const schema = Math.min(8, scale)
  return {
    countInt: count,
    ...(sum !== undefined && { sum }),
    ...(schema !== 0 && { schema }),
    zeroThreshold: zeroThreshold || 1e-128,
    zeroCountInt: zeroCount,
    ...sideOf('negative', point['negative'] ?? {}, scale - schema),
    ...sideOf('positive', point['positive'] ?? {}, scale - schema),
  }
}

function sideOf(side: string, { offset = 0, bucketCounts = [] }: Plain, shift: number): Plain {
  const buckets = new Map<number, number>()
  for (const [n, count] of (bucketCounts as string[]).entries()) {
    const index = Math.floor((offset + n) / 2 ** shift) + 1
    if (count !== '0') buckets.set(index, (buckets.get(index) ?? 0) + Number(count))
  }
  if (buckets.size === 0) return {}
  const spans: Plain[] = []
  const deltas: string[] = []
  let [last, before] = [0, 0]
  for (const index of [...buckets.keys()].sort((a, b) => a - b)) {
    const gap = index - last - 1
    if (spans.length === 0) spans.push({ offset: index, length: 0 })
    else if (gap > 2) spans.push({ offset: gap, length: 0 })
    else {
      for (let n = 0; n < gap; n++, before = 0) {
        deltas.push(String(-before))
        spans.at(-1)!['length']++
      }
    }
    deltas.push(String(buckets.get(index)! - before))
    spans.at(-1)!['length']++
    before = buckets.get(index)!
    last = index
  }
  const shown = spans.map(({ offset, length }) => (offset === 0 ? { length } : { offset, length }))
  return { [`${side}Spans`]: shown, [`${side}Deltas`]: deltas }
}

function exemplarLine(one: Plain): string {
  const labels = labelled(attributesOf(list(one, 'filteredAttributes')))
  const hex = (key: string) => (one[key] as Buffer | undefined)?.toString('hex')
  const all: Plain = { ...labels }
  if (hex('spanId')) all['span_id'] = hex('spanId')
  if (hex('traceId')) all['trace_id'] = hex('traceId')
  const value = Number(one['asInt'] ?? one['asDouble'] ?? 0)
  return `  # ${labelText('', all)} ${value} @${millis(one['timeUnixNano'])}`
}

function nameOf(name: string, isCounter: boolean): string {
  const words = name.split(/[^a-zA-Z0-9:]/).filter(Boolean)
  if (words.length === 0) return ''
  const all = isCounter ? [...words.filter((word) => word !== 'total'), 'total'] : words
  return (/^\d/.test(all[0]!) ? '_' : '') + all.join('_')
}

function identityOf(resource: readonly (readonly [string, string])[]): Plain {
  const {
    'service.name': name = '',
    'service.namespace': space = '',
    ...rest
  } = Object.fromEntries(resource)
  const instance = rest['service.instance.id'] ?? ''
  return {
    ...(name !== '' && { job: space === '' ? name : `${space}/${name}` }),
    ...(instance !== '' && { instance }),
  }
}

function attributesOf(pairs: readonly Plain[]): readonly (readonly [string, string])[] {
  const found = new Map<string, string>()
  for (const { key = '', value = {} } of pairs) {
    if (!found.has(key)) found.set(key, textOf(value))
  }
  return [...found]
}

function textOf({ stringValue, boolValue, intValue, doubleValue }: Plain): string {
  return String(stringValue ?? boolValue ?? intValue ?? doubleValue ?? '')
}

function labelled(attributes: readonly (readonly [string, string])[]): Plain {
  const labels: Plain = {}
  for (const [key, text] of [...attributes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const plain = key
      .replace(ESCAPES, '_')
      .replace(/^(?=[0-9])/, 'key_')
      .replace(/^_/, 'key_')
    if (key.replace(ESCAPES, '') === '') continue
    labels[plain] = plain in labels ? `${labels[plain]};${text}` : text
  }
  return labels
}

function labelText(name: string, labels: Plain): string {
  const shown = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return `${name}{${shown.join(',')}}`
}

function millis(nanos: unknown): number {
  return Number(BigInt((nanos as string | undefined) ?? 0) / 1_000_000n)
}

function list(message: Plain, field: string): Plain[] {
  return (message[field] as Plain[] | undefined) ?? []
}
