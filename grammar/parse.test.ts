import { describe, expect, test } from 'vitest'
import type { Block } from './ast.js'
import { parseExpression, parseFile } from './parse.js'
import { Source, textOf } from './source.js'

const fileOf = (text: string) => parseFile(new Source('test', text))
const placesOf = (text: string) =>
  fileOf(text).diagnostics.map(({ code, at }) => `${at.source.lineAt(at.start)} ${code}`)

describe('all errors of a file are found, one a line', () => {
  test.each([
    [
      'in statements beside each other',
      'a b\nc = 1\n= 2\nd e',
      ['1 incomplete-statement', '3 expected-statement', '4 incomplete-statement'],
    ],
    [
      'in nested blocks',
      'x {\n  a b\n  y {\n    c =\n  }\n  d e\n}\nz w',
      [
        '2 incomplete-statement',
        '5 expected-value',
        '6 incomplete-statement',
        '8 incomplete-statement',
      ],
    ],
    [
      'in the items of a list',
      'a = [\n  1 +,\n  2,\n  = ,\n  3\n]\nb c',
      ['2 expected-value', '4 expected-value', '5 missing-comma', '7 incomplete-statement'],
    ],
    [
      'in the fields of an object',
      'a = {\n  x 1,\n  y = 2\n  z = ,\n}\nb c',
      ['2 expected-assignment', '3 missing-comma', '4 expected-value', '6 incomplete-statement'],
    ],
    [
      'after a list that is left open',
      'a = [1,\n  2\nb = 3\nc d',
      ['2 unclosed', '4 incomplete-statement'],
    ],
    [
      'after an object that is left open',
      'a = {\n  x = 1\nb "l" {\n}\nc d',
      ['2 unclosed', '5 incomplete-statement'],
    ],
    [
      'in a block that is used as a value',
      'a = b {\n  c d\n}\ne f',
      ['2 incomplete-statement', '1 block-as-value', '4 incomplete-statement'],
    ],
    [
      'of the text and of the statements',
      'a b\n"c\n#\nd e',
      [
        '1 incomplete-statement',
        '2 unterminated-string',
        '3 hash-comment',
        '4 incomplete-statement',
      ],
    ],
    ['only the first of a line', 'a b c d @ "x', ['1 incomplete-statement']],
  ])('%s', (_, text, places) => expect(placesOf(text)).toEqual(places))
})

test('after 50 errors a note says that there are more', () => {
  const fifty = fileOf('a b\n'.repeat(50)).diagnostics
  expect([fifty.length, fifty.at(-1)!.notes]).toEqual([50, []])
  const more = fileOf('a b\n'.repeat(51)).diagnostics
  expect([more.length, more.at(-1)!.notes.map((note) => note.message)]).toEqual([
    50,
    ['the errors after this one are not shown'],
  ])
  expect(fileOf('?\n'.repeat(90)).diagnostics.length).toBe(50)
})

test('what could be read of a bad file is in its tree', () => {
  const { file } = fileOf('a = 1\nx "l" {\n  b c\n  d = [1, =, 2]\n  y {\n    e = 5\n')
  const block = file.body[1] as Block
  expect(file.body.map((statement) => textOf(statement.span).split('\n')[0])).toEqual([
    'a = 1',
    'x "l" {',
  ])
  expect(block.label?.text).toBe('l')
  expect(block.body.map((statement) => textOf(statement.span))).toEqual([
    'd = [1, =, 2]',
    'y {\n    e = 5\n',
  ])
})

test('a node knows its place', () => {
  const { file } = fileOf('a.b "c" { x = -f(1, y.z)[0] }')
  const block = file.body[0] as Block
  const places = [
    block.nameSpan,
    block.head,
    block.label!.span,
    block.open,
    block.close,
    block.span,
  ]
  expect(places.map(textOf)).toEqual([
    'a.b',
    'a.b "c"',
    '"c"',
    '{',
    '}',
    textOf(file.body[0]!.span),
  ])
  const value = block.body[0]?.kind === 'attribute' ? block.body[0].value : undefined
  expect(value).toMatchObject({
    kind: 'unary',
    value: { kind: 'index', value: { kind: 'call', arguments: [{}, { kind: 'access' }] } },
  })
  if (value?.kind !== 'unary' || value.value.kind !== 'index') throw new Error('another tree')
  const { indexSpan, value: call } = value.value
  expect([textOf(value.span), textOf(indexSpan)]).toEqual(['-f(1, y.z)[0]', '[0]'])
  expect(call.kind === 'call' && textOf(call.argumentsSpan)).toBe('(1, y.z)')
})

describe('operators group as the peer groups them', () => {
  test.each([
    ['1 + 2 * 3', '(1+(2*3))'],
    ['1 - 2 - 3', '((1-2)-3)'],
    ['2 ^ 3 ^ 4', '(2^(3^4))'],
    ['-2 ^ 2', '((-2)^2)'],
    ['a || b && c == d + e', '(a||(b&&(c==(d+e))))'],
    ['1 < 2 < 3', '((1<2)<3)'],
    ['!!a.b', '(!(!a.b))'],
    ['2 * 3 ^ 4 * 5', '((2*(3^4))*5)'],
  ])('%s', (text, grouped) => {
    const { expression } = parseExpression(new Source('test', text))
    expect(expression && group(expression)).toBe(grouped)
  })
})

function group(expression: NonNullable<ReturnType<typeof parseExpression>['expression']>): string {
  if (expression.kind === 'unary') return `(${expression.operator}${group(expression.value)})`
  if (expression.kind !== 'binary') return textOf(expression.span)
  return `(${group(expression.left)}${expression.operator}${group(expression.right)})`
}

describe('an expression is all of its text', () => {
  test.each([
    ['1 + 2', undefined],
    ['\n\n[\n  1,\n] // c\n', undefined],
    ['1\n2', 'expected-end'],
    ['a b', 'expected-end'],
    ['{ a = 15 }.7', 'expected-end'],
    ['', 'expected-value'],
    ['1 +', 'expected-value'],
  ])('%j', (text, code) => {
    const { diagnostics } = parseExpression(new Source('test', text))
    expect(diagnostics[0]?.code).toBe(code)
  })
})

test('keys are kept as they are written, without their quotes', () => {
  const { expression } = parseExpression(
    new Source('test', '{ a = 1, "b\\n" = 2, `c` = 3, "" = 4 }'),
  )
  const fields = expression?.kind === 'object' ? expression.fields : []
  expect(fields.map(({ name, quoted }) => [name.text, quoted])).toEqual([
    ['a', false],
    ['b\\n', true],
    ['c', true],
    ['', true],
  ])
})

test('a file of Windows lines reads as another', () => {
  const text = 'a {\r\n  // c\r\n  b = `x\r\ny`\r\n}\r\n'
  expect(fileOf(text).diagnostics).toEqual([])
})

describe('a file of many parts', () => {
  const COUNT = 1000
  const blocks = Array.from(
    { length: COUNT },
    (_, n) => `b "n${n}" {\n  c = [d.e, ${n}] // ${n}\n}`,
  )

  test('is one tree, with all comments', () => {
    const { file, diagnostics } = fileOf(blocks.join('\n'))
    expect(diagnostics).toEqual([])
    const labels = file.body.map((one) => one.kind === 'block' && one.label?.text)
    expect(labels).toEqual(blocks.map((_, n) => `n${n}`))
    expect(file.comments.map(([one]) => one!.text)).toEqual(blocks.map((_, n) => `// ${n}`))
  })

  test('has a comment group where two parts meet', () => {
    const { file } = fileOf(blocks.map((block) => `${block}\n// a\n// b`).join('\n'))
    expect(file.comments.filter((group) => group.length === 2)).toHaveLength(COUNT)
  })

  test('has all its errors, whichever parts they are in', () => {
    const faulty = blocks.with(1, 'x y').with(COUNT - 1, 'b {\n  "open\n')
    expect(placesOf(faulty.join('\n'))).toEqual([
      '4 incomplete-statement',
      `${COUNT * 3 - 3} unterminated-string`,
      `${COUNT * 3 - 2} unclosed`,
    ])
  })
})
