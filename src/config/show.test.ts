import { describe, expect, test } from 'vitest'
import { Capsule, OptionalSecret, Secret, Uint64, type Value } from '#sdk'
import { libraryValue } from './functions/index.js'
import { typeName } from './kind.js'
import { describeKind, describeValue, showValue } from './show.js'
import { Unknown } from './unknown.js'

class Consumer extends Capsule {
  override readonly capsule = 'otelcol.Consumer'
}

const environment = { env: () => undefined, constants: new Map<string, string>() }
const coalesce = libraryValue('coalesce', environment)!

/** A value, its type, what it is, what it is with its content, and as one would write it. */
const rows: readonly (readonly [Value, string, string, string, string])[] = [
  [null, 'null', 'null', 'null', 'null'],
  [true, 'bool', 'a bool', 'true', 'true'],
  [7n, 'number', 'a number', 'the number 7', '7'],
  [
    new Uint64(2n ** 64n - 1n),
    'number',
    'a number',
    'the number 18446744073709551615',
    '18446744073709551615',
  ],
  [2.5, 'number', 'a number', 'the number 2.5', '2.5'],
  ['a"\n', 'string', 'a string', 'the string "a\\"\\n"', '"a\\"\\n"'],
  [[1n, ['a']], 'array', 'a list', 'a list', '[1, ["a"]]'],
  [
    new Map<string, Value>([
      ['a', 1n],
      ['b c', null],
    ]),
    'object',
    'an object',
    'an object',
    '{a = 1, "b c" = null}',
  ],
  [coalesce, 'function', 'a function', 'the function coalesce', 'coalesce'],
  [
    new Consumer(),
    'capsule("otelcol.Consumer")',
    'a capsule("otelcol.Consumer")',
    'a capsule("otelcol.Consumer")',
    'capsule("otelcol.Consumer")',
  ],
  [new Secret('hunter2'), 'capsule("secret")', 'a secret', 'a secret', '(secret)'],
  [
    new OptionalSecret('hunter2', true),
    'capsule("optionalSecret")',
    'a secret',
    'a secret',
    '(secret)',
  ],
  [
    new OptionalSecret('plain', false),
    'capsule("optionalSecret")',
    'a string',
    'the string "plain"',
    '"plain"',
  ],
  [new Unknown(), 'capsule("unknown")', 'a value', 'a value', 'capsule("unknown")'],
  [new Unknown('string'), 'capsule("unknown")', 'a string', 'a string', 'capsule("unknown")'],
]

for (const [value, type, kind, content, shown] of rows) {
  test(shown, () => {
    expect(typeName(value)).toBe(type)
    expect(describeKind(value)).toBe(kind)
    expect(describeValue(value)).toBe(content)
    expect(showValue(value)).toBe(shown)
  })
}

describe('long values are cut', () => {
  const nested = (levels: number): Value => (levels === 0 ? 1n : [nested(levels - 1)])
  const cut: readonly (readonly [string, Value, string])[] = [
    ['strings', 'abcdefghijkl', '"abcdefghij"…'],
    ['lists', [1n, 2n, 3n, 4n, 5n], '[1, 2, 3, '],
    ['objects', new Map([['long_name', 12n]]), '{long_name…'],
    ['nesting', nested(50), '[[[[[[[[[['],
    ['secrets', [new Secret('hunter2'), 1n], '[(secret), '],
  ]
  test.each(cut)('%s', (_, value, expected) => {
    const text = showValue(value, 10)
    expect(text.startsWith(expected.slice(0, 10))).toBe(true)
    expect(text.length).toBeLessThan(20)
  })

  test('however large they are', () => {
    const large = Array.from({ length: 1_000_000 }, () => 'x'.repeat(1000))
    expect(showValue(large).length).toBeLessThan(100)
  })
})
