import { expect, test } from 'vitest'
import { FakeClock } from '#support'
import { Rate } from './rate.js'

const rows: readonly (readonly [string, readonly (readonly [number, number])[], number, number])[] =
  [
    ['nothing', [], 0, 0],
    ['the first second counts as one', [[0, 5]], 0, 5],
    ['less than ten seconds count as they are', [[0, 8]], 4000, 2],
    [
      'ten seconds, and no more',
      [
        [0, 100],
        [5000, 20],
      ],
      13_000,
      2,
    ],
    ['silence ends it', [[0, 100]], 60_000, 0],
  ]
test.each(rows)('%s', async (_, amounts, atMs, perSecond) => {
  const clock = new FakeClock()
  const rate = new Rate(clock)
  for (const [at, amount] of amounts) {
    await clock.tick(at - clock.monotonic())
    rate.add(amount)
  }
  await clock.tick(atMs - clock.monotonic())
  expect(rate.perSecond).toBe(perSecond)
})
