import { copyWords, viewOf } from './words.js'

/** Characters of a text that is written one by one. */
const SHORT_MAX = 64

/**
 * Writing protobuf into memory that grows. Positions stay valid; the memory itself may be replaced.
 */
export class Writer {
  bytes: Buffer
  /** The same memory. */
  view: DataView
  /** How much has been written. */
  pos = 0

  /** `capacity` in bytes is a first guess. */
  constructor(capacity = 1024) {
    this.bytes = Buffer.allocUnsafeSlow(capacity)
    this.view = viewOf(this.bytes)
  }

  /** Makes room for `size` more bytes. */
  reserve(size: number): void {
    const needed = this.pos + size
    if (needed <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.pos)
    this.bytes = grown
    this.view = viewOf(grown)
  }

  /** What was written since `from`, as a view that the next write may leave behind. */
  written(from = 0): Buffer {
    return this.bytes.subarray(from, this.pos)
  }

  /** All that was written, in memory of just that size: for what is kept. */
  copy(): Buffer {
    const copy = Buffer.allocUnsafeSlow(this.pos)
    this.bytes.copy(copy, 0, 0, this.pos)
    return copy
  }

  tag(field: number, wire: number): void {
    const tag = (field << 3) | wire
    if (tag > 127) {
      this.varint(tag)
      return
    }
    this.reserve(1)
    this.bytes[this.pos++] = tag
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    this.reserve(10)
    const { bytes } = this
    let at = this.pos
    for (; value > 0x7fff_ffff; value = Math.floor(value / 128)) bytes[at++] = (value % 128) | 128
    let rest = value | 0
    for (; rest > 127; rest >>= 7) bytes[at++] = (rest & 127) | 128
    bytes[at++] = rest
    this.pos = at
  }

  /** Any 64-bit integer; negative ones take ten bytes, as int64 and int32 do. */
  varint64(value: bigint): void {
    if (value >= 0n && value <= Number.MAX_SAFE_INTEGER) {
      this.varint(Number(value))
      return
    }
    this.reserve(10)
    let rest = BigInt.asUintN(64, value)
    while (rest > 127n) {
      this.bytes[this.pos++] = Number(rest & 127n) | 128
      rest >>= 7n
    }
    this.bytes[this.pos++] = Number(rest)
  }

  /** A whole number within 2^53 of 0; negative ones take ten bytes. */
  int64(value: number): void {
    if (value >= 0 && value <= 0x7fff_ffff) {
      this.varint(value)
      return
    }
    this.reserve(10)
    // Of two's complement, 28 bits at a time: small integers are fast (2x for a time of today).
    const rest = Math.floor(value / 2 ** 28)
    this.#part(value - rest * 2 ** 28, rest === 0)
    if (rest === 0) return
    const top = Math.floor(rest / 2 ** 28)
    this.#part(rest - top * 2 ** 28, top === 0)
    if (top === 0) return
    this.bytes[this.pos++] = 0xff
    this.bytes[this.pos++] = 1
  }

  /** 28 bits; all four bytes where more follow. */
  #part(value: number, isLast: boolean): void {
    const { bytes } = this
    let rest = value | 0
    if (isLast) {
      for (; rest > 127; rest >>>= 7) bytes[this.pos++] = (rest & 127) | 128
      bytes[this.pos++] = rest
      return
    }
    for (let n = 0; n < 4; n++, rest >>>= 7) bytes[this.pos++] = (rest & 127) | 128
  }

  /** A whole number from 0 to 2^32 as decimal digits, `digits` of them (`digitsOf`). */
  decimal(value: number, digits = digitsOf(value)): void {
    this.reserve(digits)
    const { bytes, pos } = this
    for (let at = pos + digits - 1, rest = value; at >= pos; at--) {
      const tenth = (rest / 10) | 0
      bytes[at] = 0x30 + rest - tenth * 10
      rest = tenth
    }
    this.pos = pos + digits
  }

  fixed32(value: number): void {
    this.reserve(4)
    this.view.setUint32(this.pos, value, true)
    this.pos += 4
  }

  fixed64(value: bigint): void {
    this.reserve(8)
    this.pos = this.bytes.writeBigUInt64LE(BigInt.asUintN(64, value), this.pos)
  }

  double(value: number): void {
    this.reserve(8)
    this.view.setFloat64(this.pos, value, true)
    this.pos += 8
  }

  /** `bytes[start, end)` as it is. */
  raw(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const size = end - start
    this.reserve(size)
    copyBytes(bytes, start, end, this.bytes, this.pos)
    this.pos += size
  }

  /** The short range `[start, end)` of `from` as it is. */
  words(from: DataView, start: number, end: number): void {
    const size = end - start
    this.reserve(size)
    copyWords(from, start, end, this.view, this.pos)
    this.pos += size
  }

  /** A length-delimited field. */
  field(number: number, bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.tag(number, 2)
    this.varint(end - start)
    this.raw(bytes, start, end)
  }

  /** A string field. A lone surrogate becomes U+FFFD. */
  string(number: number, text: string): void {
    this.tag(number, 2)
    if (text.length <= SHORT_MAX && this.#ascii(text)) return
    const size = Buffer.byteLength(text)
    this.varint(size)
    this.reserve(size)
    this.pos += this.bytes.write(text, this.pos)
  }

  /** Its length and itself, unless there is anything but ASCII in it (5x for 10 characters). */
  #ascii(text: string): boolean {
    const { length } = text
    this.reserve(1 + length)
    const { bytes, pos } = this
    bytes[pos] = length
    for (let n = 0; n < length; n++) {
      const code = text.charCodeAt(n)
      if (code > 127) return false
      bytes[pos + 1 + n] = code
    }
    this.pos = pos + 1 + length
    return true
  }

  /**
   * Begins a message field whose size is not known yet; the result goes to `end`. `lengthBytes` is
   * what its length will most likely take.
   */
  begin(number: number, lengthBytes = 1): number {
    this.tag(number, 2)
    this.reserve(lengthBytes)
    this.pos += lengthBytes
    return this.pos
  }

  /**
   * Sets the length of the message begun at `body`, moving it where the length needs other than the
   * bytes kept for it.
   */
  end(body: number, lengthBytes = 1): void {
    const size = this.pos - body
    if (lengthBytes === 1 && size < 128) {
      this.bytes[body - 1] = size
      return
    }
    if (lengthBytes === 2 && size > 127 && size < 16_384) {
      this.bytes[body - 2] = (size & 127) | 128
      this.bytes[body - 1] = size >> 7
      return
    }
    const more = sizeOfVarint(size) - lengthBytes
    if (more !== 0) {
      this.reserve(Math.max(0, more))
      this.bytes.copyWithin(body + more, body, this.pos)
    }
    this.pos = body - lengthBytes
    this.varint(size)
    this.pos += size
  }
}

/** Bytes that a whole number from 0 to 2^53 takes. */
export function sizeOfVarint(value: number): number {
  if (value < 128) return 1
  if (value < 16_384) return 2
  let size = 1
  while (value > 127) {
    value = Math.floor(value / 128)
    size++
  }
  return size
}

/** Decimal digits of a whole number from 0 to 2^32. */
export function digitsOf(value: number): number {
  let digits = 1
  for (let limit = 10; value >= limit; limit *= 10) digits++
  return digits
}

/** Copies `from[start, end)` to `into` at `at`. */
export function copyBytes(
  from: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
): void {
  const size = end - start
  // A native copy costs more than a few bytes one by one.
  if (size < 32) for (let n = 0; n < size; n++) into[at + n] = from[start + n]!
  else if (size === from.length) into.set(from, at)
  else into.set(new Uint8Array(from.buffer, from.byteOffset + start, size), at)
}
