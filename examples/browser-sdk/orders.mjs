// Tells of an order that is placed in a page: two spans, two metrics and a log record, over OTLP/HTTP
// with JSON. The agent's address is in the page: <html data-otlp="http://127.0.0.1:4318">.
import { metrics, SpanKind, trace } from '@opentelemetry/api'
import { logs, SeverityNumber } from '@opentelemetry/api-logs'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, WebTracerProvider } from '@opentelemetry/sdk-trace-web'

const SCOPE = 'example/orders'
const providers = setUp(document.documentElement.dataset.otlp)
const outcome = document.querySelector('output')

document.querySelector('button').addEventListener('click', async () => {
  placeOrder(42)
  // In a page that stays open nobody needs to wait: what is left also goes when the page is hidden.
  await Promise.all(providers.map((provider) => provider.forceFlush()))
  outcome.value = 'sent'
})

/** Registers providers of the three signals. */
function setUp(agent) {
  const resource = resourceFromAttributes({
    'service.name': 'orders-browser',
    'service.version': '1.0.0',
  })
  const tracers = new WebTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${agent}/v1/traces` }))],
  })
  // From here on a span that is active is the parent of what starts in it.
  tracers.register()

  const exporter = new OTLPMetricExporter({ url: `${agent}/v1/metrics` })
  const reader = new PeriodicExportingMetricReader({ exporter })
  const meters = new MeterProvider({ resource, readers: [reader] })
  metrics.setGlobalMeterProvider(meters)

  const loggers = new LoggerProvider({
    resource,
    processors: [
      new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${agent}/v1/logs` }) }),
    ],
  })
  logs.setGlobalLoggerProvider(loggers)
  return [tracers, meters, loggers]
}

function placeOrder(id) {
  const meter = metrics.getMeter(SCOPE)
  const orders = meter.createCounter('orders', { unit: '{order}' })
  const duration = meter.createHistogram('http.client.request.duration', { unit: 's' })

  const start = performance.now()
  const attributes = { 'http.request.method': 'GET', 'http.response.status_code': 200 }
  const tracer = trace.getTracer(SCOPE)
  tracer.startActiveSpan('click order', { attributes: { 'url.path': location.pathname } }, (span) => {
    tracer.startSpan('GET /orders', { kind: SpanKind.CLIENT, attributes }).end()
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
