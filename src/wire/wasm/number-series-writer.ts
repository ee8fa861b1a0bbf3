/** Runs the module of `number-series.ts`. */
import { NUMBER_SERIES_BASE64 } from '../generated/number-series-wasm.js'
import { viewOf } from '../words.js'
import { copyBytes } from '../writer.js'
import { instantiate } from './instantiate.js'
import {
  ATTRIBUTE_BYTES,
  ATTRIBUTES_MAX,
  COUNT_AT,
  END_AT,
  INPUT_AT,
  INPUT_BYTES,
  NAME_AT,
  NAME_BYTES_MAX,
  NAME_SIZE_AT,
  NEWEST_AT,
  PROGRAM_HEAD_BYTES,
  PROGRAMS_AT,
  PROGRAMS_BYTES,
  ROW_BYTES,
  ROWS_AT,
  SERIES_AT,
  STEP_BYTES,
  STOP,
  TEXT_BYTES_MAX,
} from './number-series-layout.js'

/** How labels are made of points that have the same keys. */
export interface NumberProgram {
  /** Of each attribute, in the order they come: its key as a field, and the tag of its value. */
  readonly fields: readonly Uint8Array[]
  /**
   * In the order of the labels: label pairs as they are; of an attribute its place and the label's
   * name as a field, with the tag of a value; or the metric's name.
   */
  readonly steps: readonly (
    | { readonly pairs: Uint8Array }
    | { readonly attribute: number; readonly name: Uint8Array }
    | 'name'
  )[]
}

/** The text of an AnyValue that is neither a string, a bool nor a small integer. */
type TextHook = (memory: Buffer, start: number, end: number) => string

type Run = (pos: number, end: number, program: number, isCounter: number) => number

/** Writes data points of gauges and sums as series of remote-write 1.0: those without exemplars. */
export class NumberSeriesWriter {
  readonly #memory: Buffer
  readonly #view: DataView
  readonly #run: Run
  /** What lies in the input. */
  #bytes: Uint8Array | undefined
  #from = 0
  #until = 0
  #name: Uint8Array | undefined
  #programsEnd = PROGRAMS_AT
  /** Another number once all programs are gone. */
  generation = 0
  /** It stopped for want of room. */
  needsRoom = false

  private constructor(memory: Buffer, run: Run) {
    this.#memory = memory
    this.#view = viewOf(memory)
    this.#run = run
  }

  /** Undefined where WebAssembly can not be had. It keeps 320 KiB. */
  static create(text: TextHook): NumberSeriesWriter | undefined {
    const hostText = (start: number, end: number, at: number) => {
      const value = text(memory, start, end)
      // In UTF-8 a character takes up to three bytes.
      return value.length * 3 > TEXT_BYTES_MAX ? 0 : at + memory.write(value, at)
    }
    const instance = instantiate(NUMBER_SERIES_BASE64, { hostText })
    if (!instance) return undefined
    const memory = Buffer.from(instance.memory)
    return new NumberSeriesWriter(memory, instance.run['points']!)
  }

  /** Begins with other bytes; what was not taken is lost. */
  begin(): void {
    this.#bytes = this.#name = undefined
    this.#clear()
    this.takeNewest()
  }

  /** Of the metric, as a label pair. False where it is too long. */
  setName(pair: Uint8Array): boolean {
    if (pair === this.#name) return true
    if (pair.length > NAME_BYTES_MAX) return false
    this.#name = pair
    copyBytes(pair, 0, pair.length, this.#memory, NAME_AT)
    this.#view.setUint32(NAME_SIZE_AT, pair.length, true)
    return true
  }

  /** Loads a program; 0 where it is too large. It may take the room of all others. */
  load({ fields, steps }: NumberProgram): number {
    const parts = steps.map((one) =>
      one === 'name' ? NOTHING : 'pairs' in one ? one.pairs : one.name,
    )
    const bytes = sizeOf(parts)
    const head = PROGRAM_HEAD_BYTES + fields.length * ATTRIBUTE_BYTES + steps.length * STEP_BYTES
    // Words lie at multiples of four.
    const size = (head + sizeOf(fields) + bytes + 3) & ~3
    if (size > PROGRAMS_BYTES || fields.length > ATTRIBUTES_MAX) return 0
    if (this.#programsEnd + size > PROGRAMS_AT + PROGRAMS_BYTES) {
      this.generation++
      this.#programsEnd = PROGRAMS_AT
    }
    const program = this.#programsEnd
    this.#programsEnd += size
    let [word, at] = [program, program + head]
    const put = (value: number) => {
      this.#view.setUint32(word, value, true)
      word += 4
    }
    const putBytes = (part: Uint8Array) => {
      copyBytes(part, 0, part.length, this.#memory, at)
      put(at)
      put(part.length)
      at += part.length
    }
    for (const value of [fields.length, steps.length, bytes]) put(value)
    for (const field of fields) putBytes(field)
    for (const [n, one] of steps.entries()) {
      put(one !== 'name' && 'attribute' in one ? ROWS_AT + one.attribute * ROW_BYTES : 0)
      putBytes(parts[n]!)
    }
    return program
  }

  /**
   * Goes over fields of a Gauge or a Sum from `pos` on. Says where it stopped: at the end, or at a
   * field that it does not take.
   */
  write(bytes: Uint8Array, pos: number, end: number, program: number, isCounter: boolean): number {
    this.needsRoom = false
    if (this.#bytes !== bytes || pos < this.#from || pos >= this.#until) this.#load(bytes, pos)
    for (;;) {
      const shift = INPUT_AT - this.#from
      const until = Math.min(end, this.#until)
      const stop = this.#run(pos + shift, until + shift, program, isCounter ? 1 : 0)
      pos = (stop >>> 2) - shift
      const why = stop & 3
      if (why !== STOP.end) {
        this.needsRoom = why === STOP.room
        return pos
      }
      // At the end, or larger than all the input.
      if (pos === end || pos === this.#from) return pos
      this.#load(bytes, pos)
    }
  }

  /** Bytes of series that were not taken. */
  get size(): number {
    return this.#view.getUint32(END_AT, true) - SERIES_AT
  }

  /** Hands over the series, as fields of a request, and how many samples are in them. */
  take(sink: (bytes: Uint8Array, start: number, end: number, items: number) => void): void {
    const items = this.#view.getUint32(COUNT_AT, true)
    if (items > 0) sink(this.#memory, SERIES_AT, SERIES_AT + this.size, items)
    this.#clear()
  }

  /** The newest time of a sample since this was last asked, in milliseconds; 0 without one. */
  takeNewest(): number {
    const view = this.#view
    const newest = view.getUint32(NEWEST_AT + 4, true) * 2 ** 32 + view.getUint32(NEWEST_AT, true)
    view.setFloat64(NEWEST_AT, 0)
    return newest
  }

  #clear(): void {
    this.#view.setUint32(END_AT, SERIES_AT, true)
    this.#view.setUint32(COUNT_AT, 0, true)
  }

  /** More than was asked for: what is behind is mostly asked for next. */
  #load(bytes: Uint8Array, pos: number): void {
    this.#bytes = bytes
    this.#from = pos
    this.#until = Math.min(bytes.length, pos + INPUT_BYTES)
    copyBytes(bytes, pos, this.#until, this.#memory, INPUT_AT)
  }
}

const NOTHING = new Uint8Array(0)

function sizeOf(all: readonly Uint8Array[]): number {
  return all.reduce((size, { length }) => size + length, 0)
}
