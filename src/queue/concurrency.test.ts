import { describe, expect, test } from 'vitest'
import { FakeClock, settle } from '#support'
import { Concurrency } from './concurrency.js'

const NEVER = new AbortController().signal

async function setUp(max: number, underWay = 0) {
  const clock = new FakeClock()
  const turns = new Concurrency(clock, max)
  for (let n = 0; n < underWay; n++) await turns.begin(NEVER)
  return { clock, turns }
}

test('grows by one for each round that goes well, up to the most', async () => {
  const { turns } = await setUp(6)
  const limits: number[] = []
  for (let round = 0; round < 4; round++) {
    const size = turns.limit
    for (let n = 0; n < size; n++) await turns.begin(NEVER)
    for (let n = 0; n < size; n++) turns.end(true, 5)
    limits.push(turns.limit)
  }
  expect(limits.every((limit, n) => limit >= (limits[n - 1] ?? 4))).toBe(true)
  expect(limits.at(-1)).toBeLessThanOrEqual(6)
  expect(limits.at(-1)).toBeGreaterThan(3)
})

test('is halved by a refusal, once a second, down to one', async () => {
  const { clock, turns } = await setUp(4, 4)
  turns.end(false, 1)
  turns.end(false, 1)
  expect(turns.limit).toBe(2)
  await clock.tick(1000)
  turns.end(false, 1)
  await clock.tick(1000)
  turns.end(false, 1)
  expect(turns.limit).toBe(1)
})

test('shrinks a little when answers become slow', async () => {
  const { turns } = await setUp(4, 4)
  turns.end(true, 10)
  turns.end(true, 1000)
  expect(turns.limit).toBe(3)
})

describe('waiting for a turn', () => {
  test('in order, as many as there is room for', async () => {
    const { turns } = await setUp(2, 2)
    const begun: number[] = []
    for (const n of [1, 2, 3]) turns.begin(NEVER).then(() => begun.push(n), expect.fail)
    await settle()
    expect(begun).toEqual([])
    turns.end(true, 1)
    await settle()
    expect(begun).toEqual([1])
    turns.end(true, 1)
    turns.end(true, 1)
    await settle()
    expect(begun).toEqual([1, 2, 3])
  })

  test('ends with false when it is stopped, and takes no turn', async () => {
    const { turns } = await setUp(1, 1)
    const stop = new AbortController()
    const waiting = turns.begin(stop.signal)
    stop.abort()
    expect(await waiting).toBe(false)
    expect(await turns.begin(AbortSignal.abort())).toBe(false)
    turns.end(true, 1)
    expect(await turns.begin(NEVER)).toBe(true)
  })
})
