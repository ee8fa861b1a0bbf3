import {
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import { receiveBatch } from '#pdata'
import type { Intake } from '#sdk'
import type { Exporters } from './endpoint-exporters.js'
import type { OwnSignal } from './own-telemetry.js'

type Done = (result: { code: number; error?: Error }) => void

/** `ExportResultCode` of the SDK. */
const [SUCCESS, FAILED] = [0, 1]

/** What goes into the agent's own pipeline, as if a receiver had taken it. */
export function pipelineExporters(signals: readonly OwnSignal[], intake: Intake): Exporters {
  const to = <T>(signal: OwnSignal, serialize: (data: T) => Uint8Array | undefined) =>
    signals.includes(signal) ? new PipelineExporter(signal, serialize, intake) : undefined
  return {
    traces: to('traces', (spans) => ProtobufTraceSerializer.serializeRequest(spans)),
    metrics: to('metrics', (data) => ProtobufMetricsSerializer.serializeRequest(data)),
    logs: to('logs', (records) => ProtobufLogsSerializer.serializeRequest(records)),
  }
}

class PipelineExporter<T> {
  readonly #signal: OwnSignal
  readonly #serialize: (data: T) => Uint8Array | undefined
  readonly #intake: Intake
  readonly #underWay = new Set<Promise<void>>()

  constructor(signal: OwnSignal, serialize: (data: T) => Uint8Array | undefined, intake: Intake) {
    this.#signal = signal
    this.#serialize = serialize
    this.#intake = intake
  }

  export(data: T, done: Done): void {
    const delivery = this.#deliver(data).then(
      () => done({ code: SUCCESS! }),
      (error: Error) => done({ code: FAILED!, error }),
    )
    this.#underWay.add(delivery)
    delivery.finally(() => this.#underWay.delete(delivery)).catch(() => {})
  }

  async forceFlush(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  shutdown(): Promise<void> {
    return this.forceFlush()
  }

  async #deliver(data: T): Promise<void> {
    const bytes = this.#serialize(data)
    if (!bytes || bytes.length === 0) return
    await this.#intake.deliver(receiveBatch(this.#signal, bytes))
  }
}
