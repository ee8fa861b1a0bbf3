// Serves one order and tells of it: two spans, two metrics and a log record that belongs to the first
// span. Where it sends them, and how, is in the OTEL_ variables of the environment.
import { metrics, SpanKind, trace } from '@opentelemetry/api'
import { logs, SeverityNumber } from '@opentelemetry/api-logs'
import { NodeSDK } from '@opentelemetry/sdk-node'

// By default the SDK sends spans only.
process.env.OTEL_METRICS_EXPORTER ??= 'otlp'
process.env.OTEL_LOGS_EXPORTER ??= 'otlp'
process.env.OTEL_SERVICE_NAME ??= 'orders-node'
process.env.OTEL_RESOURCE_ATTRIBUTES ??= 'service.version=1.0.0'

const SCOPE = 'example/orders'
const sdk = new NodeSDK()
sdk.start()
serveOrder(42)
// Sends what is left; only then has everything been delivered.
await sdk.shutdown()

function serveOrder(id) {
  const meter = metrics.getMeter(SCOPE)
  const orders = meter.createCounter('orders', { unit: '{order}' })
  const duration = meter.createHistogram('http.server.request.duration', { unit: 's' })

  const start = performance.now()
  const attributes = { 'http.request.method': 'GET', 'http.response.status_code': 200 }
  const options = { kind: SpanKind.SERVER, attributes }
  trace.getTracer(SCOPE).startActiveSpan('GET /orders', options, (span) => {
    queryOrder(id)
    orders.add(3, { region: 'eu' })
    logs.getLogger(SCOPE).emit({
      severityNumber: SeverityNumber.INFO,
      severityText: 'INFO',
      body: 'order placed',
      attributes: { 'order.id': id },
    })
    duration.record((performance.now() - start) / 1000, { 'http.request.method': 'GET' })
    span.end()
  })
}

function queryOrder(id) {
  const options = { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } }
  trace.getTracer(SCOPE).startActiveSpan('SELECT orders', options, (span) => {
    span.addEvent('cache miss', { key: `orders:${id}` })
    span.end()
  })
}
