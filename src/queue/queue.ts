import type { Batch, Signal } from '#pdata'
import type { Reservation, Resource } from '#sdk'

/** What a full queue counts in. */
export type Sizer = 'requests' | 'items' | 'bytes'

export interface QueueLimits {
  readonly size: number
  readonly sizer: Sizer
  /** Full: true makes `reserve` wait for room, false makes it reject with `Retryable`. */
  readonly blockOnOverflow: boolean
  /** True makes `put` settle as the delivery does. */
  readonly waitForResult: boolean
}

/** How large a delivery should be. Without it each batch leaves as it came. */
export interface BatchLimits {
  /** Batches of at most this are waited for, this long after the oldest came. */
  readonly minSize: number
  readonly flushTimeoutMs: number
  /** Larger ones are split; 0 never splits. */
  readonly maxSize: number
  readonly sizer: 'items' | 'bytes'
}

/**
 * Batches of one signal on their way to one destination. What is taken and not yet done counts as
 * held, so the limit covers all of it. A queue outlives the exporter that made it and is handed to
 * its successor.
 */
export interface Queue extends Resource {
  readonly signal: Signal
  /** Keeps room for a batch; see `QueueLimits.blockOnOverflow` for a full queue. */
  reserve(batch: Batch): Promise<Reservation>
  /**
   * Resolves once the batch is held as durably as this queue can, or with `waitForResult` once all
   * of it is delivered. Room was reserved.
   */
  put(batch: Batch): Promise<void>
  /** The next delivery in order, when there is one; undefined as soon as `stop` aborts. */
  take(stop: AbortSignal): Promise<Delivery | undefined>
  /** New limits from the next call on; nothing that is held is dropped for them. */
  configure(limits: QueueLimits, batch: BatchLimits | undefined): void
  /** Resolves when nothing is held, `giveUp` aborts, or another sender claims the queue. */
  drained(giveUp: AbortSignal): Promise<void>
  /**
   * The sender that takes from it. A successor's claim tells the one before to leave what is held.
   */
  owner: object | undefined
  /**
   * Gives up what is held; items that no sender will hear of are reported as lost. From then on
   * `reserve` and `put` reject.
   */
  close(): Promise<void>
  readonly held: { readonly requests: number; readonly items: number; readonly bytes: number }
}

/** One batch under way. Exactly one of its methods is called, once. */
export interface Delivery {
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
}
