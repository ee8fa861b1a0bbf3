import { describe, expect, test } from 'vitest'
import { formatDuration, formatSize, parseDuration, parseSize, roundSize } from './quantity.js'

describe('durations', () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ['0', 0],
    ['5s', 5000],
    ['-5s', -5000],
    ['+5s', 5000],
    ['1h15m30.5s', 4_530_500],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1000],
    ['100ms', 100],
    ['10us', 0.01],
    ['10µs', 0.01],
    ['10μs', 0.01],
    ['3ns', 0.000003],
    ['2562047h', 9_223_369_200_000],
    ['2562048h', undefined],
    ['', undefined],
    ['-', undefined],
    ['5', undefined],
    ['5 s', undefined],
    [' 5s', undefined],
    ['5d', undefined],
    ['s', undefined],
    ['.s', undefined],
    ['1m-5s', undefined],
    ['1e3s', undefined],
  ]
  for (const [text, ms] of rows) test(`"${text}"`, () => expect(parseDuration(text)).toBe(ms))
})

describe('duration texts', () => {
  const rows: readonly (readonly [number, string])[] = [
    [0, '0s'],
    [0.000003, '3ns'],
    [0.5, '500µs'],
    [250, '250ms'],
    [1500, '1.5s'],
    [90_000, '1m30s'],
    [3_600_000, '1h'],
    [-90_000, '-1m30s'],
  ]
  for (const [ms, text] of rows) {
    test(text, () => {
      expect(formatDuration(ms)).toBe(text)
      expect(parseDuration(text)).toBeCloseTo(ms, 9)
    })
  }
})

describe('sizes', () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ['0', 0],
    ['1024', 1024],
    ['4MiB', 4 * 1024 ** 2],
    ['4MB', 4 * 1024 ** 2],
    ['4mib', 4 * 1024 ** 2],
    ['512 KiB', 512 * 1024],
    ['1.5GiB', 1.5 * 1024 ** 3],
    ['2B', 2],
    ['1PiB', 1024 ** 5],
    ['', undefined],
    ['MiB', undefined],
    ['-1MiB', undefined],
    ['1 000', undefined],
    ['4Mx', undefined],
    ['9999999999TiB', undefined],
  ]
  for (const [text, bytes] of rows) test(`"${text}"`, () => expect(parseSize(text)).toBe(bytes))
})

test('sizes are written in the largest unit that divides them', () => {
  expect([0, 1000, 1024, 4 * 1024 ** 2, 3 * 1024 ** 3].map(formatSize)).toEqual([
    '0B',
    '1000B',
    '1KiB',
    '4MiB',
    '3GiB',
  ])
})

describe('sizes are rounded for people to read', () => {
  const rows: [number, string][] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [102_298, '99.9 KiB'],
    [102_400, '100 KiB'],
    [5_368_739_400, '5.0 GiB'],
    [3 * 1024 ** 5, '3072 TiB'],
  ]
  for (const [bytes, text] of rows) test(text, () => expect(roundSize(bytes)).toBe(text))
})
