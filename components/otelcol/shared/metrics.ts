/** Metrics under the names that dashboards of OpenTelemetry Collectors use. */

import { OTLP_SIGNALS, type OtlpSignal } from '#pdata'
import type { Queue, Sender } from '#queue'
import type { Context, Meter } from '#sdk'

/** What items of a signal are called in metric names. */
const ITEMS: Readonly<Record<OtlpSignal, string>> = {
  traces: 'spans',
  metrics: 'metric_points',
  logs: 'log_records',
}

/** `unread` counts requests that were refused before it was known what is in them. */
export function observeReceiver(
  { meter, ledger }: Context,
  unread: Readonly<Record<OtlpSignal, number>>,
): void {
  for (const signal of OTLP_SIGNALS) {
    const counts = () => ledger.counts(signal)
    meter.observeCounter(
      `otelcol_receiver_accepted_${ITEMS[signal]}`,
      'Taken over from senders.',
      () => counts().left,
    )
    meter.observeCounter(
      `otelcol_receiver_refused_${ITEMS[signal]}`,
      'Sent back to senders.',
      () => counts().refused,
    )
    meter.observeCounter(
      'weir_receiver_unread_requests',
      'Sent back to senders before they were read, as a queue behind is full.',
      () => unread[signal],
      { data_type: signal },
    )
  }
}

export function observeExporter(
  meter: Meter,
  sender: Sender,
  crowdedOut: Readonly<Record<OtlpSignal, number>>,
  queues: readonly Queue[],
  { capacity, storedBytesMax }: { readonly capacity: number; readonly storedBytesMax: number },
): void {
  for (const signal of OTLP_SIGNALS) {
    meter.observeCounter(
      `otelcol_exporter_sent_${ITEMS[signal]}`,
      'Delivered.',
      () => sender.sent[signal],
    )
    meter.observeCounter(
      `otelcol_exporter_send_failed_${ITEMS[signal]}`,
      'Given up or rejected by the destination.',
      () => sender.failed[signal],
    )
    meter.observeCounter(
      `otelcol_exporter_enqueue_failed_${ITEMS[signal]}`,
      'Sent back to senders because the queue was full.',
      () => crowdedOut[signal],
    )
  }
  for (const queue of queues) {
    const labels = { data_type: queue.signal }
    meter.observeGauge(
      'otelcol_exporter_queue_size',
      'Batches in the queue.',
      () => queue.held.requests,
      labels,
    )
    meter.observeGauge(
      'otelcol_exporter_queue_capacity',
      'How much the queue holds.',
      () => capacity,
      labels,
    )
    observeQueue(meter, queue, storedBytesMax, () => sender.retried[queue.signal])
  }
}

/** What those dashboards do not know. */
function observeQueue(
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
