import { ConfiguredHttpClient, HTTP_CLIENT_DEFAULTS } from '#net'
import type { SampleBatch } from '#pdata'
import {
  type Activating,
  type Component,
  type Context,
  defineReceiver,
  type Health,
  type HealthReporting,
  type Intake,
  isExpected,
  Mutex,
  messageOf,
  Permanent,
  Retryable,
  settledOrAborted,
  sleep,
} from '#sdk'
import { type Arguments, protocolsOf, schema } from './arguments.js'
import { scrapeProtocol } from './exposition/content-type.js'
import {
  ScrapeLoop,
  type ScrapeOutcome,
  type ScrapeRun,
  type ScrapeSettings,
} from './scrape-loop.js'
import { type ScrapeTarget, scrapeTarget } from './target.js'
import { KnownTargets, TargetState } from './target-state.js'

export default defineReceiver({
  name: 'prometheus.scrape',
  stability: 'generally-available',
  about: 'Asks targets for their metrics at intervals.',
  schema,
  create: (context, values, intake) => new PrometheusScrape(context, values, intake),
})

/** Larger bodies are refused where body_size_limit says nothing. */
const BODY_BYTES_MAX = 256 * 1024 * 1024
/** Between tries to have samples taken, where nobody says how long. */
const RETRY_MS = 1000

/** Names of counters, and what they count. */
const FIGURES = {
  scrapes: ['prometheus_target_scrapes', 'Scrapes.'],
  failed: ['prometheus_target_scrapes_failed', 'Scrapes after which a target was not up.'],
  unconvertible: [
    'prometheus_target_scrapes_unconvertible_histograms',
    'Classic histograms whose counts did not add up, so that none was made of them.',
  ],
} as const

class PrometheusScrape implements Component, Activating, HealthReporting {
  readonly #context: Context
  readonly #values: Arguments
  readonly #intake: Intake<'samples'>
  readonly #stop = new AbortController()
  readonly #faults = new Map<ScrapeLoop, string>()
  /** Targets that are none, and why. */
  readonly #refused: string[] = []
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #figures = { scrapes: 0, failed: 0, unconvertible: 0 }
  #targets: readonly ScrapeTarget[] = []
  #loops: readonly ScrapeLoop[] = []
  #known: KnownTargets | undefined
  #client: ConfiguredHttpClient | undefined
  #since: number

  constructor(context: Context, values: Arguments, intake: Intake<'samples'>) {
    this.#context = context
    this.#values = values
    this.#intake = intake
    this.#since = context.clock.now()
  }

  async start(): Promise<void> {
    const { resources, id, meter } = this.#context
    this.#targets = this.#readTargets()
    this.#client = await ConfiguredHttpClient.open(this.#values, this.#context, {
      ...HTTP_CLIENT_DEFAULTS,
      responseBytesMax: this.#values.body_size_limit || BODY_BYTES_MAX,
      userAgent: 'weir',
    })
    this.#known = await resources.lease(`targets of ${id}`, async () => new KnownTargets())
    meter.observeGauge('prometheus_scrape_targets_gauge', 'Targets.', () => this.#loops.length)
    const { scrapes, failed, unconvertible } = FIGURES
    meter.observeCounter(scrapes[0], scrapes[1], () => this.#figures.scrapes)
    meter.observeCounter(failed[0], failed[1], () => this.#figures.failed)
    meter.observeCounter(unconvertible[0], unconvertible[1], () => this.#figures.unconvertible)
  }

  activate(): void {
    const { clock } = this.#context
    const keyed = this.#targets.map((target) => [this.#stateKey(target), target] as const)
    const keys = new Set(keyed.map(([key]) => key))
    const gone = this.#known!.takeOver(keys, () => this.#letGo())
    const run = this.#run()
    this.#loops = keyed.map(([key, target]) => {
      const open = () => new TargetState(target.labels, this.#values.extra_metrics)
      return new ScrapeLoop(target, this.#known!.get(key, open), run)
    })
    for (const loop of this.#loops) loop.start()
    for (const state of gone) {
      const end = async () => {
        await state.idle
        const batch = await state.end(clock.now())
        if (batch) await this.#deliver(batch, clock.monotonic() + this.#values.scrape_interval)
      }
      this.#track(end())
    }
  }

  async stop(giveUp: AbortSignal): Promise<void> {
    this.#letGo()
    await settledOrAborted(Promise.all(this.#underWay), giveUp)
    this.#stop.abort()
    await this.#client?.close(giveUp)
  }

  health(): Health {
    const since = this.#since
    const [refused] = this.#refused
    const count = this.#targets.length + this.#refused.length
    const bad = this.#refused.length + this.#faults.size
    if (bad === 0) {
      return { state: 'healthy', message: count === 1 ? '1 target' : `${count} targets`, since }
    }
    const [failing] = this.#faults
    const reason = failing ? `${shown(failing[0].target)}: ${failing[1]}` : refused!
    const state = bad === count ? 'unhealthy' : 'degraded'
    return { state, message: `${bad} of ${count} targets fail, one with: ${reason}`, since }
  }

  /** Another instance goes on with the targets, or none does. */
  #letGo(): void {
    for (const loop of this.#loops) this.#track(loop.stop())
  }

  /** Those with equal labels and addresses are one. */
  #readTargets(): readonly ScrapeTarget[] {
    const { id, log } = this.#context
    const targets = new Map<string, ScrapeTarget>()
    for (const given of this.#values.targets) {
      const { job_name: job = id, ...defaults } = this.#values
      const target = scrapeTarget(given, { ...defaults, job_name: job })
      if (typeof target === 'string') {
        const reason = `a target is left out: ${target}`
        log.warn(reason, { address: given.get('__address__') })
        this.#refused.push(reason)
      } else {
        targets.set(target.key, target)
      }
    }
    return [...targets.values()]
  }

  /** What is known of a target is of use as long as its samples become the same series. */
  #stateKey({ key }: ScrapeTarget): string {
    const values = this.#values
    return JSON.stringify([
      key,
      values.honor_labels,
      values.metric_name_validation_scheme,
      values.label_limit,
      values.label_name_length_limit,
      values.label_value_length_limit,
      values.enable_type_and_unit_labels,
      values.extra_metrics,
    ])
  }

  #run(): ScrapeRun {
    const { clock } = this.#context
    return {
      clock,
      client: this.#client!,
      settings: settingsOf(this.#values, this.#targets.length),
      deliver: (batch, deadlineMs) => this.#deliver(batch, deadlineMs),
      builders: [],
      writing: new Mutex(),
      scraped: (loop, outcome) => this.#scraped(loop, outcome),
      fail: (error) => this.#context.fail(error),
    }
  }

  #scraped(loop: ScrapeLoop, { counts, fault }: ScrapeOutcome): void {
    const { ledger, log, clock } = this.#context
    const before = this.health().state
    this.#figures.scrapes++
    this.#figures.unconvertible += counts.unconvertible
    if (fault !== undefined) this.#figures.failed++
    if (counts.duplicates > 0 && fault === undefined) {
      ledger.enter('samples', counts.duplicates)
      ledger.drop('samples', counts.duplicates, 'duplicate sample')
    }
    if (fault === undefined) {
      this.#faults.delete(loop)
    } else {
      if (this.#faults.get(loop) !== fault) {
        log.warn('a scrape failed', { target: shown(loop.target), error: fault })
      }
      this.#faults.set(loop, fault)
      this.#logFailure(loop, fault)
    }
    if (this.health().state !== before) this.#since = clock.now()
  }

  #logFailure({ target }: ScrapeLoop, error: string): void {
    const { clock, files, log } = this.#context
    const { scrape_failure_log_file: path } = this.#values
    if (path === '') return
    const time = new Date(clock.now()).toISOString()
    const job = target.labels.get('job')
    const line = JSON.stringify({ time, level: 'ERROR', msg: error, job, target: shown(target) })
    const written = files.append(path, `${line}\n`).catch((fault: unknown) => {
      log.warn('cannot write scrape_failure_log_file', { error: messageOf(fault) })
    })
    this.#track(written)
  }

  /**
   * Tries until the next scrape is due; then the samples are dropped, and counted. True when they
   * were taken at once: of a try that failed, somebody may hold them still.
   */
  async #deliver(batch: SampleBatch, deadlineMs: number): Promise<boolean> {
    const { clock, ledger, log } = this.#context
    for (let tries = 0; ; tries++) {
      try {
        await this.#intake.deliver(batch)
        return tries === 0
      } catch (error) {
        if (!isExpected(error)) throw error
        const waitMs = error instanceof Retryable ? (error.retryAfterMs ?? RETRY_MS) : 0
        const isOver = this.#stop.signal.aborted || clock.monotonic() + waitMs >= deadlineMs
        if (error instanceof Permanent || isOver) {
          ledger.enter(batch.signal, batch.items)
          ledger.drop(batch.signal, batch.items, 'not taken')
          log.warn('samples were dropped', { items: batch.items, error: error.message })
          return false
        }
        await sleep(clock, waitMs, this.#stop.signal)
      }
    }
  }

  #track(work: Promise<unknown>): void {
    const tracked: Promise<void> = work
      .then(
        () => {},
        (error) => this.#context.fail(error),
      )
      .finally(() => this.#underWay.delete(tracked))
    this.#underWay.add(tracked)
  }
}

function settingsOf(values: Arguments, targetCount: number): ScrapeSettings {
  const { target_limit: limit, metric_name_validation_scheme: scheme } = values
  return {
    protocols: protocolsOf(values),
    fallback: scrapeProtocol(values.scrape_fallback_protocol),
    escaping:
      values.metric_name_escaping_scheme ?? (scheme === 'legacy' ? 'underscores' : 'allow-utf-8'),
    wantsGzip: values.enable_compression,
    parsing: {
      typeAndUnitLabels: values.enable_type_and_unit_labels,
      createdLines: values.start_timestamp_zero_ingestion,
      ignoreNativeHistograms: !values.scrape_native_histograms,
      convertClassicHistograms: values.convert_classic_histograms_to_nhcb,
      keepClassicHistograms: values.scrape_classic_histograms,
    },
    rules: values,
    refusal:
      limit > 0 && targetCount > limit
        ? `there are ${targetCount} targets, and target_limit is ${limit}`
        : undefined,
  }
}

/** The address without what is secret in it. */
function shown({ url }: ScrapeTarget): string {
  return url.origin + url.pathname
}
