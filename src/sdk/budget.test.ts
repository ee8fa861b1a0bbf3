import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FakeClock } from '#support'
import { MemoryBudget } from './budget.js'

describe('requests', () => {
  test('are refused above the limit, and let in again when others are answered', () => {
    const budget = new MemoryBudget(new FakeClock(), 100)
    expect([budget.take(60, 0), budget.take(40, 0), budget.take(1, 0)]).toEqual([true, true, false])
    budget.give(60)
    expect([budget.take(60, 0), budget.usedBytes, budget.refusedCount]).toEqual([true, 100, 1])
  })

  test('that are alone are never refused, whatever queues hold', () => {
    const budget = new MemoryBudget(new FakeClock(), 100)
    budget.share().add(90)
    expect(budget.take(50, 0)).toBe(true)
    expect(budget.take(50, 50)).toBe(true)
    expect(budget.take(1, 0)).toBe(false)
  })

  test('hear when to come back', async () => {
    const clock = new FakeClock()
    const budget = new MemoryBudget(clock, 100)
    budget.take(100, 0)
    await clock.tick(7000)
    expect(budget.retryAfterMs(10)).toBe(7000)
    budget.give(10)
    expect(budget.retryAfterMs(30)).toBe(15_000)
    // The first will be back before this one.
    expect(budget.retryAfterMs(10)).toBe(20_000)
    expect(budget.retryAfterMs(100)).toBe(30_000)
  })
})

describe('a queue', () => {
  test('keeps below three quarters, and is tight above a half', () => {
    const budget = new MemoryBudget(new FakeClock(), 100)
    const [one, other] = [budget.share(), budget.share()]
    one.add(50)
    expect([other.hasRoom(25), other.hasRoom(26), other.isTight()]).toEqual([true, false, false])
    other.add(1)
    expect(other.isTight()).toBe(true)
  })

  test('gives back all it has when it is closed, and takes no more', () => {
    const budget = new MemoryBudget(new FakeClock(), 100)
    const share = budget.share()
    share.add(50)
    share.close()
    share.add(-50)
    share.add(7)
    share.close()
    expect(budget.usedBytes).toBe(0)
  })
})

test('nothing leaks, and the limit holds but for a request alone', () => {
  const step = fc.record({
    kind: fc.constantFrom('begin', 'grow', 'end', 'put', 'done', 'close'),
    at: fc.nat(3),
    bytes: fc.nat(60),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const budget = new MemoryBudget(new FakeClock(), 100)
      const requests = [0, 0, 0, 0]
      const shares = [0, 1, 2, 3].map(() => budget.share())
      const stored = [0, 0, 0, 0]
      for (const { kind, at, bytes } of steps) {
        if (kind === 'end') budget.give(requests[at]!)
        if (kind === 'end') requests[at] = 0
        if ((kind === 'begin' || kind === 'grow') && budget.take(bytes, requests[at]!)) {
          requests[at]! += bytes
          const isAlone = requests.every((one, n) => n === at || one === 0)
          expect(isAlone || budget.usedBytes <= budget.limitBytes).toBe(true)
        }
        if (kind === 'put' && shares[at]!.hasRoom(bytes)) {
          shares[at]!.add(bytes)
          stored[at]! += bytes
          expect(stored.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(75)
        }
        if (kind === 'done') shares[at]!.add(-stored[at]!)
        if (kind === 'close') shares[at]!.close()
        if (kind === 'close') shares[at] = budget.share()
        if (kind === 'done' || kind === 'close') stored[at] = 0
        expect(budget.usedBytes).toBe([...requests, ...stored].reduce((sum, one) => sum + one))
      }
    }),
  )
})
