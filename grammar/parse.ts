import type { Expression, File, Statement } from './ast.js'
import { diagnose } from './codes.js'
import type { Diagnostic } from './diagnostic.js'
import { lex, lexParts } from './lexer.js'
import { Parser } from './parser.js'
import { SOURCE_SIZE_MAX, type Source } from './source.js'

let parser: Parser | undefined
/** An editor asks many things of one text; its tree lives as long as it does. */
const read = new WeakMap<Source, ParsedFile>()

/**
 * Reads a whole file. There is always a tree: with errors among the diagnostics it holds what could
 * be read, and must not be run. At most 50 diagnostics, at most one a line.
 */
export function parseFile(source: Source): ParsedFile {
  const known = read.get(source)
  if (known) return known
  const refused = refuse(source)
  const parsed = refused
    ? { file: { source, body: [], comments: [] }, diagnostics: [refused] }
    : parseAnySize(source)
  read.set(source, parsed)
  return parsed
}

export interface ParsedFile {
  readonly file: File
  readonly diagnostics: readonly Diagnostic[]
}

/** For texts that were made from a file of a good size. */
export function parseAnySize(source: Source): ParsedFile {
  const file = parseSound(source)
  if (file) return { file, diagnostics: [] }
  const lexed = lex(source)
  parser ??= new Parser()
  const { tree, diagnostics } = parser.read(source, lexed, (rules) => rules.body())
  const body: readonly Statement[] = tree ?? []
  return { file: { source, body, comments: lexed.comments }, diagnostics }
}

/** Part by part; undefined where anything is wrong, which is best told by all of the text. */
function parseSound(source: Source): File | undefined {
  parser ??= new Parser()
  const body: Statement[] = []
  let comments: File['comments'] = []
  for (const lexed of lexParts(source)) {
    if (lexed.faults.length > 0) return undefined
    const { tree, diagnostics } = parser.read(source, lexed, (rules) => rules.body())
    if (!tree || diagnostics.length > 0) return undefined
    for (const statement of tree) body.push(statement)
    comments = lexed.comments
  }
  return { source, body, comments }
}

/** Reads one expression that is all of the source; undefined if nothing could be read. */
export function parseExpression(source: Source): {
  expression: Expression | undefined
  diagnostics: readonly Diagnostic[]
} {
  const refused = refuse(source)
  if (refused) return { expression: undefined, diagnostics: [refused] }
  parser ??= new Parser()
  const { tree, diagnostics } = parser.read(source, lex(source), (rules) => rules.lone())
  return { expression: tree, diagnostics }
}

function refuse(source: Source): Diagnostic | undefined {
  const size = source.text.length > SOURCE_SIZE_MAX / 4 ? Buffer.byteLength(source.text) : 0
  if (size <= SOURCE_SIZE_MAX) return undefined
  return diagnose('too-large', { source, start: 0, end: 0 }, { size, limit: SOURCE_SIZE_MAX })
}
