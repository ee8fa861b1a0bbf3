/** What WebAssembly writes against what JavaScript writes: the same series, byte for byte. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Batch, receiveBatch } from '#pdata'
import {
  encodeRequest,
  keyValue,
  type Plain,
  randomFrom,
  randomMessage,
  sampleRequest,
} from '#support'
import { MalformedData } from '#wire'
import { SamplesFromMetrics } from './to-samples.js'

const OPTIONS = {
  ...{ add_metric_suffixes: true, include_target_info: true, include_scope_info: true },
  ...{ include_scope_labels: true, keep_identifying_resource_attributes: false },
  ...{ resource_to_telemetry_conversion: true, honor_metadata: true },
}
const fast = new SamplesFromMetrics(OPTIONS)
const slow = new SamplesFromMetrics(OPTIONS, true)

function compare(metrics: Batch<'metrics'>): void {
  // One that has seen much takes less upon it than a new one.
  const all = [slow, fast, new SamplesFromMetrics(OPTIONS)]
  const [expected, ...found] = all.map((one) => {
    const { samples, dropped } = one.translate(metrics)
    const bytes = Buffer.concat(samples.chunks)
    expect(samples.bytes).toBe(bytes.length)
    return [samples.items, Object.fromEntries(dropped), bytes.toString('latin1')]
  })
  expect(found).toEqual([expected, expected])
}

const value: fc.Arbitrary<Plain> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((stringValue) => ({ stringValue })),
  fc.constantFrom(126, 127, 128, 400, 17_000).map((n) => ({ stringValue: 'é'.repeat(n) })),
  fc.integer({ min: -2, max: 2 ** 28 + 2 }).map((n) => ({ intValue: String(n) })),
  fc.boolean().map((boolValue) => ({ boolValue })),
  fc.constantFrom<Plain>({}, { stringValue: '' }, { doubleValue: 0.25 }, { bytesValue: 'aGk=' }),
)
const key = fc.oneof(
  fc.constantFrom('a', 'b', 'a.b', 'a-b', 'http.x', '__name__', 'job', 'Z', '', 'k'.repeat(130)),
  fc.constantFrom('a', 'b', 'c.d', 'e'),
)
const attributes = fc
  .array(fc.tuple(key, value), { maxLength: 5 })
  .map((all) => all.map(([name, one]) => ({ key: name, value: one })))
const time = fc.constantFrom('0', '999999', '1700000000123456789', '18446744073709551615')
const int = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const point = fc
  .tuple(
    fc.record({ startTimeUnixNano: time, timeUnixNano: time, flags: fc.constantFrom(0, 1, 2) }),
    fc.oneof(
      fc.double().map((asDouble) => ({ asDouble })),
      fc.oneof(fc.nat().map(BigInt), int).map((n) => ({ asInt: String(n) })),
      fc.constantFrom<Plain>({}, { asDouble: 0 }, { asDouble: -0 }, { asInt: '0' }),
    ),
    fc.constantFrom<Plain>({}, {}, {}, { exemplars: [{ asDouble: 1 }] }),
  )
  .map(([head, number, more]): Plain => ({ ...head, ...number, ...more }))
/** Most points of a metric have the same keys. */
const dataPoints = fc
  .tuple(
    attributes,
    fc.array(fc.tuple(point, fc.option(attributes, { freq: 3 })), { maxLength: 9 }),
  )
  .map(([common, all]) => all.map(([one, own]) => ({ ...one, attributes: own ?? common })))
const metric = fc
  .tuple(fc.constantFrom('a', 'b.c', 'requests', 'n'.repeat(3000)), fc.nat(4), dataPoints)
  .map(([name, kind, points]): Plain => {
    if (kind < 2) return { name, gauge: { dataPoints: points } }
    if (kind === 4) return { name, summary: { dataPoints: [{ timeUnixNano: '5000000' }] } }
    const sum = { dataPoints: points, aggregationTemporality: 2, isMonotonic: kind === 2 }
    return { name, unit: 's', sum }
  })
const resourceMetrics = fc.array(
  fc.record({
    resource: fc.record({ attributes }),
    scopeMetrics: fc.array(
      fc.record({
        scope: fc.constantFrom({}, { name: 'lib', version: '1' }),
        metrics: fc.array(metric, { maxLength: 6 }),
      }),
      { maxLength: 2 },
    ),
  }),
  { maxLength: 3 },
)

test('requests of all that a number may have', () => {
  fc.assert(
    fc.property(resourceMetrics, (all) => {
      compare(receiveBatch('metrics', encodeRequest('metrics', { resourceMetrics: all })))
    }),
    { numRuns: 500, endOnFailure: true },
  )
})

test('requests as no sender writes them', () => {
  const random = randomFrom(Number(process.env['WEIR_SEED'] ?? 1))
  let count = 0
  for (let round = 0; round < 4000; round++) {
    const bytes = randomMessage('ExportMetricsServiceRequest', random)
    try {
      compare(receiveBatch('metrics', bytes))
      count++
    } catch (error) {
      if (!(error instanceof MalformedData)) throw error
    }
  }
  expect(count).toBeGreaterThan(1000)
})

test('more than fits in memory: points, series, sets of keys', () => {
  compare(receiveBatch('metrics', sampleRequest('metrics', { items: 2000, attributes: 4 })))
  const metrics = Array.from({ length: 700 }, (_, n) => ({
    name: `m${n % 300}`,
    gauge: {
      dataPoints: [0, 1, 2].map((value) => ({
        timeUnixNano: '1700000000000000000',
        asDouble: value,
        attributes: [keyValue(`key_${n % 300}`, 'x'.repeat(n % 50 === 0 ? 20_000 : 100))],
      })),
    },
  }))
  const request = encodeRequest('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
  for (let round = 0; round < 2; round++) compare(receiveBatch('metrics', request))
})

test('points of any size around that of all input', () => {
  const sizes = [10_000, 32_000, 130_000, 131_040, 131_060, 131_072, 140_000, 300_000]
  const dataPoints = sizes.flatMap((size) =>
    [1, 2, 3, 4].map((n) => ({
      timeUnixNano: '1700000000000000000',
      asInt: '7',
      attributes: [keyValue('a', 'y'.repeat(size - n * 9))],
    })),
  )
  const metrics = [{ name: 'm', gauge: { dataPoints } }]
  compare(
    receiveBatch(
      'metrics',
      encodeRequest('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
    ),
  )
})
