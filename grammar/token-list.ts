import type { IToken, TokenType } from 'chevrotain'
import { endOf, lex } from './lexer.js'
import { SOURCE_SIZE_MAX, type Source, type Span } from './source.js'
import * as t from './tokens.js'

/** A token of a text that may have any faults, as editors need it. */
export interface Token {
  /** 'end': a line end that ends a statement. 'mark': an operator, a bracket, `=`, `,` or `.`. */
  readonly kind: 'name' | 'string' | 'literal' | 'mark' | 'end'
  /** As written. */
  readonly text: string
  readonly start: number
  /** Exclusive; of an 'end' how far one has to read to see it. */
  readonly end: number
}

/** The tokens and comments of a text; none of one that is too long to be read. */
export function tokensOf(source: Source): {
  readonly tokens: readonly Token[]
  readonly comments: readonly Span[]
} {
  if (source.text.length > SOURCE_SIZE_MAX) return { tokens: [], comments: [] }
  const { tokens, comments } = lex(source)
  return { tokens: tokens.map(toToken), comments: comments.flat().map(({ span }) => span) }
}

function toToken(token: IToken): Token {
  const { tokenType, image: text, startOffset: start } = token
  return { kind: KINDS.get(tokenType) ?? 'mark', text, start, end: endOf(token) }
}

const KINDS: ReadonlyMap<TokenType, Token['kind']> = new Map([
  [t.Identifier, 'name'],
  [t.QuotedString, 'string'],
  [t.RawString, 'string'],
  [t.SingleQuoted, 'string'],
  [t.Null, 'literal'],
  [t.Bool, 'literal'],
  [t.WholeNumber, 'literal'],
  [t.Float, 'literal'],
  [t.Terminator, 'end'],
])
