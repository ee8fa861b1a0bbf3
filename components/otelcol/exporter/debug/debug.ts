import { OTLP_SIGNALS, type OtlpBatch } from '#pdata'
import {
  type ArgumentsOf,
  attributes,
  boolean,
  type Component,
  type Consumer,
  type Context,
  choice,
  defineExporter,
  integer,
  list,
  messageOf,
  type Remembering,
  type Sample,
  type,
} from '#sdk'
import { requestToJson } from '#wire'
import { debugMetrics } from '../../shared/blocks.js'
import { RecentBatches } from './recent.js'
import { detailedText, itemLines } from './text.js'

const schema = attributes({
  verbosity: choice(['basic', 'normal', 'detailed'], {
    default: 'basic',
    about: 'basic: a line per batch; normal: a line per item; detailed: every field.',
  }),
  sampling_initial: integer({
    default: 2,
    min: 0,
    about: 'So many batches of a second are written; of further ones every sampling_thereafter-th.',
  }),
  sampling_thereafter: integer({
    default: 1,
    min: 0,
    about: 'See sampling_initial; 0 writes none.',
  }),
  use_internal_logger: boolean({
    default: true,
    about: "Writes to the agent's log instead of output_paths.",
  }),
  output_paths: list(type.string(), {
    default: ['stdout'],
    about: 'Files, "stdout" or "stderr"; only with use_internal_logger = false.',
  }),
  debug_metrics: debugMetrics,
})

export default defineExporter({
  name: 'otelcol.exporter.debug',
  stability: 'generally-available',
  about: 'Writes what it gets to the log, for looking at data.',
  schema,
  accepts: OTLP_SIGNALS,
  create: (context, values) => new DebugExporter(context, values),
})

const SECOND_MS = 1000

class DebugExporter implements Component, Consumer, Remembering {
  readonly #context: Context
  readonly #values: ArgumentsOf<typeof schema>
  #second = 0
  readonly #recent: RecentBatches
  #seen = 0

  constructor(context: Context, values: ArgumentsOf<typeof schema>) {
    this.#context = context
    this.#values = values
    this.#recent = new RecentBatches(context.clock)
  }

  async consume(batch: OtlpBatch): Promise<void> {
    this.#recent.keep(batch)
    if (this.#isSampled()) await this.#write(batch)
    this.#context.ledger.leave(batch.signal, batch.items)
  }

  recent(): readonly Sample[] {
    return this.#recent.list()
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }

  /** How many of a second's batches are written, as zap's sampler has it. */
  #isSampled(): boolean {
    const second = Math.floor(this.#context.clock.monotonic() / SECOND_MS)
    if (second !== this.#second) this.#seen = 0
    this.#second = second
    const { sampling_initial: initial, sampling_thereafter: thereafter } = this.#values
    const beyond = ++this.#seen - initial
    return beyond <= 0 || (thereafter > 0 && beyond % thereafter === 0)
  }

  async #write(batch: OtlpBatch): Promise<void> {
    const { log, files } = this.#context
    const { use_internal_logger: internal, output_paths: paths } = this.#values
    const { signal, items, bytes } = batch
    const lines = this.#lines(batch)
    if (internal) {
      log.info(signal, { items, bytes })
      for (const line of lines) log.info(line)
      return
    }
    const text = [`${signal} items=${items} bytes=${bytes}`, ...lines].join('\n')
    try {
      await Promise.all(paths.map((path) => files.append(path, `${text}\n`)))
    } catch (error) {
      // The data was looked at, or not: it is delivered either way.
      log.warn('cannot write what was received', { error: messageOf(error) })
    }
  }

  #lines({ signal, chunks }: OtlpBatch): readonly string[] {
    const { verbosity } = this.#values
    if (verbosity === 'basic') return []
    const request = JSON.parse(requestToJson(signal, chunks)) as Record<string, unknown>
    return verbosity === 'normal' ? itemLines(signal, request) : [detailedText(request)]
  }
}
