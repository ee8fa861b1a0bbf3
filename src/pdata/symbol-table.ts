import { Writer } from '#wire'

const SLOTS_AT_FIRST = 1024

/** Texts by number, each once; the empty one is 0. Writes them as fields, by number. */
export class SymbolTable {
  readonly #field: number
  readonly #writer = new Writer(16 * 1024)
  /** Where each lies in what is written. */
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  /** Hash -> number + 1, the next slot where one is taken; at most half of them are. */
  #slots = new Int32Array(SLOTS_AT_FIRST)

  constructor(field: number) {
    this.#field = field
    this.refOf(NOTHING, 0, 0)
  }

  written(): Buffer {
    return this.#writer.written()
  }

  refOfText(text: string): number {
    const bytes = Buffer.from(text)
    return this.refOf(bytes, 0, bytes.length)
  }

  refOf(bytes: Uint8Array, start: number, end: number): number {
    let slot = this.#slotOf(hashOf(bytes, start, end))
    for (let taken = this.#slots[slot]!; taken !== 0; taken = this.#slots[slot]!) {
      if (this.#isSame(taken - 1, bytes, start, end)) return taken - 1
      slot = this.#slotOf(slot + 1)
    }
    return this.#add(slot, bytes, start, end)
  }

  #add(slot: number, bytes: Uint8Array, start: number, end: number): number {
    const writer = this.#writer
    writer.field(this.#field, bytes, start, end)
    const ref = this.#starts.push(writer.pos - (end - start)) - 1
    this.#ends.push(writer.pos)
    this.#slots[slot] = ref + 1
    if (this.#starts.length * 2 > this.#slots.length) this.#grow()
    return ref
  }

  #slotOf(hash: number): number {
    return hash & (this.#slots.length - 1)
  }

  #isSame(ref: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#writer.bytes
    const from = this.#starts[ref]!
    if (this.#ends[ref]! - from !== end - start) return false
    for (let at = start; at < end; at++) if (own[from + at - start] !== bytes[at]) return false
    return true
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    const own = this.#writer.bytes
    for (let ref = 0; ref < this.#starts.length; ref++) {
      let slot = this.#slotOf(hashOf(own, this.#starts[ref]!, this.#ends[ref]!))
      while (this.#slots[slot] !== 0) slot = this.#slotOf(slot + 1)
      this.#slots[slot] = ref + 1
    }
  }
}

const NOTHING = new Uint8Array(0)

/** FNV-1a. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
  return hash ^ (hash >>> 15)
}
