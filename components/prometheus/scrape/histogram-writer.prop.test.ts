import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeLabels, receiveBatch, SampleBatchBuilder } from '#pdata'
import { decodeMessage } from '#support'
import { NativeHistogram } from './exposition/native-histogram.js'
import { HistogramWriter } from './histogram-writer.js'

const count = fc.oneof(fc.nat(300), fc.maxSafeNat())
const side = fc.record({
  spans: fc.array(fc.tuple(fc.integer(), fc.nat(1000)), { maxLength: 3 }),
  deltas: fc.array(fc.oneof(fc.integer(), fc.maxSafeInteger()), { maxLength: 5 }),
  counts: fc.array(fc.double({ noNaN: true }), { maxLength: 5 }),
})
const histogram = fc.record({
  ...{ isFloat: fc.boolean(), isGauge: fc.boolean(), schema: fc.integer({ min: -53, max: 8 }) },
  ...{ count, zeroCount: count, sum: fc.double({ noNaN: true }) },
  ...{ zeroThreshold: fc.double({ min: 0, noNaN: true }), negative: side, positive: side },
  ...{ bounds: fc.array(fc.double({ noNaN: true }), { maxLength: 4 }), at: fc.nat(2e12) },
})

test('a batch takes what is written, and reads the same', () => {
  const writer = new HistogramWriter()
  fc.assert(
    fc.property(histogram, (one) => {
      const native = new NativeHistogram()
      const { isFloat, isGauge, schema, sum, zeroThreshold } = one
      Object.assign(native, { isFloat, isGauge, schema, sum, zeroThreshold })
      Object.assign(native, { count: one.count, zeroCount: one.zeroCount })
      for (const name of ['negative', 'positive'] as const) {
        for (const [offset, length] of one[name].spans) native[name].addSpan(offset, length)
        for (const value of isFloat ? one[name].counts : one[name].deltas) {
          native[name].addValue(value)
        }
      }
      for (const bound of one.bounds) native.addBound(bound)
      const bytes = writer.write(native, one.at)
      const builder = new SampleBatchBuilder()
      builder.beginSeries(encodeLabels(['__name__', 'h']))
      builder.histogram(bytes)
      builder.endSeries()
      expect(receiveBatch('samples', Buffer.concat(builder.take().chunks)).items).toBe(1)
      const spans = (name: 'negative' | 'positive') =>
        one[name].spans.map(([offset, length]) => ({ offset, length }))
      const deltas = (name: 'negative' | 'positive') =>
        isFloat ? [] : one[name].deltas.map(String)
      const counts = (name: 'negative' | 'positive') => (isFloat ? one[name].counts : [])
      expect(withoutZeros(decodeMessage('NativeHistogram', bytes))).toEqual(
        withoutZeros({
          ...(isFloat
            ? { countFloat: one.count, zeroCountFloat: one.zeroCount }
            : { countInt: String(one.count), zeroCountInt: String(one.zeroCount) }),
          ...{ sum, schema, zeroThreshold },
          ...{ negativeSpans: spans('negative'), positiveSpans: spans('positive') },
          ...{ negativeDeltas: deltas('negative'), positiveDeltas: deltas('positive') },
          ...{ negativeCounts: counts('negative'), positiveCounts: counts('positive') },
          ...{ resetHint: isGauge ? 3 : 0, timestamp: String(one.at), customValues: one.bounds },
        }),
      )
    }),
    { seed: 7, numRuns: 150 },
  )
})

/** As JSON has it; what is absent has its default. */
function withoutZeros(message: object): unknown {
  const isDefault = (value: unknown) =>
    value === '0' || Object.is(value, 0) || (Array.isArray(value) && value.length === 0)
  return JSON.parse(
    JSON.stringify(message, (_, value: unknown) => (isDefault(value) ? undefined : value)),
  )
}
