/** An agent between a program and a backend, and what arrived there in plain words. */
import type { AttributeValue, OtlpSignal } from '#pdata'
import { attributesTo, type Plain } from '#support'
import { OTLP_SIGNALS } from '#wire'
import { AgentProcess, freePort } from './agent-process.js'
import { OtlpSink } from './otlp-sink.js'

type Attributes = Readonly<Record<string, AttributeValue>>

/** The service.name and service.version of what sent it. */
interface Sent {
  readonly service: unknown
  readonly version: unknown
}

interface SentSpan extends Sent {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly attributes: Attributes
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[]
}

interface SentMetric extends Sent {
  readonly name: string
  readonly unit: string
  readonly points: readonly {
    readonly attributes: Attributes
    /** Of a sum or a gauge. */
    readonly value: number | undefined
    /** Of a histogram. */
    readonly count: string | undefined
  }[]
}

interface SentLog extends Sent {
  readonly body: string
  readonly severity: number
  readonly traceId: string
  readonly spanId: string
  readonly attributes: Attributes
}

export class ExampleAgent {
  /** Where programs send, with the scheme. */
  readonly grpc: string
  readonly http: string
  readonly #agent: AgentProcess
  readonly #sink: OtlpSink

  private constructor(grpc: string, http: string, agent: AgentProcess, sink: OtlpSink) {
    this.grpc = grpc
    this.http = http
    this.#agent = agent
    this.#sink = sink
  }

  /** Pages of these origins may send. */
  static async start(origins: readonly string[] = []): Promise<ExampleAgent> {
    const sink = await new OtlpSink().start()
    const [grpc, http] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`]
    const agent = await AgentProcess.start(`
      otelcol.receiver.otlp "in" {
        grpc { endpoint = "${grpc}" }
        http {
          endpoint = "${http}"
          cors { allowed_origins = ${JSON.stringify(origins)} }
        }
        output {
          traces  = [otelcol.exporter.otlphttp.out.input]
          metrics = [otelcol.exporter.otlphttp.out.input]
          logs    = [otelcol.exporter.otlphttp.out.input]
        }
      }
      otelcol.exporter.otlphttp "out" {
        client { endpoint = "http://127.0.0.1:${sink.httpPort}" }
      }
    `)
    return new ExampleAgent(`http://${grpc}`, `http://${http}`, agent, sink)
  }

  /** What has arrived so far. */
  forget(): void {
    this.#sink.requests.length = 0
  }

  /** Waits until as many have arrived, or more. */
  until(counts: Readonly<Record<OtlpSignal, number>>): Promise<void> {
    const isThere = () =>
      OTLP_SIGNALS.every((signal) => this.#sink.items(signal).length >= counts[signal])
    return this.#agent.until('the arrival of all signals', isThere, 30_000)
  }

  spans(): readonly SentSpan[] {
    return this.#sink.items('traces').map(({ resource, item }) => ({
      ...sender(resource),
      name: item['name'],
      kind: item['kind'],
      traceId: hex(item['traceId']),
      spanId: hex(item['spanId']),
      parentSpanId: hex(item['parentSpanId']),
      attributes: attributesTo(item['attributes']),
      events: (item['events'] ?? []).map((event: Plain) => ({
        name: event['name'],
        attributes: attributesTo(event['attributes']),
      })),
    }))
  }

  metrics(): readonly SentMetric[] {
    return this.#sink.items('metrics').map(({ resource, item }) => ({
      ...sender(resource),
      name: item['name'],
      unit: item['unit'],
      points: pointsOf(item).map((point) => ({
        attributes: attributesTo(point['attributes']),
        value: point['asDouble'] ?? (point['asInt'] && Number(point['asInt'])),
        count: point['count'],
      })),
    }))
  }

  logs(): readonly SentLog[] {
    return this.#sink.items('logs').map(({ resource, item }) => ({
      ...sender(resource),
      body: item['body']?.stringValue,
      severity: item['severityNumber'],
      traceId: hex(item['traceId']),
      spanId: hex(item['spanId']),
      attributes: attributesTo(item['attributes']),
    }))
  }

  /** Also checks that the ledgers balance. */
  async stop(): Promise<void> {
    try {
      await this.#agent.stop()
    } finally {
      this.#agent.kill()
      await this.#sink.stop()
    }
  }
}

function sender(resource: Plain): Sent {
  const attributes = attributesTo(resource['attributes'])
  return { service: attributes['service.name'], version: attributes['service.version'] }
}

function pointsOf(metric: Plain): readonly Plain[] {
  const data: Plain = metric['sum'] ?? metric['gauge'] ?? metric['histogram']
  return data['dataPoints']
}

function hex(bytes: Buffer | undefined): string {
  return bytes ? bytes.toString('hex') : ''
}
