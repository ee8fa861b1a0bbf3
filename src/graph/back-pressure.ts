import type { Signal } from '#pdata'
import type { Clock, Health, Retryable } from '#sdk'

/** Who was sent away comes back later; until then it only looks as if there were room. */
const REFUSED_LATELY_MS = 10_000
/** Whoever waits for an answer has mostly given up by then. */
const LONG_MS = 10_000

/** Whether what follows a component takes what it is given. */
export class BackPressure {
  readonly #clock: Clock
  #refusedAt = Number.NEGATIVE_INFINITY
  #refusal: { readonly reason: string; readonly since: number } | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  refused(signal: Signal, { message }: Retryable): void {
    const since = (this.#isRefusing && this.#refusal?.since) || this.#clock.now()
    this.#refusal = { reason: `senders of ${signal} are sent away: ${message}`, since }
    this.#refusedAt = this.#clock.monotonic()
  }

  /** Undefined while all is well; `oldestMs` is how long the oldest item has been under way. */
  health(oldestMs: number, followers: readonly string[]): Health | undefined {
    const help = `see to what follows: ${[...new Set(followers)].join(', ')}`
    if (this.#isRefusing && this.#refusal) {
      const { reason, since } = this.#refusal
      return { state: 'degraded', message: reason, since, help }
    }
    if (oldestMs < LONG_MS) return undefined
    const message = `what follows has not answered for ${Math.floor(oldestMs / 1000)} s`
    return { state: 'degraded', message, since: this.#clock.now() - oldestMs, help }
  }

  get #isRefusing(): boolean {
    return this.#clock.monotonic() - this.#refusedAt < REFUSED_LATELY_MS
  }
}
