import type { Clock, Timer } from './clock.js'
import type { Context, Health, HealthReporting } from './component.js'
import { isExpected, messageOf } from './errors.js'
import type { Log } from './log.js'

/**
 * One look at something outside. Resolves with what health is to say, such as "12 targets". After
 * `stop` aborts, its outcome does not matter any more.
 */
export type Look = (stop: AbortSignal) => Promise<string>

/** Looks again and again, never twice at once; its health is how the last look went. */
export class Poller implements HealthReporting {
  readonly #clock: Clock
  readonly #log: Log
  readonly #intervalMs: number
  readonly #look: Look
  readonly #fail: (error: unknown) => void
  readonly #stop = new AbortController()
  #timer: Timer | undefined
  #looking: Promise<void> | undefined
  /** Something changed while it looked. */
  #askedAgain = false
  #health: Health

  constructor(context: Pick<Context, 'clock' | 'log' | 'fail'>, intervalMs: number, look: Look) {
    const { clock, log } = context
    this.#clock = clock
    this.#log = log
    this.#fail = (error) => context.fail(error)
    this.#intervalMs = intervalMs
    this.#look = look
    this.#health = { state: 'healthy', message: 'has not looked yet', since: clock.now() }
  }

  /** Settles as the first look does; the next one follows after the interval either way. */
  async start(): Promise<void> {
    await this.#round()
  }

  /** Looks now, or once the look under way has ended. */
  again(): void {
    if (this.#stop.signal.aborted) return
    if (this.#looking) {
      this.#askedAgain = true
      return
    }
    this.#round().catch(() => {})
  }

  stop(): void {
    this.#stop.abort()
    this.#timer?.cancel()
  }

  health(): Health {
    return this.#health
  }

  async #round(): Promise<void> {
    this.#timer?.cancel()
    this.#looking = this.#once()
    try {
      await this.#looking
    } finally {
      this.#looking = undefined
      this.#next()
    }
  }

  #next(): void {
    if (this.#stop.signal.aborted) return
    if (!this.#askedAgain) {
      this.#timer = this.#clock.timer(this.#intervalMs, () => this.again())
      return
    }
    this.#askedAgain = false
    this.again()
  }

  async #once(): Promise<void> {
    try {
      const message = await this.#look(this.#stop.signal)
      this.#report('healthy', message)
    } catch (error) {
      if (this.#stop.signal.aborted) return
      if (!isExpected(error)) this.#fail(error)
      const message = messageOf(error)
      if (this.#health.message !== message) this.#log.warn(message)
      this.#report('unhealthy', message)
      throw error
    }
  }

  #report(state: Health['state'], message: string): void {
    const since = this.#health.state === state ? this.#health.since : this.#clock.now()
    this.#health = { state, message, since }
  }
}
