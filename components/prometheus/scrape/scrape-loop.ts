import type { ConfiguredHttpClient } from '#net'
import { type SampleBatch, SampleBatchBuilder } from '#pdata'
import { type Clock, deferred, isExpected, type Mutex, messageOf, type Timer } from '#sdk'
import {
  acceptHeader,
  chooseFormat,
  type EscapingScheme,
  type ScrapeProtocol,
} from './exposition/content-type.js'
import { MalformedExposition } from './exposition/malformed-exposition.js'
import type { ExpositionOptions } from './exposition/options.js'
import { createExpositionParser, type ExpositionFormat } from './exposition/parser.js'
import { type SampleRules, type ScrapeCounts, ScrapeFault, ScrapeSink } from './scrape-sink.js'
import type { ScrapeTarget } from './target.js'
import type { TargetState } from './target-state.js'

/** Body bytes that are parsed in one turn of the event loop: some milliseconds where all is new. */
const BYTES_PER_TURN = 64 * 1024
/** Kept for the next scrapes: a batch is as large as what it is made of. */
const BUILDERS_MAX = 4
/** Scrapes that begin so little late have the time that was planned, which is easier to store. */
const TOLERANCE_MS = 2

/** How all targets of a component are scraped. */
export interface ScrapeSettings {
  readonly protocols: readonly ScrapeProtocol[]
  readonly fallback: ScrapeProtocol | undefined
  readonly escaping: EscapingScheme
  readonly wantsGzip: boolean
  readonly parsing: ExpositionOptions
  readonly rules: SampleRules
  /** Why no target is scraped, if none is. */
  readonly refusal: string | undefined
}

interface Answer {
  readonly body: Uint8Array
  readonly format: ExpositionFormat
}

/** How a scrape went. */
export interface ScrapeOutcome {
  readonly counts: ScrapeCounts
  readonly fault: string | undefined
}

/** What scrapes need, and what they bring. */
export interface ScrapeRun {
  readonly clock: Clock
  readonly client: ConfiguredHttpClient
  readonly settings: ScrapeSettings
  /**
   * Never rejects; takes no longer than to `deadlineMs`, monotonic, where nobody takes it. True
   * says that nobody looks into the batch any more.
   */
  deliver(batch: SampleBatch, deadlineMs: number): Promise<boolean>
  /** Those that have memory and are not in use. */
  readonly builders: SampleBatchBuilder[]
  /** Answers are parsed one after the other: were many late, each would have its memory at once. */
  readonly writing: Mutex
  /** A scrape has ended. */
  scraped(loop: ScrapeLoop, outcome: ScrapeOutcome): void
  /** A bug. */
  fail(error: unknown): void
}

/** Scrapes one target, never twice at once, until it is stopped. */
export class ScrapeLoop {
  readonly target: ScrapeTarget
  readonly #state: TargetState
  readonly #run: ScrapeRun
  readonly #stop = new AbortController()
  #timer: Timer | undefined
  /** When the next scrape is to begin: monotonic, and since the epoch. */
  #dueMs = 0
  #dueAt = 0
  #round: Promise<void> = Promise.resolve()

  constructor(target: ScrapeTarget, state: TargetState, run: ScrapeRun) {
    this.target = target
    this.#state = state
    this.#run = run
  }

  /** Targets are scraped at different times of the interval, each at the same of every interval. */
  start(): void {
    const { clock } = this.#run
    const { intervalMs, offset } = this.target
    const now = clock.now()
    const delayMs = (intervalMs - (now % intervalMs) + Math.floor(offset * intervalMs)) % intervalMs
    this.#dueMs = clock.monotonic() + delayMs
    this.#dueAt = now + delayMs
    this.#wait()
  }

  /** Begins no scrape, and gives up the request under way. Resolves when the last one has ended. */
  stop(): Promise<void> {
    this.#stop.abort()
    this.#timer?.cancel()
    return this.#round
  }

  #wait(): void {
    const { clock } = this.#run
    const delayMs = Math.max(0, this.#dueMs - clock.monotonic())
    this.#timer = clock.timer(delayMs, () => {
      this.#round = this.#next()
    })
  }

  async #next(): Promise<void> {
    const { clock, fail } = this.#run
    const state = this.#state
    const ended = deferred()
    const before = state.idle
    state.idle = ended.promise
    try {
      await before
      if (!this.#stop.signal.aborted) await this.#scrape()
    } catch (error) {
      fail(error)
    } finally {
      ended.resolve()
    }
    if (this.#stop.signal.aborted) return
    const { intervalMs } = this.target
    const missed = Math.max(0, Math.floor((clock.monotonic() - this.#dueMs) / intervalMs))
    this.#dueMs += (missed + 1) * intervalMs
    this.#dueAt += (missed + 1) * intervalMs
    this.#wait()
  }

  async #scrape(): Promise<void> {
    const { clock, deliver, builders, writing } = this.#run
    const began = clock.monotonic()
    const timestampMs = this.#state.timestamp(this.#timeOf(clock.now()))
    const answer = await this.#fetch().catch(faultOf)
    // Whoever goes on with the state asks the target again.
    if (typeof answer === 'string' && this.#stop.signal.aborted) return
    const builder = await writing.run(() => this.#write(answer, began, timestampMs))
    const isDone = await deliver(builder.lend(), this.#dueMs + this.target.intervalMs)
    if (isDone && builders.length < BUILDERS_MAX) builders.push(builder)
  }

  /** What the target answered, or what was wrong with it. */
  async #write(
    answer: Answer | string,
    began: number,
    timestampMs: number,
  ): Promise<SampleBatchBuilder> {
    const { clock, settings, builders, scraped } = this.#run
    const state = this.#state
    let builder = builders.pop() ?? new SampleBatchBuilder(state.batchBytes)
    const into = new ScrapeSink(
      builder,
      state.table,
      this.target.labels,
      settings.rules,
      timestampMs,
    )
    await state.wake()
    state.begin()
    const fault = typeof answer === 'string' ? answer : await this.#parse(answer, into)
    if (fault === undefined) {
      state.commit(builder, timestampMs)
    } else {
      builder = new SampleBatchBuilder()
      state.abandon(builder, timestampMs)
    }
    const { counts } = into
    state.report.write(builder, timestampMs, {
      up: fault === undefined ? 1 : 0,
      scrape_duration_seconds: (clock.monotonic() - began) / 1000,
      scrape_samples_scraped: counts.scraped,
      scrape_samples_post_metric_relabeling: counts.kept,
      scrape_series_added: counts.added,
      scrape_timeout_seconds: this.target.timeoutMs / 1000,
      scrape_sample_limit: settings.rules.sample_limit,
      scrape_body_size_bytes: typeof answer === 'string' ? 0 : answer.body.length,
    })
    state.batchBytes = builder.bytes
    await state.rest()
    scraped(this, { counts, fault })
    return builder
  }

  async #parse({ body, format }: Answer, into: ScrapeSink): Promise<string | undefined> {
    const { parsing } = this.#run.settings
    try {
      await parse(body, format, into, { ...parsing, cache: this.#state.cache })
      return undefined
    } catch (error) {
      return faultOf(error)
    }
  }

  #timeOf(now: number): number {
    const { intervalMs } = this.target
    const late = now - this.#dueAt
    return late > 0 && late <= Math.min(TOLERANCE_MS, intervalMs / 100) ? this.#dueAt : now
  }

  async #fetch(): Promise<Answer> {
    const { client, settings } = this.#run
    const { url, timeoutMs } = this.target
    if (settings.refusal !== undefined) throw new ScrapeFault(settings.refusal)
    const reply = await client.request({
      method: 'GET',
      url,
      headers: {
        accept: acceptHeader(settings.protocols, settings.escaping),
        'accept-encoding': settings.wantsGzip ? 'gzip' : 'identity',
        'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1000),
      },
      timeoutMs,
      signal: this.#stop.signal,
    })
    if (reply.status !== 200) throw new ScrapeFault(`${url.host} answered ${reply.status}`)
    const { format, fault } = chooseFormat(reply.header('content-type'), settings.fallback)
    if (!format) throw new ScrapeFault(fault!)
    return { body: reply.body, format }
  }
}

/** Large bodies let others have their turn in between. */
async function parse(
  body: Uint8Array,
  format: ExpositionFormat,
  into: ScrapeSink,
  options: ExpositionOptions,
): Promise<void> {
  const parser = createExpositionParser(format, into, options)
  for (let at = 0; at < body.length; at += BYTES_PER_TURN) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve))
    parser.push(body.subarray(at, at + BYTES_PER_TURN))
  }
  parser.end()
}

/** What is wrong with the target; a bug is thrown again. */
function faultOf(error: unknown): string {
  const isTargets = error instanceof ScrapeFault || error instanceof MalformedExposition
  if (!isTargets && !isExpected(error)) throw error
  return messageOf(error)
}
