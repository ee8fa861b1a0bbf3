/**
 * Where a cursor stands in a text that is being typed: found by reading tokens, so that it does not
 * matter what is missing or broken before and behind it.
 */
import { type Source, type Token, tokensOf } from '#grammar'
import { type Frame, OutlineReader } from './outline.js'

export interface Cursor {
  /** The names of the blocks around it, outermost first. */
  readonly blocks: readonly string[]
  /** Name and label of the outermost block. */
  readonly owner: string
  readonly at: StatementCursor | ValueCursor | { readonly kind: 'elsewhere' }
}

interface Word {
  /** What stands of it before the cursor, dots included. */
  readonly typed: string
  /** All of it, which a completion replaces. */
  readonly start: number
  readonly end: number
}

/** Where a statement starts, or in its name. */
export interface StatementCursor extends Word {
  readonly kind: 'statement'
  /** Names of the other statements of the same body, before and behind it. */
  readonly written: readonly string[]
  /** Whether its label, `=` or `{` is there already. */
  readonly goesOn: boolean
}

/** Where an operand of an expression may stand. */
export interface ValueCursor extends Word {
  readonly kind: 'value'
  /** The attribute whose expression it is. */
  readonly attribute: string
  /** The brackets around it in the expression, outermost first. */
  readonly frames: readonly Frame[]
  /** In a string: the word is what stands between its quotes. */
  readonly quoted: boolean
}

export function cursorAt(source: Source, offset: number): Cursor {
  const { tokens, comments } = tokensOf(source)
  const string = tokens.find((token) => token.kind === 'string' && isInside(token, offset))
  const word = string ? textIn(string, offset) : wordAt(tokens, source, offset)
  const from = string?.start ?? word.start
  const to = string?.end ?? word.end
  const others = tokens.filter((token) =>
    token.kind === 'end' ? !isOnLineOf(source, token, from) : !isWithin(token, from, to),
  )
  const reader = new OutlineReader(others)
  reader.readTo(from)
  const { expecting } = reader
  const [root, ...blocks] = [...reader.bodies]
  const body = blocks.at(-1) ?? root!
  const label = blocks[0]?.label
  const names = blocks.map(({ name }) => name)
  const owner = [names[0], label].filter(Boolean).join('.')
  const cursor = (at: Cursor['at']): Cursor => ({ blocks: names, owner, at })

  if (comments.some((comment) => isInComment(source, comment, offset))) {
    return cursor({ kind: 'elsewhere' })
  }
  const isBelow = isBelowAssign(source, reader.last, from)
  if (expecting.kind === 'value' && expecting.operand && !isBelow) {
    const { attribute, frames } = expecting
    return cursor({ kind: 'value', attribute, frames, quoted: string !== undefined, ...word })
  }
  if ((expecting.kind !== 'statement' && !isBelow) || string) return cursor({ kind: 'elsewhere' })
  reader.readToEndOf(body)
  const goesOn = /^[ \t]*(=|\{|")/.test(source.text.slice(word.end, word.end + 100))
  return cursor({ kind: 'statement', written: body.written, goesOn, ...word })
}

/** An unclosed string ends with its line, and is still open there. */
function isInside({ text, start, end }: Token, offset: number): boolean {
  const closed = text.length > 1 && text.at(-1) === text[0]
  return offset > start && (closed ? offset < end : offset <= end)
}

/** Nobody writes a value on the line below its `=`: it is missing, and a new statement starts. */
function isBelowAssign({ text }: Source, last: Token | undefined, offset: number): boolean {
  return last?.text === '=' && text.slice(last.end, offset).includes('\n')
}

/** The end of a statement that the cursor stands behind, on its line. */
function isOnLineOf({ text }: Source, { start }: Token, offset: number): boolean {
  return start <= offset && !text.slice(start, offset).includes('\n')
}

function isWithin(token: Token, from: number, to: number): boolean {
  return token.start >= from && token.end <= to
}

function isInComment(
  source: Source,
  { start, end }: { readonly start: number; readonly end: number },
  offset: number,
): boolean {
  const isLine = source.text.startsWith('//', start)
  return offset > start && (isLine ? offset <= end : offset < end)
}

function textIn({ text, start, end }: Token, offset: number): Word {
  const closed = text.length > 1 && text.at(-1) === text[0]
  const typed = text.slice(1, offset - start)
  return { typed, start: start + 1, end: closed ? end - 1 : Math.max(offset, start + 1) }
}

/** The names and dots without white space between them that the offset is in or behind. */
function wordAt(tokens: readonly Token[], { text }: Source, offset: number): Word {
  const isPart = ({ kind, text: image }: Token) =>
    kind === 'name' || kind === 'literal' || image === '.'
  const index = tokens.findLastIndex(
    (token) => token.start < offset && offset <= token.end && isPart(token),
  )
  if (index < 0) return { typed: '', start: offset, end: offset }
  let first = index
  while (first > 0 && touches(tokens[first - 1]!, tokens[first]!)) first--
  let last = index
  while (last + 1 < tokens.length && touches(tokens[last]!, tokens[last + 1]!)) last++
  const { start } = tokens[first]!
  return { typed: text.slice(start, offset), start, end: tokens[last]!.end }

  function touches(before: Token, after: Token): boolean {
    const dot = before.text === '.' || after.text === '.'
    return before.end === after.start && dot && isPart(before) && isPart(after)
  }
}
