import { equalWords, viewOf } from '#wire'
import type { PairReader } from './labels.js'
import type { SymbolTable } from './symbol-table.js'

/** Of a place: where the pair of the series before lies, and its symbols. */
const COLUMNS = 4
const START = 0
const END = 1
const NAME = 2
const VALUE = 3

/**
 * Symbols of the names and values of one series after another. Neighbours have most of them in
 * common, so the pair in the same place is looked at first, as a whole and then by its parts: a
 * comparison instead of a search (3x for series of one metric).
 */
export class PairRefs {
  readonly #symbols: SymbolTable
  /** By place. */
  #before = new Int32Array(32 * COLUMNS)
  /** Where the pairs before lie. */
  #view = viewOf(new Uint8Array(0))
  /** Of the pair that was looked up last. */
  name = 0
  value = 0

  constructor(symbols: SymbolTable) {
    this.#symbols = symbols
  }

  /** Whether the pair's field in `[start, end)` is that of the series before in this place. */
  isAsBefore(place: number, view: DataView, start: number, end: number): boolean {
    if (view !== this.#view) this.#enter(view)
    const before = this.#before
    const at = place * COLUMNS
    const from = before[at + START]!
    if (before[at + END]! - from !== end - start) return false
    if (!equalWords(view, start, end, view, from)) return false
    this.name = before[at + NAME]!
    this.value = before[at + VALUE]!
    return true
  }

  /** The pair that `pairs` stands at, the one in `[start, end)` and at `place` in its series. */
  look(place: number, view: DataView, start: number, end: number, pairs: PairReader): void {
    if (view !== this.#view) this.#enter(view)
    const symbols = this.#symbols
    const { nameStart, nameEnd, valueStart, valueEnd } = pairs
    const at = place * COLUMNS
    if (at >= this.#before.length) this.#grow()
    const before = this.#before
    let name = before[at + NAME]!
    let value = before[at + VALUE]!
    if (!symbols.isText(name, view, nameStart, nameEnd)) {
      name = symbols.refOf(view, nameStart, nameEnd)
    }
    if (!symbols.isText(value, view, valueStart, valueEnd)) {
      value = symbols.refOf(view, valueStart, valueEnd)
    }
    this.name = before[at + NAME] = name
    this.value = before[at + VALUE] = value
    before[at + START] = start
    before[at + END] = end
  }

  /** In other memory there is nothing before. */
  #enter(view: DataView): void {
    this.#view = view
    for (let at = 0; at < this.#before.length; at += COLUMNS) {
      this.#before[at + START] = this.#before[at + END] = 0
    }
  }

  #grow(): void {
    const grown = new Int32Array(this.#before.length * 2)
    grown.set(this.#before)
    this.#before = grown
  }
}
