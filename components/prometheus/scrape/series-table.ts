import { GROWTH, SeriesBytes } from './exposition/series-bytes.js'

/** Where the label bytes of a series lie, their hash, and how many refs lead to it. */
const ROW = 5
const START = 0
const SIZE = 1
const HASH = 2
const USES = 3
/** The scrape that had it last. */
const SEEN = 4

const NONE = -1
/** Of the staleness of a series: the last good scrape had it, and the one under way has it. */
const HAD = 1
const HAS = 2

/**
 * The label bytes of what a target's series become, from scrape to scrape, each set once: a series
 * has a row, found by the ref that its `SeriesCache` gave it. Texts that are written differently
 * and come to the same labels share a row. Rows know which series are there, so that one that is
 * not there any more can be marked stale.
 */
export class SeriesTable {
  readonly #labels = new SeriesBytes()
  #rows = new Int32Array(16 * ROW)
  #presence = new Uint8Array(16)
  #rowCount = 0
  readonly #free: number[] = []
  /** Heads of chains by hash; chains go on in `#after`. */
  #slots = new Int32Array(32).fill(NONE)
  #after = new Int32Array(16)
  #rowOfRef = new Int32Array(16).fill(NONE)
  #scrape = 0

  /** What rows lie in, until the next one is added or forgotten. */
  get bytes(): Buffer {
    return this.#labels.bytes
  }

  /** How many rows there are. */
  get size(): number {
    return this.#rowCount - this.#free.length
  }

  startOf(row: number): number {
    return this.#rows[row * ROW + START]!
  }

  endOf(row: number): number {
    return this.#rows[row * ROW + START]! + this.#rows[row * ROW + SIZE]!
  }

  /** Nothing else may be asked of it until it is awake again. */
  rest(): Promise<void> {
    return this.#labels.rest()
  }

  wake(): Promise<void> {
    return this.#labels.wake()
  }

  begin(): void {
    this.#scrape = (this.#scrape + 1) | 0
  }

  /** -1 for a ref that was never added, or was forgotten. */
  rowOf(ref: number): number {
    return ref < this.#rowOfRef.length ? this.#rowOfRef[ref]! : NONE
  }

  /** The ref leads to the row with these label bytes, which is made where there is none. */
  add(ref: number, labels: Uint8Array): number {
    const row = this.keep(labels)
    if (ref >= this.#rowOfRef.length) {
      const size = Math.max(ref + 1, Math.ceil(this.#rowOfRef.length * GROWTH))
      const longer = new Int32Array(size).fill(NONE)
      longer.set(this.#rowOfRef)
      this.#rowOfRef = longer
    }
    this.#rowOfRef[ref] = row
    return row
  }

  /** The row with these label bytes, for as long as the table is there. */
  keep(labels: Uint8Array): number {
    const hash = hashOf(labels)
    let row = this.#slots[hash & (this.#slots.length - 1)]!
    while (row !== NONE && !this.#isSame(row, hash, labels)) row = this.#after[row]!
    if (row === NONE) row = this.#make(labels, hash)
    this.#rows[row * ROW + USES]!++
    return row
  }

  /** Does nothing for a ref that was never added. */
  forget(ref: number): void {
    const row = this.rowOf(ref)
    if (row === NONE) return
    this.#rowOfRef[ref] = NONE
    if (--this.#rows[row * ROW + USES]! === 0) this.#remove(row)
  }

  /** Whether it is the first of its row in this scrape. */
  see(row: number): boolean {
    const at = row * ROW + SEEN
    const isFirst = this.#rows[at] !== this.#scrape
    this.#rows[at] = this.#scrape
    return isFirst
  }

  /** Once a scrape no longer has the series, it is stale. */
  track(row: number): void {
    this.#presence[row]! |= HAS
  }

  /** The scrape was good: tells the rows that the one before had tracked and this one has not. */
  commit(stale: (row: number) => void): void {
    const presence = this.#presence
    for (let row = 0; row < this.#rowCount; row++) {
      const is = presence[row]!
      if (is === HAD) stale(row)
      presence[row] = is & HAS ? HAD : 0
    }
  }

  /** There was no good scrape: all that was tracked is stale. */
  abandon(stale: (row: number) => void): void {
    const presence = this.#presence
    for (let row = 0; row < this.#rowCount; row++) {
      if (presence[row]! & HAD) stale(row)
      presence[row] = 0
    }
  }

  #make(labels: Uint8Array, hash: number): number {
    if (this.#labels.isSparse) this.#compact()
    const row = this.#free.pop() ?? this.#rowCount++
    if (row === this.#presence.length) this.#grow()
    const at = row * ROW
    this.#rows[at + START] = this.#labels.add(labels, 0, labels.length)
    this.#rows[at + SIZE] = labels.length
    this.#rows[at + HASH] = hash
    this.#rows[at + USES] = 0
    this.#rows[at + SEEN] = this.#scrape - 1
    this.#presence[row] = 0
    this.#chain(row)
    return row
  }

  #remove(row: number): void {
    const at = row * ROW
    const slot = this.#rows[at + HASH]! & (this.#slots.length - 1)
    if (this.#slots[slot] === row) {
      this.#slots[slot] = this.#after[row]!
    } else {
      let before = this.#slots[slot]!
      while (this.#after[before] !== row) before = this.#after[before]!
      this.#after[before] = this.#after[row]!
    }
    this.#labels.drop(this.#rows[at + SIZE]!)
    this.#rows[at + SIZE] = 0
    this.#presence[row] = 0
    this.#free.push(row)
  }

  #chain(row: number): void {
    const slot = this.#rows[row * ROW + HASH]! & (this.#slots.length - 1)
    this.#after[row] = this.#slots[slot]!
    this.#slots[slot] = row
  }

  /** Only when all rows are in use but the one that is to be made. */
  #grow(): void {
    const capacity = Math.ceil(this.#presence.length * GROWTH)
    this.#rows = longer(this.#rows, capacity * ROW)
    this.#after = longer(this.#after, capacity)
    const presence = new Uint8Array(capacity)
    presence.set(this.#presence)
    this.#presence = presence
    if (capacity <= this.#slots.length) return
    this.#slots = new Int32Array(this.#slots.length * 2).fill(NONE)
    for (let row = 0; row < this.#rowCount - 1; row++) this.#chain(row)
  }

  #compact(): void {
    this.#labels.compact((copy) => {
      for (let at = 0; at < this.#rowCount * ROW; at += ROW) {
        this.#rows[at + START] = copy(this.#rows[at + START]!, this.#rows[at + SIZE]!)
      }
    })
  }

  #isSame(row: number, hash: number, labels: Uint8Array): boolean {
    const at = row * ROW
    if (this.#rows[at + HASH] !== hash || this.#rows[at + SIZE] !== labels.length) return false
    const start = this.#rows[at + START]!
    return this.#labels.bytes.compare(labels, 0, labels.length, start, start + labels.length) === 0
  }
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
  return hash ^ (hash >>> 15)
}

function longer(list: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(length)
  copy.set(list)
  return copy
}
