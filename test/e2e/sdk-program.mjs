// Sends the same spans, metrics and log records each time: fixed ids and times. Started by sdk.e2e.ts.
import { context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { logs, SeverityNumber } from '@opentelemetry/api-logs'
import { NodeSDK } from '@opentelemetry/sdk-node'

const [protocol, endpoint] = process.argv.slice(2)
Object.assign(process.env, {
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_LOGS_EXPORTER: 'otlp',
  OTEL_NODE_RESOURCE_DETECTORS: 'env',
  OTEL_SERVICE_NAME: 'e2e',
})

let next = 1
const id = (length) => (next++).toString(16).padStart(length, '0')
const sdk = new NodeSDK({
  idGenerator: { generateTraceId: () => id(32), generateSpanId: () => id(16) },
})
sdk.start()

const START = new Date('2026-01-02T03:04:05Z')
const END = new Date('2026-01-02T03:04:06Z')
const tracer = trace.getTracer('e2e', '1.2.3')
for (let n = 0; n < 50; n++) {
  const parent = tracer.startSpan(`request ${n}`, {
    kind: SpanKind.SERVER,
    startTime: START,
    attributes: { n, ok: n % 2 === 0, ratio: n / 7, text: 'grüße 👋', list: ['a', 'b'], big: 2 ** 52 },
  })
  parent.addEvent('event', { at: n }, START)
  const child = tracer.startSpan(
    'query',
    { startTime: START, links: [{ context: parent.spanContext(), attributes: { linked: true } }] },
    trace.setSpan(context.active(), parent),
  )
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'timed out' })
  child.end(END)
  parent.end(END)
}

const meter = metrics.getMeter('e2e')
meter.createCounter('requests', { unit: '1', description: 'All.' }).add(5, { route: '/a' })
meter.createUpDownCounter('open').add(-3)
const histogram = meter.createHistogram('duration', { unit: 's' })
for (const value of [0.1, 2, 30]) histogram.record(value, { route: '/b' })
meter.createObservableGauge('load').addCallback((result) => result.observe(0.75, { cpu: 1 }))

const logger = logs.getLogger('e2e')
for (let n = 0; n < 20; n++) {
  logger.emit({
    timestamp: START,
    observedTimestamp: START,
    severityNumber: SeverityNumber.WARN,
    severityText: 'WARN',
    body: n % 2 === 0 ? `line ${n}` : { structured: n, nested: { deep: [1, 2.5, null] } },
    attributes: { n },
  })
}

await sdk.shutdown()
