import { type Batch, joinBatches, type Signal, splitBatch, splitBatchBytes } from '#pdata'
import {
  type Clock,
  type Deferred,
  deferred,
  failureOf,
  type Reservation,
  Retryable,
  type Timer,
} from '#sdk'
import type { BatchLimits, Delivery, Queue, QueueLimits, Sizer } from './queue.js'

interface Entry {
  readonly batch: Batch
  readonly cameAt: number
  readonly attempts: number
  /** Senders that wait for the delivery. */
  readonly waiters: readonly Deferred[]
}

/** What a queue tells its component, for the ledger. */
export interface QueueEvents {
  /** Items that were given up when the queue was closed, and no sender hears of it. */
  lost(items: number): void
  /**
   * Items that were delivered although the call they came with is refused: they will come again.
   */
  repeated(items: number): void
}

/** What a refused sender is asked to wait at least: about one round of sending. */
const FULL_RETRY_MS = 1000

/** Holds batches in memory: what it holds is lost with the process. */
export class MemoryQueue implements Queue {
  readonly signal: Signal
  readonly #clock: Clock
  readonly #events: QueueEvents
  #owner: object | undefined
  #isClosed = false
  #limits: QueueLimits = {
    size: Number.POSITIVE_INFINITY,
    sizer: 'requests',
    blockOnOverflow: false,
    waitForResult: false,
  }
  #batching: BatchLimits | undefined
  /** Oldest first. */
  #ready: Entry[] = []
  /** Waiting to be tried again, with the timer that makes each ready. */
  readonly #delayed = new Map<Entry, Timer>()
  readonly #held = { requests: 0, items: 0, bytes: 0 }
  readonly #reserved = { requests: 0, items: 0, bytes: 0 }
  /** Those who wait for room, for data, or for the queue to be empty. */
  #waitingForRoom: Deferred[] = []
  #takers: Deferred[] = []
  #waitingForEmpty: Deferred[] = []
  #flush: Timer | undefined

  constructor(clock: Clock, signal: Signal, events: QueueEvents) {
    this.#clock = clock
    this.signal = signal
    this.#events = events
  }

  get owner(): object | undefined {
    return this.#owner
  }

  set owner(owner: object | undefined) {
    this.#owner = owner
    wakeAll(this.#waitingForEmpty)
  }

  get held(): { readonly requests: number; readonly items: number; readonly bytes: number } {
    return this.#held
  }

  async reserve(batch: Batch): Promise<Reservation> {
    this.#refuseIfClosed()
    const wanted = sizeOf(batch, this.#limits.sizer)
    if (wanted > this.#limits.size) {
      // It would never fit: an empty queue takes it alone, so that no sender waits for ever.
      while (this.#held.requests + this.#reserved.requests > 0) await this.#roomOrRefuse()
    } else {
      while (this.#used() + wanted > this.#limits.size) await this.#roomOrRefuse()
    }
    add(this.#reserved, batch, 1)
    let released = false
    return {
      release: () => {
        if (released) return
        released = true
        add(this.#reserved, batch, -1)
        wakeAll(this.#waitingForRoom)
      },
    }
  }

  async put(batch: Batch): Promise<void> {
    this.#refuseIfClosed()
    const cameAt = this.#clock.monotonic()
    const { waitForResult } = this.#limits
    const parts = this.#split(batch)
    const outcomes: Promise<void>[] = []
    for (const part of parts) {
      const waiters = waitForResult ? [deferred()] : []
      outcomes.push(...waiters.map((waiter) => waiter.promise))
      add(this.#held, part, 1)
      this.#ready.push({ batch: part, cameAt, attempts: 0, waiters })
    }
    this.#offer()
    if (waitForResult) this.#throwFailure(parts, await Promise.allSettled(outcomes))
  }

  async take(stop: AbortSignal): Promise<Delivery | undefined> {
    while (!stop.aborted) {
      const taken = this.#nextReady()
      if (taken) return this.#delivery(taken)
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
    while (this.#held.requests > 0 && !giveUp.aborted && this.#owner === owner) {
      const empty = deferred()
      this.#waitingForEmpty.push(empty)
      await empty.promise
    }
    giveUp.removeEventListener('abort', wake)
  }

  close(): Promise<void> {
    this.#isClosed = true
    let lost = 0
    for (const timer of this.#delayed.values()) timer.cancel()
    for (const { batch, waiters } of [...this.#ready, ...this.#delayed.keys()]) {
      if (waiters.length === 0) lost += batch.items
      add(this.#held, batch, -1)
      for (const waiter of waiters) waiter.reject(closedError())
    }
    this.#delayed.clear()
    this.#ready = []
    this.#flush?.cancel()
    this.#changed()
    if (lost > 0) this.#events.lost(lost)
    return Promise.resolve()
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

  /** Waits for a change where the limits say so, else refuses. */
  async #roomOrRefuse(): Promise<void> {
    if (!this.#limits.blockOnOverflow) {
      const { size, sizer } = this.#limits
      throw new Retryable(`the sending queue is full (${size} ${sizer})`, {
        retryAfterMs: FULL_RETRY_MS,
      })
    }
    const room = deferred()
    this.#waitingForRoom.push(room)
    await room.promise
    this.#refuseIfClosed()
  }

  #used(): number {
    const { sizer } = this.#limits
    return this.#held[sizer] + this.#reserved[sizer]
  }

  #split(batch: Batch): readonly Batch[] {
    const max = this.#batching?.maxSize ?? 0
    if (max === 0) return [batch]
    return this.#batching!.sizer === 'items' ? splitBatch(batch, max) : splitBatchBytes(batch, max)
  }

  /** Enough entries for one delivery, oldest first; undefined while waiting for more pays. */
  #nextReady(): readonly Entry[] | undefined {
    const first = this.#ready[0]
    if (!first) return undefined
    const batching = this.#batching
    // A retried delivery keeps its shape: the far side may have seen it.
    if (!batching || first.attempts > 0) return this.#ready.splice(0, 1)
    let count = 0
    let size = 0
    for (const { batch, attempts } of this.#ready) {
      const next = sizeOf(batch, batching.sizer)
      if (attempts > 0 || (count > 0 && batching.maxSize > 0 && size + next > batching.maxSize))
        break
      count++
      size += next
      if (size >= batching.minSize) break
    }
    const waitMs = first.cameAt + batching.flushTimeoutMs - this.#clock.monotonic()
    if (size < batching.minSize && count === this.#ready.length && waitMs > 0) {
      this.#flush?.cancel()
      this.#flush = this.#clock.timer(waitMs, () => this.#offer())
      return undefined
    }
    return this.#ready.splice(0, count)
  }

  #delivery(entries: readonly Entry[]): Delivery {
    const first = entries[0]!
    const batch = entries.length === 1 ? first.batch : joinBatches(entries.map((e) => e.batch))
    const waiters = entries.flatMap((entry) => entry.waiters)
    return {
      batch,
      attempts: first.attempts,
      awaited: waiters.length > 0,
      ageMs: this.#clock.monotonic() - first.cameAt,
      done: (failure) => {
        for (const entry of entries) add(this.#held, entry.batch, -1)
        for (const waiter of waiters) failure ? waiter.reject(failure) : waiter.resolve()
        this.#changed()
      },
      retry: (delayMs) => {
        const { cameAt, attempts } = first
        const entry = { batch, cameAt, attempts: attempts + 1, waiters }
        this.#held.requests += 1 - entries.length
        const timer = this.#clock.timer(delayMs, () => {
          this.#delayed.delete(entry)
          this.#ready.unshift(entry)
          this.#offer()
        })
        this.#delayed.set(entry, timer)
      },
    }
  }

  /** Less is held than before. */
  #changed(): void {
    wakeAll(this.#waitingForRoom)
    if (this.#held.requests === 0) wakeAll(this.#waitingForEmpty)
  }

  /** Wakes one taker; it wakes no other, so each entry wakes one. */
  #offer(): void {
    if (this.#ready.length > 0) this.#takers.shift()?.resolve()
  }
}

function closedError(): Retryable {
  return new Retryable('the agent is shutting down')
}

function sizeOf(batch: Batch, sizer: Sizer): number {
  return sizer === 'requests' ? 1 : batch[sizer]
}

function add(sum: { requests: number; items: number; bytes: number }, batch: Batch, sign: 1 | -1) {
  sum.requests += sign
  sum.items += sign * batch.items
  sum.bytes += sign * batch.bytes
}

function wakeAll(waiting: Deferred[]): void {
  for (const waiter of waiting.splice(0)) waiter.resolve()
}
