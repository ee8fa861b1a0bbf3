import type { Comment, CommentGroup } from './ast.js'
import { Columns } from './columns.js'
import type { Source } from './source.js'

/** White space between two tokens. It waits for the second: a comment between them changes it. */
export type Space = 'blank' | 'column' | 'line' | 'cut' | 'indent' | 'unindent'

/** At most one blank line stays between two lines. */
const LINE_ENDS_MAX = 2

/**
 * Writes tokens, and before each the comments that stand before it in the source. `at` tells where
 * a token stands; one without it is taken to stand right behind what was written before, as in
 * Alloy's formatter: where a comment lands depends on that.
 */
export class Printer {
  readonly #source: Source
  readonly #columns = new Columns()
  readonly #comments: readonly CommentGroup[]
  #commentCount = 0
  #spaces: (Space | 'spent')[] = []
  #depth = 0
  #empty = true
  #atLineStart = true
  /** Where the next token stands in the source. */
  #offset = 0
  #line = 1
  /** The source line on which the last token or comment ended. */
  #lastLine = 1
  constructor(source: Source, comments: readonly CommentGroup[]) {
    this.#source = source
    this.#comments = comments
  }

  /** The next token stands at this offset. */
  at(offset: number): void {
    this.#offset = offset
    this.#line = this.#source.lineAt(offset)
  }

  /** Whether a comment that has not been written stands before this offset. */
  hasCommentBefore(offset: number): boolean {
    const next = this.#comments[this.#commentCount]?.[0]
    return next !== undefined && next.span.start <= offset
  }

  /**
   * Whether a comment from `start` on is on another line than `end`, so that it brings a line end
   * along.
   */
  hasLineEndBetween(start: number, end: number): boolean {
    const line = this.#source.lineAt(end)
    for (let index = this.#commentCount; index < this.#comments.length; index++) {
      for (const { span } of this.#comments[index]!) {
        if (span.start > end) return false
        const lines = [this.#source.lineAt(span.start), this.#source.lineAt(span.end - 1)]
        if (span.start >= start && lines.some((other) => other !== line)) return true
      }
    }
    return false
  }

  space(...spaces: Space[]): void {
    this.#spaces.push(...spaces)
  }

  /** `end`: where the token really ends, if `at` did not tell. */
  token(text: string, end?: number): void {
    const [offset, line] = [this.#offset, this.#line]
    if (this.hasCommentBefore(offset)) {
      const last = this.#writeComments(offset, line)
      this.#separateFromNext(last, line)
    } else {
      this.#writeSpaces(this.#spaces.length)
    }
    this.#offset = offset
    this.#line = line
    this.#write(text, () => this.#columns.lines(text))
    if (end !== undefined) {
      this.#line = this.#source.lineAt(end - 1)
      this.#lastLine = this.#line
    }
  }

  finish(): string {
    const end = Number.POSITIVE_INFINITY
    if (this.hasCommentBefore(end)) this.#writeComments(end, undefined)
    return this.#columns.finish()
  }

  /** `nextLine` is that of the token after them, if there is one. */
  #writeComments(offset: number, nextLine: number | undefined): Comment {
    let last: Comment | undefined
    while (this.hasCommentBefore(offset)) {
      for (const comment of this.#comments[this.#commentCount]!) {
        if (!this.#empty) this.#separateComment(comment, nextLine)
        this.at(comment.span.start)
        this.#write(comment.text, () => this.#columns.verbatim(comment.text))
        last = comment
      }
      this.#commentCount++
    }
    return last!
  }

  #separateComment(comment: Comment, nextLine: number | undefined): void {
    const line = this.#source.lineAt(comment.span.start)
    if (line <= this.#lastLine) {
      if (line === nextLine) this.#blank()
      else this.#cell(true)
      return
    }
    const first = this.#spaces.findIndex((space) => space !== 'indent' && space !== 'unindent')
    if (first >= 0) {
      this.#spaces[first] = 'spent'
      this.#writeSpaces(first)
    }
    this.#endLines(line - this.#lastLine, true)
  }

  #separateFromNext(comment: Comment, nextLine: number): void {
    const ended = this.#source.lineAt(comment.span.end - 1)
    if (comment.text.startsWith('/*') && nextLine === ended) this.#blank()
    const cut = this.#spaces.includes('cut')
    const least = comment.text.startsWith('//') ? 1 : 0
    const lines = Math.max(nextLine - this.#lastLine, least)
    this.#spaces = this.#spaces.filter((space) => space === 'indent' || space === 'unindent')
    this.#writeSpaces(this.#spaces.length)
    this.#endLines(lines, cut)
  }

  #write(text: string, output: () => void): void {
    const [offset, line] = [this.#offset, this.#line]
    this.#startLine()
    output()
    this.#empty = false
    this.#atLineStart = false
    this.#offset = offset + text.length
    this.#line = line + text.split('\n').length - 1
    this.#lastLine = this.#line
  }

  #writeSpaces(count: number): void {
    for (const space of this.#spaces.splice(0, count)) {
      if (space === 'indent') this.#depth++
      else if (space === 'unindent') this.#depth--
      else if (space === 'blank') this.#blank()
      else if (space === 'column') this.#cell(false)
      else if (space !== 'spent') this.#endLines(1, space === 'cut')
    }
  }

  #blank(): void {
    this.#startLine()
    this.#columns.text(' ')
    this.#passed()
  }

  #cell(tab: boolean): void {
    this.#startLine()
    this.#columns.endCell(tab)
    this.#passed()
  }

  #passed(): void {
    this.#empty = false
    this.#atLineStart = false
    this.#offset++
  }

  #endLines(count: number, cut: boolean): void {
    if (count <= 0) return
    this.#startLine()
    for (let index = 0; index < Math.min(count, LINE_ENDS_MAX); index++) {
      this.#columns.endLine(cut)
      this.#offset++
      this.#line++
    }
    this.#empty = false
    this.#atLineStart = true
  }

  #startLine(): void {
    if (!this.#atLineStart) return
    for (let index = 0; index < this.#depth; index++) this.#columns.endCell(true)
    this.#offset += this.#depth
    this.#atLineStart = this.#depth === 0
  }
}
