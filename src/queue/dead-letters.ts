import type { Batch } from '#pdata'
import type { Clock, Totals, Verdict } from '#sdk'
import { DiskStore, type DiskStoreOptions } from './disk-store.js'

/** Of what a destination says, so much is kept. */
const REASON_LENGTH_MAX = 1024
/** What the reason takes in a record, as JSON, and the rest of the verdict. */
const VERDICT_BYTES_MAX = 6 * REASON_LENGTH_MAX + 128

/**
 * What a destination refused for good, kept with the reason for somebody to look at and to send
 * again. The oldest make room for the newest.
 */
export class DeadLetters {
  readonly #store: DiskStore
  readonly #clock: Clock
  readonly #bytesMax: number
  readonly #forgotten: (items: number) => void
  /** Room for those that are being written. */
  #reservedBytes = 0

  private constructor(
    store: DiskStore,
    clock: Clock,
    bytesMax: number,
    forgotten: (items: number) => void,
  ) {
    this.#store = store
    this.#clock = clock
    this.#bytesMax = bytesMax
    this.#forgotten = forgotten
  }

  /** `forgotten` hears of items that made room for newer ones. */
  static async open(
    options: DiskStoreOptions,
    bytesMax: number,
    forgotten: (items: number) => void,
  ): Promise<DeadLetters> {
    return new DeadLetters(await DiskStore.open(options), options.clock, bytesMax, forgotten)
  }

  get totals(): Totals {
    return this.#store.waiting
  }

  /** False when it is too large for the room there is in all. */
  fits(batch: Batch): boolean {
    return this.#sizeOf(batch) <= this.#bytesMax
  }

  /** Resolves once it is durable. */
  add(batch: Batch, reason: string, partly: number | undefined): Promise<void> {
    return this.keep(batch, {
      reason: reason.slice(0, REASON_LENGTH_MAX),
      at: this.#clock.now(),
      ...(partly !== undefined && { partly }),
    })
  }

  /** Resolves once it is durable. */
  async keep(batch: Batch, verdict: Verdict): Promise<void> {
    const size = this.#sizeOf(batch)
    while (!this.#hasRoom(size) && (await this.#forgetOldest()));
    this.#reservedBytes += size
    try {
      await this.#store.append([batch], false, verdict)
    } finally {
      this.#reservedBytes -= size
    }
  }

  /**
   * Hands out all that is there now, oldest first. Each leaves once `take` has resolved with true,
   * and stays, behind the others, for false; "enough" ends it besides.
   */
  async drain(
    take: (batch: Batch, verdict: Verdict | undefined) => Promise<boolean | 'enough'>,
  ): Promise<void> {
    for (let left = this.#store.waiting.requests; left > 0; left--) {
      await this.#store.fetch()
      const stored = this.#store.next()
      if (!stored) return
      let taken: boolean | 'enough' = 'enough'
      try {
        taken = await take(stored.batch, stored.verdict)
      } finally {
        // Where that fails too it waits again from the next start on.
        if (taken !== true) await this.#store.putBack(stored).catch(() => {})
      }
      if (taken === 'enough') return
      if (taken) this.#store.done(stored)
    }
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  #sizeOf(batch: Batch): number {
    return this.#store.sizeOf(batch) + VERDICT_BYTES_MAX
  }

  #hasRoom(size: number): boolean {
    return this.#store.storedBytes + this.#reservedBytes + size <= this.#bytesMax
  }

  /** False when there is none. */
  async #forgetOldest(): Promise<boolean> {
    if (await this.#store.reclaim(() => undefined)) return true
    await this.#store.fetch()
    const oldest = this.#store.next()
    if (!oldest) return false
    this.#store.done(oldest)
    this.#forgotten(oldest.batch.items)
    return true
  }
}
