import type { IToken, TokenType } from 'chevrotain'
import type { Comment, CommentGroup } from './ast.js'
import type { Facts } from './codes.js'
import type { Source } from './source.js'
import { findBadEscapes } from './string-literal.js'
import type { SyntaxFacts } from './syntax-codes.js'
import * as t from './tokens.js'

export interface Lexed {
  /** No white space and no comments; terminators where a line ends a statement. */
  readonly tokens: IToken[]
  readonly comments: readonly CommentGroup[]
  /** In the order in which they are found. */
  readonly faults: readonly Fault[]
}

/**
 * A diagnostic of the lexer; it precedes the parser's about any token that ends after `foundAt`.
 */
export interface Fault<C extends keyof SyntaxFacts = keyof SyntaxFacts> {
  readonly code: C
  readonly start: number
  readonly end: number
  readonly facts: Facts[C]
  readonly foundAt: number
}

export function lex(source: Source): Lexed {
  return new Scanner(source).next(Number.POSITIVE_INFINITY)
}

/**
 * A text in parts of a thousand tokens or more, each of whole statements of a file if its brackets
 * match: whoever drops the tokens of one before the next keeps few of them alive. Comments and
 * faults are those so far.
 */
export function* lexParts(source: Source): Generator<Lexed> {
  const scanner = new Scanner(source)
  while (!scanner.isDone) yield scanner.next(PART_SIZE)
}

const PART_SIZE = 1000

/** Where a token ends, exclusive. */
export function endOf(token: IToken): number {
  return token.endOffset! + 1
}

/** NUL, byte order mark, half of a surrogate pair. */
const UNREADABLE = /[\0\uFEFF]|\p{Cs}/gu
const IDENTIFIER = /[\p{L}_][\p{L}_\p{Nd}]*/uy
/** What follows the first letter of most identifiers. */
const WORD_REST = /\w*/y
const WHOLE_NUMBER = /\d+(?![\d.eE])/y
/** An exponent without digits belongs to the number, so that it can be reported as one. */
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d*)?/y
const BLANKS = /[ \t\r]*/y
/** Up to the quote or line end that ends a string, or the first escape in it. */
const UNESCAPED = /[^"\\\n]*/y

class Scanner {
  readonly #source: Source
  readonly #text: string
  #at = 0
  #tokens: IToken[] = []
  /** How many of them there are to be. */
  #size = 0
  #isFull = false
  /** Brackets that are open. */
  #depth = 0
  readonly #comments: Comment[][] = []
  readonly #faults: Fault[] = []
  /** Whether a line end here ends a statement. */
  #closing = false
  /** Line ends since the comment that a next one may join; undefined after any other token. */
  #linesSince: number | undefined
  /** Offsets of characters that have been reported as unreadable. */
  readonly #unreadable = new Set<number>()

  constructor(source: Source) {
    this.#source = source
    this.#text = source.text
    this.#checkEncoding()
  }

  get isDone(): boolean {
    return this.#at === this.#text.length
  }

  /** From where the last one ended to the first end of a statement behind so many tokens. */
  next(size: number): Lexed {
    const { length } = this.#text
    this.#tokens = []
    this.#isFull = false
    this.#size = size
    while (this.#at < length && !this.#isFull) this.#scan(this.#text.charCodeAt(this.#at))
    if (this.isDone) this.#endLine(length)
    this.#faults.sort((a, b) => a.foundAt - b.foundAt)
    return { tokens: this.#tokens, comments: this.#comments, faults: this.#faults }
  }

  #scan(code: number): void {
    switch (code < ASCII_SIZE ? STARTS[code] : undefined) {
      case BLANK:
        BLANKS.lastIndex = this.#at
        BLANKS.test(this.#text)
        this.#at = BLANKS.lastIndex
        break
      case LINE_END:
        this.#at++
        this.#endLine(this.#at)
        if (this.#linesSince !== undefined) this.#linesSince++
        break
      case LETTER:
        this.#word()
        break
      case DIGIT:
        this.#number()
        break
      case QUOTE:
        this.#quotedString()
        break
      default:
        this.#scanRare(this.#text[this.#at]!)
    }
  }

  #scanRare(char: string): void {
    const next = this.#text[this.#at + 1]
    if (char === '`') this.#rawString()
    else if (char === "'") this.#singleQuoted()
    else if (char === '#') this.#hash()
    else if (char === '.' && isDigit(next)) this.#number()
    else if (char === '/' && next === '/') this.#lineComment()
    else if (char === '/' && next === '*') this.#blockComment()
    else this.#punctuation(char, next)
  }

  /** Adds a token from the place of reading to `end`, and reads on there. */
  #push(
    type: TokenType,
    end: number,
    closing = true,
    image = this.#text.slice(this.#at, end),
  ): void {
    this.#tokens.push(tokenOf(type, image, this.#at, end))
    this.#at = end
    this.#closing = closing
    this.#linesSince = undefined
  }

  /** `readTo`: how far one has to read to see that the line ends. */
  #endLine(readTo: number): void {
    if (!this.#closing) return
    this.#tokens.push(tokenOf(t.Terminator, '', endOf(this.#tokens.at(-1)!), readTo))
    this.#closing = false
    this.#linesSince = undefined
    this.#isFull = this.#depth === 0 && this.#tokens.length >= this.#size
  }

  #word(): void {
    const text = this.#text
    WORD_REST.lastIndex = this.#at + 1
    WORD_REST.test(text)
    let end = WORD_REST.lastIndex
    if (text.charCodeAt(end) >= ASCII_SIZE) {
      IDENTIFIER.lastIndex = this.#at
      IDENTIFIER.test(text)
      end = IDENTIFIER.lastIndex
    }
    const image = text.slice(this.#at, end)
    const type = end - this.#at > KEYWORD_MAX ? undefined : t.KEYWORDS.get(image)
    this.#push(type ?? t.Identifier, end, true, image)
  }

  #number(): void {
    WHOLE_NUMBER.lastIndex = this.#at
    if (WHOLE_NUMBER.test(this.#text)) {
      this.#push(t.WholeNumber, WHOLE_NUMBER.lastIndex)
      return
    }
    NUMBER.lastIndex = this.#at
    NUMBER.test(this.#text)
    const end = NUMBER.lastIndex
    const image = this.#text.slice(this.#at, end)
    if (/[eE+-]$/.test(image)) this.#fault('invalid-number', this.#at, end, { text: image })
    this.#push(t.Float, end)
  }

  /** To its quote or to the end of the line; what follows is read as if it were closed there. */
  #quotedString(): void {
    const [text, start] = [this.#text, this.#at]
    UNESCAPED.lastIndex = start + 1
    UNESCAPED.test(text)
    let end = UNESCAPED.lastIndex
    const escapes = text[end] === '\\'
    while (end < text.length && text[end] !== '"' && text[end] !== '\n') {
      if (text[end] === '\\' && text[end + 1] !== '\n') end++
      end++
    }
    end = Math.min(end, text.length)
    if (escapes) {
      findBadEscapes(text.slice(start, end), (code, from, to) => {
        const facts = { escape: text.slice(start + from, start + to) }
        this.#fault(code, start + from, start + to, facts)
      })
    }
    if (text[end] === '"') end++
    else this.#fault('unterminated-string', start, end, {})
    this.#push(t.QuotedString, end)
  }

  #rawString(): void {
    const close = this.#text.indexOf('`', this.#at + 1)
    const end = close < 0 ? this.#text.length : close + 1
    // What runs on to the end of the file is marked at its start, and found at its end.
    if (close < 0) this.#fault('unterminated-raw-string', this.#at, this.#at + 1, {}, end - 1)
    this.#push(t.RawString, end)
  }

  #singleQuoted(): void {
    let end = this.#at + 1
    while (end < this.#text.length && this.#text[end] !== "'" && this.#text[end] !== '\n') end++
    if (this.#text[end] === "'") end++
    this.#fault('single-quotes', this.#at, end, {})
    this.#push(t.SingleQuoted, end)
  }

  #hash(): void {
    this.#fault('hash-comment', this.#at, this.#at + 1, {})
    this.#endLine(this.#at + 1)
    this.#at = this.#lineEndFrom(this.#at)
  }

  #lineComment(): void {
    this.#endLine(this.#at)
    this.#comment(this.#lineEndFrom(this.#at))
  }

  #blockComment(): void {
    const start = this.#at
    const close = this.#text.indexOf('*/', start + 2)
    const end = close < 0 ? this.#text.length : close + 2
    const lineEnd = this.#closing ? this.#lineEndAfterComments(start) : undefined
    if (lineEnd !== undefined) this.#endLine(lineEnd)
    if (close < 0) this.#fault('unterminated-comment', start, start + 2, {}, end)
    this.#comment(end)
  }

  /** How far one reads to see that only comments follow on the line of a comment, if that is so. */
  #lineEndAfterComments(start: number): number | undefined {
    const text = this.#text
    let at = start
    while (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2)
      const lineEnd = this.#lineEndFrom(at)
      if (close < 0 || lineEnd < close) return lineEnd
      BLANKS.lastIndex = close + 2
      BLANKS.test(text)
      at = BLANKS.lastIndex
    }
    const ends = at === text.length || text[at] === '\n' || text.startsWith('//', at)
    return ends ? at : undefined
  }

  /** The line end at or after an offset, or the end of the text. */
  #lineEndFrom(offset: number): number {
    const found = this.#text.indexOf('\n', offset)
    return found < 0 ? this.#text.length : found
  }

  #comment(end: number): void {
    const start = this.#at
    const joins = this.#linesSince !== undefined && this.#linesSince <= 1
    if (!joins) this.#comments.push([])
    const text = withoutReturns(this.#text.slice(start, end))
    this.#comments.at(-1)!.push({ text, span: { source: this.#source, start, end } })
    this.#linesSince = 0
    this.#at = end
  }

  #punctuation(char: string, next: string | undefined): void {
    const mayPair = next === '=' || next === '|' || next === '&'
    const pair = mayPair ? t.PUNCTUATION.get(char + next) : undefined
    const type = pair ?? t.PUNCTUATION.get(char)
    if (type === undefined) {
      this.#other()
      return
    }
    const closes = t.CLOSING_BRACKETS.has(type)
    if (closes) this.#depth--
    else if (t.CLOSES.has(type)) this.#depth++
    this.#push(type, this.#at + (pair === undefined ? 1 : 2), closes)
  }

  /**
   * A character that starts no token. What was clearly meant is read so: then it is the only
   * complaint.
   */
  #other(): void {
    const start = this.#at
    const character = String.fromCodePoint(this.#text.codePointAt(start)!)
    const end = start + character.length
    if (/^\p{L}$/u.test(character)) {
      this.#word()
    } else if (this.#unreadable.has(start)) {
      this.#at = end
    } else if (character === ':' && !this.#text.startsWith('//', end)) {
      this.#fault('colon-assignment', start, end, {})
      this.#push(t.Assign, end, false)
    } else if (character === '|' || character === '&') {
      this.#fault('incomplete-operator', start, end, { operator: character })
      this.#push(character === '|' ? t.Or : t.And, end, false)
    } else if (character === ';') {
      this.#fault('stray-semicolon', start, end, {})
      this.#endLine(end)
      this.#at = end
    } else {
      this.#fault('illegal-character', start, end, { character })
      this.#at = end
    }
  }

  /**
   * These are found when the character before them is read: one looks at the next to see a token's
   * end.
   */
  #checkEncoding(): void {
    const isClean = this.#text.search(UNREADABLE) < 0
    for (const match of isClean ? [] : this.#text.matchAll(UNREADABLE)) {
      const at = match.index
      this.#unreadable.add(at)
      if (at === 0 && match[0] === '\uFEFF') continue
      const code = UNREADABLE_CODES.get(match[0]) ?? 'invalid-utf8'
      this.#fault(code, at, at + 1, {}, at - 1)
    }
    for (const at of this.#source.invalidAt) {
      this.#unreadable.add(at)
      this.#fault('invalid-utf8', at, at + 1, {}, at - 1)
    }
  }

  #fault<C extends keyof SyntaxFacts>(
    code: C,
    start: number,
    end: number,
    facts: Facts[C],
    foundAt = start,
  ): void {
    this.#faults.push({ code, start, end, facts, foundAt })
  }
}

/** How what starts with a character of ASCII is read; 0 is what is rare. */
const [BLANK, LINE_END, LETTER, DIGIT, QUOTE] = [1, 2, 3, 4, 5]
const ASCII_SIZE = 0x80
const STARTS = Uint8Array.from({ length: ASCII_SIZE }, (_, code) => {
  const char = String.fromCharCode(code)
  if (char === '\n') return LINE_END
  if (char === '"') return QUOTE
  if (/[ \t\r]/.test(char)) return BLANK
  if (/[A-Za-z_]/.test(char)) return LETTER
  return isDigit(char) ? DIGIT : 0
})

/** The length of the longest keyword. */
const KEYWORD_MAX = Math.max(...[...t.KEYWORDS.keys()].map(({ length }) => length))

const UNREADABLE_CODES: ReadonlyMap<string, 'null-character' | 'byte-order-mark'> = new Map([
  ['\0', 'null-character'],
  ['\uFEFF', 'byte-order-mark'],
])

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9'
}

function tokenOf(tokenType: TokenType, image: string, start: number, end: number): IToken {
  const tokenTypeIdx = tokenType.tokenTypeIdx!
  return { image, startOffset: start, endOffset: end - 1, tokenTypeIdx, tokenType }
}

/** Keeps a return that stands between `*` and `/`: without it they would end the comment. */
function withoutReturns(comment: string): string {
  if (!comment.includes('\r')) return comment
  const block = comment.startsWith('/*')
  return comment.replace(/\r+/g, (returns, at: number) => {
    const kept = block && at > 2 && comment[at - 1] === '*' && comment[at + returns.length] === '/'
    return kept ? '\r' : ''
  })
}
