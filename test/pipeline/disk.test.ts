/** What senders, operators and neighbours see when the disk of a queue is in trouble. */
import { describe, expect, test } from 'vitest'
import { Code } from '#net'
import { type Deferred, deferred, MemoryBudget } from '#sdk'
import { diskFailure, FakeClock, FakeDisk } from '#support'
import { decodeStatus } from '#wire'
import { until } from '../contract/world.js'
import type { DiskCall } from '../support/fake-disk.js'
import { SENT } from '../support/otlp-senders.js'
import { relayConfig, startPipeline } from '../support/pipeline.js'

/** With the prefix of gRPC. */
const CALL_BYTES = 5 + SENT.traces.length
const JSON_TYPE = { 'content-type': 'application/json' }

/** A relay whose disk fails or waits in this call. */
async function troubled(call: DiskCall, fault: (path: string) => void | Promise<void>) {
  const all = await startPipeline(relayConfig())
  all.leave()
  expect(await all.send()).toBe(true)
  const { disk } = all.world.fake
  const heal = () => {
    disk.before = () => {}
  }
  disk.before = (what, path) => (what === call ? fault(path) : undefined)
  return { ...all, disk, heal }
}

/** By either protocol, in either encoding. */
async function expectRefused({ grpc, http }: Awaited<ReturnType<typeof startPipeline>>) {
  const call = await grpc()
  expect(call).toMatchObject({ code: Code.UNAVAILABLE })
  expect(call.retryDelayMs).toBeGreaterThanOrEqual(5000)
  const asked = { protobuf: {}, json: { headers: JSON_TYPE, body: Buffer.from(TRACES_AS_JSON) } }
  for (const [encoding, exchange] of Object.entries(asked)) {
    const { status, headers, body } = await http(exchange)
    expect(status).toBe(503)
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(5)
    const { retryDelayMs } = decodeStatus(encoding as 'protobuf' | 'json', body)
    expect(retryDelayMs).toBeGreaterThanOrEqual(5000)
  }
}

const TRACES_AS_JSON =
  '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000001","name":"a"}]}]}]}'

describe('a disk that', () => {
  const rows: readonly (readonly [string, DiskCall, string])[] = [
    ['is full', 'write', 'ENOSPC'],
    ['became read-only', 'write', 'EROFS'],
    ['cannot sync', 'sync', 'EIO'],
  ]
  test.each(rows)('%s: refusals with a hint, then all goes on', async (_, call, code) => {
    const all = await troubled(call, (path) => {
      throw diskFailure(call, path, code)
    })
    await expectRefused(all)
    expect(all.exporter().health().state).toBe('degraded')
    const { message } = all.exporter().health()
    expect(message).toMatch(
      new RegExp(`^traces are refused: cannot ${call} /nowhere/.*: ${code}; `),
    )
    expect(message).toContain('; free space, or keep the queue elsewhere with --storage.path')
    expect(all.exporter().isBalanced).toBe(true)
    all.heal()
    for (let n = 0; n < 3; n++) expect(await all.send()).toBe(true)
    expect(all.exporter().health().message).not.toContain('refused')
    expect(await all.arrive()).toEqual({ acknowledged: 12, delivered: 12 })
    await until('healthy', () => all.exporter().health().state === 'healthy')
    expect(all.budget.usedBytes).toBe(0)
  })

  test('fills up under load loses nothing that was acknowledged', async () => {
    const all = await troubled('read', () => {})
    all.disk.capacity = all.disk.usedBytes + 20_000
    const taken: boolean[] = []
    while (taken.filter((one) => !one).length < 3) {
      taken.push(...(await Promise.all([all.send(), all.send(), all.send(), all.send()])))
    }
    expect(taken).toContain(true)
    all.disk.capacity = Number.POSITIVE_INFINITY
    expect(await all.send()).toBe(true)
    const { acknowledged, delivered } = await all.arrive()
    expect(delivered).toBe(acknowledged)
  })
})

test('a slow disk: senders wait, within bounds, and their deadlines hold', async () => {
  const clock = new FakeClock()
  const bytes = 3 * CALL_BYTES + SENT.traces.length
  const budget = new MemoryBudget(clock, bytes)
  const all = await startPipeline(relayConfig(), { budget })
  const gates: Deferred[] = []
  all.world.fake.disk.before = (call) => {
    if (call !== 'sync') return undefined
    gates.push(deferred())
    return gates.at(-1)!.promise
  }
  const waiting = [all.grpc(), all.grpc(), all.grpc(), all.http()]
  await until('four wait', () => budget.usedBytes === bytes)
  const refused = await all.grpc()
  expect(refused).toMatchObject({ code: Code.UNAVAILABLE, retryDelayMs: expect.any(Number) })
  await all.world.clock.tick(10_000)
  for (const call of waiting.slice(0, 3)) {
    expect(await call).toMatchObject({ code: Code.DEADLINE_EXCEEDED })
  }
  all.world.fake.disk.before = () => {}
  for (const gate of gates) gate.resolve()
  expect(await waiting[3]).toMatchObject({ status: 200 })
  expect(await all.send()).toBe(true)
  await until('nothing is held', () => budget.usedBytes === 0)
})

describe('a folder that cannot be used', () => {
  const advice = (folder: string) =>
    `its queue cannot be kept in ${folder}: cannot open ${folder}/queue/traces: EACCES; make that \
possible, give another --storage.path, or write sending_queue { durability = "memory" }`

  test('keeps a config from starting, and says what to do', async () => {
    const disk = new FakeDisk()
    disk.before = (_, path) => {
      throw diskFailure('open', path, 'EACCES')
    }
    const all = await startPipeline(relayConfig(), { disk })
    expect(all.started).toMatchObject({
      ok: false,
      diagnostics: [
        {
          code: 'start-failed',
          message: `otelcol.exporter.otlp.out did not start: ${advice('/nowhere/otelcol.exporter.otlp.out')}`,
        },
      ],
    })
  })

  test('keeps a reload from happening: the old pipeline goes on', async () => {
    const all = await startPipeline(relayConfig('sending_queue { durability = "memory" }'))
    expect(all.started.ok).toBe(true)
    all.world.fake.disk.before = (call, path) => {
      if (call === 'folder') throw diskFailure('open', path, 'EACCES')
    }
    expect((await all.load(relayConfig())).ok).toBe(false)
    expect(await all.send()).toBe(true)
    expect(await all.arrive()).toMatchObject({ acknowledged: 3 })
    all.world.fake.disk.before = () => {}
    expect((await all.load(relayConfig())).ok).toBe(true)
    expect(await all.send()).toBe(true)
  })
})
