import { equalWords, viewOf, Writer } from '#wire'

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
    this.refOf(viewOf(new Uint8Array(0)), 0, 0)
  }

  written(): Buffer {
    return this.#writer.written()
  }

  refOfText(text: string): number {
    const view = viewOf(Buffer.from(text))
    return this.refOf(view, 0, view.byteLength)
  }

  refOf(view: DataView, start: number, end: number): number {
    let slot = this.#slotOf(hashOf(view, start, end))
    for (let taken = this.#slots[slot]!; taken !== 0; taken = this.#slots[slot]!) {
      if (this.isText(taken - 1, view, start, end)) return taken - 1
      slot = this.#slotOf(slot + 1)
    }
    return this.#add(slot, view, start, end)
  }

  /** Whether it is the number of this text. */
  isText(ref: number, view: DataView, start: number, end: number): boolean {
    const from = this.#starts[ref]!
    if (this.#ends[ref]! - from !== end - start) return false
    return equalWords(view, start, end, this.#writer.view, from)
  }

  #add(slot: number, view: DataView, start: number, end: number): number {
    const writer = this.#writer
    writer.tag(this.#field, 2)
    writer.varint(end - start)
    writer.words(view, start, end)
    const ref = this.#starts.push(writer.pos - (end - start)) - 1
    this.#ends.push(writer.pos)
    this.#slots[slot] = ref + 1
    if (this.#starts.length * 2 > this.#slots.length) this.#grow()
    return ref
  }

  #slotOf(hash: number): number {
    return hash & (this.#slots.length - 1)
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    const own = this.#writer.view
    for (let ref = 0; ref < this.#starts.length; ref++) {
      let slot = this.#slotOf(hashOf(own, this.#starts[ref]!, this.#ends[ref]!))
      while (this.#slots[slot] !== 0) slot = this.#slotOf(slot + 1)
      this.#slots[slot] = ref + 1
    }
  }
}

/** FNV-1a of words, its upper bits folded into those that pick a slot. */
function hashOf(view: DataView, start: number, end: number): number {
  let hash = 0x811c9dc5
  let pos = start
  for (; pos + 4 <= end; pos += 4) hash = Math.imul(hash ^ view.getInt32(pos, true), 0x01000193)
  for (; pos < end; pos++) hash = Math.imul(hash ^ view.getUint8(pos), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}
