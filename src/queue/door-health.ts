import type { Signal } from '#pdata'
import { type Clock, type Health, messageOf } from '#sdk'
import type { QueueAdvice } from './delivery.js'
import type { Queue } from './queue.js'

/** Who was refused comes back later; until then it only looks as if there were room. */
const REFUSED_LATELY_MS = 10_000

interface Trouble {
  readonly message: string
  /** Since the epoch. */
  readonly since: number
}

/** Whether an exporter takes in what it is given; how its deliveries go is the sender's to say. */
export class DoorHealth {
  readonly #clock: Clock
  readonly #advice: QueueAdvice
  /** What the last try to store failed with. */
  readonly #unstored = new Map<Signal, Trouble>()
  /** By the monotonic clock. */
  #refusedAt = Number.NEGATIVE_INFINITY
  #refusal: Trouble | undefined

  constructor(clock: Clock, advice: QueueAdvice) {
    this.#clock = clock
    this.#advice = advice
  }

  /** A sender was sent away, as the queue of the signal is full. */
  refused(signal: Signal, reason: string): void {
    const since = this.#isRefusing() ? this.#refusal!.since : this.#clock.now()
    this.#refusal = { message: `${signal} are refused: ${reason}; ${this.#whenFull}`, since }
    this.#refusedAt = this.#clock.monotonic()
  }

  /** Notes how it goes, and settles as it does. */
  async storing(signal: Signal, stored: Promise<void>): Promise<void> {
    try {
      await stored
      this.#unstored.delete(signal)
    } catch (error) {
      const since = this.#unstored.get(signal)?.since ?? this.#clock.now()
      const message = `${signal} are refused: ${messageOf(error)}; ${this.#whenUnstored}`
      this.#unstored.set(signal, { message, since })
      throw error
    }
  }

  /** Of the exporter as a whole; `sending` is how the deliveries go. */
  health(queues: Iterable<Queue>, sending: Health): Health {
    const troubles = [...this.#unstored.values()]
    if (this.#isRefusing()) troubles.push(this.#refusal!)
    for (const { signal, waitedFor } of queues) {
      if (waitedFor === undefined) continue
      const wait = `senders of ${signal} wait: the queue is full (${waitedFor})`
      troubles.push({ message: `${wait}; ${this.#whenFull}`, since: this.#clock.now() })
    }
    if (troubles.length === 0) return sending
    if (sending.state !== 'healthy') troubles.push(sending)
    return {
      state: 'degraded',
      message: troubles.map(({ message }) => message).join('; '),
      since: Math.min(...troubles.map(({ since }) => since)),
    }
  }

  get #whenFull(): string {
    return `see to the destination, or ${this.#advice.full}`
  }

  get #whenUnstored(): string {
    return `free space, or keep the queue elsewhere with ${this.#advice.elsewhere}`
  }

  #isRefusing(): boolean {
    return this.#clock.monotonic() - this.#refusedAt < REFUSED_LATELY_MS
  }
}
