import type { BatchLimits } from '#pdata'
import type { Stored } from './store.js'

/** How much of what is staged leaves next. */
export interface Formed {
  /** From the oldest on; 0 when nothing is there. */
  readonly count: number
  /** False: more would fit, and may be waited for. */
  readonly isFull: boolean
  /** So long after the oldest came. */
  readonly lingerMs: number
}

/** What waits to be joined is in memory: from here on a delivery is full, whatever is asked. */
const BYTES_MAX = 32 * 1024 * 1024
const NOTHING: Formed = { count: 0, isFull: true, lingerMs: 0 }
const ALONE: Formed = { count: 1, isFull: true, lingerMs: 0 }

/**
 * What a durable queue joins that nobody asked to: what waits anyway and came from the same client,
 * up to what any receiver takes. A backlog of small requests leaves several times faster so.
 */
const BACKLOG: BatchLimits = { minSize: 2000, maxSize: 0, flushTimeoutMs: 0, sizer: 'items' }
const BACKLOG_BYTES_MAX = 1024 * 1024

/**
 * Looks how many batches from the oldest on make one delivery, staging more as it needs them. The
 * queue's own limits come first, then those of a batch processor before it.
 */
export function formDelivery(
  staged: readonly Stored[],
  stage: () => Stored | undefined,
  batching: BatchLimits | undefined,
  isDurable: boolean,
): Formed {
  const first = staged[0] ?? stage()
  if (!first) return NOTHING
  const limits = batching ?? first.batch.gathering ?? (isDurable ? BACKLOG : undefined)
  if (!limits) return ALONE
  const { minSize, maxSize, sizer, flushTimeoutMs: lingerMs } = limits
  const bytesMax = limits === BACKLOG ? BACKLOG_BYTES_MAX : BYTES_MAX
  let size = first.batch[sizer]
  let { bytes } = first
  let count = 1
  for (; size < minSize; count++) {
    const next = staged[count] ?? stage()
    if (!next) return { count, isFull: false, lingerMs }
    const grown = size + next.batch[sizer]
    const fits = (maxSize === 0 || grown <= maxSize) && bytes + next.bytes <= bytesMax
    if (!fits || first.batch.gathering !== next.batch.gathering) break
    if (limits === BACKLOG && first.batch.client !== next.batch.client) break
    size = grown
    bytes += next.bytes
  }
  return { count, isFull: true, lingerMs }
}
