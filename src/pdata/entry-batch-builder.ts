import { FIELD, Writer } from '#wire'
import { Batch, type ClientInfo, type EntryBatch } from './batch.js'

const { PushRequest, StreamAdapter, EntryAdapter, Timestamp } = FIELD
const NO_BYTES = Buffer.alloc(0)
/** Most streams of a batch, and most entries, are longer than 127 bytes and shorter than 16 KiB. */
const LENGTH_BYTES = 2

/**
 * Writes log lines as a batch, without an object for any.
 *
 *     builder.beginStream('{job="shop"}')
 *     builder.entry(seconds, nanos, line)
 *     builder.endStream()
 *     const batch = builder.take()
 */
export class EntryBatchBuilder {
  readonly #writer: Writer
  #items = 0
  #start = 0
  #body = 0
  #entries = 0

  /** `capacity` in bytes is a first guess. */
  constructor(capacity = 4096) {
    this.#writer = new Writer(capacity)
  }

  /** Lines so far. */
  get items(): number {
    return this.#items
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#writer.pos
  }

  /** `labels` as Loki writes them: `{job="a", level="info"}`. */
  beginStream(labels: string | Uint8Array): void {
    const writer = this.#writer
    this.#start = writer.pos
    this.#body = writer.begin(PushRequest.streams, LENGTH_BYTES)
    if (typeof labels === 'string') writer.string(StreamAdapter.labels, labels)
    else writer.field(StreamAdapter.labels, labels)
    this.#entries = this.#items
  }

  /**
   * A line, in UTF-8 where it is bytes, at a time since the epoch; `nanos` from 0 to 999,999,999.
   * `metadata` is encoded structured metadata (`encodeStructuredMetadata`).
   */
  entry(
    seconds: number,
    nanos: number,
    line: string | Uint8Array,
    metadata: Uint8Array = NO_BYTES,
    metadataStart = 0,
    metadataEnd = metadata.length,
  ): void {
    const writer = this.#writer
    const body = writer.begin(StreamAdapter.entries, LENGTH_BYTES)
    const time = writer.begin(EntryAdapter.timestamp)
    if (seconds !== 0) {
      writer.tag(Timestamp.seconds, 0)
      writer.int64(seconds)
    }
    if (nanos !== 0) {
      writer.tag(Timestamp.nanos, 0)
      writer.varint(nanos)
    }
    writer.end(time)
    if (typeof line === 'string') writer.string(EntryAdapter.line, line)
    else writer.field(EntryAdapter.line, line)
    writer.raw(metadata, metadataStart, metadataEnd)
    writer.end(body, LENGTH_BYTES)
    this.#items++
  }

  /** An encoded entry as it is. */
  copy(bytes: Uint8Array, start: number, end: number): void {
    this.#writer.field(StreamAdapter.entries, bytes, start, end)
    this.#items++
  }

  /** Drops a stream without an entry. */
  endStream(): void {
    if (this.#items === this.#entries) this.#writer.pos = this.#start
    else this.#writer.end(this.#body, LENGTH_BYTES)
  }

  /** The batch, in memory of its own; then begins anew. Not within a stream. */
  take(client?: ClientInfo): EntryBatch {
    const items = this.#items
    const bytes = this.#writer.copy()
    this.#writer.pos = 0
    this.#items = 0
    return new Batch('entries', bytes.length === 0 ? [] : [bytes], items, bytes.length, client)
  }
}
