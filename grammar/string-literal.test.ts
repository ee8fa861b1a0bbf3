import { describe, expect, test } from 'vitest'
import { unquote } from './string-literal.js'

describe('unquote', () => {
  test.each([
    ['plain text', '"abc"', 'abc'],
    ['nothing', '""', ''],
    ['the simple escapes', String.raw`"\a\b\f\n\r\t\v\\\""`, '\x07\b\f\n\r\t\v\\"'],
    ['octal and hexadecimal bytes', String.raw`"\101\x42\377"`, 'AB\uFFFD'],
    ['bytes that make a character', String.raw`"\xc3\xa9\303\251"`, 'éé'],
    ['Unicode of four and eight digits', String.raw`"\u00e9\U0001F600"`, 'é😀'],
    ['a tab as it is', '"a\tb"', 'a\tb'],
    ['raw text', '`a\\n"b`', 'a\\n"b'],
    ['raw text of Windows lines', '`a\r\nb`', 'a\nb'],
  ])('reads %s', (_, literal, text) => expect(unquote(literal)).toBe(text))

  test.each([
    ['a single quote', String.raw`"\'"`],
    ['an unknown escape', String.raw`"\d"`],
    ['too few digits', String.raw`"\x4"`],
    ['half of a surrogate pair', String.raw`"\ud800"`],
    ['a pair of halves', String.raw`"\ud83d\ude00"`],
    ['a code beyond Unicode', String.raw`"\U00110000"`],
    ['an octal above a byte', String.raw`"\400"`],
    ['no closing quote', '"a'],
    ['an escaped closing quote', String.raw`"a\"`],
    ['a quote alone', '"'],
    ['a quote inside', '"a"b"'],
    ['a quote inside, beside an escape', String.raw`"a"\n"`],
    ['a quote inside, after an escape', String.raw`"\n"a"`],
    ['a line end', '"a\nb"'],
    ['single quotes', "'a'"],
    ['an open raw string', '`a'],
    ['a back quote inside', '`a`b`'],
  ])('refuses %s', (_, literal) => expect(unquote(literal)).toBeUndefined())
})
