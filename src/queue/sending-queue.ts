import { type Batch, joinBatches, type Signal, splitBatch, splitBatchBytes } from '#pdata'
import {
  type Clock,
  type Deferred,
  deferred,
  failureOf,
  Permanent,
  type Reservation,
  Retryable,
  sleep,
  type Timer,
  type Totals,
} from '#sdk'
import type { DeadLetters } from './dead-letters.js'
import { DrainRate } from './drain-rate.js'
import { formDelivery } from './form-delivery.js'
import type { BatchLimits, Delivery, Queue, QueueEvents, QueueLimits, Sizer } from './queue.js'
import { add, type Store, type Stored } from './store.js'

/** Entries that leave, or have left, as one. */
interface Group {
  readonly entries: readonly Stored[]
  readonly attempts: number
}

const NO_LIMITS: QueueLimits = {
  size: Number.POSITIVE_INFINITY,
  sizer: 'requests',
  storedBytes: Number.POSITIVE_INFINITY,
  whenFull: 'refuse',
  waitForResult: false,
}

/** What waits to be tried again stays in memory, and stops fresh data from this on. */
const DELAYED_GROUPS_MAX = 64
const DELAYED_BYTES_MAX = 32 * 1024 * 1024
/** After a failed read of what is stored. */
const READ_AGAIN_MS = 1000

/**
 * Order, room, joining and waiting, over a store that holds the data:
 *
 *   reserved -> store (waiting) -> staged -> under way -> done
 *                                     ^         |
 *                                     +-- delayed (tried again)
 */
export class SendingQueue implements Queue {
  readonly signal: Signal
  readonly isDurable: boolean
  readonly #clock: Clock
  readonly #store: Store
  readonly deadLetters: DeadLetters | undefined
  readonly #events: QueueEvents
  readonly #rate: DrainRate
  #owner: object | undefined
  #isClosed = false
  #isHurried = false
  #limits = NO_LIMITS
  #batching: BatchLimits | undefined
  /** Taken from the store, not yet under way; oldest first. */
  #staged: Stored[] = []
  /** To be taken before those: tried again, or divided. */
  #again: Group[] = []
  /** Waiting to be tried again, with the timer that makes each ready. */
  readonly #delayed = new Map<Group, Timer>()
  /** Senders that wait for the delivery. */
  readonly #waiters = new Map<Batch, Deferred>()
  /** Taken from the store and not done. */
  readonly #taken = { requests: 0, items: 0, bytes: 0 }
  readonly #reserved = { requests: 0, items: 0, bytes: 0 }
  /** Those who wait for room, for data, or for the queue to be empty. */
  #waitingForRoom: Deferred[] = []
  #takers: Deferred[] = []
  #waitingForEmpty: Deferred[] = []
  #flush: Timer | undefined

  constructor(
    clock: Clock,
    signal: Signal,
    store: Store,
    events: QueueEvents,
    dead?: DeadLetters | undefined,
  ) {
    this.#clock = clock
    this.signal = signal
    this.#store = store
    this.#events = events
    this.deadLetters = dead
    this.isDurable = store.isDurable
    this.#rate = new DrainRate(clock)
  }

  get owner(): object | undefined {
    return this.#owner
  }

  set owner(owner: object | undefined) {
    this.#owner = owner
    wakeAll(this.#waitingForEmpty)
  }

  get held(): Totals {
    const { waiting } = this.#store
    return {
      requests: waiting.requests + this.#taken.requests,
      items: waiting.items + this.#taken.items,
      bytes: waiting.bytes + this.#taken.bytes,
    }
  }

  get storedBytes(): number {
    return this.#store.storedBytes
  }

  get oldestMs(): number {
    let oldest = this.#store.oldestAt ?? Number.POSITIVE_INFINITY
    for (const { cameAt } of this.#staged) oldest = Math.min(oldest, cameAt)
    for (const { entries } of [...this.#again, ...this.#delayed.keys()]) {
      for (const { cameAt } of entries) oldest = Math.min(oldest, cameAt)
    }
    return oldest < Number.POSITIVE_INFINITY ? this.#clock.monotonic() - oldest : 0
  }

  async reserve(batch: Batch): Promise<Reservation> {
    this.#refuseIfClosed()
    if (batch.bytes > this.#limits.storedBytes) {
      throw new Permanent(
        `a request of ${batch.bytes} bytes is larger than the sending queue (${this.#limits.storedBytes} bytes)`,
      )
    }
    while (!this.#hasRoom(batch)) await this.#makeRoom(batch)
    add(this.#reserved, 1, batch.items, batch.bytes)
    let released = false
    return {
      release: () => {
        if (released) return
        released = true
        add(this.#reserved, -1, -batch.items, -batch.bytes)
        wakeAll(this.#waitingForRoom)
      },
    }
  }

  async put(batch: Batch): Promise<void> {
    this.#refuseIfClosed()
    const parts = this.#split(batch)
    if (!this.#limits.waitForResult) {
      await this.#store.append(parts)
      this.#offer()
      return
    }
    const outcomes = parts.map((part) => {
      const waiter = deferred()
      this.#waiters.set(part, waiter)
      return waiter.promise
    })
    await this.#store.append(parts)
    this.#offer()
    this.#throwFailure(parts, await Promise.allSettled(outcomes))
  }

  async take(stop: AbortSignal): Promise<Delivery | undefined> {
    while (!stop.aborted) {
      const group = this.#nextGroup()
      if (group) return this.#delivery(group)
      if (this.#mustFetch()) {
        await this.#store.fetch().catch(async (error: unknown) => {
          this.#events.troubled(error)
          await sleep(this.#clock, READ_AGAIN_MS, stop)
        })
        continue
      }
      const turn = deferred()
      this.#takers.push(turn)
      const wake = () => {
        // It must not be woken for data later, in place of one that still waits.
        this.#takers = this.#takers.filter((taker) => taker !== turn)
        turn.resolve()
      }
      stop.addEventListener('abort', wake, { once: true })
      await turn.promise
      stop.removeEventListener('abort', wake)
    }
    // This taker may have been woken for data that it now leaves.
    this.#offer()
    return undefined
  }

  configure(limits: QueueLimits, batching: BatchLimits | undefined): void {
    this.#limits = limits
    this.#batching = batching
    wakeAll(this.#waitingForRoom)
    this.#offer()
  }

  async drained(giveUp: AbortSignal): Promise<void> {
    const wake = () => wakeAll(this.#waitingForEmpty)
    giveUp.addEventListener('abort', wake, { once: true })
    const owner = this.#owner
    // Nobody waits for more to join.
    this.#isHurried = true
    this.#offer()
    while (this.held.requests > 0 && !giveUp.aborted && this.#owner === owner) {
      const empty = deferred()
      this.#waitingForEmpty.push(empty)
      await empty.promise
    }
    this.#isHurried = false
    giveUp.removeEventListener('abort', wake)
  }

  first(count: number): readonly Stored[] {
    const groups = [...this.#delayed.keys(), ...this.#again]
    const tried = groups.flatMap(({ entries, attempts }) =>
      entries.map((entry) => ({ ...entry, attempts })),
    )
    const known = [...tried, ...this.#staged]
    return [...known, ...this.#store.first(Math.max(0, count - known.length))].slice(0, count)
  }

  async discard(failure: Error): Promise<Totals> {
    const gone = { requests: 0, items: 0, bytes: 0 }
    // What comes meanwhile may stay.
    for (let left = this.held.requests; left > 0; ) {
      await this.#store.fetch()
      const entries = this.#takeAtHand(left)
      if (entries.length === 0) break
      left -= entries.length
      for (const entry of entries) {
        const { batch, bytes } = entry
        if (!this.#waiters.has(batch)) add(gone, 1, batch.items, bytes)
        this.#settle(entry, failure)
      }
    }
    this.#changed()
    return gone
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const timer of this.#delayed.values()) timer.cancel()
    this.#flush?.cancel()
    if (!this.isDurable) this.#giveUp()
    this.#changed()
    await this.#store.close()
    await this.deadLetters?.close()
  }

  /** There is more room than before. */
  freed(): void {
    wakeAll(this.#waitingForRoom)
  }

  #giveUp(): void {
    let lost = 0
    for (const entry of this.#takeAtHand(Number.POSITIVE_INFINITY)) {
      const waiter = this.#waiters.get(entry.batch)
      if (waiter) waiter.reject(closedError())
      else lost += entry.batch.items
      this.#leave(entry)
    }
    if (lost > 0) this.#events.lost(lost)
  }

  /** Takes out all that is in memory and not under way, but no more than `max` from the store. */
  #takeAtHand(max: number): readonly Stored[] {
    for (const timer of this.#delayed.values()) timer.cancel()
    const groups = [...this.#again, ...this.#delayed.keys()]
    const entries = [...groups.flatMap((group) => group.entries), ...this.#staged]
    this.#delayed.clear()
    this.#again = []
    this.#staged = []
    while (entries.length < max) {
      const next = this.#store.next()
      if (!next) break
      entries.push(next)
      add(this.#taken, 1, next.batch.items, next.bytes)
    }
    return entries
  }

  #refuseIfClosed(): void {
    if (this.#isClosed) throw closedError()
  }

  /** The failure of any part is that of the whole: its sender sends all of it again, or nothing. */
  #throwFailure(parts: readonly Batch[], outcomes: readonly PromiseSettledResult<void>[]): void {
    const failure = failureOf(outcomes)
    if (!failure) return
    const delivered = parts.filter((_, index) => outcomes[index]!.status === 'fulfilled')
    if (delivered.length > 0) {
      this.#events.repeated(delivered.reduce((sum, { items }) => sum + items, 0))
    }
    throw failure
  }

  #hasRoom(batch: Batch): boolean {
    const { size, sizer, storedBytes } = this.#limits
    const { held } = this
    if (this.#store.storedBytes + this.#reserved.bytes + batch.bytes > storedBytes) return false
    // What would never fit is taken alone, so that no sender waits for ever.
    if (held.requests + this.#reserved.requests === 0) return true
    return held[sizer] + this.#reserved[sizer] + sizeOf(batch, sizer) <= size
  }

  /** Waits for a change where the limits say so, or drops what is oldest; else refuses. */
  async #makeRoom(batch: Batch): Promise<void> {
    const { size, sizer, whenFull, storedBytes } = this.#limits
    const isReclaimed = await this.#store.reclaim()
    this.#refuseIfClosed()
    if (isReclaimed || this.#hasRoom(batch)) return
    if (whenFull === 'drop_oldest' && (await this.#dropOldest())) return
    if (whenFull !== 'wait') {
      const what = this.held[sizer] + sizeOf(batch, sizer) > size ? `${size} ${sizer}` : undefined
      throw new Retryable(`the sending queue is full (${what ?? `${storedBytes} bytes stored`})`, {
        retryAfterMs: this.#rate.retryAfterMs(batch.bytes),
      })
    }
    const room = deferred()
    this.#waitingForRoom.push(room)
    await room.promise
    this.#refuseIfClosed()
  }

  /** False when all that is held is under way. */
  async #dropOldest(): Promise<boolean> {
    if (this.#staged.length === 0 && !this.#stage()) {
      await this.#store.fetch()
      if (this.#staged.length === 0 && !this.#stage()) return false
    }
    const oldest = this.#staged.shift()!
    this.#leave(oldest)
    this.#events.crowdedOut(oldest.batch.items)
    return true
  }

  #split(batch: Batch): readonly Batch[] {
    const limits = this.#batching
    if (limits && limits.maxSize > 0) {
      return limits.sizer === 'items'
        ? splitBatch(batch, limits.maxSize)
        : splitBatchBytes(batch, limits.maxSize)
    }
    const max = limits ? 0 : (batch.gathering?.maxItems ?? 0)
    return max > 0 ? splitBatch(batch, max) : [batch]
  }

  #stage(): Stored | undefined {
    const next = this.#store.next()
    if (!next) return undefined
    this.#staged.push(next)
    add(this.#taken, 1, next.batch.items, next.bytes)
    return next
  }

  /** What is to leave next, oldest first; undefined while waiting for more pays. */
  #nextGroup(): Group | undefined {
    const again = this.#again.shift()
    if (again) return again
    if (this.#isClosed || this.#delaysTooMuch()) return undefined
    const formed = formDelivery(this.#staged, () => this.#stage(), this.#batching, this.isDurable)
    if (formed.count === 0) return undefined
    const first = this.#staged[0]!
    if (!formed.isFull && !this.#isHurried) {
      const waitMs = first.cameAt + formed.lingerMs - this.#clock.monotonic()
      if (waitMs > 0) {
        if (!this.#mustFetch()) this.#lingerFor(waitMs)
        return undefined
      }
    }
    const entries = this.#staged.splice(0, formed.count)
    first.batch.gathering?.formed(
      entries.reduce((sum, { batch }) => sum + batch.items, 0),
      formed.isFull,
    )
    return { entries, attempts: first.attempts }
  }

  /** More could be joined, or sent at all, after a read. */
  #mustFetch(): boolean {
    return this.#store.waiting.requests > 0 && !this.#isClosed && !this.#delaysTooMuch()
  }

  #delaysTooMuch(): boolean {
    if (this.#delayed.size >= DELAYED_GROUPS_MAX) return true
    let bytes = 0
    for (const { entries } of this.#delayed.keys())
      for (const entry of entries) bytes += entry.bytes
    return bytes > DELAYED_BYTES_MAX
  }

  #lingerFor(waitMs: number): void {
    this.#flush?.cancel()
    this.#flush = this.#clock.timer(waitMs, () => this.#offer())
  }

  #delivery({ entries, attempts }: Group): Delivery {
    const batches = entries.map(({ batch }) => batch)
    const batch = joinBatches(batches)
    const cameAt = Math.min(...entries.map((entry) => entry.cameAt))
    return {
      batch,
      attempts,
      awaited: batches.some((one) => this.#waiters.has(one)),
      ageMs: this.#clock.monotonic() - cameAt,
      done: (failure) => {
        for (const entry of entries) this.#settle(entry, failure)
        this.#rate.add(batch.bytes)
        this.#changed()
      },
      retry: (delayMs) => {
        const group = { entries, attempts: attempts + 1 }
        const timer = this.#clock.timer(delayMs, () => {
          this.#delayed.delete(group)
          this.#again.push(group)
          this.#offer()
        })
        this.#delayed.set(group, timer)
      },
      divide: () => this.#divide(entries, attempts),
      setAside:
        this.deadLetters &&
        (async (reason, partly) => {
          await this.deadLetters!.add(batch, reason, partly)
          for (const entry of entries) this.#settle(entry)
          this.#changed()
        }),
    }
  }

  async #divide(entries: readonly Stored[], attempts: number): Promise<boolean> {
    const [only] = entries
    if (entries.length === 1 && only!.batch.items < 2) return false
    let pieces = entries
    if (entries.length === 1) {
      const half = Math.ceil(only!.batch.items / 2)
      pieces = await this.#store.replace(only!, splitBatch(only!.batch, half))
      add(this.#taken, -1, -only!.batch.items, -only!.bytes)
      for (const { batch, bytes } of pieces) add(this.#taken, 1, batch.items, bytes)
    }
    this.#again.push(...pieces.map((piece) => ({ entries: [piece], attempts })))
    for (const _ of pieces) this.#offer()
    return true
  }

  #settle(entry: Stored, failure?: Error): void {
    this.#leave(entry)
    const waiter = this.#waiters.get(entry.batch)
    this.#waiters.delete(entry.batch)
    if (failure) waiter?.reject(failure)
    else waiter?.resolve()
  }

  #leave(entry: Stored): void {
    add(this.#taken, -1, -entry.batch.items, -entry.bytes)
    this.#store.done(entry)
  }

  /** Less is held than before. */
  #changed(): void {
    wakeAll(this.#waitingForRoom)
    if (this.held.requests === 0) wakeAll(this.#waitingForEmpty)
    // What is delayed may have kept fresh data back.
    if (this.held.requests > 0) this.#offer()
  }

  /** Wakes one taker; it wakes no other, so each entry wakes one. */
  #offer(): void {
    this.#takers.shift()?.resolve()
  }
}

function closedError(): Retryable {
  return new Retryable('the agent is shutting down')
}

function sizeOf(batch: Batch, sizer: Sizer): number {
  return sizer === 'requests' ? 1 : batch[sizer]
}

function wakeAll(waiting: Deferred[]): void {
  for (const waiter of waiting.splice(0)) waiter.resolve()
}
