import { describe, expect, test } from 'vitest'
import { Uint64, type Value } from '#sdk'
import { evaluateText } from './evaluate.js'

const environment = { env: () => undefined, constants: new Map() }

/** The value, or the message of the error. */
function outcome(text: string): Value | undefined {
  const { value, diagnostics } = evaluateText(text, environment)
  return value === undefined ? `error: ${diagnostics[0]!.message}` : value
}

const MIN = '(-9223372036854775807 - 1)'
const MAX = '9223372036854775807'
const UMAX = '18446744073709551615'

const groups: Readonly<Record<string, readonly (readonly [string, Value])[]>> = {
  'whole numbers wrap around': [
    [`${MAX} + 1`, -9223372036854775808n],
    [`${MIN} - 1`, 9223372036854775807n],
    [`${MAX} * 2`, -2n],
    [`${MIN} / -1`, -9223372036854775808n],
    [`-${MIN}`, -9223372036854775808n],
    [`${UMAX} + ${UMAX}`, new Uint64(18446744073709551614n)],
    [`${UMAX} + 7`, 6n],
    [`-${UMAX}`, 1n],
  ],
  'division truncates and keeps the sign of the dividend': [
    ['7 / 2', 3n],
    ['-7 / 2', -3n],
    ['-7 % 2', -1n],
    ['7 % -2', 1n],
    ['-7.5 % 2', -1.5],
    ['7 / 2.0', 3.5],
  ],
  'division by zero': [
    ['1 / 0', 'error: division by zero'],
    ['1.0 / 0.0', 'error: division by zero'],
    ['1 % 0', 'error: division by zero'],
    ['1 % -0.0', 'error: division by zero'],
  ],
  'a float makes both floats': [
    ['1 + 2.0', 3],
    [`${UMAX} + 0.0`, 2 ** 64],
    ['3 == 3.0', true],
    ['2 < 2.5', true],
  ],
  'unsigned beside signed is read as signed': [
    [`${UMAX} == -1`, true],
    [`${UMAX} > 7`, false],
    [`${UMAX} > 9223372036854775808`, true],
  ],
  powers: [
    ['2 ^ 10', 1024n],
    ['-2 ^ 2', 4n],
    ['2 ^ 3 ^ 2', 512n],
    ['3 ^ 41', -420491770248316829n],
    ['2 ^ 64', 0n],
    ['7 ^ -2', 7n],
    ['0 ^ -2', 0n],
    ['0 ^ 0', 1n],
    [`1 ^ ${MAX}`, 1n],
    [`0 ^ ${MAX}`, 0n],
    [`7 ^ ${MAX}`, 'error: the exponent is too large: the result overflows'],
    [`${UMAX} ^ ${UMAX}`, 'error: the exponent is too large: the result overflows'],
    ['2 ^ 4294967296', 0n],
    ['2 ^ 4294967297', 'error: the exponent is too large: the result overflows'],
    ['2.5 ^ 2.5', 9.882117688026186],
    ['0.1 ^ 7', 1.0000000000000007e-7],
    ['2.0 ^ 0.5', Math.SQRT2],
    ['2.0 ^ -0.5', 1 / Math.SQRT2],
    ['-2 ^ 2.5', Number.NaN],
    ['2.0 ^ -1074', 5e-324],
    ['1.0000001 ^ 1e300', Number.POSITIVE_INFINITY],
    ['1.0 ^ (1e308 * 10)', 1],
    ['-1.0 ^ (1e308 * 10)', 1],
  ],
  'strings compare by their bytes': [
    ['"a" < "b"', true],
    ['"Z" < "a"', true],
    ['"a" < "ab"', true],
    ['"\\uffff" < "\\U0001F600"', true],
    ['"" <= ""', true],
    ['"7" == 7', false],
  ],
  'equality is deep': [
    ['[1, {a = 2.0}] == [1.0, {a = 2}]', true],
    ['{a = 1} == {a = 1, b = 2}', false],
    ['{a = 1, b = 2} == {b = 2, a = 1}', true],
    ['{a = null} == {b = null}', false],
    ['[1] == [1, 2]', false],
    ['null == null', true],
    ['null == false', false],
    ['string.join == string.join', false],
    ['[] != {}', true],
  ],
  'NaN is equal to nothing and in no order': [
    ['(1e308 * 10 - 1e308 * 10) == (1e308 * 10 - 1e308 * 10)', false],
    ['(1e308 * 10 - 1e308 * 10) <= 1', false],
    ['(1e308 * 10 - 1e308 * 10) >= 1', false],
    ['1e308 * 10 == 1e308 * 10', true],
  ],
  'the left side of && and || may decide alone': [
    ['true || false', true],
    ['false && true', false],
    ['false && 1 / 0 == 1', false],
    ['true || [][0]', true],
    ['false || true', true],
    ['true && 1 / 0 == 1', 'error: division by zero'],
    ['false && (1)', 'error: the right side of && must be true or false, and is a number'],
    ['true || 1', 'error: the right side of || must be true or false, and is a number'],
  ],
  'operands of the wrong type': [
    [
      '1 + true',
      'error: the right side of + must be a number, a string or a secret, and is a bool',
    ],
    ['null - 1', 'error: the left side of - must be a number, and is null'],
    [
      '1 + "a"',
      'error: the right side of + must be a number, as the left side is, and is a string',
    ],
    [
      '"a" < 1',
      'error: the right side of < must be a string, as the left side is, and is a number',
    ],
    ['!1', 'error: the operand of ! must be true or false, and is a number'],
    ['-"1"', 'error: the operand of - must be a number, and is a string'],
    ['[] < {}', 'error: the left side of < must be a number or a string, and is a list'],
  ],
}

for (const [name, rows] of Object.entries(groups)) {
  describe(name, () => {
    test.each(rows)('%s', (text, expected) => expect(outcome(text)).toEqual(expected))
  })
}

test('a sum of strings has a limit', () => {
  const half = '(string.format("%1000000s", ""))'
  const sum = Array.from({ length: 18 }, () => half).join(' + ')
  expect(outcome(sum)).toBe('error: the result is longer than 16 MiB')
})
