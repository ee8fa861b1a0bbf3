import { snap, unsnap } from '#net'
import { copyBytes, viewOf } from '#wire'

/** Of memory that is full. There are many targets, and most do not change any more. */
export const GROWTH = 1.25
const SIZE_MIN = 1024
const NOTHING = Buffer.alloc(0)

/**
 * What the series of one target are in bytes, one behind the other. Series are much alike, and
 * needed for moments: between scrapes they rest, compressed to a sixth of their size or less.
 */
export class SeriesBytes {
  /** Until something is added or it rests. */
  bytes: Buffer = Buffer.allocUnsafeSlow(SIZE_MIN)
  view = viewOf(this.bytes)
  #size = 0
  #deadSize = 0
  /** The same; undefined while there is none, or something was added since. */
  #resting: Uint8Array | undefined
  #isAwake = true

  /** Gives the place of the copy. */
  add(bytes: Uint8Array, start: number, end: number): number {
    const place = this.#size
    const size = place + end - start
    if (size > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(size * 2)
      this.bytes.copy(larger, 0, 0, place)
      this.#use(larger)
    }
    copyBytes(bytes, start, end, this.bytes, place)
    this.#size = size
    this.#resting = undefined
    return place
  }

  /** So many of the bytes are of no use any more. */
  drop(size: number): void {
    this.#deadSize += size
  }

  get isSparse(): boolean {
    return this.#deadSize > SIZE_MIN && this.#deadSize > this.#size / 2
  }

  /** `move` is to call its argument for all that is of use, in order; that gives the new place. */
  compact(move: (copy: (start: number, size: number) => number) => void): void {
    const size = this.#size - this.#deadSize
    const smaller = Buffer.allocUnsafeSlow(Math.max(SIZE_MIN, Math.ceil(size * GROWTH)))
    let place = 0
    move((start, length) => {
      this.bytes.copy(smaller, place, start, start + length)
      place += length
      return place - length
    })
    this.#use(smaller)
    this.#size = place
    this.#deadSize = 0
    this.#resting = undefined
  }

  /** Nothing else may be asked for until it is awake again. */
  async rest(): Promise<void> {
    this.#isAwake = false
    const own = this.bytes.subarray(0, this.#size)
    this.#resting ??= await snap(own)
    this.#use(NOTHING)
  }

  async wake(): Promise<void> {
    if (this.#isAwake) return
    const { buffer, byteOffset, length } = await unsnap(this.#resting!, this.#size)
    this.#use(Buffer.from(buffer, byteOffset, length))
    this.#isAwake = true
  }

  #use(bytes: Buffer): void {
    this.bytes = bytes
    this.view = viewOf(bytes)
  }
}
