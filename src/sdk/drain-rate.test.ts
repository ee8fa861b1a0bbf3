import { expect, test } from 'vitest'
import { FakeClock } from '#support'
import { DrainRate } from './drain-rate.js'

async function hintAfter(steps: readonly (number | { tick: number })[], bytes: number) {
  const clock = new FakeClock()
  const rate = new DrainRate(clock)
  for (const step of steps) {
    if (typeof step === 'number') rate.add(step)
    else await clock.tick(step.tick)
  }
  return rate.retryAfterMs(bytes)
}

const rows: readonly (readonly [string, readonly (number | { tick: number })[], number, number])[] =
  [
    ['at the start, the least', [], 1000, 1000],
    ['a busy queue: the least', [1e6], 1000, 1000],
    ['as long as so much took to leave', [1000], 2000, 10_000],
    ['the most', [1], 1e9, 30_000],
    ['while nothing leaves, as long as that has been so', [1000, { tick: 12_000 }], 1000, 12_000],
    ['nothing ever left', [{ tick: 45_000 }], 1000, 30_000],
    ['the window before counts', [1000, { tick: 6000 }], 1000, 5000],
  ]
for (const [name, steps, bytes, expected] of rows) {
  test(name, async () => expect(await hintAfter(steps, bytes)).toBe(expected))
}
