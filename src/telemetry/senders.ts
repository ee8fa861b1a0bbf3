/** The SDK of OpenTelemetry. Only `OwnTelemetry` loads this file, once it has somewhere to send. */
import { logs, metrics, resources, tracing } from '@opentelemetry/sdk-node'
import type { Files, Intake } from '#sdk'
import { type Exporters, endpointExporters } from './endpoint-exporters.js'
import { lineSink } from './log-records.js'
import { RegistryProducer } from './metric-data.js'
import type { OwnSettings, OwnSignal, OwnSources, Report, Senders } from './own-telemetry.js'
import { pipelineExporters } from './pipeline-exporters.js'
import { SpanSink } from './spans.js'

const SCOPE = 'weir'

/** Reads what is needed; the function it resolves with begins to send, and cannot fail. */
export async function prepareSenders(
  settings: OwnSettings,
  sources: OwnSources,
  intake: Intake,
  files: Files,
  report: Report,
): Promise<() => Senders> {
  const all: Exporters[] = []
  for (const endpoint of settings.endpoints) all.push(await endpointExporters(endpoint, files))
  if (settings.piped.length > 0) all.push(pipelineExporters(settings.piped, intake))
  const resource = resources.resourceFromAttributes({
    'service.name': 'weir',
    'service.version': sources.version,
    ...Object.fromEntries(settings.attributes),
    // Whatever else is said: by this the agent knows its own data again.
    'service.instance.id': sources.tracing.own.instanceId,
  })
  return () => begin(all, settings, sources, resource, report)
}

function begin(
  all: readonly Exporters[],
  settings: OwnSettings,
  sources: OwnSources,
  resource: resources.Resource,
  report: Report,
): Senders {
  const { delayMs, metricsIntervalMs } = settings
  const spanProcessors = all.flatMap(({ traces }) =>
    traces
      ? new tracing.BatchSpanProcessor(reporting(traces, 'traces', report), {
          scheduledDelayMillis: delayMs,
        })
      : [],
  )
  const readers = all.flatMap((one) =>
    one.metrics
      ? new metrics.PeriodicExportingMetricReader({
          exporter: reporting(one.metrics, 'metrics', report),
          exportIntervalMillis: metricsIntervalMs,
          exportTimeoutMillis: Math.min(metricsIntervalMs, EXPORT_TIMEOUT_MS),
          metricProducers: [new RegistryProducer(sources, resource)],
        })
      : [],
  )
  const processors = all.flatMap((one) =>
    one.logs
      ? new logs.BatchLogRecordProcessor({
          exporter: reporting(one.logs, 'logs', report),
          scheduledDelayMillis: delayMs,
        })
      : [],
  )
  const tracer = new tracing.BasicTracerProvider({ resource, spanProcessors })
  const meter = new metrics.MeterProvider({ resource, readers })
  const logger = new logs.LoggerProvider({ resource, processors })
  const sink = new SpanSink(tracer.getTracer(SCOPE, sources.version), settings.fraction)
  const ends = [
    ...(spanProcessors.length > 0 ? [sources.tracing.add(sink)] : []),
    ...(processors.length > 0
      ? [sources.logger.listen(lineSink(logger.getLogger(SCOPE), sources.tracing.own))]
      : []),
  ]
  return {
    get fraction() {
      return sink.fraction
    },
    set fraction(value) {
      sink.fraction = value
    },
    async close() {
      for (const end of ends) end()
      await Promise.allSettled([tracer.shutdown(), meter.shutdown(), logger.shutdown()])
    },
  }
}

const EXPORT_TIMEOUT_MS = 30_000

interface Exporting<T> {
  export(data: T, done: (result: { code: number; error?: Error }) => void): void
}

/** The same exporter, telling how it goes. */
function reporting<T, E extends Exporting<T>>(exporter: E, signal: OwnSignal, report: Report): E {
  const send = exporter.export.bind(exporter)
  exporter.export = (data, done) =>
    send(data, (result) => {
      const isGood = result.code === 0
      report(signal, isGood ? undefined : (result.error ?? new Error('it was not taken')))
      done(result)
    })
  return exporter
}
