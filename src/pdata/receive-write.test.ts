import { describe, expect, test } from 'vitest'
import {
  encodeWriteTwo,
  metadataOf,
  receiveBatch,
  receiveWriteOne,
  receiveWriteTwo,
  SampleReader,
} from '#pdata'
import { decodeMessage, encodeMessage, type Plain, randomFrom } from '#support'
import { MalformedData } from '#wire'
import { sampleSeries } from '../../test/support/series.js'

const ALL = { metadata: true, typeAndUnitLabels: false }

type Labels = readonly (readonly [string, string])[]
const one = (labels: Labels, rest: Plain = {}): Plain => ({
  labels: labels.map(([name, value]) => ({ name, value })),
  samples: [{ value: 1, timestamp: '5' }],
  ...rest,
})
const receiveOne = (request: Plain, options = ALL) =>
  receiveWriteOne(encodeMessage('WriteRequest', request), options)

/** The request as 2.0 has it, written without any of the code under test. */
function asTwo({ timeseries = [] }: Plain): Plain {
  const symbols = ['']
  const refOf = (text: string) =>
    symbols.includes(text) ? symbols.indexOf(text) : symbols.push(text) - 1
  return {
    timeseries: (timeseries as Plain[]).map(({ labels, ...rest }) => ({
      labelsRefs: (labels as Plain[]).flatMap(({ name, value }) => [refOf(name), refOf(value)]),
      ...rest,
    })),
    symbols,
  }
}
const receiveTwo = (request: Plain, options = ALL) =>
  receiveWriteTwo(encodeMessage('WriteRequestV2', request), options)

const plainOf = ({ chunks }: { chunks: readonly Uint8Array[] }) =>
  decodeMessage('WriteRequest', Buffer.concat(chunks))

test('a request of 1.0 stays as it is', () => {
  const bytes = encodeMessage('WriteRequest', sampleSeries(100, 8, randomFrom(1)))
  const { batch, counts, refused, reason } = receiveWriteOne(bytes, ALL)
  expect(batch.chunks[0]).toBe(bytes)
  expect(counts.sample + counts.histogram).toBe(batch.items)
  expect([batch.items, counts.exemplar > 0, refused, reason]).toEqual([100, true, 0, undefined])
})

test('metadata goes where it is not wanted, and nothing else', () => {
  const plain = sampleSeries(100, 8, randomFrom(1))
  const { batch } = receiveOne(plain, { ...ALL, metadata: false })
  const { metadata: _, ...rest } = decodeMessage(
    'WriteRequest',
    encodeMessage('WriteRequest', plain),
  )
  expect(plainOf(batch)).toEqual(rest)
  expect(batch.items).toBe(100)
})

test('metadata alone is a batch without items, or nothing', () => {
  const metadata = [{ type: 1, metricFamilyName: 'x', help: 'y' }]
  expect(receiveOne({ metadata }).batch).toMatchObject({ items: 0, chunks: [expect.anything()] })
  expect(receiveOne({ metadata }, { ...ALL, metadata: false }).batch.chunks).toEqual([])
})

test.each([1, 2, 3])('a request of 2.0 becomes the samples it was made of, seed %i', (seed) => {
  const plain = sampleSeries(500, 12, randomFrom(seed))
  const batch = receiveBatch('samples', encodeMessage('WriteRequest', plain))
  const families = new Map(metadataOf(batch).map((family) => [family.family, family]))
  const bytes = Buffer.concat(
    encodeWriteTwo(batch, (metric) => families.get(metric.replace(/_(bucket|count|sum)$/, ''))),
  )
  const received = receiveWriteTwo(bytes, ALL)
  const { timeseries } = plainOf(batch)
  expect(plainOf(received.batch)['timeseries']).toEqual(withExemplarsLast(timeseries as Plain[]))
  expect(received.batch.items).toBe(500)
  expect([received.refused, received.reason]).toEqual([0, undefined])
})

/** Where counting began is only said of samples, so without one it is not known. */
function withExemplarsLast(timeseries: readonly Plain[]): readonly Plain[] {
  return timeseries.map(({ createdTimestamp, ...rest }) =>
    createdTimestamp !== undefined && (rest['samples'] || rest['histograms'])
      ? { ...rest, createdTimestamp }
      : rest,
  )
}

describe.each([
  ['1.0', receiveOne],
  ['2.0', (request: Plain) => receiveTwo(asTwo(request))],
])('labels of %s', (_, receive) => {
  const sorted = one([
    ['__name__', 'm'],
    ['a', '1'],
    ['b', '2'],
  ])
  const rows: readonly (readonly [string, Labels])[] = [
    [
      'in another order are sorted',
      [
        ['b', '2'],
        ['__name__', 'm'],
        ['a', '1'],
      ],
    ],
    [
      'that are empty are none',
      [
        ['__name__', 'm'],
        ['a', '1'],
        ['b', '2'],
        ['c', ''],
      ],
    ],
  ]
  test.each(rows)('%s', (_, labels) => {
    const { batch, counts, refused } = receive({ timeseries: [one(labels)] })
    expect(plainOf(batch)).toEqual({ timeseries: [sorted] })
    expect([counts.sample, refused]).toEqual([1, 0])
  })

  const refusals: readonly (readonly [string, Labels, string])[] = [
    ['no metric name', [['a', '1']], 'a series without a metric name: {a="1"}'],
    ['an empty metric name', [['__name__', '']], 'a series without a metric name: {__name__=""}'],
    ['none at all', [], 'a series without a metric name: {}'],
    [
      'one twice',
      [
        ['__name__', 'm'],
        ['a', '1'],
        ['a', '2'],
      ],
      'the label "a" is there twice, in a series of "m"',
    ],
    [
      'one without a name',
      [
        ['__name__', 'm'],
        ['', 'x'],
      ],
      'a label without a name, of the value "x"',
    ],
  ]
  test.each(refusals)('%s: the series is left out', (_, labels, reason) => {
    const bad = one(labels, { exemplars: [{ labels: [], labelsRefs: [], value: 1 }] })
    const received = receive({ timeseries: [sorted, bad, sorted] })
    expect(plainOf(received.batch)).toEqual({ timeseries: [sorted, sorted] })
    expect(received.batch.items).toBe(2)
    expect(received).toMatchObject({ refused: 1, reason })
    expect(received.counts).toEqual({ sample: 2, histogram: 0, exemplar: 0 })
  })
})

describe('2.0', () => {
  const symbols = ['', '__name__', 'm_bucket', 'help', 'seconds', 'trace_id', 'x']
  const series = (rest: Plain): Plain => ({ labelsRefs: [1, 2], ...rest })
  const LABELS = [{ name: '__name__', value: 'm_bucket' }]
  const sample = (startTimestamp?: string): Plain => ({
    value: 1,
    timestamp: '50',
    ...(startTimestamp && { startTimestamp }),
  })

  test('points that began at different times are series of their own', () => {
    const samples = [sample('10'), sample('10'), sample('20')]
    const { batch, counts } = receiveTwo({ symbols, timeseries: [series({ samples })] })
    expect(plainOf(batch)['timeseries']).toEqual([
      { labels: LABELS, samples: [sample(), sample()], createdTimestamp: '10' },
      { labels: LABELS, samples: [sample()], createdTimestamp: '20' },
    ])
    expect(counts.sample).toBe(3)
  })

  test('the created timestamp of senders before rc.4 stays', () => {
    const timeseries = [series({ samples: [sample()], createdTimestamp: '7' })]
    expect(plainOf(receiveTwo({ symbols, timeseries }).batch)['timeseries']).toEqual([
      { labels: LABELS, samples: [sample()], createdTimestamp: '7' },
    ])
  })

  test('metadata becomes that of the family, once', () => {
    const about = series({ samples: [sample()], metadata: { type: 3, helpRef: 3, unitRef: 4 } })
    const { batch } = receiveTwo({ symbols, timeseries: [about, about] })
    expect(metadataOf(batch)).toEqual([{ type: 3, family: 'm', help: 'help', unit: 'seconds' }])
    const without = receiveTwo({ symbols, timeseries: [about] }, { ...ALL, metadata: false })
    expect(metadataOf(without.batch)).toEqual([])
  })

  test('type and unit become labels where that is asked for', () => {
    const about = series({ samples: [sample()], metadata: { type: 1, unitRef: 4 } })
    const { batch } = receiveTwo(
      { symbols, timeseries: [about] },
      { metadata: false, typeAndUnitLabels: true },
    )
    expect(plainOf(batch)['timeseries'][0].labels).toEqual([
      { name: '__name__', value: 'm_bucket' },
      { name: '__type__', value: 'counter' },
      { name: '__unit__', value: 'seconds' },
    ])
  })

  test('a marker of the end stays one', () => {
    const bytes = encodeMessage('WriteRequestV2', {
      symbols,
      timeseries: [series({ samples: [{ value: Number.NaN, timestamp: '5' }] })],
    })
    const at = bytes.indexOf(Buffer.from([0, 0, 0, 0, 0, 0, 0xf8, 0x7f]))
    Buffer.from([2, 0, 0, 0, 0, 0, 0xf0, 0x7f]).copy(bytes, at)
    const reader = new SampleReader(receiveWriteTwo(bytes, ALL).batch)
    expect([reader.nextSeries(), reader.nextPoint(), reader.isStale]).toEqual([true, true, true])
  })

  test('an exemplar alone is taken', () => {
    const exemplars = [{ labelsRefs: [5, 6], value: 3, timestamp: '4' }]
    const { batch, counts } = receiveTwo({ symbols, timeseries: [series({ exemplars })] })
    expect([batch.items, counts.exemplar]).toEqual([0, 1])
    expect(plainOf(batch)['timeseries'][0].exemplars).toEqual([
      { labels: [{ name: 'trace_id', value: 'x' }], value: 3, timestamp: '4' },
    ])
  })

  const broken: readonly (readonly [string, Plain])[] = [
    ['labels', { labelsRefs: [1, 99] }],
    ['half a label', { labelsRefs: [1, 2, 3] }],
    ['help', { metadata: { helpRef: 99 } }],
    ['unit', { metadata: { unitRef: 99 } }],
  ]
  test.each(broken)('a reference to nothing, of %s, leaves the series out', (_, rest) => {
    const timeseries = [series({ samples: [sample()], ...rest })]
    expect(receiveTwo({ symbols, timeseries })).toMatchObject({
      refused: 1,
      reason: 'a series refers to symbols that are not there',
    })
  })

  test('an exemplar that refers to nothing is left out', () => {
    const exemplars = [{ labelsRefs: [5, 99], value: 3 }]
    const timeseries = [series({ samples: [sample()], exemplars })]
    expect(receiveTwo({ symbols, timeseries })).toMatchObject({
      counts: { sample: 1, exemplar: 0 },
      reason: 'labels of an exemplar refer to symbols that are not there',
    })
  })

  test('symbols may come behind the series', () => {
    const [first, last] = [{ timeseries: [series({ samples: [sample()] })] }, { symbols }]
    const bytes = Buffer.concat([first, last].map((one) => encodeMessage('WriteRequestV2', one)))
    expect(plainOf(receiveWriteTwo(bytes, ALL).batch)['timeseries']).toEqual([
      { labels: LABELS, samples: [sample()] },
    ])
  })

  test('the first symbol must be the empty one', () => {
    expect(() => receiveTwo({ symbols: ['a'], timeseries: [] })).toThrow(MalformedData)
  })

  test('nothing is a valid request', () => {
    expect(receiveWriteTwo(new Uint8Array(0), ALL).batch.chunks).toEqual([])
  })
})
