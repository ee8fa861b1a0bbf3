/** `weir queue` beside a running agent, and after its end: what waits is found and put right. */
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AgentProcess, freePort, weir } from '../support/agent-process.js'
import { OtlpSink } from '../support/otlp-sink.js'
import { Load } from './load.js'

let sink: OtlpSink
beforeEach(async () => {
  sink = await new OtlpSink().start()
})
afterEach(() => sink.stop())

const config = (ports: { grpcPort: number; httpPort: number }, label: string) => `
  otelcol.receiver.otlp "in" {
    grpc { endpoint = "127.0.0.1:${ports.grpcPort}" }
    http { endpoint = "127.0.0.1:${ports.httpPort}" }
    output { traces = [otelcol.exporter.otlp.${label}.input] }
  }
  otelcol.exporter.otlp "${label}" {
    client {
      endpoint = "127.0.0.1:${sink.grpcPort}"
      tls { insecure = true }
    }
    retry_on_failure { initial_interval = "100ms" }
  }
`

const OLD = 'otelcol.exporter.otlp.old'
const NEW = 'otelcol.exporter.otlp.new'
const arrived = () => sink.items('traces').map(({ item }) => Number(item.name))

async function asked(...args: readonly string[]) {
  const { code, out, err } = await weir(['queue', ...args])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

test('a renamed exporter takes over what its predecessor left, while the agent runs', async () => {
  const ports = { grpcPort: await freePort(), httpPort: await freePort() }
  const flags = ['--feature.component-shutdown-deadline=1s', '--no-config.watch']
  const agent = await AgentProcess.start(config(ports, 'old'), { flags })
  const load = new Load({ ...ports, connections: 2, requestsPerSecond: 200 })
  sink.refuse = () => 14
  load.start()
  await agent.until('traffic', () => load.acknowledged.length > 100)
  await load.stop()
  agent.write(config(ports, 'new'))
  expect(await agent.reload()).toMatchObject({ status: 200 })
  await agent.until('the warning', () => agent.log.includes('belongs to no component'))
  expect(agent.log).toContain(`weir queue requeue ${OLD}/traces --to COMPONENT`)

  const reached = ['--agent', agent.admin]
  const queues = JSON.parse(await asked('ls', '--json', ...reached)) as { state: string }[]
  expect(queues.find(({ state }) => state === 'orphaned')).toMatchObject({
    component: OLD,
    signal: 'traces',
    items: load.acknowledged.length,
  })
  expect(await asked('fsck', '--storage.path', `${agent.folder}/data`)).toContain(OLD)
  expect(arrived()).toEqual([])
  sink.refuse = undefined
  expect(await asked('requeue', OLD, '--to', NEW, ...reached)).toContain(
    `${load.acknowledged.length} items in`,
  )
  await agent.until('delivery', () => new Set(arrived()).size === load.acknowledged.length)
  expect(new Set(arrived())).toEqual(new Set(load.acknowledged))
  await agent.stop()
})

test('what a killed agent left is moved by the files, and the next one delivers it', async () => {
  const ports = { grpcPort: await freePort(), httpPort: await freePort() }
  const agent = await AgentProcess.start(config(ports, 'old'))
  const storage = ['--storage.path', `${agent.folder}/data`]
  const load = new Load({ ...ports, connections: 2, requestsPerSecond: 200 })
  // For what it is: it goes to the dead letters.
  sink.refuse = () => 3
  load.start()
  await agent.until('traffic', () => load.acknowledged.length > 50)
  await load.stop()
  await agent.until('dead letters', async () => {
    const body = (await (await agent.get('/api/v1/queues')).json()) as {
      signal: string
      items: number
    }[]
    return body.some(({ signal, items }) => signal === 'traces' && items === 0)
  })
  await agent.crash()
  expect(await asked('peek', OLD, '--dead', ...storage)).toContain('INVALID_ARGUMENT')
  expect(await asked('requeue', OLD, ...storage)).toContain(`${load.acknowledged.length} items`)
  expect(await asked('fsck', ...storage)).not.toContain('damaged')
  sink.refuse = undefined
  const flags = [`--storage.path=${agent.folder}/data`]
  const next = await AgentProcess.start(config(ports, 'old'), { flags })
  await next.until('delivery', () => new Set(arrived()).size === load.acknowledged.length)
  await next.stop()
  rmSync(agent.folder, { recursive: true })
})
