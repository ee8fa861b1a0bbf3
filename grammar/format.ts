import type {
  ArrayExpression,
  Attribute,
  Block,
  Call,
  Expression,
  File,
  ObjectExpression,
  ObjectField,
  Statement,
} from './ast.js'
import { parseAnySize } from './parse.js'
import { Printer } from './printer.js'
import { Source, type Span, textOf } from './source.js'

/**
 * Moving a statement's parts to one line can let it join the columns of its neighbours in the next
 * pass.
 */
const PASSES_MAX = 20

/**
 * The text of a file that has no syntax errors, in the one layout: comments and the tree stay as
 * they are. Without a final line end. Formatting the result again gives the same.
 */
export function format(file: File): string {
  let text = new Formatter(file).run()
  for (let pass = 1; pass < PASSES_MAX; pass++) {
    const { file: written, diagnostics } = parseAnySize(new Source(file.source.name, text))
    if (diagnostics.length > 0) throw new Error(`formatting broke ${file.source.name}: a bug`)
    const again = new Formatter(written).run()
    if (again === text) break
    text = again
  }
  return text
}

class Formatter {
  readonly #file: File
  readonly #printer: Printer

  constructor(file: File) {
    this.#file = file
    this.#printer = new Printer(file.source, file.comments)
  }

  run(): string {
    this.#statements(this.#file.body)
    return this.#printer.finish().trimEnd()
  }

  #statements(statements: readonly Statement[]): void {
    statements.forEach((statement, index) => {
      const before = statements[index - 1]
      if (before !== undefined) {
        const isBlock = statement.kind === 'block'
        if (isBlock || this.#startLine(statement.span) - this.#endLine(before.span) > 1) {
          this.#printer.space('cut')
        }
      }
      if (statement.kind === 'block') this.#block(statement)
      else this.#attribute(statement)
      this.#printer.space(this.#isOneLine(statement.span) ? 'line' : 'cut')
    })
  }

  #attribute({ name, value }: Attribute): void {
    this.#printer.at(name.span.start)
    this.#printer.token(name.text)
    this.#assign(value, true)
  }

  #assign(value: Expression, ends: boolean): void {
    this.#printer.space('column')
    this.#printer.token('=')
    this.#printer.space('blank')
    this.#expression(value, ends)
  }

  #block({ name, nameSpan, label, open, body, close }: Block): void {
    const printer = this.#printer
    printer.at(nameSpan.start)
    this.#keepComments(nameSpan.start, nameSpan.end - 1)
    printer.token(name, nameSpan.end)
    if (label !== undefined) {
      printer.space('blank')
      printer.at(label.span.start)
      printer.token(`"${label.text}"`)
    }
    printer.space('blank')
    printer.at(open.start)
    printer.token('{')
    printer.space('indent')
    if (body.length === 0) {
      printer.space('blank')
    } else {
      printer.space('cut')
      this.#statements(body)
    }
    printer.space('unindent')
    printer.at(close.start)
    printer.token('}')
  }

  /**
   * `ends`: nothing follows in the statement. Only then may a comment in the expression move behind
   * it: elsewhere the line end after the comment would end the statement.
   */
  #expression(expression: Expression, ends: boolean): void {
    const printer = this.#printer
    switch (expression.kind) {
      case 'literal':
      case 'reference':
        printer.at(expression.span.start)
        printer.token(textOf(expression.span))
        break
      case 'array':
        this.#array(expression)
        break
      case 'object':
        this.#object(expression)
        break
      case 'access':
        this.#expression(expression.value, false)
        // A whole number would take the dot for its own.
        if (expression.value.kind === 'literal' && expression.value.type === 'number') {
          printer.space('blank')
        }
        printer.token('.')
        if (!ends) this.#keepComments(expression.span.start, expression.name.span.start)
        printer.token(expression.name.text, expression.name.span.end)
        break
      case 'index':
        this.#expression(expression.value, false)
        printer.at(expression.indexSpan.start)
        printer.token('[')
        this.#expression(expression.index, false)
        printer.at(expression.indexSpan.end - 1)
        printer.token(']')
        break
      case 'call':
        this.#call(expression, ends)
        break
      case 'unary':
        printer.at(expression.span.start)
        printer.token(expression.operator)
        this.#expression(expression.value, ends)
        break
      case 'binary':
        this.#expression(expression.left, false)
        printer.space('blank')
        printer.at(expression.operatorSpan.start)
        printer.token(expression.operator)
        printer.space('blank')
        this.#expression(expression.right, ends)
        break
      case 'paren':
        printer.token('(')
        this.#expression(expression.inner, false)
        printer.token(')', expression.span.end)
    }
  }

  #array({ items, span }: ArrayExpression): void {
    const printer = this.#printer
    printer.at(span.start)
    printer.token('[')
    let line = this.#startLine(span)
    items.forEach((item, index) => {
      const moved = this.#startLine(item.span) !== line
      if (moved) printer.space('indent', 'cut')
      else if (index > 0) printer.space('blank')
      this.#expression(item, false)
      if (index + 1 < items.length) printer.token(',')
      if (moved) printer.space('unindent')
      line = this.#endLine(item.span)
    })
    if (items.length > 0 && line !== this.#endLine(span)) {
      printer.token(',')
      printer.space('indent', 'cut', 'unindent')
    }
    printer.at(span.end - 1)
    printer.token(']')
  }

  #object({ fields, span }: ObjectExpression): void {
    const printer = this.#printer
    printer.at(span.start)
    printer.token('{')
    printer.space('indent')
    let line = this.#startLine(span)
    fields.forEach((field, index) => {
      const before = fields[index - 1]
      if (this.#startLine(field.name.span) !== line) {
        const aligned = before !== undefined && this.#isOneLine(before.value.span)
        printer.space(aligned ? 'line' : 'cut')
      } else if (index > 0) {
        printer.space('blank')
      }
      this.#field(field)
      if (index + 1 < fields.length) printer.token(',')
      line = this.#startLine(field.name.span)
    })
    if (fields.length > 0 && line !== this.#endLine(span)) {
      printer.token(',')
      printer.space('cut')
    }
    printer.space('unindent')
    printer.at(span.end - 1)
    printer.token('}')
  }

  #field({ name, value }: ObjectField): void {
    this.#printer.at(name.span.start)
    this.#printer.token(keyText(textOf(name.span)))
    this.#assign(value, false)
  }

  #call({ callee, arguments: list, argumentsSpan, span }: Call, ends: boolean): void {
    const printer = this.#printer
    this.#expression(callee, false)
    printer.token('(')
    let line = this.#startLine(argumentsSpan)
    list.forEach((argument, index) => {
      const moved = this.#startLine(argument.span) !== line
      if (moved) printer.space('cut', 'indent')
      this.#expression(argument, false)
      if (index + 1 < list.length) {
        printer.token(',')
        printer.space('blank')
      }
      if (moved) printer.space('unindent')
      line = this.#endLine(argument.span)
    })
    if (list.length > 0 && line !== this.#endLine(argumentsSpan)) {
      printer.token(',')
      printer.space('cut')
    }
    const close = argumentsSpan.end - 1
    if (!ends) this.#keepComments(span.start, close)
    printer.token(')', printer.hasCommentBefore(close) ? undefined : close + 1)
  }

  /**
   * Has comments that bring a line end written before the token at `end`, not somewhere after it.
   */
  #keepComments(start: number, end: number): void {
    if (this.#printer.hasLineEndBetween(start, end)) this.#printer.at(end)
  }

  #startLine(span: Span): number {
    return this.#file.source.lineAt(span.start)
  }

  #endLine(span: Span): number {
    return this.#file.source.lineAt(span.end - 1)
  }

  #isOneLine(span: Span): boolean {
    return this.#startLine(span) === this.#endLine(span)
  }
}

/** A key between back quotes gets double quotes, if they mean the same. */
function keyText(key: string): string {
  return /^`[\p{L}\p{M}\p{N}\p{P}\p{S} ]+`$/u.test(key) && !/["\\]/.test(key)
    ? `"${key.slice(1, -1)}"`
    : key
}
