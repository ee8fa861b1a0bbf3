import { type Batch, type BatchLimits, perSignal, type Signal } from '#pdata'
import {
  type Activating,
  type Caller,
  type Component,
  type Context,
  type Handle,
  type Health,
  type HealthReporting,
  type Holding,
  type Meter,
  type Moved,
  messageOf,
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
import type { PartialSuccess } from '#wire'
import { DoorHealth } from './door-health.js'
import { type Leased, leaseQueue } from './lease-queue.js'
import type { Queue, QueueLimits } from './queue.js'
import { Rate } from './rate.js'
import { type RetryPolicy, Sender } from './sender.js'
import { TendedQueue } from './tended-queue.js'

export interface DeliverySettings<S extends Signal = Signal> {
  /** Each has a queue of its own. */
  readonly signals: readonly S[]
  /** Of several destinations that a component has, which one this is. */
  readonly endpoint?: string | undefined
  readonly retry: RetryPolicy
  /** Undefined: senders wait for the delivery. */
  readonly queue:
    | {
        readonly limits: QueueLimits
        readonly batch: BatchLimits | undefined
        readonly consumers: number
        /** Undefined: in memory. */
        readonly disk:
          | { readonly deadBytesMax: number; readonly storage: Handle<'storage'> | undefined }
          | undefined
      }
    | undefined
  readonly advice: QueueAdvice
  /** Called by `start`: the metrics of its family. */
  observe(meter: Meter, figures: DeliveryFigures): void
}

/** What can be done about troubles with a queue, in terms of the family's configs. */
export interface QueueAdvice {
  /** There is no room: "give sending_queue more room". */
  readonly full: string
  /** Its folder cannot be used, and another one is to be named: "--storage.path". */
  readonly elsewhere: string
  /** Its folder cannot be used: `write sending_queue { durability = "memory" }`. */
  readonly inMemory: string
}

/** What metrics of a delivery are made of. */
export interface DeliveryFigures {
  readonly sender: Sender
  /** Items that found no room. */
  readonly crowdedOut: Readonly<Record<Signal, number>>
  readonly queues: readonly Queue[]
  /** In units of the queues' sizer; 0 without one. */
  readonly capacity: number
  readonly storedBytesMax: number
}

/** What an exporter itself is: a client that sends a batch once. */
export interface Destination<S extends Signal = Signal> {
  /** Opens the client; rejects as `Component.start` does. */
  open(): Promise<void>
  /** One try; see `SenderOptions.send`. */
  send(batch: Batch<S>, stop: AbortSignal): Promise<PartialSuccess | undefined>
  close(giveUp: AbortSignal): Promise<void>
}

const RESERVED: Reservation = { release() {} }

/**
 * What lies between a component and one destination: queues that outlive the instance, one for each
 * signal; tries; and what is told of it.
 */
export class Delivery<S extends Signal = Signal>
  implements Component, Next<S>, Activating, Holding, HealthReporting, Queueing
{
  readonly #context: Context
  readonly #settings: DeliverySettings<S>
  readonly #destination: Destination<S>
  readonly #sender: Sender
  readonly #leased = new Map<Signal, Leased>()
  readonly #door: DoorHealth
  readonly #flow: Record<Signal, { readonly in: Rate; readonly out: Rate }>
  /** Senders that wait for room now, by when they came. */
  readonly #blocked = perSignal(() => new Set<{ readonly since: number }>())
  readonly #direct = perSignal(() => 0)
  /** Items that found no room. */
  readonly #crowdedOut = perSignal(() => 0)

  constructor(context: Context, settings: DeliverySettings<S>, destination: Destination<S>) {
    this.#context = context
    this.#settings = settings
    this.#destination = destination
    const { clock, random, log, ledger } = context
    this.#door = new DoorHealth(clock, settings.advice)
    this.#flow = perSignal(() => ({ in: new Rate(clock), out: new Rate(clock) }))
    this.#sender = new Sender({
      clock,
      random,
      log,
      ledger,
      retry: settings.retry,
      consumers: settings.queue?.consumers ?? 0,
      send: async (batch, stop) => {
        // Its queues are for its signals alone.
        const partial = await destination.send(batch as Batch<S>, stop)
        this.#flow[batch.signal].out.add(batch.items - (partial?.rejected ?? 0))
        return partial
      },
      fail: (error) => context.fail(error),
    })
  }

  async start(): Promise<void> {
    await this.#destination.open()
    const { queue, observe } = this.#settings
    if (queue) await this.#leaseQueues()
    observe(this.#context.meter, {
      sender: this.#sender,
      crowdedOut: this.#crowdedOut,
      queues: this.#queues,
      capacity: queue?.limits.size ?? 0,
      storedBytesMax: queue?.limits.storedBytes ?? 0,
    })
  }

  activate(): void {
    const { queue: settings } = this.#settings
    if (!settings) return
    for (const queue of this.#queues) {
      queue.owner = this
      queue.configure(settings.limits, settings.batch)
    }
    this.#sender.run(this.#queues)
  }

  async stop(giveUp: AbortSignal): Promise<void> {
    const hasSuccessor = this.#queues.some(({ owner }) => owner !== this)
    if (hasSuccessor) await this.#sender.stop(giveUp)
    else await this.#sender.drain(giveUp)
    await this.#destination.close(giveUp)
  }

  async reserve(batch: Batch<S>, caller?: Caller): Promise<Reservation> {
    const queue = this.#queueOf(batch.signal)
    if (!queue) return RESERVED
    const { clock, ledger } = this.#context
    const { signal, items } = batch
    const asked = { since: clock.monotonic() }
    this.#blocked[signal].add(asked)
    try {
      const reservation = await queue.reserve(batch, caller)
      const waitedMs = clock.monotonic() - asked.since
      if (waitedMs > 0) ledger.block(signal, waitedMs)
      return reservation
    } catch (error) {
      this.#crowdedOut[signal] += items
      ledger.turnAway(signal, items)
      this.#door.refused(signal, messageOf(error))
      throw error
    } finally {
      this.#blocked[signal].delete(asked)
    }
  }

  refusal(signal: Signal, bytes: number): Retryable | undefined {
    const refusal = this.#queueOf(signal)?.refusal(bytes)
    if (refusal) this.#door.refused(signal, refusal.message)
    return refusal
  }

  async consume(batch: Batch<S>): Promise<void> {
    const { signal, items } = batch
    const queue = this.#queueOf(signal)
    if (queue) {
      const put = queue.put(batch)
      await (queue.isDurable ? this.#door.storing(signal, put) : put)
      this.#flow[signal].in.add(items)
      return
    }
    this.#direct[signal] += items
    try {
      await this.#sender.deliver(batch)
    } finally {
      this.#direct[signal] -= items
    }
  }

  gathers(signal: Signal): boolean {
    return this.#leased.has(signal) && !this.#settings.queue?.limits.waitForResult
  }

  heldItems(signal: Signal): number {
    return (this.#queueOf(signal)?.held.items ?? 0) + this.#direct[signal]
  }

  health(): Health {
    return this.#door.health(this.#queues, this.#sender.health())
  }

  queues(): Promise<readonly QueueReport[]> {
    return Promise.all(this.#queues.map(({ signal }) => this.#report(signal)))
  }

  async peek({ signal }: QueueName, part: QueuePart, count: number): Promise<readonly Queued[]> {
    return this.#tended(signal).peek(part, count)
  }

  async requeue({ signal }: QueueName, { force }: { readonly force: boolean }): Promise<Moved> {
    return this.#tended(signal).requeue(force)
  }

  async adopt(batch: Batch, verdict: Verdict | undefined): Promise<boolean> {
    return this.#tended(batch.signal).adopt(batch, verdict)
  }

  async drop({ signal }: QueueName, part: QueuePart): Promise<Totals> {
    return this.#tended(signal).drop(part)
  }

  get #queues(): readonly Queue[] {
    return [...this.#leased.values()].map(({ queue }) => queue)
  }

  #queueOf(signal: Signal): Queue | undefined {
    return this.#leased.get(signal)?.queue
  }

  async #report(signal: Signal): Promise<QueueReport> {
    const now = this.#context.clock.monotonic()
    const [longest] = this.#blocked[signal]
    const { in: input, out } = this.#flow[signal]
    return {
      ...(await this.#tended(signal).report()),
      endpoint: this.#settings.endpoint,
      retried: this.#sender.retried[signal],
      inPerSecond: input.perSecond,
      outPerSecond: out.perSecond,
      concurrency: this.#sender.concurrency,
      blockedForMs: longest ? now - longest.since : 0,
      refused: this.#crowdedOut[signal],
    }
  }

  #tended(signal: Signal): TendedQueue {
    const leased = this.#leased.get(signal)
    if (!leased) throw new Permanent(`${this.#context.id} has no queue of ${signal}`)
    const { limits } = this.#settings.queue!
    return new TendedQueue(this.#context, leased.queue, limits, leased.folder)
  }

  async #leaseQueues(): Promise<void> {
    const { signals, endpoint, queue, advice } = this.#settings
    const { limits, disk } = queue!
    const place = { endpoint, bytesMax: limits.storedBytes, disk, advice }
    for (const signal of signals) {
      this.#leased.set(signal, await leaseQueue(this.#context, signal, place))
    }
  }
}
