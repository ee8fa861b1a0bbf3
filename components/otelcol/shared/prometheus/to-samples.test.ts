import { describe, expect, test } from 'vitest'
import { areCanonicalLabels, receiveBatch, SampleReader } from '#pdata'
import { encodeRequest, keyValue, type Plain, sampleLines } from '#support'
import type { SampleOptions } from './options.js'
import { SamplesFromMetrics } from './to-samples.js'

const DEFAULTS: SampleOptions = {
  add_metric_suffixes: true,
  include_target_info: false,
  include_scope_info: false,
  include_scope_labels: false,
  keep_identifying_resource_attributes: false,
  resource_to_telemetry_conversion: false,
  honor_metadata: false,
}

const MS = 1_700_000_000_123
const time = { timeUnixNano: `${MS}000000` }
const started = { ...time, startTimeUnixNano: `${MS - 5000}999999` }
const SERVICE = [keyValue('service.name', 'shop'), keyValue('service.instance.id', 'a-1')]

const request = (metrics: readonly Plain[], resource: Plain[] = [], scope: Plain = {}) => ({
  resourceMetrics: [{ resource: { attributes: resource }, scopeMetrics: [{ scope, metrics }] }],
})
const gauge = (...points: Plain[]): Plain => ({ name: 'g', gauge: { dataPoints: points } })
const sum = (more: Plain, ...points: Plain[]): Plain => ({
  name: 'c',
  sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: points, ...more },
})
const histogram = (more: Plain): Plain => ({
  name: 'h',
  unit: 's',
  histogram: { aggregationTemporality: 2, dataPoints: [{ ...time, ...more }] },
})
const exponential = (more: Plain, temporality = 2): Plain => ({
  name: 'e',
  exponentialHistogram: {
    aggregationTemporality: temporality,
    dataPoints: [{ ...time, count: '9', sum: 4.5, ...more }],
  },
})

function translated(object: Plain, options: Partial<SampleOptions> = {}) {
  const translator = new SamplesFromMetrics({ ...DEFAULTS, ...options })
  return translator.translate(receiveBatch('metrics', encodeRequest('metrics', object)))
}

type Row = readonly [
  name: string,
  object: Plain,
  lines: readonly string[],
  dropped?: Record<string, number>,
  options?: Partial<SampleOptions>,
]

const exemplar = (value: number, more: Plain = {}): Plain => ({
  ...time,
  asDouble: value,
  traceId: Buffer.alloc(16, 0xab),
  spanId: Buffer.alloc(8, 1),
  ...more,
})
const IDS = `span_id="${'01'.repeat(8)}",trace_id="${'ab'.repeat(16)}"`

const rows: readonly Row[] = [
  ['nothing', {}, []],
  ['a metric without data', request([{ name: 'x' }]), []],
  [
    'gauges of doubles and integers',
    request([gauge({ ...time, asDouble: 0.5 }, { ...time, asInt: '-7' }, { ...time })]),
    [`g{} 0.5 @${MS}`, `g{} -7 @${MS}`, `g{} 0 @${MS}`],
  ],
  [
    'integers beyond what a double can tell',
    request([gauge({ asInt: '-9223372036854775808' }, { asInt: '9007199254740993' })]),
    ['g{} -9223372036854776000 @0', 'g{} 9007199254740992 @0'],
  ],
  [
    'times to the millisecond, cut off',
    request([
      gauge({ timeUnixNano: '1700000000123999999' }, { timeUnixNano: '18446744073709551615' }),
    ]),
    ['g{} 0 @1700000000123', 'g{} 0 @18446744073709'],
  ],
  [
    'a counter since its start, with exemplars',
    request([sum({}, { ...started, asInt: '3', exemplars: [exemplar(1.5), { asInt: '2' }] })]),
    [`c_total{} 3 @${MS} since ${MS - 5000}`, `  # {${IDS}} 1.5 @${MS}`, '  # {} 2 @0'],
  ],
  [
    'a start behind the point is none',
    request([sum({}, { timeUnixNano: '1000000', startTimeUnixNano: '2000000', asInt: '3' })]),
    ['c_total{} 3 @1'],
  ],
  [
    'a sum that may fall is a gauge, without start and exemplars',
    request([sum({ isMonotonic: false }, { ...started, asInt: '3', exemplars: [exemplar(1)] })]),
    [`c{} 3 @${MS}`],
  ],
  [
    'delta and unspecified temporality',
    request([
      sum({ aggregationTemporality: 1 }, time, time),
      sum({ aggregationTemporality: 0 }, time),
      { name: 'h', histogram: { aggregationTemporality: 1, dataPoints: [time] } },
      exponential({}, 1),
      gauge({ ...time, asInt: '1' }),
    ]),
    [`g{} 1 @${MS}`],
    { 'delta temporality': 4, 'unspecified temporality': 1 },
  ],
  [
    'a name of which nothing is left',
    request([{ name: '...', gauge: { dataPoints: [time] } }]),
    [],
    { 'no name': 1 },
  ],
  [
    'points without a recorded value',
    request([
      gauge({ ...time, flags: 1, asInt: '1' }),
      histogram({ flags: 1, count: '2', explicitBounds: [1], bucketCounts: ['1', '1'] }),
      exponential({ flags: 1 }),
      { name: 's', summary: { dataPoints: [{ ...time, flags: 1, quantileValues: [{}] }] } },
    ]),
    [
      `g{} stale @${MS}`,
      `h_seconds_count{} stale @${MS}`,
      `h_seconds_sum{} stale @${MS}`,
      `h_seconds_bucket{le="1"} stale @${MS}`,
      `h_seconds_bucket{le="+Inf"} stale @${MS}`,
      `e{} {"countInt":"0","sum":null} @${MS}`,
      `s_count{} stale @${MS}`,
      `s_sum{} stale @${MS}`,
      `s{quantile="0"} stale @${MS}`,
    ],
  ],
  [
    'a histogram, its buckets added up, and exemplars where they belong',
    request([
      histogram({
        ...started,
        count: '10',
        sum: 12.5,
        bucketCounts: ['1', '0', '4', '5'],
        explicitBounds: [0.5, 1, 2.5],
        exemplars: [exemplar(0.5), exemplar(7), exemplar(Number.NaN), exemplar(-3)],
        attributes: [keyValue('a', 'x'), keyValue('z', 'y'), keyValue('le', 'no')],
      }),
    ]),
    [
      `h_seconds_count{a="x",z="y"} 10 @${MS} since ${MS - 5000}`,
      `h_seconds_sum{a="x",z="y"} 12.5 @${MS} since ${MS - 5000}`,
      `h_seconds_bucket{a="x",le="0.5",z="y"} 1 @${MS} since ${MS - 5000}`,
      `  # {${IDS}} 0.5 @${MS}`,
      `  # {${IDS}} -3 @${MS}`,
      `h_seconds_bucket{a="x",le="1",z="y"} 1 @${MS} since ${MS - 5000}`,
      `h_seconds_bucket{a="x",le="2.5",z="y"} 5 @${MS} since ${MS - 5000}`,
      `h_seconds_bucket{a="x",le="+Inf",z="y"} 10 @${MS} since ${MS - 5000}`,
      `  # {${IDS}} 7 @${MS}`,
      `  # {${IDS}} NaN @${MS}`,
    ],
  ],
  [
    'histograms without sum, without buckets, with bounds that are none',
    request([
      histogram({ count: '2' }),
      histogram({
        count: '9',
        bucketCounts: ['1', '2', '3', '3'],
        explicitBounds: [1, 1, Number.POSITIVE_INFINITY],
      }),
    ]),
    [
      ...[`h_seconds_count{} 2 @${MS}`, `h_seconds_bucket{le="+Inf"} 2 @${MS}`],
      ...[`h_seconds_count{} 9 @${MS}`, `h_seconds_bucket{le="1"} 1 @${MS}`],
      `h_seconds_bucket{le="+Inf"} 9 @${MS}`,
    ],
  ],
  [
    'a summary',
    request([
      {
        name: 's',
        unit: 'ms',
        summary: {
          dataPoints: [
            {
              ...started,
              count: '4',
              sum: 2.5,
              quantileValues: [
                { quantile: 0.5, value: 1 },
                { quantile: 0.99, value: 2 },
                { quantile: 0.5 },
              ],
              attributes: [keyValue('quantile', 'no'), keyValue('r', 's')],
            },
          ],
        },
      },
    ]),
    [
      `s_milliseconds_count{r="s"} 4 @${MS} since ${MS - 5000}`,
      `s_milliseconds_sum{r="s"} 2.5 @${MS} since ${MS - 5000}`,
      `s_milliseconds{quantile="0.5",r="s"} 1 @${MS} since ${MS - 5000}`,
      `s_milliseconds{quantile="0.99",r="s"} 2 @${MS} since ${MS - 5000}`,
    ],
  ],
  [
    'labels are named, sorted, joined where names meet, and not empty',
    request([
      gauge({
        ...time,
        attributes: [
          ...[keyValue('z.z', 'é'), keyValue('B', 'upper'), keyValue('a.b', 'two')],
          ...[keyValue('a-b', 'one'), keyValue('a.b', 'again'), keyValue('empty', '')],
          ...[keyValue('n', -12), keyValue('d', 0.25), keyValue('t', true)],
          ...[keyValue('__name__', 'no'), keyValue('...', 'no'), { key: 'void' }],
          { key: 'big', value: { intValue: '-9223372036854775808' } },
          { key: 'list', value: { arrayValue: { values: [{ intValue: '1' }, {}] } } },
          { key: 'raw', value: { bytesValue: Buffer.from([1, 2]) } },
        ],
      }),
    ]),
    [
      `g{B="upper",a_b="one;two",big="-9223372036854775808",d="0.25",list="[1,null]",n="-12",raw="AQI=",t="true",z_z="é"} 0 @${MS}`,
    ],
  ],
  [
    'job and instance stand above attributes of those names',
    request(
      [gauge({ ...time, attributes: [keyValue('job', 'x'), keyValue('k', 'v')] })],
      [...SERVICE, keyValue('service.namespace', 'eu')],
    ),
    [`g{instance="a-1",job="eu/shop",k="v"} 0 @${MS}`],
  ],
  [
    'a service without a name leaves them alone',
    request(
      [gauge({ ...time, attributes: [keyValue('job', 'x')] })],
      [keyValue('service.namespace', 'eu')],
    ),
    [`g{job="x"} 0 @${MS}`],
  ],
  [
    'target_info, once for a resource, with the time of its newest point',
    {
      resourceMetrics: [1, 2, 3].map((n) => ({
        resource: { attributes: [...SERVICE, keyValue('host.name', n < 3 ? 'h' : 'i')] },
        scopeMetrics: [{ metrics: [gauge({ timeUnixNano: `${n}000000` })] }],
      })),
    },
    [
      ...[1, 2, 3].map((n) => `g{instance="a-1",job="shop"} 0 @${n}`),
      'target_info{host_name="h",instance="a-1",job="shop"} 1 @2',
      'target_info{host_name="i",instance="a-1",job="shop"} 1 @3',
    ],
    {},
    { include_target_info: true },
  ],
  [
    'target_info with all attributes',
    request([gauge(time)], SERVICE),
    [
      `g{instance="a-1",job="shop"} 0 @${MS}`,
      `target_info{instance="a-1",job="shop",service_instance_id="a-1",service_name="shop"} 1 @${MS}`,
    ],
    {},
    { include_target_info: true, keep_identifying_resource_attributes: true },
  ],
  [
    'no target_info of nothing, nor where no point is left',
    {
      resourceMetrics: [
        ...request([gauge(time)]).resourceMetrics,
        ...request([], SERVICE).resourceMetrics,
      ],
    },
    [`g{} 0 @${MS}`],
    {},
    { include_target_info: true },
  ],
  [
    'scopes as labels and as a series',
    request([gauge({ ...time, attributes: [keyValue('otel.scope.name', 'x')] })], SERVICE, {
      name: 'lib',
      version: '1.2',
      attributes: [keyValue('mascot', 'bear')],
    }),
    [
      `g{instance="a-1",job="shop",otel_scope_name="lib",otel_scope_version="1.2"} 0 @${MS}`,
      `otel_scope_info{instance="a-1",job="shop",mascot="bear",otel_scope_name="lib",otel_scope_version="1.2"} 1 @${MS}`,
    ],
    {},
    { include_scope_info: true, include_scope_labels: true },
  ],
  [
    'the attributes of the resource on every series',
    request(
      [gauge({ ...time, attributes: [keyValue('host', 'x'), keyValue('k', 'v')] })],
      [...SERVICE, keyValue('host', 'h')],
    ),
    [
      `g{host="h",instance="a-1",job="shop",k="v",service_instance_id="a-1",service_name="shop"} 0 @${MS}`,
    ],
    {},
    { resource_to_telemetry_conversion: true },
  ],
  [
    'metadata, once for a family',
    request([
      { ...sum({}, time), description: 'Calls.', unit: 'By/s' },
      { ...sum({}, time), description: 'Other.', unit: 'By/s' },
      { ...gauge(time), metadata: [keyValue('prometheus.type', 'unknown')] },
      { ...sum({ isMonotonic: false }, time), metadata: [keyValue('prometheus.type', 'info')] },
      { ...histogram({}), unit: '' },
    ]),
    [
      `c_bytes_per_second_total{} 0 @${MS}`,
      `c_bytes_per_second_total{} 0 @${MS}`,
      ...[`g{} 0 @${MS}`, `c{} 0 @${MS}`, `h_count{} 0 @${MS}`, `h_bucket{le="+Inf"} 0 @${MS}`],
      '# c_bytes_per_second_total type=1 unit=bytes_per_second help=Calls.',
      ...['# g type=0 unit= help=', '# c type=6 unit= help=', '# h type=3 unit= help='],
    ],
    {},
    { honor_metadata: true },
  ],
  [
    'exemplars with attributes, unless those are too long',
    request([
      sum(
        {},
        {
          ...time,
          exemplars: [
            exemplar(1, { filteredAttributes: [keyValue('user.id', 'u')] }),
            exemplar(2, { filteredAttributes: [keyValue('long', 'x'.repeat(62))] }),
            exemplar(3, { filteredAttributes: [keyValue('long', 'x'.repeat(61))] }),
          ],
        },
      ),
    ]),
    [
      `c_total{} 0 @${MS}`,
      `  # {${IDS},user_id="u"} 1 @${MS}`,
      `  # {${IDS}} 2 @${MS}`,
      `  # {long="${'x'.repeat(61)}",${IDS}} 3 @${MS}`,
    ],
  ],
  [
    'names as they are',
    request([{ ...sum({}, time), unit: 'By' }]),
    [`c{} 0 @${MS}`],
    {},
    { add_metric_suffixes: false },
  ],
]

describe('samples of metrics', () => {
  for (const [name, object, lines, dropped = {}, options = {}] of rows) {
    test(name, () => {
      const { samples, dropped: reasons } = translated(object, options)
      expect(sampleLines(samples)).toEqual(lines)
      expect(Object.fromEntries(reasons)).toEqual(dropped)
      const reader = new SampleReader(samples)
      while (reader.nextSeries()) {
        const { bytes, labelsStart, labelsEnd } = reader
        expect(areCanonicalLabels(bytes, labelsStart, labelsEnd)).toBe(true)
      }
    })
  }
})

const native: readonly (readonly [string, Plain, Plain])[] = [
  [
    'index and gaps',
    {
      scale: 3,
      zeroCount: '2',
      positive: { offset: -2, bucketCounts: ['1', '0', '0', '3', '0', '0', '0', '2'] },
      negative: { offset: 4, bucketCounts: ['5'] },
    },
    {
      ...{ schema: 3, zeroThreshold: 1e-128, zeroCountInt: '2' },
      positiveSpans: [
        { offset: -1, length: 4 },
        { offset: 3, length: 1 },
      ],
      positiveDeltas: ['1', '-1', '0', '3', '-1'],
      negativeSpans: [{ offset: 5, length: 1 }],
      negativeDeltas: ['5'],
    },
  ],
  [
    'scaled down, as buckets at 8 hold two to the scale of them',
    { scale: 10, zeroThreshold: 0.5, positive: { offset: -5, bucketCounts: Array(8).fill('1') } },
    {
      ...{ schema: 8, zeroThreshold: 0.5, zeroCountInt: '0' },
      positiveSpans: [{ offset: -1, length: 3 }],
      positiveDeltas: ['1', '3', '-1'],
    },
  ],
  [
    'empty buckets at both ends',
    { scale: -4, positive: { offset: 0, bucketCounts: ['0', '0', '7', '0'] } },
    {
      ...{ schema: -4, zeroThreshold: 1e-128, zeroCountInt: '0' },
      positiveSpans: [{ offset: 3, length: 1 }],
      positiveDeltas: ['7'],
    },
  ],
  [
    'a scale beyond sense',
    { scale: 2 ** 30, positive: { offset: -1, bucketCounts: ['1', '2'] } },
    {
      ...{ schema: 8, zeroThreshold: 1e-128, zeroCountInt: '0' },
      positiveSpans: [{ length: 2 }],
      positiveDeltas: ['1', '1'],
    },
  ],
]

test.each(native)('native histograms: %s', (_, point, expected) => {
  const [line = ''] = sampleLines(translated(request([exponential(point)])).samples)
  expect(JSON.parse(line.slice(4, line.indexOf(' @')))).toEqual({
    countInt: '9',
    sum: 4.5,
    ...expected,
  })
})

test.each([
  ['scale below range', { scale: -5 }],
  ['bucket offset out of range', { positive: { offset: 2 ** 31 - 1, bucketCounts: ['1'] } }],
])('native histograms: %s', (reason, point) => {
  const { samples, dropped } = translated(request([exponential(point)]))
  expect(samples.items).toBe(0)
  expect([...dropped]).toEqual([[reason, 1]])
})
