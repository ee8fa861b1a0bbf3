import { OTLP_SIGNALS, perSignal, type Signal } from '#pdata'

/**
 * The kinds of consumer, by the capsule that stands for them in a config. Each takes the signals of
 * one sort of data and is exported under one name.
 */
export const CONSUMER_CAPSULES = {
  'otelcol.Consumer': {
    signals: OTLP_SIGNALS,
    exported: 'input',
    about: 'a consumer, such as otelcol.exporter.otlp.default.input',
    several: 'a list of consumers',
  },
  MetricsReceiver: {
    signals: ['samples'],
    exported: 'receiver',
    about: 'a receiver of samples, such as prometheus.remote_write.default.receiver',
    several: 'a list of receivers of samples',
  },
  LogsReceiver: {
    signals: ['entries'],
    exported: 'receiver',
    about: 'a receiver of log entries, such as loki.write.default.receiver',
    several: 'a list of receivers of log entries',
  },
} as const satisfies Record<string, CapsuleKind>

interface CapsuleKind {
  readonly signals: readonly Signal[]
  readonly exported: string
  /** As it reads after "needs". */
  readonly about: string
  readonly several: string
}

export type ConsumerCapsule = keyof typeof CONSUMER_CAPSULES

const BY_SIGNAL = perSignal((signal) => {
  const kinds = Object.entries<CapsuleKind>(CONSUMER_CAPSULES)
  return kinds.find(([, { signals }]) => signals.includes(signal))![0] as ConsumerCapsule
})

/** The capsule of those who take a signal. */
export function capsuleOf(signal: Signal): ConsumerCapsule {
  return BY_SIGNAL[signal]
}
