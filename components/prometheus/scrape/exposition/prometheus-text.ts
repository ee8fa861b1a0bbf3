/**
 * The Prometheus text format, 0.0.4 and 1.0.0 (which adds names in quotes).
 *
 *     line     = blanks ( "" | sample | "#" ... | "# HELP" name help | "# TYPE" name type ) "\n"
 *     sample   = series blanks value [ blanks milliseconds ] blanks
 *
 * Blanks are spaces and tabs. A last line without its line feed is whole.
 */
import {
  CLOSE_BRACE,
  HASH,
  LINE_FEED,
  NAME_PART,
  NAME_START,
  OPEN_BRACE,
  QUOTE,
  SPACE,
  TAB,
  TABLE,
} from './characters.js'
import { UNFINISHED } from './label-scanner.js'
import type { MetricType } from './sink.js'
import { unescapeHelp } from './text-escapes.js'
import type { TextLines } from './text-lines.js'
import { TextMetadata } from './text-metadata.js'
import type { TextFormat } from './text-parser.js'

const TYPES: ReadonlyMap<string, MetricType> = new Map([
  ['counter', 'counter'],
  ['gauge', 'gauge'],
  ['histogram', 'histogram'],
  ['summary', 'summary'],
  ['untyped', 'unknown'],
])

const ZERO = 0x30
/** Below which a sum of digits has no more of them than an int64 holds. */
const CERTAIN_MS = 9e18
/** The largest double in an int64. */
const MS_MAX = 2 ** 63 - 1024

export class PrometheusText implements TextFormat {
  readonly lines: TextLines
  readonly #metadata: TextMetadata
  /** Where the timestamp ended. */
  #end = 0

  constructor(lines: TextLines) {
    this.lines = lines
    this.#metadata = new TextMetadata(lines, unescapeHelp)
  }

  entry(pos: number): number {
    const { line, scanner } = this.lines
    pos = scanner.blanks(pos)
    const first = line.bytes[pos]!
    if ((TABLE[first]! & NAME_START) !== 0 || first === OPEN_BRACE) return this.#sample(pos)
    if (first === LINE_FEED) return pos + 1
    if (first === HASH) return this.#comment(pos)
    return line.fail(`expected a metric, found ${line.wordAt(pos)}`, pos)
  }

  finish(): void {
    // What had no line feed was given one.
  }

  #sample(start: number): number {
    const { lines } = this
    const { line, numbers, scanner } = lines
    const { bytes } = line
    const end = lines.series(start)
    if (end === UNFINISHED) return UNFINISHED
    let pos = scanner.blanks(end)
    if (pos === end) this.#checkTouching(end)
    const value = numbers.read(bytes, pos)
    const behind = bytes[numbers.end]
    if (behind !== LINE_FEED && behind !== SPACE && behind !== TAB) line.failNumber(pos, 'value')
    if (numbers.isTooLarge) line.fail('the value is too large', pos)
    pos = numbers.end
    let timestampMs = Number.NaN
    if (behind !== LINE_FEED) {
      pos = scanner.blanks(pos)
      if (bytes[pos] !== LINE_FEED) {
        timestampMs = this.#timestamp(pos)
        pos = scanner.blanks(this.#end)
        if (bytes[pos] !== LINE_FEED) line.failEnd(pos)
      }
    }
    lines.emit(value, timestampMs, Number.NaN)
    return pos + 1
  }

  /** "a-1" is no series "a" whose value is -1, as Prometheus has it. */
  #checkTouching(pos: number): void {
    const { line } = this.lines
    const { bytes } = line
    if (bytes[pos] === LINE_FEED || bytes[pos - 1] === CLOSE_BRACE) return
    line.fail(`expected a blank, found ${line.wordAt(pos)}`, pos)
  }

  #timestamp(start: number): number {
    const { line } = this.lines
    const { bytes } = line
    let pos = start
    let ms = 0
    for (let digit = bytes[pos]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++pos]! - ZERO) {
      ms = ms * 10 + digit
    }
    if (pos === start) line.failNumber(pos, 'timestamp')
    this.#end = pos
    if (ms < CERTAIN_MS) return ms
    if (BigInt(bytes.toString('latin1', start, pos)) >= 2n ** 63n) {
      line.fail('the timestamp is too large', start)
    }
    return Math.min(ms, MS_MAX)
  }

  #comment(start: number): number {
    const { line, scanner } = this.lines
    const { bytes } = line
    let pos = scanner.blanks(start + 1)
    const kind = pos > start + 1 ? keywordAt(bytes, pos) : undefined
    if (kind === undefined) return line.end(start)
    pos = scanner.blanks(pos + 4)
    return this.#text(kind, this.#name(pos))
  }

  /** Goes over a family's name. */
  #name(start: number): number {
    const { line, scanner } = this.lines
    const { bytes } = line
    let pos = start
    if (bytes[pos] === QUOTE) {
      pos = scanner.quoted(start + 1, true)
      this.#metadata.setName(start + 1, pos - 1, scanner.isEscaped)
      return pos
    }
    if ((TABLE[bytes[pos]!]! & NAME_START) === 0) {
      line.fail(`expected a metric name, found ${line.wordAt(pos)}`, pos)
    }
    while ((TABLE[bytes[++pos]!]! & NAME_PART) !== 0);
    this.#metadata.setName(start, pos, false)
    return pos
  }

  /** One byte parts the name from the text, which has all blanks that follow. */
  #text(kind: 'help' | 'type', start: number): number {
    const { lines } = this
    const { line, scanner } = lines
    const metadata = this.#metadata
    const next = line.end(start)
    const isBlank = scanner.blanks(start) === next - 1
    const text = isBlank ? next - 1 : start + 1
    metadata.kind = kind
    metadata.type = 'unknown'
    if (kind === 'help') line.checkUtf8(text, next - 1)
    else metadata.type = line.typeAt(text, next - 1, TYPES)
    metadata.setText(text, next - 1)
    lines.metadata(metadata)
    return next
  }
}

/** Only with blanks behind it is it one. */
function keywordAt(bytes: Buffer, pos: number): 'help' | 'type' | undefined {
  const behind = bytes[pos + 4]
  if (behind !== SPACE && behind !== TAB) return undefined
  const word = bytes.toString('latin1', pos, pos + 4)
  if (word === 'HELP') return 'help'
  return word === 'TYPE' ? 'type' : undefined
}
