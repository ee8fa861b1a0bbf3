import {
  ENUMS,
  type EnumName,
  type FieldTable,
  MESSAGES,
  type MessageName,
  type MessageTables,
} from './messages.js'

/** The three OTLP signals. A batch is of one. */
export const SIGNALS = ['traces', 'metrics', 'logs'] as const
export type Signal = (typeof SIGNALS)[number]

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
} as const satisfies Record<Signal, MessageName>

/** The message a request of each signal is answered with. */
export const RESPONSE = {
  traces: 'ExportTraceServiceResponse',
  metrics: 'ExportMetricsServiceResponse',
  logs: 'ExportLogsServiceResponse',
} as const satisfies Record<Signal, MessageName>

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
      return 0
    default:
      return isEnum(type) ? 0 : 2
  }
}

/**
 * ResourceX.instrumentation_library_x of OTLP before 0.16: laid out as ScopeX is, and read as such.
 */
export const LEGACY_SCOPES_FIELD = 1000
