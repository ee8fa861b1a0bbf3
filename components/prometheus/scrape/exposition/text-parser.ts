import { ByteQueue } from './byte-queue.js'
import { LINE_FEED } from './characters.js'
import { UNFINISHED } from './label-scanner.js'
import type { ExpositionParser } from './options.js'
import type { TextLines } from './text-lines.js'

/** Larger chunks are taken in parts, so that what is parsed stays in the processor's cache. */
const PART_SIZE = 64 * 1024

/** What the lines of a format are. */
export interface TextFormat {
  readonly lines: TextLines
  /**
   * Parses what begins at `pos` and hands it on. Answers where the next line begins, or UNFINISHED
   * where that lies behind the limit.
   */
  entry(pos: number): number
  /** The body has ended, and `pos` to `end` is a line that has no line feed. */
  finish(pos: number, end: number): void
}

export interface TextFraming {
  /** A last line without its line feed is given one. */
  readonly completes: boolean
  /** Lines are parsed up to the last that begins with "#": what belongs together comes at once. */
  readonly holdsFamilies: boolean
}

/** Cuts a body that comes in chunks into lines. */
export class TextParser implements ExpositionParser {
  readonly #format: TextFormat
  readonly #lines: TextLines
  readonly #framing: TextFraming
  readonly #queue = new ByteQueue(1024)
  /** In bytes from the body's start: where whole lines end, and how far they were looked for. */
  #limit = 0
  #searched = 0
  /** An unfinished line is tried again once there are so many bytes: its parse begins anew. */
  #retryAt = 0
  #failure: unknown

  constructor(format: TextFormat, framing: TextFraming) {
    this.#format = format
    this.#lines = format.lines
    this.#framing = framing
  }

  push(chunk: Uint8Array): void {
    this.#attempt(() => {
      for (let at = 0; at < chunk.length; at += PART_SIZE) {
        this.#queue.append(chunk.subarray(at, at + PART_SIZE))
        this.#findLimit()
        if (this.#queue.size >= this.#retryAt) this.#parse()
      }
    })
  }

  end(): void {
    this.#attempt(() => {
      const queue = this.#queue
      const { line } = this.#lines
      if (this.#framing.completes) queue.append(Uint8Array.of(LINE_FEED))
      line.isLast = true
      const rest = queue.bytes.subarray(queue.start, queue.end)
      this.#limit = queue.taken + rest.lastIndexOf(LINE_FEED) + 1
      this.#parse()
      line.start = queue.start
      line.bytes = queue.bytes
      this.#format.finish(queue.start, queue.end)
      this.#lines.sink.end()
    })
  }

  #findLimit(): void {
    const queue = this.#queue
    const { holdsFamilies } = this.#framing
    const from = Math.max(this.#searched - (holdsFamilies ? 1 : 0) - queue.taken, 0) + queue.start
    const fresh = queue.bytes.subarray(from, queue.end)
    const at = holdsFamilies ? fresh.lastIndexOf('\n#') : fresh.lastIndexOf(LINE_FEED)
    if (at >= 0) this.#limit = queue.taken + from - queue.start + at + 1
    this.#searched = queue.taken + queue.size
  }

  #parse(): void {
    const format = this.#format
    const queue = this.#queue
    const { line, scanner } = this.#lines
    const limit = this.#limit - queue.taken + queue.start
    let pos = queue.start
    line.bytes = queue.bytes
    line.limit = limit
    this.#retryAt = 0
    while (pos < limit) {
      line.start = pos
      scanner.feeds = 0
      const next = format.entry(pos)
      if (next === UNFINISHED) {
        this.#retryAt = (queue.end - pos) * 2
        break
      }
      line.number += scanner.feeds > 0 ? feedsIn(queue.bytes, pos, next) : 1
      pos = next
    }
    queue.take(pos)
  }

  #attempt(parse: () => void): void {
    if (this.#failure !== undefined) throw this.#failure
    try {
      parse()
    } catch (error) {
      this.#failure = error
      throw error
    }
  }
}

function feedsIn(bytes: Buffer, start: number, end: number): number {
  let count = 0
  for (let pos = start; pos < end; pos++) if (bytes[pos] === LINE_FEED) count++
  return count
}
