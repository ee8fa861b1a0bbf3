import { OTLP_SIGNALS, type OtlpBatch, type OtlpSignal } from '#pdata'
import { Delivery, type DeliverySettings, type QueueLimits } from '#queue'
import { type Clock, Permanent, type Resource, Retryable } from '#sdk'
import { type FakeContext, type FakeDisk, fakeContext } from '#support'
import type { Destination } from './destination.js'
import { Medium } from './medium.js'

export const STORAGE = '/data/otlp'

/** One process: an exporter with its queues on a disk, from start to stop or crash. */
export class Agent {
  readonly context: FakeContext
  readonly medium: Medium
  readonly #destination: Destination
  readonly #resources = new Map<string, Promise<Resource>>()
  #delivery: Delivery<OtlpSignal> | undefined
  readonly #stopping = new Set<Promise<void>>()
  /** Items that consume has and no answer was given for. */
  #pending = 0

  constructor(disk: FakeDisk, clock: Clock, random: () => number, destination: Destination) {
    this.medium = new Medium(disk, clock, random)
    this.#destination = destination
    this.context = fakeContext({
      clock,
      disk,
      random,
      storagePath: STORAGE,
      resources: {
        lease: <R extends Resource>(key: string, open: () => Promise<R>) => {
          const resource = this.#resources.get(key) ?? open()
          this.#resources.set(key, resource)
          resource.catch(() => this.#resources.delete(key))
          return resource as Promise<R>
        },
      },
    })
  }

  get isDead(): boolean {
    return this.medium.isDead
  }

  /** Rejects with what the disk says; never settles when the process dies meanwhile. */
  async run(settings: DeliverySettings<OtlpSignal>): Promise<void> {
    const { clock } = this.context
    const next = new Delivery(this.context, settings, {
      open: async () => {},
      send: (batch, stop) => this.#destination.send(batch, clock, stop, () => !this.isDead),
      close: async () => {},
    })
    await next.start()
    const old = this.#delivery
    this.#delivery = next
    next.activate()
    if (!old) return
    const stopping = old.stop(new AbortController().signal)
    this.#stopping.add(stopping)
    stopping.then(
      () => this.#stopping.delete(stopping),
      (error: unknown) => this.context.fail(error),
    )
  }

  /** As the graph hands a batch over: "refused" before it entered, or after. */
  async consume(batch: OtlpBatch): Promise<'taken' | 'refused' | 'failed' | 'never'> {
    const { ledger } = this.context
    const delivery = this.#delivery!
    let reservation: { release(): void }
    try {
      reservation = await delivery.reserve(batch)
    } catch (error) {
      if (error instanceof Permanent) return 'never'
      if (error instanceof Retryable) return 'refused'
      throw error
    }
    ledger.enter(batch.signal, batch.items)
    this.#pending += batch.items
    try {
      await delivery.consume(batch)
      return 'taken'
    } catch (error) {
      if (!(error instanceof Retryable)) throw error
      ledger.refuse(batch.signal, batch.items)
      return 'failed'
    } finally {
      this.#pending -= batch.items
      reservation.release()
    }
  }

  /** Drains until `giveUp` aborts, and lets go of everything. */
  async stop(giveUp: AbortSignal): Promise<void> {
    await this.#delivery?.stop(giveUp)
    await Promise.all(this.#stopping)
    for (const resource of this.#resources.values()) await (await resource).close()
  }

  get heldItems(): number {
    return this.#delivery?.heldItems('traces') ?? 0
  }

  /** What the ledger has that nobody holds. */
  get unbalanced(): number {
    return this.context.ledger.held('traces') - this.heldItems - this.#pending
  }

  get dropped(): ReadonlyMap<string, number> {
    return this.context.ledger.counts('traces').dropped
  }

  /** Items of dead letters that made room for newer ones. */
  get forgotten(): number {
    const lines = this.context.logged.filter(({ message }) => message.includes('made room for'))
    return lines.reduce((sum, { fields }) => sum + Number(fields?.['items']), 0)
  }
}

export function settingsOf(
  limits: QueueLimits,
  more: { consumers: number; batch: boolean; dead: number; retries: boolean },
): DeliverySettings<OtlpSignal> {
  return {
    signals: OTLP_SIGNALS,
    advice: { full: '', elsewhere: '', inMemory: '' },
    observe() {},
    retry: {
      enabled: more.retries,
      initialMs: 200,
      maxMs: 3000,
      multiplier: 1.5,
      randomization: 0.5,
      maxElapsedMs: 0,
      maxAgeMs: 0,
    },
    queue: {
      limits,
      batch: more.batch
        ? { minSize: 10, maxSize: 15, flushTimeoutMs: 300, sizer: 'items' }
        : undefined,
      consumers: more.consumers,
      disk: { deadBytesMax: more.dead, storage: undefined },
    },
  }
}
