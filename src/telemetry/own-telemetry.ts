import type {
  Activating,
  Clock,
  Component,
  Context,
  Health,
  HealthReporting,
  Intake,
  Secret,
} from '#sdk'
import { messageOf, settledOrAborted } from '#sdk'
import type { Logger } from './logger.js'
import type { Registry } from './registry.js'
import type { Tracing } from './tracing.js'

export const OWN_SIGNALS = ['traces', 'metrics', 'logs'] as const
export type OwnSignal = (typeof OWN_SIGNALS)[number]

/** What there is to tell of the agent. */
export interface OwnSources {
  readonly clock: Pick<Clock, 'now'>
  readonly version: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly registry: Registry
  readonly logger: Logger
  readonly tracing: Tracing
}

export interface TlsFiles {
  readonly ca_pem: string | undefined
  readonly ca_file: string | undefined
  readonly cert_pem: string | undefined
  readonly cert_file: string | undefined
  readonly key_pem: Secret | undefined
  readonly key_file: string | undefined
  readonly insecure_skip_verify: boolean
}

/** An OTLP endpoint that is spoken to without a pipeline. */
export interface OtlpEndpoint {
  readonly endpoint: string
  readonly protocol: 'grpc' | 'http'
  readonly signals: readonly OwnSignal[]
  readonly headers: ReadonlyMap<string, Secret>
  readonly compression: 'gzip' | 'none'
  readonly timeout: number
  readonly tls: TlsFiles | undefined
}

/** What is to be sent, and how often. */
export interface OwnSettings {
  /** Of batches, 0 to 1. */
  readonly fraction: number
  readonly metricsIntervalMs: number
  /** How long spans and log lines may wait for each other. */
  readonly delayMs: number
  readonly attributes: ReadonlyMap<string, string>
  readonly endpoints: readonly OtlpEndpoint[]
  /** Signals that go into the pipeline. */
  readonly piped: readonly OwnSignal[]
}

/** How an export went; undefined when it went well. */
export type Report = (signal: OwnSignal, failure: Error | undefined) => void

/** The SDK at work. */
export interface Senders {
  /** Of batches that are traced from now on. */
  fraction: number
  /** Sends what is left. */
  close(): Promise<void>
}

/** As the `sampler` block has it: changes the fraction while it runs. */
export interface RemoteSampler {
  start(set: (fraction: number) => void): void
  stop(): void
}

/**
 * Sends the agent's own traces, metrics and logs. The SDK for that is large: it is loaded once
 * there is somewhere to send to.
 */
export class OwnTelemetry implements Component, Activating, HealthReporting {
  readonly #context: Context
  readonly #settings: OwnSettings
  readonly #sources: OwnSources
  readonly #intake: Intake
  readonly #sampler: RemoteSampler | undefined
  #begin: (() => Senders) | undefined
  #senders: Senders | undefined
  #forgetLogs: (() => void) | undefined
  readonly #failures = new Map<OwnSignal, { readonly message: string; readonly since: number }>()
  readonly #since: number

  constructor(
    context: Context,
    settings: OwnSettings,
    sources: OwnSources,
    intake: Intake,
    sampler?: RemoteSampler,
  ) {
    this.#context = context
    this.#settings = settings
    this.#sources = sources
    this.#intake = intake
    this.#sampler = sampler
    this.#since = context.clock.now()
  }

  async start(): Promise<void> {
    const { endpoints, piped } = this.#settings
    if (endpoints.length === 0 && piped.length === 0) return
    const { meter } = this.#context
    const failed = new Map(
      OWN_SIGNALS.map((signal) => [
        signal,
        meter.counter('weir_telemetry_failed_exports', 'Own telemetry that was lost.', {
          data_type: signal,
        }),
      ]),
    )
    const report: Report = (signal, failure) => {
      if (failure) failed.get(signal)?.add(1)
      this.#note(signal, failure)
    }
    const { prepareSenders } = await import('./senders.js')
    const { files } = this.#context
    this.#begin = await prepareSenders(this.#settings, this.#sources, this.#intake, files, report)
  }

  activate(): void {
    if (!this.#begin) return
    const { own } = this.#sources.tracing
    const { endpoints, piped } = this.#settings
    const sendsLogs =
      piped.includes('logs') || endpoints.some(({ signals }) => signals.includes('logs'))
    if (sendsLogs) {
      this.#forgetLogs = own.sendsLogs()
      // What it says of its sending must not be sent, and of nothing behind it.
      own.enters(this.#context.id)
    }
    const senders = this.#begin()
    this.#senders = senders
    this.#sampler?.start((fraction) => {
      senders.fraction = fraction
    })
  }

  async stop(giveUp: AbortSignal): Promise<void> {
    this.#sampler?.stop()
    this.#forgetLogs?.()
    this.#forgetLogs = undefined
    const senders = this.#senders
    this.#senders = undefined
    if (senders) await settledOrAborted(senders.close(), giveUp)
  }

  health(): Health {
    const [first] = this.#failures
    if (!first) {
      const message = this.#senders ? 'sending' : 'nothing to send to'
      return { state: 'healthy', message, since: this.#since }
    }
    const [signal, { message, since }] = first
    const help = 'what cannot be sent is lost; see to the endpoint'
    return { state: 'degraded', message: `${signal} of its own: ${message}`, since, help }
  }

  #note(signal: OwnSignal, failure: Error | undefined): void {
    const before = this.#failures.get(signal)
    if (!failure) {
      this.#failures.delete(signal)
      if (before) this.#context.log.info('sends its own telemetry again', { signal })
      return
    }
    const message = messageOf(failure)
    this.#failures.set(signal, { message, since: before?.since ?? this.#context.clock.now() })
    if (before) return
    this.#context.log.warn('cannot send its own telemetry', { signal, error: message })
  }
}
