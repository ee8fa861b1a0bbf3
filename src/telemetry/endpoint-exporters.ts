import { credentials, Metadata } from '@grpc/grpc-js'
import { OTLPLogExporter as GrpcLogs } from '@opentelemetry/exporter-logs-otlp-grpc'
import { OTLPLogExporter as HttpLogs } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPMetricExporter as GrpcMetrics } from '@opentelemetry/exporter-metrics-otlp-grpc'
import { OTLPMetricExporter as HttpMetrics } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter as GrpcTraces } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as HttpTraces } from '@opentelemetry/exporter-trace-otlp-http'
import type { logs, metrics, tracing } from '@opentelemetry/sdk-node'
import type { Files } from '#sdk'
import type { OtlpEndpoint, OwnSignal, TlsFiles } from './own-telemetry.js'

/** One for each signal that goes there. */
export interface Exporters {
  readonly traces: tracing.SpanExporter | undefined
  readonly metrics: metrics.PushMetricExporter | undefined
  readonly logs: logs.LogRecordExporter | undefined
}

/** Rejects with `Retryable` where a file of the TLS block cannot be read. */
export async function endpointExporters(endpoint: OtlpEndpoint, files: Files): Promise<Exporters> {
  const tls = endpoint.tls && (await readTls(endpoint.tls, files))
  const { protocol, signals } = endpoint
  const wants = (signal: OwnSignal) => signals.includes(signal)
  if (protocol === 'grpc') {
    const options = grpcOptions(endpoint, tls)
    return {
      traces: wants('traces') ? new GrpcTraces(options) : undefined,
      metrics: wants('metrics') ? new GrpcMetrics(options) : undefined,
      logs: wants('logs') ? new GrpcLogs(options) : undefined,
    }
  }
  const options = (signal: OwnSignal) => httpOptions(endpoint, signal, tls)
  return {
    traces: wants('traces') ? new HttpTraces(options('traces')) : undefined,
    metrics: wants('metrics') ? new HttpMetrics(options('metrics')) : undefined,
    logs: wants('logs') ? new HttpLogs(options('logs')) : undefined,
  }
}

interface Tls {
  readonly ca: Buffer | undefined
  readonly cert: Buffer | undefined
  readonly key: Buffer | undefined
  readonly rejectUnauthorized: boolean
}

function grpcOptions({ endpoint, headers, compression, timeout }: OtlpEndpoint, tls?: Tls) {
  const metadata = new Metadata()
  for (const [name, value] of headers) metadata.set(name.toLowerCase(), value.reveal())
  const { ca, cert, key, rejectUnauthorized = true } = tls ?? {}
  return {
    url: endpoint,
    metadata,
    compression: compression as never,
    timeoutMillis: timeout,
    credentials: endpoint.startsWith('https:')
      ? credentials.createSsl(ca, key, cert, { rejectUnauthorized })
      : credentials.createInsecure(),
  }
}

function httpOptions(
  { endpoint, headers, compression, timeout }: OtlpEndpoint,
  signal: OwnSignal,
  tls?: Tls,
) {
  return {
    url: `${endpoint.replace(/\/+$/, '')}/v1/${signal}`,
    headers: Object.fromEntries([...headers].map(([name, value]) => [name, value.reveal()])),
    compression: compression as never,
    timeoutMillis: timeout,
    ...(tls ? { httpAgentOptions: tls } : {}),
  }
}

async function readTls(given: TlsFiles, files: Files): Promise<Tls> {
  const bytes = async (text: string | undefined, path: string | undefined) => {
    if (text !== undefined) return Buffer.from(text)
    return path === undefined ? undefined : Buffer.from(await files.read(path))
  }
  return {
    ca: await bytes(given.ca_pem, given.ca_file),
    cert: await bytes(given.cert_pem, given.cert_file),
    key: await bytes(given.key_pem?.reveal(), given.key_file),
    rejectUnauthorized: !given.insecure_skip_verify,
  }
}
