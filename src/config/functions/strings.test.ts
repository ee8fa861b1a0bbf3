import { describe, expect, test } from 'vitest'
import type { Value } from '#sdk'
import { evaluateText } from '../evaluate.js'

const environment = { env: () => undefined, constants: new Map() }

const rows: readonly (readonly [string, Value])[] = [
  ['string.join(["a", "b", "c"], ", ")', 'a, b, c'],
  ['string.join([1, 2.5, null], "-")', '1-2.5-'],
  ['string.join([], "-")', ''],
  ['string.join(null, "-")', ''],
  ['string.join(["a", "b"], 0)', 'a0b'],
  ['string.split("a,b,,c", ",")', ['a', 'b', '', 'c']],
  ['string.split("", ",")', ['']],
  ['string.split("", "")', []],
  ['string.split("a😀b", "")', ['a', '😀', 'b']],
  ['string.split("abc", "abc")', ['', '']],
  ['string.replace("a.b.c", ".", "-")', 'a-b-c'],
  ['string.replace("aaa", "aa", "b")', 'ba'],
  ['string.replace("abc", "b", "$&$1")', 'a$&$1c'],
  ['string.replace("a😀", "", "-")', '-a-😀-'],
  ['string.replace("", "", "-")', '-'],
  ['string.to_lower("ÀÉ")', 'àé'],
  ['string.to_lower("ΣΑΣ")', 'σασ'],
  ['string.to_lower("İ")', 'i'],
  ['string.to_upper("àé")', 'ÀÉ'],
  ['string.to_upper("ß")', 'ß'],
  ['string.to_upper("ŉ")', 'ŉ'],
  ['string.to_upper("ᾀᾳᾈ")', 'ᾈᾼᾈ'],
  ['string.to_upper("𐐨")', '𐐀'],
  ['string.to_upper(1.50)', '1.5'],
  ['string.trim("?!hello?!", "!?")', 'hello'],
  ['string.trim("😀a😀", "😀")', 'a'],
  ['string.trim("aaa", "a")', ''],
  ['string.trim(" a ", "")', ' a '],
  ['string.trim_prefix("ababc", "ab")', 'abc'],
  ['string.trim_prefix("abc", "x")', 'abc'],
  ['string.trim_suffix("abcbc", "bc")', 'abc'],
  ['string.trim_suffix("abc", "")', 'abc'],
  ['string.trim_suffix("abc", "x")', 'abc'],
  ['string.matches("web-01", "^web-[0-9]+$")', true],
  ['string.matches("my web-01", "web")', true],
  ['string.matches("web-01", `^\\d`)', false],
  ['string.matches("", "")', true],
  ['string.trim_space("\\t\\n \\u00a0\\u3000a b\\u0085 ")', 'a b'],
  ['string.trim_space("\\ufeffa")', '\ufeffa'],
  ['string.trim_space("  ")', ''],
]

describe('results', () => {
  test.each(rows)('%s', (text, expected) => {
    expect(evaluateText(text, environment)).toEqual({ value: expected, diagnostics: [] })
  })
})

const long = 'a'.repeat(1024 * 1024)
const limits: readonly (readonly [string, string])[] = [
  ['string.replace(long, "a", long)', 'the result is longer than 16 MiB'],
  ['string.replace(long, "", long)', 'the result is longer than 16 MiB'],
  ['string.join(list, long)', 'the result is longer than 16 MiB'],
  ['string.split(long, "")', 'the result has more than 1000000 items'],
]

describe('limits', () => {
  const variables = new Map<string, Value>([
    ['long', long],
    ['list', Array<string>(20).fill('')],
  ])
  test.each(limits)('%s', (text, message) => {
    const { diagnostics } = evaluateText(text, environment, variables)
    expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([message])
  })

  test('white space is trimmed in linear time', () => {
    const spaces = ' '.repeat(1024 * 1024)
    const names = new Map([['text', `${spaces}a${spaces}b`]])
    const { value } = evaluateText('string.trim_space(text)', environment, names)
    expect(value).toBe(`a${spaces}b`)
  })
})
