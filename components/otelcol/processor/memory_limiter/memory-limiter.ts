import type { Batch, Signal } from '#pdata'
import {
  type ArgumentsOf,
  attributes,
  type Caller,
  type Component,
  type Consumer,
  type Context,
  defineProcessor,
  duration,
  type Foreseeing,
  type Health,
  type HealthReporting,
  integer,
  type Next,
  output,
  type Reservation,
  type Reserving,
  Retryable,
  roundSize,
  size,
  type Timer,
} from '#sdk'
import { debugMetrics } from '../../shared/blocks.js'

const schema = attributes(
  {
    check_interval: duration({
      required: true,
      min: '1ms',
      about: 'How often memory is looked at.',
    }),
    limit: size({ default: '0MiB', about: 'The hard limit; wins over limit_percentage.' }),
    spike_limit: size({
      about: 'How far below the hard limit data is refused; by default a fifth of it.',
    }),
    limit_percentage: integer({
      default: 0,
      min: 0,
      max: 100,
      about: 'The hard limit as a share of what the machine or cgroup has.',
    }),
    spike_limit_percentage: integer({
      default: 0,
      min: 0,
      max: 100,
      about: 'spike_limit as such a share.',
    }),
    output,
    debug_metrics: debugMetrics,
  },
  (values) => {
    const { limit, spike_limit: spike, limit_percentage: share } = values
    if (limit === 0 && share === 0) {
      const message = 'limit or limit_percentage must be set, and not to 0'
      return [{ path: ['limit'], message, help: 'write limit = "512MiB"' }]
    }
    if (limit > 0 && spike !== undefined && spike >= limit) {
      return [{ path: ['spike_limit'], message: 'spike_limit must be below limit' }]
    }
    if (limit === 0 && values.spike_limit_percentage >= share) {
      const message = 'spike_limit_percentage must be below limit_percentage'
      return [{ path: ['spike_limit_percentage'], message }]
    }
    return []
  },
)

export default defineProcessor({
  name: 'otelcol.processor.memory_limiter',
  stability: 'generally-available',
  about: 'Refuses data, with a hint to retry, while the agent uses too much memory.',
  schema,
  create: (context, values, next) => new MemoryLimiter(context, values, next),
})

/** A forced collection stops the agent for some milliseconds; not more often than this. */
const COLLECT_EVERY_MS = 10_000

class MemoryLimiter implements Component, Consumer, Reserving, Foreseeing, HealthReporting {
  readonly #context: Context
  readonly #values: ArgumentsOf<typeof schema>
  readonly #next: Next
  readonly #hardBytes: number
  readonly #softBytes: number
  #timer: Timer | undefined
  #refusing = false
  #since: number
  #collectedAt = Number.NEGATIVE_INFINITY

  constructor(context: Context, values: ArgumentsOf<typeof schema>, next: Next) {
    this.#context = context
    this.#values = values
    this.#next = next
    this.#since = context.clock.now()
    const share = (percent: number) => (context.memory.totalBytes() * percent) / 100
    const { limit, spike_limit: spike } = values
    this.#hardBytes = limit > 0 ? limit : share(values.limit_percentage)
    const spikeBytes =
      limit > 0
        ? (spike ?? limit / 5)
        : share(values.spike_limit_percentage || values.limit_percentage / 5)
    this.#softBytes = this.#hardBytes - spikeBytes
  }

  start(): Promise<void> {
    this.#check()
    return Promise.resolve()
  }

  stop(): Promise<void> {
    this.#timer?.cancel()
    return Promise.resolve()
  }

  /** Data is turned away at the door only: what was let in is passed on, which frees its memory. */
  reserve(batch: Batch, caller?: Caller): Promise<Reservation> {
    return this.#refusing ? Promise.reject(this.#refusal()) : this.#next.reserve(batch, caller)
  }

  refusal(signal: Signal, bytes: number): Retryable | undefined {
    return this.#refusing ? this.#refusal() : this.#next.refusal(signal, bytes)
  }

  consume(batch: Batch): Promise<void> {
    return this.#next.consume(batch)
  }

  health(): Health {
    return this.#refusing
      ? {
          state: 'degraded',
          message: `refuses data: memory is above ${this.#soft()}`,
          since: this.#since,
        }
      : { state: 'healthy', message: 'memory is below the limit', since: this.#since }
  }

  #check(): void {
    const { clock, memory, log } = this.#context
    this.#timer = clock.timer(this.#values.check_interval, () => this.#check())
    let used = memory.usedBytes()
    if (used > this.#hardBytes && clock.monotonic() - this.#collectedAt > COLLECT_EVERY_MS) {
      memory.collect()
      this.#collectedAt = clock.monotonic()
      used = memory.usedBytes()
    }
    const refusing = used > this.#softBytes
    if (refusing === this.#refusing) return
    this.#refusing = refusing
    this.#since = clock.now()
    const fields = { used: roundSize(used), soft_limit: roundSize(this.#softBytes) }
    if (refusing) log.warn('memory is above the soft limit: refusing data', fields)
    else log.info('memory is below the soft limit again', fields)
  }

  #refusal(): Retryable {
    return new Retryable(`memory is above the soft limit of ${this.#soft()}`, {
      retryAfterMs: this.#values.check_interval,
    })
  }

  #soft(): string {
    return `${Math.round(this.#softBytes / 1024 ** 2)}MiB`
  }
}
