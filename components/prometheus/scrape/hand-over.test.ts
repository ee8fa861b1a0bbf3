/** Other arguments make another instance; what is known of targets goes on. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { systemNetwork } from '#net'
import { type Batch, decodePairs, type SampleBatch, SampleReader } from '#pdata'
import { Ledger, type Value } from '#sdk'
import { argumentsOf } from '#support'
import { Instance } from '../../../src/graph/instance.js'
import { ResourcePool } from '../../../src/graph/resource-pool.js'
import { live, outcomeOf } from '../../../test/contract/rig.js'
import { StubConsumer } from '../../../test/contract/subject.js'
import { World } from '../../../test/contract/world.js'
import definition from './scrape.js'

// It is loaded by the first request, while the clock of a test goes on.
beforeAll(() => import('undici').then(() => {}))

/** `name target value` of each sample but those that say how long it took. */
function linesOf(batch: Batch): readonly string[] {
  const reader = new SampleReader(batch as SampleBatch)
  const lines: string[] = []
  while (reader.nextSeries()) {
    const pairs = decodePairs(reader.bytes, reader.labelsStart, reader.labelsEnd)
    const of = (label: string) => pairs[pairs.indexOf(label) + 1]
    while (reader.nextPoint()) {
      lines.push(`${of('__name__')} ${of('instance')} ${reader.isStale ? 'stale' : reader.value}`)
    }
  }
  return lines.filter((line) => !/^scrape_(duration|samples)/.test(line))
}

/** One server, on which each path is a target; instances of one component follow each other. */
async function component() {
  const asked: string[] = []
  let hold = false
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    if (!hold) response.end(`a 1\nb 2\n`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const world = new World(new Map())
  const samples = new StubConsumer('test.samples.all', 'MetricsReceiver')
  const exports = new Map<string, Value>([['receiver', samples]])
  const pool = new ResourcePool()
  const ledger = new Ledger()
  const bugs: unknown[] = []
  const events = { published() {}, failed: (_: Instance, error: unknown) => void bugs.push(error) }
  let running: Instance | undefined
  const stop = async (instance: Instance) => {
    expect((await outcomeOf(world, instance.stop(new AbortController().signal))).status).toBe(
      'fulfilled',
    )
  }
  /** As the graph replaces one by another. */
  const replace = async (paths: readonly string[], more = '') => {
    const targets = paths.map(
      (path) =>
        `{ __address__ = "${address}", __metrics_path__ = "/${path}", instance = "${path}" }`,
    )
    const body = `targets = [${targets.join()}]
      forward_to = [test.samples.all.receiver]
      scrape_interval = "10s"
      ${more}`
    const values = argumentsOf(definition, body, () => exports)
    const services = { ...world.services(), network: { ...systemNetwork } }
    const node = { id: 'prometheus.scrape.a', definition }
    const before = running
    running = new Instance(node, values, ledger, pool, services, events)
    await running.start()
    running.activate()
    if (before) await stop(before)
  }
  onTestFinished(async () => {
    if (running) await stop(running)
    expect(bugs).toEqual([])
  })
  const holdOn = () => {
    hold = true
  }
  /** All that comes while every target is scraped once. */
  const round = async (count: number) => {
    const ups = () => samples.taken.flatMap(linesOf).filter((line) => /^up .* [01]$/.test(line))
    await live(world, 'scrapes', () => ups().length >= count)
    return samples.taken.splice(0).flatMap(linesOf).sort()
  }
  return { replace, round, asked, samples, world, pool, holdOn }
}

const known = (path: string, added = 0) => [
  `a ${path} 1`,
  `b ${path} 2`,
  `scrape_series_added ${path} ${added}`,
  `up ${path} 1`,
]

test('a target that stays is still known, one that goes is stale at once, one that comes is new', async () => {
  const { replace, round } = await component()
  await replace(['x', 'y'])
  expect(await round(2)).toEqual([...known('x', 2), ...known('y', 2)].sort())
  await replace(['y', 'z'])
  const lines = await round(2)
  const gone = lines.filter((line) => line.includes(' x '))
  expect(gone).toEqual([...['a x stale', 'b x stale', 'scrape_series_added x stale', 'up x stale']])
  expect(lines.filter((line) => !line.includes(' x '))).toEqual(
    [...known('y'), ...known('z', 2)].sort(),
  )
})

test('another interval changes nothing else', async () => {
  const { replace, round } = await component()
  await replace(['x'])
  await round(1)
  await replace(['x'], 'scrape_timeout = "5s"')
  expect(await round(1)).toEqual(known('x'))
})

test('where labels may become others, all begins anew', async () => {
  const { replace, round } = await component()
  await replace(['x'])
  await round(1)
  await replace(['x'], 'honor_labels = true')
  const lines = await round(1)
  expect(lines).toEqual([
    ...['a x 1', 'a x stale', 'b x 2', 'b x stale'],
    ...['scrape_series_added x 2', 'scrape_series_added x stale', 'up x 1', 'up x stale'],
  ])
})

test('a scrape under way is given up, and done again by who follows', async () => {
  const { replace, round, asked, holdOn, samples, world } = await component()
  await replace(['x'])
  await round(1)
  holdOn()
  const before = asked.length
  await live(world, 'a request', () => asked.length > before)
  await replace(['x', 'y'])
  expect(samples.taken).toEqual([])
  await replace([])
  await live(world, 'the end', () => samples.taken.length > 0)
  expect(samples.taken.flatMap(linesOf)).toContain('up x stale')
  expect(samples.taken.flatMap(linesOf)).not.toContain('up y stale')
})

test('too many targets are none', async () => {
  const { replace, round, asked } = await component()
  await replace(['x', 'y'], 'target_limit = 1')
  expect(await round(2)).toEqual([
    ...['scrape_series_added x 0', 'scrape_series_added y 0', 'up x 0', 'up y 0'],
  ])
  expect(asked).toEqual([])
})

test('equal targets are one', async () => {
  const { replace, round } = await component()
  await replace(['x', 'x'])
  expect(await round(1)).toEqual(known('x', 2))
})
