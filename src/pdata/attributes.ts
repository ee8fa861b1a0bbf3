import { FIELD, FieldReader } from '#wire'
import type { FieldList } from './field-list.js'
import { writeKeyHash, writeKeyText, writeKeyValue } from './key-value.js'
import { equalBytes, ValueView } from './value.js'

const { KeyValue } = FIELD

/** A key as it is looked for: its UTF-8. Made once, used for every item. */
export function attributeKey(key: string): Uint8Array {
  return Buffer.from(key)
}

/**
 * The attributes of one message. Keys should occur once; where one repeats, reading takes the first
 * (as the Collector does), setting leaves one and deleting leaves none: a value that was to go is
 * gone.
 */
export class Attributes {
  readonly #fields: FieldList
  readonly #number: number
  readonly #touch: () => void
  readonly #view = new ValueView()
  readonly #reader: FieldReader
  /** Of the row that `#locate` looked at last: its key and value, as ranges of `#bytes`. */
  #bytes: Buffer = Buffer.alloc(0)
  #key = 0
  #keyEnd = 0
  #value = 0
  #valueEnd = 0
  /**
   * What `#find` found last, for the edit that follows a look: key, row and version of the rows.
   */
  #foundKey: Uint8Array | undefined
  #foundRow = -1
  #foundVersion = -1

  constructor(fields: FieldList, number: number, touch: () => void) {
    this.#fields = fields
    this.#number = number
    this.#touch = touch
    this.#reader = new FieldReader(this.#bytes, 0, 0)
  }

  /** The first value under a key; good until the next call on these attributes. */
  get(key: Uint8Array): ValueView | undefined {
    const row = this.#find(key, 0)
    return row < 0 ? undefined : this.#viewed()
  }

  has(key: Uint8Array): boolean {
    return this.#find(key, 0) >= 0
  }

  get size(): number {
    let size = 0
    for (let row = 0; row < this.#fields.count; row++) if (this.#isHere(row)) size++
    return size
  }

  /** Calls back with each in order; the value is good for that call. No edits meanwhile. */
  forEach(visit: (key: string, value: ValueView) => void): void {
    this.#foundKey = undefined
    for (let row = 0; row < this.#fields.count; row++) {
      if (!this.#isHere(row)) continue
      this.#locate(row)
      visit(this.#keyText(), this.#viewed())
    }
  }

  keys(): string[] {
    const keys: string[] = []
    this.forEach((key) => void keys.push(key))
    return keys
  }

  /**
   * Replaces the value under a key, or adds both at the end. `value` is an AnyValue
   * (`encodeValue`).
   */
  set(key: Uint8Array, value: Uint8Array, start = 0, end = value.length): void {
    const { arena } = this.#fields
    const from = arena.pos
    this.#put(key, from, writeKeyValue(arena, this.#number, key, value, start, end))
  }

  /** As `set` with a string. */
  setText(key: Uint8Array, text: string): void {
    const { arena } = this.#fields
    const from = arena.pos
    this.#put(key, from, writeKeyText(arena, this.#number, key, text))
  }

  /** Replaces a value that there is by its SHA-256 (`writeKeyHash`). */
  hash(key: Uint8Array): void {
    const value = this.get(key)
    if (!value) return
    const { arena } = this.#fields
    const from = arena.pos
    this.#put(key, from, writeKeyHash(arena, this.#number, key, value))
  }

  /** Whether there was one. */
  delete(key: Uint8Array): boolean {
    let found = false
    for (let row = this.#find(key, 0); row >= 0; row = this.#find(key, row + 1)) {
      this.#fields.remove(row)
      found = true
    }
    if (found) this.#touch()
    return found
  }

  /** Deletes those for which `keep` is false. */
  retain(keep: (key: string, value: ValueView) => boolean): void {
    this.#foundKey = undefined
    for (let row = 0; row < this.#fields.count; row++) {
      if (!this.#isHere(row)) continue
      this.#locate(row)
      if (keep(this.#keyText(), this.#viewed())) continue
      this.#fields.remove(row)
      this.#touch()
    }
  }

  clear(): void {
    this.retain(() => false)
  }

  /** What lies in the arena from `from` on takes the place of all under this key. */
  #put(key: Uint8Array, from: number, body: number): void {
    let found = false
    for (let row = this.#find(key, 0); row >= 0; row = this.#find(key, row + 1)) {
      if (found) this.#fields.remove(row)
      else this.#fields.replace(row, from, body)
      found = true
    }
    if (!found) this.#fields.insert(this.#number, from, body)
    this.#touch()
  }

  #isHere(row: number): boolean {
    return this.#fields.number(row) === this.#number && !this.#fields.isRemoved(row)
  }

  /** The first row from `start` on with this key; -1 without one. */
  #find(key: Uint8Array, start: number): number {
    const fields = this.#fields
    if (start === 0 && this.#foundKey === key && this.#foundVersion === fields.version) {
      return this.#foundRow
    }
    let row = fields.keyed(this.#number, key, start)
    for (; row >= 0; row = fields.keyed(this.#number, key, row + 1)) {
      this.#locate(row)
      if (equalBytes(this.#bytes, this.#key, this.#keyEnd, key)) break
    }
    this.#foundKey = start === 0 ? key : undefined
    this.#foundRow = row
    this.#foundVersion = fields.version
    return row
  }

  /** Finds key and value of a row. Both may be absent: '' and an empty value. */
  #locate(row: number): void {
    const fields = this.#fields
    this.#bytes = fields.bytes(row)
    this.#key = this.#keyEnd = this.#value = this.#valueEnd = 0
    const reader = this.#reader
    reader.reset(this.#bytes, fields.value(row), fields.end(row))
    while (reader.next()) {
      if (reader.number === KeyValue.key) {
        this.#key = reader.value
        this.#keyEnd = reader.end
      } else if (reader.number === KeyValue.value) {
        this.#value = reader.value
        this.#valueEnd = reader.end
      }
    }
  }

  #keyText(): string {
    return this.#bytes.toString('utf8', this.#key, this.#keyEnd)
  }

  #viewed(): ValueView {
    return this.#view.at(this.#bytes, this.#value, this.#valueEnd)
  }
}
