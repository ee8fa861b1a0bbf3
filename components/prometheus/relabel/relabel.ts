import { metadataOf, type SampleBatch, SampleBatchBuilder, SampleReader } from '#pdata'
import { compileRules, RelabelRules, ruleBlocks } from '#relabel'
import {
  type ArgumentsOf,
  attributes,
  type Component,
  type Consumer,
  type Context,
  defineProcessor,
  duration,
  forwardTo,
  integer,
  type Next,
  type Problem,
} from '#sdk'
import { DROPPED, Relabelled, UNCHANGED } from './relabelled.js'

const ENTRIES_DEFAULT = 100_000
/** With cache_ttl alone: there is a limit even so. */
const ENTRIES_MAX = 2_000_000

const schema = attributes(
  {
    forward_to: forwardTo('samples'),
    max_cache_size: integer({
      default: ENTRIES_DEFAULT,
      min: 1,
      max: ENTRIES_MAX,
      about: 'How many series it remembers the new labels of.',
    }),
    cache_ttl: duration({
      default: '0s',
      about: 'Forgets series after so long without a sample, and not by their number.',
    }),
    rule: ruleBlocks(),
  },
  ({ max_cache_size: size, cache_ttl: ttl }): readonly Problem[] =>
    ttl > 0 && size !== ENTRIES_DEFAULT
      ? [{ path: ['cache_ttl'], message: 'set max_cache_size or cache_ttl, not both' }]
      : [],
)

type Arguments = ArgumentsOf<typeof schema>

export default defineProcessor({
  name: 'prometheus.relabel',
  stability: 'generally-available',
  about: 'Changes the labels of samples, and drops samples, by rules.',
  schema,
  exports: { rules: { kind: 'relabel-rules' } },
  create: (context, values, next) => new PrometheusRelabel(context, values, next),
})

class PrometheusRelabel implements Component, Consumer<'samples'> {
  readonly #context: Context
  readonly #rule: Arguments['rule']
  readonly #next: Next<'samples'>
  readonly #relabelled: Relabelled

  constructor(context: Context, values: Arguments, next: Next<'samples'>) {
    const { clock, random, meter } = context
    this.#context = context
    this.#rule = values.rule
    this.#next = next
    const { cache_ttl: ttlMs, max_cache_size: size } = values
    const entriesMax = ttlMs > 0 ? ENTRIES_MAX : size
    const limits = { entriesMax, ttlMs, seed: Math.floor(random() * 2 ** 32) }
    const relabelled = new Relabelled(compileRules(values.rule), limits, clock)
    this.#relabelled = relabelled
    const [name, of] = ['prometheus_relabel_cache', 'Series whose new labels were']
    meter.observeCounter(`${name}_hits`, `${of} known.`, () => relabelled.hits)
    meter.observeCounter(`${name}_misses`, `${of} worked out.`, () => relabelled.misses)
    meter.observeGauge(`${name}_size`, `${of} remembered.`, () => relabelled.size)
  }

  start(): Promise<void> {
    this.#context.publish({ rules: new RelabelRules(this.#rule) })
    return Promise.resolve()
  }

  async consume(batch: SampleBatch): Promise<void> {
    this.#relabelled.age()
    const left = this.#relabel(batch)
    if (left.items > 0 || left.bytes > 0) await this.#next.consume(left)
    const dropped = batch.items - left.items
    if (dropped > 0) this.#context.ledger.drop('samples', dropped, 'relabelled')
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }

  /** The very batch where no rule has anything against it. */
  #relabel(batch: SampleBatch): SampleBatch {
    const reader = new SampleReader(batch)
    const builder = new SampleBatchBuilder(batch.bytes + 1024)
    let isChanged = false
    while (reader.nextSeries()) {
      const { bytes, labelsStart, labelsEnd, seriesEnd } = reader
      const outcome = this.#relabelled.of(bytes, labelsStart, labelsEnd)
      const items = this.#countItems(reader)
      if (outcome !== UNCHANGED) isChanged = true
      if (outcome === DROPPED) continue
      if (outcome === UNCHANGED) builder.beginSeries(bytes, labelsStart, labelsEnd)
      else builder.beginSeries(outcome)
      builder.copy(bytes, labelsEnd, seriesEnd, items)
      builder.endSeries()
    }
    if (!isChanged) return batch
    for (const family of metadataOf(batch)) builder.metadata(family)
    return builder.take(batch.client)
  }

  /** What has ended need not be remembered. */
  #countItems(reader: SampleReader): number {
    let items = 0
    let hasEnded = false
    while (reader.nextPoint()) {
      if (reader.kind !== 'exemplar') items++
      hasEnded = reader.kind === 'sample' && reader.isStale
    }
    const { bytes, labelsStart, labelsEnd } = reader
    if (hasEnded) this.#relabelled.forget(bytes, labelsStart, labelsEnd)
    return items
  }
}
