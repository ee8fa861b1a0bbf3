import type { Batch } from '#pdata'
import {
  type Caller,
  type Clock,
  type Deferred,
  DrainRate,
  deferred,
  Permanent,
  type Reservation,
  Retryable,
  type Totals,
} from '#sdk'
import type { QueueLimits } from './queue.js'
import type { KeepRoom, Store } from './store.js'
import { add, none } from './totals.js'
import { refuseIfGone, WaitingLine } from './waiting-line.js'

/** What the room is in. */
export interface Occupant {
  held(): Totals
  /** False when nothing can be dropped now. */
  dropOldest(): Promise<boolean>
  /** Throws once the queue is closed. */
  refuseIfClosed(): void
}

const NO_LIMITS: QueueLimits = {
  size: Number.POSITIVE_INFINITY,
  sizer: 'requests',
  storedBytes: Number.POSITIVE_INFINITY,
  whenFull: 'refuse',
  waitForResult: false,
}
/** What comes to a queue, and what the store needs for it. */
interface Added extends Totals {
  readonly storedBytes: number
}

const SMALLEST: Added = { requests: 1, items: 1, bytes: 1, storedBytes: 1 }
const NEVER = new AbortController().signal

/** The door of a queue: who is let in, who waits, and who is sent away until when. */
export class Room {
  readonly #store: Store
  readonly #occupant: Occupant
  readonly #rate: DrainRate
  readonly #reserved = none()
  #reservedStored = 0
  readonly #line = new WaitingLine()
  /** Those who wait for a change. */
  readonly #waiting: Deferred[] = []
  /** There was no room for the last who asked, and nothing has changed since. */
  #isFull = false
  limits = NO_LIMITS

  constructor(clock: Clock, store: Store, occupant: Occupant) {
    this.#store = store
    this.#occupant = occupant
    this.#rate = new DrainRate(clock)
  }

  /** `storedBytes`: what the store needs for it. */
  async reserve(
    { items, bytes }: Batch,
    storedBytes: number,
    caller: Caller | undefined,
  ): Promise<Reservation> {
    const added = { requests: 1, items, bytes, storedBytes }
    this.#refuse(added)
    if (!this.#line.isTaken && this.#has(added)) return this.#keep(added)
    if (this.limits.whenFull !== 'wait') return this.#makeAndKeep(added, NEVER)
    return this.#line.wait(caller, (left) => this.#makeAndKeep(added, left))
  }

  /** Of what is there now, or can be given back; nobody waits for it, and nothing is dropped. */
  async reserveNow({ items, bytes }: Batch, storedBytes: number): Promise<Reservation | undefined> {
    const added = { requests: 1, items, bytes, storedBytes }
    this.#occupant.refuseIfClosed()
    if (!this.#has(added)) await this.#store.reclaim(this.keep)
    return this.#has(added) ? this.#keep(added) : undefined
  }

  /** Of the store alone, for what is held already; undefined when there is none. */
  readonly keep: KeepRoom = (storedBytes) => {
    if (!this.#canStore(storedBytes)) return undefined
    this.#reservedStored += storedBytes
    return () => {
      this.#reservedStored -= storedBytes
      this.freed()
    }
  }

  /** See `Queue.refusal`. */
  refusal(bytes: number): Retryable | undefined {
    if (!this.#isFull || this.limits.whenFull !== 'refuse') return undefined
    // An empty queue may have space that only `reserve` gets back.
    if (this.#occupant.held().requests + this.#reserved.requests === 0) return undefined
    const least = { requests: 1, items: 1, bytes, storedBytes: bytes }
    return this.#has(least) ? undefined : this.#fullError(least)
  }

  /** See `Queue.waitedFor`. */
  get waitedFor(): string | undefined {
    return this.#line.isTaken ? this.#reason(SMALLEST) : undefined
  }

  /** There may be more room than before. */
  freed(): void {
    this.#isFull = false
    wakeAll(this.#waiting)
  }

  /** So much has gone for good. */
  left(bytes: number): void {
    this.#rate.add(bytes)
  }

  #refuse({ bytes, storedBytes }: Added): void {
    const { storedBytes: max } = this.limits
    this.#occupant.refuseIfClosed()
    if (storedBytes <= max) return
    throw new Permanent(
      `a request of ${bytes} bytes is larger than the sending queue (${max} bytes)`,
    )
  }

  #canStore(bytes: number): boolean {
    return this.#store.storedBytes + this.#reservedStored + bytes <= this.limits.storedBytes
  }

  #has(added: Added): boolean {
    const { size, sizer } = this.limits
    const held = this.#occupant.held()
    if (!this.#canStore(added.storedBytes)) return false
    // What would never fit is taken alone, so that no sender waits for ever.
    if (held.requests + this.#reserved.requests === 0) return true
    if (held[sizer] + this.#reserved[sizer] + added[sizer] > size) return false
    return this.#store.isDurable || this.#store.memory.hasRoom(this.#reserved.bytes + added.bytes)
  }

  #keep({ items, bytes, storedBytes }: Added): Reservation {
    add(this.#reserved, 1, items, bytes)
    this.#reservedStored += storedBytes
    let released = false
    return {
      release: () => {
        if (released) return
        released = true
        add(this.#reserved, -1, -items, -bytes)
        this.#reservedStored -= storedBytes
        this.freed()
      },
    }
  }

  async #makeAndKeep(added: Added, left: AbortSignal): Promise<Reservation> {
    // The limits may have become smaller.
    for (this.#refuse(added); !this.#has(added); this.#refuse(added)) await this.#make(added, left)
    return this.#keep(added)
  }

  /** Waits for a change where the limits say so, or drops what is oldest; else refuses. */
  async #make(added: Added, left: AbortSignal): Promise<void> {
    if (!this.#canStore(added.storedBytes)) {
      const isReclaimed = await this.#store.reclaim(this.keep)
      this.#occupant.refuseIfClosed()
      if (isReclaimed || this.#has(added)) return
    }
    const { whenFull } = this.limits
    if (whenFull === 'drop_oldest' && (await this.#occupant.dropOldest())) return
    this.#isFull = true
    if (whenFull !== 'wait') throw this.#fullError(added)
    refuseIfGone(left)
    const change = deferred()
    this.#waiting.push(change)
    const wake = () => change.resolve()
    left.addEventListener('abort', wake, { once: true })
    await change.promise
    left.removeEventListener('abort', wake)
    refuseIfGone(left)
    this.#occupant.refuseIfClosed()
  }

  #fullError(added: Added): Retryable {
    return new Retryable(`the sending queue is full (${this.#reason(added)})`, {
      retryAfterMs: this.#rate.retryAfterMs(added.bytes),
    })
  }

  /** Which limit it is. */
  #reason(added: Added): string {
    const { size, sizer, storedBytes } = this.limits
    const held = this.#occupant.held()
    if (held[sizer] + this.#reserved[sizer] + added[sizer] > size) return `${size} ${sizer}`
    const { isDurable, memory } = this.#store
    const isBudget = !isDurable && !memory.hasRoom(this.#reserved.bytes + added.bytes)
    return isBudget ? 'the memory budget is used up' : `${storedBytes} bytes stored`
  }
}

export function closedError(): Retryable {
  return new Retryable('the agent is shutting down')
}

export function wakeAll(waiting: Deferred[]): void {
  for (const waiter of waiting.splice(0)) waiter.resolve()
}
