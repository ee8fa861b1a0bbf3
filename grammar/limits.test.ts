/** Bad and huge inputs get an answer, in a time that grows with their size and no faster. */
import { describe, expect, test } from 'vitest'
import { format } from './format.js'
import { parseExpression, parseFile } from './parse.js'
import { NESTING_MAX } from './recovery.js'
import { readSource, SOURCE_SIZE_MAX, Source } from './source.js'
import { TREE_DEPTH_MAX } from './tree-depth.js'

/** What is not linear takes hours; what is, a second or two. */
const limits = { timeout: 60_000 }
/** Enough to be slow if it is not linear, and little enough for a busy machine. */
const SIZE = SOURCE_SIZE_MAX / 4

const fill = (piece: string) => piece.repeat(Math.floor(SIZE / piece.length))
const nested = (depth: number) => `a = ${'['.repeat(depth)}${']'.repeat(depth)}`
const blocks = (depth: number) => 'b {\n'.repeat(depth) + '}\n'.repeat(depth)
const chain = (count: number) => `a = 1${' + 1'.repeat(count)}`

describe('limits', () => {
  test.each([
    ['brackets', nested(NESTING_MAX), nested(NESTING_MAX + 1), 'too-deep'],
    ['blocks', blocks(NESTING_MAX), blocks(NESTING_MAX + 1), 'too-deep'],
    ['operators', chain(TREE_DEPTH_MAX - 1), chain(TREE_DEPTH_MAX), 'too-deep'],
    ['prefixes', `a = ${'!'.repeat(999)}b`, `a = ${'!'.repeat(1000)}b`, 'too-deep'],
    ['accesses', `a = b${'.c'.repeat(999)}`, `a = b${'.c'.repeat(1000)}`, 'too-deep'],
    [
      'bytes',
      `//${'é'.repeat(SOURCE_SIZE_MAX / 2 - 1)}`,
      `//${'é'.repeat(SOURCE_SIZE_MAX / 2)}`,
      'too-large',
    ],
  ])('%s', (_, atLimit, above, code) => {
    const { file, diagnostics } = parseFile(new Source('test', atLimit))
    expect(diagnostics).toEqual([])
    expect(format(file)).not.toBe('')
    expect(parseFile(new Source('test', above)).diagnostics.map((one) => one.code)).toEqual([code])
  })

  test('of an expression', () => {
    const deep = new Source('test', '('.repeat(10_000))
    expect(parseExpression(deep).diagnostics.map((one) => one.code)).toEqual(['too-deep'])
  })

  test('in levels of different kinds', () => {
    const text = `a = ${'('.repeat(150)}1${`${'+1'.repeat(10)})`.repeat(150)}`
    expect(parseFile(new Source('test', text)).diagnostics.map((one) => one.code)).toEqual([
      'too-deep',
    ])
  })
})

describe('an answer in linear time', () => {
  test.each([
    ['10,000 nested brackets', nested(10_000)],
    ['10,000 open brackets', `a = ${'['.repeat(10_000)}`],
    ['10,000 open blocks', 'b {\n'.repeat(10_000)],
    ['10 MB of a valid file', 'attribute = [a.b.c, "x"]\n'.repeat(400_000)],
    ['10 MB of garbage', '?['.repeat(5_000_000)],
    ['brackets', fill('(')],
    ['closing brackets', fill(')')],
    ['commas', `a = [${fill(',')}`],
    ['operators', `a = 1${fill('+1')}`],
    ['blocks as values', `a = b${fill('{')}`],
    ['NUL', fill('\0')],
    ['illegal characters', fill('?\n')],
    ['quotes', fill('"\n')],
    ['a long string', `a = "${fill('\\n')}"`],
    ['an open raw string', `a = \`${fill('x\n')}`],
    ['an open comment', `/*${fill('* ')}`],
    ['comments', fill('/**/')],
    ['bad statements', fill('a b\n')],
    ['a line of names', fill('a.')],
    ['a valid file', fill('attribute = [a.b.c, "x"] // comment\n')],
  ])('%s', limits, (_, text) => {
    const { file, diagnostics } = parseFile(new Source('test', text))
    expect(diagnostics.length).toBeLessThanOrEqual(50)
    if (diagnostics.length === 0) expect(format(file)).not.toBe('')
  })

  test('bytes that are not UTF-8', limits, () => {
    for (const size of [SIZE, 10_000_000]) {
      const { diagnostics } = parseFile(readSource('test', Buffer.alloc(size, 0xff)))
      expect(diagnostics.length).toBe(1)
    }
  })
})
