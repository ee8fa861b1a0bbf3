import { describe, expect, test } from 'vitest'
import type { HttpAnswer } from '#net'
import { randomFrom } from '#support'
import { live } from '../../../test/contract/rig.js'
import { World } from '../../../test/contract/world.js'
import { runComponent } from '../../../test/support/running-component.js'
import { linesBatch, type WriteRequest, writeSink } from '../../../test/support/write-sink.js'
import definition from './remote-write.js'

/** More than a chain of requests, and less. */
const SERIES = 30
const FEW_SERIES = 12
const ROUNDS = 25

const body = (durability: 'disk' | 'memory') => `endpoint {
  url  = "http://mimir:9009/api/v1/push"
  name = "m"
  queue_config {
    max_samples_per_send = 3
    max_shards           = 4
    batch_send_deadline  = "1s"
    durability           = "${durability}"
  }
}`

/** All series at one time, as one scrape after another has them. */
function scrape(round: number, series = SERIES) {
  return linesBatch(
    Array.from({ length: series }, (_, n) => `m{n="${n}"} ${round}@${(round + 1) * 1000}`),
  )
}

/** Of each series the rounds that have come, each once, by when they first did. */
function roundsBySeries(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const all = new Map<string, number[]>()
  for (const line of lines) {
    const [, series, round] = /^(\S+) (\d+)@/.exec(line)!
    const rounds = all.get(series!) ?? []
    if (!rounds.includes(Number(round))) rounds.push(Number(round))
    all.set(series!, rounds)
  }
  return all
}

function expectOrder(lines: readonly string[], series = SERIES): void {
  const all = roundsBySeries(lines)
  expect(all.size).toBe(series)
  const expected = Array.from({ length: ROUNDS }, (_, n) => n)
  for (const [series, came] of all) expect(came, series).toEqual(expected)
}

/** Fails every third request or so, one way or another. */
function moody(seed: number) {
  const random = randomFrom(seed)
  return async (): Promise<HttpAnswer> => {
    const mood = random()
    if (mood < 0.2) return { status: 503 }
    return { status: mood < 0.3 ? 429 : 204 }
  }
}

describe.each(['disk', 'memory'] as const)('each series keeps its order, from %s', (durability) => {
  test.each([
    [1, SERIES],
    [2, SERIES],
    [3, FEW_SERIES],
  ])('with an endpoint of moods, seed %i, %i series', async (seed, series) => {
    const world = new World(new Map())
    const sink = await writeSink(world)
    sink.answer = moody(seed)
    const { give, ledger, instance } = await runComponent(definition, body(durability), world)
    for (let round = 0; round < ROUNDS; round++) await give(scrape(round, series))
    await live(world, 'deliveries', () => instance.held('samples') === 0)
    expect(ledger.counts('samples').left).toBe(series * ROUNDS)
    expectOrder(sink.taken, series)
    for (const { lines } of sink.requests) expect(lines.length).toBeLessThanOrEqual(3)
  })

  test('side by side, where there is more than a chain of requests', async () => {
    const world = new World(new Map())
    const sink = await writeSink(world)
    let [underWay, most] = [0, 0]
    sink.answer = async () => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setImmediate(resolve))
      underWay--
      return { status: 204 }
    }
    const { give, instance } = await runComponent(definition, body(durability), world)
    for (let round = 0; round < ROUNDS; round++) await give(scrape(round))
    await live(world, 'deliveries', () => instance.held('samples') === 0)
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(4)
    expectOrder(sink.taken)
  })

  test('when a part is refused for good', async () => {
    const world = new World(new Map())
    const sink = await writeSink(world)
    const isBad = ({ lines }: WriteRequest) => lines.some((line) => line.startsWith('m{n="5"} 7@'))
    sink.answer = async (request) => ({ status: isBad(request) ? 400 : 204 })
    const { give, ledger, instance } = await runComponent(definition, body(durability), world)
    for (let round = 0; round < ROUNDS; round++) await give(scrape(round))
    await live(world, 'deliveries', () => instance.held('samples') === 0)
    expect(ledger.counts('samples').left).toBe(SERIES * ROUNDS - 1)
    const came = roundsBySeries(sink.taken)
    for (const rounds of came.values()) expect(rounds).toEqual(rounds.toSorted((a, b) => a - b))
    expect(came.get('m{n="5"}')).not.toContain(7)
  })
})

test('and over restarts in the middle of it, when what was under way comes again', async () => {
  const world = new World(new Map())
  const sink = await writeSink(world)
  sink.answer = moody(7)
  let round = 0
  for (let run = 0; run < 5; run++) {
    const { give, instance, ledger } = await runComponent(definition, body('disk'), world)
    for (let n = 0; n < ROUNDS / 5; n++) await give(scrape(round++))
    const left = ledger.counts('samples').left
    await live(world, 'some deliveries', () => ledger.counts('samples').left > left + SERIES)
    await instance.stop(AbortSignal.abort())
  }
  const { instance } = await runComponent(definition, body('disk'), world)
  await live(world, 'deliveries', () => instance.held('samples') === 0)
  expectOrder(sink.taken)
})
