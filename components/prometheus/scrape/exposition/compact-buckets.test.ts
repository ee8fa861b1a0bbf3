import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BucketCompactor } from './compact-buckets.js'
import { Buckets } from './native-histogram.js'

type Spans = readonly (readonly [offset: number, length: number])[]

function compacted(spans: Spans, values: readonly number[], isFloat: boolean, emptyMax: number) {
  const buckets = new Buckets()
  for (const [offset, length] of spans) buckets.addSpan(offset, length)
  for (const value of values) buckets.addValue(value)
  new BucketCompactor().compact(buckets, isFloat, emptyMax)
  return {
    spans: [...buckets.spans.subarray(0, buckets.spanCount * 2)],
    values: [...buckets.values.subarray(0, buckets.valueCount)],
  }
}

describe('empty buckets are taken away', () => {
  test.each<[string, Spans, number[], number, { spans: number[]; values: number[] }]>([
    ['none is empty', [[-3, 2]], [1, 1], 0, { spans: [-3, 2], values: [1, 1] }],
    ['all are', [[5, 3]], [0, 0, 0], 0, { spans: [], values: [] }],
    ['an empty span', [[0, 0]], [], 0, { spans: [], values: [] }],
    ['at both ends', [[0, 4]], [0, 2, 0, -2], 2, { spans: [1, 2], values: [2, 0] }],
    ['inside, few', [[0, 4]], [1, -1, 0, 3], 2, { spans: [0, 4], values: [1, -1, 0, 3] }],
    ['inside, many', [[0, 5]], [1, -1, 0, 0, 3], 2, { spans: [0, 1, 3, 1], values: [1, 2] }],
    [
      'between spans, few',
      [
        [0, 1],
        [2, 1],
      ],
      [1, 1],
      2,
      { spans: [0, 4], values: [1, -1, 0, 2] },
    ],
    [
      'between spans, none kept',
      [
        [0, 1],
        [1, 1],
      ],
      [1, 1],
      0,
      { spans: [0, 1, 1, 1], values: [1, 1] },
    ],
    [
      'spans that touch',
      [
        [0, 1],
        [0, 1],
      ],
      [1, 1],
      0,
      { spans: [0, 2], values: [1, 1] },
    ],
  ])('%s', (_, spans, values, emptyMax, expected) => {
    expect(compacted(spans, values, false, emptyMax)).toEqual(expected)
  })

  test('and nothing else', () => {
    const span = fc.tuple(fc.nat(5), fc.nat(5))
    const lists = fc.array(span, { maxLength: 6 }).chain((spans) => {
      const length = spans.reduce((sum, [, one]) => sum + one, 0)
      const count = fc.oneof(fc.constant(0), fc.nat(9))
      const values = fc.array(count, { minLength: length, maxLength: length })
      return fc.tuple(fc.constant(spans), values, fc.nat(3))
    })
    fc.assert(
      fc.property(lists, ([spans, counts, emptyMax]) => {
        const deltas = counts.map((count, n) => count - (counts[n - 1] ?? 0))
        for (const [isFloat, values] of [[true, counts] as const, [false, deltas] as const]) {
          const result = compacted(spans, values, isFloat, emptyMax)
          expect(filled(result, isFloat)).toEqual(filled({ spans: spans.flat(), values }, isFloat))
        }
      }),
      { seed: 6, numRuns: 500 },
    )
  })
})

/** Where there is something, and how much. */
function filled(
  { spans, values }: { spans: readonly number[]; values: readonly number[] },
  isFloat: boolean,
): readonly (readonly [index: number, count: number])[] {
  const found: [number, number][] = []
  let index = 0
  let sum = 0
  let at = 0
  for (let n = 0; n < spans.length; n += 2) {
    index += spans[n]!
    for (let length = spans[n + 1]!; length > 0; length--, index++) {
      sum = isFloat ? values[at]! : sum + values[at]!
      at++
      if (sum !== 0) found.push([index, sum])
    }
  }
  expect(at).toBe(values.length)
  return found
}
