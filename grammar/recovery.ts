import type { IToken } from 'chevrotain'
import { EmbeddedActionsParser, EOF } from './chevrotain.js'
import { diagnose, type Facts } from './codes.js'
import type { Diagnostic, Note } from './diagnostic.js'
import { FirstTokens } from './first-tokens.js'
import { endOf, type Fault, type Lexed } from './lexer.js'
import { Source, type Span } from './source.js'
import type { SyntaxFacts } from './syntax-codes.js'
import * as t from './tokens.js'

/** Brackets and blocks that may stand inside each other. */
export const NESTING_MAX = 200
export const DIAGNOSTICS_MAX = 50

/** Thrown by a rule that cannot go on, after it has reported why; caught where reading resumes. */
const GIVE_UP = Symbol('give up')

/** A bracket that is open, and what the items of the list inside are called, if it is one. */
export interface Opened {
  readonly bracket: IToken
  readonly item: Item | undefined
}

export type Item = 'element' | 'argument' | 'field'

/** Reporting and recovery: what the rules of the grammar stand on. */
export abstract class RecoveringParser extends EmbeddedActionsParser {
  /** Outermost first. */
  protected readonly open: Opened[] = []
  protected source = new Source('', '')
  #faults: readonly Fault[] = []
  #faultCount = 0
  #diagnostics: Diagnostic[] = []
  /** The lines that have one: a line gets no second. */
  readonly #lines = new Set<number>()
  /** Whether there are more than may be reported. */
  #more = false

  constructor() {
    super(t.KINDS, {
      maxLookahead: 1,
      lookaheadStrategy: new FirstTokens(),
      skipValidations: true,
    })
  }

  protected begin(source: Source, lexed: Lexed): void {
    this.source = source
    this.#faults = lexed.faults
    this.#faultCount = 0
    this.#diagnostics = []
    this.#lines.clear()
    this.#more = false
    this.open.length = 0
    this.input = lexed.tokens
  }

  protected finish(): readonly Diagnostic[] {
    this.#addFaults(Number.POSITIVE_INFINITY)
    // The parser lives on, and must not hold the tokens of a text that nobody needs any more.
    this.input = []
    if (!this.#more) return this.#diagnostics
    const last = this.#diagnostics.at(-1)!
    const note = { message: 'the errors after this one are not shown', at: last.at }
    return this.#diagnostics.with(-1, { ...last, notes: [...last.notes, note] })
  }

  protected report<C extends keyof SyntaxFacts>(
    code: C,
    at: Span,
    facts: Facts[C],
    notes: readonly Note[] = [],
  ): void {
    this.#addFaults(this.#endOfNext())
    if (this.#takesOn(at)) {
      const why = notes.length > 0 ? notes : this.#notesAtEnd(at)
      this.#diagnostics.push(diagnose(code, at, facts, why))
    }
    if (this.#more) this.#stop()
  }

  /** Makes every rule find the end of the file. */
  #stop(): never {
    while (this.LA(1).tokenType !== EOF) this.SKIP_TOKEN()
    throw GIVE_UP
  }

  /** The end of the file can be lines away from what lacks something. */
  #notesAtEnd(at: Span): readonly Note[] {
    const last = this.LA(0)
    const isFar = at.start > endOf(last) && this.LA(1).tokenType === EOF
    return isFar ? [{ message: 'nothing follows this', at: this.span(last) }] : []
  }

  /** Reports and leaves the rule. */
  protected fail<C extends keyof SyntaxFacts>(
    code: C,
    at: Span,
    facts: Facts[C],
    notes: readonly Note[] = [],
  ): never {
    this.report(code, at, facts, notes)
    throw GIVE_UP
  }

  /** Runs a rule; when it gives up, `skip` reads on to where reading can resume. */
  protected recover<T>(
    rule: () => T,
    skip: (this: this, opened: readonly Opened[]) => void,
  ): T | undefined {
    const depth = this.open.length
    try {
      return rule()
    } catch (error) {
      if (error !== GIVE_UP) throw error
      skip.call(this, this.open.splice(depth))
      return undefined
    }
  }

  /** Remembers a bracket that has been read; fails when too many are open. */
  protected enter(bracket: IToken, item?: Item): void {
    this.open.push({ bracket, item })
    if (this.open.length <= NESTING_MAX) return
    this.fail('too-deep', this.span(bracket), { limit: NESTING_MAX })
  }

  /** Forgets the innermost open bracket; fails unless the next token closes it. */
  protected expectClose(): void {
    const { bracket } = this.open.at(-1)!
    if (this.LA(1).tokenType !== t.CLOSES.get(bracket.tokenType)) this.failUnclosed()
    this.open.pop()
  }

  protected failUnclosed(): never {
    this.reportUnclosed()
    throw GIVE_UP
  }

  protected reportUnclosed(): void {
    const opened = this.open.at(-1)!
    const facts = { close: t.closeOf(opened.bracket), found: this.found() }
    this.report('unclosed', this.nextSpan(), facts, [this.openedAt(opened)])
  }

  protected openedAt({ bracket }: Opened): Note {
    return { message: 'opened here', at: this.span(bracket) }
  }

  protected span(token: IToken): Span {
    return { source: this.source, start: token.startOffset, end: endOf(token) }
  }

  /** The next token; an end is marked where the token before it ends, if that is on its line. */
  protected nextSpan(): Span {
    const token = this.LA(1)
    const source = this.source
    if (token.tokenType === t.Terminator) {
      return { source, start: token.startOffset, end: token.startOffset }
    }
    if (token.tokenType !== EOF) return this.span(token)
    const last = this.LA(0)
    const lastEnd = last.tokenType === EOF ? 0 : endOf(last)
    const end = source.text.length
    const start = source.lineAt(lastEnd) === source.lineAt(end) ? lastEnd : end
    return { source, start, end: start }
  }

  /** Where the last token ends. */
  protected afterLast(): Span {
    const end = endOf(this.LA(0))
    return { source: this.source, start: end, end }
  }

  /** The next token in the user's words. */
  protected found(): string {
    return t.describeToken(this.LA(1))
  }

  /** To the end of the statement, or to before the brace that ends the block around it. */
  protected skipStatement(opened: readonly Opened[]): void {
    let depth = 0
    let objects = opened.filter(({ bracket }) => bracket.tokenType === t.LeftCurly).length
    for (;;) {
      const type = this.LA(1).tokenType
      if (type === EOF) return
      if (type === t.Terminator && depth === 0) {
        this.SKIP_TOKEN()
        return
      }
      if (t.CLOSES.has(type)) depth++
      else if (t.CLOSING_BRACKETS.has(type)) {
        if (depth > 0) depth--
        else if (type === t.RightCurly && objects-- === 0) return
      }
      this.SKIP_TOKEN()
    }
  }

  /** To before the comma, the line end or the bracket that ends an item of a list. */
  protected skipItem(opened: readonly Opened[]): void {
    let depth = opened.length
    for (;;) {
      const type = this.LA(1).tokenType
      if (type === EOF || type === t.Terminator) return
      if (type === t.Comma && depth === 0) return
      if (t.CLOSES.has(type)) depth++
      else if (t.CLOSING_BRACKETS.has(type) && depth-- === 0) return
      this.SKIP_TOKEN()
    }
  }

  #endOfNext(): number {
    const token = this.LA(1)
    return token.tokenType === EOF ? Number.POSITIVE_INFINITY : endOf(token)
  }

  #addFaults(end: number): void {
    for (; this.#faultCount < this.#faults.length && !this.#more; this.#faultCount++) {
      const { code, facts, foundAt, ...place } = this.#faults[this.#faultCount]!
      if (foundAt >= end) return
      const at = { source: this.source, start: place.start, end: place.end }
      if (this.#takesOn(at)) this.#diagnostics.push(diagnose(code, at, facts))
    }
  }

  /** Whether a place may have a diagnostic: its line has none, and the limit is not reached. */
  #takesOn({ source, start }: Span): boolean {
    const line = source.lineAt(start)
    if (this.#lines.has(line)) return false
    this.#more = this.#diagnostics.length === DIAGNOSTICS_MAX
    this.#lines.add(line)
    return !this.#more
  }
}
