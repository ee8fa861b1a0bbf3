/**
 * Formatting any valid text keeps its tree and its comments, and formatting again changes nothing.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { format } from './format.js'
import { parseFile } from './parse.js'
import { Source, textOf } from './source.js'

const SEED = 20_240_817
const RUNS = 1_000

type Tokens = readonly string[]

const names = fc.constantFrom('a', 'name', 'a_longer_name', 'é日')
const leaves = fc.constantFrom(
  '1',
  '2.5',
  '.5',
  '"s"',
  '"a\tb"',
  '`raw `',
  '`r\n\tr  \n`',
  'x',
  'null',
)
const join = (separator: string, parts: readonly Tokens[]): Tokens =>
  parts.flatMap((part, index) => (index === 0 ? part : [separator, ...part]))
const listOf = (open: string, close: string) => (items: readonly Tokens[], comma: boolean) => [
  open,
  ...join(',', items),
  ...(comma && items.length > 0 ? [','] : []),
  close,
]

const { expression } = fc.letrec<{ expression: Tokens }>((tie) => {
  const inner = tie('expression')
  const items = fc.array(inner, { maxLength: 3 })
  const keys = fc.constantFrom('k', 'longer', '"q"', '"a b"', '`raw`', '"\\n"')
  const fields = fc.array(fc.tuple(keys, inner), { maxLength: 3 })
  const list = (open: string, close: string) =>
    fc.tuple(items, fc.boolean()).map(([parts, comma]) => listOf(open, close)(parts, comma))
  const leaf = leaves.map((one): Tokens => [one])
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      leaf,
      list('[', ']'),
      fc.tuple(fields, fc.boolean()).map(([parts, comma]) => {
        return listOf('{', '}')(
          parts.map(([key, value]) => [key, '=', ...value]),
          comma,
        )
      }),
      list('(', ')').map((call): Tokens => ['f', ...call]),
      inner.map((one): Tokens => ['(', ...one, ')']),
      inner.map((one): Tokens => ['(', ...one, ')', '.', 'n']),
      inner.map((one): Tokens => ['x', '.', 'y', '[', ...one, ']']),
      fc.tuple(fc.constantFrom('-', '!'), inner).map(([sign, one]): Tokens => [sign, ...one]),
      fc
        .tuple(inner, fc.constantFrom('+', '==', '&&', '^'), inner)
        .map(([left, sign, right]): Tokens => [...left, sign, ...right]),
    ),
  }
})

const { body } = fc.letrec<{ body: Tokens }>((tie) => {
  const attribute = fc
    .tuple(names, expression)
    .map(([name, value]): Tokens => [name, '=', ...value])
  const head = fc.constantFrom(
    ['b'],
    ['b', '.', 'c'],
    ['b', '"l"'],
    ['b', '.', 'c', '.', 'd', '""'],
  )
  const block = fc
    .tuple(head, tie('body'))
    .map(([start, inside]): Tokens => [...start, '{', ...inside, '}'])
  return {
    body: fc
      .array(fc.oneof({ maxDepth: 3 }, attribute, block), { maxLength: 4 })
      .map((statements) => statements.flatMap((statement) => [...statement, '\n'])),
  }
})

/** What may stand between two tokens anywhere, where lines may end, and between statements. */
const GAPS = ['', '', '', ' ', ' ', '\t', ' /* c */ ']
const LINE_GAPS = ['\n', '\n\n  ', ' // c\n', '\n// own\n', '/* a\n b */', '// c\n\n/* d */\n']
const STATEMENT_GAPS = [
  '\n',
  '\n',
  '\n\n\n',
  ' // c\n',
  ' /* c */\n',
  '\n// own\n\n// two\n',
  '\r\n',
]

const CLOSING = /[\p{L}\p{N}_"`)\]}]$/u
const WORD = /^[\p{L}\p{N}_.]/u

/** The tokens as a text, with gaps taken in turn from the choices. */
function written(tokens: Tokens, choices: readonly number[]): string {
  let text = ''
  let before = '\n'
  tokens.forEach((token, index) => {
    const choice = choices[index % choices.length]!
    const pick = (gaps: readonly string[]) => gaps[choice % gaps.length]!
    const mayEndLine = before !== '\n' && !CLOSING.test(before) && choice % 5 === 0
    const gap = token === '\n' ? '' : pick(mayEndLine ? LINE_GAPS : GAPS)
    const touches = gap === '' && /[\p{L}\p{N}_.]$/u.test(before) && WORD.test(token)
    text += token === '\n' ? pick(STATEMENT_GAPS) : (touches ? ' ' : gap) + token
    before = token
  })
  return text
}

const sources = fc
  .tuple(body, fc.array(fc.nat(10_000), { minLength: 5, maxLength: 40 }))
  .map(([tokens, choices]) => written(tokens, choices))

/** The tree without places; raw keys and double-quoted ones are the same. */
function treeOf(text: string): { tree: string; comments: string[] } {
  const { file, diagnostics } = parseFile(new Source('test', text))
  expect(diagnostics.map((one) => `${one.message} at ${textOf(one.at)}`)).toEqual([])
  const PLACES = new Set([
    'span',
    'start',
    'nameSpan',
    'head',
    'open',
    'close',
    'source',
    'comments',
  ])
  const isPlace = (key: string) => PLACES.has(key) || key.endsWith('Span')
  return {
    tree: JSON.stringify(file.body, (key, value) => (isPlace(key) ? undefined : value)),
    comments: file.comments.flat().map((comment) => comment.text),
  }
}

test(`keeps the tree and the comments, and is stable (seed ${SEED})`, () => {
  let commented = 0
  fc.assert(
    fc.property(sources, (text) => {
      const before = treeOf(text)
      const formatted = format(parseFile(new Source('test', text)).file)
      const after = treeOf(formatted)
      expect(after.tree).toBe(before.tree)
      expect([...after.comments].sort()).toEqual([...before.comments].sort())
      expect(format(parseFile(new Source('test', formatted)).file)).toBe(formatted)
      if (before.comments.length > 0) commented++
    }),
    { seed: SEED, numRuns: RUNS },
  )
  // Texts without comments would be too easy.
  expect(commented).toBeGreaterThan(RUNS / 4)
})
