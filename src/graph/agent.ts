import type { Checked } from '#config'
import type { Diagnostic } from '#grammar'
import {
  type Clock,
  type Files,
  type Log,
  Mutex,
  messageOf,
  Retryable,
  type Timer,
  type Watcher,
} from '#sdk'
import type { MeterScope, TraceRoot, Tracing } from '#telemetry'
import type { Graph, Outcome } from './graph.js'
import type { Instance } from './instance.js'
import type { Action, Step } from './plan.js'
import type { DrainReport } from './retire.js'

/** What asked for a config to be loaded. */
export type Trigger = 'start' | 'file' | 'import' | 'signal' | 'http'

/** What one load did. */
export interface Receipt {
  /** From 1, the first load. */
  readonly number: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly trigger: Trigger
  readonly ok: boolean
  /** Of the sources' texts. */
  readonly hash: string
  readonly steps: readonly Step[]
  readonly diagnostics: readonly Diagnostic[]
  /** Until the new config had taken over, or was refused. */
  readonly tookMs: number
  /** Of what it replaced; undefined while that drains. */
  drained: DrainReport | undefined
}

export interface AgentOptions {
  readonly graph: Graph
  /** Reads and checks the config as it stands now. */
  readonly check: () => Promise<Checked>
  readonly clock: Clock
  readonly log: Log
  readonly meter: MeterScope
  /** Loads are traced, where anything is. */
  readonly tracing?: Tracing
  /** Called after each load, once what it replaced has drained. */
  readonly settled?: () => Promise<void>
  /** Called once the config of a load is checked, with how the load will have gone. */
  readonly loading?: (trigger: Trigger, receipt: Promise<Receipt>) => void
}

const HISTORY_MAX = 50
/** Editors write in several steps; the file is read when it has been quiet for this long. */
const SETTLE_MS = 200

/** Loads the config, again and again, and remembers how that went. */
export class Agent {
  readonly #options: AgentOptions
  readonly #history: Receipt[] = []
  #loads = 0
  #failures = 0
  #lastTriedHash = ''
  #lastGood: { readonly hash: string; readonly at: number } | undefined
  readonly #turns = new Mutex()
  #settling: Timer | undefined
  #watcher: Watcher | undefined
  #hasLoaded = false
  #isStopping = false

  constructor(options: AgentOptions) {
    this.#options = options
    const { meter } = options
    meter.observeGauge('weir_config_last_load_successful', 'Whether the last load was.', () =>
      Number(this.#history.at(-1)?.ok ?? false),
    )
    meter.observeGauge(
      'weir_config_last_load_success_timestamp_seconds',
      'When a config last loaded, since the epoch.',
      () => (this.#lastGood?.at ?? 0) / 1000,
    )
    meter.observeCounter(
      'weir_config_load_failures',
      'Configs that were refused.',
      () => this.#failures,
    )
    meter.observeMany('weir_config_hash', 'gauge', 'The hash of what runs, as a label.', () =>
      this.#lastGood ? [[{ sha256: this.#lastGood.hash }, 1]] : [],
    )
  }

  /** True from the first successful load until shutdown begins. */
  get ready(): boolean {
    return this.#hasLoaded && !this.#isStopping
  }

  /** Newest last. */
  get history(): readonly Receipt[] {
    return this.#history
  }

  /** Its components that are not well, the worst first. */
  get ill(): readonly Instance[] {
    const states = ['unhealthy', 'degraded']
    const rank = (one: Instance) => states.indexOf(one.health().state)
    const ill = this.#options.graph.instances.filter((one) => rank(one) >= 0)
    return ill.sort((a, b) => rank(a) - rank(b))
  }

  /**
   * Loads the config as it stands now. One load at a time; a refused one changes nothing. Rejects
   * with `Retryable` once shutdown has begun.
   */
  load(trigger: Trigger): Promise<Receipt> {
    return this.#inTurn(async () => (await this.#load(trigger, () => false))!)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isStopping) return Promise.reject(new Retryable('the agent is shutting down'))
    return this.#turns.run(work)
  }

  /** Loads again whenever the text at `path` has changed. */
  watch(files: Files, path: string): void {
    if (this.#isStopping) return
    this.#watcher = files.watch(path, () => this.changed('file'))
  }

  /** Something that the config is made of may have changed: loads it again if it has. */
  changed(trigger: Trigger): void {
    if (this.#isStopping) return
    this.#settling?.cancel()
    this.#settling = this.#options.clock.timer(SETTLE_MS, () => this.#changed(trigger))
  }

  /** Finishes the load under way, then stops everything. */
  async shutdown(): Promise<DrainReport> {
    this.#isStopping = true
    this.#settling?.cancel()
    await this.#watcher?.close()
    await this.#turns.idle()
    return this.#options.graph.shutdown()
  }

  /** What loading a checked config would do. */
  async plan({ program, diagnostics }: Checked): Promise<{
    readonly steps: readonly Step[]
    readonly diagnostics: readonly Diagnostic[]
  }> {
    if (!program) return { steps: [], diagnostics }
    const planned = await this.#options.graph.plan(program)
    return { steps: planned.steps, diagnostics: [...diagnostics, ...planned.diagnostics] }
  }

  #changed(trigger: Trigger): void {
    this.#loadIfChanged(trigger).catch((error: unknown) => {
      this.#options.log.error('cannot load the changed config', { error: messageOf(error) })
    })
  }

  async #loadIfChanged(trigger: Trigger): Promise<void> {
    if (this.#isStopping) return
    await this.#inTurn(() => this.#load(trigger, (hash) => hash === this.#lastTriedHash))
  }

  /** Nothing comes of a config that `isKnown`. */
  async #load(trigger: Trigger, isKnown: (hash: string) => boolean): Promise<Receipt | undefined> {
    const { clock, check, loading, tracing } = this.#options
    const began = { startedAt: clock.monotonic(), at: clock.now() }
    const trace = tracing?.start('load', { load: this.#loads + 1, trigger })
    const checking = trace?.begin('check', {})
    const checked = await check()
    checking?.end(checked.program ? undefined : 'the config has errors')
    if (isKnown(checked.hash)) return undefined
    const receipt = this.#take(trigger, checked, began, trace)
    loading?.(trigger, receipt)
    return receipt
  }

  async #take(
    trigger: Trigger,
    { program, diagnostics, hash }: Checked,
    { startedAt, at }: { readonly startedAt: number; readonly at: number },
    trace: TraceRoot | undefined,
  ): Promise<Receipt> {
    const { clock, graph } = this.#options
    const outcome: Outcome = program
      ? await graph.apply(program, trace)
      : { ok: false, diagnostics: [] }
    trace?.end(outcome.ok ? undefined : 'the config was refused')
    const receipt: Receipt = {
      number: ++this.#loads,
      at,
      trigger,
      ok: outcome.ok,
      hash,
      steps: outcome.ok ? outcome.steps : [],
      diagnostics: outcome.ok ? diagnostics : [...diagnostics, ...outcome.diagnostics],
      tookMs: clock.monotonic() - startedAt,
      drained: undefined,
    }
    this.#lastTriedHash = hash
    this.#history.push(receipt)
    if (this.#history.length > HISTORY_MAX) this.#history.shift()
    if (outcome.ok) {
      this.#lastGood = { hash, at: clock.now() }
      this.#hasLoaded = true
      this.#noteDrained(receipt, outcome.drained)
    } else {
      this.#failures++
    }
    this.#logLoad(receipt)
    return receipt
  }

  #noteDrained(receipt: Receipt, drained: Promise<DrainReport>): void {
    const { log, settled } = this.#options
    const note = async (report: DrainReport) => {
      receipt.drained = report
      const { instances, drainMs, droppedItems, unbalanced } = report
      if (instances > 0) log.info('drained what was replaced', { instances, drainMs, droppedItems })
      if (unbalanced.length > 0) log.error('bug: the ledger does not balance', { unbalanced })
      if (!this.#isStopping) await settled?.()
    }
    drained.then(note).catch((error: unknown) => {
      log.error('cannot drain what was replaced', { error: messageOf(error) })
    })
  }

  #logLoad({ ok, trigger, number, steps, diagnostics, tookMs }: Receipt): void {
    const { log } = this.#options
    const fields = { load: number, trigger, tookMs: Math.round(tookMs) }
    if (ok) {
      const count = (action: Action) => steps.filter((step) => step.action === action).length
      log.info('config loaded', {
        ...fields,
        kept: count('keep'),
        created: count('create'),
        replaced: count('replace'),
        removed: count('remove'),
      })
      return
    }
    const first = diagnostics.find((one) => one.severity === 'error')
    const errors = diagnostics.filter((one) => one.severity === 'error').length
    const at = first?.at.source.positionAt(first.at.start)
    const place = first && `${first.at.source.name}:${at?.line}:${at?.column}`
    log.error('config refused; what ran before runs on', {
      ...fields,
      errors,
      first: first && `${place}: ${first.message}`,
    })
  }
}
