import { endOfValue, endOfVarint, FIELD, FieldReader, viewOf } from '#wire'

const { KeyValue } = FIELD
const KEY_TAG = (KeyValue.key << 3) | 2
const VALUE_TAG = (KeyValue.value << 3) | 2
const COLUMNS = 5

/**
 * Where the attributes of one message lie: their keys and values, as ranges of `bytes`. Used again
 * for the next message.
 */
export class AttributeRows {
  bytes: Buffer = Buffer.alloc(0)
  /** The same memory. */
  view = viewOf(this.bytes)
  count = 0
  #cells = new Int32Array(16 * COLUMNS)
  readonly #reader = new FieldReader(this.bytes, 0, 0)

  reset(bytes: Buffer): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes
      this.view = viewOf(bytes)
    }
    this.count = 0
  }

  /** A KeyValue that begins, behind its tag and length, at `body`. */
  add(body: number, end: number): void {
    const { bytes } = this
    const at = this.count++ * COLUMNS
    if (at + COLUMNS > this.#cells.length) this.#grow()
    const cells = this.#cells
    cells[at + 4] = 0
    const keySize = bytes[body + 1]!
    const value = body + 2 + keySize
    // Nearly all are a short key and then a value.
    if (bytes[body] === KEY_TAG && keySize < 128 && bytes[value] === VALUE_TAG && value < end) {
      const size = bytes[value + 1]!
      const start = size < 128 ? value + 2 : endOfVarint(bytes, value + 1)
      const valueEnd = size < 128 ? start + size : endOfValue(bytes, value + 1, 2)
      if (valueEnd === end) {
        cells[at] = body + 2
        cells[at + 1] = value
        cells[at + 2] = start
        cells[at + 3] = end
        return
      }
    }
    this.#addIrregular(at, body, end)
  }

  keyStart(row: number): number {
    return this.#cells[row * COLUMNS]!
  }

  keyEnd(row: number): number {
    return this.#cells[row * COLUMNS + 1]!
  }

  valueStart(row: number): number {
    return this.#cells[row * COLUMNS + 2]!
  }

  valueEnd(row: number): number {
    return this.#cells[row * COLUMNS + 3]!
  }

  /** It is not to be written. */
  isGone(row: number): boolean {
    return this.#cells[row * COLUMNS + 4] === 1
  }

  take(row: number): void {
    this.#cells[row * COLUMNS + 4] = 1
  }

  hasKey(row: number, key: Uint8Array): boolean {
    const start = this.keyStart(row)
    if (this.keyEnd(row) - start !== key.length) return false
    const { bytes } = this
    for (let n = key.length - 1; n >= 0; n--) if (bytes[start + n] !== key[n]) return false
    return true
  }

  /** The first with this key; -1 without one. */
  find(key: Uint8Array): number {
    for (let row = 0; row < this.count; row++) if (this.hasKey(row, key)) return row
    return -1
  }

  /** Either may be absent, and so empty. */
  #addIrregular(at: number, body: number, end: number): void {
    const cells = this.#cells
    cells[at] = cells[at + 1] = cells[at + 2] = cells[at + 3] = body
    const reader = this.#reader
    reader.reset(this.bytes, body, end)
    while (reader.next()) {
      if (reader.number === KeyValue.key) {
        cells[at] = reader.value
        cells[at + 1] = reader.end
      } else if (reader.number === KeyValue.value) {
        cells[at + 2] = reader.value
        cells[at + 3] = reader.end
      }
    }
  }

  #grow(): void {
    const grown = new Int32Array(this.#cells.length * 2)
    grown.set(this.#cells)
    this.#cells = grown
  }
}
