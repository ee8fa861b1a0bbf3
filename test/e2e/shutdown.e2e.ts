/** SIGTERM under load: what was acknowledged is delivered, and the process ends with 0 in time. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AgentProcess, freePort } from '../support/agent-process.js'
import { OtlpSink } from '../support/otlp-sink.js'
import { Load } from './load.js'

let sink: OtlpSink
beforeEach(async () => {
  sink = await new OtlpSink().start()
})
afterEach(() => sink.stop())

const config = (ports: { grpcPort: number; httpPort: number }, durability = 'disk') => `
  otelcol.receiver.otlp "in" {
    grpc { endpoint = "127.0.0.1:${ports.grpcPort}" }
    http { endpoint = "127.0.0.1:${ports.httpPort}" }
    output { traces = [otelcol.processor.batch.b.input] }
  }
  otelcol.processor.batch "b" {
    output { traces = [otelcol.exporter.otlp.out.input] }
  }
  otelcol.exporter.otlp "out" {
    client {
      endpoint = "127.0.0.1:${sink.grpcPort}"
      tls { insecure = true }
    }
    retry_on_failure { initial_interval = "100ms" }
    sending_queue { durability = "${durability}" }
  }
`

function arrived(): number[] {
  return sink.items('traces').map(({ item }) => Number(item.name))
}

test('SIGTERM drains and ends with 0', async () => {
  const ports = { grpcPort: await freePort(), httpPort: await freePort() }
  const agent = await AgentProcess.start(config(ports))
  const load = new Load({ ...ports, connections: 8, requestsPerSecond: 500 })
  load.start()
  await agent.until('traffic', () => load.acknowledged.length > 1000)
  const askedAt = performance.now()
  agent.signal('SIGTERM')
  expect(await agent.exited()).toBe(0)
  expect(performance.now() - askedAt).toBeLessThan(15_000)
  await load.stop()
  expect(load.failures.length).toBeGreaterThan(0)
  const delivered = new Set(arrived())
  expect(load.acknowledged.filter((number) => !delivered.has(number))).toEqual([])
  expect(agent.log).toContain('droppedItems=0')
})

test('what waits for a backend that comes back is delivered before the end', async () => {
  const ports = { grpcPort: await freePort(), httpPort: await freePort() }
  // What is on disk is not waited for, as it is safe there.
  const agent = await AgentProcess.start(config(ports, 'memory'))
  sink.refuse = () => 14
  const load = new Load({ ...ports, connections: 4, requestsPerSecond: 100 })
  load.start()
  await agent.until('traffic', () => load.acknowledged.length > 100)
  await load.stop()
  expect(arrived()).toEqual([])
  agent.signal('SIGTERM')
  await agent.until('the drain', async () =>
    agent.get('/-/ready').then(
      ({ ok }) => !ok,
      () => true,
    ),
  )
  sink.refuse = undefined
  expect(await agent.exited()).toBe(0)
  expect(new Set(arrived())).toEqual(new Set(load.acknowledged))
})

test('the deadline ends a drain, and what was given up of memory is counted', async () => {
  const ports = { grpcPort: await freePort(), httpPort: await freePort() }
  const flags = ['--feature.component-shutdown-deadline=1s']
  const agent = await AgentProcess.start(config(ports, 'memory'), { flags })
  sink.refuse = () => 14
  const load = new Load({ ...ports, connections: 2, requestsPerSecond: 100 })
  load.start()
  await agent.until('traffic', () => load.acknowledged.length > 50)
  await load.stop()
  const askedAt = performance.now()
  agent.signal('SIGTERM')
  expect(await agent.exited()).toBe(0)
  expect(performance.now() - askedAt).toBeLessThan(10_000)
  expect(agent.log).toContain(`droppedItems=${load.acknowledged.length}`)
  expect(agent.log).toContain('gave up data that could not be delivered in time')
})

test('a second signal does not wait', async () => {
  const ports = { grpcPort: await freePort(), httpPort: await freePort() }
  const agent = await AgentProcess.start(config(ports))
  sink.refuse = () => 14
  const load = new Load({ ...ports, connections: 2, requestsPerSecond: 100 })
  load.start()
  await agent.until('traffic', () => load.acknowledged.length > 10)
  await load.stop()
  agent.signal('SIGTERM')
  await agent.until('the drain', async () =>
    agent.get('/-/ready').then(
      ({ ok }) => !ok,
      () => true,
    ),
  )
  agent.signal('SIGTERM')
  expect(await agent.exited()).toBe(1)
})
