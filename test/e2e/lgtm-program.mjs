// Sends metrics of every kind, log records and spans over OTLP/HTTP, then ends. Started by lgtm.e2e.ts.
import { metrics, trace } from '@opentelemetry/api'
import { logs, SeverityNumber } from '@opentelemetry/api-logs'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { metrics as sdkMetrics, NodeSDK } from '@opentelemetry/sdk-node'

const [endpoint] = process.argv.slice(2)
Object.assign(process.env, {
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_LOGS_EXPORTER: 'otlp',
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_NODE_RESOURCE_DETECTORS: 'env',
  OTEL_SERVICE_NAME: 'shop',
  OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=e2e,service.instance.id=one,deployment.environment=test',
})

const { AggregationType, PeriodicExportingMetricReader } = sdkMetrics
const sdk = new NodeSDK({
  metricReaders: [
    new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter({ url: `${endpoint}/v1/metrics` }),
    }),
  ],
  views: [
    {
      instrumentName: 'wait',
      aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM },
    },
    {
      instrumentName: 'duration',
      aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [1, 10] } },
    },
  ],
})
sdk.start()

const meter = metrics.getMeter('lgtm', '1.0')
meter.createCounter('orders', { unit: '1', description: 'All orders.' }).add(42, { region: 'eu' })
meter.createUpDownCounter('open.carts').add(-3)
meter.createObservableGauge('cpu.load', { unit: '%' }).addCallback((gauge) => gauge.observe(0.75))
const duration = meter.createHistogram('duration', { unit: 's' })
for (const value of [0.5, 2, 3, 30]) duration.record(value, { 'http.route': '/b' })
const wait = meter.createHistogram('wait', { unit: 'ms' })
for (const value of [1, 2, 4, 8]) wait.record(value)

const span = trace.getTracer('lgtm').startSpan('checkout')
const logger = logs.getLogger('lgtm')
for (let n = 0; n < 10; n++) {
  logger.emit({
    severityNumber: SeverityNumber.WARN,
    severityText: 'WARN',
    body: `line ${n}`,
    attributes: { n, region: 'eu', 'loki.attribute.labels': 'region' },
  })
}
span.end()

await sdk.shutdown()
