import { expect, test } from 'vitest'
import { decodeMessage, encodeMessage, type Plain } from '#support'
import { type AttributeValue, decodeValue, encodeValue, valueText } from './value.js'

const map = (...pairs: [string, AttributeValue][]) => new Map(pairs)

/** A value, the same for protobuf, and as text. */
const VALUES: [AttributeValue, Plain, string][] = [
  [null, {}, ''],
  ['', { stringValue: '' }, ''],
  ['ü', { stringValue: 'ü' }, 'ü'],
  [true, { boolValue: true }, 'true'],
  [false, { boolValue: false }, 'false'],
  [0n, { intValue: '0' }, '0'],
  [-1n, { intValue: '-1' }, '-1'],
  [2n ** 63n - 1n, { intValue: '9223372036854775807' }, '9223372036854775807'],
  [-(2n ** 63n), { intValue: '-9223372036854775808' }, '-9223372036854775808'],
  [1.5, { doubleValue: 1.5 }, '1.5'],
  [1, { doubleValue: 1 }, '1'],
  [1e21, { doubleValue: 1e21 }, '1e+21'],
  [1e-7, { doubleValue: 1e-7 }, '1e-7'],
  [-0, { doubleValue: -0 }, '-0'],
  [Number.NaN, { doubleValue: Number.NaN }, 'NaN'],
  [Number.NEGATIVE_INFINITY, { doubleValue: Number.NEGATIVE_INFINITY }, '-Inf'],
  [Buffer.from([0xfb, 0xff]), { bytesValue: Buffer.from([0xfb, 0xff]) }, '+/8='],
  [[], { arrayValue: {} }, '[]'],
  [
    [1n, 'a', null],
    { arrayValue: { values: [{ intValue: '1' }, { stringValue: 'a' }, {}] } },
    '[1,"a",null]',
  ],
  [map(), { kvlistValue: {} }, '{}'],
  [
    map(['b', map(['x', [Buffer.from('z')]])], ['a', Number.NaN], ['__proto__', 1n]),
    {
      kvlistValue: {
        values: [
          {
            key: 'b',
            value: {
              kvlistValue: {
                values: [
                  {
                    key: 'x',
                    value: { arrayValue: { values: [{ bytesValue: Buffer.from('z') }] } },
                  },
                ],
              },
            },
          },
          { key: 'a', value: { doubleValue: Number.NaN } },
          { key: '__proto__', value: { intValue: '1' } },
        ],
      },
    },
    '{"__proto__":1,"a":"NaN","b":{"x":["eg=="]}}',
  ],
]

test.each(VALUES.map((row) => [row[2], ...row] as const))('%s', (_, value, plain, text) => {
  expect(decodeMessage('AnyValue', encodeValue(value))).toEqual(plain)
  expect(decodeValue(encodeMessage('AnyValue', plain))).toEqual(value)
  expect(valueText(value)).toBe(text)
})

test('of equal keys in a map the first counts', () => {
  const values = [1, 2].map((intValue) => ({ key: 'k', value: { intValue } }))
  const bytes = encodeMessage('AnyValue', { kvlistValue: { values } })
  expect(decodeValue(bytes)).toEqual(map(['k', 1n]))
})

test('a value that only newer readers know is empty', () => {
  expect(decodeValue(Buffer.from([0x40, 5]))).toBeNull()
})
