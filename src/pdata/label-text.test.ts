import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { labelName, labelText, parseLabelText } from './label-text.js'

describe('parseLabelText', () => {
  const taken: readonly (readonly [string, readonly string[]])[] = [
    ['{}', []],
    [' { } ', []],
    ['{a="b"}', ['a', 'b']],
    ['{a="b",c="d"}', ['a', 'b', 'c', 'd']],
    ['{ c = "d" ,\n\ta="b", }', ['c', 'd', 'a', 'b']],
    ["{a='it\\'s \"b\"'}", ['a', 'it\'s "b"']],
    ['{a=`\\n{}\n`}', ['a', '\\n{}\n']],
    ['{a="}, b="}', ['a', '}, b=']],
    ['{a="\\a\\b\\f\\n\\r\\t\\v\\\\\\""}', ['a', '\x07\b\f\n\r\t\v\\"']],
    ['{a="\\xc3\\xbc\\u00fc\\U0001F600"}', ['a', 'üü😀']],
    ['{a="\\303\\274"}', ['a', 'ü']],
    ['{a="\ufeffü😀"}', ['a', '\ufeffü😀']],
  ]
  test.each(taken)('%j', (text, pairs) => expect(parseLabelText(text)).toEqual(pairs))

  const refused: readonly (readonly [string, string])[] = [
    ['', 'labels: expected "{" at 0, found the end'],
    ['a="b"', 'labels: expected "{" at 0, found "a=\\"b\\""'],
    ['{a="b"', 'labels: expected "," or "}" at 6, found the end'],
    ['{a="b"} x', 'labels: expected the end at 8, found "x"'],
    ['{a="b" c="d"}', 'labels: expected "," or "}" at 7, found "c=\\"d\\"}"'],
    ['{,}', 'labels: expected name="value" at 1, found ",}"'],
    ['{a=b}', 'labels: expected name="value" at 1, found "a=b}"'],
    ['{a!="b"}', 'labels: expected name="value" at 1, found "a!=\\"b\\"}"'],
    ['{1a="b"}', 'labels: expected name="value" at 1, found "1a=\\"b\\"}"'],
    ['{a.b="c"}', 'labels: expected name="value" at 1, found "a.b=\\"c\\"}"'],
    ['{a="b\nc"}', 'labels: expected name="value" at 1, found "a=\\"b\\nc\\"}"'],
    ['{a="b", a="c"}', 'labels: "a" is there twice'],
    ['{a="\\z"}', 'labels: unknown escape \\z'],
    ['{a="\\\'"}', "labels: unknown escape \\'"],
    ['{a="\\400"}', 'labels: unknown escape \\400'],
    ['{a="\\ud800"}', 'labels: unknown escape \\ud800'],
    ['{a="\\U00110000"}', 'labels: unknown escape \\U00110000'],
    ['{a="\\xff"}', 'labels: the value "\\xff" is no UTF-8'],
  ]
  test.each(refused)('refuses %j', (text, message) =>
    expect(() => parseLabelText(text)).toThrow(message),
  )
})

describe('labelText', () => {
  const rows: readonly (readonly [readonly string[], string])[] = [
    [[], '{}'],
    [['b', '1', 'a', '2'], '{a="2", b="1"}'],
    [['a', '1', 'a', '2'], '{a="2"}'],
    [['a', ''], '{}'],
    [['a', '"\\\n\t\x01\x7fü'], '{a="\\"\\\\\\n\\t\\x01\\x7fü"}'],
  ]
  test.each(rows)('%j', (pairs, text) => expect(labelText(pairs)).toBe(text))
})

test('what is written is read again', () => {
  const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,5}$/)
  const labels = fc.dictionary(name, fc.string({ unit: 'grapheme', minLength: 1 }))
  fc.assert(
    fc.property(labels, (given) => {
      const sorted = Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1))
      expect(parseLabelText(labelText(Object.entries(given).flat()))).toEqual(sorted.flat())
    }),
  )
})

test.each([
  ['http.method', 'http_method'],
  ['a-b/ü😀', 'a_b___'],
  ['1st', 'key_1st'],
  ['_own', 'key_own'],
  ['__own__', '__own__'],
])('labelName of %s', (text, name) => expect(labelName(text)).toBe(name))
