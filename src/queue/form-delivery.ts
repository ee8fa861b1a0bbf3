import type { Batch } from '#pdata'
import type { BatchLimits } from './queue.js'
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

interface Rule extends BatchLimits {
  readonly bytesMax: number
  /** Only what the same client sent is joined. */
  readonly sameClient: boolean
}

/** What waits to be joined is in memory: from here on a delivery is full, whatever is asked. */
const BYTES_MAX = 32 * 1024 * 1024
const NOTHING: Formed = { count: 0, isFull: true, lingerMs: 0 }
const ALONE: Formed = { count: 1, isFull: true, lingerMs: 0 }

/**
 * What a durable queue joins that nobody asked to: what waits anyway, up to what any receiver
 * takes. A backlog of small requests leaves several times faster so.
 */
const BACKLOG: Rule = {
  minSize: 2000,
  maxSize: 0,
  flushTimeoutMs: 0,
  sizer: 'items',
  bytesMax: 1024 * 1024,
  sameClient: true,
}

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
  const rule = ruleFor(first.batch, batching, isDurable)
  if (!rule) return ALONE
  const { minSize, maxSize, sizer, bytesMax, flushTimeoutMs: lingerMs } = rule
  let size = first.batch[sizer]
  let { bytes } = first
  let count = 1
  for (; size < minSize; count++) {
    const next = staged[count] ?? stage()
    if (!next) return { count, isFull: false, lingerMs }
    const grown = size + next.batch[sizer]
    const fits = (maxSize === 0 || grown <= maxSize) && bytes + next.bytes <= bytesMax
    if (!fits || !goTogether(first.batch, next.batch, rule)) break
    size = grown
    bytes += next.bytes
  }
  return { count, isFull: true, lingerMs }
}

function ruleFor(
  { gathering }: Batch,
  batching: BatchLimits | undefined,
  isDurable: boolean,
): Rule | undefined {
  const own = { bytesMax: BYTES_MAX, sameClient: false }
  if (batching) return { ...batching, ...own }
  if (gathering) {
    const { minItems: minSize, maxItems: maxSize, timeoutMs: flushTimeoutMs } = gathering
    return { minSize, maxSize, flushTimeoutMs, sizer: 'items', ...own }
  }
  return isDurable ? BACKLOG : undefined
}

function goTogether(first: Batch, next: Batch, { sameClient }: Rule): boolean {
  return first.gathering === next.gathering && (!sameClient || first.client === next.client)
}
