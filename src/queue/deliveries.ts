import type { Batch, Signal } from '#pdata'
import {
  type Activating,
  type Caller,
  type Component,
  type Context,
  failureOf,
  type Health,
  type HealthReporting,
  type Holding,
  type Moved,
  type Next,
  Permanent,
  type Queued,
  type Queueing,
  type QueueName,
  type QueuePart,
  type QueueReport,
  type Reservation,
  type Retryable,
  type Totals,
  type Verdict,
} from '#sdk'
import { Delivery, type DeliverySettings, type Destination } from './delivery.js'

/** One of several destinations of a component. */
export interface Endpoint<S extends Signal = Signal> {
  readonly settings: DeliverySettings<S>
  readonly destination: Destination<S>
  /** Labels of its figures, and fields of its log lines. */
  readonly labels: Readonly<Record<string, string>>
  /**
   * What it is to get of a batch, before that is stored; undefined for nothing. Called once for
   * each batch. What has fewer items than the batch is counted as dropped under `dropReason`.
   */
  readonly prepare?: (batch: Batch<S>) => Batch<S> | undefined
  readonly dropReason?: string
}

interface Branch<S extends Signal> extends Endpoint<S> {
  readonly delivery: Delivery<S>
  /** What came of batches for which room is kept. */
  readonly prepared: WeakMap<Batch<S>, Batch<S> | typeof NOTHING>
}

const NOTHING = Symbol('nothing of a batch')

/**
 * Several destinations of one component, each with queues and a position of its own. All get every
 * batch, all or none: one that has no room refuses it for all. The ledger has an item once for each
 * of them.
 */
export class Deliveries<S extends Signal = Signal>
  implements Component, Next<S>, Activating, Holding, HealthReporting, Queueing
{
  readonly #context: Context
  readonly #branches: readonly Branch<S>[]

  constructor(context: Context, endpoints: readonly Endpoint<S>[]) {
    this.#context = context
    this.#branches = endpoints.map((endpoint) => ({
      ...endpoint,
      delivery: new Delivery(
        labelled(context, endpoint.labels),
        endpoint.settings,
        endpoint.destination,
      ),
      prepared: new WeakMap(),
    }))
  }

  async start(): Promise<void> {
    for (const { delivery } of this.#branches) await delivery.start()
  }

  activate(): void {
    for (const { delivery } of this.#branches) delivery.activate()
  }

  async stop(giveUp: AbortSignal): Promise<void> {
    await Promise.all(this.#branches.map(({ delivery }) => delivery.stop(giveUp)))
  }

  async reserve(batch: Batch<S>, caller?: Caller): Promise<Reservation> {
    const kept: Reservation[] = []
    const release = () => {
      for (const reservation of kept.splice(0)) reservation.release()
    }
    try {
      for (const branch of this.#branches) {
        const own = prepare(branch, batch)
        if (own) kept.push(await branch.delivery.reserve(own, caller))
      }
    } catch (error) {
      release()
      throw error
    }
    return { release }
  }

  refusal(signal: Signal, bytes: number): Retryable | undefined {
    // What is prepared may be less than what comes, so only the others know beforehand.
    for (const { delivery, prepare: prepares } of this.#branches) {
      const refusal = delivery.refusal(signal, prepares ? 0 : bytes)
      if (refusal) return refusal
    }
    return undefined
  }

  async consume(batch: Batch<S>): Promise<void> {
    const { signal, items } = batch
    const { ledger } = this.#context
    const count = this.#branches.length
    if (count === 0) {
      ledger.drop(signal, items, 'no endpoint')
      return
    }
    // It has entered once already.
    ledger.enter(signal, (count - 1) * items)
    const outcomes = await Promise.allSettled(
      this.#branches.map((branch) => this.#give(branch, batch)),
    )
    const failure = failureOf(outcomes)
    if (!failure) return
    const failed = outcomes.filter(({ status }) => status === 'rejected').length
    // The one that entered first is refused; those that were taken will come again.
    ledger.enter(signal, -(failed - 1) * items)
    throw failure
  }

  gathers(signal: Signal): boolean {
    return this.#branches.every(({ delivery }) => delivery.gathers(signal))
  }

  heldItems(signal: Signal): number {
    return this.#branches.reduce((sum, { delivery }) => sum + delivery.heldItems(signal), 0)
  }

  /** That of the worst, with its name. */
  health(): Health {
    const all = this.#branches.map(({ delivery, settings }) => {
      const health = delivery.health()
      const { endpoint } = settings
      const name = endpoint === undefined || this.#branches.length === 1 ? '' : `${endpoint}: `
      return { ...health, message: `${name}${health.message}` }
    })
    const bad = all.filter(({ state }) => state !== 'healthy')
    if (bad.length === 0) {
      const since = Math.max(0, ...all.map((one) => one.since))
      return { state: 'healthy', message: all.length > 0 ? 'delivering' : 'no endpoint', since }
    }
    return {
      state: bad.some(({ state }) => state === 'unhealthy') ? 'unhealthy' : 'degraded',
      message: bad.map(({ message }) => message).join('; '),
      since: Math.min(...bad.map(({ since }) => since)),
    }
  }

  async queues(): Promise<readonly QueueReport[]> {
    const reports = await Promise.all(this.#branches.map(({ delivery }) => delivery.queues()))
    return reports.flat()
  }

  async peek(queue: QueueName, part: QueuePart, count: number): Promise<readonly Queued[]> {
    return this.#deliveryTo(queue.endpoint).peek(queue, part, count)
  }

  async requeue(queue: QueueName, options: { readonly force: boolean }): Promise<Moved> {
    return this.#deliveryTo(queue.endpoint).requeue(queue, options)
  }

  async adopt(batch: Batch, verdict: Verdict | undefined, endpoint?: string): Promise<boolean> {
    const [only] = this.#branches
    const isOnly = this.#branches.length === 1 && endpoint === undefined
    const delivery = isOnly ? only!.delivery : this.#deliveryTo(endpoint)
    return delivery.adopt(batch, verdict)
  }

  async drop(queue: QueueName, part: QueuePart): Promise<Totals> {
    return this.#deliveryTo(queue.endpoint).drop(queue, part)
  }

  async #give(branch: Branch<S>, batch: Batch<S>): Promise<void> {
    const own = prepare(branch, batch)
    branch.prepared.delete(batch)
    if (own) await branch.delivery.consume(own)
    const dropped = batch.items - (own?.items ?? 0)
    if (dropped === 0) return
    this.#context.ledger.drop(batch.signal, dropped, branch.dropReason ?? 'filtered')
  }

  #deliveryTo(endpoint: string | undefined): Delivery<S> {
    const found = this.#branches.find(({ settings }) => settings.endpoint === endpoint)
    if (found) return found.delivery
    const names = this.#branches.map(({ settings }) => settings.endpoint ?? 'the one without name')
    throw new Permanent(`${this.#context.id} has the endpoints ${names.join(', ')}: name one`)
  }
}

/** Once for each batch, as it is asked for when room is kept and again when it is given. */
function prepare<S extends Signal>(branch: Branch<S>, batch: Batch<S>): Batch<S> | undefined {
  if (!branch.prepare) return batch
  let own = branch.prepared.get(batch)
  if (own === undefined) {
    own = branch.prepare(batch) ?? NOTHING
    branch.prepared.set(batch, own)
  }
  return own === NOTHING ? undefined : own
}

/** A context whose log and figures name the endpoint. */
function labelled(context: Context, labels: Readonly<Record<string, string>>): Context {
  const { log, meter } = context
  return {
    ...context,
    log: {
      debug: (message, fields) => log.debug(message, { ...labels, ...fields }),
      info: (message, fields) => log.info(message, { ...labels, ...fields }),
      warn: (message, fields) => log.warn(message, { ...labels, ...fields }),
      error: (message, fields) => log.error(message, { ...labels, ...fields }),
    },
    meter: {
      counter: (name, about, more) => meter.counter(name, about, { ...labels, ...more }),
      gauge: (name, about, more) => meter.gauge(name, about, { ...labels, ...more }),
      histogram: (name, about, bounds, more) =>
        meter.histogram(name, about, bounds, { ...labels, ...more }),
      observeCounter: (name, about, read, more) =>
        meter.observeCounter(name, about, read, { ...labels, ...more }),
      observeGauge: (name, about, read, more) =>
        meter.observeGauge(name, about, read, { ...labels, ...more }),
    },
  }
}
