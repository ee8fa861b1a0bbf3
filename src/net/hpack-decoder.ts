import { decodeHuffman } from './hpack-huffman.js'
import { STATIC_COUNT, STATIC_NAMES, STATIC_VALUES } from './hpack-tables.js'
import { ERROR, Http2Error } from './http2-frames.js'

/** What SETTINGS_HEADER_TABLE_SIZE is as long as nobody says otherwise. */
export const TABLE_BYTES_DEFAULT = 4096
/** What a field takes besides its name and its value, wherever header bytes are counted. */
export const FIELD_OVERHEAD_BYTES = 32

const INDEXED = 0x80
const LITERAL_INDEXED = 0x40
const SIZE_UPDATE = 0x20
const HUFFMAN = 0x80
/** Larger numbers can only be meant to do harm. */
const INTEGER_MAX = 2 ** 28

/** Hears the fields of a header block in their order. */
export interface FieldSink {
  field(name: string, value: string): void
}

/** Decodes the header blocks of one connection (RFC 7541), which must come in their order. */
export class HpackDecoder {
  readonly #table = new DynamicTable()
  #block: Buffer = Buffer.alloc(0)
  #at = 0

  /** Throws Http2Error COMPRESSION_ERROR: the connection cannot go on. */
  decode(block: Buffer, sink: FieldSink): void {
    this.#block = block
    this.#at = 0
    let isStart = true
    while (this.#at < block.length) {
      const first = block[this.#at]!
      if (first & INDEXED) {
        const index = this.#integer(7)
        sink.field(this.#nameAt(index), this.#valueAt(index))
      } else if ((first & 0xe0) === SIZE_UPDATE) {
        if (!isStart) throw broken('table size update behind a field')
        this.#table.resize(this.#integer(5))
        continue
      } else {
        const isKept = (first & LITERAL_INDEXED) !== 0
        const index = this.#integer(isKept ? 6 : 4)
        const name = index === 0 ? this.#string() : this.#nameAt(index)
        const value = this.#string()
        if (isKept) this.#table.add(name, value)
        sink.field(name, value)
      }
      isStart = false
    }
    this.#block = EMPTY
  }

  #nameAt(index: number): string {
    if (index === 0) throw broken('index 0')
    return index <= STATIC_COUNT ? STATIC_NAMES[index]! : this.#table.name(index - STATIC_COUNT - 1)
  }

  #valueAt(index: number): string {
    return index <= STATIC_COUNT
      ? STATIC_VALUES[index]!
      : this.#table.value(index - STATIC_COUNT - 1)
  }

  /** Section 5.1, with a prefix of so many bits. */
  #integer(bits: number): number {
    const mask = (1 << bits) - 1
    let value = this.#block[this.#at++]! & mask
    if (value < mask) return value
    for (let shift = 0; ; shift += 7) {
      const byte = this.#block[this.#at++]
      if (byte === undefined) throw broken('number cut off')
      value += (byte & 0x7f) * 2 ** shift
      if (value > INTEGER_MAX || shift > 28) throw broken('number too large')
      if (byte < 0x80) return value
    }
  }

  /** Section 5.2. */
  #string(): string {
    if (this.#at >= this.#block.length) throw broken('string cut off')
    const isHuffman = (this.#block[this.#at]! & HUFFMAN) !== 0
    const length = this.#integer(7)
    const from = this.#at
    const to = from + length
    if (to > this.#block.length) throw broken('string cut off')
    this.#at = to
    if (!isHuffman) return this.#block.toString('latin1', from, to)
    const text = decodeHuffman(this.#block, from, to)
    if (text === undefined) throw broken('Huffman code')
    return text
  }
}

const EMPTY = Buffer.alloc(0)

/** Fields that later blocks refer to, the newest at index 0; kept in a ring. */
class DynamicTable {
  #names: string[] = []
  #values: string[] = []
  /** Where the oldest is. */
  #start = 0
  #count = 0
  #bytes = 0
  #bytesMax = TABLE_BYTES_DEFAULT

  name(index: number): string {
    return this.#names[this.#place(index)]!
  }

  value(index: number): string {
    return this.#values[this.#place(index)]!
  }

  /** A field that is larger than the table empties it (section 4.4). */
  add(name: string, value: string): void {
    const bytes = name.length + value.length + FIELD_OVERHEAD_BYTES
    this.#evict(this.#bytesMax - bytes)
    if (bytes > this.#bytesMax) return
    const place = (this.#start + this.#count) % SLOTS
    this.#names[place] = name
    this.#values[place] = value
    this.#count++
    this.#bytes += bytes
  }

  resize(bytesMax: number): void {
    if (bytesMax > TABLE_BYTES_DEFAULT) throw broken('table larger than allowed')
    this.#bytesMax = bytesMax
    this.#evict(bytesMax)
  }

  #place(index: number): number {
    if (index >= this.#count) throw broken('index beyond the table')
    return (this.#start + this.#count - 1 - index) % SLOTS
  }

  #evict(bytes: number): void {
    while (this.#bytes > bytes && this.#count > 0) {
      const [name, value] = [this.#names[this.#start]!, this.#values[this.#start]!]
      this.#bytes -= name.length + value.length + FIELD_OVERHEAD_BYTES
      this.#names[this.#start] = ''
      this.#values[this.#start] = ''
      this.#start = (this.#start + 1) % SLOTS
      this.#count--
    }
  }
}

/** No more fields than this fit into the table, as each takes the overhead at least. */
const SLOTS = TABLE_BYTES_DEFAULT / FIELD_OVERHEAD_BYTES

function broken(what: string): Http2Error {
  return new Http2Error(ERROR.compression, `broken header block: ${what}`)
}
