import { type Batch, type BatchLimits, splitBatch, splitBatchBytes } from '#pdata'

/** What batches are stored as: pieces of at most what is sent at once. */
export class Parts {
  /** Worked out when room is asked for, used when it is stored. */
  readonly #known = new WeakMap<Batch, readonly Batch[]>()

  of(batch: Batch, batching: BatchLimits | undefined): readonly Batch[] {
    const limits = batching ?? batch.gathering
    if (!limits || limits.maxSize === 0 || batch[limits.sizer] <= limits.maxSize) return [batch]
    let parts = this.#known.get(batch)
    if (!parts) {
      const split = limits.sizer === 'items' ? splitBatch : splitBatchBytes
      parts = split(batch, limits.maxSize)
      this.#known.set(batch, parts)
    }
    return parts
  }

  forget(batch: Batch): void {
    this.#known.delete(batch)
  }
}
