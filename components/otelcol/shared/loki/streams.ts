import { EntryBatchBuilder } from '#pdata'
import { Writer } from '#wire'

/** Of one set of labels. Lasts; its entries are those of one round. */
export interface Stream {
  readonly labels: Buffer
  round: number
  first: number
  last: number
}

const COLUMNS = 3
/** Memory beyond this is not kept for the next batch. */
const KEPT_BYTES_MAX = 8 * 1024 * 1024
const KNOWN_MAX = 10_000

/**
 * Gathers encoded entries by stream, whatever order they come in. A round begins with `begin` and
 * ends with `write`.
 */
export class Streams {
  /** Where entries are encoded. */
  arena = new Writer(64 * 1024)
  /** Of each entry: its range in the arena, and the next of its stream. */
  #entries = new Int32Array(1024 * COLUMNS)
  #count = 0
  #round = 0
  readonly #open: Stream[] = []
  readonly #known = new Map<string, Stream>()

  begin(): void {
    this.#round++
    this.#count = 0
    this.#open.length = 0
    if (this.arena.bytes.length > KEPT_BYTES_MAX) this.arena = new Writer(64 * 1024)
    this.arena.pos = 0
  }

  /** Too many are known: those who keep streams from round to round are to forget them. */
  get isFull(): boolean {
    return this.#known.size >= KNOWN_MAX
  }

  forget(): void {
    this.#known.clear()
  }

  of(labels: string): Stream {
    let stream = this.#known.get(labels)
    if (!stream) {
      stream = { labels: Buffer.from(labels), round: 0, first: 0, last: 0 }
      this.#known.set(labels, stream)
    }
    return stream
  }

  /** What has been written to the arena since `start` is an entry of the stream. */
  add(stream: Stream, start: number): void {
    const at = this.#count * COLUMNS
    if (at === this.#entries.length) {
      const grown = new Int32Array(at * 2)
      grown.set(this.#entries)
      this.#entries = grown
    }
    const entries = this.#entries
    entries[at] = start
    entries[at + 1] = this.arena.pos
    entries[at + 2] = -1
    if (stream.round !== this.#round) {
      stream.round = this.#round
      stream.first = this.#count
      this.#open.push(stream)
    } else entries[stream.last * COLUMNS + 2] = this.#count
    stream.last = this.#count++
  }

  write(): EntryBatchBuilder {
    const { bytes, pos } = this.arena
    const builder = new EntryBatchBuilder(pos + this.#count * 4 + this.#open.length * 256)
    const entries = this.#entries
    for (const { labels, first } of this.#open) {
      builder.beginStream(labels)
      for (let n = first; n >= 0; n = entries[n * COLUMNS + 2]!) {
        builder.copy(bytes, entries[n * COLUMNS]!, entries[n * COLUMNS + 1]!)
      }
      builder.endStream()
    }
    return builder
  }
}
