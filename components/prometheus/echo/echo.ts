import type { SampleBatch } from '#pdata'
import {
  type ArgumentsOf,
  attributes,
  type Component,
  type Consumer,
  type Context,
  choice,
  defineExporter,
  messageOf,
} from '#sdk'
import { exposition } from './exposition.js'

const schema = attributes({
  format: choice(['text', 'openmetrics'], {
    default: 'text',
    about: 'The exposition format it is written in.',
  }),
})

export default defineExporter({
  name: 'prometheus.echo',
  stability: 'generally-available',
  about: 'Writes samples to standard output in exposition format, for looking at data.',
  schema,
  accepts: ['samples'],
  create: (context, { format }) => new PrometheusEcho(context, format),
})

class PrometheusEcho implements Component, Consumer<'samples'> {
  readonly #context: Context
  readonly #format: ArgumentsOf<typeof schema>['format']

  constructor(context: Context, format: ArgumentsOf<typeof schema>['format']) {
    this.#context = context
    this.#format = format
  }

  async consume(batch: SampleBatch): Promise<void> {
    const { files, ledger, log } = this.#context
    try {
      await files.append('stdout', exposition(batch, this.#format))
    } catch (error) {
      // The data was looked at, or not: it is delivered either way.
      log.warn('cannot write what was received', { error: messageOf(error) })
    }
    ledger.leave(batch.signal, batch.items)
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }
}
