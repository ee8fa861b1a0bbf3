/** The peer's own cases, and what the peer said to mutated and reformatted ones. */
import { describe, expect, test } from 'vitest'
import { corpus } from '../test/support/corpus.js'
import type { Expression, Statement } from './ast.js'
import { diagnose } from './codes.js'
import type { Diagnostic } from './diagnostic.js'
import { diagnosticToJson } from './diagnostic-json.js'
import { format } from './format.js'
import { isIdentifier, sanitizeIdentifier } from './identifier.js'
import { endOf, lex } from './lexer.js'
import { parseExpression, parseFile } from './parse.js'
import { renderDiagnostics } from './render.js'
import { readSource, Source } from './source.js'
import * as t from './tokens.js'

type Bytes = string | { readonly $base64: string }

interface ParserCase {
  readonly id: string
  readonly kind?: 'file' | 'expression' | 'objectField'
  readonly input: Bytes
  readonly valid: boolean
  readonly firstErrorLine?: number
  readonly ast?: unknown
  readonly expectFieldName?: string
}

for (const path of ['syntax/parser.json', 'syntax/derived/parser-mutations.json']) {
  const file = corpus<{ cases: readonly ParserCase[] }>(path)
  if (!file) continue
  describe(path, () => {
    test.each(file.cases.map((one) => [one.id, one] as const))('%s', (_, one) => {
      const { diagnostics, tree } = read(one)
      const firstLine = diagnostics.map(diagnosticToJson)[0]?.line
      expect({ valid: diagnostics.length === 0, firstLine }).toEqual({
        valid: one.valid,
        firstLine: one.firstErrorLine,
      })
      if (one.ast !== undefined) expect(tree).toEqual(one.ast)
      if (one.expectFieldName !== undefined) {
        expect(tree).toEqual([
          'object',
          [one.expectFieldName, expect.any(Boolean), expect.any(Array)],
        ])
      }
    })
  })
}

function read({ kind, input }: ParserCase): { diagnostics: readonly Diagnostic[]; tree: unknown } {
  const source = sourceOf(input)
  if (kind === 'file' || kind === undefined) {
    const { file, diagnostics } = parseFile(source)
    return { diagnostics, tree: file.body.map(statementShape) }
  }
  const text = kind === 'objectField' ? `{ ${source.text} }` : source.text
  const { expression, diagnostics } = parseExpression(new Source('case', text))
  return { diagnostics, tree: expression && shape(expression) }
}

function sourceOf(input: Bytes): Source {
  const bytes =
    typeof input === 'string' ? Buffer.from(input) : Buffer.from(input.$base64, 'base64')
  return readSource('case', bytes)
}

/** A statement as the corpus writes it. */
function statementShape(statement: Statement): unknown {
  const { line, column: col } = statement.span.source.positionAt(statement.span.start)
  if (statement.kind === 'attribute') {
    return { attr: statement.name.text, col, line, value: shape(statement.value) }
  }
  const { name: block, label, body } = statement
  return {
    block,
    col,
    line,
    ...(label === undefined ? {} : { label: label.text }),
    body: body.map(statementShape),
  }
}

const LITERALS = { null: 'NULL', bool: 'BOOL', number: 'NUMBER', float: 'FLOAT', string: 'STRING' }

function shape(expression: Expression): unknown {
  switch (expression.kind) {
    case 'literal':
      return ['lit', LITERALS[expression.type], expression.text]
    case 'reference':
      return ['id', expression.name.text]
    case 'access':
      return ['get', shape(expression.value), expression.name.text]
    case 'index':
      return ['index', shape(expression.value), shape(expression.index)]
    case 'call':
      return ['call', shape(expression.callee), ...expression.arguments.map(shape)]
    case 'array':
      return ['array', ...expression.items.map(shape)]
    case 'object':
      return [
        'object',
        ...expression.fields.map(({ name, quoted, value }) => [name.text, quoted, shape(value)]),
      ]
    case 'unary':
      return ['unary', expression.operator, shape(expression.value)]
    case 'binary':
      return ['binary', expression.operator, shape(expression.left), shape(expression.right)]
    case 'paren':
      return ['paren', shape(expression.inner)]
  }
}

interface FormatCase {
  readonly id: string
  readonly in: string
  readonly out: string
  readonly ast?: unknown
}

for (const path of [
  'syntax/formatter.json',
  'syntax/derived/docs-format-ast.json',
  'syntax/derived/formatter-whitespace.json',
]) {
  const file = corpus<{ cases: readonly FormatCase[] }>(path)
  if (!file) continue
  describe(path, () => {
    test.each(file.cases.map((one) => [one.id, one] as const))('%s', (_, one) => {
      const { file, diagnostics } = parseFile(new Source('case', one.in))
      expect(diagnostics).toEqual([])
      if (one.ast !== undefined) expect(file.body.map(statementShape)).toEqual(one.ast)
      const formatted = format(file)
      expect(formatted).toBe(one.out)
      expect(format(parseFile(new Source('case', formatted)).file)).toBe(formatted)
    })
  })
}

interface ScannerFile {
  readonly cases: readonly { literal: string; peerTokens: readonly PeerToken[] }[]
  readonly identifiers: readonly { id: string; input: string; valid: boolean }[]
  readonly sanitize: readonly { id: string; input: string; output?: string; error?: string }[]
  readonly errors: readonly { input: Bytes; error: string | null; errorOffset?: number }[]
}

interface PeerToken {
  readonly tok: string
  readonly lit: string
  readonly offset: number
}

const scanner = corpus<ScannerFile>('syntax/scanner.json')
if (scanner) {
  describe('syntax/scanner.json', () => {
    test.each(scanner.cases.map((one) => [JSON.stringify(one.literal), one] as const))(
      'token %s',
      (_, { literal, peerTokens }) => expect(peerTokensOf(literal)).toEqual(peerTokens),
    )
    test.each(scanner.identifiers.map((one) => [one.id, one] as const))(
      'identifier %s',
      (_, { input, valid }) => expect(isIdentifier(input)).toBe(valid),
    )
    test.each(scanner.sanitize.map((one) => [one.id, one] as const))(
      'sanitize %s',
      (_, { input, output, error }) => {
        if (error === undefined) expect(sanitizeIdentifier(input)).toBe(output)
        else expect(() => sanitizeIdentifier(input)).toThrow(RangeError)
      },
    )
    test.each(scanner.errors.map((one) => [JSON.stringify(one.input), one] as const))(
      'error %s',
      (_, { input, error, errorOffset }) => {
        const source = sourceOf(input)
        const [fault] = lex(source).faults
        const offset = fault && Buffer.byteLength(source.text.slice(0, fault.start))
        expect(offset).toBe(error === null ? undefined : errorOffset)
      },
    )
  })
}

/** Our tokens and comments in the peer's words; it writes a terminator where the line ends. */
function peerTokensOf(literal: string): PeerToken[] {
  const source = new Source('case', literal)
  const { tokens, comments } = lex(source)
  const found = tokens.map((token) => {
    if (token.tokenType === t.Terminator) {
      return { tok: 'TERMINATOR', lit: '\n', at: endOf(token) }
    }
    const punctuation = t.PUNCTUATION.has(token.image)
    const tok = punctuation ? token.image : (PEER_NAMES.get(token.tokenType) ?? '?')
    return { tok, lit: punctuation ? '' : token.image, at: token.startOffset }
  })
  for (const { text, span } of comments.flat()) {
    found.push({ tok: 'COMMENT', lit: text, at: span.start })
  }
  found.push({ tok: 'EOF', lit: '', at: literal.length })
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ tok, lit, at }) => ({ tok, lit, offset: Buffer.byteLength(literal.slice(0, at)) }))
}

const PEER_NAMES = new Map([
  [t.Identifier, 'IDENT'],
  [t.WholeNumber, 'NUMBER'],
  [t.Float, 'FLOAT'],
  [t.QuotedString, 'STRING'],
  [t.RawString, 'STRING'],
  [t.Bool, 'BOOL'],
  [t.Null, 'NULL'],
])

interface RenderCase {
  readonly id: string
  readonly file: string
  readonly input: string
  readonly message: string
  readonly out: string
  readonly start: { readonly Line: number; readonly Column: number }
  readonly end: { readonly Line: number; readonly Column: number } | null
}

/** The form is ours; the place, the shown lines and the marks of one line are as in the peer. */
const renderings = corpus<{ cases: readonly RenderCase[] }>('syntax/diagnostics.json')
if (renderings) {
  describe('syntax/diagnostics.json', () => {
    test.each(renderings.cases.map((one) => [one.id, one] as const))('%s', (_, one) => {
      const source = new Source(one.file, one.input)
      const end = one.end ?? one.start
      const at = {
        source,
        start: source.startOfLine(one.start.Line) + one.start.Column - 1,
        end: source.startOfLine(end.Line) + end.Column,
      }
      const message = one.message
      const text = renderDiagnostics([diagnose('unreadable', at, { message })], { color: false })
      expect(text).toContain(`${one.file}:${one.start.Line}:${one.start.Column}\n`)
      expect(text.split('\n')[0]).toBe(`error[unreadable]: ${message}`)
      for (let line = one.start.Line; line <= end.Line; line++) {
        expect(text).toContain(source.line(line).replaceAll('\t', '    '))
      }
      const mark = /\| ( *)(\^+)$/m
      if (end.Line === one.start.Line) {
        expect(mark.exec(text)?.slice(1)).toEqual(mark.exec(one.out)?.slice(1))
      }
    })
  })
}
