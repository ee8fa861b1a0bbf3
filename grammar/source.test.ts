import { describe, expect, test } from 'vitest'
import { readSource, Source } from './source.js'

describe('positions', () => {
  const source = new Source('test', 'ab\r\né日c\n\nd')
  test.each([
    ['the first character', 0, 1, 1],
    ['a line end', 3, 1, 4],
    ['the start of a line', 4, 2, 1],
    ['after two bytes', 5, 2, 3],
    ['after five bytes', 6, 2, 6],
    ['an empty line', 8, 3, 1],
    ['the end', 10, 4, 2],
  ])('%s', (_, offset, line, column) => {
    expect(source.positionAt(offset)).toEqual({ line, column })
    expect(source.lineAt(offset)).toBe(line)
  })

  test('lines come without their ends', () => {
    expect([1, 2, 3, 4, 5].map((line) => source.line(line))).toEqual(['ab', 'é日c', '', 'd', ''])
    expect([1, 2, 3, 4, 5].map((line) => source.startOfLine(line))).toEqual([0, 4, 8, 9, 10])
  })
})

describe('bytes that are not UTF-8 are marked', () => {
  test.each([
    ['none', [0x61, 0xc3, 0xa9], 'aé', []],
    ['a byte alone', [0x61, 0xff, 0x62], 'a\uFFFDb', [1]],
    ['a cut sequence', [0xe6, 0x97, 0x62], '\uFFFDb', [0]],
    ['a cut sequence at the end', [0x61, 0xf0, 0x9f, 0x98], 'a\uFFFD', [1]],
    ['a sequence that is too long', [0xc0, 0x80], '\uFFFD\uFFFD', [0, 1]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80], '\uFFFD\uFFFD\uFFFD', [0, 1, 2]],
    ['not the replacement character itself', [0xef, 0xbf, 0xbd, 0xff], '\uFFFD\uFFFD', [1]],
    ['after characters of many bytes', [0xf0, 0x9f, 0x98, 0x80, 0xff], '😀\uFFFD', [2]],
    ['after a byte order mark', [0xef, 0xbb, 0xbf, 0xff], '\uFEFF\uFFFD', [1]],
  ])('%s', (_, bytes, text, invalidAt) => {
    const source = readSource('test', Uint8Array.from(bytes))
    expect([source.text, source.invalidAt]).toEqual([text, invalidAt])
  })
})
