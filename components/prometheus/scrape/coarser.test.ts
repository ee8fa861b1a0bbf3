import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Coarser } from './coarser.js'
import { type Buckets, CUSTOM_BUCKETS, NativeHistogram } from './exposition/native-histogram.js'

type Counts = Readonly<Record<number, number>>

/** From counts by index, a span for each bucket that is not beside another. */
function fill(buckets: Buckets, counts: Counts, isFloat: boolean): void {
  const indexes = Object.keys(counts)
    .map(Number)
    .sort((a, b) => a - b)
  let next = 0
  let before = 0
  for (const index of indexes) {
    buckets.addSpan(index - next, 1)
    buckets.addValue(isFloat ? counts[index]! : counts[index]! - before)
    before = counts[index]!
    next = index + 1
  }
}

function countsOf(buckets: Buckets, isFloat: boolean): Counts {
  const counts: Record<number, number> = {}
  let index = 0
  let at = 0
  let sum = 0
  for (let n = 0; n < buckets.spanCount; n++) {
    index += buckets.spans[n * 2]!
    for (let left = buckets.spans[n * 2 + 1]!; left > 0; left--, index++) {
      sum = isFloat ? buckets.values[at]! : sum + buckets.values[at]!
      counts[index] = sum
      at++
    }
  }
  return counts
}

function histogramOf(schema: number, positive: Counts, negative: Counts = {}, isFloat = false) {
  const histogram = new NativeHistogram()
  Object.assign(histogram, { schema, isFloat })
  fill(histogram.positive, positive, isFloat)
  fill(histogram.negative, negative, isFloat)
  return histogram
}

const rows: readonly (readonly [string, [number, number], number, Counts, number, Counts])[] = [
  ['few enough as they are', [3, 0], 2, { 1: 1, 2: 2, 9: 3 }, 2, { 1: 1, 2: 2, 9: 3 }],
  ['joined once', [2, 0], 2, { 1: 1, 2: 2, 3: 3 }, 1, { 1: 3, 2: 3 }],
  ['joined below 1', [2, 0], 0, { [-3]: 1, [-2]: 2, [-1]: 4, 0: 8 }, -1, { [-1]: 3, 0: 12 }],
  ['joined as often as it takes', [1, 0], 3, { 1: 1, 8: 2 }, 0, { 1: 3 }],
  ['too small', [0, 1.5], 3, { 1: 1, 2: 2, 3: 3, 4: 4 }, 0, { 1: 10 }],
  ['just large enough', [0, 2], 0, { 1: 1, 2: 2 }, 0, { 1: 1, 2: 2 }],
  ['large enough with a factor of 1', [0, 1], 8, { 1: 1, 2: 2 }, 8, { 1: 1, 2: 2 }],
]

describe('buckets are', () => {
  test.each(rows)('%s', (_, [max, factor], schema, counts, schemaAfter, after) => {
    for (const isFloat of [false, true]) {
      const histogram = histogramOf(schema, counts, {}, isFloat)
      expect(new Coarser(max, factor).apply(histogram)).toBe(true)
      expect(histogram.schema).toBe(schemaAfter)
      const is = countsOf(histogram.positive, isFloat)
      expect(is).toEqual(after)
    }
  })
})

test('too many are too many', () => {
  expect(new Coarser(1, 0).apply(histogramOf(0, { [-40]: 1, 40: 1 }))).toBe(false)
  const custom = histogramOf(CUSTOM_BUCKETS, { 0: 1, 1: 1 })
  expect(new Coarser(1, 2).apply(custom)).toBe(false)
  expect(custom.schema).toBe(CUSTOM_BUCKETS)
})

test('nothing is lost, and what was below a bound still is', () => {
  const counts = fc.dictionary(
    fc.integer({ min: -60, max: 60 }).map(String),
    fc.integer({ min: 1, max: 99 }),
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(
      counts,
      counts,
      fc.integer({ min: 2, max: 12 }),
      fc.boolean(),
      (a, b, max, isFloat) => {
        const histogram = histogramOf(8, a, b, isFloat)
        if (!new Coarser(max, 0).apply(histogram)) return
        for (const [before, after] of [
          [a, countsOf(histogram.positive, isFloat)],
          [b, countsOf(histogram.negative, isFloat)],
        ] as const) {
          for (const bound of Object.keys(after).map(Number)) {
            const fine = bound * 2 ** (8 - histogram.schema)
            expect(below(after, bound)).toBe(below(before, fine))
          }
          expect(below(after, Infinity)).toBe(below(before, Infinity))
        }
        expect(histogram.positive.valueCount + histogram.negative.valueCount).toBeLessThanOrEqual(
          max,
        )
      },
    ),
    { seed: 2, numRuns: 300 },
  )
})

function below(counts: Counts, bound: number): number {
  return Object.entries(counts).reduce((sum, [n, one]) => (Number(n) <= bound ? sum + one : sum), 0)
}
