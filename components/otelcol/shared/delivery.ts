import { type Batch, SIGNALS, type Signal } from '#pdata'
import {
  type BatchLimits,
  openDiskQueue,
  openMemoryQueue,
  type Queue,
  type QueueLimits,
  type RetryPolicy,
  Sender,
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
  messageOf,
  type Next,
  Permanent,
  type Reservation,
  Retryable,
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
  send(batch: Batch, stop: AbortSignal): Promise<PartialSuccess | undefined>
  close(giveUp: AbortSignal): Promise<void>
}

const RESERVED: Reservation = { release() {} }

/**
 * What network exporters share: queues that outlive the instance, tries, and what is told of it.
 */
export class Delivery implements Component, Next, Activating, Holding, HealthReporting {
  readonly #context: Context
  readonly #settings: DeliverySettings
  readonly #destination: Destination
  readonly #sender: Sender
  readonly #queues = new Map<Signal, Queue>()
  readonly #door: DoorHealth
  readonly #direct: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 }
  /** Items that found no room. */
  readonly #crowdedOut: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 }

  constructor(context: Context, settings: DeliverySettings, destination: Destination) {
    this.#context = context
    this.#settings = settings
    this.#destination = destination
    const { clock, random, log, ledger } = context
    this.#door = new DoorHealth(clock)
    this.#sender = new Sender({
      clock,
      random,
      log,
      ledger,
      retry: settings.retry,
      consumers: settings.queue?.consumers ?? 0,
      send: (batch, stop) => destination.send(batch, stop),
      fail: (error) => context.fail(error),
    })
  }

  async start(): Promise<void> {
    await this.#destination.open()
    const { queue } = this.#settings
    if (queue) await this.#leaseQueues()
    const all = [...this.#queues.values()]
    const capacity = queue?.limits.size ?? 0
    observeExporter(this.#context.meter, this.#sender, this.#crowdedOut, all, capacity)
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

  async reserve(batch: Batch, caller?: Caller): Promise<Reservation> {
    const queue = this.#queues.get(batch.signal)
    if (!queue) return RESERVED
    const { clock, ledger } = this.#context
    const askedAt = clock.monotonic()
    try {
      const reservation = await queue.reserve(batch, caller)
      const waitedMs = clock.monotonic() - askedAt
      if (waitedMs > 0) ledger.block(batch.signal, waitedMs)
      return reservation
    } catch (error) {
      this.#crowdedOut[batch.signal] += batch.items
      ledger.turnAway(batch.signal, batch.items)
      this.#door.refused(batch.signal, messageOf(error))
      throw error
    }
  }

  refusal(signal: Signal, bytes: number): Retryable | undefined {
    const refusal = this.#queues.get(signal)?.refusal(bytes)
    if (refusal) this.#door.refused(signal, refusal.message)
    return refusal
  }

  async consume(batch: Batch): Promise<void> {
    const { signal, items } = batch
    const queue = this.#queues.get(signal)
    if (queue?.isDurable) return this.#door.storing(signal, queue.put(batch))
    if (queue) return queue.put(batch)
    this.#direct[signal] += items
    try {
      await this.#sender.deliver(batch)
    } finally {
      this.#direct[signal] -= items
    }
  }

  gathers(signal: Signal): boolean {
    return this.#queues.has(signal) && !this.#settings.queue?.limits.waitForResult
  }

  heldItems(signal: Signal): number {
    return (this.#queues.get(signal)?.held.items ?? 0) + this.#direct[signal]
  }

  health(): Health {
    return this.#door.health(this.#queues.values(), this.#sender.health())
  }

  async #leaseQueues(): Promise<void> {
    const { id, resources, storagePath } = this.#context
    const { limits, disk } = this.#settings.queue!
    const folder = disk?.storage ? `${disk.storage.current.folder}/${id}` : storagePath
    for (const signal of SIGNALS) {
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
