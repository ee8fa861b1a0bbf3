/** Log lines as they are written and read, against protobufjs. */
import { describe, expect, test } from 'vitest'
import { decodeRequest, encodeMessage, encodeRequest, type Plain, sampleObject } from '#support'
import { Batch, type EntryBatch } from './batch.js'
import { EntryBatchBuilder } from './entry-batch-builder.js'
import { EntryReader } from './entry-reader.js'
import { decodePairs, encodeStructuredMetadata } from './labels.js'
import { joinBatches, receiveBatch } from './receive.js'

function plainOf(batch: EntryBatch): Plain {
  const bytes = Buffer.concat(batch.chunks)
  const again = receiveBatch('entries', bytes)
  expect([batch.items, batch.bytes]).toEqual([again.items, bytes.length])
  if (bytes.length > 0) expect(again.chunks[0]).toBe(bytes)
  return decodeRequest('entries', bytes)
}

/** Time, line and metadata of each entry, behind the labels of its stream. */
function read(batch: EntryBatch): unknown[] {
  const reader = new EntryReader(batch)
  const all: unknown[] = []
  while (reader.nextStream()) {
    const { labels } = reader
    all.push(labels)
    while (reader.nextEntry()) {
      const { seconds, nanos, line, metadataBytes, metadataStart, metadataEnd } = reader
      all.push([seconds, nanos, line, ...decodePairs(metadataBytes, metadataStart, metadataEnd)])
    }
  }
  return all
}

function readPlain({ streams = [] }: Plain): unknown[] {
  return streams.flatMap(({ labels = '', entries = [] }: Plain) => [
    labels,
    ...entries.map(({ timestamp = {}, line = '', structuredMetadata = [] }: Plain) => [
      ...[Number(timestamp.seconds ?? 0), timestamp.nanos ?? 0, line],
      ...structuredMetadata.flatMap(({ name = '', value = '' }: Plain) => [name, value]),
    ]),
  ])
}

describe('a batch that is built', () => {
  test('has what was written', () => {
    const client = { metadata: new Map(), auth: new Map(), address: '::1' }
    const metadata = encodeStructuredMetadata(['trace_id', 'abc', 'b', ''])
    const builder = new EntryBatchBuilder(16)
    builder.beginStream('{job="a"}')
    builder.entry(1_700_000_000, 999_999_999, 'a line')
    builder.entry(0, 0, Buffer.from('grün'), metadata)
    builder.entry(
      -1,
      5,
      'x'.repeat(20_000),
      Buffer.concat([metadata, metadata]),
      0,
      metadata.length,
    )
    builder.endStream()
    builder.beginStream(Buffer.from('{job="none"}'))
    builder.endStream()
    builder.beginStream('')
    builder.entry(5, 0, '')
    builder.endStream()
    expect(builder.items).toBe(4)
    const { bytes } = builder
    const batch = builder.take(client)
    expect([batch.bytes, batch.client]).toEqual([bytes, client])
    expect(batch.chunks[0]!.buffer.byteLength).toBe(batch.bytes)
    const structuredMetadata = [{ name: 'trace_id', value: 'abc' }, { name: 'b' }]
    expect(plainOf(batch)).toEqual({
      streams: [
        {
          labels: '{job="a"}',
          entries: [
            { timestamp: { seconds: '1700000000', nanos: 999_999_999 }, line: 'a line' },
            { timestamp: {}, line: 'grün', structuredMetadata },
            {
              timestamp: { seconds: '-1', nanos: 5 },
              line: 'x'.repeat(20_000),
              structuredMetadata,
            },
          ],
        },
        { entries: [{ timestamp: { seconds: '5' } }] },
      ],
    })
    expect(read(batch)).toEqual(readPlain(plainOf(batch)))
    expect([builder.items, builder.bytes, builder.take()]).toEqual([
      0,
      0,
      new Batch('entries', [], 0, 0),
    ])
  })

  test('has what is copied from another', () => {
    const bytes = encodeRequest('entries', sampleObject('entries', { items: 40 }))
    const [builder, reader] = [
      new EntryBatchBuilder(),
      new EntryReader(receiveBatch('entries', bytes)),
    ]
    while (reader.nextStream()) {
      builder.beginStream(reader.bytes.subarray(reader.labelsStart, reader.labelsEnd))
      while (reader.nextEntry()) builder.copy(reader.bytes, reader.entryStart, reader.entryEnd)
      builder.endStream()
    }
    const { streams } = decodeRequest('entries', bytes)
    expect(plainOf(builder.take())).toEqual({
      streams: streams.map(({ hash: _, ...rest }: Plain) => rest),
    })
  })
})

describe('the reader', () => {
  test('sees what protobufjs sees, in all chunks', () => {
    const requests = [1, 2, 3].map((seed) =>
      encodeRequest('entries', sampleObject('entries', { items: 30, seed })),
    )
    const batch = joinBatches(requests.map((one) => receiveBatch('entries', one)))
    expect(read(batch)).toEqual(readPlain(decodeRequest('entries', Buffer.concat(requests))))
  })

  test('sees nothing where there is nothing', () => {
    for (const request of [{}, { streams: [{ labels: '{}' }] }, { streams: [{}] }]) {
      const batch = receiveBatch('entries', encodeRequest('entries', request))
      expect(read(batch)).toEqual(readPlain(request))
    }
  })

  test('puts together structured metadata that lies in pieces', () => {
    const [one, two] = [encodeStructuredMetadata(['a', '1']), encodeStructuredMetadata(['b', '2'])]
    const line = encodeMessage('EntryAdapter', { line: 'text' })
    const unknown = Buffer.from([0x50, 1])
    const entry = Buffer.concat([unknown, one, line, two, unknown])
    const bytes = encodeRequest('entries', { streams: [{ labels: '{}' }] })
    const stream = Buffer.concat([bytes.subarray(2), Buffer.from([0x12, entry.length]), entry])
    const request = Buffer.concat([Buffer.from([0x0a, stream.length]), stream])
    const batch = receiveBatch('entries', request)
    expect(batch.chunks[0]).toBe(request)
    expect(read(batch)).toEqual(['{}', [0, 0, 'text', 'a', '1', 'b', '2']])
  })
})
