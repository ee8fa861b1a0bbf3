import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FakeClock } from '#support'
import { UnderWay } from './under-way.js'

const setUp = () => {
  const clock = new FakeClock()
  return { clock, underWay: new UnderWay(clock) }
}

test('one after the other: the age is that of the one under way', async () => {
  const { clock, underWay } = setUp()
  for (let n = 0; n < 3; n++) {
    underWay.begin(5)
    await clock.tick(100)
    expect([underWay.items, underWay.oldestMs]).toEqual([5, 100])
    underWay.end(5)
    await clock.tick(1000)
    expect([underWay.items, underWay.oldestMs]).toEqual([0, 0])
  }
})

test('the age is never less than that of the oldest, and stays near it', () => {
  const step = fc.oneof(
    fc.constant('begin' as const),
    fc.constant('end' as const),
    fc.integer({ min: 1, max: 50 }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let now = 0
      const underWay = new UnderWay({ monotonic: () => now })
      const open: number[] = []
      for (const one of steps) {
        if (one === 'begin') {
          open.push(now)
          underWay.begin(1)
        } else if (one === 'end') {
          if (open.length > 0) underWay.end(1)
          open.shift()
        } else now += one
        const oldest = open.length > 0 ? now - open[0]! : 0
        expect(underWay.items).toBe(open.length)
        expect(underWay.oldestMs).toBeGreaterThanOrEqual(oldest)
      }
      while (open.shift() !== undefined) underWay.end(1)
      expect(underWay.oldestMs).toBe(0)
    }),
  )
})

test('under a steady load the age does not grow', async () => {
  const { clock, underWay } = setUp()
  for (let n = 0; n < 4; n++) underWay.begin(1)
  for (let n = 0; n < 100; n++) {
    await clock.tick(10)
    underWay.end(1)
    underWay.begin(1)
  }
  expect(underWay.oldestMs).toBeLessThanOrEqual(100)
})
