import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMessage, encodeMessage } from '#support'
import {
  areCanonicalLabels,
  decodePairs,
  encodeLabels,
  encodeStructuredMetadata,
} from './labels.js'

const LONG = 'l'.repeat(200)

describe('label bytes', () => {
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['none', [], []],
    ['are sorted by name', ['b', '1', 'a', '2'], ['a', '2', 'b', '1']],
    ['have no empty values', ['a', '', 'b', '1'], ['b', '1']],
    ['have each name once, with the last value', ['a', '1', 'a', '2'], ['a', '2']],
    ['have not what was emptied at last', ['a', '1', 'a', ''], []],
    ['long ones', [LONG, '1', 'b', LONG], ['b', LONG, LONG, '1']],
    ['capitals before underlines', ['a', '1', '_', '2', 'A', '3'], ['A', '3', '_', '2', 'a', '1']],
    ['a prefix first', ['ab', '1', 'a', '2'], ['a', '2', 'ab', '1']],
    [
      'as bytes compare, not UTF-16',
      ['\u{1f30a}', '1', '\uffff', '2'],
      ['\uffff', '2', '\u{1f30a}', '1'],
    ],
    ['a lone surrogate', ['a', '\ud800'], ['a', '\ufffd']],
  ]
  test.each(rows)('%s', (_, given, expected) => {
    const bytes = encodeLabels(given)
    expect(decodePairs(bytes)).toEqual(expected)
    expect(areCanonicalLabels(bytes)).toBe(true)
    const { labels = [] } = decodeMessage('TimeSeries', bytes)
    expect(labels.flatMap((one: object) => Object.values(one))).toEqual(expected)
  })

  test('are the same for the same set', () => {
    const pairs = fc.uniqueArray(
      fc.tuple(fc.string({ unit: 'binary' }), fc.string({ minLength: 1 })),
      {
        selector: ([name]) => name,
      },
    )
    const two = pairs.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    )
    fc.assert(
      fc.property(two, ([one, other]) => {
        const bytes = encodeLabels(one.flat())
        expect(encodeLabels(other.flat())).toEqual(bytes)
        const names = decodePairs(bytes)
          .filter((_, n) => n % 2 === 0)
          .map((name) => Buffer.from(name))
        expect(names).toEqual([...names].sort(Buffer.compare))
        expect(areCanonicalLabels(bytes)).toBe(true)
      }),
      { seed: 5, numRuns: 200 },
    )
  })
})

describe('of a foreign sender', () => {
  const pair = (name: string, value: string) => ({ name, value })
  const encoded = (...labels: object[]) => encodeMessage('TimeSeries', { labels })
  const rows: readonly (readonly [string, Buffer, readonly string[]])[] = [
    ['unsorted', encoded(pair('b', '1'), pair('a', '2')), ['b', '1', 'a', '2']],
    ['twice', encoded(pair('a', '1'), pair('a', '2')), ['a', '1', 'a', '2']],
    ['empty', encoded(pair('a', '')), ['a', '']],
    ['long and empty', encoded(pair(LONG, '')), [LONG, '']],
    ['without a value', encoded({ name: 'a' }), ['a', '']],
    ['without a name', encoded({ value: 'a' }), ['', 'a']],
    ['of nothing', encoded({}), ['', '']],
    ['the value first', Buffer.from([0x0a, 6, 0x12, 1, 0x31, 0x0a, 1, 0x61]), ['a', '1']],
    [
      'with what is unknown',
      Buffer.from([0x0a, 8, 0x0a, 1, 0x61, 0x12, 1, 0x31, 0x18, 1]),
      ['a', '1'],
    ],
    [
      'with two values',
      Buffer.from([0x0a, 9, 0x0a, 1, 0x61, 0x12, 1, 0x31, 0x12, 1, 0x32]),
      ['a', '2'],
    ],
    [
      'with a length of two bytes',
      Buffer.from([0x0a, 0x86, 0, 0x0a, 1, 0x61, 0x12, 1, 0x31]),
      ['a', '1'],
    ],
  ]
  test.each(rows)('%s: read, and not canonical', (_, bytes, expected) => {
    expect(decodePairs(bytes)).toEqual(expected)
    expect(areCanonicalLabels(bytes)).toBe(false)
  })

  test('within other bytes', () => {
    const bytes = Buffer.concat([
      Buffer.alloc(3, 0x0a),
      encoded(pair('a', '1'), pair('b', '2')),
      Buffer.alloc(9, 0x12),
    ])
    expect(decodePairs(bytes, 3, bytes.length - 9)).toEqual(['a', '1', 'b', '2'])
    expect(areCanonicalLabels(bytes, 3, bytes.length - 9)).toBe(true)
  })
})

test('structured metadata keeps its order, and what is empty', () => {
  const pairs = ['b', '1', 'a', '', 'b', '2', LONG, LONG]
  const bytes = encodeStructuredMetadata(pairs)
  expect(decodePairs(bytes)).toEqual(pairs)
  const { structuredMetadata } = decodeMessage('EntryAdapter', bytes)
  expect(structuredMetadata.flatMap(({ name = '', value = '' }) => [name, value])).toEqual(pairs)
})
