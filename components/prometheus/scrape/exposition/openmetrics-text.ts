/**
 * OpenMetrics text, 1.0.0 and 0.0.1, and names in quotes.
 *
 *     body     = { line "\n" } "# EOF" [ "\n" ]
 *     line     = sample | "# HELP " name " " help | "# TYPE " name " " type
 *              | "# UNIT " name " " unit
 *     sample   = series " " value [ " " seconds ] [ " # {" labels "} " value [ " " seconds ] ]
 *
 * No blank may be missing or be one too many, and there are no other comments.
 */

import {
  HASH,
  LINE_FEED,
  NAME_PART,
  NAME_START,
  OPEN_BRACE,
  QUOTE,
  SPACE,
  TABLE,
} from './characters.js'
import { CreatedLines } from './created-lines.js'
import { LabelScanner } from './label-scanner.js'
import { toMilliseconds } from './milliseconds.js'
import type { Exemplar, MetricType } from './sink.js'
import { unescapeQuoted } from './text-escapes.js'
import type { TextLines } from './text-lines.js'
import { TextMetadata } from './text-metadata.js'
import type { TextFormat } from './text-parser.js'

const TYPES: ReadonlyMap<string, MetricType> = new Map([
  ['counter', 'counter'],
  ['gauge', 'gauge'],
  ['histogram', 'histogram'],
  ['gaugehistogram', 'gaugehistogram'],
  ['summary', 'summary'],
  ['info', 'info'],
  ['stateset', 'stateset'],
  ['unknown', 'unknown'],
])

const KEYWORDS: ReadonlyMap<string, 'help' | 'type' | 'unit'> = new Map([
  ['# HELP ', 'help'],
  ['# TYPE ', 'type'],
  ['# UNIT ', 'unit'],
])
const KEYWORD_SIZE = 7

const END_MARK = '# EOF'

export class OpenMetricsText implements TextFormat {
  readonly lines: TextLines
  readonly #metadata: TextMetadata
  readonly #exemplarScanner: LabelScanner
  readonly #exemplar: { value: number; timestampMs: number } & Pick<Exemplar, 'labels'>
  readonly #created: CreatedLines | undefined
  #hasEnded = false

  constructor(lines: TextLines, readsCreatedLines: boolean) {
    this.lines = lines
    this.#metadata = new TextMetadata(lines, unescapeQuoted)
    const rules = { isStrict: true, isSeries: false, allowsNameLabel: true }
    this.#exemplarScanner = new LabelScanner(lines.line, rules)
    this.#exemplar = {
      value: 0,
      timestampMs: 0,
      labels: (into) => this.#exemplarLabels(into),
    }
    this.#created = readsCreatedLines ? new CreatedLines(lines) : undefined
  }

  entry(pos: number): number {
    const { line } = this.lines
    const first = line.bytes[pos]!
    if (this.#hasEnded) line.fail(`expected nothing behind "${END_MARK}"`, pos)
    if ((TABLE[first]! & NAME_START) !== 0 || first === OPEN_BRACE) return this.#sample(pos)
    if (first === HASH) return this.#comment(pos)
    return line.fail(`expected a metric or "# ", found ${line.wordAt(pos)}`, pos)
  }

  finish(pos: number, end: number): void {
    const { line } = this.lines
    if (this.#hasEnded && pos < end) line.fail(`expected nothing behind "${END_MARK}"`, pos)
    if (this.#hasEnded || line.bytes.toString('latin1', pos, end) === END_MARK) return
    line.fail(`expected "${END_MARK}" at the end of the body`, end)
  }

  #sample(start: number): number {
    const { lines } = this
    const { line, numbers } = lines
    const { bytes } = line
    const end = lines.series(start)
    if (bytes[end] !== SPACE) line.failNumber(end, 'space and a value')
    const value = this.#number(end + 1, 'value')
    let pos = numbers.end
    let timestampMs = Number.NaN
    let hasExemplar = false
    if (bytes[pos] === SPACE && !this.#isExemplar(pos)) {
      timestampMs = this.#milliseconds(pos + 1)
      pos = numbers.end
    }
    if (bytes[pos] === SPACE) {
      if (!this.#isExemplar(pos)) line.failEnd(pos)
      pos = this.#readExemplar(pos + 4)
      hasExemplar = true
    }
    const startTimestampMs = this.#created ? this.#created.startOf(start, value) : Number.NaN
    // Infinite: the line itself said when something was created.
    if (startTimestampMs !== Infinity) {
      lines.emit(value, timestampMs, startTimestampMs)
      if (hasExemplar) lines.sink.exemplar(this.#exemplar)
    }
    return pos + 1
  }

  #number(pos: number, what: string): number {
    const { line, numbers } = this.lines
    const value = numbers.read(line.bytes, pos)
    const behind = line.bytes[numbers.end]
    if (behind !== SPACE && behind !== LINE_FEED) line.failNumber(pos, what)
    if (numbers.isTooLarge) line.fail(`the ${what} is too large`, pos)
    return value
  }

  #milliseconds(pos: number): number {
    const seconds = this.#number(pos, 'timestamp')
    if (!Number.isFinite(seconds)) this.lines.line.failNumber(pos, 'timestamp')
    return toMilliseconds(seconds)
  }

  #isExemplar(pos: number): boolean {
    const { bytes } = this.lines.line
    return bytes[pos + 1] === HASH && bytes[pos + 2] === SPACE && bytes[pos + 3] === OPEN_BRACE
  }

  /** From behind the brace to the line feed. */
  #readExemplar(start: number): number {
    const { line, numbers } = this.lines
    this.#checkMayHaveExemplar(start)
    const end = this.#exemplarScanner.braces(start)
    if (line.bytes[end] !== SPACE) line.failNumber(end, 'space and a value')
    this.#exemplar.value = this.#number(end + 1, 'value')
    this.#exemplar.timestampMs = Number.NaN
    if (line.bytes[numbers.end] === SPACE) {
      this.#exemplar.timestampMs = this.#milliseconds(numbers.end + 1)
      if (line.bytes[numbers.end] !== LINE_FEED) line.failEnd(numbers.end)
    }
    return numbers.end
  }

  /** Only what counts observations has examples of them. */
  #checkMayHaveExemplar(pos: number): void {
    const { lines } = this
    const name = lines.name()
    if (/_(total|bucket|count)$/.test(name)) return
    if (lines.type === 'summary' && name.endsWith('_sum')) return
    lines.line.fail(`"${name.slice(0, 80)}" may have no exemplar: it counts nothing`, pos - 1)
  }

  #exemplarLabels(into: string[]): void {
    const scanner = this.#exemplarScanner
    into.length = 0
    for (let n = 0; n < scanner.count; n++) {
      into.push(scanner.nameOf(n, this.lines.pool), scanner.valueOf(n, this.lines.pool))
    }
  }

  #comment(pos: number): number {
    const { line } = this.lines
    const { bytes } = line
    const kind = KEYWORDS.get(bytes.toString('latin1', pos, pos + KEYWORD_SIZE))
    if (kind !== undefined) return this.#metadataLine(kind, pos + KEYWORD_SIZE)
    const end = line.end(pos)
    if (bytes.toString('latin1', pos, pos + END_MARK.length) !== END_MARK) {
      line.fail('expected "# HELP ", "# TYPE ", "# UNIT " or "# EOF"', pos)
    }
    if (end !== pos + END_MARK.length + 1) line.failEnd(pos + END_MARK.length)
    this.#hasEnded = true
    return end
  }

  #metadataLine(kind: 'help' | 'type' | 'unit', start: number): number {
    const { lines } = this
    const { line, scanner } = lines
    const { bytes } = line
    const metadata = this.#metadata
    let pos = start
    if (bytes[pos] === QUOTE) {
      pos = scanner.quoted(start + 1, true)
      metadata.setName(start + 1, pos - 1, scanner.isEscaped)
    } else {
      if ((TABLE[bytes[pos]!]! & NAME_START) === 0) {
        line.fail(`expected a metric name, found ${line.wordAt(pos)}`, pos)
      }
      while ((TABLE[bytes[++pos]!]! & NAME_PART) !== 0);
      metadata.setName(start, pos, false)
    }
    if (bytes[pos] !== SPACE) line.fail(`expected a space and the ${kind}`, pos)
    const next = line.end(pos)
    metadata.kind = kind
    metadata.type = 'unknown'
    if (kind === 'type') metadata.type = line.typeAt(pos + 1, next - 1, TYPES)
    else line.checkUtf8(pos + 1, next - 1)
    metadata.setText(pos + 1, next - 1)
    if (kind === 'unit' && !isUnitOf(metadata.text, metadata.family)) {
      line.fail('the unit is not the end of the metric name, behind a "_"', pos + 1)
    }
    this.#created?.family(metadata.family)
    lines.metadata(metadata)
    return next
  }
}

function isUnitOf(unit: string, family: string): boolean {
  return unit === '' || family.endsWith(`_${unit}`)
}
