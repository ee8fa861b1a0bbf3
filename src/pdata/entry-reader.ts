import { asBuffer, endOfValue, endOfVarint, FIELD, readInt64, Writer } from '#wire'
import type { EntryBatch } from './batch.js'

const { PushRequest, StreamAdapter, EntryAdapter, Timestamp } = FIELD
const STREAM_TAG = (PushRequest.streams << 3) | 2
const LABELS_TAG = (StreamAdapter.labels << 3) | 2
const ENTRY_TAG = (StreamAdapter.entries << 3) | 2
const TIME_TAG = (EntryAdapter.timestamp << 3) | 2
const LINE_TAG = (EntryAdapter.line << 3) | 2
const METADATA_TAG = (EntryAdapter.structuredMetadata << 3) | 2
const SECONDS_TAG = Timestamp.seconds << 3
const NANOS_TAG = Timestamp.nanos << 3

/**
 * Walks over the streams of a batch and their entries, forwards, without an object for any:
 *
 *     const reader = new EntryReader(batch)
 *     while (reader.nextStream()) {
 *       // reader.labels
 *       while (reader.nextEntry()) ... reader.seconds, reader.nanos, reader.line
 *     }
 *
 * Positions are in `bytes`, and good until the next entry or stream.
 */
export class EntryReader {
  readonly #chunks: readonly Uint8Array[]
  #chunk = 0
  #pos = 0
  #streamEnd = 0
  #entry = 0
  /** The chunk that the stream lies in. */
  bytes: Buffer = NO_BYTES
  /** The text of the labels, which lies first in a stream. */
  labelsStart = 0
  labelsEnd = 0
  /** The entry's message. */
  entryStart = 0
  entryEnd = 0
  /** Its time since the epoch. */
  seconds = 0
  nanos = 0
  lineStart = 0
  lineEnd = 0
  /**
   * Encoded structured metadata lies in `[metadataStart, metadataEnd)` of these, which are `bytes`
   * but for entries that have it in pieces.
   */
  metadataBytes: Buffer = NO_BYTES
  metadataStart = 0
  metadataEnd = 0
  #scratch: Writer | undefined

  constructor({ chunks }: EntryBatch) {
    this.#chunks = chunks
  }

  /** False behind the last. */
  nextStream(): boolean {
    for (;;) {
      while (this.#pos >= this.bytes.length) {
        const chunk = this.#chunks[this.#chunk++]
        if (!chunk) return false
        this.bytes = asBuffer(chunk)
        this.#pos = 0
      }
      const { bytes } = this
      const start = this.#pos
      const value = endOfVarint(bytes, start)
      this.#pos = endOfValue(bytes, value, bytes[start]! & 7)
      if (bytes[start] !== STREAM_TAG) continue
      this.#enter(endOfVarint(bytes, value), this.#pos)
      return true
    }
  }

  #enter(start: number, end: number): void {
    const { bytes } = this
    this.#streamEnd = end
    this.#entry = start
    this.labelsStart = this.labelsEnd = start
    if (start === end || bytes[start] !== LABELS_TAG) return
    this.labelsStart = endOfVarint(bytes, start + 1)
    this.labelsEnd = this.#entry = endOfValue(bytes, start + 1, 2)
  }

  /** The next entry of the stream; false behind its last. */
  nextEntry(): boolean {
    const { bytes } = this
    while (this.#entry < this.#streamEnd) {
      const start = this.#entry
      const value = endOfVarint(bytes, start)
      const end = endOfValue(bytes, value, bytes[start]! & 7)
      this.#entry = end
      if (bytes[start] !== ENTRY_TAG) continue
      this.entryStart = endOfVarint(bytes, value)
      this.entryEnd = end
      this.#readEntry()
      return true
    }
    return false
  }

  #readEntry(): void {
    const { bytes, entryStart, entryEnd } = this
    this.seconds = this.nanos = 0
    this.lineStart = this.lineEnd = entryStart
    this.metadataBytes = bytes
    this.metadataStart = this.metadataEnd = entryStart
    let metadataSize = 0
    for (let pos = entryStart; pos < entryEnd; ) {
      const tag = bytes[pos]!
      const value = endOfVarint(bytes, pos)
      const end = endOfValue(bytes, value, tag & 7)
      if (tag === LINE_TAG) {
        this.lineStart = endOfVarint(bytes, value)
        this.lineEnd = end
      } else if (tag === TIME_TAG) this.#readTime(endOfVarint(bytes, value), end)
      else if (tag === METADATA_TAG) {
        if (metadataSize === 0) this.metadataStart = pos
        metadataSize += end - pos
        this.metadataEnd = end
      }
      pos = end
    }
    if (this.metadataEnd - this.metadataStart > metadataSize) this.#joinMetadata()
  }

  #readTime(start: number, end: number): void {
    const { bytes } = this
    for (let pos = start; pos < end; ) {
      const tag = bytes[pos]!
      const value = endOfVarint(bytes, pos)
      if (tag === SECONDS_TAG) this.seconds = readInt64(bytes, value)
      else if (tag === NANOS_TAG) this.nanos = readInt64(bytes, value)
      pos = endOfValue(bytes, value, tag & 7)
    }
  }

  /** Something else lies between its fields. */
  #joinMetadata(): void {
    const { bytes, metadataStart, metadataEnd } = this
    this.#scratch ??= new Writer(256)
    const scratch = this.#scratch
    scratch.pos = 0
    for (let pos = metadataStart; pos < metadataEnd; ) {
      const end = endOfValue(bytes, endOfVarint(bytes, pos), bytes[pos]! & 7)
      if (bytes[pos] === METADATA_TAG) scratch.raw(bytes, pos, end)
      pos = end
    }
    this.metadataBytes = scratch.bytes
    this.metadataStart = 0
    this.metadataEnd = scratch.pos
  }

  /** As Loki writes them: `{job="a", level="info"}`. */
  get labels(): string {
    return this.bytes.toString('utf8', this.labelsStart, this.labelsEnd)
  }

  get line(): string {
    return this.bytes.toString('utf8', this.lineStart, this.lineEnd)
  }
}

const NO_BYTES = Buffer.alloc(0)
