/**
 * Bytes that have come and are not parsed yet, in one piece. Positions hold until the next append.
 */
export class ByteQueue {
  bytes: Buffer
  start = 0
  end = 0
  /** How many bytes were taken out before `start`. */
  taken = 0

  /** `capacity` in bytes is a first guess. */
  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity)
  }

  get size(): number {
    return this.end - this.start
  }

  append(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length)
    this.bytes.set(chunk, this.end)
    this.end += chunk.length
  }

  /** Everything before `position` is done with. */
  take(position: number): void {
    this.taken += position - this.start
    this.start = position
  }

  #makeRoom(size: number): void {
    const needed = this.size + size
    if (this.end + size <= this.bytes.length) return
    const to = needed <= this.bytes.length ? this.bytes : grown(this.bytes, needed)
    this.bytes.copy(to, 0, this.start, this.end)
    this.bytes = to
    this.end -= this.start
    this.start = 0
  }
}

function grown(bytes: Buffer, needed: number): Buffer {
  return Buffer.allocUnsafeSlow(Math.max(needed, bytes.length * 2))
}
