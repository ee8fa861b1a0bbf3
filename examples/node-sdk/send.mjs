// Sends a trace over gRPC, a metric over HTTP with JSON and a log record over HTTP with protobuf, with
// the exporters written down in code, then exits:
//
//   node send.mjs [address for gRPC] [address for HTTP]
import { metrics, SpanKind, trace } from '@opentelemetry/api'
import { logs, SeverityNumber } from '@opentelemetry/api-logs'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { metrics as sdkMetrics, NodeSDK } from '@opentelemetry/sdk-node'

const [grpc = 'http://127.0.0.1:4317', http = 'http://127.0.0.1:4318'] = process.argv.slice(2)
// The SDK sets up logs by these.
process.env.OTEL_LOGS_EXPORTER = 'otlp'
process.env.OTEL_EXPORTER_OTLP_ENDPOINT = http

const sdk = new NodeSDK({
  serviceName: 'example',
  traceExporter: new OTLPTraceExporter({ url: grpc }),
  metricReaders: [
    new sdkMetrics.PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter({ url: `${http}/v1/metrics` }),
    }),
  ],
})
sdk.start()

const span = trace.getTracer('example').startSpan('GET /orders', {
  kind: SpanKind.SERVER,
  attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200 },
})
span.addEvent('cache miss', { key: 'orders:42' })
span.end()

metrics.getMeter('example').createCounter('orders', { unit: '1' }).add(3, { region: 'eu' })

logs.getLogger('example').emit({
  severityNumber: SeverityNumber.INFO,
  severityText: 'INFO',
  body: 'order placed',
  attributes: { 'order.id': 42 },
})

await sdk.shutdown()
