/**
 * Reloads under load: nothing refused, reset, lost or doubled; a bad config leaves what runs alone.
 */
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AgentProcess, freePort } from '../support/agent-process.js'
import { OtlpSink } from '../support/otlp-sink.js'
import { Load } from './load.js'

const RELOADS = 100
const MINUTE_MS = 60_000
const REQUESTS_PER_SECOND = 300

let sink: OtlpSink
let second: OtlpSink
beforeAll(async () => {
  sink = await new OtlpSink().start()
  second = await new OtlpSink().start()
})
afterAll(async () => {
  await sink.stop()
  await second.stop()
})

test('a hundred reloads in a minute at 300 requests a second', { timeout: 180_000 }, async () => {
  const [grpcPort, httpPort] = [await freePort(), await freePort()]
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const takenPort = (taken.address() as { port: number }).port

  const config = (change: Partial<Change>) => configOf({ grpcPort, httpPort, ...change })
  const agent = await AgentProcess.start(config({}))
  const load = new Load({
    grpcPort,
    httpPort,
    connections: 8,
    requestsPerSecond: REQUESTS_PER_SECOND,
  })
  try {
    load.start()
    /** What the config becomes, and whether it is good. */
    const steps: readonly (readonly [string, string, boolean])[] = [
      ['batch timeout', config({ batchTimeout: '50ms' }), true],
      ['receiver limits', config({ maxSize: '8MiB', maxStreams: 500 }), true],
      ['an exporter added', config({ secondExporter: true }), true],
      ['a syntax error', `${config({})}\notelcol.exporter.debug "x" {`, false],
      ['the exporter removed', config({}), true],
      ['headers changed', config({ header: 'b' }), true],
      ['a semantic error', `${config({})}\notelcol.exporter.debug "x" { verbosty = 1 }`, false],
      ['a port in use', config({ extraPort: takenPort }), false],
      ['a receiver added', config({ extraPort: await freePort() }), true],
      ['all of it back', config({}), true],
    ]
    const startedAt = performance.now()
    for (let n = 0; n < RELOADS; n++) {
      const [name, text, good] = steps[n % steps.length]!
      agent.write(text)
      const { status, body } = await agent.reload()
      expect([name, status, body.ok]).toEqual([name, good ? 200 : 400, good])
      if (!good) {
        expect(body.diagnostics.length).toBeGreaterThan(0)
        expect(await metric(agent, 'weir_config_last_load_successful')).toBe(0)
        const before = load.acknowledged.length
        await agent.until(
          'requests taken after a bad config',
          () => load.acknowledged.length > before,
        )
      }
      const due = startedAt + ((n + 1) * MINUTE_MS) / RELOADS
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    }
    await load.stop()
    await agent.stop()
  } finally {
    agent.kill()
    taken.close()
  }

  expect(load.failures).toEqual([])
  expect(load.acknowledged.length).toBeGreaterThan(REQUESTS_PER_SECOND * 50)
  const arrived = sink.items('traces').map(({ item }) => Number(item.name))
  const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)
  expect(new Set(arrived).size, 'doubled spans').toBe(arrived.length)
  expect(sorted(arrived)).toEqual(sorted(load.acknowledged))
})

interface Change {
  readonly grpcPort: number
  readonly httpPort: number
  readonly batchTimeout: string
  readonly maxSize: string
  readonly maxStreams: number
  readonly header: string
  readonly secondExporter: boolean
  readonly extraPort: number
}

function configOf({
  grpcPort,
  httpPort,
  batchTimeout = '20ms',
  maxSize = '4MiB',
  maxStreams = 1000,
  header = 'a',
  secondExporter = false,
  extraPort,
}: Partial<Change>): string {
  const also = secondExporter ? ', otelcol.exporter.otlphttp.second.input' : ''
  const another =
    extraPort === undefined
      ? ''
      : `otelcol.receiver.otlp "extra" {
          http { endpoint = "127.0.0.1:${extraPort}" }
          output { traces = [otelcol.processor.batch.b.input] }
        }`
  return `
    otelcol.receiver.otlp "in" {
      grpc {
        endpoint               = "127.0.0.1:${grpcPort}"
        max_recv_msg_size      = "${maxSize}"
        max_concurrent_streams = ${maxStreams}
      }
      http {
        endpoint              = "127.0.0.1:${httpPort}"
        max_request_body_size = "${maxSize}"
      }
      output { traces = [otelcol.processor.batch.b.input${also}] }
    }
    ${another}
    otelcol.processor.batch "b" {
      timeout = "${batchTimeout}"
      output { traces = [otelcol.exporter.otlp.out.input] }
    }
    otelcol.exporter.otlp "out" {
      client {
        endpoint = "127.0.0.1:${sink.grpcPort}"
        headers  = { "x-test" = "${header}" }
        tls { insecure = true }
      }
    }
    ${
      secondExporter
        ? `otelcol.exporter.otlphttp "second" {
            client { endpoint = "http://127.0.0.1:${second.httpPort}" }
          }`
        : ''
    }
  `
}

async function metric(agent: AgentProcess, name: string): Promise<number> {
  const text = await (await agent.get('/metrics')).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}
