/** Joining and splitting samples and entries keep all there is, as protobufjs reads it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRequest, encodeRequest, type Plain, randomFrom, randomMessage } from '#support'
import { MalformedData, REQUEST } from '#wire'
import type { Batch } from './batch.js'
import { joinBatches, receiveBatch } from './receive.js'
import { splitBatch, splitBatchBytes } from './split.js'

type Kind = 'samples' | 'entries'

const name = fc.constantFrom('a', 'b', 'grün', '__name__', 'x'.repeat(130))
const label = fc.record({ name, value: fc.string({ maxLength: 20 }) })
const time = fc.maxSafeInteger().map(String)
const list = <T>(one: fc.Arbitrary<T>, maxLength: number) => fc.array(one, { maxLength })
const double = fc.double()

const series = fc.record(
  {
    labels: list(label, 4),
    samples: list(fc.record({ value: double, timestamp: time }), 5),
    exemplars: list(fc.record({ labels: list(label, 2), value: double, timestamp: time }), 2),
    histograms: list(fc.record({ countInt: fc.nat().map(String), timestamp: time }), 3),
    createdTimestamp: time,
  },
  { requiredKeys: ['labels'] },
)
const family = fc.record({ type: fc.nat(7), metricFamilyName: name, help: fc.string() })
const stream = fc.record({
  labels: fc.constantFrom('{job="a"}', '{}', `{job="${'b'.repeat(140)}"}`),
  entries: list(
    fc.record({
      timestamp: fc.record({ seconds: time, nanos: fc.nat(999_999_999) }),
      line: fc.string({ maxLength: 200 }),
      structuredMetadata: list(label, 2),
    }),
    6,
  ),
  hash: fc.nat().map(String),
})

const REQUESTS: Readonly<Record<Kind, fc.Arbitrary<Plain>>> = {
  samples: fc.record({ timeseries: list(series, 5), metadata: list(family, 2) }),
  entries: fc.record({ streams: list(stream, 4) }),
}

/** Several requests, joined. */
const arbitrary = fc.constantFrom<Kind>('samples', 'entries').chain((kind) =>
  fc.array(REQUESTS[kind], { minLength: 1, maxLength: 3 }).map((requests) => {
    const batches = requests.map((one) => receiveBatch(kind, encodeRequest(kind, one)))
    return { kind, requests, whole: joinBatches<Kind>(batches) }
  }),
)

/** What there is, by sort: each thing as JSON behind the JSON of what it lies in. */
function contentOf(kind: Kind, request: Plain): Record<string, string[]> {
  const content: Record<string, string[]> = {}
  const add = (sort: string, around: unknown, things: Plain[] = []) => {
    const told = things.map((thing) => JSON.stringify([around, thing]))
    if (told.length > 0) content[sort] = [...(content[sort] ?? []), ...told]
  }
  if (kind === 'entries') {
    for (const { entries, ...around } of request['streams'] ?? []) add('entries', around, entries)
    return content
  }
  for (const one of request['timeseries'] ?? []) {
    const { samples, histograms, exemplars, ...around } = one as Plain
    add('samples', around, samples as Plain[])
    add('histograms', around, histograms as Plain[])
    add('exemplars', around, exemplars as Plain[])
  }
  add('metadata', null, request['metadata'])
  return content
}

function readAll(kind: Kind, batches: readonly Batch[]): Record<string, string[]> {
  const bytes = Buffer.concat(batches.flatMap(({ chunks }) => chunks))
  return contentOf(kind, decodeRequest(kind, bytes))
}

const itemsIn = (content: Record<string, string[]>) =>
  ['samples', 'histograms', 'entries'].reduce((sum, one) => sum + (content[one]?.length ?? 0), 0)

function expectSame(kind: Kind, whole: Batch, parts: readonly Batch[]) {
  const content = readAll(kind, [whole])
  expect(readAll(kind, parts)).toEqual(content)
  expect(whole.items).toBe(itemsIn(content))
  for (const part of parts) {
    const bytes = Buffer.concat(part.chunks)
    const again = receiveBatch(kind, bytes)
    expect([part.items, part.bytes]).toEqual([again.items, bytes.length])
    // What was regular has stayed so.
    if (bytes.length > 0) expect(again.chunks[0]).toBe(bytes)
    expect(part.signal).toBe(kind)
  }
}

test('joined, they are what each of them was', () => {
  fc.assert(
    fc.property(arbitrary, ({ kind, requests, whole }) => {
      const each = requests.map((one) =>
        contentOf(kind, decodeRequest(kind, encodeRequest(kind, one))),
      )
      const sorts = new Set(each.flatMap((one) => Object.keys(one)))
      const all = [...sorts].map((sort) => [sort, each.flatMap((one) => one[sort] ?? [])])
      expect(readAll(kind, [whole])).toEqual(Object.fromEntries(all))
    }),
    { seed: 1, numRuns: 100 },
  )
})

test('by items: every part but the last is full', () => {
  fc.assert(
    fc.property(arbitrary, fc.integer({ min: 1, max: 12 }), ({ kind, whole }, max) => {
      const parts = splitBatch(whole, max)
      expectSame(kind, whole, parts)
      for (const part of parts.slice(0, -1)) expect(part.items).toBe(max)
      expect(parts.at(-1)!.items).toBeLessThanOrEqual(max)
    }),
    { seed: 2, numRuns: 300 },
  )
})

test('by bytes: no part is larger, unless it is one item or none', () => {
  fc.assert(
    fc.property(arbitrary, fc.integer({ min: 1, max: 900 }), ({ kind, whole }, max) => {
      const parts = splitBatchBytes(whole, max)
      expectSame(kind, whole, parts)
      for (const part of parts) if (part.items > 1) expect(part.bytes).toBeLessThanOrEqual(max)
    }),
    { seed: 3, numRuns: 300 },
  )
})

test.each(['samples', 'entries'] as const)('%s as no sender writes them', (kind) => {
  let split = 0
  for (let seed = 1; seed <= 400; seed++) {
    const whole = received(kind, randomMessage(REQUEST[kind], randomFrom(seed)))
    if (!whole) continue
    const parts = splitBatch(whole, 1)
    expect(readAll(kind, parts)).toEqual(readAll(kind, [whole]))
    if (parts.length > 1) split++
  }
  expect(split).toBeGreaterThan(20)
})

function received(kind: Kind, bytes: Uint8Array): Batch | undefined {
  try {
    return receiveBatch(kind, bytes)
  } catch (error) {
    if (error instanceof MalformedData) return undefined
    throw error
  }
}

test('exemplars and metadata alone are carried, and only once', () => {
  const labels = [{ name: 'a', value: 'b' }]
  const exemplars = [{ labels, value: 1 }]
  const timeseries = [
    { labels, exemplars },
    { labels, samples: [{ value: 1 }, { value: 2 }, { value: 3 }], exemplars },
  ]
  const bytes = encodeRequest('samples', { timeseries, metadata: [{ metricFamilyName: 'a' }] })
  const batch = receiveBatch('samples', bytes)
  expect(batch.items).toBe(3)
  const parts = splitBatch(batch, 1)
  expect(parts.map((part) => part.items)).toEqual([1, 1, 1])
  expect(readAll('samples', parts)).toEqual(readAll('samples', [batch]))
  const bare = receiveBatch('samples', encodeRequest('samples', { metadata: [{ help: 'h' }] }))
  expect([bare.items, splitBatch(bare, 1)]).toEqual([0, [bare]])
  expect(joinBatches([bare, batch, bare])).toMatchObject({
    items: 3,
    bytes: bytes.length + 2 * bare.bytes,
  })
})
