import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Uint64, type Value } from '#sdk'
import { evaluateText } from '../../evaluate.js'
import { Fault } from '../../fault.js'
import { format } from './format.js'

const environment = { env: () => undefined, constants: new Map() }

/** Arguments of string.format, and the text: what Go prints. */
const rows: readonly (readonly [string, string])[] = [
  ['"%d|%5d|%-5d|%05d|%+d|% d", 42, 42, 42, 42, 42, 42', '42|   42|42   |00042|+42| 42'],
  ['"%b %o %O %x %X", 10, 10, 10, 255, 255', '1010 12 0o12 ff FF'],
  ['"%#x %#X %#o %#b", 255, 255, 8, 5', '0xff 0XFF 010 0b101'],
  ['"%c %q %U %#U %c", 65, 65, 8364, 8364, 1114112', "A 'A' U+20AC U+20AC '€' �"],
  ['"%.3d|%8.3d|%-8.3d|%08.3d|%.0d", 7, 7, 7, 7, 0', '007|     007|007     |     007|'],
  [
    '"%d %d %x", -9223372036854775808, 18446744073709551615, -255',
    '-9223372036854775808 18446744073709551615 -ff',
  ],
  [
    '"%e %E %f %F", 1234.5678, 1234.5678, 1234.5678, 1234.5678',
    '1.234568e+03 1.234568E+03 1234.567800 1234.567800',
  ],
  ['"%g %G", 1234.5678, 1e-10', '1234.5678 1E-10'],
  [
    '"%.2f %6.2f|%-8.2f|%08.2f %+.1f", 3.14159, 3.14159, 3.14159, -3.14159, 2.0',
    '3.14   3.14|3.14    |-0003.14 +2.0',
  ],
  ['"%.0f %.0f %.0f %.0f %.1f", 0.5, 1.5, 2.5, 3.5, 0.25', '0 2 2 4 0.2'],
  [
    '"%g %g %g %g %g", 100000.0, 1000000.0, 1e21, 0.0001, 0.00001',
    '100000 1e+06 1e+21 0.0001 1e-05',
  ],
  ['"%.3g %.10g %#g %#.3g %#v", 1234.5678, 0.1, 1.0, 1.0, 1.0', '1.23e+03 0.1 1.00000 1.00 1'],
  ['"%x %X %.2x %b", 2.5, 2.5, 3.999, 1.0', '0x1.4p+01 0X1.4P+01 0x1.00p+02 4503599627370496p-52'],
  ['"%v %v %5v|%-6v|%06v", 1.5, 1e6, 2.5, 2.5, -2.5', '1.5 1e+06   2.5|2.5   |-002.5'],
  [
    '"%v %+v % v %f", 1e308 * 10, 1e308 * 10, -1e308 * 10, 1e308 * 10 - 1e308 * 10',
    '+Inf +Inf -Inf NaN',
  ],
  [
    '"%s|%5s|%-5s|%05s|%.2s|%5.1s", "héy", "hé", "hé", "hé", "héy", "héy"',
    'héy|   hé|hé   |000hé|hé|    h',
  ],
  [
    '"%q %+q %#q %#q", "a\\"b\\n", "é😀", "raw", "a`b"',
    '"a\\"b\\n" "\\u00e9\\U0001f600" `raw` "a`b"',
  ],
  ['"%x %X % x", "héy", "hey", "hey"', '68c3a979 686579 68 65 79'],
  ['"%#x %# x %.2x", "hey", "hey", "hey"', '0x686579 0x68 0x65 0x79 6865'],
  ['"%t %v %5t|%-6t|", true, false, true, false', 'true false  true|false |'],
  [
    '"%v %v %d %s", null, [1, "a", null, true], [1, 2], ["a", "b"]',
    '<nil> [1 a <nil> true] [1 2] [a b]',
  ],
  ['"%v %+v", {b = 1, a = "x"}, {a = 1}', 'map[a:x b:1] map[a:1]'],
  ['"%#v", {a = 1, b = {}}', 'map[string]interface {}{"a":1, "b":map[string]interface {}{}}'],
  ['"%#v", [1, "b", null]', '[]interface {}{1, "b", interface {}(nil)}'],
  [
    '"%q %x %5d %t", ["a", "b"], ["hi", 255], [1, 22], [true, 1]',
    '["a" "b"] [6869 ff] [    1    22] [true %!t(int=1)]',
  ],
  ['"%T %T %T", 1, 18446744073709551615, 1.5', 'int uint64 float64'],
  ['"%T %T %T %T", "a", true, [1], {a = 1}', 'string bool []interface {} map[string]interface {}'],
  ['"%T|%8T|%-8T|%.2T", null, 1, 1, 1', '<nil>|     int|int     |in'],
  ['"%[2]d %[1]d", 1, 2', '2 1'],
  ['"%[2]*[1]d|%-*d|%.*f", 12, 6', '    12|%!d(MISSING)|%!(BADPREC)%!f(MISSING)'],
  ['"%*d|%-*d|%*d", 5, 1, 5, 2, -5, 3', '    1|2    |3    '],
  ['"%.*f|%.*f", 2, 3.14159, -1, 2.5', '3.14|%!(BADPREC)2.500000'],
  ['"%d", "hi"', '%!d(string=hi)'],
  ['"%s", 5', '%!s(int=5)'],
  ['"%f %d", 5, 2.5', '%!f(int=5) %!d(float64=2.5)'],
  ['"%s %z", true, 1', '%!s(bool=true) %!z(int=1)'],
  ['"%d %d", 1', '1 %!d(MISSING)'],
  ['"%d", 1, "a", null', '1%!(EXTRA string=a, <nil>)'],
  ['"%!"', '%!!(MISSING)'],
  ['"%"', '%!(NOVERB)'],
  ['"100%%"', '100%'],
  ['"%[3]d %[x]d %[1", 1, 2', '%!d(BADINDEX) %!d(BADINDEX) %!(NOVERB)'],
  ['"%[2]5d %[1].2f", 1, 2', '%!d(BADINDEX) %!f(BADINDEX)'],
  ['"%*d", "a", 1', '%!(BADWIDTH)1'],
  ['"%.*d", 2000000, 1', '%!(BADPREC)1'],
  ['"%1000000000d", 1', '%!(NOVERB)%!(EXTRA int=1)'],
  ['"%s %v", null, null', '%!s(<nil>) <nil>'],
  ['"%p %w", 1, "a"', '%!p(int=1) %!w(string=a)'],
  ['"%é", 1', '%!é(int=1)'],
  ['"no verbs", 1', 'no verbs%!(EXTRA int=1)'],
]

describe('verbs and flags', () => {
  test.each(rows)('%s', (text, expected) => {
    const { value, diagnostics } = evaluateText(`string.format(${text})`, environment)
    expect(diagnostics).toEqual([])
    expect(value).toBe(expected)
  })
})

test('capsules and functions cannot be printed', () => {
  const { diagnostics } = evaluateText('string.format("%v", [string.join])', environment)
  expect(diagnostics[0]?.message).toBe('string.format cannot print a function')
})

describe('limits', () => {
  test('a width of a million is one', () => {
    expect(format('%1000000d|', [1n])).toBe(`${' '.repeat(999_999)}1|`)
  })

  test('a precision of a million is one', () => {
    expect(format('%.1000000f', [5e-324])).toHaveLength(1_000_002)
  })

  test('a text of more than 16 MiB is refused', () => {
    expect(() => format('%1000000d'.repeat(17), Array(17).fill(1n))).toThrow(Fault)
  })
})

const value = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Value>(null, true, false),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((size) => new Uint64(size)),
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 }).map((one) => new Map(one)),
  ),
})).value

const directive = fc
  .array(fc.constantFrom(...'+-# 0123456789.*[]vTdboOxXcqUeEfFgGstp%w!'), { maxLength: 8 })
  .map((parts) => `%${parts.join('')}`)
  .filter((text) => !/\d{4}/.test(text))

test('any format with any values gives a text', () => {
  fc.assert(
    fc.property(
      fc.array(directive, { maxLength: 4 }),
      fc.array(value, { maxLength: 4 }),
      (...all) => {
        const [directives, values] = all
        return typeof format(directives.join('|'), values) === 'string'
      },
    ),
    { seed: 20260804, numRuns: 3000 },
  )
})

test('%v of a float reads back as that float', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (float) => {
      return Object.is(Number(format('%v', [float])), float)
    }),
    { seed: 20260805, numRuns: 1000 },
  )
})
