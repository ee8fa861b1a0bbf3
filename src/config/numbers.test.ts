import { describe, expect, test } from 'vitest'
import { Uint64 } from '#sdk'
import {
  type NumberValue,
  numberOfText,
  parseNumberLiteral,
  textOfNumber,
  toFloat,
  toInt64,
} from './numbers.js'

describe('number literals', () => {
  const rows: readonly (readonly [string, NumberValue | undefined])[] = [
    ['0', 0n],
    ['7', 7n],
    ['00', 0n],
    ['0123', 83n],
    ['08', 8],
    ['0129', 129],
    ['9223372036854775807', 9223372036854775807n],
    ['9223372036854775808', new Uint64(9223372036854775808n)],
    ['0777777777777777777777', 9223372036854775807n],
    ['18446744073709551615', new Uint64(18446744073709551615n)],
    ['18446744073709551616', 2 ** 64],
    [`0${'7'.repeat(30)}`, 7.777777777777778e29],
    ['.5', 0.5],
    ['3.', 3],
    ['0.10', 0.1],
    ['1e5', 100000],
    ['1E+5', 100000],
    ['1.5e-3', 0.0015],
    ['1e-400', 0],
    ['1e400', undefined],
    ['9'.repeat(400), undefined],
  ]
  test.each(rows)('%s', (text, expected) => {
    expect(parseNumberLiteral(text)).toEqual(expected)
  })
})

describe('a string where a number is needed', () => {
  const rows: readonly (readonly [string, NumberValue | undefined])[] = [
    ['7', new Uint64(7n)],
    ['0123', new Uint64(123n)],
    ['18446744073709551615', new Uint64(18446744073709551615n)],
    ['18446744073709551616', undefined],
    ['-7', -7n],
    ['-9223372036854775808', -9223372036854775808n],
    ['-9223372036854775809', undefined],
    ['-1.5', undefined],
    ['1.5', 1.5],
    ['+1.5', 1.5],
    ['.5', 0.5],
    ['1e3', 1000],
    ['1e400', undefined],
    ['+7', undefined],
    ['0x10', undefined],
    ['1_000', undefined],
    [' 7', undefined],
    ['7 ', undefined],
    ['', undefined],
    ['-', undefined],
    ['e', undefined],
    ['NaN', undefined],
  ]
  test.each(rows)('%s', (text, expected) => expect(numberOfText(text)).toEqual(expected))
})

describe('a number where a string is needed', () => {
  const rows: readonly (readonly [NumberValue, string])[] = [
    [0n, '0'],
    [-7n, '-7'],
    [new Uint64(18446744073709551615n), '18446744073709551615'],
    [2.5, '2.5'],
    [2, '2'],
    [-0, '-0'],
    [1e21, '1000000000000000000000'],
    [1.5e300, `15${'0'.repeat(299)}`],
    [-1.5e-7, '-0.00000015'],
    [5e-324, `0.${'0'.repeat(323)}5`],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ]
  test.each(rows)('%s', (value, expected) => expect(textOfNumber(value)).toBe(expected))
})

describe('conversions between the kinds', () => {
  const rows: readonly (readonly [NumberValue, bigint, number])[] = [
    [5n, 5n, 5],
    [new Uint64(18446744073709551615n), -1n, 2 ** 64],
    [2.9, 2n, 2.9],
    [-2.9, -2n, -2.9],
    [Number.NaN, -(2n ** 63n), Number.NaN],
    [1e300, -(2n ** 63n), 1e300],
    [2 ** 63, -(2n ** 63n), 2 ** 63],
    [-(2 ** 63), -(2n ** 63n), -(2 ** 63)],
  ]
  test.each(rows)('%s', (value, int64, float) => {
    expect(toInt64(value)).toBe(int64)
    expect(toFloat(value)).toBe(float)
  })
})
