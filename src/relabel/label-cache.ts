/** Results by label bytes, the least recently used of them forgotten when there is no more room. */

const NONE = -1

/** Room is made as it is needed. */
const ENTRIES_AT_FIRST = 256
/** Slots of the table for each entry, at least: chains stay short. */
const SLOTS_PER_ENTRY = 2

/**
 * A bounded cache whose keys are ranges of bytes: no text is made to look something up. Entries
 * have numbers; what belongs to one is at its number in each list, so that nothing is allocated
 * but the bytes of new keys.
 *
 *   slots   hash -> first entry of a chain; the chain goes on in `#after`
 *   use     a ring of entries by `#newer` and `#older`, from the newest to the oldest
 */
export class LabelCache<T> {
  readonly #entriesMax: number
  readonly #seed: number
  #slots = new Int32Array(0)
  #hashes = new Int32Array(0)
  #after = new Int32Array(0)
  #newer = new Int32Array(0)
  #older = new Int32Array(0)
  readonly #keys: Uint8Array[] = []
  readonly #results: (T | undefined)[] = []
  #newest = NONE
  #oldest = NONE
  /** Entries that were deleted, a chain in `#after`. */
  #free = NONE
  #size = 0

  /**
   * `seed` is anything by chance, so that nobody outside can choose labels that meet in one slot.
   */
  constructor(entriesMax: number, seed: number) {
    this.#entriesMax = entriesMax
    this.#seed = seed | 0
    this.#grow(Math.min(entriesMax, ENTRIES_AT_FIRST))
  }

  get size(): number {
    return this.#size
  }

  /** Undefined where there is none; it is the newest then. */
  get(bytes: Uint8Array, start: number, end: number): T | undefined {
    const entry = this.#find(bytes, start, end, this.#hash(bytes, start, end))
    if (entry === NONE) return undefined
    this.#touch(entry)
    return this.#results[entry]
  }

  /** Keeps a copy of the bytes. */
  set(bytes: Uint8Array, start: number, end: number, result: T): void {
    if (this.#entriesMax === 0) return
    const hash = this.#hash(bytes, start, end)
    const known = this.#find(bytes, start, end, hash)
    if (known !== NONE) {
      this.#results[known] = result
      this.#touch(known)
      return
    }
    if (this.#size === this.#entriesMax) this.#remove(this.#oldest)
    const capacity = this.#hashes.length
    if (this.#size === capacity) this.#grow(Math.min(this.#entriesMax, 2 * capacity))
    const entry = this.#take()
    this.#hashes[entry] = hash
    this.#keys[entry] = new Uint8Array(bytes.subarray(start, end))
    this.#results[entry] = result
    this.#chain(entry)
    this.#size++
    this.#link(entry)
  }

  delete(bytes: Uint8Array, start: number, end: number): void {
    const entry = this.#find(bytes, start, end, this.#hash(bytes, start, end))
    if (entry !== NONE) this.#remove(entry)
  }

  /** Murmur3's rounds, four bytes at a time. */
  #hash(bytes: Uint8Array, start: number, end: number): number {
    let hash = this.#seed
    let at = start
    for (; at + 4 <= end; at += 4) {
      const word =
        bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
      hash = round(hash, word)
    }
    let rest = 0
    for (let shift = 0; at < end; at++, shift += 8) rest |= bytes[at]! << shift
    hash = round(hash, rest) ^ (end - start)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return hash ^ (hash >>> 16)
  }

  #find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    let entry = this.#slots[hash & (this.#slots.length - 1)]!
    while (entry !== NONE) {
      if (this.#hashes[entry] === hash && isSame(this.#keys[entry]!, bytes, start, end)) break
      entry = this.#after[entry]!
    }
    return entry
  }

  /** Only when all entries are in use. */
  #grow(entries: number): void {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(entries, 1) * SLOTS_PER_ENTRY))
    this.#slots = new Int32Array(slots).fill(NONE)
    this.#hashes = enlarged(this.#hashes, entries)
    this.#after = enlarged(this.#after, entries)
    this.#newer = enlarged(this.#newer, entries)
    this.#older = enlarged(this.#older, entries)
    for (let entry = 0; entry < this.#size; entry++) this.#chain(entry)
  }

  #chain(entry: number): void {
    const slot = this.#hashes[entry]! & (this.#slots.length - 1)
    this.#after[entry] = this.#slots[slot]!
    this.#slots[slot] = entry
  }

  #take(): number {
    const entry = this.#free
    if (entry === NONE) return this.#size
    this.#free = this.#after[entry]!
    return entry
  }

  #remove(entry: number): void {
    const slot = this.#hashes[entry]! & (this.#slots.length - 1)
    if (this.#slots[slot] === entry) {
      this.#slots[slot] = this.#after[entry]!
    } else {
      let before = this.#slots[slot]!
      while (this.#after[before] !== entry) before = this.#after[before]!
      this.#after[before] = this.#after[entry]!
    }
    this.#unlink(entry)
    this.#keys[entry] = NO_BYTES
    this.#results[entry] = undefined
    this.#after[entry] = this.#free
    this.#free = entry
    this.#size--
  }

  #touch(entry: number): void {
    if (this.#newest === entry) return
    this.#unlink(entry)
    this.#link(entry)
  }

  /** As the newest. */
  #link(entry: number): void {
    this.#newer[entry] = NONE
    this.#older[entry] = this.#newest
    if (this.#newest === NONE) this.#oldest = entry
    else this.#newer[this.#newest] = entry
    this.#newest = entry
  }

  #unlink(entry: number): void {
    const newer = this.#newer[entry]!
    const older = this.#older[entry]!
    if (newer === NONE) this.#newest = older
    else this.#older[newer] = older
    if (older === NONE) this.#oldest = newer
    else this.#newer[older] = newer
  }
}

const NO_BYTES = new Uint8Array(0)

function enlarged(list: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length)
  larger.set(list)
  return larger
}

function round(hash: number, word: number): number {
  let mixed = Math.imul(word, 0xcc9e2d51)
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
  const turned = hash ^ mixed
  return (Math.imul((turned << 13) | (turned >>> 19), 5) + 0xe6546b64) | 0
}

function isSame(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false
  for (let at = 0; at < key.length; at++) if (key[at] !== bytes[start + at]) return false
  return true
}
