import {
  ENUMS,
  type EnumName,
  type FieldTable,
  MESSAGES,
  type MessageName,
  type MessageTables,
} from './messages.js'

/** The signals of OTLP. */
export const OTLP_SIGNALS = ['traces', 'metrics', 'logs'] as const
export type OtlpSignal = (typeof OTLP_SIGNALS)[number]

/**
 * What a batch may be of: a signal of OTLP, Prometheus samples or Loki entries. Records on disk
 * know them by their place here.
 */
export const SIGNALS = [...OTLP_SIGNALS, 'samples', 'entries'] as const
export type Signal = (typeof SIGNALS)[number]

export function isOtlp(signal: Signal): signal is OtlpSignal {
  return (OTLP_SIGNALS as readonly Signal[]).includes(signal)
}

/** One value for each signal, each made anew. */
export function perSignal<T>(make: (signal: Signal) => T): Record<Signal, T> {
  const values = SIGNALS.map((signal) => [signal, make(signal)] as const)
  return Object.fromEntries(values) as Record<Signal, T>
}

type FieldNumbers = {
  readonly [M in MessageName]: { readonly [F in keyof MessageTables[M]]: number }
}

/** Field numbers: `FIELD.Span.name` is 5. */
export const FIELD = Object.fromEntries(
  Object.entries(MESSAGES).map(([message, fields]) => [
    message,
    Object.fromEntries(Object.entries(fields).map(([name, { number }]) => [name, number])),
  ]),
) as FieldNumbers

/** The message a request of each signal is. */
export const REQUEST = {
  traces: 'ExportTraceServiceRequest',
  metrics: 'ExportMetricsServiceRequest',
  logs: 'ExportLogsServiceRequest',
  samples: 'WriteRequest',
  entries: 'PushRequest',
} as const satisfies Record<Signal, MessageName>

/** All requests that are scanned: those of the signals, and what is made into one of them. */
export const SCANNED = {
  ...REQUEST,
  /** Remote-write 2.0. */
  'samples v2': 'WriteRequestV2',
} as const satisfies Record<string, MessageName>
export type Scanned = keyof typeof SCANNED

/** The message a request of each signal is answered with. */
export const RESPONSE = {
  traces: 'ExportTraceServiceResponse',
  metrics: 'ExportMetricsServiceResponse',
  logs: 'ExportLogsServiceResponse',
} as const satisfies Record<OtlpSignal, MessageName>

/** How many arrays and kvlists may lie in one another. */
export const VALUE_DEPTH_MAX = 64

export function isMessage(type: FieldTable['type']): type is MessageName {
  return Object.hasOwn(MESSAGES, type)
}

export function isEnum(type: FieldTable['type']): type is EnumName {
  return Object.hasOwn(ENUMS, type)
}

export type WireType = 0 | 1 | 2 | 5

/** How one value of a type lies on the wire; a packed list of it is of type 2. */
export function wireTypeOf(type: FieldTable['type']): WireType {
  switch (type) {
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return 1
    case 'fixed32':
      return 5
    case 'bool':
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
    case 'sint32':
    case 'sint64':
      return 0
    default:
      return isEnum(type) ? 0 : 2
  }
}

/**
 * ResourceX.instrumentation_library_x of OTLP before 0.16: laid out as ScopeX is, and read as such.
 */
export const LEGACY_SCOPES_FIELD = 1000
