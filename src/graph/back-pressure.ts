import type { Signal } from '#pdata'
import type { Clock, Health, Retryable } from '#sdk'

/** Who was sent away comes back later; until then it only looks as if there were room. */
const REFUSED_LATELY_MS = 10_000
/** Whoever waits for an answer has mostly given up by then. */
const LONG_MS = 10_000

interface Refusal {
  readonly signal: Signal
  readonly message: string
  readonly since: number
}

/** Whether what follows a component takes what it is given. */
export class BackPressure {
  readonly #clock: Clock
  #refusedAt = Number.NEGATIVE_INFINITY
  #refusal: Refusal | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  refused(signal: Signal, { message }: Retryable): void {
    const since = (this.#isRefusing && this.#refusal?.since) || this.#clock.now()
    this.#refusal = { signal, message, since }
    this.#refusedAt = this.#clock.monotonic()
  }

  /**
   * Undefined while all is well; `oldestMs` is how long the oldest item of a signal has been under
   * way, `followers` are those that are handed a signal.
   */
  health(
    signals: readonly Signal[],
    oldestMs: (signal: Signal) => number,
    followers: (signal: Signal) => readonly string[],
  ): Health | undefined {
    const help = (signal: Signal) =>
      `see to what follows: ${[...new Set(followers(signal))].join(', ')}`
    if (this.#isRefusing && this.#refusal) {
      const { signal, message, since } = this.#refusal
      const reason = `senders of ${signal} are sent away: ${message}`
      return { state: 'degraded', message: reason, since, help: help(signal) }
    }
    const slow = signals.find((signal) => oldestMs(signal) >= LONG_MS)
    if (!slow) return undefined
    const ms = oldestMs(slow)
    const message = `what follows has not answered for ${Math.floor(ms / 1000)} s`
    return { state: 'degraded', message, since: this.#clock.now() - ms, help: help(slow) }
  }

  get #isRefusing(): boolean {
    return this.#clock.monotonic() - this.#refusedAt < REFUSED_LATELY_MS
  }
}
