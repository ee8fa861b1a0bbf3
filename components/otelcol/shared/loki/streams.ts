import { Batch, type EntryBatch } from '#pdata'
import { FIELD, sizeOfVarint, Writer } from '#wire'

/** Of one set of labels. Lasts; its entries are those of one round. */
export interface Stream {
  readonly labels: Buffer
  round: number
  /** Runs of entries that lie one behind the other. */
  first: number
  last: number
  bytes: number
}

const { PushRequest, StreamAdapter } = FIELD
const COLUMNS = 3
/** Memory beyond this is not kept for the next batch. */
const KEPT_BYTES_MAX = 8 * 1024 * 1024
const KNOWN_MAX = 10_000

/**
 * Gathers encoded entries by stream, whatever order they come in. A round begins with `begin` and
 * ends with `write`.
 */
export class Streams {
  /** Where entries are encoded, as fields of a stream. */
  arena = new Writer(64 * 1024)
  /** Of each run: its range in the arena, and the next of its stream. */
  #runs = new Int32Array(1024 * COLUMNS)
  #count = 0
  #items = 0
  #round = 0
  readonly #open: Stream[] = []
  readonly #known = new Map<string, Stream>()

  begin(): void {
    this.#round++
    this.#count = 0
    this.#items = 0
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

  /** By their labels in canonical form. */
  of(labels: string): Stream {
    let stream = this.#known.get(labels)
    if (!stream) {
      stream = { labels: Buffer.from(labels), round: 0, first: 0, last: 0, bytes: 0 }
      this.#known.set(labels, stream)
    }
    return stream
  }

  /** What has been written to the arena since `start` is an entry of the stream. */
  add(stream: Stream, start: number): void {
    const end = this.arena.pos
    this.#items++
    if (stream.round !== this.#round) {
      stream.round = this.#round
      stream.bytes = 0
      stream.first = this.#count
      this.#open.push(stream)
    } else if (this.#runs[stream.last * COLUMNS + 1] === start) {
      stream.bytes += end - start
      this.#runs[stream.last * COLUMNS + 1] = end
      return
    } else this.#runs[stream.last * COLUMNS + 2] = this.#count
    stream.bytes += end - start
    stream.last = this.#count
    const at = this.#count++ * COLUMNS
    if (at === this.#runs.length) this.#grow()
    const runs = this.#runs
    runs[at] = start
    runs[at + 1] = end
    runs[at + 2] = -1
  }

  write(from: Pick<Batch, 'client' | 'gathering'>): EntryBatch {
    const bodies = this.#open.map(({ labels, bytes }) => {
      return 1 + sizeOfVarint(labels.length) + labels.length + bytes
    })
    const size = bodies.reduce((sum, body) => sum + 1 + sizeOfVarint(body) + body, 0)
    const writer = new Writer(size + WRITER_MARGIN)
    const { bytes: arena } = this.arena
    for (const [n, { labels, first }] of this.#open.entries()) {
      writer.tag(PushRequest.streams, 2)
      writer.varint(bodies[n]!)
      writer.field(StreamAdapter.labels, labels)
      for (let run = first; run >= 0; run = this.#runs[run * COLUMNS + 2]!) {
        writer.raw(arena, this.#runs[run * COLUMNS]!, this.#runs[run * COLUMNS + 1]!)
      }
    }
    const chunks = size === 0 ? [] : [writer.written()]
    return new Batch('entries', chunks, this.#items, size, from.client, from.gathering)
  }

  #grow(): void {
    const grown = new Int32Array(this.#runs.length * 2)
    grown.set(this.#runs)
    this.#runs = grown
  }
}

/** A writer asks for this much before it writes a number. */
const WRITER_MARGIN = 10
