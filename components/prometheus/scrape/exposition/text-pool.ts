const SLOTS = 1 << 11
/** Longer texts are rarely the same twice. */
const SIZE_MAX = 64

/**
 * Makes strings of bytes, most often the one made before: names and values of labels repeat. A
 * string is cheaper to find than to make (bench: 3x for a label's name), and is in memory once.
 */
export class TextPool {
  readonly #texts: (string | undefined)[] = new Array(SLOTS)

  /** `bytes[start, end)` as UTF-8. */
  text(bytes: Buffer, start: number, end: number): string {
    const size = end - start
    if (size > SIZE_MAX) return bytes.toString('utf8', start, end)
    let hash = size
    let all = 0
    for (let pos = start; pos < end; pos++) {
      const byte = bytes[pos]!
      all |= byte
      hash = Math.imul(hash ^ byte, 0x01000193)
    }
    // Only of ASCII is a byte a character.
    if (all > 127) return bytes.toString('utf8', start, end)
    const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1)
    const known = this.#texts[slot]
    if (known !== undefined && isSame(known, bytes, start, size)) return known
    const text = bytes.toString('latin1', start, end)
    this.#texts[slot] = text
    return text
  }
}

function isSame(text: string, bytes: Buffer, start: number, size: number): boolean {
  if (text.length !== size) return false
  for (let n = 0; n < size; n++) if (text.charCodeAt(n) !== bytes[start + n]) return false
  return true
}
