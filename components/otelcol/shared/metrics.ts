/** Metrics under the names that dashboards of OpenTelemetry Collectors use. */

import { OTLP_SIGNALS, type OtlpSignal } from '#pdata'
import { type DeliveryFigures, observeQueue } from '#queue'
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
  { sender, crowdedOut, queues, capacity, storedBytesMax }: DeliveryFigures,
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
