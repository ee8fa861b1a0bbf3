/**
 * The OTLP messages (opentelemetry-proto 1.11) and the google.rpc ones that answers use, as tables,
 * and those of Prometheus and Loki from the files beside. One source: the scanner, the JSON
 * mapping, the views and the tests' protobuf oracle are made from it.
 */
import { count, double, items, many, oneof, type ScalarType, text } from './fields.js'
import { LOKI } from './loki-messages.js'
import { PROMETHEUS, PROMETHEUS_ENUMS } from './prometheus-messages.js'

export interface FieldTable {
  readonly number: number
  readonly type: ScalarType | EnumName | MessageName
  readonly repeated?: true
  /**
   * Absent differs from the default. Fields of one group exclude each other: the last on the wire
   * wins.
   */
  readonly oneof?: string
  /** Absent differs from 0. */
  readonly optional?: true
  /** The one length in bytes, besides 0, that an id may have. */
  readonly idLength?: 8 | 16
  /** Its occurrences are what a batch counts: spans, data points, log records, samples, lines. */
  readonly item?: true
  /** Goes with the items without being one: of the parts of a cut message only one has it. */
  readonly companion?: true
  /** Lies before all other fields, else the request is not regular. Has the lowest number. */
  readonly first?: true
}

/** Enums are open: numbers without a name pass. */
export const ENUMS = {
  SpanKind: names('SPAN_KIND_', [
    ...['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'],
  ]),
  StatusCode: names('STATUS_CODE_', ['UNSET', 'OK', 'ERROR']),
  AggregationTemporality: names('AGGREGATION_TEMPORALITY_', ['UNSPECIFIED', 'DELTA', 'CUMULATIVE']),
  SeverityNumber: names('SEVERITY_NUMBER_', [
    'UNSPECIFIED',
    ...['TRACE', 'TRACE2', 'TRACE3', 'TRACE4', 'DEBUG', 'DEBUG2', 'DEBUG3', 'DEBUG4'],
    ...['INFO', 'INFO2', 'INFO3', 'INFO4', 'WARN', 'WARN2', 'WARN3', 'WARN4'],
    ...['ERROR', 'ERROR2', 'ERROR3', 'ERROR4', 'FATAL', 'FATAL2', 'FATAL3', 'FATAL4'],
  ]),
  ...PROMETHEUS_ENUMS,
} as const
export type EnumName = keyof typeof ENUMS

const traceId = (number: number) => ({ number, type: 'bytes', idLength: 16 }) as const
const spanId = (number: number) => ({ number, type: 'bytes', idLength: 8 }) as const
const time = (number: number) => ({ number, type: 'fixed64' }) as const
const optionalDouble = (number: number) => ({ number, type: 'double', optional: true }) as const
const keyValues = (number: number) => many(number, 'KeyValue')

const common = {
  AnyValue: {
    stringValue: oneof(1, 'string', 'value'),
    boolValue: oneof(2, 'bool', 'value'),
    intValue: oneof(3, 'int64', 'value'),
    doubleValue: oneof(4, 'double', 'value'),
    arrayValue: oneof(5, 'ArrayValue', 'value'),
    kvlistValue: oneof(6, 'KeyValueList', 'value'),
    bytesValue: oneof(7, 'bytes', 'value'),
  },
  ArrayValue: { values: many(1, 'AnyValue') },
  KeyValueList: { values: keyValues(1) },
  KeyValue: { key: { ...text(1), first: true }, value: { number: 2, type: 'AnyValue' } },
  InstrumentationScope: {
    name: text(1),
    version: text(2),
    attributes: keyValues(3),
    droppedAttributesCount: count(4),
  },
  EntityRef: {
    schemaUrl: text(1),
    type: text(2),
    idKeys: many(3, 'string'),
    descriptionKeys: many(4, 'string'),
  },
  Resource: {
    attributes: keyValues(1),
    droppedAttributesCount: count(2),
    entityRefs: many(3, 'EntityRef'),
  },
} as const

const traces = {
  ExportTraceServiceRequest: { resourceSpans: many(1, 'ResourceSpans') },
  ResourceSpans: {
    resource: { number: 1, type: 'Resource' },
    scopeSpans: many(2, 'ScopeSpans'),
    schemaUrl: text(3),
  },
  ScopeSpans: {
    scope: { number: 1, type: 'InstrumentationScope' },
    spans: items(2, 'Span'),
    schemaUrl: text(3),
  },
  Span: {
    traceId: traceId(1),
    spanId: spanId(2),
    traceState: text(3),
    parentSpanId: spanId(4),
    name: text(5),
    kind: { number: 6, type: 'SpanKind' },
    startTimeUnixNano: time(7),
    endTimeUnixNano: time(8),
    attributes: keyValues(9),
    droppedAttributesCount: count(10),
    events: many(11, 'Event'),
    droppedEventsCount: count(12),
    links: many(13, 'Link'),
    droppedLinksCount: count(14),
    status: { number: 15, type: 'SpanStatus' },
    flags: { number: 16, type: 'fixed32' },
  },
  Event: {
    timeUnixNano: time(1),
    name: text(2),
    attributes: keyValues(3),
    droppedAttributesCount: count(4),
  },
  Link: {
    traceId: traceId(1),
    spanId: spanId(2),
    traceState: text(3),
    attributes: keyValues(4),
    droppedAttributesCount: count(5),
    flags: { number: 6, type: 'fixed32' },
  },
  SpanStatus: { message: text(2), code: { number: 3, type: 'StatusCode' } },
} as const

const point = { startTimeUnixNano: time(2), timeUnixNano: time(3) } as const

const metrics = {
  ExportMetricsServiceRequest: { resourceMetrics: many(1, 'ResourceMetrics') },
  ResourceMetrics: {
    resource: { number: 1, type: 'Resource' },
    scopeMetrics: many(2, 'ScopeMetrics'),
    schemaUrl: text(3),
  },
  ScopeMetrics: {
    scope: { number: 1, type: 'InstrumentationScope' },
    metrics: many(2, 'Metric'),
    schemaUrl: text(3),
  },
  Metric: {
    name: text(1),
    description: text(2),
    unit: text(3),
    gauge: oneof(5, 'Gauge', 'data'),
    sum: oneof(7, 'Sum', 'data'),
    histogram: oneof(9, 'Histogram', 'data'),
    exponentialHistogram: oneof(10, 'ExponentialHistogram', 'data'),
    summary: oneof(11, 'Summary', 'data'),
    metadata: keyValues(12),
  },
  Gauge: { dataPoints: items(1, 'NumberDataPoint') },
  Sum: {
    dataPoints: items(1, 'NumberDataPoint'),
    aggregationTemporality: { number: 2, type: 'AggregationTemporality' },
    isMonotonic: { number: 3, type: 'bool' },
  },
  Histogram: {
    dataPoints: items(1, 'HistogramDataPoint'),
    aggregationTemporality: { number: 2, type: 'AggregationTemporality' },
  },
  ExponentialHistogram: {
    dataPoints: items(1, 'ExponentialHistogramDataPoint'),
    aggregationTemporality: { number: 2, type: 'AggregationTemporality' },
  },
  Summary: { dataPoints: items(1, 'SummaryDataPoint') },
  NumberDataPoint: {
    ...point,
    asDouble: oneof(4, 'double', 'value'),
    exemplars: many(5, 'Exemplar'),
    asInt: oneof(6, 'sfixed64', 'value'),
    attributes: keyValues(7),
    flags: count(8),
  },
  HistogramDataPoint: {
    ...point,
    count: { number: 4, type: 'fixed64' },
    sum: optionalDouble(5),
    bucketCounts: many(6, 'fixed64'),
    explicitBounds: many(7, 'double'),
    exemplars: many(8, 'Exemplar'),
    attributes: keyValues(9),
    flags: count(10),
    min: optionalDouble(11),
    max: optionalDouble(12),
  },
  ExponentialHistogramDataPoint: {
    attributes: keyValues(1),
    ...point,
    count: { number: 4, type: 'fixed64' },
    sum: optionalDouble(5),
    scale: { number: 6, type: 'sint32' },
    zeroCount: { number: 7, type: 'fixed64' },
    positive: { number: 8, type: 'Buckets' },
    negative: { number: 9, type: 'Buckets' },
    flags: count(10),
    exemplars: many(11, 'Exemplar'),
    min: optionalDouble(12),
    max: optionalDouble(13),
    zeroThreshold: double(14),
  },
  Buckets: { offset: { number: 1, type: 'sint32' }, bucketCounts: many(2, 'uint64') },
  SummaryDataPoint: {
    ...point,
    count: { number: 4, type: 'fixed64' },
    sum: double(5),
    quantileValues: many(6, 'ValueAtQuantile'),
    attributes: keyValues(7),
    flags: count(8),
  },
  ValueAtQuantile: { quantile: double(1), value: double(2) },
  Exemplar: {
    timeUnixNano: time(2),
    asDouble: oneof(3, 'double', 'value'),
    spanId: spanId(4),
    traceId: traceId(5),
    asInt: oneof(6, 'sfixed64', 'value'),
    filteredAttributes: keyValues(7),
  },
} as const

const logs = {
  ExportLogsServiceRequest: { resourceLogs: many(1, 'ResourceLogs') },
  ResourceLogs: {
    resource: { number: 1, type: 'Resource' },
    scopeLogs: many(2, 'ScopeLogs'),
    schemaUrl: text(3),
  },
  ScopeLogs: {
    scope: { number: 1, type: 'InstrumentationScope' },
    logRecords: items(2, 'LogRecord'),
    schemaUrl: text(3),
  },
  LogRecord: {
    timeUnixNano: time(1),
    severityNumber: { number: 2, type: 'SeverityNumber' },
    severityText: text(3),
    body: { number: 5, type: 'AnyValue' },
    attributes: keyValues(6),
    droppedAttributesCount: count(7),
    flags: { number: 8, type: 'fixed32' },
    traceId: traceId(9),
    spanId: spanId(10),
    observedTimeUnixNano: time(11),
    eventName: text(12),
  },
} as const

const answers = {
  ExportTraceServiceResponse: { partialSuccess: { number: 1, type: 'ExportTracePartialSuccess' } },
  ExportTracePartialSuccess: {
    rejectedSpans: { number: 1, type: 'int64' },
    errorMessage: text(2),
  },
  ExportMetricsServiceResponse: {
    partialSuccess: { number: 1, type: 'ExportMetricsPartialSuccess' },
  },
  ExportMetricsPartialSuccess: {
    rejectedDataPoints: { number: 1, type: 'int64' },
    errorMessage: text(2),
  },
  ExportLogsServiceResponse: { partialSuccess: { number: 1, type: 'ExportLogsPartialSuccess' } },
  ExportLogsPartialSuccess: {
    rejectedLogRecords: { number: 1, type: 'int64' },
    errorMessage: text(2),
  },
  /** google.rpc.Status. */
  Status: {
    code: { number: 1, type: 'int32' },
    message: text(2),
    details: many(3, 'Any'),
  },
  /** google.protobuf.Any. */
  Any: { typeUrl: text(1), value: { number: 2, type: 'bytes' } },
  /** google.protobuf.Duration. */
  Duration: { seconds: { number: 1, type: 'int64' }, nanos: { number: 2, type: 'int32' } },
  RetryInfo: { retryDelay: { number: 1, type: 'Duration' } },
  BadRequest: { fieldViolations: many(1, 'FieldViolation') },
  FieldViolation: { field: text(1), description: text(2) },
} as const

const tables = {
  ...{ ...common, ...traces, ...metrics, ...logs, ...answers },
  ...PROMETHEUS,
  ...LOKI,
} as const

export type MessageTables = typeof tables
export type MessageName = keyof MessageTables

/** Every message: its fields by their JSON name. */
export const MESSAGES: Readonly<Record<MessageName, Readonly<Record<string, FieldTable>>>> = tables

function names(prefix: string, words: readonly string[]): readonly string[] {
  return words.map((word) => prefix + word)
}
