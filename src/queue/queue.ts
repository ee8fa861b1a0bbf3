import type { Batch, BatchLimits, Signal } from '#pdata'
import type { Caller, Reservation, Resource, Retryable, Totals } from '#sdk'
import type { DeadLetters } from './dead-letters.js'
import type { Stored } from './store.js'

/** What a full queue counts in. */
export type Sizer = 'requests' | 'items' | 'bytes'

/** What becomes of a batch that finds no room. */
export type WhenFull = 'wait' | 'refuse' | 'drop_oldest'

export interface QueueLimits {
  /** Of what is held, in units of `sizer`. */
  readonly size: number
  readonly sizer: Sizer
  /** What the store may take of its medium. */
  readonly storedBytes: number
  readonly whenFull: WhenFull
  /** True makes `put` settle as the delivery does. */
  readonly waitForResult: boolean
  /**
   * Keeps all data of one series in order, retries included: nothing is taken while anything before
   * it is not done, but what leaves at once may be delivered in several lanes.
   */
  readonly lanes?: LaneLimits | undefined
}

export interface LaneLimits {
  /** Deliveries side by side, at most. */
  readonly lanesMax: number
  /** In one delivery. */
  readonly itemsMax: number
}

/**
 * Batches of one signal on their way to one destination. What is taken and not yet done counts as
 * held, so the limit covers all of it. A queue outlives the exporter that made it and is handed to
 * its successor.
 */
export interface Queue extends Resource {
  readonly signal: Signal
  /** What it holds is there after a crash. */
  readonly isDurable: boolean
  /**
   * Keeps room for a batch; see `QueueLimits.whenFull` for a full queue. Who waits is served in the
   * order of coming, and does so only until `caller` is gone.
   */
  reserve(batch: Batch, caller?: Caller): Promise<Reservation>
  /** What `reserve` would reject with for a batch of at least so many bytes, if it is sure to. */
  refusal(bytes: number): Retryable | undefined
  /** The limit for which senders wait now; undefined while none does. */
  readonly waitedFor: string | undefined
  /**
   * Resolves once the batch is held as durably as this queue can, or with `waitForResult` once all
   * of it is delivered. Room was reserved.
   */
  put(batch: Batch): Promise<void>
  /** As `reserve`, but undefined for a full queue, whatever its limits say. */
  reserveNow(batch: Batch): Promise<Reservation | undefined>
  /** The next delivery in order, when there is one; undefined as soon as `stop` aborts. */
  take(stop: AbortSignal): Promise<Dispatch | undefined>
  /** What waits to be tried again may be taken at once, oldest first. */
  wake(): void
  /** New limits from the next call on; nothing that is held is dropped for them. */
  configure(limits: QueueLimits, batch: BatchLimits | undefined): void
  /** Resolves when nothing is held, `giveUp` aborts, or another sender claims the queue. */
  drained(giveUp: AbortSignal): Promise<void>
  /**
   * The sender that takes from it. A successor's claim tells the one before to leave what is held.
   */
  owner: object | undefined
  /**
   * Lets go of what is held: what is durable stays where it is, what is not is given up, and items
   * that no sender will hear of are reported as lost. From then on `reserve` and `put` reject.
   */
  close(): Promise<void>
  readonly held: Totals
  /** Of the medium; more than is held, as space comes back in larger pieces. */
  readonly storedBytes: number
  /** Since the oldest that is at hand came; 0 when there is none. */
  readonly oldestMs: number
  /** What its destination refused for good and was set aside; undefined where nothing is. */
  readonly deadLetters: DeadLetters | undefined
  /** The oldest that wait, at most `count`, as far as they are in memory; tries included. */
  first(count: number): readonly Stored[]
  /**
   * Deletes what waits and is not under way; senders that wait for a delivery hear `failure`.
   * Resolves with what no sender hears of.
   */
  discard(failure: Error): Promise<Totals>
}

/** One batch under way. Exactly one of its methods is called, once, or again after it failed. */
export interface Dispatch {
  readonly batch: Batch
  /** Earlier tries of this data. */
  readonly attempts: number
  /** A sender waits for it and will hear of a failure: giving up loses nothing in silence. */
  readonly awaited: boolean
  /** Since its oldest part came to the queue. */
  readonly ageMs: number
  /** Delivered, or given up for `failure`: it leaves the queue. */
  done(failure?: Error): void
  /** Back to the queue, not to be taken before `delayMs` from now; others may overtake it. */
  retry(delayMs: number): void
  /**
   * Back to the queue in smaller pieces: the batches it was joined of, or halves. Resolves with
   * false, and nothing has happened, for a single item.
   */
  divide(): Promise<boolean>
  /**
   * Leaves the queue for the dead letters; resolves once it is safe there. Undefined where there
   * are none.
   */
  readonly setAside: ((reason: string, partly?: number) => Promise<void>) | undefined
}

/** What a queue tells its component, for the ledger. */
export interface QueueEvents {
  /** Items that were given up when the queue was closed, and no sender hears of it. */
  lost(items: number): void
  /**
   * Items that were delivered although the call they came with is refused: they will come again.
   */
  repeated(items: number): void
  /** Items that made room for newer ones. */
  crowdedOut(items: number): void
  /** What is stored cannot be read now. */
  troubled(error: unknown): void
  /** Items that are on disk, now that the queue is closed. */
  putAway(items: number): void
}
