import { describe, expect, test } from 'vitest'
import { lex } from './lexer.js'
import { readSource, Source } from './source.js'
import * as t from './tokens.js'

/** Tokens as text, with `;` where a terminator was inserted. */
function tokensOf(text: string): string {
  const { tokens } = lex(new Source('test', text))
  return tokens.map((token) => (token.tokenType === t.Terminator ? ';' : token.image)).join(' ')
}

describe('a line end ends a statement', () => {
  test.each([
    ['after a name', 'a\nb', 'a ; b ;'],
    ['after values', '1\n2.5\n"s"\n`r`\ntrue\nnull\n', '1 ; 2.5 ; "s" ; `r` ; true ; null ;'],
    ['after closing brackets', ')\n]\n}\n', ') ; ] ; } ;'],
    ['not after operators and openings', '+\n=\n,\n.\n(\n[\n{\n!\n', '+ = , . ( [ { !'],
    ['at the end of the file', 'a', 'a ;'],
    ['once for blank lines', 'a\n\n \t\n\r\nb', 'a ; b ;'],
    ['before a comment to the end of the line', 'a // c\nb', 'a ; b ;'],
    ['before a comment that spans lines', 'a /* c\n */ b', 'a ; b ;'],
    ['before comments only', 'a /* c */ /* d */ // e\nb', 'a ; b ;'],
    ['not before a comment within a line', 'a /* c */ b', 'a b ;'],
    ['before a comment that is not closed', 'a /* c', 'a ;'],
    ['not inside a raw string', '`a\nb` c', '`a\nb` c ;'],
  ])('%s', (_, text, tokens) => expect(tokensOf(text)).toBe(tokens))
})

describe('tokens end where the peer ends them', () => {
  test.each([
    ['numbers', '1.2.3 1..2 .5. 1e5 1.e-5 0x1F 1_0', '1.2 .3 1. .2 .5 . 1e5 1.e-5 0 x1F 1 _0 ;'],
    ['operators', '<=< ==== !== &&|| ^-', '<= < == == != = && || ^ -'],
    ['names of any letters', 'é日本_1 a٣ nullx', 'é日本_1 a٣ nullx ;'],
    ['escaped quotes', String.raw`"a\"b" "c\\" d`, String.raw`"a\"b" "c\\" d ;`],
    ['a string without its quote, at the line', '"abc\nd', '"abc ; d ;'],
    ['a byte order mark, if it is first', '\uFEFFa', 'a ;'],
  ])('%s', (_, text, tokens) => expect(tokensOf(text)).toBe(tokens))
})

describe('what is no token is read as what was meant', () => {
  test.each([
    ['; as a line end', 'a = 1; b = 2', 'a = 1 ; b = 2 ;', ['stray-semicolon']],
    [': as =', 'a: 1', 'a : 1 ;', ['colon-assignment']],
    [
      'a single operator character',
      'a & b | c',
      'a & b | c ;',
      ['incomplete-operator', 'incomplete-operator'],
    ],
    ['single quotes as a string', "a = 'x'", "a = 'x' ;", ['single-quotes']],
    ['# as a comment', 'a # b\nc', 'a ; c ;', ['hash-comment']],
    ['others as nothing', 'a @ b', 'a b ;', ['illegal-character']],
  ])('%s', (_, text, tokens, codes) => {
    expect(tokensOf(text)).toBe(tokens)
    expect(lex(new Source('test', text)).faults.map((fault) => fault.code)).toEqual(codes)
  })
})

describe('comments', () => {
  const groupsOf = (text: string) =>
    lex(new Source('test', text)).comments.map((group) => group.map((comment) => comment.text))
  test.each([
    ['on consecutive lines are a group', '// a\n// b\n\n// c', [['// a', '// b'], ['// c']]],
    ['are parted by tokens', '// a\nx // b\n// c', [['// a'], ['// b', '// c']]],
    ['that span lines count to their end', '/* a\n*/\n// b', [['/* a\n*/', '// b']]],
    ['lose carriage returns', '// a\r\n/* b\r\n*/', [['// a', '/* b\n*/']]],
    ['keep the return that holds them open', '/**\r\r/*/', [['/**\r/*/']]],
  ])('%s', (_, text, groups) => expect(groupsOf(text)).toEqual(groups))
})

test('unreadable characters are found one ahead, and unclosed texts at their end', () => {
  const bytes = Buffer.from('"a\0b" \xFF `\uFEFF'.replace('\xFF', '?'))
  bytes[bytes.indexOf('?')] = 0xff
  expect(lex(readSource('test', bytes)).faults.map((fault) => [fault.code, fault.start])).toEqual([
    ['null-character', 2],
    ['invalid-utf8', 6],
    ['byte-order-mark', 9],
    ['unterminated-raw-string', 8],
  ])
})
