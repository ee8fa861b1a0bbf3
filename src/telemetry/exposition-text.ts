import type { Lines } from './series.js'

/** Text of an exposition as it grows, in UTF-8. */
export class ExpositionText implements Lines {
  #bytes: Buffer<ArrayBuffer>
  #length = 0

  /** For a text of about as many bytes. */
  constructor(expected: number) {
    this.#bytes = Buffer.allocUnsafe(expected + HEAD_BYTES)
  }

  get length(): number {
    return this.#length
  }

  add(lines: string): void {
    this.#make(lines.length)
    this.#length += this.#bytes.write(lines, this.#length, 'latin1')
  }

  /** It goes on in other memory when asked for more. */
  bytes(): Buffer<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length)
  }

  #make(room: number): void {
    if (this.#length + room <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(2 * this.#bytes.length + room)
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

/** What the first lines take. */
const HEAD_BYTES = 4096

/**
 * Text as UTF-8 of which each character is a byte: so it is copied as it is, whatever it holds. And
 * in one piece: V8 keeps a joined text as the tree of its parts.
 */
export function linesOf(text: string): string {
  if (text.length * UTF8_BYTES_MAX > SCRATCH.length) return Buffer.from(text).toString('latin1')
  return SCRATCH.toString('latin1', 0, SCRATCH.write(text))
}

/** Of a UTF-16 unit. */
const UTF8_BYTES_MAX = 3
const SCRATCH = Buffer.allocUnsafe(4096)
