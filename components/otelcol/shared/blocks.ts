/** Blocks that many otelcol components have, each described once. */

import { type BatchLimits, OTLP_SIGNALS, type OtlpSignal } from '#pdata'
import type { DeliverySettings, QueueLimits, RetryPolicy } from '#queue'
import {
  type ArgumentsOf,
  attributes,
  block,
  boolean,
  choice,
  duration,
  handler,
  integer,
  number,
  size,
} from '#sdk'
import { observeExporter } from './metrics.js'

/** Accepted for Alloy's configs; this agent's own metrics have no high-cardinality ones to hide. */
export const debugMetrics = block(
  attributes({
    disable_high_cardinality_metrics: boolean({
      default: true,
      about: 'Has no effect here: there are no such metrics to hide.',
    }),
  }),
  { absent: 'defaults', about: "Alloy's switch for internal metrics." },
)

const retry = attributes(
  {
    enabled: boolean({ default: true, about: 'Whether failed deliveries are tried again.' }),
    initial_interval: duration({ default: '5s', min: '1ms', about: 'The first wait.' }),
    max_interval: duration({ default: '30s', min: '1ms', about: 'The longest wait.' }),
    multiplier: number({ default: 1.5, min: 1, about: 'Growth of the wait from try to try.' }),
    randomization_factor: number({
      default: 0.5,
      min: 0,
      max: 1,
      about: 'How far a wait may stray to either side, as a share of it.',
    }),
    max_elapsed_time: duration({
      default: '5m',
      about: 'In memory: data older than this is dropped after a failure; "0s" never.',
    }),
  },
  (values) => [
    ...(values.multiplier <= 1
      ? [{ path: ['multiplier'], message: 'multiplier must be above 1' }]
      : []),
    ...(values.max_elapsed_time > 0 && values.max_elapsed_time < values.initial_interval
      ? [{ path: ['max_elapsed_time'], message: 'max_elapsed_time is below initial_interval' }]
      : []),
  ],
)

export const retryOnFailure = block(retry, {
  absent: 'defaults',
  about: 'How deliveries that failed are tried again.',
})

function retryPolicy(values: ArgumentsOf<typeof retry>, maxAgeMs: number): RetryPolicy {
  return {
    enabled: values.enabled,
    initialMs: values.initial_interval,
    maxMs: values.max_interval,
    multiplier: values.multiplier,
    randomization: values.randomization_factor,
    maxElapsedMs: values.max_elapsed_time,
    maxAgeMs,
  }
}

const batch = attributes(
  {
    flush_timeout: duration({
      default: '200ms',
      min: '1ms',
      about: 'A batch leaves this long after its oldest part came.',
    }),
    min_size: integer({ default: 2000, min: 0, about: 'A batch leaves early at this size.' }),
    max_size: integer({ default: 3000, min: 0, about: 'Larger ones are split; 0 never.' }),
    sizer: choice(['items', 'bytes'], { default: 'items', about: 'What sizes count.' }),
  },
  (values) =>
    values.max_size > 0 && values.max_size < values.min_size
      ? [{ path: ['max_size'], message: 'max_size is below min_size' }]
      : [],
)

const queue = attributes(
  {
    enabled: boolean({
      default: true,
      about: 'Whether data waits in a queue; without one, senders wait for the delivery.',
    }),
    num_consumers: integer({ default: 10, min: 1, max: 1000, about: 'Deliveries at once.' }),
    queue_size: integer({
      min: 1,
      about: 'How much the queue holds: 1000 in memory; on disk only max_disk_size limits.',
    }),
    sizer: choice(['requests', 'items', 'bytes'], {
      default: 'requests',
      about: 'What queue_size counts.',
    }),
    block_on_overflow: boolean({
      default: false,
      about: 'true is when_full = "wait".',
    }),
    wait_for_result: boolean({
      default: false,
      about: 'Senders hear the answer of the destination; data waits in memory then.',
    }),
    storage: handler('storage', {
      about: 'Another place on disk: the handler of an otelcol.storage.file.',
    }),
    durability: choice(['disk', 'memory'], {
      default: 'disk',
      about: 'Where data waits; what is on disk is there after a crash.',
    }),
    max_disk_size: size({
      default: '2GiB',
      min: '1MiB',
      about: 'What the queue of a signal may take of the disk.',
    }),
    when_full: choice(['wait', 'refuse', 'drop_oldest'], {
      default: 'refuse',
      about: 'Senders wait for room, are refused with a hint when to retry, or old data goes.',
    }),
    max_age: duration({
      default: '0s',
      about: 'On disk: data older than this is dropped after a failure; "0s" never.',
    }),
    dead_letter_size: size({
      default: '256MiB',
      about: 'On disk: room for data the destination refuses for good; "0" drops it.',
    }),
    batch: block(batch, { about: 'Joins what waits into larger deliveries.' }),
  },
  ({ batch, sizer, queue_size, block_on_overflow, when_full, durability, storage }) => [
    ...(batch && batch.sizer === sizer && queue_size !== undefined && queue_size < batch.min_size
      ? [{ path: ['queue_size'], message: 'queue_size is below min_size of the batch block' }]
      : []),
    ...(block_on_overflow && when_full === 'drop_oldest'
      ? [
          {
            path: ['when_full'],
            message: 'block_on_overflow makes senders wait, and when_full drops the oldest',
            help: 'leave one of the two out',
          },
        ]
      : []),
    ...(storage && durability === 'memory'
      ? [{ path: ['storage'], message: 'storage has no effect with durability = "memory"' }]
      : []),
  ],
)

export const sendingQueue = block(queue, {
  absent: 'defaults',
  about: 'Where data waits to be delivered, per signal.',
})

type QueueArguments = ArgumentsOf<typeof queue>

/** Alloy's default, in units of `sizer`. */
const MEMORY_SIZE = 1000

/** A sender that waits for the result keeps the data itself. */
function isOnDisk({ durability, wait_for_result }: QueueArguments): boolean {
  return durability === 'disk' && !wait_for_result
}

function queueLimits(values: QueueArguments): QueueLimits {
  return {
    size: values.queue_size ?? (isOnDisk(values) ? Number.POSITIVE_INFINITY : MEMORY_SIZE),
    sizer: values.sizer,
    storedBytes: isOnDisk(values) ? values.max_disk_size : Number.POSITIVE_INFINITY,
    whenFull: values.block_on_overflow ? 'wait' : values.when_full,
    waitForResult: values.wait_for_result,
  }
}

function batchLimits({ batch }: QueueArguments): BatchLimits | undefined {
  return (
    batch && {
      minSize: batch.min_size,
      maxSize: batch.max_size,
      flushTimeoutMs: batch.flush_timeout,
      sizer: batch.sizer,
    }
  )
}

const ADVICE = {
  full: 'give sending_queue more room',
  elsewhere: '--storage.path or otelcol.storage.file',
  inMemory: 'write sending_queue { durability = "memory" }',
} as const

/** What the two blocks of an exporter say, for its `Delivery`. */
export function deliverySettings(values: {
  readonly retry_on_failure: ArgumentsOf<typeof retry>
  readonly sending_queue: QueueArguments
}): DeliverySettings<OtlpSignal> {
  const { retry_on_failure, sending_queue: queue } = values
  return {
    signals: OTLP_SIGNALS,
    advice: ADVICE,
    observe: observeExporter,
    retry: retryPolicy(retry_on_failure, queue.max_age),
    queue: queue.enabled
      ? {
          limits: queueLimits(queue),
          batch: batchLimits(queue),
          consumers: queue.num_consumers,
          disk: isOnDisk(queue)
            ? { deadBytesMax: queue.dead_letter_size, storage: queue.storage }
            : undefined,
        }
      : undefined,
  }
}
