import { type Clock, type Health, Permanent } from '#sdk'
import { blamesData } from './refusals.js'

/** For so long after data was dropped the exporter is unhealthy, unless it delivers again. */
const DROPPED_LATELY_MS = 60_000

const HELP = {
  retry: 'see to the destination; what comes waits, or goes back to its sender without a queue',
  refused: 'the destination refuses whatever comes: check its address, credentials and tenant',
  dropped: 'see to the destination; a queue on disk and longer retries lose less',
} as const

/** How deliveries to a destination go, by their outcomes. */
export class DeliveryHealth {
  readonly #clock: Clock
  /** What the last try failed with; undefined after a good one. */
  #failure: Error | undefined
  /** When that began to be so, since the epoch. */
  #since: number
  #hasDelivered = false
  /** By the monotonic clock. */
  #droppedAt = Number.NEGATIVE_INFINITY
  #latencyMs: number | undefined
  /** Since the epoch; undefined before the first delivery. */
  lastDeliveredAt: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#since = clock.now()
  }

  /** Of a delivery; the mean of the latest ones. */
  get latencyMs(): number | undefined {
    return this.#latencyMs
  }

  delivered(tookMs: number): void {
    this.#note(undefined)
    this.#hasDelivered = true
    this.lastDeliveredAt = this.#clock.now()
    const before = this.#latencyMs ?? tookMs
    this.#latencyMs = before + LATEST * (tookMs - before)
  }

  failed(failure: Error): void {
    this.#note(failure)
  }

  /** Data was given up that nobody has any more. */
  dropped(): void {
    this.#droppedAt = this.#clock.monotonic()
  }

  health(): Health {
    const since = this.#since
    const failure = this.#failure
    if (!failure) {
      const message = this.#hasDelivered ? 'delivering' : 'nothing delivered yet'
      return { state: 'healthy', message, since }
    }
    const { message } = failure
    if (this.#clock.monotonic() - this.#droppedAt < DROPPED_LATELY_MS) {
      const lost = `data is dropped: ${message}`
      return { state: 'unhealthy', message: lost, since, help: HELP.dropped }
    }
    if (failure instanceof Permanent && !blamesData(failure)) {
      return { state: 'unhealthy', message, since, help: HELP.refused }
    }
    return { state: 'degraded', message, since, help: HELP.retry }
  }

  #note(failure: Error | undefined): void {
    if ((failure === undefined) !== (this.#failure === undefined)) this.#since = this.#clock.now()
    this.#failure = failure
  }
}

/** The weight of the latest delivery in the mean. */
const LATEST = 0.1
