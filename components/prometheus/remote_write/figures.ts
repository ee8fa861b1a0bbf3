/** Metrics under the names that dashboards of Prometheus use. */
import { metadataOf, type SampleBatch, SampleReader } from '#pdata'
import { type DeliveryFigures, observeQueue } from '#queue'
import type { Histogram, Meter } from '#sdk'
import type { EndpointValues } from './arguments.js'
import type { Outgoing } from './outgoing.js'

const PREFIX = 'prometheus_remote_storage'
/** Of Prometheus's histogram, in seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 120, 300]

/** What became of the data of one endpoint. */
export class WriteFigures {
  readonly #counts = { sample: 0, histogram: 0, exemplar: 0 }
  readonly #retried = { sample: 0, histogram: 0, exemplar: 0 }
  #metadata = 0
  #bytes = 0
  #newestSentMs = 0
  readonly #durations: Histogram

  constructor(
    meter: Meter,
    { sender, queues, crowdedOut, storedBytesMax }: DeliveryFigures,
    outgoing: Outgoing,
    { max_shards, min_shards, capacity, max_samples_per_send }: EndpointValues['queue_config'],
  ) {
    const count = (name: string, about: string, read: () => number) =>
      meter.observeCounter(`${PREFIX}_${name}`, about, read)
    const gauge = (name: string, about: string, read: () => number) =>
      meter.observeGauge(`${PREFIX}_${name}`, about, read)
    const [queue] = queues
    count('samples', 'Samples delivered.', () => this.#counts.sample)
    count('histograms', 'Native histograms delivered.', () => this.#counts.histogram)
    count('exemplars', 'Exemplars delivered.', () => this.#counts.exemplar)
    count('metadata', 'Metadata of metrics delivered.', () => this.#metadata)
    count('samples_retried', 'Samples tried again.', () => this.#retried.sample)
    count('histograms_retried', 'Native histograms tried again.', () => this.#retried.histogram)
    count('exemplars_retried', 'Exemplars tried again.', () => this.#retried.exemplar)
    count(
      'samples_failed',
      'Samples and native histograms set aside or given up.',
      () => sender.failed.samples,
    )
    meter.observeCounter(
      `${PREFIX}_samples_dropped`,
      'Samples and native histograms of series that a rule drops.',
      () => outgoing.dropped.series,
      { reason: 'dropped_series' },
    )
    meter.observeCounter(
      `${PREFIX}_histograms_dropped`,
      'Native histograms that are not to be sent.',
      () => outgoing.dropped.histograms,
      { reason: 'not_sent' },
    )
    count('enqueue_retries', 'Samples that found no room.', () => crowdedOut.samples)
    count('bytes', 'Bytes of requests, compressed.', () => this.#bytes)
    gauge('samples_pending', 'Samples that wait.', () => queue?.held.items ?? 0)
    gauge('shards', 'Requests that may be under way now.', () => sender.concurrency)
    gauge('shards_max', 'What max_shards says.', () => max_shards)
    gauge('shards_min', 'What min_shards says.', () => min_shards)
    gauge('shard_capacity', 'What capacity says.', () => capacity)
    gauge('max_samples_per_send', 'What max_samples_per_send says.', () => max_samples_per_send)
    gauge('highest_timestamp_in_seconds', 'Of samples that came.', () => outgoing.newestMs / 1000)
    gauge(
      'queue_highest_sent_timestamp_seconds',
      'Of samples that were delivered.',
      () => this.#newestSentMs / 1000,
    )
    this.#durations = meter.histogram(
      `${PREFIX}_sent_batch_duration_seconds`,
      'How long requests took.',
      BOUNDS,
    )
    for (const one of queues) {
      observeQueue(meter, one, storedBytesMax, () => sender.retried.samples)
    }
  }

  tried(body: readonly Uint8Array[], tookMs: number): void {
    for (const { length } of body) this.#bytes += length
    this.#durations.record(tookMs / 1000)
  }

  sent(batch: SampleBatch): void {
    this.#metadata += metadataOf(batch).length
    const reader = new SampleReader(batch)
    while (reader.nextSeries()) {
      while (reader.nextPoint()) {
        this.#counts[reader.kind]++
        this.#newestSentMs = Math.max(this.#newestSentMs, reader.timestampMs)
      }
    }
  }

  /** So many of a batch were written, whichever they are. */
  partly(written: number): void {
    this.#counts.sample += written
  }

  retried(batch: SampleBatch): void {
    const reader = new SampleReader(batch)
    while (reader.nextSeries()) while (reader.nextPoint()) this.#retried[reader.kind]++
  }
}
