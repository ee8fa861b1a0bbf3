import { expect, test } from 'vitest'
import { OptionalSecret, Secret, Uint64, type Value } from '#sdk'
import { libraryValue } from './functions/index.js'
import { valueToJson } from './value-json.js'

const environment = { env: () => undefined, constants: new Map<string, string>() }

const rows: readonly (readonly [Value, string])[] = [
  [null, 'null'],
  [false, 'false'],
  ['é"\n<', '"é\\"\\n<"'],
  [9223372036854775807n, '9223372036854775807'],
  [new Uint64(2n ** 64n - 1n), '18446744073709551615'],
  [2, '2'],
  [0.1, '0.1'],
  [1e21, '1e+21'],
  [1e-7, '1e-7'],
  [-0, '-0'],
  [Number.NaN, '"NaN"'],
  [Number.POSITIVE_INFINITY, '"+Inf"'],
  [Number.NEGATIVE_INFINITY, '"-Inf"'],
  [[1n, [], 'x'], '[1,[],"x"]'],
  [
    new Map<string, Value>([
      ['b', 1n],
      ['__proto__', 2n],
      ['a', null],
    ]),
    '{"__proto__":2,"a":null,"b":1}',
  ],
  [new Secret('hunter2'), '"(secret)"'],
  [[new OptionalSecret('hunter2', true)], '["(secret)"]'],
  [new OptionalSecret('plain', false), '"plain"'],
  [libraryValue('coalesce', environment)!, '"function"'],
]

test.each(rows)('%s as %s', (value, expected) => {
  expect(valueToJson(value)).toBe(expected)
  expect(() => JSON.parse(expected)).not.toThrow()
})
