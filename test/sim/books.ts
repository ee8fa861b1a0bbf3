import type { FakeDisk } from '#support'
import { findRecords } from '../../src/queue/recovery.js'
import {
  readMarks,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
} from '../../src/queue/segment-format.js'
import { numbersIn } from './numbered.js'

/** What is written down of what has left this long after, with a slow disk. */
const MARKED_AFTER_MS = 500

/** Why an item may come to the destination once more. */
export type Cause =
  | 'lost answer'
  | 'sender tried again'
  | 'crash before its mark'
  | 'crash amid a copy'
  | 'mark lost with the power'
  | 'mark damaged'
  | 'mark could not be written'
  | 'piece in memory'

/** How a process ended. */
export type End = 'stop' | 'kill' | 'power'

interface Item {
  /** In the order of the acknowledgements. */
  ackedAs: number | undefined
  delivered: number
  /** The agent heard of its delivery; undefined while it has not. */
  answeredAt: number | undefined
  isDivided: boolean
  /** Its place in the queue is not that of its acknowledgement. */
  isSentTwice: boolean
  allowed: Cause[]
}

/** What became of every item, by the senders' and the destination's own account. */
export class Books {
  readonly #items = new Map<number, Item>()
  #acks = 0
  readonly repeats = new Map<Cause, number>()
  readonly faults: string[] = []
  /** What happened, for whoever looks into a seed. */
  readonly trace: string[] = []
  /** When a write of marks last could fail. */
  faultyAt = Number.NEGATIVE_INFINITY
  marksDamaged = false

  get acked(): readonly number[] {
    return [...this.#items]
      .filter(([, item]) => item.ackedAs !== undefined)
      .map(([number]) => number)
  }

  add(numbers: readonly number[]): void {
    const item = {
      ackedAs: undefined,
      delivered: 0,
      answeredAt: undefined,
      isDivided: false,
      isSentTwice: false,
    }
    for (const number of numbers) this.#items.set(number, { ...item, allowed: [] })
  }

  note(now: number, what: string, numbers: readonly number[] = []): void {
    this.trace.push(`${now.toFixed(0)} ${what} ${numbers}`)
  }

  get ackCount(): number {
    return this.#acks
  }

  /** Says when a process did not try first what was acknowledged first, before it began. */
  checkOrder(tried: readonly number[], ackedBefore: number): void {
    const order = [...new Set(tried)]
      .map((number) => this.#items.get(number)!)
      .filter(({ isSentTwice }) => !isSentTwice)
      .map(({ ackedAs }) => ackedAs ?? Number.POSITIVE_INFINITY)
      .filter((ackedAs) => ackedAs < ackedBefore)
    const wrong = order.findIndex((ackedAs, at) => at > 0 && ackedAs < order[at - 1]!)
    if (wrong >= 0) this.faults.push(`out of order after a restart: ${order.slice(0, wrong + 1)}`)
  }

  ack(numbers: readonly number[]): void {
    for (const number of numbers) this.#items.get(number)!.ackedAs = this.#acks++
  }

  allow(numbers: Iterable<number>, cause: Cause): void {
    for (const number of numbers) this.#items.get(number)?.allowed.push(cause)
  }

  /** The destination refused a delivery that they were part of. */
  refuse(numbers: readonly number[]): void {
    for (const number of numbers) this.#items.get(number)!.isDivided = true
  }

  deliver(numbers: readonly number[], now: number): void {
    this.note(now, 'deliver', numbers)
    for (const number of numbers) {
      const item = this.#items.get(number)!
      item.answeredAt = undefined
      if (++item.delivered === 1) continue
      const cause = item.allowed.pop()
      if (cause) this.repeats.set(cause, (this.repeats.get(cause) ?? 0) + 1)
      else this.faults.push(`item ${number} was delivered ${item.delivered} times at ${now}`)
    }
  }

  answer(numbers: readonly number[], now: number): void {
    for (const number of numbers) this.#items.get(number)!.answeredAt = now
  }

  isDelivered(number: number): boolean {
    return this.#items.get(number)!.delivered > 0
  }

  /**
   * What a process that finds this disk delivers, and what of it is no news. `unsent`: what senders
   * have not been told is safe.
   */
  restart(disk: FakeDisk, end: End, now: number, unsent: ReadonlySet<number>): void {
    const live = liveIn(disk, '/queue/')
    for (const [number, item] of this.#items) {
      const copies = live.get(number) ?? 0
      const [before] = item.allowed
      item.allowed = []
      const isThere = copies > 0 || item.delivered > 0
      if (isThere && unsent.has(number)) {
        item.allowed.push('sender tried again')
        item.isSentTwice = true
      }
      if (copies === 0) continue
      for (let more = 1; more < copies; more++) item.allowed.push('crash amid a copy')
      if (item.delivered === 0) continue
      // What could come again and has not yet still can.
      const cause = this.#causeAfter(item, end, now) ?? before
      if (cause) item.allowed.push(cause)
    }
  }

  #causeAfter(item: Item, end: End, now: number): Cause | undefined {
    if (item.answeredAt === undefined) return 'lost answer'
    if (this.marksDamaged) return 'mark damaged'
    if (this.faultyAt >= item.answeredAt) return 'mark could not be written'
    if (end === 'stop') return undefined
    if (end === 'power') return 'mark lost with the power'
    if (now - item.answeredAt <= MARKED_AFTER_MS) return 'crash before its mark'
    return item.isDivided ? 'piece in memory' : undefined
  }
}

/** How often each item lies in records that are sound and not marked as gone. */
function liveIn(disk: FakeDisk, folder: string): ReadonlyMap<number, number> {
  const live = new Map<number, number>()
  for (const path of disk.paths.filter((one) => one.includes(folder) && one.endsWith('.seg'))) {
    const file = disk.content(path)!
    const header = readSegmentHeader(file.subarray(0, SEGMENT_HEADER_BYTES))
    if (typeof header !== 'object') continue
    const marks = disk.content(path.replace('.seg', '.done')) ?? Buffer.alloc(0)
    const left = new Set(readMarks(marks, header.salt))
    const { index } = findRecords(file, header.salt)
    for (let record = 0; record < index.count; record++) {
      const at = index.offset(record)
      if (left.has(at)) continue
      for (const number of numbersIn(file.subarray(at, at + index.bytes(record)))) {
        live.set(number, (live.get(number) ?? 0) + 1)
      }
    }
  }
  return live
}
