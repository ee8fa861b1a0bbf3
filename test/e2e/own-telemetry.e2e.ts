/** What the agent tells of itself reaches an OTLP backend, and itself without a loop. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OTLP_SIGNALS } from '#wire'
import { AgentProcess, freePort } from '../support/agent-process.js'
import { sampleRequest } from '../support/otlp.js'
import { OtlpSink } from '../support/otlp-sink.js'

let sink: OtlpSink
beforeAll(async () => {
  sink = await new OtlpSink().start()
})
afterAll(() => sink.stop())

const relay = (port: number, more = '') => `
  otelcol.receiver.otlp "in" {
    http { endpoint = "127.0.0.1:${port}" }
    output {
      traces  = [otelcol.exporter.debug.out.input]
      metrics = [otelcol.exporter.debug.out.input]
      logs    = [otelcol.exporter.debug.out.input]
    }
  }
  otelcol.exporter.debug "out" { }
  ${more}
`

const sending = (endpoints: string) => `
  telemetry {
    sampling_fraction   = 1
    metrics_interval    = "300ms"
    delay               = "50ms"
    resource_attributes = { "deployment.environment.name" = "test" }
    ${endpoints}
  }
`

test('traces by gRPC, metrics by HTTP and logs arrive at a backend', async () => {
  const port = await freePort()
  const telemetry = sending(`
    otlp {
      endpoint = "http://127.0.0.1:${sink.grpcPort}"
      signals  = ["traces", "logs"]
      headers  = { "x-tenant" = "one" }
    }
    otlp {
      endpoint = "http://127.0.0.1:${sink.httpPort}"
      protocol = "http"
      signals  = ["metrics"]
    }
  `)
  const extra = 'otelcol.exporter.debug "extra" { }'
  const agent = await AgentProcess.start(telemetry + relay(port, extra))
  try {
    await sendTraces(port)
    const named = (name: string) => () => spans().some((span) => span['name'] === name)
    await agent.until('a batch that is traced', named('take over'))
    await agent.until('log lines', () => bodies().includes('config loaded'))
    await agent.until('metrics', () => seriesOf('otelcol.exporter.debug.extra').length > 0)
    const [first] = sink.requests
    expect(first?.headers['x-tenant']).toBe('one')
    expect(JSON.stringify(first?.body)).toContain('deployment.environment.name')

    const receive = spans().find((span) => span['name'] === 'receive')!
    const taken = spans().find((span) => span['name'] === 'take over')!
    expect(taken['traceId']).toEqual(receive['traceId'])
    expect(taken['parentSpanId']).toEqual(receive['spanId'])

    agent.write(telemetry + relay(port))
    expect((await agent.reload()).status).toBe(200)
    await agent.until('the load, traced', named('switch'))
    sink.requests.length = 0
    await agent.until('metrics', () => seriesOf('otelcol.exporter.debug.out').length > 0)
    expect(seriesOf('otelcol.exporter.debug.extra')).toEqual([])
    await agent.stop()
  } finally {
    agent.kill()
  }
})

test('what the agent sends to itself causes nothing more', async () => {
  const port = await freePort()
  const own = `
    otlp {
      endpoint = "http://127.0.0.1:${port}"
      protocol = "http"
    }
    output {
      traces  = [otelcol.exporter.debug.out.input]
      metrics = [otelcol.exporter.debug.out.input]
      logs    = [otelcol.exporter.debug.out.input]
    }
  `
  const text = `logging { level = "debug" } ${sending(own)} ${relay(port)}`
  const agent = await AgentProcess.start(text)
  try {
    await sendTraces(port)
    const entered = async () => {
      const all = await agent.components()
      const books = all.find(({ id }) => id === 'otelcol.exporter.debug.out')!.ledger
      return OTLP_SIGNALS.map((signal) => books[signal]!.entered)
    }
    const metricsGrow = async (times: number) => {
      for (let n = 0; n < times; n++) {
        const before = (await entered())[1]!
        await agent.until('metrics of its own', async () => (await entered())[1]! > before)
      }
    }
    await agent.until('traces of its own', async () => (await entered())[0]! > SPANS_SENT)
    await metricsGrow(4)
    const before = await entered()
    await metricsGrow(6)
    const after = await entered()
    expect([after[0], after[2]]).toEqual([before[0], before[2]])
    await metricsGrow(6)
    const later = await entered()
    expect([later[0], later[2]]).toEqual([before[0], before[2]])
    await agent.stop()
  } finally {
    agent.kill()
  }
})

const SPANS_SENT = 1

async function sendTraces(port: number): Promise<void> {
  const { status } = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: new Uint8Array(sampleRequest('traces', { items: SPANS_SENT, resources: 1 })),
  })
  expect(status).toBe(200)
}

type Named = Readonly<Record<string, unknown>>

function spans(): readonly Named[] {
  return sink.items('traces').map(({ item }) => item as Named)
}

function bodies(): readonly unknown[] {
  return sink.items('logs').map(({ item }) => (item as { body?: Named }).body?.['stringValue'])
}

/** Names of metrics that have points of a component. */
function seriesOf(component: string): readonly unknown[] {
  return sink
    .items('metrics')
    .map(({ item }) => item as Named)
    .filter((metric) => JSON.stringify(metric).includes(`"${component}"`))
    .map((metric) => metric['name'])
}
