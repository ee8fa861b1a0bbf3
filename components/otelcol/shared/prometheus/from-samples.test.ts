import { describe, expect, test } from 'vitest'
import { encodeLabels, receiveBatch, SampleBatchBuilder } from '#pdata'
import { decodeRequest, encodeRequest, keyValue, type Plain, sampleLines } from '#support'
import { metricsFromSamples } from './from-samples.js'
import { SamplesFromMetrics } from './to-samples.js'

const MS = 1_700_000_000_123
const timeUnixNano = `${MS}000000`

const labels = (name: string, pairs: Readonly<Record<string, string>> = {}) =>
  Object.entries({ __name__: name, ...pairs })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }))
const series = (name: string, value: number, pairs: Readonly<Record<string, string>> = {}) => ({
  labels: labels(name, pairs),
  samples: [{ value, timestamp: String(MS) }],
})
const text = (key: string, value: string) => ({ key, value: { stringValue: value } })

/** All metrics of a request of one resource and one scope. */
function translated(timeseries: Plain[], metadata: Plain[] = []) {
  const batch = receiveBatch('samples', encodeRequest('samples', { timeseries, metadata }))
  const { metrics, dropped } = metricsFromSamples(batch, 'own')
  const request = decodeRequest('metrics', Buffer.concat(metrics.chunks))
  return { request, items: metrics.items, dropped: Object.fromEntries(dropped) }
}

const about = (type: number, metricFamilyName: string, more: Plain = {}) => ({
  ...{ type, metricFamilyName, ...more },
})
const value = (asDouble: number, more: Plain = {}) => ({ timeUnixNano, asDouble, ...more })
const cumulative = { aggregationTemporality: 2 }

const rows: readonly (readonly [string, Plain[], Plain[], Plain[], Record<string, number>?])[] = [
  ['nothing', [], [], []],
  [
    'without metadata by name',
    [series('up', 1, { a: 'x' }), series('c_total', 2)],
    [],
    [
      { name: 'up', gauge: { dataPoints: [value(1, { attributes: [text('a', 'x')] })] } },
      { name: 'c_total', sum: { ...cumulative, isMonotonic: true, dataPoints: [value(2)] } },
    ],
  ],
  [
    'types, help and units from metadata',
    [series('c', 1), series('d_total', 2), series('g', 3), series('b_info', 1), series('st', 0)],
    [
      about(1, 'c', { help: 'Calls.', unit: 'bytes_per_second' }),
      ...[about(1, 'd'), about(2, 'g', { unit: 'ratio' }), about(6, 'b'), about(7, 'st')],
    ],
    [
      {
        ...{ name: 'c', description: 'Calls.', unit: 'By/s' },
        metadata: [text('prometheus.type', 'counter')],
        sum: { ...cumulative, isMonotonic: true, dataPoints: [value(1)] },
      },
      {
        name: 'd_total',
        metadata: [text('prometheus.type', 'counter')],
        sum: { ...cumulative, isMonotonic: true, dataPoints: [value(2)] },
      },
      {
        ...{ name: 'g', unit: '1', metadata: [text('prometheus.type', 'gauge')] },
        gauge: { dataPoints: [value(3)] },
      },
      {
        ...{ name: 'b_info', metadata: [text('prometheus.type', 'info')] },
        sum: { ...cumulative, dataPoints: [value(1)] },
      },
      {
        ...{ name: 'st', metadata: [text('prometheus.type', 'stateset')] },
        sum: { ...cumulative, dataPoints: [value(0)] },
      },
    ],
  ],
  [
    'a histogram from its series, in any order',
    [
      series('h_bucket', 10, { le: '+Inf', k: 'v' }),
      series('h_bucket', 7, { le: '2.5', k: 'v' }),
      series('h_sum', 4.5, { k: 'v' }),
      series('h_bucket', 3, { le: '1', k: 'v' }),
      series('h_count', 10, { k: 'v' }),
    ],
    [],
    [
      {
        name: 'h',
        histogram: {
          ...cumulative,
          dataPoints: [
            {
              ...{ timeUnixNano, attributes: [text('k', 'v')], count: '10', sum: 4.5 },
              ...{ bucketCounts: ['3', '4', '3'], explicitBounds: [1, 2.5] },
            },
          ],
        },
      },
    ],
  ],
  [
    'a histogram without count is none',
    [series('h_bucket', 10, { le: '+Inf' }), series('h_sum', 4.5)],
    [],
    [],
    { 'histogram without count': 2 },
  ],
  [
    'a summary, and the start of both',
    [
      series('s', 0.25, { quantile: '0.5' }),
      series('s', 0.75, { quantile: '0.99' }),
      ...[series('s_count', 4), series('s_sum', 2), series('s_created', 5)],
      ...[series('c_total', 1), series('c_created', 7)],
    ],
    [about(5, 's'), about(1, 'c')],
    [
      {
        name: 's',
        metadata: [text('prometheus.type', 'summary')],
        summary: {
          dataPoints: [
            {
              ...{ timeUnixNano, startTimeUnixNano: '5000000000', count: '4', sum: 2 },
              quantileValues: [
                { quantile: 0.5, value: 0.25 },
                { quantile: 0.99, value: 0.75 },
              ],
            },
          ],
        },
      },
      {
        name: 'c_total',
        metadata: [text('prometheus.type', 'counter')],
        sum: {
          ...cumulative,
          isMonotonic: true,
          dataPoints: [value(1, { startTimeUnixNano: '7000000000' })],
        },
      },
    ],
  ],
  [
    'what looks like a part of nothing is a gauge',
    [series('x_count', 1), series('y_bucket', 2), series('z_created', 3)],
    [],
    ['x_count', 'y_bucket', 'z_created'].map((name, n) => ({
      name,
      gauge: { dataPoints: [value(n + 1)] },
    })),
  ],
  [
    'gauge histograms have no place',
    [series('gh_bucket', 1, { le: '1' }), series('gh_gcount', 1), series('gh', 1)],
    [about(4, 'gh')],
    [{ name: 'gh_gcount', gauge: { dataPoints: [value(1)] } }],
    { 'gauge histogram': 2 },
  ],
  [
    'exemplars of counters',
    [
      {
        ...series('c_total', 1),
        exemplars: [
          {
            labels: [
              { name: 'span_id', value: '01'.repeat(8) },
              { name: 'trace_id', value: 'nothex' },
            ],
            ...{ value: 0.5, timestamp: '1' },
          },
        ],
      },
    ],
    [],
    [
      {
        name: 'c_total',
        sum: {
          ...{ ...cumulative, isMonotonic: true },
          dataPoints: [
            value(1, {
              exemplars: [
                {
                  ...{ timeUnixNano: '1000000', asDouble: 0.5, spanId: Buffer.alloc(8, 1) },
                  filteredAttributes: [text('trace_id', 'nothex')],
                },
              ],
            }),
          ],
        },
      },
    ],
  ],
  [
    'native histograms of all sorts',
    [
      {
        labels: labels('n'),
        histograms: [
          {
            ...{ countInt: '9', sum: 1.5, schema: 2, zeroThreshold: 0.5, zeroCountInt: '1' },
            positiveSpans: [
              { offset: -1, length: 2 },
              { offset: 1, length: 1 },
            ],
            ...{ positiveDeltas: ['1', '2', '-1'], timestamp: String(MS) },
          },
          {
            ...{ countFloat: 3.6, schema: -53, customValues: [1, 2], timestamp: String(MS) },
            ...{ positiveSpans: [{ length: 3 }], positiveCounts: [1, 1, 1.6] },
          },
          { countInt: '1', resetHint: 3 },
          { countInt: '1', schema: 9 },
          { countInt: '1', positiveSpans: [{ length: 4_000_000_000 }] },
        ],
      },
    ],
    [],
    [
      {
        name: 'n',
        exponentialHistogram: {
          ...cumulative,
          dataPoints: [
            {
              ...{
                timeUnixNano,
                count: '9',
                sum: 1.5,
                scale: 2,
                zeroCount: '1',
                zeroThreshold: 0.5,
              },
              positive: { offset: -2, bucketCounts: ['1', '3', '0', '2'] },
            },
          ],
        },
      },
      {
        name: 'n',
        histogram: {
          ...cumulative,
          dataPoints: [
            {
              ...{ timeUnixNano, count: '4', sum: 0, bucketCounts: ['1', '1', '2'] },
              explicitBounds: [1, 2],
            },
          ],
        },
      },
    ],
    { 'gauge histogram': 1, 'unknown schema': 1, 'too many buckets': 1 },
  ],
]

describe('metrics of samples', () => {
  for (const [name, timeseries, metadata, metrics, dropped = {}] of rows) {
    test(name, () => {
      const all = translated(timeseries, metadata)
      const [{ scopeMetrics: [scoped] = [] } = {} as Plain] = all.request['resourceMetrics'] ?? []
      expect(scoped?.['metrics'] ?? []).toEqual(metrics)
      if (scoped) expect(scoped['scope']).toEqual({ name: 'own' })
      expect(all.dropped).toEqual(dropped)
    })
  }
})

test('resources and scopes from labels and info series', () => {
  const target = { job: 'eu/shop', instance: 'h:9090' }
  const scope = { otel_scope_name: 'lib', otel_scope_version: '1' }
  const { request, items } = translated([
    series('up', 1, { ...target, ...scope }),
    series('up', 1, { job: 'other' }),
    series('target_info', 1, { ...target, host: 'h' }),
    series('otel_scope_info', 1, { ...target, ...scope, mascot: 'bear' }),
  ])
  expect(items).toBe(2)
  const metrics = [{ name: 'up', gauge: { dataPoints: [value(1)] } }]
  expect(request['resourceMetrics']).toEqual([
    {
      resource: {
        attributes: [
          ...[text('service.name', 'eu/shop'), text('service.instance.id', 'h:9090')],
          ...[text('server.address', 'h'), keyValue('server.port', 9090), text('host', 'h')],
        ],
      },
      scopeMetrics: [
        { scope: { name: 'lib', version: '1', attributes: [text('mascot', 'bear')] }, metrics },
      ],
    },
    {
      resource: { attributes: [text('service.name', 'other')] },
      scopeMetrics: [{ scope: { name: 'own' }, metrics }],
    },
  ])
})

test('stale markers are points without a recorded value', () => {
  const builder = new SampleBatchBuilder()
  for (const name of ['up', 'h_count']) {
    builder.beginSeries(encodeLabels(['__name__', name]))
    builder.staleMarker(MS)
    builder.endSeries()
  }
  builder.metadata({ type: 3, family: 'h', help: '', unit: '' })
  const { metrics } = metricsFromSamples(builder.take(), 'own')
  const [
    {
      scopeMetrics: [
        {
          metrics: [up, h],
        } = {} as Plain,
      ] = [],
    } = {} as Plain,
  ] = decodeRequest('metrics', metrics.chunks[0]!)['resourceMetrics'] as Plain[]
  expect(up.gauge.dataPoints).toEqual([{ timeUnixNano, flags: 1 }])
  expect(h.histogram.dataPoints).toEqual([{ timeUnixNano, flags: 1 }])
})

test('there and back again, samples are the same', () => {
  const options = {
    ...{ add_metric_suffixes: true, include_target_info: true, include_scope_info: true },
    ...{ include_scope_labels: true, keep_identifying_resource_attributes: false },
    ...{ resource_to_telemetry_conversion: false, honor_metadata: true },
  }
  const started = { timeUnixNano, startTimeUnixNano: `${MS - 1000}000000` }
  const buckets = { offset: -3, bucketCounts: ['1', '0', '300'] }
  const exemplars = [{ timeUnixNano, asDouble: 0.25, traceId: Buffer.alloc(16, 9) }]
  const request = {
    resourceMetrics: [
      {
        resource: { attributes: [text('service.name', 's'), text('host', 'h')] },
        scopeMetrics: [
          {
            scope: { name: 'lib', version: '2', attributes: [text('mascot', 'bear')] },
            metrics: [
              {
                name: 'g',
                unit: '1',
                gauge: { dataPoints: [value(0.5), { timeUnixNano, flags: 1 }] },
              },
              {
                ...{ name: 'c', unit: 'By', description: 'Bytes.' },
                sum: {
                  ...{ ...cumulative, isMonotonic: true },
                  dataPoints: [{ ...started, asInt: '7', exemplars }],
                },
              },
              {
                ...{ name: 'h', unit: 's' },
                histogram: {
                  ...cumulative,
                  dataPoints: [
                    {
                      ...{ ...started, count: '3', sum: 1.5, exemplars },
                      ...{ bucketCounts: ['1', '2', '0'], explicitBounds: [0.1, 1] },
                    },
                  ],
                },
              },
              {
                name: 'e',
                exponentialHistogram: {
                  ...cumulative,
                  dataPoints: [
                    {
                      ...{
                        ...started,
                        count: '302',
                        sum: 1,
                        scale: 3,
                        zeroCount: '1',
                        zeroThreshold: 0.1,
                      },
                      ...{ positive: buckets, exemplars },
                    },
                  ],
                },
              },
              {
                name: 's',
                summary: {
                  dataPoints: [
                    {
                      ...started,
                      count: '2',
                      sum: 3,
                      quantileValues: [{ quantile: 0.5, value: 1 }],
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  }
  const translator = new SamplesFromMetrics(options)
  const once = translator.translate(receiveBatch('metrics', encodeRequest('metrics', request)))
  const back = metricsFromSamples(once.samples, 'own')
  const again = translator.translate(receiveBatch('metrics', Buffer.concat(back.metrics.chunks)))
  const lines = sampleLines(once.samples)
  expect(lines.length).toBeGreaterThan(20)
  expect(sampleLines(again.samples)).toEqual(lines)
})
