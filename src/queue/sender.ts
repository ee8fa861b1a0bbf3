import { setMaxListeners } from 'node:events'
import type { Batch, Signal } from '#pdata'
import {
  type Clock,
  type Health,
  isExpected,
  type Ledger,
  type Log,
  messageOf,
  Permanent,
  Retryable,
  sleep,
} from '#sdk'
import type { Delivery, Queue } from './queue.js'

export interface RetryPolicy {
  readonly enabled: boolean
  readonly initialMs: number
  readonly maxMs: number
  /** Growth per try, above 1. */
  readonly multiplier: number
  /** 0 to 1: how far a wait may stray to either side. */
  readonly randomization: number
  /** Since the data came; 0 tries for ever. */
  readonly maxElapsedMs: number
}

/** What a sender needs of its component and its destination. */
export interface SenderOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  readonly ledger: Ledger
  readonly retry: RetryPolicy
  /** Deliveries under way at once, per signal. */
  readonly consumers: number
  /**
   * One try. Resolves with how many items the far side rejected; rejects with `Retryable` or
   * `Permanent`.
   */
  readonly send: (batch: Batch, stop: AbortSignal) => Promise<number>
  /** A bug in `send`. */
  readonly fail: (error: unknown) => void
}

/** Repeated failures are logged this far apart. */
const LOG_EVERY_MS = 10_000

/** Takes from queues, sends, tries again. One for a component; the queues outlive it. */
export class Sender {
  readonly #options: SenderOptions
  readonly #stop = new AbortController()
  readonly #cut = new AbortController()
  #queues: readonly Queue[] = []
  #workers: Promise<void>[] = []
  /** A throttled destination is left alone as a whole until then, by the monotonic clock. */
  #notBefore = 0
  /** What was wrong with the last try; undefined after a good one. */
  #failing: string | undefined
  /** When that began to be so, since the epoch. */
  #since: number
  #lastLogged = Number.NEGATIVE_INFINITY
  readonly sent: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 }
  readonly failed: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 }

  constructor(options: SenderOptions) {
    this.#options = options
    this.#since = options.clock.now()
    // Every worker and every try listens.
    setMaxListeners(0, this.#stop.signal, this.#cut.signal)
  }

  /** Begins to take from the queues. */
  run(queues: readonly Queue[]): void {
    this.#queues = queues
    for (const queue of queues) {
      for (let n = 0; n < this.#options.consumers; n++) this.#workers.push(this.#work(queue))
    }
  }

  /** Sends at once, without a queue: the caller waits through all tries and hears the last. */
  async deliver(batch: Batch): Promise<void> {
    const { clock, retry } = this.#options
    const cameAt = clock.monotonic()
    for (let attempts = 0; ; attempts++) {
      const failure = await this.#try(batch)
      if (!failure) return
      const waitMs = this.#waitMs(failure, attempts)
      const late = clock.monotonic() + waitMs - cameAt > (retry.maxElapsedMs || Infinity)
      if (failure instanceof Permanent || !retry.enabled || late || this.#stop.signal.aborted) {
        this.failed[batch.signal] += batch.items
        throw failure
      }
      await sleep(clock, waitMs, this.#stop.signal)
    }
  }

  /**
   * Takes no more and waits for what is under way; `giveUp` cuts that short, and it goes back to
   * the queue.
   */
  async stop(giveUp: AbortSignal): Promise<void> {
    this.#stop.abort()
    const cut = () => this.#cut.abort()
    giveUp.addEventListener('abort', cut, { once: true })
    if (giveUp.aborted) cut()
    await Promise.all(this.#workers)
    giveUp.removeEventListener('abort', cut)
  }

  /** Sends until the queues are empty or `giveUp` aborts, then stops; the rest stays in them. */
  async drain(giveUp: AbortSignal): Promise<void> {
    await Promise.all(this.#queues.map((queue) => queue.drained(giveUp)))
    await this.stop(giveUp)
  }

  health(): Health {
    const since = this.#since
    if (this.#failing === undefined) return { state: 'healthy', message: 'delivering', since }
    return { state: 'degraded', message: this.#failing, since }
  }

  async #work(queue: Queue): Promise<void> {
    const { clock, fail } = this.#options
    while (!this.#stop.signal.aborted) {
      const pauseMs = this.#notBefore - clock.monotonic()
      if (pauseMs > 0) {
        await sleep(clock, pauseMs, this.#stop.signal)
        continue
      }
      const delivery = await queue.take(this.#stop.signal)
      if (!delivery) return
      try {
        await this.#attempt(delivery)
      } catch (error) {
        delivery.retry(0)
        fail(error)
        return
      }
    }
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { ledger, log, retry } = this.#options
    const { batch, attempts } = delivery
    const failure = await this.#try(batch)
    if (!failure) {
      delivery.done()
      return
    }
    const waitMs = this.#waitMs(failure, attempts)
    const tooOld = retry.maxElapsedMs > 0 && delivery.ageMs + waitMs > retry.maxElapsedMs
    if (this.#stop.signal.aborted && failure instanceof Retryable) {
      delivery.retry(0)
      return
    }
    if (failure instanceof Retryable && retry.enabled && !tooOld) {
      delivery.retry(waitMs)
      return
    }
    const reason = failure instanceof Permanent ? 'refused' : 'retries exhausted'
    if (!delivery.awaited) ledger.drop(batch.signal, batch.items, reason)
    this.failed[batch.signal] += batch.items
    log.error('dropped data that could not be delivered', {
      signal: batch.signal,
      items: batch.items,
      reason,
      error: failure.message,
    })
    delivery.done(failure)
  }

  /** Undefined for success. Throws bugs. */
  async #try(batch: Batch): Promise<Permanent | Retryable | undefined> {
    const { ledger, log, send, clock } = this.#options
    try {
      const rejected = await send(batch, this.#cut.signal)
      this.#note(undefined)
      ledger.leave(batch.signal, batch.items - rejected)
      if (rejected > 0) ledger.drop(batch.signal, rejected, 'rejected by the destination')
      this.sent[batch.signal] += batch.items - rejected
      this.failed[batch.signal] += rejected
      return undefined
    } catch (error) {
      if (!isExpected(error)) throw error
      this.#note(error.message)
      if (error instanceof Retryable && error.retryAfterMs) {
        this.#notBefore = Math.max(this.#notBefore, clock.monotonic() + error.retryAfterMs)
      }
      if (clock.monotonic() - this.#lastLogged >= LOG_EVERY_MS) {
        this.#lastLogged = clock.monotonic()
        log.warn('cannot deliver', { error: messageOf(error) })
      }
      return error
    }
  }

  #note(failing: string | undefined): void {
    const was = this.#failing !== undefined
    if (was !== (failing !== undefined)) this.#since = this.#options.clock.now()
    this.#failing = failing
  }

  #waitMs(failure: Permanent | Retryable, attempts: number): number {
    const { retry, random } = this.#options
    const grown = Math.min(retry.maxMs, retry.initialMs * retry.multiplier ** attempts)
    const strayed = grown * (1 + retry.randomization * (2 * random() - 1))
    const least = failure instanceof Retryable ? (failure.retryAfterMs ?? 0) : 0
    return Math.max(strayed, least)
  }
}
