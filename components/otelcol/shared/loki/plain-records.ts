import { copyBytes, ENTRY_SEVERITIES, ENTRY_SLOTS, LogEntryWriter, viewOf, Writer } from '#wire'
import { writeJsonValue } from './json.js'
import { isText } from './line-writer.js'
import type { Plan } from './resource-labels.js'
import type { Stream, Streams } from './streams.js'

/** Made for the first batch, for all converters; null: can not be. */
let module: LogEntryWriter | null | undefined

const LEAVE_MAX = 128

/**
 * Records that have no labels of their own, and all that is usual: WebAssembly writes them, in a
 * third of the time. The entries of a stream wait in a slot for others until it is full, all slots
 * are taken, or somebody else writes to the stream.
 */
export class PlainRecords {
  readonly #streams: Streams
  readonly #streamOf: (plan: Plan, severity: number) => Stream
  /** By their slots, which are numbered from 1. */
  readonly #slots: Stream[] = []
  #plan: Plan | undefined
  #isOff = false
  /** How many records to leave to others: now, and once more when the next is not plain. */
  #left = 0
  #leave = 1

  /** `streamOf` is for records of a plan and a severity. */
  constructor(streams: Streams, streamOf: (plan: Plan, severity: number) => Stream) {
    this.#streams = streams
    this.#streamOf = streamOf
  }

  /** With `byScript` it takes none. */
  begin(byScript: boolean): void {
    this.#isOff = byScript
    if (byScript) return
    if (module === undefined) module = LogEntryWriter.create(writeValue) ?? null
    // Of a batch that was not finished.
    module?.takeCount()
    this.#slots.length = 0
    this.#plan = undefined
  }

  /** For records that follow, whose lines end with `tail`. False where none can be taken. */
  setPlan(plan: Plan, tail: Buffer, format: string | undefined): boolean {
    if (this.#isOff || isText(format) || !module?.begin(tail)) return false
    if (plan === this.#plan) return true
    this.#plan = plan
    module.clearSeverities()
    for (let severity = 0; severity < ENTRY_SEVERITIES; severity++) {
      const stream = plan.bySeverity[severity]
      if (stream && this.#hasSlot(stream)) module.setSlot(severity, stream.slot)
    }
    return true
  }

  /**
   * Writes records of a ScopeLogs, from one on; where it stopped, which is at what others are to
   * see to. After one that is not plain it leaves more and more of those that follow to others:
   * most likely they are not plain either.
   */
  write(bytes: Buffer, start: number, end: number): number {
    if (this.#left > 0) {
      this.#left--
      return start
    }
    let pos = start
    do pos = module!.write(bytes, pos, end)
    while (module!.needsSlot && this.#makeRoom())
    this.#leave = pos === start ? Math.min(this.#leave * 2, LEAVE_MAX) : 1
    if (pos < end) this.#left = this.#leave - 1
    return pos
  }

  /** Before somebody else writes to the stream. */
  release(stream: Stream): void {
    if (this.#hasSlot(stream)) this.#move(stream)
  }

  finish(): void {
    if (this.#isOff || !module) return
    for (const stream of this.#slots.slice(1)) this.#move(stream)
    this.#streams.count(module.takeCount())
  }

  /** False where there is none for so long a record. */
  #makeRoom(): boolean {
    const { severity } = module!
    const slot = module!.slotOf(severity)
    if (slot === 0) {
      this.#addSlot(severity)
      return true
    }
    if (module!.sizeOfSlot(slot) === 0) return false
    this.#move(this.#slots[slot]!)
    return true
  }

  #addSlot(severity: number): void {
    const slots = this.#slots
    if (slots.length > ENTRY_SLOTS) {
      for (const stream of slots.slice(1)) this.#move(stream)
      slots.length = 0
      module!.clearSeverities()
    }
    const stream = this.#streamOf(this.#plan!, severity)
    if (!this.#hasSlot(stream)) {
      stream.slot = Math.max(1, slots.length)
      slots[stream.slot] = stream
      module!.clearSlot(stream.slot)
    }
    module!.setSlot(severity, stream.slot)
  }

  #hasSlot(stream: Stream): boolean {
    return this.#slots[stream.slot] === stream
  }

  #move(stream: Stream): void {
    // A record that others wrote may have had the slot made for nothing.
    if (module!.sizeOfSlot(stream.slot) === 0) return
    module!.moveSlot(stream.slot, this.#streams.open(stream))
  }
}

const scratch = new Writer(256)

function writeValue(memory: Buffer, start: number, end: number, at: number): number {
  scratch.pos = 0
  writeJsonValue(scratch, memory, memoryView(memory), start, end)
  copyBytes(scratch.bytes, 0, scratch.pos, memory, at)
  return at + scratch.pos
}

let view = viewOf(scratch.bytes)

/** Kept: memory stays the same. */
function memoryView(memory: Buffer): DataView {
  if (view.buffer !== memory.buffer) view = viewOf(memory)
  return view
}
