import fc from 'fast-check'
import { expect, test } from 'vitest'
import { receiveBatch } from '#pdata'
import { decodeMessage, encodeRequest, type Plain } from '#support'
import { LogsToEntries } from './logs-to-entries.js'

/** The line and the time of a record, from objects: byte for byte what is to be written. */
function expectedOf({ record, resource }: Given): Plain {
  const { body, traceId, spanId, severityText, flags, attributes, timeUnixNano } = record
  const line = {
    ...(body && { body: jsonOf(body) }),
    ...(traceId.some(Boolean) && { traceid: Buffer.from(traceId).toString('hex') }),
    ...(spanId.some(Boolean) && { spanid: Buffer.from(spanId).toString('hex') }),
    ...(severityText && { severity: severityText }),
    ...(flags && { flags }),
    ...membersOf('attributes', attributes),
    ...membersOf('resources', resource),
  }
  const nanos = BigInt(timeUnixNano)
  return {
    line: JSON.stringify(line).replace(/"int:(-?\d+)"/g, '$1'),
    time: `${nanos / 1_000_000_000n}.${nanos % 1_000_000_000n}`,
  }
}

function membersOf(name: string, attributes: readonly Plain[]): Plain {
  if (attributes.length === 0) return {}
  return { [name]: Object.fromEntries(attributes.map(({ key, value }) => [key, jsonOf(value)])) }
}

/** Integers as text that is not quoted in the end, since some are above 2^53. */
function jsonOf(value: Plain | undefined): unknown {
  if (!value || Object.keys(value).length === 0) return null
  const { intValue, doubleValue, arrayValue, bytesValue } = value
  if (intValue !== undefined) return `int:${intValue}`
  if (Object.is(doubleValue, -0)) return 'int:-0'
  if (arrayValue) return (arrayValue.values as Plain[]).map(jsonOf)
  if (bytesValue) return Buffer.from(bytesValue).toString('base64')
  return Object.values(value)[0]
}

interface Given {
  readonly record: Plain
  readonly resource: readonly Plain[]
}

const text = (maxLength: number) =>
  fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength }),
    fc.string({ unit: 'grapheme', maxLength }),
    fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\u0001', '\u007f', 'é'), maxLength }),
  )
const value = fc.oneof(
  text(200).map((stringValue) => ({ stringValue })),
  text(1500).map((one) => ({ stringValue: one.repeat(3) })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => ({ intValue: String(n) })),
  fc.integer({ min: -200, max: 40_000 }).map((n) => ({ intValue: String(n) })),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((doubleValue) => ({ doubleValue })),
  fc.boolean().map((boolValue) => ({ boolValue })),
  fc.uint8Array({ maxLength: 9 }).map((bytesValue) => ({ bytesValue })),
  fc.array(fc.boolean(), { maxLength: 3 }).map((all) => ({
    arrayValue: { values: all.map((boolValue) => ({ boolValue })) },
  })),
  fc.constant({}),
)
/** Keys that no object takes for an index, which would come first. */
const key = text(150).map((one) => `k${one}`)
const attributes = fc
  .uniqueArray(fc.tuple(key, value), { maxLength: 6, selector: ([name]) => name })
  .map((all) => all.map(([name, one]) => ({ key: name, value: one })))
const id = (length: number) =>
  fc.oneof(
    fc.uint8Array({ minLength: length, maxLength: length }),
    fc.constantFrom(new Uint8Array(0), new Uint8Array(length)),
  )
const record = fc.record({
  timeUnixNano: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map(String),
  body: fc.option(
    text(2500).map((stringValue) => ({ stringValue })),
    { nil: undefined },
  ),
  traceId: id(16),
  spanId: id(8),
  severityText: text(12),
  flags: fc.oneof(fc.constant(0), fc.nat(0xffff_ffff)),
  attributes,
})

test('lines and times are those that objects give', () => {
  const converter = new LogsToEntries(() => 0)
  const given = fc.array(fc.record({ record, resource: attributes }), { maxLength: 4 })
  fc.assert(
    fc.property(given, (all) => {
      const resourceLogs = all.map((one) => ({
        resource: { attributes: one.resource },
        scopeLogs: [{ logRecords: [one.record] }],
      }))
      const batch = converter.convert(receiveBatch('logs', encodeRequest('logs', { resourceLogs })))
      const { streams = [] } = decodeMessage('PushRequest', Buffer.concat(batch.chunks))
      const found = (streams as Plain[]).flatMap(({ entries }) =>
        (entries as Plain[]).map(({ line, timestamp: { seconds = 0, nanos = 0 } }) => ({
          line: line as string,
          time: `${seconds}.${nanos}`,
        })),
      )
      expect(found).toEqual(all.map(expectedOf))
    }),
    { numRuns: 300 },
  )
})

test('much is cut into chunks between streams, and each is a good request', () => {
  const logRecords = Array.from({ length: 600 }, (_, n) => ({
    timeUnixNano: '5',
    severityNumber: 1 + (n % 24),
    body: { stringValue: `${n}`.repeat(n % 7 === 0 ? 900 : 90) },
  }))
  const converter = new LogsToEntries(() => 0)
  const request = receiveBatch(
    'logs',
    encodeRequest('logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  )
  for (let round = 0; round < 2; round++) {
    const batch = converter.convert(request)
    expect(batch.chunks.length).toBeGreaterThan(1)
    const items = batch.chunks.map((chunk) => receiveBatch('entries', chunk).items)
    expect(items.reduce((sum, one) => sum + one, 0)).toBe(600)
    const sizes = batch.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    expect([batch.items, batch.bytes]).toEqual([600, sizes])
    const bodies = batch.chunks.flatMap((chunk) =>
      (decodeMessage('PushRequest', chunk)['streams'] as Plain[]).flatMap(({ entries }) =>
        (entries as Plain[]).map(({ line }) => JSON.parse(line as string).body as string),
      ),
    )
    const given = logRecords.map(({ body }) => body.stringValue)
    expect(bodies.toSorted()).toEqual(given.toSorted())
  }
})
