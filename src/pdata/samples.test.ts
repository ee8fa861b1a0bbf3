/** Samples as they are written and read, against protobufjs. */
import { describe, expect, test } from 'vitest'
import {
  decodeMessage,
  decodeRequest,
  encodeMessage,
  encodeRequest,
  type Plain,
  sampleObject,
} from '#support'
import { Batch, type SampleBatch } from './batch.js'
import { decodePairs, encodeLabels } from './labels.js'
import { joinBatches, receiveBatch } from './receive.js'
import { withoutCreated } from './remote-write.js'
import { SampleBatchBuilder } from './sample-batch-builder.js'
import { metadataOf, SampleReader } from './sample-reader.js'

const LABELS = encodeLabels(['__name__', 'up', 'job', 'a'])
const LONG_LABELS = encodeLabels(['__name__', 'up', 'job', 'b'.repeat(300)])
const NOW = 1_700_000_000_000

/** What protobufjs reads, after the scan has. */
function plainOf(batch: SampleBatch): Plain {
  const bytes = Buffer.concat(batch.chunks)
  const again = receiveBatch('samples', bytes)
  expect([batch.items, batch.bytes]).toEqual([again.items, bytes.length])
  if (bytes.length > 0) expect(again.chunks[0]).toBe(bytes)
  return decodeRequest('samples', bytes)
}

/** What the reader gives, as protobufjs would. */
function read(batch: SampleBatch): Plain[] {
  const reader = new SampleReader(batch)
  const all: Plain[] = []
  while (reader.nextSeries()) {
    const { bytes, labelsStart, labelsEnd, createdTimestampMs: created } = reader
    const found: Plain = { ...decodeMessage('TimeSeries', bytes.subarray(labelsStart, labelsEnd)) }
    if (created !== 0) found['createdTimestamp'] = String(created)
    const add = (name: string, point: Plain) => {
      found[name] = [...(found[name] ?? []), point]
    }
    while (reader.nextPoint()) {
      const { kind, timestampMs, pointBody, pointEnd } = reader
      const body = bytes.subarray(pointBody, pointEnd)
      if (kind === 'sample') {
        const sample: Plain = {}
        if (!Object.is(reader.value, 0)) sample['value'] = reader.value
        if (timestampMs !== 0) sample['timestamp'] = String(timestampMs)
        add('samples', sample)
        continue
      }
      const point = decodeMessage(kind === 'histogram' ? 'NativeHistogram' : 'SeriesExemplar', body)
      expect(String(timestampMs)).toBe(point['timestamp'] ?? '0')
      add(`${kind}s`, point)
    }
    all.push(found)
  }
  return all
}

describe('a batch that is built', () => {
  test('of one sample', () => {
    const builder = new SampleBatchBuilder()
    builder.beginSeries(LABELS)
    builder.sample(0.5, NOW)
    builder.endSeries()
    expect([builder.items, builder.bytes]).toEqual([1, LABELS.length + 20])
    const batch = builder.take()
    expect(plainOf(batch)).toEqual({
      timeseries: [
        {
          labels: [
            { name: '__name__', value: 'up' },
            { name: 'job', value: 'a' },
          ],
          samples: [{ value: 0.5, timestamp: String(NOW) }],
        },
      ],
    })
    expect(batch.chunks[0]!.buffer.byteLength).toBe(batch.bytes)
    expect([builder.items, builder.bytes, builder.take()]).toEqual([
      0,
      0,
      new Batch('samples', [], 0, 0),
    ])
  })

  test.each([
    ['short labels', LABELS],
    ['long labels', LONG_LABELS],
    ['no labels', encodeLabels([])],
  ])('of everything, with %s', (_, labels) => {
    const client = { metadata: new Map(), auth: new Map(), address: '::1' }
    const builder = new SampleBatchBuilder(16)
    const histogram = { countInt: '3', positiveDeltas: ['1', '-1'], timestamp: String(NOW) }
    const trace = encodeLabels(['trace_id', 'abc'])
    builder.metadata({ type: 1, family: 'up', help: 'Is it up?', unit: 's' })
    builder.beginSeries(
      Buffer.concat([trace, labels, trace]),
      trace.length,
      trace.length + labels.length,
    )
    builder.sample(0, 0)
    builder.sample(-0, -1)
    builder.sample(Number.POSITIVE_INFINITY, -NOW)
    builder.exemplar(trace, 0.25, NOW)
    builder.exemplar(trace, 0, 0)
    builder.histogram(encodeMessage('NativeHistogram', histogram))
    builder.endSeries(NOW - 5)
    builder.metadata({ type: 0, family: 'up', help: '', unit: '' })
    const batch = builder.take(client)
    expect(batch.client).toBe(client)
    expect(batch.items).toBe(4)
    const labelsRead = decodeMessage('TimeSeries', labels)['labels']
    expect(plainOf(batch)).toEqual({
      metadata: [
        { type: 1, metricFamilyName: 'up', help: 'Is it up?', unit: 's' },
        { metricFamilyName: 'up' },
      ],
      timeseries: [
        {
          ...(labelsRead && { labels: labelsRead }),
          samples: [
            {},
            { value: -0, timestamp: '-1' },
            { value: Number.POSITIVE_INFINITY, timestamp: String(-NOW) },
          ],
          exemplars: [
            { labels: [{ name: 'trace_id', value: 'abc' }], value: 0.25, timestamp: String(NOW) },
            { labels: [{ name: 'trace_id', value: 'abc' }] },
          ],
          histograms: [histogram],
          createdTimestamp: String(NOW - 5),
        },
      ],
    })
    expect(read(batch)).toEqual(plainOf(batch)['timeseries'])
  })

  test('leaves out a series without a point', () => {
    const builder = new SampleBatchBuilder()
    builder.beginSeries(LABELS)
    builder.endSeries(NOW)
    expect(builder.bytes).toBe(0)
  })

  test('has what is copied from another', () => {
    const bytes = encodeRequest('samples', sampleObject('samples', { items: 40 }))
    const batch = receiveBatch('samples', bytes)
    const [builder, reader] = [new SampleBatchBuilder(), new SampleReader(batch)]
    while (reader.nextSeries()) {
      const { bytes, labelsStart, labelsEnd, seriesEnd } = reader
      let items = 0
      while (reader.nextPoint()) if (reader.kind !== 'exemplar') items++
      builder.beginSeries(bytes, labelsStart, labelsEnd)
      builder.copy(bytes, labelsEnd, seriesEnd, items)
      builder.endSeries()
    }
    for (const one of metadataOf(batch)) builder.metadata(one)
    expect(Buffer.concat(builder.take().chunks)).toEqual(bytes)
  })
})

describe('a stale marker', () => {
  const builder = new SampleBatchBuilder()
  builder.beginSeries(LABELS)
  builder.staleMarker(NOW)
  builder.sample(Number.NaN, NOW)
  builder.sample(0, NOW)
  builder.sample(2, NOW)
  builder.endSeries()
  const batch = builder.take()

  test('has its very bits', () => {
    const bits = Buffer.alloc(8)
    bits.writeBigUInt64LE(0x7ff0_0000_0000_0002n)
    expect(Buffer.concat(batch.chunks).includes(bits)).toBe(true)
  })

  test('is told from other numbers, and is one of them', () => {
    const reader = new SampleReader(batch)
    reader.nextSeries()
    const told: unknown[] = []
    while (reader.nextPoint()) told.push([reader.isStale, reader.value])
    expect(told).toEqual([
      [true, Number.NaN],
      [false, Number.NaN],
      [false, 0],
      [false, 2],
    ])
  })
})

describe('the reader', () => {
  test('sees what protobufjs sees, in all chunks', () => {
    const requests = [1, 2, 3].map((seed) =>
      encodeRequest('samples', sampleObject('samples', { items: 30, seed })),
    )
    const batch = joinBatches(requests.map((one) => receiveBatch('samples', one)))
    const { timeseries, metadata } = decodeRequest('samples', Buffer.concat(requests))
    expect(read(batch)).toEqual(timeseries)
    expect(metadataOf(batch).map(({ family }) => family)).toEqual(
      metadata.map((one: Plain) => one['metricFamilyName']),
    )
  })

  test('sees no series where there is none', () => {
    const metadata = encodeRequest('samples', { metadata: [{ help: 'h' }] })
    for (const bytes of [Buffer.alloc(0), metadata]) {
      expect(new SampleReader(receiveBatch('samples', bytes)).nextSeries()).toBe(false)
    }
    expect(metadataOf(receiveBatch('samples', metadata))).toEqual([
      { type: 0, family: '', help: 'h', unit: '' },
    ])
  })

  test('passes over what is unknown', () => {
    const known = encodeMessage('TimeSeries', { samples: [{ value: 1, timestamp: '5' }] })
    const unknown = Buffer.from([0xf0, 0x7f, 1])
    const series = Buffer.concat([LABELS, unknown, known, unknown])
    const bytes = Buffer.concat([unknown, Buffer.from([0x0a, series.length]), series, unknown])
    const reader = new SampleReader(receiveBatch('samples', bytes))
    expect(reader.nextSeries()).toBe(true)
    expect(decodePairs(reader.bytes, reader.labelsStart, reader.labelsEnd)).toContain('up')
    expect(reader.nextPoint()).toBe(true)
    expect([reader.value, reader.timestampMs, reader.createdTimestampMs]).toEqual([1, 5, 0])
    expect([reader.nextPoint(), reader.nextSeries()]).toEqual([false, false])
  })
})

describe('for remote-write 1.0', () => {
  const withCreated = receiveBatch(
    'samples',
    encodeRequest('samples', sampleObject('samples', { items: 30 })),
  )

  test('creation times go, and nothing else', () => {
    const { timeseries, metadata } = plainOf(withCreated)
    const stripped = withoutCreated(withCreated)
    const expected = timeseries.map(({ createdTimestamp: _, ...rest }: Plain) => rest)
    expect(plainOf(stripped)).toEqual({ timeseries: expected, metadata })
    expect(timeseries).not.toEqual(expected)
    expect(stripped.items).toBe(withCreated.items)
  })

  test('what has none is the same batch', () => {
    const stripped = withoutCreated(withCreated)
    expect(withoutCreated(stripped)).toBe(stripped)
  })
})

test('a large batch is taken in chunks of whole series', () => {
  const builder = new SampleBatchBuilder()
  for (let round = 0; round < 2; round++) {
    const names = Array.from({ length: 5000 }, (_, n) => `series_${n}`.padEnd(n % 90, '_'))
    for (const [n, name] of names.entries()) {
      const labels = encodeLabels(['__name__', name, 'job', 'a'])
      if (n % 2 === 0) builder.beginSeries(labels)
      else {
        builder.openSeries().raw(labels)
        builder.endLabels()
      }
      // One without a sample is dropped.
      if (n % 11 !== 0) builder.sample(n, NOW)
      builder.endSeries(n % 3 === 0 ? NOW : 0)
    }
    const batch = builder.take()
    expect(batch.chunks.length).toBeGreaterThan(2)
    const items = batch.chunks.map((chunk) => receiveBatch('samples', chunk).items)
    expect(items.reduce((sum, one) => sum + one, 0)).toBe(batch.items)
    const whole = plainOf(batch)
    const found = (whole['timeseries'] as Plain[]).map(({ labels }) => labels[0].value as string)
    expect(found).toEqual(names.filter((_, n) => n % 11 !== 0))
  }
})
