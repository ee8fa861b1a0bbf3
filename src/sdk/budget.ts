import type { Clock } from './clock.js'
import { DrainRate } from './drain-rate.js'

/**
 * The memory that telemetry may take in this process, shared by all who hold some:
 *
 *   requests   being read, decompressed or handled; refused at the limit
 *   queued     what queues hold in memory; they keep below three quarters of the limit, so that
 *              requests can still come in while a destination is away
 */
export interface Budget {
  readonly limitBytes: number
  readonly usedBytes: number
  /** Requests that were refused for it. */
  readonly refusedCount: number
  /**
   * For a request that has taken `own` bytes already. False, and nothing is taken, where the limit
   * would be exceeded; the only request of the process is never refused.
   */
  take(bytes: number, own: number): boolean
  /** What `take` would say. */
  hasRoom(bytes: number, own: number): boolean
  /** What `take` took, once. */
  give(bytes: number): void
  /** When somebody who was refused so many bytes should come back. */
  retryAfterMs(bytes: number): number
  /** For a queue. */
  share(): BudgetShare
}

/** What one queue holds in memory; it cannot give back more than it has, nor keep any. */
export interface BudgetShare {
  /** Whether a queue that holds its data in memory should let in so many more bytes. */
  hasRoom(bytes: number): boolean
  /** What is in memory only to save a read should not be. */
  isTight(): boolean
  /** So many more are held, or fewer; not refused, as they are there already. */
  add(bytes: number): void
  /** Nothing is held any more, and nothing will be. */
  close(): void
}

const QUEUED_PART = 3 / 4
const TIGHT_PART = 1 / 2

export class MemoryBudget implements Budget {
  readonly limitBytes: number
  readonly #rate: DrainRate
  #requestBytes = 0
  #queuedBytes = 0
  refusedCount = 0

  /** One that refuses nobody, for where no other is handed in. */
  static unlimited(clock: Clock): MemoryBudget {
    return new MemoryBudget(clock, Number.POSITIVE_INFINITY)
  }

  constructor(clock: Clock, limitBytes: number) {
    this.limitBytes = limitBytes
    this.#rate = new DrainRate(clock)
  }

  get usedBytes(): number {
    return this.#requestBytes + this.#queuedBytes
  }

  take(bytes: number, own: number): boolean {
    const hasRoom = this.hasRoom(bytes, own)
    if (hasRoom) this.#requestBytes += bytes
    return hasRoom
  }

  hasRoom(bytes: number, own: number): boolean {
    if (this.#requestBytes <= own || this.usedBytes + bytes <= this.limitBytes) return true
    this.refusedCount++
    return false
  }

  give(bytes: number): void {
    this.#requestBytes -= bytes
    this.#rate.add(bytes)
  }

  retryAfterMs(bytes: number): number {
    return this.#rate.retryAfterMs(bytes)
  }

  share(): BudgetShare {
    let own = 0
    let isClosed = false
    const change = (bytes: number) => {
      if (isClosed) return
      own += bytes
      this.#queuedBytes += bytes
    }
    return {
      hasRoom: (bytes) => this.#queuedBytes + bytes <= this.limitBytes * QUEUED_PART,
      isTight: () => this.usedBytes > this.limitBytes * TIGHT_PART,
      add: change,
      close: () => {
        change(-own)
        isClosed = true
      },
    }
  }
}
