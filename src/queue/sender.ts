import { setMaxListeners } from 'node:events'
import { type Batch, perSignal } from '#pdata'
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
import type { PartialSuccess } from '#wire'
import { Concurrency } from './concurrency.js'
import { lastingCopy } from './kept-batch.js'
import type { Dispatch, Queue } from './queue.js'

export interface RetryPolicy {
  readonly enabled: boolean
  readonly initialMs: number
  readonly maxMs: number
  /** Growth per try, above 1. */
  readonly multiplier: number
  /** 0 to 1: how far a wait may stray to either side. */
  readonly randomization: number
  /** Since the data came; 0 tries for ever. For what is not durable. */
  readonly maxElapsedMs: number
  /** The same for what is durable. */
  readonly maxAgeMs: number
}

/** What a sender needs of its component and its destination. */
export interface SenderOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  readonly ledger: Ledger
  readonly retry: RetryPolicy
  /** Deliveries under way at once, at most, per signal. */
  readonly consumers: number
  /**
   * One try. Resolves with what the far side says of items it did not take; rejects with
   * `Retryable` or `Permanent`.
   */
  readonly send: (batch: Batch, stop: AbortSignal) => Promise<PartialSuccess | undefined>
  /** A bug in `send`. */
  readonly fail: (error: unknown) => void
}

/** Repeated failures are logged this far apart. */
const LOG_EVERY_MS = 10_000
/** From so many failures in a row on, the destination as a whole is left alone for a while. */
const FAILURES_IN_A_ROW = 3
/**
 * google.rpc.Code of answers that blame the data, and that half of it may not get: for what it is,
 * or for how much it is.
 */
const INVALID_ARGUMENT = 3
const RESOURCE_EXHAUSTED = 8
/** Refusals without a delivery between them, and the destination is thought to refuse anything. */
const REFUSALS_IN_A_ROW = 64

/** Takes from queues, sends, tries again. One for a component; the queues outlive it. */
export class Sender {
  readonly #options: SenderOptions
  readonly #stop = new AbortController()
  readonly #cut = new AbortController()
  /** The destination seems to be away, now that all should leave. */
  readonly #away = new AbortController()
  #isDraining = false
  #concurrency: Concurrency
  #queues: readonly Queue[] = []
  #workers: Promise<void>[] = []
  /** The destination is left alone as a whole until then, by the monotonic clock. */
  #notBefore = 0
  #failuresInARow = 0
  /** So often did it fail that what waits to be tried again waits for the destination. */
  #wasAway = false
  #refusalsInARow = 0
  /** What was wrong with the last try; undefined after a good one. */
  #failing: string | undefined
  /** When that began to be so, since the epoch. */
  #since: number
  #lastLogged = Number.NEGATIVE_INFINITY
  readonly sent = perSignal(() => 0)
  readonly failed = perSignal(() => 0)
  /** Tries that had to be made again, in batches. */
  readonly retried = perSignal(() => 0)

  constructor(options: SenderOptions) {
    this.#options = options
    this.#since = options.clock.now()
    this.#concurrency = new Concurrency(options.clock, 1)
    // Every worker and every try listens.
    setMaxListeners(0, this.#stop.signal, this.#cut.signal)
  }

  /** Begins to take from the queues. */
  run(queues: readonly Queue[]): void {
    const { clock, consumers } = this.#options
    this.#queues = queues
    this.#concurrency = new Concurrency(clock, consumers * queues.length)
    for (const queue of queues) {
      for (let n = 0; n < consumers; n++) this.#workers.push(this.#work(queue))
    }
  }

  /** Tries that may be under way at once now. */
  get concurrency(): number {
    return this.#concurrency.limit
  }

  /** Sends at once, without a queue: the caller waits through all tries and hears the last. */
  async deliver(batch: Batch): Promise<void> {
    const { clock, retry } = this.#options
    const cameAt = clock.monotonic()
    const own = lastingCopy(batch)
    for (let attempts = 0; ; attempts++) {
      const outcome = await this.#try(own)
      if (outcome === undefined) return
      if ('rejected' in outcome) {
        this.#rejected(batch, outcome)
        return
      }
      const waitMs = this.#waitMs(outcome, attempts)
      const late = clock.monotonic() + waitMs - cameAt > (retry.maxElapsedMs || Infinity)
      if (outcome instanceof Permanent || !retry.enabled || late || this.#stop.signal.aborted) {
        this.failed[batch.signal] += batch.items
        throw outcome
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

  /**
   * Sends until the queues are empty or `giveUp` aborts, then stops; the rest stays in them. While
   * the destination is away, what is on disk is not waited for.
   */
  async drain(giveUp: AbortSignal): Promise<void> {
    const vain = AbortSignal.any([giveUp, this.#away.signal])
    if (this.#failuresInARow >= FAILURES_IN_A_ROW) this.#away.abort()
    this.#isDraining = true
    await Promise.all(this.#queues.map((queue) => queue.drained(queue.isDurable ? vain : giveUp)))
    await this.stop(giveUp)
  }

  health(): Health {
    const since = this.#since
    if (this.#failing === undefined) return { state: 'healthy', message: 'delivering', since }
    return { state: 'degraded', message: this.#failing, since }
  }

  async #work(queue: Queue): Promise<void> {
    const { fail } = this.#options
    while (!this.#stop.signal.aborted) {
      await this.#pause()
      const delivery = await queue.take(this.#stop.signal)
      if (!delivery) return
      try {
        await this.#attempt(delivery, queue)
      } catch (error) {
        if (!isExpected(error)) {
          delivery.retry(0)
          fail(error)
          return
        }
        // The queue's own store failed: at once it would fail again.
        this.#complain('cannot store what became of a delivery', error)
        delivery.retry(this.#waitMs(error, delivery.attempts))
      }
    }
  }

  async #pause(): Promise<void> {
    const { clock } = this.#options
    for (;;) {
      const pauseMs = this.#notBefore - clock.monotonic()
      if (pauseMs <= 0 || this.#stop.signal.aborted) return
      await sleep(clock, pauseMs, this.#stop.signal)
    }
  }

  /** Rejects with what the store of the queue fails with, too: the delivery goes back then. */
  async #attempt(delivery: Dispatch, queue: Queue): Promise<void> {
    const { batch } = delivery
    if (!(await this.#turn())) {
      delivery.retry(0)
      return
    }
    const outcome = await this.#limited(batch)
    if (outcome === undefined) {
      delivery.done()
    } else if ('rejected' in outcome) {
      await this.#partly(delivery, outcome)
    } else if (outcome instanceof Retryable) {
      await this.#again(delivery, queue, outcome)
    } else {
      await this.#refused(delivery, outcome)
    }
  }

  /** Whoever waited for it may find that the destination has asked for patience meanwhile. */
  async #turn(): Promise<boolean> {
    const { signal } = this.#stop
    if (!(await this.#concurrency.begin(signal))) return false
    await this.#pause()
    if (signal.aborted) this.#concurrency.leave()
    return !signal.aborted
  }

  async #limited(batch: Batch): Promise<Outcome> {
    const { clock } = this.#options
    const startedAt = clock.monotonic()
    let outcome: Outcome | 'bug' = 'bug'
    try {
      outcome = await this.#try(batch)
      return outcome
    } finally {
      const isTaken = outcome !== 'bug' && !(outcome instanceof Retryable)
      this.#concurrency.end(isTaken, clock.monotonic() - startedAt)
    }
  }

  async #again(delivery: Dispatch, queue: Queue, failure: Retryable): Promise<void> {
    const { retry } = this.#options
    const { batch, attempts, ageMs } = delivery
    const waitMs = this.#waitMs(failure, attempts)
    if (this.#stop.signal.aborted) {
      delivery.retry(0)
      return
    }
    const maxAgeMs = (queue.isDurable ? retry.maxAgeMs : retry.maxElapsedMs) || Infinity
    if (retry.enabled && ageMs + waitMs <= maxAgeMs) {
      this.retried[batch.signal]++
      delivery.retry(waitMs)
      return
    }
    if (!retry.enabled && (await this.#setAside(delivery, failure.message))) return
    this.#giveUp(delivery, failure, 'retries exhausted')
  }

  /**
   * Refused for good. Where the data may be to blame, the good part of it is looked for by halves,
   * as long as something gets through now and then; what cannot be divided is set aside.
   */
  async #refused(delivery: Dispatch, failure: Permanent): Promise<void> {
    const blamesData = failure.code === INVALID_ARGUMENT || failure.code === RESOURCE_EXHAUSTED
    this.#refusalsInARow++
    if (blamesData && !delivery.awaited && this.#refusalsInARow <= REFUSALS_IN_A_ROW) {
      if (await delivery.divide()) return
    }
    if (await this.#setAside(delivery, failure.message)) return
    this.#giveUp(delivery, failure, 'refused')
  }

  /** The far side took some, or none of them. */
  async #partly(delivery: Dispatch, partial: PartialSuccess): Promise<void> {
    const { batch, awaited, setAside } = delivery
    const { rejected, message } = partial
    const isWhole = rejected >= batch.items
    if (isWhole && !awaited && ++this.#refusalsInARow <= REFUSALS_IN_A_ROW) {
      if (await delivery.divide()) return
    }
    const text = `the destination rejected ${rejected} of ${batch.items} items: ${message}`
    if (awaited || !setAside) {
      delivery.done()
    } else if (isWhole) {
      await setAside(text)
    } else {
      await setAside(text, rejected).catch((error: unknown) => {
        if (!isExpected(error)) throw error
        // Sent again, what was taken would be there twice.
        this.#complain('cannot set aside what the destination rejected', error)
        delivery.done()
      })
    }
    this.#rejected(batch, partial)
  }

  #rejected({ signal, items }: Batch, { rejected, message }: PartialSuccess): void {
    const { ledger, log } = this.#options
    const count = Math.min(rejected, items)
    log.warn('the destination took part of a delivery', {
      signal,
      rejected: count,
      reason: message,
    })
    ledger.leave(signal, items - count)
    ledger.drop(signal, count, 'rejected by the destination')
    this.sent[signal] += items - count
    this.failed[signal] += count
  }

  /** False where there are no dead letters, or a sender hears of the failure itself. */
  async #setAside(delivery: Dispatch, reason: string): Promise<boolean> {
    const { ledger, log } = this.#options
    const { signal, items } = delivery.batch
    if (delivery.awaited || !delivery.setAside) return false
    await delivery.setAside(reason)
    ledger.drop(signal, items, 'set aside')
    this.failed[signal] += items
    log.error('set aside data that the destination refuses; see weir queue peek', {
      signal,
      items,
      reason,
    })
    return true
  }

  #giveUp(delivery: Dispatch, failure: Error, reason: string): void {
    const { ledger, log } = this.#options
    const { signal, items } = delivery.batch
    if (!delivery.awaited) ledger.drop(signal, items, reason)
    this.failed[signal] += items
    const error = failure.message
    log.error('dropped data that could not be delivered', { signal, items, reason, error })
    delivery.done(failure)
  }

  /** Undefined when all was taken. Throws bugs. */
  async #try(batch: Batch): Promise<Outcome> {
    const { ledger, send } = this.#options
    try {
      const partial = await send(batch, this.#cut.signal)
      this.#note(undefined)
      if (partial && partial.rejected > 0) return partial
      this.#refusalsInARow = 0
      ledger.leave(batch.signal, batch.items)
      this.sent[batch.signal] += batch.items
      return undefined
    } catch (error) {
      if (!isExpected(error)) throw error
      this.#note(error.message)
      if (error instanceof Retryable) this.#backOff(error.retryAfterMs)
      this.#complain('cannot deliver', error)
      return error
    }
  }

  #complain(message: string, error: unknown): void {
    const { clock, log } = this.#options
    if (clock.monotonic() - this.#lastLogged < LOG_EVERY_MS) return
    this.#lastLogged = clock.monotonic()
    log.warn(message, { error: messageOf(error) })
  }

  #note(failing: string | undefined): void {
    const was = this.#failing !== undefined
    if (was !== (failing !== undefined)) this.#since = this.#options.clock.now()
    this.#failing = failing
    if (failing === undefined) this.#cameThrough()
  }

  /** What waited for a destination that was away need not wait longer, unless it was asked to. */
  #cameThrough(): void {
    this.#failuresInARow = 0
    if (!this.#wasAway || this.#options.clock.monotonic() < this.#notBefore) return
    this.#wasAway = false
    for (const queue of this.#queues) queue.wake()
  }

  /**
   * Leaves the destination alone for as long as it asks for. One that fails again and again is left
   * alone besides for a random part of a growing time (full jitter), so that the agents of a fleet
   * come back one after another.
   */
  #backOff(askedMs: number | undefined): void {
    const { clock, retry, random } = this.#options
    const over = ++this.#failuresInARow - FAILURES_IN_A_ROW
    if (over >= 0) this.#wasAway = true
    if (over >= 0 && this.#isDraining) this.#away.abort()
    const grownMs = Math.min(retry.maxMs, retry.initialMs * retry.multiplier ** Math.max(0, over))
    const ownMs = over >= 0 ? random() * grownMs : 0
    this.#notBefore = Math.max(this.#notBefore, clock.monotonic() + Math.max(askedMs ?? 0, ownMs))
  }

  #waitMs(failure: Permanent | Retryable, attempts: number): number {
    const { retry, random } = this.#options
    const grown = Math.min(retry.maxMs, retry.initialMs * retry.multiplier ** attempts)
    const strayed = grown * (1 + retry.randomization * (2 * random() - 1))
    const least = failure instanceof Retryable ? (failure.retryAfterMs ?? 0) : 0
    return Math.max(strayed, least)
  }
}

type Outcome = Permanent | Retryable | PartialSuccess | undefined
