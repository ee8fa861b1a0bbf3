const FIRST_BYTES = 64

/** Whole numbers from 0 on, one bit each. */
export class BitSet {
  #bytes = new Uint8Array(0)

  has(number: number): boolean {
    return ((this.#bytes[number >> 3] ?? 0) & (1 << (number & 7))) !== 0
  }

  add(number: number): void {
    const at = number >> 3
    if (at >= this.#bytes.length) {
      const larger = new Uint8Array(Math.max(FIRST_BYTES, at + 1, this.#bytes.length * 2))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes[at]! |= 1 << (number & 7)
  }
}
