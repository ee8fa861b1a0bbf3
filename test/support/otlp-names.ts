import type { OtlpSignal } from '#wire'

/** The gRPC methods of OTLP. */
export const GRPC_PATHS: Readonly<Record<OtlpSignal, string>> = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
}

export const CONTENT_TYPE = 'application/x-protobuf'
