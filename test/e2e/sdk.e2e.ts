/**
 * The OpenTelemetry SDK through a real agent to a backend: every item arrives, equal to what came
 * directly.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Plain } from '#support'
import { OTLP_SIGNALS } from '#wire'
import { AgentProcess, freePort } from '../support/agent-process.js'
import { OtlpSink } from '../support/otlp-sink.js'

const run = promisify(execFile)
const PROGRAM = join(import.meta.dirname, 'sdk-program.mjs')

let sink: OtlpSink
beforeAll(async () => {
  sink = await new OtlpSink().start()
})
afterAll(() => sink.stop())

const EXPORTERS: readonly (readonly [string, (sink: OtlpSink) => string])[] = [
  [
    'otelcol.exporter.otlp',
    ({ grpcPort }) => `client {
      endpoint = "127.0.0.1:${grpcPort}"
      tls { insecure = true }
    }`,
  ],
  [
    'otelcol.exporter.otlphttp',
    ({ httpPort }) => `client { endpoint = "http://127.0.0.1:${httpPort}" }`,
  ],
]

describe.each(EXPORTERS)('to %s', (exporter, client) => {
  test.each(['grpc', 'http/protobuf', 'http/json'])('from %s', async (protocol) => {
    const direct = await sent('http/protobuf', sink.httpPort, sink)
    const [grpcPort, httpPort] = [await freePort(), await freePort()]
    const agent = await AgentProcess.start(`
      otelcol.receiver.otlp "in" {
        grpc { endpoint = "127.0.0.1:${grpcPort}" }
        http { endpoint = "127.0.0.1:${httpPort}" }
        output {
          traces  = [otelcol.processor.batch.b.input]
          metrics = [otelcol.processor.batch.b.input]
          logs    = [otelcol.processor.batch.b.input]
        }
      }
      otelcol.processor.batch "b" {
        output {
          traces  = [${exporter}.out.input]
          metrics = [${exporter}.out.input]
          logs    = [${exporter}.out.input]
        }
      }
      ${exporter} "out" { ${client(sink)} }
    `)
    try {
      const through = await sent(protocol, protocol === 'grpc' ? grpcPort : httpPort, sink)
      expect(through.traces).toHaveLength(100)
      expect(through.logs).toHaveLength(20)
      expect(through.metrics).toHaveLength(4)
      for (const signal of OTLP_SIGNALS) expect(through[signal]).toEqual(direct[signal])
      await agent.stop()
    } finally {
      agent.kill()
    }
  })
})

/**
 * Runs the program and gives what came to the sink, in an order that does not depend on batching.
 */
async function sent(protocol: string, port: number, sink: OtlpSink) {
  sink.requests.length = 0
  await run(process.execPath, [PROGRAM, protocol, `http://127.0.0.1:${port}`])
  const expected = { traces: 100, metrics: 4, logs: 20 }
  for (let tries = 0; tries < 200; tries++) {
    if (OTLP_SIGNALS.every((signal) => sink.items(signal).length >= expected[signal])) break
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  const sorted = (items: readonly Plain[]) =>
    items
      .map(withoutCollectionTimes)
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  return {
    traces: sorted(sink.items('traces')),
    metrics: sorted(sink.items('metrics')),
    logs: sorted(sink.items('logs')),
  }
}

/** When the SDK collected its data points differs from run to run. */
function withoutCollectionTimes(item: Plain): Plain {
  const times = ['startTimeUnixNano', 'timeUnixNano']
  const isPoint = (owner: Plain) =>
    ['asDouble', 'asInt', 'bucketCounts'].some((key) => key in owner)
  return JSON.parse(JSON.stringify(item), function (this: Plain, key, value: unknown) {
    return times.includes(key) && isPoint(this) ? undefined : value
  }) as Plain
}
