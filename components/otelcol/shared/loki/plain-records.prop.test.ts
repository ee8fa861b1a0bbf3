/** What WebAssembly writes against what JavaScript writes: the same streams, byte for byte. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Batch, type EntryBatch, receiveBatch } from '#pdata'
import {
  encodeRequest,
  keyValue,
  type Plain,
  randomFrom,
  randomMessage,
  sampleRequest,
} from '#support'
import { FieldReader, MalformedData } from '#wire'
import { LogsToEntries } from './logs-to-entries.js'

const now = () => 1_700_000_000_123.5
const fast = new LogsToEntries(now)
const slow = new LogsToEntries(now, true)

function compare(logs: Batch<'logs'>): void {
  const expected = slow.convert(logs)
  // One that has seen much takes less upon it than a new one.
  for (const converter of [fast, new LogsToEntries(now)]) {
    const found = converter.convert(logs)
    expect([found.items, found.bytes]).toEqual([expected.items, expected.bytes])
    expect(streamsOf(found)).toEqual(streamsOf(expected))
  }
}

/** In any order: one that JavaScript writes to comes before those that wait in slots. */
function streamsOf({ chunks }: EntryBatch): readonly string[] {
  const bytes = Buffer.concat(chunks)
  const reader = new FieldReader(bytes, 0, bytes.length)
  const all: string[] = []
  while (reader.next()) all.push(bytes.toString('latin1', reader.start, reader.end))
  return all.sort()
}

const text = (maxLength: number) =>
  fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength }),
    fc.string({ unit: 'grapheme', maxLength }),
    fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\u0001', '\u007f', 'é'), maxLength }),
  )
const double = fc.oneof(fc.double(), fc.constantFrom(-0, 1e21, 5e-324, Number.NaN))
const value: fc.Arbitrary<Plain> = fc.oneof(
  text(40).map((stringValue) => ({ stringValue })),
  fc.integer({ min: 100, max: 9000 }).map((size) => ({ stringValue: 'x"\n'.repeat(size) })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => ({ intValue: String(n) })),
  fc.integer({ min: -2, max: 2 ** 28 + 2 }).map((n) => ({ intValue: String(n) })),
  double.map((doubleValue) => ({ doubleValue })),
  fc.boolean().map((boolValue) => ({ boolValue })),
  fc.uint8Array({ maxLength: 9 }).map((bytesValue) => ({ bytesValue })),
  fc.array(fc.constant({}), { maxLength: 5 }).map((values) => ({ arrayValue: { values } })),
  fc.array(fc.constant({ value: {} }), { maxLength: 5 }).map((values) => ({
    kvlistValue: { values },
  })),
  fc.constant({}),
)
const key = fc.oneof(
  text(20),
  fc.constantFrom('level', 'lines', 'loki.format', 'loki.tenant', 'l', ''),
  fc.constantFrom('loki.attribute.labels', 'loki.resource.labels', 'k'.repeat(140)),
)
const attributes = (maxLength: number) =>
  fc
    .array(fc.tuple(key, value), { maxLength })
    .map((all) => all.map(([name, one]) => ({ key: name, value: one })))
const id = (length: number) =>
  fc.constantFrom(new Uint8Array(0), new Uint8Array(length), new Uint8Array(length).fill(0xa5))
const time = fc.constantFrom('0', '1', '999999999', '1700000000000000000', '18446744073709551615')
const record = fc.record({
  timeUnixNano: time,
  observedTimeUnixNano: time,
  body: fc.option(value, { nil: undefined }),
  traceId: id(16),
  spanId: id(8),
  severityNumber: fc.nat(33),
  severityText: text(9),
  flags: fc.constantFrom(0, 1, 0xffff_ffff),
  attributes: fc.oneof(attributes(4), fc.constant([keyValue('a', 'b')])),
})
const scope = fc.record({
  scope: fc.constantFrom({}, { name: 'lib' }, { name: 'x'.repeat(9000) }),
  logRecords: fc.array(record, { maxLength: 12 }),
  schemaUrl: fc.constantFrom('', 'https://example.com'),
})
const resources = fc.array(
  fc.record({
    resource: fc.record({ attributes: attributes(2) }),
    scopeLogs: fc.array(scope, { maxLength: 3 }),
  }),
  { maxLength: 5 },
)

test('requests of all that a record may have', () => {
  fc.assert(
    fc.property(resources, (resourceLogs) => {
      compare(receiveBatch('logs', encodeRequest('logs', { resourceLogs })))
    }),
    { numRuns: 300, endOnFailure: true },
  )
})

test('requests as no sender writes them', () => {
  const random = randomFrom(Number(process.env['WEIR_SEED'] ?? 1))
  let count = 0
  for (let round = 0; round < 4000; round++) {
    const bytes = randomMessage('ExportLogsServiceRequest', random)
    try {
      compare(receiveBatch('logs', bytes))
      count++
    } catch (error) {
      if (!(error instanceof MalformedData)) throw error
    }
  }
  expect(count).toBeGreaterThan(1000)
})

test('more streams than there are slots, and more records than fit in memory', () => {
  for (const [items, resourceCount] of [
    [5000, 1],
    [2000, 40],
    [100, 5],
  ] as const) {
    compare(receiveBatch('logs', sampleRequest('logs', { items, resources: resourceCount })))
  }
})

test('records of any size around that of a slot and of all input', () => {
  const sizes = [5200, 5300, 5400, 32_000, 130_000, 131_040, 131_060, 131_072, 140_000, 300_000]
  const logRecords = sizes.flatMap((size) =>
    [1, 2, 3, 4].map((n) => ({
      timeUnixNano: '1700000000000000000',
      body: { stringValue: 'y'.repeat(size - n * 9) },
      attributes: [keyValue('n', n)],
    })),
  )
  compare(
    receiveBatch(
      'logs',
      encodeRequest('logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
    ),
  )
})
