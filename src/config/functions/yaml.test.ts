import { describe, expect, test } from 'vitest'
import { Uint64, type Value } from '#sdk'
import { DocumentFault } from './document-fault.js'
import { parseYaml } from './yaml.js'

describe('scalars without quotes', () => {
  const rows: readonly (readonly [string, Value])[] = [
    ['', null],
    ['~', null],
    ['Null', null],
    ['nULL', 'nULL'],
    ['True', true],
    ['FALSE', false],
    ['yes', 'yes'],
    ['on', 'on'],
    ['0', 0n],
    ['-7', -7n],
    ['+7', 7n],
    ['1_000', 1000n],
    ['017', 15n],
    ['08', 8],
    ['0o17', 15n],
    ['0x1F', 31n],
    ['-0b101', -5n],
    ['9223372036854775807', 9223372036854775807n],
    ['9223372036854775808', new Uint64(9223372036854775808n)],
    ['18446744073709551616', 2 ** 64],
    ['-9223372036854775809', -(2 ** 63)],
    ['1.5', 1.5],
    ['1.', 1],
    ['.5', 0.5],
    ['-1e3', -1000],
    ['1e400', '1e400'],
    ['.inf', Number.POSITIVE_INFINITY],
    ['-.INF', Number.NEGATIVE_INFINITY],
    ['.NaN', Number.NaN],
    ['-.nan', '-.nan'],
    ['12:30:45', '12:30:45'],
    ['1.2.3', '1.2.3'],
    ['2024-01-02', '2024-01-02T00:00:00Z'],
    ['2024-1-2', '2024-01-02T00:00:00Z'],
    ['2024-01-02 03:04:05.60', '2024-01-02T03:04:05.6Z'],
    ['2024-01-02t03:04:05.1234567891+02:00', '2024-01-02T03:04:05.123456789+02:00'],
    ['2024-01-02T03:04:05', '2024-01-02T03:04:05'],
    ['2024-02-30', '2024-02-30'],
    ['0001-01-01', '0001-01-01T00:00:00Z'],
    ['2024-01-02T24:00:00Z', '2024-01-02T24:00:00Z'],
  ]
  test.each(rows)('%s', (text, expected) => {
    expect(parseYaml(text)).toEqual(expected)
    expect(parseYaml(`- ${text}`)).toEqual([expected])
  })
})

const object = (...fields: readonly (readonly [string, Value])[]) => new Map(fields)

describe('documents', () => {
  const rows: readonly (readonly [string, Value])[] = [
    ['"1"', '1'],
    ["'it''s'", "it's"],
    ['a: 1\nb:\n  - x\n  - {c: [2]}', object(['a', 1n], ['b', ['x', object(['c', [2n]])]])],
    ['a: |\n  x\n  y\nb: >-\n  x\n  y', object(['a', 'x\ny\n'], ['b', 'x y'])],
    ['a:\nb: ""', object(['a', null], ['b', ''])],
    ['1: a\ntrue: b\n~: c', object(['1', 'a'], ['true', 'b'], ['~', 'c'])],
    ['__proto__: 1', object(['__proto__', 1n])],
    ['# only a comment', null],
    ['--- 1\n--- 2', 1n],
    ['a\n---\nb: [', 'a'],
    ['%YAML 1.1\n---\na', 'a'],
    ['- &x {k: 1}\n- *x', [object(['k', 1n]), object(['k', 1n])]],
    ['- &x 1\n- *x\n- &x 2\n- *x', [1n, 1n, 2n, 2n]],
    ['&k a: 1\n*k : 2', 'error'],
    ['&k a: &v 1\nb: *k\nc: *v', object(['a', 1n], ['b', 'a'], ['c', 1n])],
    [
      'a: &a {x: 1, y: 1}\nb: {<<: *a, y: 2}',
      object(['a', object(['x', 1n], ['y', 1n])], ['b', object(['y', 2n], ['x', 1n])]),
    ],
    ['<<: [{a: 1}, {a: 2, b: 3}]', object(['a', 1n], ['b', 3n])],
    ['"<<": 1', object(['<<', 1n])],
    ['!!str 1', '1'],
    ['!!int "1"', 1n],
    ['!!float 1', 1],
    ['!!bool "true"', true],
    ['!!null ""', null],
    ['!!binary aGVs\n bG8=', 'hello'],
    ['!custom 1', '1'],
    ['! 1', 1n],
  ]
  test.each(rows)('%j', (text, expected) => {
    if (expected === 'error') expect(() => parseYaml(text)).toThrow(DocumentFault)
    else expect(parseYaml(text)).toEqual(expected)
  })
})

describe('faults', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['a: [1', 'wrong indentation, or a list or object without its end at line 1, column 6'],
    ['a: 1\n b: 2', 'a key within the value of another at line 1, column 4'],
    ['a:\n\tb: 1', 'a tab as indentation at line 2, column 1'],
    ['a: 1\na: 2', 'a key is given twice'],
    ['a: *b', 'an alias comes before its anchor, or has none'],
    ['a: *b\nc: &b 1', 'an alias comes before its anchor, or has none'],
    ['&a [*a]', 'it is nested deeper than 200 levels'],
    ['[1]: a', 'a key must be a string'],
    ['<<: 1', '"<<" takes an object, or a list of them'],
    ['!!int x', 'a value is no !!int'],
    ['!!binary x', 'a value is no !!binary'],
    ['a\x01', 'it has control characters'],
    [`a: ${'x'.repeat(4 * 1024 * 1024)}`, 'it is longer than 4 MiB'],
    ['['.repeat(100_000), 'it is nested deeper than 200 levels'],
    ['- '.repeat(100_000), 'it is nested deeper than 200 levels'],
    [`${'['.repeat(201)}${']'.repeat(201)}`, 'it is nested deeper than 200 levels'],
    [bomb(), 'the result has more than 1000000 items'],
  ]
  for (const [text, message] of rows) {
    test(`${JSON.stringify(text.slice(0, 40))}: ${message}`, () => {
      expect(() => parseYaml(text)).toThrow(new DocumentFault(message))
    })
  }

  test('no fault quotes the text', () => {
    for (const text of ['"hunter2', '[hunter2', 'a: hunter2: b', '*hunter2', '@hunter2']) {
      expect(() => parseYaml(text)).toThrow(expect.not.stringContaining('hunter2'))
    }
  })
})

/** Ten lists of ten aliases each: ten billion items in 400 characters. */
function bomb(): string {
  const lines = ['a0: &a0 x']
  for (let level = 1; level <= 10; level++) {
    lines.push(
      `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    )
  }
  return lines.join('\n')
}
