/**
 * The labels of one line, as they lie in it.
 *
 *     series   = name [ braces ] | braces with a quoted name
 *     braces   = "{" [ pair { "," pair } ] "}"
 *     pair     = ( label | quoted ) "=" quoted | quoted, which is the metric's name
 *     quoted   = '"' { any but '"', "\" | "\" any } '"'
 *
 * OpenMetrics has no blanks between them, and no line feeds in values. The Prometheus text format
 * has blanks anywhere, a comma more or less, and Prometheus takes line feeds in its values.
 */
import { isUtf8 } from 'node:buffer'
import {
  BACKSLASH,
  CLOSE_BRACE,
  COMMA,
  EQUALS,
  LABEL_PART,
  LABEL_START,
  LINE_FEED,
  NAME_PART,
  OPEN_BRACE,
  PLAIN,
  QUOTE,
  SPACE,
  TAB,
  TABLE,
} from './characters.js'
import { unescapeQuoted } from './text-escapes.js'
import type { TextLine } from './text-line.js'
import type { TextPool } from './text-pool.js'

/** A row for each label. */
const ROW = 5
const NAME = 0
const NAME_END = 1
const VALUE = 2
const VALUE_END = 3
const ESCAPES = 4

/** Which of the two holds escapes. */
const IN_NAME = 1
const IN_VALUE = 2

/** With more labels than this, their names are compared by way of a set. */
const PAIRWISE_MAX = 16

/** What a scan answers where the line goes on behind the bytes that have come. */
export const UNFINISHED = -1

export interface ScanRules {
  /** As OpenMetrics has it. */
  readonly isStrict: boolean
  /** A metric's name may stand in the braces, and no label is there twice. */
  readonly isSeries: boolean
  /** `__name__` may be a label, which says nothing. */
  readonly allowsNameLabel: boolean
}

export class LabelScanner {
  readonly #line: TextLine
  readonly #rules: ScanRules
  readonly #isStrict: boolean
  #rows = new Int32Array(16 * ROW)
  count = 0
  /** The metric's name; -1 where there is none. */
  name = 0
  nameEnd = 0
  isNameEscaped = false
  /** `le` or `quantile` is among the labels. */
  hasBound = false
  /** Line feeds inside quotes, counted on and on. */
  feeds = 0
  /** Whether the quoted text scanned last has escapes. */
  isEscaped = false

  constructor(line: TextLine, rules: ScanRules) {
    this.#line = line
    this.#rules = rules
    this.#isStrict = rules.isStrict
  }

  /** From the name or the brace at `pos` to the end of both. */
  series(pos: number): number {
    const { bytes } = this.#line
    this.#clear()
    if (bytes[pos] === OPEN_BRACE) {
      const end = this.#pairs(pos + 1)
      if (end !== UNFINISHED && this.name < 0) this.#line.fail('there is no metric name', pos)
      return end
    }
    this.name = pos
    while ((TABLE[bytes[++pos]!]! & NAME_PART) !== 0);
    this.nameEnd = pos
    const next = this.blanks(pos)
    return bytes[next] === OPEN_BRACE ? this.#pairs(next + 1) : pos
  }

  /** From behind the opening brace to behind the closing one, where no name stands before. */
  braces(pos: number): number {
    this.#clear()
    return this.#pairs(pos)
  }

  blanks(pos: number): number {
    if (this.#isStrict) return pos
    const { bytes } = this.#line
    for (;;) {
      const byte = bytes[pos]
      if (byte !== SPACE && byte !== TAB) return pos
      pos++
    }
  }

  /** From behind the opening quote to behind the closing one. */
  quoted(pos: number, isName: boolean): number {
    const line = this.#line
    const { bytes } = line
    const start = pos
    let isWide = false
    this.isEscaped = false
    for (;;) {
      const byte = bytes[pos]!
      if ((TABLE[byte]! & PLAIN) !== 0) pos++
      else if (byte === QUOTE) break
      else if (byte === BACKSLASH) {
        if (bytes[pos + 1] === LINE_FEED) line.fail('a backslash ends the line', pos)
        this.isEscaped = true
        // What is not ASCII is looked at by itself.
        pos += bytes[pos + 1]! < 128 ? 2 : 1
      } else if (byte === LINE_FEED) {
        if (this.#isStrict || isName) line.fail('a quoted text does not end', start - 1)
        if (++pos < line.limit) this.feeds++
        else if (line.isLast) line.fail('a quoted text does not end', start - 1)
        else return UNFINISHED
      } else {
        isWide = true
        pos++
      }
    }
    if (isWide && !isUtf8(bytes.subarray(start, pos))) line.fail('this is not UTF-8', start)
    if (isName && pos === start) line.fail('a name is empty', start)
    return pos + 1
  }

  nameOf(label: number, pool?: TextPool): string {
    const at = label * ROW
    const name = this.#text(this.#rows[at + NAME]!, this.#rows[at + NAME_END]!, pool)
    return (this.#rows[at + ESCAPES]! & IN_NAME) !== 0 ? unescapeQuoted(name) : name
  }

  valueOf(label: number, pool?: TextPool): string {
    const at = label * ROW
    const value = this.#text(this.#rows[at + VALUE]!, this.#rows[at + VALUE_END]!, pool)
    return (this.#rows[at + ESCAPES]! & IN_VALUE) !== 0 ? unescapeQuoted(value) : value
  }

  #text(start: number, end: number, pool: TextPool | undefined): string {
    const { bytes } = this.#line
    return pool ? pool.text(bytes, start, end) : bytes.toString('utf8', start, end)
  }

  #clear(): void {
    this.count = 0
    this.name = -1
    this.nameEnd = -1
    this.isNameEscaped = false
    this.hasBound = false
  }

  #pairs(pos: number): number {
    const line = this.#line
    const { bytes } = line
    for (;;) {
      const start = this.blanks(pos)
      const first = bytes[start]!
      if (first === CLOSE_BRACE) {
        if (this.count > 1 && this.#rules.isSeries) this.#checkUnique()
        return start + 1
      }
      if (first === QUOTE) {
        pos = this.#behindQuoted(start + 1, this.quoted(start + 1, true) - 1)
      } else if ((TABLE[first]! & LABEL_START) !== 0) {
        let end = start + 1
        while ((TABLE[bytes[end]!]! & LABEL_PART) !== 0) end++
        pos = this.#value(start, end, 0, this.blanks(end))
      } else line.fail(`expected a label, found ${line.wordAt(start)}`, start)
      if (pos === UNFINISHED) return UNFINISHED
    }
  }

  /** A quoted text is the name of a label if a value follows, and else the metric's. */
  #behindQuoted(start: number, end: number): number {
    const { bytes } = this.#line
    const { isEscaped } = this
    const pos = this.blanks(end + 1)
    const byte = bytes[pos]
    const isAlone = byte === COMMA || byte === CLOSE_BRACE
    if (!isAlone || !this.#rules.isSeries) {
      return this.#value(start, end, isEscaped ? IN_NAME : 0, pos)
    }
    if (this.name >= 0) this.#line.fail('there is a second metric name', start)
    this.name = start
    this.nameEnd = end
    this.isNameEscaped = isEscaped
    return this.#behindPair(pos)
  }

  /** From the equals sign to where the next pair begins. */
  #value(name: number, nameEnd: number, escapes: number, pos: number): number {
    const line = this.#line
    const { bytes } = line
    if (bytes[pos] !== EQUALS) line.fail(`expected "=", found ${line.wordAt(pos)}`, pos)
    pos = this.blanks(pos + 1)
    if (bytes[pos] !== QUOTE) {
      line.fail(`expected a value in quotes, found ${line.wordAt(pos)}`, pos)
    }
    const value = pos + 1
    pos = this.quoted(value, false)
    if (pos === UNFINISHED) return UNFINISHED
    this.#add(name, nameEnd, value, pos - 1, this.isEscaped ? escapes | IN_VALUE : escapes)
    return this.#behindPair(this.blanks(pos))
  }

  #behindPair(pos: number): number {
    const line = this.#line
    const { bytes } = line
    const hasComma = bytes[pos] === COMMA
    const next = hasComma ? pos + 1 : pos
    if (this.#isStrict && hasComma === (bytes[next] === CLOSE_BRACE)) {
      const expected = hasComma ? 'a label' : '"," or "}"'
      line.fail(`expected ${expected}, found ${line.wordAt(next)}`, next)
    }
    return next
  }

  #add(name: number, nameEnd: number, value: number, valueEnd: number, escapes: number): void {
    const at = this.count++ * ROW
    if (at === this.#rows.length) {
      const rows = this.#rows
      this.#rows = new Int32Array(at * 2)
      this.#rows.set(rows)
    }
    const rows = this.#rows
    rows[at + NAME] = name
    rows[at + NAME_END] = nameEnd
    rows[at + VALUE] = value
    rows[at + VALUE_END] = valueEnd
    rows[at + ESCAPES] = escapes
    const size = nameEnd - name
    if (size === 2) this.hasBound ||= this.#isText(name, 'le')
    else if (size === 8) {
      this.hasBound ||= this.#isText(name, 'quantile')
      const { isSeries, allowsNameLabel } = this.#rules
      if (isSeries && !allowsNameLabel && this.#isText(name, '__name__')) {
        this.#line.fail('the metric has a name already', name)
      }
    }
  }

  #isText(pos: number, text: string): boolean {
    const { bytes } = this.#line
    for (let n = 0; n < text.length; n++) if (bytes[pos + n] !== text.charCodeAt(n)) return false
    return true
  }

  #checkUnique(): void {
    if (this.count > PAIRWISE_MAX) {
      this.#checkManyUnique()
      return
    }
    for (let n = 1; n < this.count; n++) {
      for (let m = 0; m < n; m++) if (this.#isSameName(n * ROW, m * ROW)) this.#failTwice(n)
    }
  }

  #checkManyUnique(): void {
    const names = new Set<string>()
    for (let n = 0; n < this.count; n++) {
      names.add(this.nameOf(n))
      if (names.size === n) this.#failTwice(n)
    }
  }

  #isSameName(one: number, other: number): boolean {
    const rows = this.#rows
    if (((rows[one + ESCAPES]! | rows[other + ESCAPES]!) & IN_NAME) !== 0) {
      return this.nameOf(one / ROW) === this.nameOf(other / ROW)
    }
    const [a, b] = [rows[one + NAME]!, rows[other + NAME]!]
    const size = rows[one + NAME_END]! - a
    if (size !== rows[other + NAME_END]! - b) return false
    const { bytes } = this.#line
    for (let n = 0; n < size; n++) if (bytes[a + n] !== bytes[b + n]) return false
    return true
  }

  #failTwice(label: number): never {
    const name = JSON.stringify(this.nameOf(label))
    return this.#line.fail(`the label ${name} is there twice`, this.#rows[label * ROW + NAME]!)
  }
}
