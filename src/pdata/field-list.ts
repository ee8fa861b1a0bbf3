import { copyBytes, endOfValue, endOfVarint, FIELD, FieldReader, type Writer } from '#wire'

/** What nearly every KeyValue begins with. */
const KEY_TAG = (FIELD.KeyValue.key << 3) | 2

/** Takes what changed, in the order it is found. */
export interface EditSink {
  /** Puts arena `[from, to)` in the place of `[start, end)`. */
  replace(start: number, end: number, from: number, to: number): void
}

/** A row for each field: number, its place (tag, value, end), and what replaces it: see below. */
const ROW = 7
const NUMBER = 0
const START = 1
const VALUE = 2
const END = 3
/** In the arena, the tag too; -1 while the field is as it came, equal to TO once it is removed. */
const FROM = 4
const TO = 5
const NEW_VALUE = 6

/**
 * The fields of one message where they lie, and their replacements in an arena that only grows. New
 * fields have an empty place: behind the last of their number, or else at the front of the message,
 * where no edit of an inner message can come between.
 */
export class FieldList {
  readonly arena: Writer
  #source: Buffer
  #body = 0
  #rows = new Int32Array(32 * ROW)
  #reader: FieldReader
  count = 0
  /** Another number after each change: what was found in the rows before may not hold. */
  version = 0

  constructor(arena: Writer) {
    this.arena = arena
    this.#source = arena.bytes
    this.#reader = new FieldReader(this.#source, 0, 0)
  }

  load(source: Buffer, start: number, end: number): void {
    this.#source = source
    this.#body = start
    this.count = 0
    this.version++
    let pos = start
    while (pos < end) {
      const tag = source[pos]!
      let value = pos + 1
      if (tag > 127) {
        pos = this.#loadOne(pos, end)
        continue
      }
      const size = source[value]!
      let next: number
      if ((tag & 7) === 2 && size < 128) next = ++value + size
      else {
        next = endOfValue(source, value, tag & 7)
        if ((tag & 7) === 2) value = endOfVarint(source, value)
      }
      this.#add(tag >> 3, pos, value, next)
      pos = next
    }
  }

  /** A field with a number above 15. */
  #loadOne(start: number, end: number): number {
    const reader = this.#reader
    reader.reset(this.#source, start, end)
    reader.next()
    this.#add(reader.number, start, reader.value, reader.end)
    return reader.end
  }

  #add(number: number, start: number, value: number, end: number): number {
    const at = this.count * ROW
    if (at === this.#rows.length) {
      const rows = new Int32Array(at * 2)
      rows.set(this.#rows)
      this.#rows = rows
    }
    const rows = this.#rows
    rows[at + NUMBER] = number
    rows[at + START] = start
    rows[at + VALUE] = value
    rows[at + END] = end
    rows[at + FROM] = -1
    return this.count++
  }

  number(row: number): number {
    return this.#rows[row * ROW + NUMBER]!
  }

  isRemoved(row: number): boolean {
    const at = row * ROW
    return this.#rows[at + FROM]! >= 0 && this.#rows[at + FROM] === this.#rows[at + TO]
  }

  /** As it came, so that it may be walked and edited in place. */
  isUntouched(row: number): boolean {
    return this.#rows[row * ROW + FROM] === -1
  }

  /** Where `value` and `end` point. Good until the arena is next written to. */
  bytes(row: number): Buffer {
    return this.#rows[row * ROW + FROM] === -1 ? this.#source : this.arena.bytes
  }

  start(row: number): number {
    return this.#rows[row * ROW + START]!
  }

  value(row: number): number {
    const at = row * ROW
    return this.#rows[at + FROM] === -1 ? this.#rows[at + VALUE]! : this.#rows[at + NEW_VALUE]!
  }

  end(row: number): number {
    const at = row * ROW
    return this.#rows[at + FROM] === -1 ? this.#rows[at + END]! : this.#rows[at + TO]!
  }

  /** The row that counts of a field that should occur once; -1 without one. */
  last(number: number): number {
    for (let row = this.count - 1; row >= 0; row--) {
      if (this.#rows[row * ROW + NUMBER] === number && !this.isRemoved(row)) return row
    }
    return -1
  }

  /**
   * The first row from `row` on of a field of KeyValues that may have this key; -1 without one.
   * Most others are told apart by the length and the last byte of their key (bench/wire: 3x).
   */
  keyed(number: number, key: Uint8Array, row: number): number {
    const rows = this.#rows
    const source = this.#source
    const arena = this.arena.bytes
    const { length } = key
    const last = key[length - 1]
    const end = this.count * ROW
    for (let at = row * ROW; at < end; at += ROW) {
      if (rows[at + NUMBER] !== number) continue
      const from = rows[at + FROM]!
      if (from >= 0 && from === rows[at + TO]) continue
      const bytes = from < 0 ? source : arena
      const value = from < 0 ? rows[at + VALUE]! : rows[at + NEW_VALUE]!
      const size = bytes[value + 1]!
      // Without a key there may be no bytes either.
      const isPlain = bytes[value] === KEY_TAG && size < 128 && length > 0
      if (isPlain && (size !== length || bytes[value + 1 + size] !== last)) continue
      return at / ROW
    }
    return -1
  }

  /**
   * Replaces a field by the one written to the arena from `from` on, whose value begins at `value`.
   */
  replace(row: number, from: number, value: number): void {
    const at = row * ROW
    this.#rows[at + FROM] = from
    this.#rows[at + TO] = this.arena.pos
    this.#rows[at + NEW_VALUE] = value
    this.version++
  }

  remove(row: number): void {
    const at = row * ROW
    this.#rows[at + FROM] = 0
    this.#rows[at + TO] = 0
    this.version++
  }

  /** Adds the field written to the arena from `from` on. */
  insert(number: number, from: number, value: number): void {
    let place = this.#body
    for (let row = 0; row < this.count; row++) {
      if (this.#rows[row * ROW + NUMBER] === number) place = this.#rows[row * ROW + END]!
    }
    this.replace(this.#add(number, place, place, place), from, value)
  }

  /** Hands the changes to `sink` and says by how many bytes the message grows. */
  report(sink: EditSink): number {
    let growth = 0
    for (let at = 0; at < this.count * ROW; at += ROW) {
      const from = this.#rows[at + FROM]!
      if (from === -1) continue
      const start = this.#rows[at + START]!
      const end = this.#rows[at + END]!
      const to = this.#rows[at + TO]!
      sink.replace(start, end, from, to)
      growth += to - from - (end - start)
    }
    return growth
  }

  /** The message's size with the changes. */
  size(): number {
    let size = 0
    for (let at = 0; at < this.count * ROW; at += ROW) {
      const touched = this.#rows[at + FROM] !== -1
      size += touched
        ? this.#rows[at + TO]! - this.#rows[at + FROM]!
        : this.#rows[at + END]! - this.#rows[at + START]!
    }
    return size
  }

  /** Appends the whole message, with the changes, to the arena. */
  writeOut(): void {
    const { arena } = this
    arena.reserve(this.size())
    for (let at = 0; at < this.count * ROW; at += ROW) {
      const touched = this.#rows[at + FROM] !== -1
      const start = this.#rows[at + (touched ? FROM : START)]!
      const end = this.#rows[at + (touched ? TO : END)]!
      copyBytes(touched ? arena.bytes : this.#source, start, end, arena.bytes, arena.pos)
      arena.pos += end - start
    }
  }
}
