import { type BatchLimits, OTLP_SIGNALS, type OtlpBatch, type OtlpSignal } from '#pdata'
import {
  openDiskQueue,
  openMemoryQueue,
  type Queue,
  type QueueLimits,
  Rate,
  type RetryPolicy,
  Sender,
  TendedQueue,
} from '#queue'
import {
  type Activating,
  type Caller,
  type Component,
  type Context,
  type Handle,
  type Health,
  type HealthReporting,
  type Holding,
  isExpected,
  type Moved,
  messageOf,
  type Next,
  Permanent,
  type Queued,
  type Queueing,
  type QueuePart,
  type QueueReport,
  type Reservation,
  Retryable,
  type Totals,
  type Verdict,
} from '#sdk'
import type { PartialSuccess } from '#wire'
import { DoorHealth } from './door-health.js'
import { observeExporter } from './metrics.js'

export interface DeliverySettings {
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
}

/** What an exporter itself is: a client that sends a batch once. */
export interface Destination {
  /** Opens the client; rejects as `Component.start` does. */
  open(): Promise<void>
  /** One try; see `SenderOptions.send`. */
  send(batch: OtlpBatch, stop: AbortSignal): Promise<PartialSuccess | undefined>
  close(giveUp: AbortSignal): Promise<void>
}

const RESERVED: Reservation = { release() {} }

/**
 * What network exporters share: queues that outlive the instance, tries, and what is told of it.
 */
export class Delivery implements Component, Next, Activating, Holding, HealthReporting, Queueing {
  readonly #context: Context
  readonly #settings: DeliverySettings
  readonly #destination: Destination
  readonly #sender: Sender
  readonly #queues = new Map<OtlpSignal, Queue>()
  /** Where they keep their files; undefined in memory. */
  #folder: string | undefined
  readonly #door: DoorHealth
  readonly #flow: Record<OtlpSignal, { readonly in: Rate; readonly out: Rate }>
  /** Senders that wait for room now, by when they came. */
  readonly #blocked: Record<OtlpSignal, Set<{ readonly since: number }>> = {
    traces: new Set(),
    metrics: new Set(),
    logs: new Set(),
  }
  readonly #direct: Record<OtlpSignal, number> = { traces: 0, metrics: 0, logs: 0 }
  /** Items that found no room. */
  readonly #crowdedOut: Record<OtlpSignal, number> = { traces: 0, metrics: 0, logs: 0 }

  constructor(context: Context, settings: DeliverySettings, destination: Destination) {
    this.#context = context
    this.#settings = settings
    this.#destination = destination
    const { clock, random, log, ledger } = context
    this.#door = new DoorHealth(clock)
    const flow = () => ({ in: new Rate(clock), out: new Rate(clock) })
    this.#flow = { traces: flow(), metrics: flow(), logs: flow() }
    this.#sender = new Sender({
      clock,
      random,
      log,
      ledger,
      retry: settings.retry,
      consumers: settings.queue?.consumers ?? 0,
      send: async (sent, stop) => {
        // Its queues are for OTLP alone.
        const batch = sent as OtlpBatch
        const partial = await destination.send(batch, stop)
        this.#flow[batch.signal].out.add(batch.items - (partial?.rejected ?? 0))
        return partial
      },
      fail: (error) => context.fail(error),
    })
  }

  async start(): Promise<void> {
    await this.#destination.open()
    const { queue } = this.#settings
    if (queue) await this.#leaseQueues()
    const all = [...this.#queues.values()]
    const { size: capacity = 0, storedBytes: storedBytesMax = 0 } = queue?.limits ?? {}
    const limits = { capacity, storedBytesMax }
    observeExporter(this.#context.meter, this.#sender, this.#crowdedOut, all, limits)
  }

  activate(): void {
    const { queue: settings } = this.#settings
    if (!settings) return
    for (const queue of this.#queues.values()) {
      queue.owner = this
      queue.configure(settings.limits, settings.batch)
    }
    this.#sender.run([...this.#queues.values()])
  }

  async stop(giveUp: AbortSignal): Promise<void> {
    const hasSuccessor = [...this.#queues.values()].some(({ owner }) => owner !== this)
    if (hasSuccessor) await this.#sender.stop(giveUp)
    else await this.#sender.drain(giveUp)
    await this.#destination.close(giveUp)
  }

  async reserve(batch: OtlpBatch, caller?: Caller): Promise<Reservation> {
    const queue = this.#queues.get(batch.signal)
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

  refusal(signal: OtlpSignal, bytes: number): Retryable | undefined {
    const refusal = this.#queues.get(signal)?.refusal(bytes)
    if (refusal) this.#door.refused(signal, refusal.message)
    return refusal
  }

  async consume(batch: OtlpBatch): Promise<void> {
    const { signal, items } = batch
    const queue = this.#queues.get(signal)
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

  gathers(signal: OtlpSignal): boolean {
    return this.#queues.has(signal) && !this.#settings.queue?.limits.waitForResult
  }

  heldItems(signal: OtlpSignal): number {
    return (this.#queues.get(signal)?.held.items ?? 0) + this.#direct[signal]
  }

  health(): Health {
    return this.#door.health(this.#queues.values(), this.#sender.health())
  }

  queues(): Promise<readonly QueueReport[]> {
    return Promise.all([...this.#queues.keys()].map((signal) => this.#report(signal)))
  }

  async peek(signal: OtlpSignal, part: QueuePart, count: number): Promise<readonly Queued[]> {
    return this.#tended(signal).peek(part, count)
  }

  async requeue(signal: OtlpSignal, { force }: { readonly force: boolean }): Promise<Moved> {
    return this.#tended(signal).requeue(force)
  }

  async adopt(batch: OtlpBatch, verdict: Verdict | undefined): Promise<boolean> {
    return this.#tended(batch.signal).adopt(batch, verdict)
  }

  async drop(signal: OtlpSignal, part: QueuePart): Promise<Totals> {
    return this.#tended(signal).drop(part)
  }

  async #report(signal: OtlpSignal): Promise<QueueReport> {
    const now = this.#context.clock.monotonic()
    const [longest] = this.#blocked[signal]
    const { in: input, out } = this.#flow[signal]
    return {
      ...(await this.#tended(signal).report()),
      retried: this.#sender.retried[signal],
      inPerSecond: input.perSecond,
      outPerSecond: out.perSecond,
      concurrency: this.#sender.concurrency,
      blockedForMs: longest ? now - longest.since : 0,
      refused: this.#crowdedOut[signal],
    }
  }

  #tended(signal: OtlpSignal): TendedQueue {
    const queue = this.#queues.get(signal)
    if (!queue) throw new Permanent(`${this.#context.id} has no queue`)
    return new TendedQueue(this.#context, queue, this.#settings.queue!.limits, this.#folder)
  }

  async #leaseQueues(): Promise<void> {
    const { id, resources, storagePath } = this.#context
    const { limits, disk } = this.#settings.queue!
    const folder = disk?.storage ? `${disk.storage.current.folder}/${id}` : storagePath
    // That of a storage may be another one later.
    this.#folder = disk && folder
    for (const signal of OTLP_SIGNALS) {
      const key = disk ? `queue ${folder} ${signal}` : `queue ${id} ${signal}`
      const place = disk && { folder, bytesMax: limits.storedBytes, ...disk }
      const open = async () =>
        place ? openDiskQueue(this.#context, signal, place) : openMemoryQueue(this.#context, signal)
      const queue = await resources.lease<Queue>(key, open).catch((error: unknown) => {
        throw disk ? unusable(error, folder, disk.storage) : error
      })
      this.#queues.set(signal, queue)
    }
  }
}

/** Says what to do besides. */
function unusable(error: unknown, folder: string, storage: Handle<'storage'> | undefined): unknown {
  if (!isExpected(error)) return error
  const place = storage ? `another directory for ${storage.owner}` : 'another --storage.path'
  const text = `its queue cannot be kept in ${folder}: ${error.message}; make that possible, give \
${place}, or write sending_queue { durability = "memory" }`
  const options = { cause: error.cause }
  return error instanceof Permanent ? new Permanent(text, options) : new Retryable(text, options)
}
