const FIRST_CAPACITY = 256
const ENTRY_BYTES = 8

/** Where each record of a segment begins and how many items it has: two numbers a record. */
export class RecordIndex {
  /** Begin, items, begin, items, ... */
  #entries: Uint32Array
  #count: number
  /** Where the last record ends. */
  end: number

  constructor(end: number, entries = new Uint32Array(FIRST_CAPACITY * 2), count = 0) {
    this.end = end
    this.#entries = entries
    this.#count = count
  }

  get count(): number {
    return this.#count
  }

  /** A record that begins where the one before ends. */
  push(bytes: number, items: number): void {
    const at = this.#count * 2
    if (at === this.#entries.length) {
      const larger = new Uint32Array(Math.max(FIRST_CAPACITY, at) * 2)
      larger.set(this.#entries)
      this.#entries = larger
    }
    this.#entries[at] = this.end
    this.#entries[at + 1] = items
    this.#count++
    this.end += bytes
  }

  /** Adds what is missing of `count` records that end at `end`; nobody can read those. */
  fill(count: number, end: number): void {
    while (this.#count < count) this.push(end - this.end, 0)
  }

  addItems(record: number, items: number): void {
    this.#entries[record * 2 + 1]! += items
  }

  /** From the start of the file. */
  offset(record: number): number {
    return record === this.#count ? this.end : this.#entries[record * 2]!
  }

  items(record: number): number {
    return this.#entries[record * 2 + 1]!
  }

  /** With the header. */
  bytes(record: number): number {
    return this.offset(record + 1) - this.offset(record)
  }

  /** The record that begins there. */
  recordAt(offset: number): number | undefined {
    let low = 0
    let high = this.#count - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const begin = this.offset(middle)
      if (begin === offset) return middle
      if (begin < offset) low = middle + 1
      else high = middle - 1
    }
    return undefined
  }

  encode(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#count * ENTRY_BYTES)
    for (let n = 0; n < this.#count * 2; n++) bytes.writeUInt32LE(this.#entries[n]!, n * 4)
    return bytes
  }

  static decode(bytes: Buffer, end: number): RecordIndex {
    const entries = new Uint32Array(bytes.length / 4)
    for (let n = 0; n < entries.length; n++) entries[n] = bytes.readUInt32LE(n * 4)
    return new RecordIndex(end, entries, bytes.length / ENTRY_BYTES)
  }
}
