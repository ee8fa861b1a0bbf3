import { equalWords, viewOf } from '#wire'
import { GROWTH, SeriesBytes } from './series-bytes.js'

/** What is known of one series: where its bytes lie, and when it was last seen. */
const ROW = 6
const START = 0
const SIZE = 1
const KEY = 2
const HASH = 3
/** The scrape that had it last. */
const SEEN = 4
/** Its place in the order of the last whole scrape. */
const PLACE = 5

/** The key of series that are not lines, and so are never next. */
const APART = -1

/**
 * The series of one target, from scrape to scrape. A target writes the same series in the same
 * order nearly always, so a line is first compared with the one that was next in the scrape before;
 * only else is it looked up. Each series has a small number, its ref, which is given again to
 * another once the series is gone.
 *
 *     wake, begin, (peek, take | find)*, then finish or abandon, then rest
 *
 * Memory: the bytes of each series once, compressed while it rests, and about 40 bytes more.
 */
export class SeriesCache {
  readonly #texts = new SeriesBytes()
  #rows = new Int32Array(16 * ROW)
  #rowCount = 0
  readonly #free: number[] = []
  /** Open addressing: a ref and 1, or 0 where none is. */
  #table = new Int32Array(32)
  /** Refs of the last whole scrape, and of the one under way. */
  #order = new RefList()
  #next = new RefList()
  #scrape = 0
  #place = 0

  /** The buffer lines were last compared in, and a view of it. */
  #viewed: Buffer = this.#texts.bytes
  #view = this.#texts.view

  /** Of what was found last. */
  ref = -1
  isNew = false

  /** How many series there are. */
  get size(): number {
    return this.#rowCount - this.#free.length
  }

  /** Nothing else may be asked of it until it is awake again. */
  async rest(): Promise<void> {
    await this.#texts.rest()
    this.#viewOf(this.#texts.bytes)
  }

  wake(): Promise<void> {
    return this.#texts.wake()
  }

  begin(): void {
    this.#scrape = (this.#scrape + 1) | 0
    this.#place = 0
    this.#next.size = 0
  }

  /**
   * The size of the series that is next in order, if `bytes` at `pos` begin with it; else 0. `key`
   * as in `find`, never 0.
   */
  peek(bytes: Buffer, pos: number, end: number, key: number): number {
    for (; this.#place < this.#order.size; this.#place++) {
      const row = this.#order.refs[this.#place]! * ROW
      const known = this.#rows[row + KEY]!
      if (known === APART) continue
      const size = this.#rows[row + SIZE]!
      if (size >= end - pos || (known !== 0 && known !== key)) return 0
      const line = this.#viewOf(bytes)
      const place = this.#rows[row + START]!
      return equalWords(line, pos, pos + size, this.#texts.view, place) ? size : 0
    }
    return 0
  }

  /** The series that was peeked at is the one. */
  take(): void {
    this.#saw(this.#order.refs[this.#place++]!)
    this.isNew = false
  }

  /** As `find`, for a series that is made of several lines. */
  findApart(bytes: Buffer, start: number, end: number): void {
    this.find(bytes, start, end, APART)
  }

  /**
   * Looks a series up and adds it where it is new. Its labels follow from its bytes and `key`; 0
   * says that they follow from the bytes alone.
   */
  find(bytes: Buffer, start: number, end: number, key: number): void {
    const hash = hashOf(bytes, start, end, key)
    const size = end - start
    const mask = this.#table.length - 1
    const line = this.#viewOf(bytes)
    let slot = hash & mask
    for (; this.#table[slot] !== 0; slot = (slot + 1) & mask) {
      const ref = this.#table[slot]! - 1
      const row = ref * ROW
      if (this.#rows[row + HASH] !== hash || this.#rows[row + SIZE] !== size) continue
      if (this.#rows[row + KEY] !== key) continue
      if (!equalWords(line, start, end, this.#texts.view, this.#rows[row + START]!)) continue
      const place = this.#rows[row + PLACE]!
      if (key !== APART && place >= 0) this.#place = place + 1
      this.isNew = false
      this.#saw(ref)
      return
    }
    this.isNew = true
    this.#saw(this.#add(bytes, start, size, key, hash, slot))
  }

  /**
   * The scrape was whole. Tells the refs of the series that were there before and are not now; they
   * may be given again from the next scrape on. Lines that are parts of a converted histogram have
   * refs too, which no sink was told of.
   */
  finish(gone: (ref: number) => void): void {
    const before = this.#order
    this.#order = this.#next
    this.#next = before
    for (let n = 0; n < before.size; n++) this.#dropUnlessSeen(before.refs[n]!, gone)
    for (let n = this.#order.size - 1; n >= 0; n--) {
      this.#rows[this.#order.refs[n]! * ROW + PLACE] = n
    }
    if (this.#texts.isSparse) this.#compact()
    this.#viewOf(this.#texts.bytes)
  }

  /** The scrape was none: forgets what it had that was new, and tells the refs. */
  abandon(gone: (ref: number) => void): void {
    for (let n = 0; n < this.#next.size; n++) {
      const ref = this.#next.refs[n]!
      if (this.#rows[ref * ROW + SIZE]! >= 0 && this.#rows[ref * ROW + PLACE] === -1) {
        this.#drop(ref, gone)
      }
    }
    this.#next.size = 0
    this.#viewOf(this.#texts.bytes)
  }

  /** Lines lie in one buffer nearly always; after the scrape it is let go of. */
  #viewOf(bytes: Buffer): DataView {
    if (bytes !== this.#viewed) {
      this.#viewed = bytes
      this.#view = viewOf(bytes)
    }
    return this.#view
  }

  #saw(ref: number): void {
    this.ref = ref
    this.#rows[ref * ROW + SEEN] = this.#scrape
    this.#next.add(ref)
  }

  #add(bytes: Buffer, start: number, size: number, key: number, hash: number, slot: number) {
    const ref = this.#free.pop() ?? this.#rowCount++
    if (ref * ROW === this.#rows.length) {
      const rows = this.#rows
      this.#rows = new Int32Array(Math.ceil((rows.length / ROW) * GROWTH) * ROW)
      this.#rows.set(rows)
    }
    const row = ref * ROW
    this.#rows[row + START] = this.#texts.add(bytes, start, start + size)
    this.#rows[row + SIZE] = size
    this.#rows[row + KEY] = key
    this.#rows[row + HASH] = hash
    this.#rows[row + PLACE] = -1
    this.#table[slot] = ref + 1
    if (this.size * 2 > this.#table.length) this.#grow()
    return ref
  }

  #grow(): void {
    const before = this.#table
    this.#table = new Int32Array(before.length * 2)
    const mask = this.#table.length - 1
    for (const entry of before) {
      if (entry === 0) continue
      let slot = this.#rows[(entry - 1) * ROW + HASH]! & mask
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask
      this.#table[slot] = entry
    }
  }

  #dropUnlessSeen(ref: number, gone: (ref: number) => void): void {
    const row = ref * ROW
    const isThere = this.#rows[row + SIZE]! >= 0
    if (isThere && this.#rows[row + SEEN] !== this.#scrape) this.#drop(ref, gone)
  }

  #drop(ref: number, gone: (ref: number) => void): void {
    const row = ref * ROW
    this.#unlink(ref)
    this.#texts.drop(this.#rows[row + SIZE]!)
    this.#rows[row + SIZE] = -1
    this.#free.push(ref)
    gone(ref)
  }

  /** Takes a ref out of the table, and moves up those that stand behind it for want of its slot. */
  #unlink(ref: number): void {
    const mask = this.#table.length - 1
    let hole = this.#rows[ref * ROW + HASH]! & mask
    while (this.#table[hole] !== ref + 1) hole = (hole + 1) & mask
    for (let slot = (hole + 1) & mask; this.#table[slot] !== 0; slot = (slot + 1) & mask) {
      const home = this.#rows[(this.#table[slot]! - 1) * ROW + HASH]! & mask
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue
      this.#table[hole] = this.#table[slot]!
      hole = slot
    }
    this.#table[hole] = 0
  }

  #compact(): void {
    this.#texts.compact((copy) => {
      for (let row = 0; row < this.#rowCount * ROW; row += ROW) {
        const size = this.#rows[row + SIZE]!
        if (size >= 0) this.#rows[row + START] = copy(this.#rows[row + START]!, size)
      }
    })
  }
}

class RefList {
  refs = new Int32Array(16)
  size = 0

  add(ref: number): void {
    if (this.size === this.refs.length) {
      const refs = this.refs
      this.refs = new Int32Array(Math.ceil(refs.length * GROWTH))
      this.refs.set(refs)
    }
    this.refs[this.size++] = ref
  }
}

/** FNV-1a. */
function hashOf(bytes: Buffer, start: number, end: number, key: number): number {
  let hash = 0x811c9dc5 ^ key
  for (let pos = start; pos < end; pos++) hash = Math.imul(hash ^ bytes[pos]!, 0x01000193)
  return hash ^ (hash >>> 15)
}
