const POOLED_BYTES_MIN = 1024
/** Larger ones are rare, and too much to keep. */
const POOLED_BYTES_MAX = 4 * 1024 * 1024
/** Sizes there are between a power of two and the next. */
const STEPS = 4

/**
 * Memory for messages, used again and again. Each message is memory outside of the heap, and to
 * collect it costs a relay more CPU than all that is done with the message (bench/relay). What is
 * not given back is garbage like any other, so whoever is in doubt gives nothing back.
 */
export class BytePool {
  readonly #bytesMax: number
  readonly #free = new Map<number, Buffer[]>()
  #freeBytes = 0

  /** Keeps up to so many bytes that nobody uses. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** At least so many bytes, with anything in them. */
  take(bytes: number): Buffer {
    const size = sizeFor(bytes)
    const buffer = this.#free.get(size)?.pop()
    if (!buffer) return Buffer.allocUnsafeSlow(size)
    this.#freeBytes -= size
    return buffer
  }

  /** Nobody may use them any more. */
  give(buffer: Buffer): void {
    const size = buffer.length
    if (size < POOLED_BYTES_MIN || size > POOLED_BYTES_MAX) return
    if (this.#freeBytes + size > this.#bytesMax) return
    this.#freeBytes += size
    const others = this.#free.get(size)
    if (others) others.push(buffer)
    else this.#free.set(size, [buffer])
  }
}

function sizeFor(bytes: number): number {
  if (bytes > POOLED_BYTES_MAX) return bytes
  if (bytes <= POOLED_BYTES_MIN) return POOLED_BYTES_MIN
  const step = 2 ** (31 - Math.clz32(bytes - 1)) / STEPS
  return Math.ceil(bytes / step) * step
}
