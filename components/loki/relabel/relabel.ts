import { type EntryBatch, EntryBatchBuilder, EntryReader } from '#pdata'
import { RelabelRules, ruleBlocks } from '#relabel'
import {
  type ArgumentsOf,
  attributes,
  type Component,
  type Consumer,
  type Context,
  defineProcessor,
  forwardTo,
  integer,
  type Next,
  Permanent,
} from '#sdk'
import { MalformedData } from '#wire'
import { relabelling, StreamLabels } from '../shared/stream-labels.js'

const schema = attributes({
  forward_to: forwardTo('entries'),
  max_cache_size: integer({
    default: 10_000,
    min: 1,
    max: 10_000_000,
    about: 'How many sets of labels it remembers.',
  }),
  rule: ruleBlocks(),
})

const definition = defineProcessor({
  name: 'loki.relabel',
  stability: 'generally-available',
  about: 'Changes the labels of log entries, and drops entries, by rules.',
  schema,
  create: (context, values, next) => new LokiRelabel(context, values, next),
})

export default {
  ...definition,
  exports: { ...definition.exports, rules: { kind: 'relabel-rules' } },
} as const satisfies typeof definition

class LokiRelabel implements Component, Consumer<'entries'> {
  readonly #context: Context
  readonly #values: ArgumentsOf<typeof schema>
  readonly #next: Next<'entries'>
  readonly #labels: StreamLabels

  constructor(context: Context, values: ArgumentsOf<typeof schema>, next: Next<'entries'>) {
    this.#context = context
    this.#values = values
    this.#next = next
    this.#labels = new StreamLabels(relabelling(values.rule), values.max_cache_size)
  }

  start(): Promise<void> {
    this.#context.publish({ rules: new RelabelRules(this.#values.rule) })
    return Promise.resolve()
  }

  async consume(batch: EntryBatch): Promise<void> {
    const relabelled = this.#relabel(batch)
    if (relabelled.items > 0) await this.#next.consume(relabelled)
    const dropped = batch.items - relabelled.items
    if (dropped > 0) this.#context.ledger.drop('entries', dropped, 'relabelled')
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }

  #relabel(batch: EntryBatch): EntryBatch {
    const builder = new EntryBatchBuilder(batch.bytes + 1024)
    const reader = new EntryReader(batch)
    while (reader.nextStream()) {
      const labels = this.#of(reader.labels)
      // Without a label there is no stream.
      if (labels === undefined || labels === '{}') continue
      builder.beginStream(labels)
      while (reader.nextEntry()) builder.copy(reader.bytes, reader.entryStart, reader.entryEnd)
      builder.endStream()
    }
    return builder.take(batch.client)
  }

  #of(labels: string): string | undefined {
    try {
      return this.#labels.of(labels)
    } catch (error) {
      if (!(error instanceof MalformedData)) throw error
      throw new Permanent(error.message, { cause: error })
    }
  }
}
