import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NumberReader } from './number-reader.js'

const numbers = new NumberReader()

/** The value, and what is left of the text; undefined where there is no number. */
function read(text: string): readonly [number, string] | undefined {
  const value = numbers.read(Buffer.from(`${text}\n`), 0)
  return numbers.end < 0 ? undefined : [value, text.slice(numbers.end)]
}

describe('as Go reads them', () => {
  test.each<[text: string, value: number, rest: string]>([
    ['0', 0, ''],
    ['-0', -0, ''],
    ['+1', 1, ''],
    ['1.', 1, ''],
    ['.5', 0.5, ''],
    ['-.5e1', -5, ''],
    ['1e3', 1000, ''],
    ['1E+3', 1000, ''],
    ['1e', 1, 'e'],
    ['1e+', 1, 'e+'],
    ['1.5.5', 1.5, '.5'],
    ['1_000', 1, '_000'],
    ['0x1p-2', 0, 'x1p-2'],
    ['0b1', 0, 'b1'],
    ['1e-400', 0, ''],
    ['0e999999999999', 0, ''],
    ['4.9e-324', 5e-324, ''],
    ['9007199254740993', 9007199254740992, ''],
    ['1.7976931348623157e308', Number.MAX_VALUE, ''],
    ['0.1234567890123456789012345678901234567890', 0.12345678901234568, ''],
    ['8.3835e-05', 8.3835e-5, ''],
    ['NaN', Number.NaN, ''],
    ['nan', Number.NaN, ''],
    ['NAN1', Number.NaN, '1'],
    ['Inf', Infinity, ''],
    ['+inf', Infinity, ''],
    ['-INF', -Infinity, ''],
    ['Infinity', Infinity, ''],
    ['-infinity', -Infinity, ''],
    ['infinit', Infinity, 'init'],
  ])('%s', (text, value, rest) => expect(read(text)).toEqual([value, rest]))

  test.each(['', '-', '.', '-.', 'e5', '+nan', '-NaN', 'in', 'i', 'n', 'true', '_1', '--1'])(
    'no number: %s',
    (text) => expect(read(text)).toBeUndefined(),
  )

  test.each([
    ['1e308', false],
    ['1e309', true],
    ['-1e309', true],
    [`1${'0'.repeat(400)}`, true],
    ['Inf', false],
  ])('%s is too large: %s', (text, isTooLarge) => {
    read(text)
    expect(numbers.isTooLarge).toBe(isTooLarge)
  })
})

test('any double comes back, however it is printed', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.nat(20), (value, digits) => {
      const texts = [String(value), value.toExponential(digits), value.toPrecision(digits + 1)]
      for (const text of texts.filter((one) => !one.includes('Infinity'))) {
        expect(read(text)).toEqual([Number(text), ''])
      }
    }),
    { seed: 3, numRuns: 2000 },
  )
})

test('any digits are rounded to the nearest double', () => {
  const digits = fc.stringMatching(/^\d{1,25}$/)
  const exponent = fc.integer({ min: -330, max: 330 })
  fc.assert(
    fc.property(digits, digits, fc.option(exponent), (whole, fraction, power) => {
      const text = `${whole}.${fraction}${power === null ? '' : `e${power}`}`
      expect(read(text)).toEqual([Number(text), ''])
      expect(numbers.isTooLarge).toBe(Number(text) === Infinity)
    }),
    { seed: 4, numRuns: 5000 },
  )
})
