const FIRST_BYTES = 256

/** Bytes that are written in place and grow at the end, at a cost of what is written. */
export class GrowingBytes {
  #bytes: Buffer
  #size: number

  constructor(content: Buffer = Buffer.alloc(0)) {
    this.#bytes = Buffer.from(content)
    this.#size = content.length
  }

  get size(): number {
    return this.#size
  }

  /** A view that the next write changes. */
  get content(): Buffer {
    return this.#bytes.subarray(0, this.#size)
  }

  write(bytes: Buffer, position: number): void {
    this.resize(Math.max(this.#size, position + bytes.length))
    bytes.copy(this.#bytes, position)
  }

  /** What comes new is 0. */
  resize(size: number): void {
    if (size > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(FIRST_BYTES, size, this.#bytes.length * 2))
      this.content.copy(larger)
      this.#bytes = larger
    } else if (size < this.#size) {
      this.#bytes.fill(0, size, this.#size)
    }
    this.#size = size
  }

  copy(): GrowingBytes {
    return new GrowingBytes(this.content)
  }
}
