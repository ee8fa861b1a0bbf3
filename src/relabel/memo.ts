/**
 * Results by text, for texts that come again and again. Bounded: once the newer half is full, the
 * older one is forgotten; what is asked for stays.
 */
export class Memo<T> {
  readonly #halfMax: number
  #newer = new Map<string, T>()
  #older = new Map<string, T>()

  constructor(entriesMax: number) {
    this.#halfMax = Math.ceil(entriesMax / 2)
  }

  get(text: string): T | undefined {
    const known = this.#newer.get(text)
    if (known !== undefined) return known
    const old = this.#older.get(text)
    if (old !== undefined) this.set(text, old)
    return old
  }

  set(text: string, result: T): void {
    if (this.#newer.size >= this.#halfMax) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    this.#newer.set(text, result)
  }

  /** Entries of both halves; at most what it was made for. */
  get size(): number {
    return this.#newer.size + this.#older.size
  }
}
