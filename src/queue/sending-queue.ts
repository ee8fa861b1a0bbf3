import { type Batch, type BatchLimits, joinBatches, type Signal, splitBatch } from '#pdata'
import {
  type Caller,
  type Clock,
  type Deferred,
  deferred,
  failureOf,
  type Reservation,
  Retryable,
  sleep,
  type Timer,
  type Totals,
} from '#sdk'
import type { DeadLetters } from './dead-letters.js'
import { Delayed, type Group } from './delayed.js'
import { formDelivery } from './form-delivery.js'
import { KeptBatch, lastingCopy, recycle } from './kept-batch.js'
import { chained, chainOf, itemsOf, lanesOf } from './lanes.js'
import { Outcomes } from './outcomes.js'
import { Parts } from './parts.js'
import type { Dispatch, Queue, QueueEvents, QueueLimits } from './queue.js'
import { closedError, Room, wakeAll } from './room.js'
import type { Store, Stored } from './store.js'
import { Takers } from './takers.js'
import { add, exchange, NOTHING } from './totals.js'

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
  readonly #dead: DeadLetters | undefined
  readonly #events: QueueEvents
  #owner: object | undefined
  #isClosed = false
  #isPutAway = false
  #isHurried = false
  readonly #room: Room
  #batching: BatchLimits | undefined
  /** Taken from the store, not yet under way; oldest first. */
  #staged: Stored[] = []
  /** To be taken before those: tried again, or divided. */
  #again: Group[] = []
  readonly #delayed: Delayed
  /** Deliveries that are not done. */
  #underWay = 0
  readonly #outcomes = new Outcomes()
  /** Taken from the store and not done. */
  readonly #taken = { requests: 0, items: 0, bytes: 0 }
  readonly #parts = new Parts()
  readonly #takers = new Takers()
  /** Those who wait for the queue to be empty. */
  #waitingForEmpty: Deferred[] = []
  #flush: Timer | undefined
  #troubledAt = Number.NEGATIVE_INFINITY

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
    this.#dead = dead
    this.isDurable = store.isDurable
    const isTight = () => store.isDurable && store.memory.isTight()
    this.#delayed = new Delayed(clock, isTight, (group) => {
      this.#again.push(group)
      this.#takers.offer()
    })
    this.#room = new Room(clock, store, {
      held: () => this.held,
      dropOldest: () => this.#dropOldest(),
      refuseIfClosed: () => this.#refuseIfClosed(),
    })
  }

  get owner(): object | undefined {
    return this.#owner
  }

  set owner(owner: object | undefined) {
    this.#owner = owner
    wakeAll(this.#waitingForEmpty)
  }

  get held(): Totals {
    // What is on disk is there for whoever opens it next.
    if (this.#isPutAway) return NOTHING
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

  get deadLetters(): DeadLetters | undefined {
    return this.#dead
  }

  get oldestMs(): number {
    let oldest = this.#store.oldestAt ?? Number.POSITIVE_INFINITY
    for (const { cameAt } of this.#staged) oldest = Math.min(oldest, cameAt)
    for (const { entries } of [...this.#again, ...this.#delayed.groups].flatMap(chainOf)) {
      for (const { cameAt } of entries) oldest = Math.min(oldest, cameAt)
    }
    return oldest < Number.POSITIVE_INFINITY ? this.#clock.monotonic() - oldest : 0
  }

  reserve(batch: Batch, caller?: Caller): Promise<Reservation> {
    return this.#room.reserve(batch, this.#sizeOf(batch), caller)
  }

  refusal(bytes: number): Retryable | undefined {
    return this.#room.refusal(bytes)
  }

  get waitedFor(): string | undefined {
    return this.#room.waitedFor
  }

  reserveNow(batch: Batch): Promise<Reservation | undefined> {
    return this.#room.reserveNow(batch, this.#sizeOf(batch))
  }

  async put(batch: Batch): Promise<void> {
    this.#refuseIfClosed()
    const lent = this.#parts.of(batch, this.#batching)
    this.#parts.forget(batch)
    if (!this.#room.limits.waitForResult) {
      await this.#store.append(lent)
      this.#takers.offer()
      return
    }
    const parts = lent.map(lastingCopy)
    const outcomes = Promise.allSettled(parts.map((part) => this.#outcomes.of(part)))
    try {
      await this.#store.append(parts, true)
    } catch (error) {
      this.#outcomes.forget(parts)
      throw error
    }
    this.#takers.offer()
    this.#throwFailure(parts, await outcomes)
  }

  async take(stop: AbortSignal): Promise<Dispatch | undefined> {
    while (!stop.aborted) {
      const group = this.#nextGroup()
      if (group) {
        // Whoever came with it has woken one taker alone.
        if (this.#hasMore()) this.#takers.offer()
        return this.#dispatch(group)
      }
      const { offers } = this.#takers
      if (this.#mustFetch() && ((await this.#fetch(stop)) || offers !== this.#takers.offers)) {
        continue
      }
      await this.#takers.turn(stop)
    }
    // This taker may have been woken for data that it now leaves.
    this.#takers.offer()
    return undefined
  }

  configure(limits: QueueLimits, batching: BatchLimits | undefined): void {
    this.#room.limits = limits
    this.#batching = batching
    this.freed()
    this.#takers.offer()
  }

  async drained(giveUp: AbortSignal): Promise<void> {
    const wake = () => wakeAll(this.#waitingForEmpty)
    giveUp.addEventListener('abort', wake, { once: true })
    const owner = this.#owner
    // Nobody waits for more to join.
    this.#isHurried = true
    this.#takers.offer()
    while (this.held.requests > 0 && !giveUp.aborted && this.#owner === owner) {
      const empty = deferred()
      this.#waitingForEmpty.push(empty)
      await empty.promise
    }
    this.#isHurried = false
    giveUp.removeEventListener('abort', wake)
  }

  wake(): void {
    this.#delayed.wake()
  }

  first(count: number): readonly Stored[] {
    const groups = [...this.#delayed.groups, ...this.#again].flatMap(chainOf)
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
      const entries = this.#takeAtHand(this.#delayed.clear(), left)
      if (entries.length === 0) break
      left -= entries.length
      for (const entry of entries) {
        const { batch, bytes } = entry
        if (!this.#outcomes.settle(batch, failure)) add(gone, 1, batch.items, bytes)
        this.#leave(entry)
      }
    }
    this.#changed()
    return gone
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#flush?.cancel()
    const delayed = this.#delayed.clear()
    if (!this.isDurable) this.#giveUp(this.#takeAtHand(delayed, Number.POSITIVE_INFINITY))
    this.#changed()
    try {
      await this.#store.close()
    } finally {
      if (this.isDurable) this.#putAway()
      await this.#dead?.close()
    }
  }

  /** What was being written when it was closed is among it. */
  #putAway(): void {
    this.#events.putAway(this.held.items)
    this.#isPutAway = true
  }

  /** There is more room than before. */
  freed(): void {
    this.#room.freed()
  }

  /** Takes out what is in memory and not under way; of the store, no more than makes it `max`. */
  #takeAtHand(delayed: readonly Group[], max: number): readonly Stored[] {
    const groups = [...this.#again, ...delayed].flatMap(chainOf)
    const entries = [...groups.flatMap((group) => group.entries), ...this.#staged]
    this.#again = []
    this.#staged = []
    while (entries.length + this.#staged.length < max && this.#stage());
    entries.push(...this.#staged)
    this.#staged = []
    return entries
  }

  #giveUp(entries: readonly Stored[]): void {
    let lost = 0
    for (const entry of entries) {
      if (!this.#outcomes.settle(entry.batch, closedError())) lost += entry.batch.items
      this.#leave(entry)
    }
    if (lost > 0) this.#events.lost(lost)
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

  /** False when all that is held is under way. */
  async #dropOldest(): Promise<boolean> {
    if (this.#staged.length === 0 && !this.#stage()) {
      await this.#store.fetch()
      if (this.#staged.length === 0 && !this.#stage()) return false
    }
    const oldest = this.#staged.shift()!
    const failure = new Retryable('newer data took its place in the sending queue')
    if (!this.#outcomes.settle(oldest.batch, failure)) {
      this.#events.crowdedOut(oldest.batch.items)
    }
    this.#leave(oldest)
    return true
  }

  /** In the store. */
  #sizeOf(batch: Batch): number {
    const parts = this.#parts.of(batch, this.#batching)
    return parts.reduce((sum, one) => sum + this.#store.sizeOf(one), 0)
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
    if (this.#isClosed) return undefined
    const again = this.#again.shift()
    if (again) return again
    if (this.#isBarred) return undefined
    const formed = formDelivery(this.#staged, () => this.#stage(), this.#batching, this.isDurable)
    if (formed.count === 0) return undefined
    const first = this.#staged[0]!
    const { lanes } = this.#room.limits
    const isEnough =
      formed.isFull || (lanes && itemsOf(this.#staged.slice(0, formed.count)) >= lanes.itemsMax)
    if (!isEnough && !this.#isHurried) {
      const waitMs = first.cameAt + formed.lingerMs - this.#clock.monotonic()
      if (waitMs > 0) {
        if (!this.#mustFetch()) this.#lingerFor(waitMs)
        return undefined
      }
    }
    const entries = this.#staged.splice(0, formed.count)
    first.batch.gathering?.formed(itemsOf(entries), formed.isFull)
    const isAwaited = entries.some(({ batch }) => this.#outcomes.has(batch))
    if (!lanes || isAwaited) return { entries, attempts: first.attempts }
    const groups = lanesOf(entries, lanes)
    const pieces = groups.flatMap(chainOf).flatMap((one) => one.entries)
    exchange(this.#taken, entries, pieces)
    this.#again.push(...groups.slice(1))
    return groups[0]
  }

  /** Nothing fresh may be taken now. */
  get #isBarred(): boolean {
    if (this.#delayed.isFull) return true
    return this.#room.limits.lanes !== undefined && (this.#underWay > 0 || !this.#delayed.isEmpty)
  }

  #hasMore(): boolean {
    return this.#again.length > 0 || this.#staged.length > 0 || this.#store.waiting.requests > 0
  }

  /** More could be joined, or sent at all, after a read. */
  #mustFetch(): boolean {
    return this.#store.waiting.requests > 0 && !this.#isClosed && !this.#isBarred
  }

  /** False when there is nothing to read. */
  async #fetch(stop: AbortSignal): Promise<boolean> {
    try {
      return await this.#store.fetch()
    } catch (error) {
      // All takers meet it; one tells.
      const now = this.#clock.monotonic()
      if (now - this.#troubledAt >= READ_AGAIN_MS) this.#events.troubled(error)
      this.#troubledAt = now
      await sleep(this.#clock, READ_AGAIN_MS, stop)
      return true
    }
  }

  #lingerFor(waitMs: number): void {
    this.#flush?.cancel()
    this.#flush = this.#clock.timer(waitMs, () => this.#takers.offer())
  }

  #dispatch(group: Group): Dispatch {
    const { entries, attempts, next } = group
    this.#underWay++
    const batches = entries.map(({ batch }) => batch)
    const batch = joinBatches(batches)
    const cameAt = Math.min(...entries.map((entry) => entry.cameAt))
    return {
      batch,
      attempts,
      awaited: batches.some((one) => this.#outcomes.has(one)),
      ageMs: this.#clock.monotonic() - cameAt,
      done: (failure) => {
        if (failure) lend(entries)
        for (const entry of entries) {
          this.#settle(entry, failure)
          if (!entry.whole) recycle(entry.batch)
        }
        this.#room.left(batch.bytes)
        this.#follow(next)
      },
      retry: (delayMs) => {
        this.#underWay--
        lend(entries)
        this.#retry({ entries, attempts: attempts + 1, next }, delayMs)
      },
      divide: () => this.#divide(group),
      setAside: this.#dead?.fits(batch)
        ? async (reason, partly) => {
            lend(entries)
            await this.#dead!.add(batch, reason, partly)
            for (const entry of entries) this.#settle(entry)
            this.#follow(next)
          }
        : undefined,
    }
  }

  /** A delivery has left. */
  #follow(next: Group | undefined): void {
    this.#underWay--
    if (next) this.#again.push(next)
    this.#changed()
  }

  #retry(group: Group, delayMs: number): void {
    if (this.#isClosed) {
      // What is durable is delivered by whoever opens it next.
      if (!this.isDurable) this.#giveUp(chainOf(group).flatMap((one) => one.entries))
      return
    }
    this.#delayed.add(group, delayMs)
  }

  async #divide({ entries, attempts, next }: Group): Promise<boolean> {
    const [only] = entries
    if (entries.length === 1 && only!.batch.items < 2) return false
    lend(entries)
    const pieces = entries.length === 1 ? await this.#halves(only!) : entries
    const groups = pieces.map((piece) => ({ entries: [piece], attempts }))
    this.#again.push(...(this.#room.limits.lanes ? [chained(groups, next)] : groups))
    this.#underWay--
    this.#takers.offer()
    return true
  }

  /**
   * Each is stored, so that what is delivered of them is not after a crash; without room for that
   * they are pieces in memory, and the whole stays stored until all have left.
   */
  async #halves(stored: Stored): Promise<readonly Stored[]> {
    const { batch, whole = { stored: [stored], pieces: 1, isLent: true } } = stored
    const halves = splitBatch(batch, Math.ceil(batch.items / 2))
    const size = halves.reduce((sum, half) => sum + this.#store.sizeOf(half), 0)
    // Stored, they would come behind all others after a crash.
    const staysWhole = stored.whole || this.#room.limits.lanes
    const release = staysWhole ? undefined : this.#room.keep(size)
    let pieces: readonly Stored[]
    if (release) {
      pieces = await this.#store.replace(stored, halves).finally(release)
    } else {
      whole.pieces += halves.length - 1
      pieces = halves.map((half) => ({ ...stored, batch: half, bytes: half.bytes, whole }))
    }
    exchange(this.#taken, [stored], pieces)
    return pieces
  }

  #settle(entry: Stored, failure?: Error): void {
    this.#leave(entry)
    this.#outcomes.settle(entry.batch, failure)
  }

  #leave(entry: Stored): void {
    add(this.#taken, -1, -entry.batch.items, -entry.bytes)
    const { whole } = entry
    if (!whole) this.#store.done(entry)
    else if (--whole.pieces === 0) {
      for (const one of whole.stored) {
        this.#store.done(one)
        if (!whole.isLent) recycle(one.batch)
      }
    }
  }

  /** Less is held than before. */
  #changed(): void {
    this.freed()
    if (this.held.requests === 0) wakeAll(this.#waitingForEmpty)
    // What is delayed may have kept fresh data back.
    if (this.held.requests > 0) this.#takers.offer()
  }
}

/** What failed may still be on its way out somewhere. */
function lend(entries: readonly Stored[]): void {
  for (const { batch, whole } of entries) {
    if (batch instanceof KeptBatch) batch.lend()
    if (whole) whole.isLent = true
  }
}
