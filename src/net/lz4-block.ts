/**
 * LZ4 blocks (lz4/lz4, doc/lz4_Block_format.md): a row of
 *
 *   1 byte    high 4 bits: count of literals, low 4 bits: length of the match less 4
 *   n bytes   more count of literals, when it was 15: bytes to add, up to one below 255
 *   literals
 *   2 bytes   how far back the match is, little-endian (absent after the last literals)
 *   n bytes   more length of the match, when it was 15
 */
import { corrupt, expandsTooFar } from './codec-error.js'

const NAME = 'lz4'
const MATCH_MIN = 4

/** A growing output that never exceeds its limit. */
export class Lz4Output {
  readonly #limit: number
  #bytes: Buffer
  #length = 0

  constructor(expected: number, limit: number) {
    this.#limit = limit
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(expected, limit))
  }

  get length(): number {
    return this.#length
  }

  from(start: number): Buffer {
    return this.#bytes.subarray(start, this.#length)
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Matches may reach back to `floor`: into earlier blocks where these are linked. */
  appendBlock(block: Uint8Array, floor: number): void {
    for (let at = 0; at < block.length; ) {
      const token = block[at++]!
      let literals = token >> 4
      if (literals === 15) {
        for (let more = 255; more === 255; ) {
          more = byteAt(block, at++)
          literals += more
        }
      }
      if (at + literals > block.length) throw cutOff()
      if (literals > 0) this.append(block.subarray(at, at + literals))
      at += literals
      if (at === block.length) return
      const distance = byteAt(block, at) | (byteAt(block, at + 1) << 8)
      at += 2
      let length = token & 15
      if (length === 15) {
        for (let more = 255; more === 255; ) {
          more = byteAt(block, at++)
          length += more
        }
      }
      this.#match(distance, length + MATCH_MIN, floor)
    }
    throw cutOff()
  }

  #match(distance: number, length: number, floor: number): void {
    const from = this.#length - distance
    if (distance === 0 || from < floor) throw corrupt(NAME, 'match before the start of the data')
    this.#reserve(length)
    const bytes = this.#bytes
    const start = this.#length
    this.#length += length
    if (distance >= length) bytes.copyWithin(start, from, from + length)
    else if (distance === 1) bytes.fill(bytes[from]!, start, start + length)
    // It repeats what it writes.
    else for (let i = 0; i < length; i++) bytes[start + i] = bytes[from + i]!
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#bytes.length) return
    if (needed > this.#limit) throw expandsTooFar(this.#limit)
    const grown = Buffer.allocUnsafeSlow(Math.min(this.#limit, Math.max(needed, needed * 2)))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}

function byteAt(block: Uint8Array, at: number): number {
  const byte = block[at]
  if (byte === undefined) throw cutOff()
  return byte
}

function cutOff() {
  return corrupt(NAME, 'unexpected end of file')
}
