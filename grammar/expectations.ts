import type { IToken, TokenType } from 'chevrotain'
import type { Expression } from './ast.js'
import { EOF } from './chevrotain.js'
import type { Note } from './diagnostic.js'
import { isIdentifier, sanitizeIdentifier } from './identifier.js'
import { endOf } from './lexer.js'
import { RecoveringParser } from './recovery.js'
import { spanOver, textOf } from './source.js'
import * as t from './tokens.js'

/** What comes before the `=` or the `{` of a statement. */
export interface Head {
  readonly names: readonly IToken[]
  readonly label: IToken | undefined
}

const STARTS_OPERAND: ReadonlySet<TokenType> = new Set([
  t.Identifier,
  t.Null,
  t.Bool,
  t.WholeNumber,
  t.Float,
  t.QuotedString,
  t.RawString,
  t.SingleQuoted,
  t.LeftParen,
  t.LeftBracket,
  t.LeftCurly,
])
const STARTS_FIELD: ReadonlySet<TokenType> = new Set([
  t.Identifier,
  t.QuotedString,
  t.RawString,
  t.SingleQuoted,
])

/**
 * What may come next: each check reports what was expected and found, and reads on where it can.
 */
export abstract class ExpectingParser extends RecoveringParser {
  protected expectName(): void {
    if (this.LA(1).tokenType === t.Identifier) return
    this.fail('expected-name', this.nextSpan(), { found: this.found() })
  }

  protected expectValue(): void {
    if (STARTS_OPERAND.has(this.LA(1).tokenType)) return
    this.fail('expected-value', this.nextSpan(), { found: this.found() })
  }

  /** Gives the label, which may have been written without quotes. */
  protected expectEndOfHead({ names, label }: Head): Head {
    const next = this.LA(1)
    if (next.tokenType === t.Assign || next.tokenType === t.LeftCurly) return { names, label }

    if (label === undefined && this.LA(2).tokenType === t.LeftCurly && isIdentifier(next.image)) {
      this.report('unquoted-label', this.span(next), { label: next.image })
      this.SKIP_TOKEN()
      return { names, label: next }
    }
    const name = names.map((part) => part.image).join('.')
    const expected = names.length === 1 && label === undefined ? '`=` or `{`' : '`{`'
    this.fail('incomplete-statement', this.nextSpan(), { name, expected, found: this.found() })
  }

  protected checkLabel(): void {
    const label = this.LA(1)
    const text = label.image.slice(1, -1)
    if (label.tokenType === t.RawString) this.report('raw-label', this.span(label), {})
    else if (text !== '' && !isIdentifier(text)) {
      const suggestion = sanitizeIdentifier(text)
      this.report('invalid-label', this.span(label), { label: text, suggestion })
    }
  }

  protected checkAttributeHead({ names, label }: Head): void {
    if (names.length > 1) {
      const name = names.map((part) => part.image).join('.')
      const at = spanOver(this.span(names[0]!), this.span(names.at(-1)!))
      this.report('dotted-attribute', at, { name })
    } else if (label !== undefined) {
      this.report('labeled-attribute', this.span(label), { name: names[0]!.image })
    }
  }

  /** Reads the end of the line, which the grammar has as the end of a statement. */
  protected endStatement(): void {
    const next = this.LA(1)
    switch (next.tokenType) {
      case t.Terminator:
        this.SKIP_TOKEN()
        return
      case EOF:
        return
      case t.RightCurly:
        if (this.open.length > 0) return
    }
    if (t.CLOSING_BRACKETS.has(next.tokenType)) {
      this.fail('unmatched-close', this.nextSpan(), { close: next.image })
    }
    const facts = { found: this.found() }
    this.fail('expected-line-end', this.nextSpan(), facts, this.#notesOnMissingValue())
  }

  /** In `a =`, line end, `b = 1` the value of `a` is `b`. */
  #notesOnMissingValue(): readonly Note[] {
    const assign = this.LA(-1)
    if (assign.tokenType !== t.Assign || this.LA(1).tokenType !== t.Assign) return []
    return [{ message: 'is there a value missing after this?', at: this.span(assign) }]
  }

  /** Whether something was skipped that starts no statement, though the body has not ended. */
  protected skipNonStatement(): boolean {
    const next = this.LA(1)
    const closes = next.tokenType === t.RightCurly
    if (next.tokenType === EOF || (closes && this.open.length > 0)) return false
    if (t.CLOSING_BRACKETS.has(next.tokenType)) {
      this.report('unmatched-close', this.nextSpan(), { close: next.image })
    } else {
      this.report('expected-statement', this.nextSpan(), { found: this.found() })
    }
    if (closes) this.SKIP_TOKEN()
    if (closes && this.LA(1).tokenType === t.Terminator) this.SKIP_TOKEN()
    else this.skipStatement([])
    return true
  }

  /** Reads the comma behind an item of a list. */
  protected endItem(): void {
    this.#expectComma()
    if (this.LA(1).tokenType === t.Comma) this.SKIP_TOKEN()
  }

  #expectComma(): void {
    const { bracket, item } = this.open.at(-1)!
    const close = t.closeOf(bracket)
    const { tokenType: next } = this.LA(1)
    if (next === t.Comma || next === EOF || next === t.CLOSES.get(bracket.tokenType)) return
    if (t.CLOSING_BRACKETS.has(next)) this.failUnclosed()

    if (next === t.Terminator) {
      if (this.#statementFollowsLine()) this.failUnclosed()
      this.report('missing-comma', this.nextSpan(), { what: item!, close })
      this.SKIP_TOKEN()
    } else if (this.#startsItem(next)) {
      this.report('missing-comma', this.afterLast(), { what: item!, close })
    } else {
      this.report('expected-comma', this.nextSpan(), { close, found: this.found() })
      this.skipItem([])
      if (this.LA(1).tokenType === t.Terminator) this.SKIP_TOKEN()
    }
  }

  /** Whether something was skipped that starts no item, though the list has not ended. */
  protected skipNonItem(): boolean {
    const { bracket, item } = this.open.at(-1)!
    const { tokenType: next } = this.LA(1)
    if (next === EOF || next === t.CLOSES.get(bracket.tokenType)) return false
    if (t.CLOSING_BRACKETS.has(next)) this.failUnclosed()
    const code = item === 'field' ? 'expected-field' : 'expected-value'
    this.report(code, this.nextSpan(), { found: this.found() })
    this.skipItem([])
    this.endItem()
    return true
  }

  #startsItem(type: TokenType): boolean {
    if (this.open.at(-1)!.item === 'field') return STARTS_FIELD.has(type)
    return STARTS_OPERAND.has(type) || type === t.Not || type === t.Minus
  }

  /** Whether the line after this one reads like a statement, so that a list was left open. */
  #statementFollowsLine(): boolean {
    const { tokenType: first } = this.LA(2)
    if (first === EOF) return true
    if (first !== t.Identifier) return false
    const { tokenType: second } = this.LA(3)
    if (second === t.LeftCurly || second === t.QuotedString) return true
    return second === (this.open.at(-1)!.item === 'field' ? t.Dot : t.Assign)
  }

  protected expectAssign(field: IToken): void {
    if (this.LA(1).tokenType === t.Assign) return
    const name = field.tokenType === t.Identifier ? field.image : field.image.slice(1, -1)
    const facts = { name, found: this.found() }
    this.fail('expected-assignment', this.nextSpan(), facts)
  }

  /**
   * After a value there came a string: only a block, which cannot be a value, goes on like that.
   */
  protected expectBlockBody(): void {
    if (this.LA(1).tokenType === t.LeftCurly) return
    const [before, text] = [this.LA(-1), this.LA(0)]
    const at = text.image.includes('\n') ? this.afterLast() : this.span(text)
    const around = this.open.at(-1)
    const close = around === undefined ? '' : t.closeOf(around.bracket)
    if (around?.item !== undefined) {
      const gap = { ...at, start: endOf(before), end: endOf(before) }
      this.fail('missing-comma', at.start === at.end ? at : gap, { what: around.item, close })
    }
    const found = t.describeToken(text)
    if (around === undefined || around.bracket.tokenType === t.LeftCurly) {
      this.fail('expected-line-end', at, { found })
    }
    this.fail('unclosed', at, { close, found }, [this.openedAt(around)])
  }

  protected reportBlockAsValue(value: Expression, label: IToken | undefined, end: IToken): void {
    const around = this.open.at(-1)
    if (around?.item !== undefined && value.kind === 'object') {
      const facts = { what: around.item, close: t.closeOf(around.bracket) }
      this.report('missing-comma', value.span, facts)
      return
    }
    const isNamed = label !== undefined && isPath(value)
    const name = isNamed ? `${textOf(value.span)}.${label.image.slice(1, -1)}` : undefined
    this.report('block-as-value', spanOver(value.span, this.span(end)), { name })
  }

  /** After the body of a block there is its brace or the end of the file. */
  protected expectBlockEnd(): void {
    if (this.LA(1).tokenType === EOF) this.reportUnclosed()
    this.open.pop()
  }

  protected expectEnd(): void {
    if (this.LA(1).tokenType === t.Terminator) this.SKIP_TOKEN()
    if (this.LA(1).tokenType === EOF) return
    this.report('expected-end', this.nextSpan(), { found: this.found() })
  }
}

/** `a.b.c` */
function isPath(expression: Expression): boolean {
  if (expression.kind === 'reference') return true
  return expression.kind === 'access' && isPath(expression.value)
}
