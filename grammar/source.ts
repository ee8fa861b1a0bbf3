/** A longer source is refused, so that none holds up its reader for seconds. */
export const SOURCE_SIZE_MAX = 1024 * 1024

/** A text with a name. Offsets everywhere in the grammar count UTF-16 units of `text`. */
export class Source {
  /** As messages show it: a path, or "-" for standard input. */
  readonly name: string
  readonly text: string
  /** Where bytes that are not UTF-8 were replaced by U+FFFD, in rising order. */
  readonly invalidAt: readonly number[]
  #lineStarts: number[] | undefined

  constructor(name: string, text: string, invalidAt: readonly number[] = []) {
    this.name = name
    this.text = text
    this.invalidAt = invalidAt
  }

  /** Counts from 1. */
  lineAt(offset: number): number {
    return this.#lineIndexAt(offset) + 1
  }

  /** Line and column from 1; the column counts UTF-8 bytes, as Alloy's does. */
  positionAt(offset: number): Position {
    const line = this.#lineIndexAt(offset)
    const before = this.text.slice(this.#starts()[line], offset)
    return { line: line + 1, column: Buffer.byteLength(before) + 1 }
  }

  /** A line's text without its end; empty past the last line. */
  line(line: number): string {
    const start = this.#starts()[line - 1]
    if (start === undefined) return ''
    const end = this.#starts()[line]
    return this.text.slice(start, end === undefined ? undefined : end - 1).replace(/\r$/, '')
  }

  /** The offset at which a line starts; the end of the text past the last line. */
  startOfLine(line: number): number {
    return this.#starts()[line - 1] ?? this.text.length
  }

  #lineIndexAt(offset: number): number {
    const starts = this.#starts()
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  #starts(): number[] {
    if (this.#lineStarts) return this.#lineStarts
    const starts = [0]
    for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) {
      starts.push(at + 1)
    }
    this.#lineStarts = starts
    return starts
  }
}

export interface Position {
  readonly line: number
  readonly column: number
}

/** A stretch of a source; `end` is exclusive. */
export interface Span {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/** From the start of one span to the end of another of the same source. */
export function spanOver(first: Span, last: Span): Span {
  return { source: first.source, start: first.start, end: last.end }
}

export function textOf({ source, start, end }: Span): string {
  return source.text.slice(start, end)
}

const REPLACEMENT = '\uFFFD'
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Never fails: what is not UTF-8 is marked in the source, and `parseFile` reports it. */
export function readSource(name: string, bytes: Uint8Array): Source {
  const text = decoder.decode(bytes)
  // One that is too long is refused for that, whatever it holds.
  const isChecked = bytes.length > SOURCE_SIZE_MAX || !text.includes(REPLACEMENT)
  return isChecked ? new Source(name, text) : new Source(name, text, replacedIn(text, bytes))
}

/** The replacement characters of a decoded text that do not stand in its bytes. */
function replacedIn(text: string, bytes: Uint8Array): number[] {
  const found: number[] = []
  let from = 0
  let byte = 0
  for (let at = text.indexOf(REPLACEMENT); at >= 0; at = text.indexOf(REPLACEMENT, at + 1)) {
    byte += Buffer.byteLength(text.slice(from, at))
    from = at + 1
    if (bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd) {
      byte += 3
      continue
    }
    found.push(at)
    byte += invalidLength(bytes, byte)
  }
  return found
}

/**
 * How many bytes the decoder replaced by one U+FFFD: the longest start of a valid sequence, or one.
 */
function invalidLength(bytes: Uint8Array, at: number): number {
  for (let length = 3; length > 1; length--) {
    const decoded = decoder.decode(bytes.subarray(at, at + length))
    if (decoded === REPLACEMENT) return Math.min(length, bytes.length - at)
  }
  return 1
}
