import type { PairReader } from './labels.js'
import type { SymbolTable } from './symbol-table.js'

/**
 * Symbols of the names and values of one series after another. Neighbours have most of them in
 * common, so those of the pair in the same place are looked at first: a comparison instead of a
 * search (2x for series of one metric).
 */
export class PairRefs {
  readonly #symbols: SymbolTable
  /** By place: name and value of the series before. */
  #before = new Int32Array(64)
  /** Of the pair that was looked up last. */
  name = 0
  value = 0

  constructor(symbols: SymbolTable) {
    this.#symbols = symbols
  }

  /** The pair that `pairs` stands at, the one at `place` in its series. */
  look(place: number, view: DataView, pairs: PairReader): void {
    const symbols = this.#symbols
    const { nameStart, nameEnd, valueStart, valueEnd } = pairs
    const at = place * 2
    if (at === this.#before.length) this.#grow()
    const before = this.#before
    let name = before[at]!
    let value = before[at + 1]!
    if (!symbols.isText(name, view, nameStart, nameEnd)) {
      name = symbols.refOf(view, nameStart, nameEnd)
    }
    if (!symbols.isText(value, view, valueStart, valueEnd)) {
      value = symbols.refOf(view, valueStart, valueEnd)
    }
    this.name = before[at] = name
    this.value = before[at + 1] = value
  }

  #grow(): void {
    const grown = new Int32Array(this.#before.length * 2)
    grown.set(this.#before)
    this.#before = grown
  }
}
