/** Runs the module of `log-entries.ts`. */
import { LOG_ENTRIES_BASE64 } from '../generated/log-entries-wasm.js'
import { viewOf } from '../words.js'
import { copyBytes, type Writer } from '../writer.js'
import { instantiate } from './instantiate.js'
import {
  COUNT_AT,
  ENDS_AT,
  INPUT_AT,
  INPUT_BYTES,
  SEVERITIES,
  SEVERITY_AT,
  SLOT_OF_AT,
  SLOTS,
  STOP,
  slotAt,
  TAIL_AT,
  TAIL_BYTES_MAX,
  TAIL_SIZE_AT,
} from './log-entries-layout.js'

/** How many streams are written to at a time: slots are numbered from 1. */
export const ENTRY_SLOTS = SLOTS
/** Severities that may have one: those below. */
export const ENTRY_SEVERITIES = SEVERITIES

/**
 * Writes an AnyValue as JSON to the same memory, from `at` on, and says where it ends. It takes no
 * more than six bytes for each of the value's.
 */
export type ValueHook = (memory: Buffer, start: number, end: number, at: number) => number

/**
 * Writes log records as entries of Loki with lines of JSON: those without hints, a time of their
 * own and attributes as nearly all have them. Entries are gathered in slots, by severity.
 */
export class LogEntryWriter {
  readonly #memory: Buffer
  readonly #view: DataView
  readonly #run: (pos: number, end: number) => number
  /** What lies in the input. */
  #bytes: Uint8Array | undefined
  #from = 0
  #until = 0
  /** It stopped for want of a slot, or of room in it, for a record of the severity. */
  needsSlot = false

  private constructor(memory: Buffer, run: (pos: number, end: number) => number) {
    this.#memory = memory
    this.#view = viewOf(memory)
    this.#run = run
  }

  /** Undefined where WebAssembly can not be had. It keeps 1.2 MiB. */
  static create(value: ValueHook): LogEntryWriter | undefined {
    const hostValue = (start: number, end: number, at: number) => value(memory, start, end, at)
    const instance = instantiate(LOG_ENTRIES_BASE64, { hostValue })
    if (!instance) return undefined
    const memory = Buffer.from(instance.memory)
    return new LogEntryWriter(memory, instance.run['run']!)
  }

  get severity(): number {
    return this.#view.getUint32(SEVERITY_AT, true)
  }

  /** Begins with other bytes, with what its lines end with. False where that is too long. */
  begin(tail: Buffer): boolean {
    if (tail.length > TAIL_BYTES_MAX) return false
    this.#bytes = undefined
    copyBytes(tail, 0, tail.length, this.#memory, TAIL_AT)
    this.#view.setUint32(TAIL_SIZE_AT, tail.length, true)
    return true
  }

  /** No severity has a slot. */
  clearSeverities(): void {
    this.#memory.fill(0, SLOT_OF_AT, SLOT_OF_AT + SEVERITIES)
  }

  /** Records of the severity go to the slot. */
  setSlot(severity: number, slot: number): void {
    this.#memory[SLOT_OF_AT + severity] = slot
  }

  slotOf(severity: number): number {
    return this.#memory[SLOT_OF_AT + severity]!
  }

  clearSlot(slot: number): void {
    this.#view.setUint32(ENDS_AT + slot * 4, slotAt(slot), true)
  }

  /** Bytes. */
  sizeOfSlot(slot: number): number {
    return this.#view.getUint32(ENDS_AT + slot * 4, true) - slotAt(slot)
  }

  /** Moves the entries of the slot to the writer. */
  moveSlot(slot: number, into: Writer): void {
    const start = slotAt(slot)
    into.raw(this.#memory, start, start + this.sizeOfSlot(slot))
    this.clearSlot(slot)
  }

  /** How many entries were written since this was last asked. */
  takeCount(): number {
    const count = this.#view.getUint32(COUNT_AT, true)
    this.#view.setUint32(COUNT_AT, 0, true)
    return count
  }

  /**
   * Goes over fields of a ScopeLogs from `pos` on. Says where it stopped: at the end, or at a field
   * that it does not take.
   */
  write(bytes: Uint8Array, pos: number, end: number): number {
    this.needsSlot = false
    if (this.#bytes !== bytes || pos < this.#from || pos >= this.#until) this.#load(bytes, pos, end)
    for (;;) {
      const shift = INPUT_AT - this.#from
      const stop = this.#run(pos + shift, this.#until + shift)
      pos = (stop >>> 2) - shift
      const why = stop & 3
      if (why !== STOP.end) {
        this.needsSlot = why === STOP.slot
        return pos
      }
      // At the end, or larger than all the input.
      if (pos === end || pos === this.#from) return pos
      this.#load(bytes, pos, end)
    }
  }

  #load(bytes: Uint8Array, pos: number, end: number): void {
    this.#bytes = bytes
    this.#from = pos
    this.#until = Math.min(end, pos + INPUT_BYTES)
    copyBytes(bytes, pos, this.#until, this.#memory, INPUT_AT)
  }
}
