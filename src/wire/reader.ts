/** Reading what has been scanned: no length or type is checked again here. */
import { longSize, state } from './scan-core.js'

/** The same memory as a Buffer, whose readers and slices are the fast ones. */
export function asBuffer(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Steps through the fields of one message. */
export class FieldReader {
  #bytes: Uint8Array
  #end: number
  #pos: number
  number = 0
  wire = 0
  /** Where the field begins, with its tag. */
  start = 0
  /** Where its value begins: for a length-delimited one behind the length. */
  value = 0
  /** Where the field, and so its value, ends. */
  end = 0

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes
    this.#pos = start
    this.#end = end
  }

  /** Begins again with another message. */
  reset(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes
    this.#pos = start
    this.#end = end
  }

  /** False at the message's end. */
  next(): boolean {
    if (this.#pos >= this.#end) return false
    const bytes = this.#bytes
    this.start = this.#pos
    let tag = bytes[this.#pos++]!
    const size = bytes[this.#pos]!
    if ((tag & 0x87) === 2 && size < 128) {
      // Nearly all: a field below 16 with a short value.
      this.number = tag >>> 3
      this.wire = 2
      this.value = this.#pos + 1
      this.end = this.#pos = this.value + size
      return true
    }
    if (tag > 127) {
      // Up to 32 bits, which a length has not.
      tag = readUint32(bytes, this.start)
      this.#pos = endOfVarint(bytes, this.start)
    }
    this.number = tag >>> 3
    this.wire = tag & 7
    this.value = this.#pos
    this.end = endOfValue(bytes, this.#pos, this.wire)
    if (this.wire === 2) this.value = state.at
    this.#pos = this.end
    return true
  }
}

/** Where a value ends. For a length-delimited one, leaves the end of its length in `state.at`. */
export function endOfValue(bytes: Uint8Array, pos: number, wire: number): number {
  switch (wire) {
    case 0:
      return endOfVarint(bytes, pos)
    case 1:
      return pos + 8
    case 5:
      return pos + 4
    default: {
      const size = longSize(bytes, pos)
      return state.at + size
    }
  }
}

export function endOfVarint(bytes: Uint8Array, pos: number): number {
  while (bytes[pos]! > 127) pos++
  return pos + 1
}

/** The low 32 bits of a varint, unsigned: bool, uint32, enum; with `| 0` int32. */
export function readUint32(bytes: Uint8Array, pos: number): number {
  let value = bytes[pos]! & 127
  for (let shift = 7; bytes[pos]! > 127 && shift < 35; shift += 7) {
    value |= (bytes[++pos]! & 127) << shift
  }
  return value >>> 0
}

export function readSint32(bytes: Uint8Array, pos: number): number {
  const value = readUint32(bytes, pos)
  return (value >>> 1) ^ -(value & 1)
}

/** An int64: exact within 2^53 of 0, beyond it the nearest number. */
export function readInt64(bytes: Uint8Array, pos: number): number {
  let byte = bytes[pos++]!
  let low = byte & 127
  for (let shift = 7; byte > 127 && shift < 28; shift += 7) {
    byte = bytes[pos++]!
    low |= (byte & 127) << shift
  }
  if (byte < 128) return low
  let middle = 0
  for (let shift = 0; byte > 127 && shift < 28; shift += 7) {
    byte = bytes[pos++]!
    middle |= (byte & 127) << shift
  }
  if (byte < 128) return middle * 2 ** 28 + low
  byte = bytes[pos++]!
  // Eight bits: the sign comes with the tenth byte.
  let top = byte < 128 ? byte : (byte & 127) | (bytes[pos]! << 7)
  if (top > 127) top -= 256
  return (top * 2 ** 28 + middle) * 2 ** 28 + low
}

/** A varint's 64 bits, unsigned; `BigInt.asIntN(64, ...)` makes an int64 of them. */
export function readUint64(bytes: Uint8Array, pos: number): bigint {
  let low = 0
  let high = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[pos++]!
    if (shift < 28) low += (byte & 127) * 2 ** shift
    else high += (byte & 127) * 2 ** (shift - 28)
    if (byte < 128) break
  }
  // Numbers are exact up to 53 bits, and most values are far below.
  if (high < 2 ** 25) return BigInt(low + high * 2 ** 28)
  return (BigInt(high) << 28n) | BigInt(low)
}
