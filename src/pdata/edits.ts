import { copyBytes, Writer } from '#wire'
import type { EditSink } from './field-list.js'

/** An edit puts arena `[from, to)` in the place of chunk `[start, end)`. */
const EDIT = 4
const START = 0
const END = 1
const FROM = 2
const TO = 3

/** What is to change in one chunk. Kept from chunk to chunk, so that the memory is used again. */
export class Edits implements EditSink {
  /** New bytes. Only grows until the chunk is done. */
  readonly arena = new Writer(4096)
  #list = new Int32Array(64 * EDIT)
  count = 0
  /** Whether a message was removed in this chunk. */
  removed = false

  /** Bytes of memory that it keeps. */
  get capacity(): number {
    return this.arena.bytes.length + this.#list.byteLength
  }

  replace(start: number, end: number, from: number, to: number): void {
    const at = this.count * EDIT
    if (at === this.#list.length) {
      const list = new Int32Array(at * 2)
      list.set(this.#list)
      this.#list = list
    }
    const list = this.#list
    list[at + START] = start
    list[at + END] = end
    list[at + FROM] = from
    list[at + TO] = to
    this.count++
  }

  /** Takes a message out; what it held is to be counted again. */
  remove(start: number, end: number): void {
    this.replace(start, end, 0, 0)
    this.removed = true
  }

  /** Keeps a place in the order for a length that is known only behind what it encloses. */
  reserve(start: number): number {
    this.replace(start, start, 0, 0)
    return this.count - 1
  }

  /**
   * Fills a reserved place: a length in `[start, end)` becomes `size`. Says by how much it grows.
   */
  fillLength(slot: number, start: number, end: number, size: number): number {
    const from = this.arena.pos
    this.arena.varint(size)
    const at = slot * EDIT
    this.#list[at + START] = start
    this.#list[at + END] = end
    this.#list[at + FROM] = from
    this.#list[at + TO] = this.arena.pos
    return this.arena.pos - from - (end - start)
  }

  /** Forgets the reserved place and all since. */
  rollBack(slot: number): void {
    this.count = slot
  }

  /** The chunk with all edits; the very chunk when there are none. Then forgets them. */
  emit(chunk: Uint8Array): Uint8Array {
    const { count } = this
    this.count = 0
    this.removed = false
    if (count === 0) {
      this.arena.pos = 0
      return chunk
    }
    const list = this.#list
    this.#sort(count)
    let size = chunk.length
    for (let at = 0; at < count * EDIT; at += EDIT) {
      size += list[at + TO]! - list[at + FROM]! - (list[at + END]! - list[at + START]!)
    }
    // Not from the pool of small buffers: a queue may hold it for long.
    const out = Buffer.allocUnsafeSlow(size)
    const arena = this.arena.bytes
    const { buffer, byteOffset } = chunk
    let done = 0
    let pos = 0
    for (let at = 0; at < count * EDIT; at += EDIT) {
      const start = list[at + START]!
      // As `copyBytes`, but asks the chunk only once where it lies.
      if (start - done < 32) copyBytes(chunk, done, start, out, pos)
      else out.set(new Uint8Array(buffer, byteOffset + done, start - done), pos)
      pos += start - done
      const from = list[at + FROM]!
      const to = list[at + TO]!
      copyBytes(arena, from, to, out, pos)
      pos += to - from
      done = list[at + END]!
    }
    copyBytes(chunk, done, chunk.length, out, pos)
    this.arena.pos = 0
    return out
  }

  /**
   * Puts the edits in the order of their places, insertions before what they precede. Few come
   * late, those of headers, and each only behind what its own message holds: so they are moved
   * forward.
   */
  #sort(count: number): void {
    const list = this.#list
    const last = count * EDIT
    for (let at = EDIT; at < last; at += EDIT) {
      const start = list[at + START]!
      const end = list[at + END]!
      let to = at
      while (to > 0 && comesBefore(start, end, list[to - EDIT + START]!, list[to - EDIT + END]!)) {
        to -= EDIT
      }
      if (to === at) continue
      const from = list[at + FROM]!
      const until = list[at + TO]!
      list.copyWithin(to + EDIT, to, at)
      list[to + START] = start
      list[to + END] = end
      list[to + FROM] = from
      list[to + TO] = until
    }
  }
}

function comesBefore(start: number, end: number, otherStart: number, otherEnd: number): boolean {
  return start < otherStart || (start === otherStart && end < otherEnd)
}
