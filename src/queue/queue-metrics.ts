import type { Meter } from '#sdk'
import type { Queue } from './queue.js'

/** What every queue tells of itself, whatever family it is of. */
export function observeQueue(
  meter: Meter,
  queue: Queue,
  storedBytesMax: number,
  retried: () => number,
): void {
  const labels = { data_type: queue.signal }
  const gauges: readonly (readonly [string, string, () => number])[] = [
    ['weir_queue_items', 'Items in the queue.', () => queue.held.items],
    ['weir_queue_bytes', 'Bytes of telemetry in the queue.', () => queue.held.bytes],
    ['weir_queue_stored_bytes', 'What it takes of the disk.', () => queue.storedBytes],
    ['weir_queue_stored_bytes_limit', 'What it may take of the disk.', () => storedBytesMax],
    ['weir_queue_oldest_seconds', 'Age of the oldest.', () => queue.oldestMs / 1000],
    [
      'weir_queue_dead_letter_batches',
      'Batches that the destination refused for good.',
      () => queue.deadLetters?.totals.requests ?? 0,
    ],
    [
      'weir_queue_dead_letter_items',
      'Items that the destination refused for good.',
      () => queue.deadLetters?.totals.items ?? 0,
    ],
  ]
  for (const [name, about, read] of gauges) meter.observeGauge(name, about, read, labels)
  meter.observeCounter(
    'weir_queue_retried_batches',
    'Deliveries that had to be tried again.',
    retried,
    labels,
  )
}
