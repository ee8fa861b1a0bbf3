import type { SampleBatch } from '#pdata'
import {
  attributes,
  type Caller,
  type Component,
  type Consumer,
  type Context,
  defineProcessor,
  type Foreseeing,
  type GatheringConsumer,
  type Next,
  output,
  type Reservation,
  type Reserving,
  type Retryable,
} from '#sdk'
import { debugMetrics } from '../../shared/blocks.js'
import { type Metrics, metricsFromSamples } from '../../shared/prometheus/from-samples.js'

const schema = attributes({ output, debug_metrics: debugMetrics })

const NAME = 'otelcol.receiver.prometheus'

export default defineProcessor({
  name: NAME,
  stability: 'generally-available',
  about: 'Makes OTLP metrics of Prometheus samples.',
  schema,
  accepts: ['samples'],
  create: (context, _, next) => new PrometheusReceiver(context, next),
})

class PrometheusReceiver
  implements Component, Consumer<'samples'>, Reserving<'samples'>, Foreseeing, GatheringConsumer
{
  readonly #context: Context
  readonly #next: Next<'metrics'>
  /** What room is kept for, until it is consumed. */
  readonly #translated = new WeakMap<SampleBatch, Metrics>()

  constructor(context: Context, next: Next<'metrics'>) {
    this.#context = context
    this.#next = next
  }

  /** Room is asked for the metrics, so they are made here already. */
  async reserve(batch: SampleBatch, caller?: Caller): Promise<Reservation> {
    return this.#next.reserve(this.#translate(batch).metrics, caller)
  }

  refusal(_: unknown, bytes: number): Retryable | undefined {
    return this.#next.refusal('metrics', bytes)
  }

  gathers(): boolean {
    return this.#next.gathers('metrics')
  }

  async consume(batch: SampleBatch): Promise<void> {
    const { metrics, dropped } = this.#translate(batch)
    this.#translated.delete(batch)
    if (metrics.bytes > 0) await this.#next.consume(metrics)
    const { ledger } = this.#context
    let left = batch.items
    for (const [reason, samples] of dropped) {
      ledger.drop('samples', samples, reason)
      left -= samples
    }
    ledger.leave('samples', left)
    ledger.enter('metrics', metrics.items)
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }

  #translate(batch: SampleBatch): Metrics {
    const translated = this.#translated.get(batch) ?? metricsFromSamples(batch, NAME)
    this.#translated.set(batch, translated)
    return translated
  }
}
