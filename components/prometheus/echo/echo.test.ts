import { describe, expect, test } from 'vitest'
import { encodeLabels, receiveBatch, SampleBatchBuilder } from '#pdata'
import { Retryable } from '#sdk'
import { encodeRequest, fakeContext, type Plain } from '#support'
import { checkBody } from '../../../test/support/component-body.js'
import { batchOf, runComponent } from '../../../test/support/running-component.js'
import definition from './echo.js'
import { exposition } from './exposition.js'

const NOW = 1_700_000_000_123

const labels = (...pairs: string[]) => {
  const found: Plain[] = []
  for (let n = 0; n < pairs.length; n += 2) found.push({ name: pairs[n], value: pairs[n + 1] })
  return found
}
const sample = (value: number, timestamp = NOW) => ({ value, timestamp: String(timestamp) })

const rows: readonly (readonly [string, Plain, readonly string[], readonly string[]])[] = [
  ['nothing', {}, [], ['# EOF']],
  [
    'samples',
    {
      timeseries: [
        { labels: labels('__name__', 'up', 'job', 'a'), samples: [sample(1), sample(0.5, 0)] },
      ],
    },
    ['up{job="a"} 1 1700000000123', 'up{job="a"} 0.5'],
    ['up{job="a"} 1 1700000000.123', 'up{job="a"} 0.5', '# EOF'],
  ],
  [
    'numbers of all kinds',
    {
      timeseries: [
        {
          labels: labels('__name__', 'a'),
          samples: [
            -0,
            1e300,
            5e-324,
            Number.NaN,
            Number.POSITIVE_INFINITY,
            Number.NEGATIVE_INFINITY,
          ].map((value) => ({ value })),
        },
      ],
    },
    ['a -0', 'a 1e+300', 'a 5e-324', 'a NaN', 'a +Inf', 'a -Inf'],
    ['a -0', 'a 1e+300', 'a 5e-324', 'a NaN', 'a +Inf', 'a -Inf', '# EOF'],
  ],
  [
    'families by name, with what is known of them',
    {
      timeseries: [
        { labels: labels('__name__', 'z'), samples: [sample(1, 0)] },
        { labels: labels('__name__', 'b_total'), samples: [sample(2, 0)] },
        { labels: labels('__name__', 'z', 'n', '2'), samples: [sample(3, 0)] },
      ],
      metadata: [
        { type: 2, metricFamilyName: 'z', help: 'It\'s "z"\n\\', unit: 'seconds' },
        { type: 1, metricFamilyName: 'b', help: '', unit: '' },
        { type: 6, metricFamilyName: 'c' },
        { type: 99, metricFamilyName: 'd' },
      ],
    },
    [
      ...['# TYPE b counter', 'b_total 2', '# TYPE c gauge'],
      ...['# HELP z It\'s "z"\\n\\\\', '# TYPE z gauge', 'z 1', 'z{n="2"} 3'],
    ],
    [
      ...['# TYPE b counter', 'b_total 2', '# TYPE c info'],
      ...[
        '# HELP z It\'s \\"z\\"\\n\\\\',
        '# TYPE z gauge',
        '# UNIT z seconds',
        'z 1',
        'z{n="2"} 3',
      ],
      '# EOF',
    ],
  ],
  [
    'names and values that need quotes',
    {
      timeseries: [
        {
          labels: labels('__name__', 'http.requests', 'my label', 'a"b\n\\', 'ok', 'grün'),
          samples: [sample(1, 0)],
        },
        { labels: labels('no', '__name__'), samples: [sample(2, 0)] },
      ],
      metadata: [{ type: 1, metricFamilyName: 'http.requests' }],
    },
    [
      '{"",no="__name__"} 2',
      '# TYPE "http.requests" counter',
      '{"http.requests","my label"="a\\"b\\n\\\\",ok="grün"} 1',
    ],
    [
      '{"",no="__name__"} 2',
      '# TYPE "http.requests" counter',
      '{"http.requests","my label"="a\\"b\\n\\\\",ok="grün"} 1',
      '# EOF',
    ],
  ],
  [
    'exemplars and creation times',
    {
      timeseries: [
        {
          labels: labels('__name__', 'a_total', 'n', '1'),
          samples: [sample(1), sample(2)],
          exemplars: [{ labels: labels('trace_id', 'abc'), value: 0.25, timestamp: String(NOW) }],
          createdTimestamp: '1700000000000',
        },
        { labels: labels('__name__', 'alone'), exemplars: [{ labels: labels('a', 'b') }] },
      ],
    },
    ['a_total{n="1"} 1 1700000000123', 'a_total{n="1"} 2 1700000000123'],
    [
      'a_total{n="1"} 1 1700000000.123',
      'a_total{n="1"} 2 1700000000.123 # {trace_id="abc"} 0.25 1700000000.123',
      'a_created{n="1"} 1700000000',
      '# EOF',
    ],
  ],
  [
    'native histograms',
    {
      timeseries: [
        {
          labels: labels('__name__', 'h'),
          histograms: [{ countInt: '7', sum: 1.5, timestamp: '5' }],
        },
        { labels: labels('__name__', 'h', 'n', '2'), histograms: [{ countFloat: 0.5 }] },
      ],
    },
    ['# TYPE h histogram', 'h_count 7 5', 'h_sum 1.5 5', 'h_count{n="2"} 0.5', 'h_sum{n="2"} 0'],
    [
      ...['# TYPE h histogram', 'h_count 7 0.005', 'h_sum 1.5 0.005'],
      ...['h_count{n="2"} 0.5', 'h_sum{n="2"} 0', '# EOF'],
    ],
  ],
]

describe.each(rows)('%s', (_, request, text, openMetrics) => {
  const batch = receiveBatch('samples', encodeRequest('samples', request))
  test.each([
    ['text', text],
    ['openmetrics', openMetrics],
  ] as const)('as %s', (format, lines) => {
    expect(exposition(batch, format)).toBe(lines.map((line) => `${line}\n`).join(''))
  })
})

test('a stale marker is a NaN', () => {
  const builder = new SampleBatchBuilder()
  builder.beginSeries(encodeLabels(['__name__', 'up']))
  builder.staleMarker(5)
  builder.endSeries()
  expect(exposition(builder.take(), 'text')).toBe('up NaN 5\n')
})

test('a batch is written at once, and has left', async () => {
  const all = await runComponent(definition, 'format = "openmetrics"')
  await all.give(batchOf('samples', 30))
  const text = all.world.fake.contents.get('stdout')!
  expect(text).toMatch(/^# HELP [\s\S]*\n# EOF\n$/)
  expect(all.ledger.counts('samples')).toMatchObject({ entered: 30, left: 30 })
})

test('output that cannot be written is logged, and the data has been delivered', async () => {
  const context = fakeContext()
  context.files.append = () => Promise.reject(new Retryable('cannot write stdout: no space left'))
  const all = await runComponent(definition, '', undefined, { files: context.files })
  await all.give(batchOf('samples'))
  expect(all.lines.join()).toContain('cannot write stdout: no space left')
  expect(all.ledger.counts('samples')).toMatchObject({ entered: 3, left: 3 })
})

test('another format is an error', () => {
  expect(checkBody(definition, 'format = "json"').diagnostics).toMatchObject([
    { code: 'wrong-type' },
  ])
})
