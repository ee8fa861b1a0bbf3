import { type Batch, perSignal, type Signal } from '#pdata'
import {
  type Activating,
  type Budget,
  type Caller,
  type Clock,
  type Component,
  type Context,
  type Deferred,
  type Definition,
  type Disk,
  deferred,
  type ExportFigures,
  type Exporting,
  type Files,
  folderOfId,
  type Health,
  type HealthReporting,
  type Holding,
  isExpected,
  type Ledger,
  type Memory,
  messageOf,
  type Network,
  type Next,
  type Queueing,
  type Remembering,
  type Reservation,
  Retryable,
  type Sample,
  settledOrAborted,
  sleep,
} from '#sdk'
import type { Logger, MeterScope, Registry, Tracing } from '#telemetry'
import { BackPressure } from './back-pressure.js'
import type { Edge } from './edge.js'
import { Outlet } from './outlet.js'
import type { ResourcePool } from './resource-pool.js'
import type { Tap } from './tap.js'
import { UnderWay } from './under-way.js'

/** The outside world, handed to the graph once and by it to every instance. */
export interface Services {
  readonly clock: Clock
  readonly random: () => number
  readonly network: Network
  readonly files: Files
  readonly disk: Disk
  readonly memory: Memory
  readonly budget: Budget
  readonly logger: Logger
  readonly metrics: Registry
  /** Of the agent itself; without it nothing is traced. */
  readonly tracing?: Tracing
  /** Components keep their files in folders of it, named after them. */
  readonly storagePath: string
}

/** What an instance tells the graph. */
export interface InstanceEvents {
  published(instance: Instance): void
  failed(instance: Instance, error: unknown): void
}

/** A component with the optional powers it may have. */
type Powered = Component &
  Partial<Next & Activating & Holding & HealthReporting & Queueing & Exporting & Remembering>

/** What it is called in traces that a batch is with a component. */
const STEPS: Readonly<Record<Definition['kind'], string>> = {
  receiver: 'receive',
  processor: 'process',
  exporter: 'take over',
  extension: 'process',
  config: 'process',
  import: 'process',
  module: 'process',
}

/** How long after `giveUp` a component that does not stop is left behind. */
const STOP_GRACE_MS = 5000

/**
 * One instance of a component and its life:
 *
 *   created -> started -> active -> stopped
 *
 * Data comes in only while it is active, or draining after that.
 */
export class Instance implements Next {
  readonly id: string
  readonly definition: Definition
  readonly values: object
  readonly ledger: Ledger
  /** Set while a plan is to replace or remove it; see ResourcePool. */
  leaving = false
  /** Why it does not work; cleared by a successful restart only. */
  fault: Health | undefined
  /** Why it does not run with its newest arguments but with the last good ones. */
  staleArguments: string | undefined
  readonly #services: Services
  readonly #pool: ResourcePool
  readonly #events: InstanceEvents
  readonly #meter: MeterScope
  readonly #outlet: Outlet
  #component: Powered | undefined
  #starting: Promise<void> | undefined
  #published: Readonly<Record<string, unknown>> = {}
  /** What `#published` was when it had started. */
  #publishedByStart: Readonly<Record<string, unknown>> | undefined
  #isActive = false
  /** A bug before the switch: it fails when it is to take over. */
  #earlyBug: { readonly error: unknown } | undefined
  readonly #pending: Readonly<Record<Signal, UnderWay>>
  readonly #backPressure: BackPressure
  #calls = 0
  #idle: Deferred | undefined
  #stopped: Promise<void> | undefined
  readonly #since: number

  constructor(
    node: { readonly id: string; readonly definition: Definition },
    values: object,
    ledger: Ledger,
    pool: ResourcePool,
    services: Services,
    events: InstanceEvents,
  ) {
    this.id = node.id
    this.definition = node.definition
    this.values = values
    this.ledger = ledger
    this.#pool = pool
    this.#services = services
    this.#events = events
    this.#meter = services.metrics.scope({ component_id: node.id })
    const { clock, tracing } = services
    this.#backPressure = new BackPressure(clock)
    this.#pending = perSignal(() => new UnderWay(clock))
    this.#outlet = new Outlet(node.definition.outputs(values as never), ledger, {
      id: node.id,
      clock,
      // What a config block hands on is the agent's own.
      tracing: node.definition.kind === 'config' ? undefined : tracing,
      refused: (signal, refusal) => this.#backPressure.refused(signal, refusal),
    })
    this.#since = clock.now()
  }

  /** The exports it has published; empty before `start`. */
  get published(): Readonly<Record<string, unknown>> {
    return this.#published
  }

  /** What uses its exports was worked out without the newest of them. */
  get hasPublishedSinceStart(): boolean {
    return this.#publishedByStart !== undefined && this.#publishedByStart !== this.#published
  }

  /** Creates the component and starts it. Whatever it rejects with, `stop` must follow. */
  start(): Promise<void> {
    this.#starting = this.#start()
    return this.#starting
  }

  /** The switch: it becomes the one that runs. Throws bugs. */
  activate(): void {
    this.#isActive = true
    if (this.#earlyBug) throw this.#earlyBug.error
    this.#component?.activate?.()
  }

  async reserve(batch: Batch, caller?: Caller): Promise<Reservation> {
    const component = this.#component!
    return component.reserve
      ? component.reserve(batch, caller)
      : this.#outlet.reserve(batch, caller)
  }

  refusal(signal: Signal, bytes: number): Retryable | undefined {
    const component = this.#component!
    if (component.refusal) return component.refusal(signal, bytes)
    // Whoever reserves for itself may let in what those behind it would not.
    return component.reserve ? undefined : this.#outlet.refusal(signal, bytes)
  }

  gathers(signal: Signal): boolean {
    const component = this.#component
    return component?.gathers ? component.gathers(signal) : this.#outlet.gathers(signal)
  }

  async consume(batch: Batch): Promise<void> {
    const { signal, items } = batch
    this.ledger.enter(signal, items)
    this.#pending[signal].begin(items)
    this.#calls++
    const step = batch.trace?.begin(STEPS[this.definition.kind], { component_id: this.id })
    try {
      await this.#handOver(batch)
      step?.end()
    } catch (error) {
      step?.end(error)
      this.ledger.refuse(signal, items)
      if (isExpected(error)) throw error
      this.#events.failed(this, error)
      throw new Retryable(`${this.id} failed: ${messageOf(error)}`, { cause: error })
    } finally {
      this.#pending[signal].end(items)
      if (--this.#calls === 0) this.#idle?.resolve()
    }
  }

  /** Drains and lets go; returns soon after `giveUp` even if the component does not. */
  stop(giveUp: AbortSignal): Promise<void> {
    this.#stopped ??= this.#stop(giveUp)
    return this.#stopped
  }

  /** Items it took and has not passed on, by its own count; of one of its signals. */
  held(signal: Signal): number {
    const own = this.#component?.heldItems?.(signal) ?? this.#pending[signal].items
    return own + this.#outlet.delivering(signal).items
  }

  /** How long the oldest of them have been with it, at most. */
  oldestMs(signal: Signal): number {
    return Math.max(
      this.#component?.oldestMs?.(signal) ?? 0,
      this.#pending[signal].oldestMs,
      this.#outlet.delivering(signal).oldestMs,
    )
  }

  health(): Health {
    if (this.fault) return this.fault
    if (this.staleArguments) {
      const message = `runs with its last good arguments: ${this.staleArguments}`
      const help = 'mend what its arguments refer to; they are worked out again then'
      return { state: 'unhealthy', message, since: this.#since, help }
    }
    const own = this.#component?.health?.()
    if (own && own.state !== 'healthy') return own
    const running: Health = { state: 'healthy', message: 'running', since: this.#since }
    return this.#backPressed() ?? own ?? running
  }

  /** Its queues, where it has that power and runs. */
  get queueing(): Queueing | undefined {
    const component = this.#component
    return component?.queues && this.#isActive ? (component as Component & Queueing) : undefined
  }

  /** How its deliveries go, where it makes any. */
  get exported(): readonly ExportFigures[] | undefined {
    return this.#component?.exported?.()
  }

  /** The last of what it took, oldest first; undefined where it keeps nothing to look at. */
  get recent(): readonly Sample[] | undefined {
    return this.#component?.recent?.()
  }

  /** Shows `tap` what it sends on, until the function it returns is called. */
  tap(tap: Tap): () => void {
    return this.#outlet.tap(tap)
  }

  /** Its books and its own count agree. */
  get isBalanced(): boolean {
    const { signals } = this.definition
    return signals.every((signal) => this.ledger.held(signal) === this.held(signal))
  }

  /** The far ends of its data edges: ids of components by signal. */
  get edges(): readonly { readonly to: string; readonly signal: Signal }[] {
    const outputs = this.definition.outputs(this.values as never)
    return this.definition.signals.flatMap((signal) =>
      outputs[signal].map((consumer) => ({
        to: (consumer as unknown as { readonly owner: string }).owner,
        signal,
      })),
    )
  }

  /** What went over each of them. */
  get flows(): readonly Edge[] {
    return this.#outlet.edges
  }

  /** Of those that senders wait for. */
  #backPressed(): Health | undefined {
    if (this.definition.kind !== 'receiver') return undefined
    return this.#backPressure.health(
      this.definition.signals,
      (signal) => this.#outlet.delivering(signal).oldestMs,
      (signal) => this.edges.filter((edge) => edge.signal === signal).map(({ to }) => to),
    )
  }

  /** What it hands on before it waits for anything is made of this batch. */
  #handOver(batch: Batch): Promise<void> {
    if (!batch.trace) return this.#component!.consume!(batch)
    this.#outlet.trace = batch.trace
    try {
      return this.#component!.consume!(batch)
    } finally {
      this.#outlet.trace = undefined
    }
  }

  async #start(): Promise<void> {
    this.#component = this.definition.create(this.#context(), this.values as never, this.#outlet)
    await this.#component.start?.()
    this.#publishedByStart = this.#published
  }

  async #stop(giveUp: AbortSignal): Promise<void> {
    const log = this.#log()
    await this.#atMost(this.#drain(giveUp), giveUp).catch((error: unknown) => {
      log.error('failed while stopping', { error: messageOf(error) })
    })
    await this.#pool.release(this).catch((error: unknown) => {
      log.error('cannot close what it held', { error: messageOf(error) })
    })
    this.#meter.close()
  }

  async #drain(giveUp: AbortSignal): Promise<void> {
    // Whoever started it hears of a failure.
    await this.#starting?.catch(() => {})
    await this.#component?.stop(giveUp)
    await this.#whenIdle(giveUp)
  }

  /** A bug outside of `consume`. */
  #bug(error: unknown): void {
    if (!this.#isActive) this.#earlyBug ??= { error }
    this.#events.failed(this, error)
  }

  /** Waits for calls that began before the switch; those given up are what follows it to end. */
  async #whenIdle(giveUp: AbortSignal): Promise<void> {
    if (this.#calls === 0) return
    this.#idle = deferred()
    await settledOrAborted(this.#idle.promise, giveUp)
  }

  async #atMost(work: Promise<void>, giveUp: AbortSignal): Promise<void> {
    const done = new AbortController()
    const late = async () => {
      await aborted(giveUp, done.signal)
      await sleep(this.#services.clock, STOP_GRACE_MS, done.signal)
      if (!done.signal.aborted) this.#log().error('did not stop in time and was left behind')
    }
    await Promise.race([work, late()]).finally(() => done.abort())
  }

  #log() {
    return this.#services.logger.of(this.id)
  }

  #context(): Context {
    const { clock, random, network, files, disk, memory, budget, storagePath } = this.#services
    return {
      id: this.id,
      clock: this.#guarded(clock),
      random,
      network,
      files,
      disk,
      memory,
      budget,
      log: this.#log(),
      meter: this.#meter,
      ledger: this.ledger,
      resources: { lease: (key, open) => this.#pool.lease(key, this, open) },
      storagePath: `${storagePath}/${folderOfId(this.id)}`,
      publish: (exports) => {
        this.#published = { ...this.#published, ...exports }
        this.#events.published(this)
      },
      fail: (error) => this.#bug(error),
    }
  }

  /** A bug in a timer's callback is the component's, not the process's. */
  #guarded(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      timer: (delayMs, callback) =>
        clock.timer(delayMs, () => {
          try {
            callback()
          } catch (error) {
            this.#bug(error)
          }
        }),
    }
  }
}

/** Resolves when either signal aborts. */
function aborted(...signals: readonly AbortSignal[]): Promise<unknown> {
  const any = AbortSignal.any([...signals])
  if (any.aborted) return Promise.resolve()
  return new Promise((resolve) => any.addEventListener('abort', resolve, { once: true }))
}
