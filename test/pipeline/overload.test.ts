/** What senders see when more comes in than goes out. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { Code } from '#net'
import { MemoryBudget } from '#sdk'
import { FakeClock } from '#support'
import { live } from '../contract/rig.js'
import { until } from '../contract/world.js'
import { SENT } from '../support/otlp-senders.js'
import { relayConfig, startPipeline } from '../support/pipeline.js'

const REQUEST_BYTES = SENT.traces.length
/** Of a gRPC message. */
const PREFIX_BYTES = 5
const UNREAD = 'weir_receiver_unread_requests_total'

function queue(more: string): string {
  return relayConfig(`sending_queue {
    durability    = "memory"
    num_consumers = 1
    queue_size    = 2
    ${more}
  }`)
}

type Pipeline = Awaited<ReturnType<typeof startPipeline>>

/** One connection whose sender says how much will come, and waits with it. */
function announce({ world }: Pipeline, bytes: number) {
  const socket = world.network.connect({ host: '127.0.0.1', port: 4318 })
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  const head = `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n`
  socket.write(`${head}Content-Length: ${bytes}\r\n\r\n`)
  return { socket, text: () => text }
}

function unread({ world }: Pipeline): number {
  const line = new RegExp(`^${UNREAD}{.*data_type="traces".*} (\\d+)$`, 'm')
  return Number(line.exec(world.metrics.render('prometheus'))?.[1])
}

describe('a full queue that refuses', () => {
  test('answers before bodies are read, and takes data as soon as there is room', async () => {
    const all = await startPipeline(queue(''))
    all.leave()
    expect([await all.send(), await all.send()]).toEqual([true, true])
    const refused = await all.grpc()
    expect(refused).toMatchObject({ code: Code.UNAVAILABLE })
    expect(refused.retryDelayMs).toBeGreaterThanOrEqual(1000)
    expect(unread(all)).toBe(0)
    const { text, socket } = announce(all, 4 * 1024 * 1024)
    await until('an answer', () => text().includes('\r\n\r\n'))
    expect(text()).toMatch(/^HTTP\/1.1 503 /)
    expect(text()).toMatch(/retry-after: [1-9]/)
    socket.destroy()
    expect(await all.send()).toBe(false)
    expect(unread(all)).toBe(2)
    const { state, message } = all.exporter().health()
    expect([state, message]).toEqual([
      'degraded',
      expect.stringMatching(
        /^traces are refused: the sending queue is full \(2 requests\); see to the destination/,
      ),
    ])
    await all.arrive()
    expect(await all.send()).toBe(true)
    expect(await all.arrive()).toEqual({ acknowledged: 9, delivered: 9 })
    await all.world.clock.tick(10_000)
    expect(all.exporter().health().state).toBe('healthy')
  })

  test('tells senders to wait for as long as nothing has left', async () => {
    const all = await startPipeline(queue(''))
    all.leave()
    await all.send()
    await all.send()
    await all.world.clock.tick(8000)
    const { retryDelayMs } = await all.grpc()
    // Up to half of it longer, by chance.
    expect(retryDelayMs).toBeGreaterThanOrEqual(8000)
    expect(retryDelayMs).toBeLessThanOrEqual(12_000)
  })
})

describe('a full queue that makes senders wait', () => {
  test('lets go of those that hang up or whose time is over', async () => {
    const all = await startPipeline(queue('when_full = "wait"'))
    all.leave()
    await all.send()
    await all.send()
    const call = all.grpc()
    const { socket } = announce(all, REQUEST_BYTES)
    socket.write(SENT.traces)
    // Both are held, besides the two that are queued.
    await until('both wait', () => all.budget.usedBytes === 4 * REQUEST_BYTES + PREFIX_BYTES)
    expect(all.exporter().health().message).toContain('senders of traces wait: the queue is full')
    socket.destroy()
    await until('one is gone', () => all.budget.usedBytes === 3 * REQUEST_BYTES + PREFIX_BYTES)
    await all.world.clock.tick(10_000)
    expect(await call).toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    await until('the other is gone', () => all.budget.usedBytes === 2 * REQUEST_BYTES)
    expect(await all.arrive()).toEqual({ acknowledged: 6, delivered: 6 })
    expect(await all.send()).toBe(true)
    expect(await all.arrive()).toEqual({ acknowledged: 9, delivered: 9 })
  })

  test('holds no more than the budget, and serves all in the end', async () => {
    const budget = new MemoryBudget(new FakeClock(), 6 * REQUEST_BYTES)
    const all = await startPipeline(queue('when_full = "wait"'), { budget })
    all.leave()
    await all.send()
    await all.send()
    const waiting = [all.http(), all.http(), all.http(), all.http()]
    await until('four wait', () => budget.usedBytes === 6 * REQUEST_BYTES)
    expect(await all.send()).toBe(false)
    expect(budget.refusedCount).toBe(1)
    await all.arrive()
    for (const reply of waiting) expect((await reply).status).toBe(200)
    await live(all.world, 'nothing is held', () => budget.usedBytes === 0)
    expect(await all.send()).toBe(true)
  })
})

test('a queue in memory stops at its part of the budget, and empties', async () => {
  const budget = new MemoryBudget(new FakeClock(), 6 * REQUEST_BYTES)
  const all = await startPipeline(relayConfig('sending_queue { durability = "memory" }'), {
    budget,
  })
  all.leave()
  let taken = 0
  while (await all.send()) taken++
  expect(taken).toBe(4)
  expect(await all.arrive()).toEqual({ acknowledged: 12, delivered: 12 })
  expect(await all.send()).toBe(true)
})
