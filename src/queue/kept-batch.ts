import { Batch, BytePool } from '#pdata'

/** What a store keeps of its memory for what comes next. */
export const POOL_BYTES_MAX = 16 * 1024 * 1024

/** A batch whose memory is that of a queue. */
export class KeptBatch extends Batch {
  readonly #pool: BytePool
  #memory: Buffer | undefined

  private constructor(batch: Batch, pool: BytePool, memory: Buffer) {
    const { signal, items, bytes, client, gathering } = batch
    super(signal, [memory.subarray(0, bytes)], items, bytes, client, gathering)
    this.#pool = pool
    this.#memory = memory
  }

  static copyOf(batch: Batch, pool: BytePool): KeptBatch {
    const memory = pool.take(batch.bytes)
    let at = 0
    for (const chunk of batch.chunks) {
      memory.set(chunk, at)
      at += chunk.length
    }
    return new KeptBatch(batch, pool, memory)
  }

  /** Nobody looks into it any more: its memory is used again. */
  recycle(): void {
    if (this.#memory) this.#pool.give(this.#memory)
    this.#memory = undefined
  }

  /** Somebody may look into it for longer than it is known: its memory is not used again. */
  lend(): void {
    this.#memory = undefined
  }
}

const NO_POOL = new BytePool(0)

/**
 * A copy that is there as long as anybody looks into it. A try that is given up may leave bytes on
 * their way, for longer than the sender's memory is on loan.
 */
export function lastingCopy(batch: Batch): Batch {
  return KeptBatch.copyOf(batch, NO_POOL)
}

/** Of any batch: nobody looks into it any more. */
export function recycle(batch: Batch): void {
  if (batch instanceof KeptBatch) batch.recycle()
}
