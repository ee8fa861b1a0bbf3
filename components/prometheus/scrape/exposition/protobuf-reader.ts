import { isUtf8 } from 'node:buffer'
import { MalformedExposition } from './malformed-exposition.js'

const VARINT = 0
const FIXED64 = 1
const DELIMITED = 2
const FIXED32 = 5

const TWO_32 = 2 ** 32

/**
 * Walks protobuf messages that nothing has checked yet: no read leaves the message, and a field
 * that is known has its own wire type.
 *
 *     while (reader.field()) switch (reader.number) { case 1: reader.double() ... default: skip() }
 */
export class ProtobufReader {
  bytes: Buffer = Buffer.alloc(0)
  pos = 0
  end = 0
  /** Of the field whose value is next. */
  number = 0
  /** Of the text read last. */
  textStart = 0
  textEnd = 0
  #wire = 0
  /** How far from the body's start `bytes[0]` is. */
  #base = 0
  /** Of the varint read last. */
  #low = 0
  #high = 0

  /** Begins with the fields in `[start, end)`. */
  open(bytes: Buffer, start: number, end: number, base: number): void {
    this.bytes = bytes
    this.pos = start
    this.end = end
    this.#base = base
  }

  fail(reason: string, pos = this.pos): never {
    throw new MalformedExposition(reason, { offset: this.#base + pos })
  }

  /** Goes to the next field; false at the end of the message. */
  field(): boolean {
    if (this.pos >= this.end) return false
    const start = this.pos
    this.#varint()
    this.number = this.#low >>> 3
    this.#wire = this.#low & 7
    if (this.#high !== 0 || this.number === 0) this.fail('a field tag is malformed', start)
    return true
  }

  double(): number {
    this.#expect(FIXED64)
    return this.#fixed64()
  }

  /** As a number: exact up to 2^53. */
  uint64(): number {
    this.#expect(VARINT)
    this.#varint()
    return this.#high * TWO_32 + this.#low
  }

  /** As a number: exact from -2^53 to 2^53. */
  int64(): number {
    this.#expect(VARINT)
    this.#varint()
    return (this.#high | 0) * TWO_32 + this.#low
  }

  int32(): number {
    this.#expect(VARINT)
    this.#varint()
    return this.#low | 0
  }

  uint32(): number {
    this.#expect(VARINT)
    this.#varint()
    return this.#low
  }

  sint32(): number {
    const value = this.uint32()
    return (value >>> 1) ^ -(value & 1)
  }

  /** Calls `add` for each value of a list, packed or not. Values are exact to 2^52. */
  sint64s(add: (value: number) => void): void {
    if (this.#wire !== DELIMITED) {
      this.#expect(VARINT)
      add(this.#sint64())
      return
    }
    const outer = this.enter()
    while (this.pos < this.end) add(this.#sint64())
    this.leave(outer)
  }

  doubles(add: (value: number) => void): void {
    if (this.#wire !== DELIMITED) {
      add(this.double())
      return
    }
    const outer = this.enter()
    while (this.pos < this.end) add(this.#fixed64())
    this.leave(outer)
  }

  /** Goes into a message or text; `leave` with the result goes on behind it. */
  enter(): number {
    this.#expect(DELIMITED)
    const start = this.pos
    this.#varint()
    if (this.#high !== 0 || this.#low > this.end - this.pos) {
      this.fail('a length is more than there is', start)
    }
    const outer = this.end
    this.end = this.pos + this.#low
    return outer
  }

  leave(outer: number): void {
    this.pos = this.end
    this.end = outer
  }

  /** Goes over a text, which must be UTF-8, and leaves its place. */
  text(what: string): void {
    const outer = this.enter()
    this.textStart = this.pos
    this.textEnd = this.end
    this.#checkUtf8(what)
    this.leave(outer)
  }

  /** Goes over a field that is not known. */
  skip(): void {
    switch (this.#wire) {
      case VARINT:
        this.#varint()
        break
      case FIXED64:
        this.#advance(8)
        break
      case DELIMITED:
        this.leave(this.enter())
        break
      case FIXED32:
        this.#advance(4)
        break
      default:
        this.fail(`field ${this.number} has wire type ${this.#wire}`)
    }
  }

  #sint64(): number {
    this.#varint()
    const sign = this.#low & 1
    const half = this.#high * (TWO_32 / 2) + (this.#low >>> 1)
    return sign === 0 ? half : -half - 1
  }

  #fixed64(): number {
    const { pos } = this
    this.#advance(8)
    return this.bytes.readDoubleLE(pos)
  }

  #varint(): void {
    const { bytes, end } = this
    const start = this.pos
    let low = 0
    let high = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= end) this.fail('a varint is cut short', start)
      const byte = bytes[this.pos++]!
      const bits = byte & 127
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= bits << 28
        high = bits >>> 4
      } else high |= bits << (shift - 32)
      if (byte < 128) {
        this.#low = low >>> 0
        this.#high = high >>> 0
        return
      }
    }
    this.fail('a varint is above 64 bits', start)
  }

  #advance(size: number): void {
    if (size > this.end - this.pos) this.fail(`field ${this.number} is cut short`)
    this.pos += size
  }

  #expect(wire: number): void {
    if (this.#wire !== wire) this.fail(`field ${this.number} has wire type ${this.#wire}`)
  }

  #checkUtf8(what: string): void {
    const { bytes, pos, end } = this
    for (let at = pos; at < end; at++) {
      if (bytes[at]! < 128) continue
      if (!isUtf8(bytes.subarray(pos, end))) this.fail(`${what} is not UTF-8`, pos)
      return
    }
  }
}
