import type { Batch } from '#pdata'
import type { Clock, Totals, Verdict } from '#sdk'
import { DiskStore, type DiskStoreOptions } from './disk-store.js'

/**
 * What a destination refused for good, kept with the reason for somebody to look at and to send
 * again. The oldest make room for the newest.
 */
export class DeadLetters {
  readonly #store: DiskStore
  readonly #clock: Clock
  readonly #bytesMax: number
  readonly #forgotten: (items: number) => void

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

  /** Resolves once it is durable. */
  async add(batch: Batch, reason: string, partly: number | undefined): Promise<void> {
    const at = this.#clock.now()
    await this.keep(batch, partly === undefined ? { reason, at } : { reason, at, partly })
  }

  /** Resolves once it is durable. */
  async keep(batch: Batch, verdict: Verdict): Promise<void> {
    while (this.#store.storedBytes + batch.bytes > this.#bytesMax && (await this.#forgetOldest()));
    await this.#store.append([batch], verdict)
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
        if (taken !== true) await this.#store.putBack(stored)
      }
      if (taken === true) this.#store.done(stored)
      else if (taken === 'enough') return
    }
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  async #forgetOldest(): Promise<boolean> {
    if (await this.#store.reclaim()) return true
    await this.#store.fetch()
    const oldest = this.#store.next()
    if (!oldest) return false
    this.#store.done(oldest)
    this.#forgotten(oldest.batch.items)
    return true
  }
}
