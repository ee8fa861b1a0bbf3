import { Batch, type EntryBatch } from '#pdata'
import { FIELD, sizeOfVarint, Writer } from '#wire'

/** Of one set of labels. Lasts; its entries are those of one round. */
export interface Stream {
  readonly labels: Buffer
  round: number
  /** Where entries are encoded, as fields of a stream. */
  entries: Writer
  /** Of `PlainRecords`; it may be another stream's by now. */
  slot: number
}

const { PushRequest, StreamAdapter } = FIELD
/** What a stream has for its first entries. */
const ENTRIES_BYTES = 1024
/** Memory beyond this is not kept for the next batch. */
const KEPT_BYTES_MAX = 8 * 1024 * 1024
const KNOWN_MAX = 10_000
/**
 * Streams share chunks up to this. Larger memory comes from the system each time, page by page,
 * which costs more than to fill it (chunks of 4 MB: 1.2x the time of a record).
 */
const CHUNK_BYTES = 96 * 1024
const NO_ENTRIES = new Writer(0)

/**
 * Gathers encoded entries by stream, whatever order they come in. A round begins with `begin` and
 * ends with `write`.
 */
export class Streams {
  #items = 0
  #round = 0
  readonly #open: Stream[] = []
  readonly #known = new Map<string, Stream>()
  /** Memory of rounds before. */
  readonly #spare: Writer[] = []
  #spareBytes = 0

  begin(): void {
    this.#round++
    this.#items = 0
    this.#open.length = 0
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
      stream = { labels: Buffer.from(labels), round: 0, entries: NO_ENTRIES, slot: 0 }
      this.#known.set(labels, stream)
    }
    return stream
  }

  /** Where one more entry of the stream is to be written. */
  next(stream: Stream): Writer {
    this.#items++
    return this.open(stream)
  }

  /** So many entries were written, where `open` said. */
  count(items: number): void {
    this.#items += items
  }

  /** Where entries of the stream are to be written. */
  open(stream: Stream): Writer {
    if (stream.round !== this.#round) {
      stream.round = this.#round
      stream.entries = this.#writer()
      this.#open.push(stream)
    }
    return stream.entries
  }

  write(from: Pick<Batch, 'client' | 'gathering'>): EntryBatch {
    const open = this.#open
    const chunks: Buffer[] = []
    let bytes = 0
    for (let first = 0, n = 0, size = 0; n < open.length; n++) {
      size += sizeOf(open[n]!)
      const next = open[n + 1]
      if (next && size + sizeOf(next) <= CHUNK_BYTES) continue
      chunks.push(this.#chunk(open.slice(first, n + 1), size))
      bytes += size
      first = n + 1
      size = 0
    }
    return new Batch('entries', chunks, this.#items, bytes, from.client, from.gathering)
  }

  /** Of streams that take `size` bytes. */
  #chunk(streams: readonly Stream[], size: number): Buffer {
    const writer = new Writer(size + WRITER_MARGIN)
    for (const stream of streams) {
      const { labels, entries } = stream
      writer.tag(PushRequest.streams, 2)
      writer.varint(sizeOfBody(stream))
      writer.field(StreamAdapter.labels, labels)
      writer.raw(entries.bytes, 0, entries.pos)
      stream.entries = NO_ENTRIES
      this.#keep(entries)
    }
    return writer.written()
  }

  #writer(): Writer {
    const writer = this.#spare.pop()
    if (!writer) return new Writer(ENTRIES_BYTES)
    this.#spareBytes -= writer.bytes.length
    writer.pos = 0
    return writer
  }

  #keep(writer: Writer): void {
    const { length } = writer.bytes
    if (this.#spareBytes + length > KEPT_BYTES_MAX) return
    this.#spareBytes += length
    this.#spare.push(writer)
  }
}

function sizeOf(stream: Stream): number {
  const body = sizeOfBody(stream)
  return 1 + sizeOfVarint(body) + body
}

function sizeOfBody({ labels, entries }: Stream): number {
  return 1 + sizeOfVarint(labels.length) + labels.length + entries.pos
}

/** A writer asks for this much before it writes a number. */
const WRITER_MARGIN = 10
