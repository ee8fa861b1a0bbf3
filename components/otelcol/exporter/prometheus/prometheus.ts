import type { Batch } from '#pdata'
import {
  type ArgumentsOf,
  attributes,
  boolean,
  type Caller,
  type Component,
  type Consumer,
  type Context,
  defineProcessor,
  duration,
  type Foreseeing,
  forwardTo,
  type GatheringConsumer,
  type Next,
  type Reservation,
  type Reserving,
  type Retryable,
} from '#sdk'
import { debugMetrics } from '../../shared/blocks.js'
import { SamplesFromMetrics, type Translated } from '../../shared/prometheus/to-samples.js'

const schema = attributes({
  forward_to: forwardTo('samples'),
  add_metric_suffixes: boolean({
    default: true,
    about: 'Ends names with unit and type: `_seconds`, `_total`, `_ratio`.',
  }),
  include_target_info: boolean({
    default: true,
    about: 'Adds a series target_info for each resource, with its attributes as labels.',
  }),
  include_scope_info: boolean({
    default: false,
    about: 'Adds a series otel_scope_info for each scope, with its attributes as labels.',
  }),
  include_scope_labels: boolean({
    default: true,
    about: 'Adds otel_scope_name and otel_scope_version to all series.',
  }),
  keep_identifying_resource_attributes: boolean({
    default: false,
    about: 'Whether target_info has the attributes that job and instance are made of, too.',
  }),
  resource_to_telemetry_conversion: boolean({
    default: false,
    about: 'Adds the attributes of the resource to all series.',
  }),
  honor_metadata: boolean({
    default: false,
    about: 'Sends on type, help and unit of each metric family, with each batch.',
  }),
  gc_frequency: duration({
    default: '5m',
    min: '1ms',
    about: 'How often it forgets what it remembers of resources, scopes and keys.',
  }),
  debug_metrics: debugMetrics,
})

export default defineProcessor({
  name: 'otelcol.exporter.prometheus',
  stability: 'generally-available',
  about: 'Makes Prometheus samples of OTLP metrics.',
  schema,
  accepts: ['metrics'],
  create: (context, values, next) => new PrometheusExporter(context, values, next),
})

class PrometheusExporter
  implements Component, Consumer<'metrics'>, Reserving<'metrics'>, Foreseeing, GatheringConsumer
{
  readonly #context: Context
  readonly #next: Next<'samples'>
  readonly #translator: SamplesFromMetrics
  readonly #forgetAfterMs: number
  #forgotAt: number
  /** What room is kept for, until it is consumed. */
  readonly #translated = new WeakMap<Batch<'metrics'>, Translated>()

  constructor(context: Context, values: ArgumentsOf<typeof schema>, next: Next<'samples'>) {
    this.#context = context
    this.#next = next
    this.#translator = new SamplesFromMetrics(values)
    this.#forgetAfterMs = values.gc_frequency
    this.#forgotAt = context.clock.monotonic()
  }

  /** Room is asked for the samples, so they are made here already. */
  async reserve(batch: Batch<'metrics'>, caller?: Caller): Promise<Reservation> {
    return this.#next.reserve(this.#translate(batch).samples, caller)
  }

  refusal(_: unknown, bytes: number): Retryable | undefined {
    return this.#next.refusal('samples', bytes)
  }

  gathers(): boolean {
    return this.#next.gathers('samples')
  }

  async consume(batch: Batch<'metrics'>): Promise<void> {
    const { samples, dropped } = this.#translate(batch)
    this.#translated.delete(batch)
    // Metadata alone is no item, and goes on.
    if (samples.bytes > 0) await this.#next.consume(samples)
    const { ledger } = this.#context
    let left = batch.items
    for (const [reason, points] of dropped) {
      ledger.drop('metrics', points, reason)
      left -= points
    }
    ledger.leave('metrics', left)
    ledger.enter('samples', samples.items)
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }

  #translate(batch: Batch<'metrics'>): Translated {
    const known = this.#translated.get(batch)
    if (known) return known
    const now = this.#context.clock.monotonic()
    if (now - this.#forgotAt >= this.#forgetAfterMs) {
      this.#translator.forget()
      this.#forgotAt = now
    }
    const translated = this.#translator.translate(batch)
    this.#translated.set(batch, translated)
    return translated
  }
}
