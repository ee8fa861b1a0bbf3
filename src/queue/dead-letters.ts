import type { Batch } from '#pdata'
import type { Clock } from '#sdk'
import { DiskStore, type DiskStoreOptions } from './disk-store.js'
import type { Verdict } from './record.js'
import type { Totals } from './store.js'

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
    while (this.#store.storedBytes + batch.bytes > this.#bytesMax && (await this.#forgetOldest()));
    const at = this.#clock.now()
    const verdict: Verdict = partly === undefined ? { reason, at } : { reason, at, partly }
    await this.#store.append([batch], verdict)
  }

  /** Hands out all that is there now, oldest first; each leaves once `take` has resolved. */
  async drain(take: (batch: Batch, verdict: Verdict | undefined) => Promise<void>): Promise<void> {
    for (let left = this.#store.waiting.requests; left > 0; left--) {
      await this.#store.fetch()
      const stored = this.#store.next()
      if (!stored) return
      try {
        await take(stored.batch, stored.verdict)
      } catch (error) {
        await this.#store.putBack(stored)
        throw error
      }
      this.#store.done(stored)
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
