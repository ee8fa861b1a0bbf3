import type { Batch } from '#pdata'
import type { BudgetShare, Totals, Verdict } from '#sdk'

/** What pieces in memory were made of. */
interface Whole {
  readonly stored: readonly Stored[]
  /** Those that have not left. */
  pieces: number
  /** Somebody may look into a piece for longer than it is known: its memory is not used again. */
  isLent: boolean
}

/** One batch in a store, taken out to be delivered; it stays stored until it is `done`. */
export interface Stored {
  readonly batch: Batch
  /** As the store's totals count it. */
  readonly bytes: number
  /** By the monotonic clock; what came before this process did has a time before its start. */
  readonly cameAt: number
  readonly attempts: number
  /** Why it was set aside; only among dead letters. */
  readonly verdict?: Verdict | undefined
  /** A piece that the store knows nothing of: it holds what this is of until all have left. */
  readonly whole?: Whole | undefined
}

/** Keeps room for so many stored bytes until its result is called; undefined when there is none. */
export type KeepRoom = (bytes: number) => (() => void) | undefined

/**
 * Where a queue keeps its batches, in order. One is for memory and one for disk; what waits, what
 * is tried again and what is joined is the queue's.
 */
export interface Store {
  /** What it holds is there after a crash. */
  readonly isDurable: boolean
  /** What `next` has not given yet. */
  readonly waiting: Totals
  /** What it takes of its medium; more than what waits, as space comes back in larger pieces. */
  readonly storedBytes: number
  /** What it has handed out or has at hand, until that is `done`. */
  readonly memory: BudgetShare
  /** The age of the oldest that waits is measured from then, by the monotonic clock. */
  readonly oldestAt: number | undefined
  /** The oldest that wait and are at hand, at most `count`; they stay. */
  first(count: number): readonly Stored[]
  /** What it would grow by at most to hold this batch. */
  sizeOf(batch: Batch): number
  /**
   * Resolves once all of it is held as safely as this store can; else nothing was taken. Copies
   * what it keeps in memory, unless the bytes are `lasting`: there until the batch is done.
   */
  append(batches: readonly Batch[], lasting?: boolean): Promise<void>
  /** The oldest that waits, when it is at hand. */
  next(): Stored | undefined
  /** Brings what waits to hand; false when nothing is at hand then. */
  fetch(): Promise<boolean>
  /** It left for good. */
  done(stored: Stored): void
  /** Puts the parts in the place of one that was taken out, as taken out themselves. */
  replace(stored: Stored, parts: readonly Batch[]): Promise<readonly Stored[]>
  /** Gives back space that little or nothing needs any more; true if there was some. */
  reclaim(keepRoom: KeepRoom): Promise<boolean>
  /** Resolves once what is stored is as safe as it can be, and lets go of everything. */
  close(): Promise<void>
}

/** A first-in, first-out list whose `shift` costs the same however long it is. */
export class Fifo<T> {
  #items: (T | undefined)[] = []
  #first = 0

  get length(): number {
    return this.#items.length - this.#first
  }

  push(item: T): void {
    this.#items.push(item)
  }

  peek(): T | undefined {
    return this.#items[this.#first]
  }

  first(count: number): readonly T[] {
    return this.#items.slice(this.#first, this.#first + count) as T[]
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#first]
    this.#items[this.#first++] = undefined
    // Amortised: as many were shifted as are moved now.
    if (this.#first * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#first)
      this.#first = 0
    }
    return item
  }
}
