import type { Batch } from '#pdata'
import { type Deferred, deferred } from '#sdk'

/** Senders that wait for the delivery of their batches. */
export class Outcomes {
  readonly #waiting = new Map<Batch, Deferred>()

  /** Settles as the batch does; never, when it is forgotten. */
  of(batch: Batch): Promise<void> {
    const waiter = deferred()
    this.#waiting.set(batch, waiter)
    return waiter.promise
  }

  has(batch: Batch): boolean {
    return this.#waiting.has(batch)
  }

  /** False when no sender waits for it. */
  settle(batch: Batch, failure?: Error): boolean {
    const waiter = this.#waiting.get(batch)
    this.#waiting.delete(batch)
    if (failure) waiter?.reject(failure)
    else waiter?.resolve()
    return waiter !== undefined
  }

  forget(batches: readonly Batch[]): void {
    for (const batch of batches) this.#waiting.delete(batch)
  }
}
