/** Requests as a busy service sends them, the same ones for the same seed. */
import { SCANNED, type Scanned, type Signal } from '#wire'
import { encodeMessage, encodeRequest, type Plain } from './otlp-oracle.js'
import { randomFrom } from './random.js'
import { sampleSeries, sampleStreams, symbolized } from './series.js'

export interface SampleShape {
  /** Spans, log records, samples, lines or metrics; of the metrics each kind in turn. */
  readonly items?: number
  /** Of each; labels of a series. */
  readonly attributes?: number
  /** Or streams. */
  readonly resources?: number
  readonly seed?: number
}

/** By default 100 items with 10 attributes each under 5 resources: about 56 kB of spans. */
export function sampleRequest(signal: Signal, shape: SampleShape = {}): Buffer {
  return encodeRequest(signal, sampleObject(signal, shape))
}

/** Of anything that is scanned. */
export function sampleOf(what: Scanned, shape: SampleShape = {}): Buffer {
  if (what !== 'samples v2') return sampleRequest(what, shape)
  return encodeMessage(SCANNED[what], symbolized(sampleObject('samples', shape)))
}

export function sampleObject(signal: Signal, shape: SampleShape = {}): Plain {
  const { items = 100, attributes = 10, resources = 5, seed = 1 } = shape
  const random = randomFrom(seed)
  if (signal === 'samples') return sampleSeries(items, attributes, random)
  if (signal === 'entries') return sampleStreams(items, attributes, resources, random)
  const make = { traces: span, metrics: metric, logs: logRecord }[signal]
  const list = (count: number) =>
    Array.from({ length: count }, (_, index) => make(index, attributes, random))
  const [envelope, scopes, children] = NAMES[signal]
  return {
    [envelope]: Array.from({ length: resources }, (_, n) => ({
      resource: { attributes: resourceAttributes(n) },
      [scopes]: [
        {
          scope: { name: 'http-server', version: '1.27.0' },
          [children]: list(Math.floor((items + n) / resources)),
        },
      ],
    })),
  }
}

const NAMES = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
} as const

const START = 1_700_000_000_000_000_000n

export function keyValue(key: string, value: string | number | boolean): Plain {
  if (typeof value === 'string') return { key, value: { stringValue: value } }
  if (typeof value === 'boolean') return { key, value: { boolValue: value } }
  const int = Number.isInteger(value)
  return { key, value: int ? { intValue: String(value) } : { doubleValue: value } }
}

function resourceAttributes(n: number): Plain[] {
  return [
    keyValue('service.name', `checkout-${n}`),
    keyValue('service.version', '2.14.3'),
    keyValue('deployment.environment', 'production'),
    keyValue('host.name', `node-${n}.eu-west-1.example.internal`),
    keyValue('k8s.pod.name', `checkout-${n}-7c9d8b5f6-x2v${n}q`),
    keyValue('process.pid', 4000 + n),
  ]
}

const KEYS = [
  ...['http.request.method', 'url.path', 'http.response.status_code', 'server.address'],
  ...['user_agent.original', 'network.peer.address', 'enduser.id', 'db.statement'],
  ...['http.request.size', 'cache.hit'],
]

function itemAttributes(count: number, random: () => number): Plain[] {
  const n = Math.floor(random() * 1000)
  const values = [
    ...['GET', `/api/v1/orders/${n}/items`, 200, 'shop.example.com'],
    ...['Mozilla/5.0 (X11; Linux x86_64)', `10.0.${n % 256}.17`, `user-${n}@example.com`],
    ...[`SELECT * FROM orders WHERE id = ${n}`, random() * 1e4, n % 2 === 0],
  ]
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / KEYS.length)
    const key = KEYS[index % KEYS.length]! + (round > 0 ? `.${round}` : '')
    return keyValue(key, values[index % KEYS.length]!)
  })
}

function bytes(length: number, random: () => number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)))
}

function span(index: number, attributes: number, random: () => number): Plain {
  const start = START + BigInt(index) * 1_000_003n
  return {
    traceId: bytes(16, random),
    spanId: bytes(8, random),
    parentSpanId: index % 4 === 0 ? Buffer.alloc(0) : bytes(8, random),
    name: `GET /api/v1/orders/{id}/items`,
    kind: 1 + (index % 5),
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 12_345_678n),
    attributes: itemAttributes(attributes, random),
    events: index % 10 === 0 ? [event(start, random)] : [],
    links: index % 20 === 0 ? [{ traceId: bytes(16, random), spanId: bytes(8, random) }] : [],
    status: index % 7 === 0 ? { code: 2, message: 'deadline exceeded' } : {},
    flags: 257,
  }
}

function event(time: bigint, random: () => number): Plain {
  return {
    timeUnixNano: String(time + 1000n),
    name: 'exception',
    attributes: [keyValue('exception.type', 'TimeoutError'), keyValue('retry', random() * 10)],
  }
}

function logRecord(index: number, attributes: number, random: () => number): Plain {
  const time = START + BigInt(index) * 7_001n
  return {
    timeUnixNano: String(time),
    observedTimeUnixNano: String(time + 5n),
    severityNumber: 1 + (index % 24),
    severityText: index % 2 === 0 ? 'INFO' : 'WARN',
    body: { stringValue: `order ${index} was handled in ${Math.floor(random() * 900)} ms` },
    attributes: itemAttributes(attributes, random),
    flags: 1,
    traceId: bytes(16, random),
    spanId: bytes(8, random),
    ...(index % 9 === 0 && { eventName: 'order.handled' }),
  }
}

/** Counters with twenty points each, as a service sends them. */
export function counterRequest(points: number, attributes: number): Buffer {
  const random = randomFrom(1)
  const metrics = Array.from({ length: Math.ceil(points / 20) }, (_, n) => ({
    name: `http.server.requests.${n}`,
    unit: 'By',
    sum: {
      ...{ aggregationTemporality: 2, isMonotonic: true },
      dataPoints: Array.from({ length: 20 }, (_, index) => ({
        startTimeUnixNano: String(START),
        timeUnixNano: String(START + BigInt(index) * 1_000_000n),
        attributes: itemAttributes(attributes, random),
        asInt: String(index * 7),
      })),
    },
  }))
  const scope = { name: 'http-server', version: '1.27.0' }
  return encodeRequest('metrics', {
    resourceMetrics: [
      { resource: { attributes: resourceAttributes(0) }, scopeMetrics: [{ scope, metrics }] },
    ],
  })
}

/** One metric of each kind in turn, with two data points. */
function metric(index: number, attributes: number, random: () => number): Plain {
  const common = (): Plain => ({
    startTimeUnixNano: String(START),
    timeUnixNano: String(START + BigInt(index)),
    attributes: itemAttributes(attributes, random),
  })
  const exemplar = (): Plain => ({
    timeUnixNano: String(START),
    asDouble: random(),
    traceId: bytes(16, random),
    spanId: bytes(8, random),
    filteredAttributes: [keyValue('tenant', 'a')],
  })
  const distribution = (): Plain => ({ ...common(), count: '9', sum: 4.5, min: 0, max: 2.25 })
  const buckets = { offset: -3, bucketCounts: ['1', '0', '300'] }
  const kinds: Plain[] = [
    { gauge: { dataPoints: [common(), common()].map((p) => ({ ...p, asDouble: random() })) } },
    {
      sum: {
        aggregationTemporality: 2,
        isMonotonic: true,
        dataPoints: [common(), common()].map((p) => ({
          ...p,
          asInt: String(-index),
          exemplars: [exemplar()],
        })),
      },
    },
    {
      histogram: {
        aggregationTemporality: 1,
        dataPoints: [distribution(), distribution()].map((p) => ({
          ...p,
          bucketCounts: ['4', '3', '2'],
          explicitBounds: [0.5, 1.5],
          exemplars: [exemplar()],
        })),
      },
    },
    {
      exponentialHistogram: {
        aggregationTemporality: 2,
        dataPoints: [distribution(), distribution()].map((p) => ({
          ...p,
          ...{ scale: -2, zeroCount: '1', zeroThreshold: 0.001 },
          ...{ positive: buckets, negative: buckets },
        })),
      },
    },
    {
      summary: {
        dataPoints: [common(), common()].map((p) => ({
          ...p,
          ...{ count: '7', sum: 10.5, quantileValues: [{ quantile: 0.5, value: 1.5 }] },
        })),
      },
    },
  ]
  return {
    name: `http.server.request.duration.${index}`,
    description: 'Duration of requests',
    unit: 's',
    metadata: [keyValue('origin', 'sample')],
    ...kinds[index % kinds.length],
  }
}
