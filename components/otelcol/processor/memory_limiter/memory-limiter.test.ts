import { describe, expect, test } from 'vitest'
import { Batch } from '#pdata'
import { type Component, defaultsOf, type HealthReporting, type Next, Retryable } from '#sdk'
import { fakeContext } from '#support'
import definition from './memory-limiter.js'

const MIB = 1024 ** 2
const BATCH = new Batch('traces', [new Uint8Array(1)], 1, 1)

function setUp(values: Record<string, unknown>) {
  const context = fakeContext()
  let collections = 0
  const memory = { ...context.memory, collect: () => void collections++ }
  const all = { ...defaultsOf(definition.schema), check_interval: 1000, ...values }
  const next = {
    reserve: async () => ({ release() {} }),
    refusal: () => undefined,
    consume: async () => {},
  }
  const limiter = definition.create(
    { ...context, memory },
    all as never,
    next as never,
  ) as unknown as Component & Next & HealthReporting
  return {
    context,
    limiter,
    use: (mib: number) => (context.memoryBytes = mib * MIB),
    collected: () => collections,
  }
}

describe('limits', () => {
  const rows: readonly (readonly [string, Record<string, unknown>, number, boolean])[] = [
    ['below the soft limit', { limit: 100 * MIB }, 80, true],
    ['above the soft limit, a fifth below the hard one', { limit: 100 * MIB }, 81, false],
    ['a spike limit of its own', { limit: 100 * MIB, spike_limit: 50 * MIB }, 51, false],
    ['a share of 1 GiB', { limit_percentage: 50 }, 409, true],
    ['above a share', { limit_percentage: 50 }, 410, false],
    [
      'a share with a spike share',
      { limit_percentage: 50, spike_limit_percentage: 25 },
      257,
      false,
    ],
    ['limit wins over a share', { limit: 100 * MIB, limit_percentage: 1 }, 79, true],
  ]
  for (const [name, values, mib, lets] of rows) {
    test(name, async () => {
      const { limiter, use } = setUp(values)
      use(mib)
      await limiter.start?.()
      const reserved = limiter.reserve(BATCH)
      if (lets) await reserved
      else await expect(reserved).rejects.toMatchObject({ retryAfterMs: 1000 })
      await limiter.stop(AbortSignal.abort())
    })
  }
})

test('refuses, says so, and lets in again', async () => {
  const { context, limiter, use } = setUp({ limit: 100 * MIB })
  await limiter.start?.()
  use(90)
  await context.clock.tick(1000)
  await expect(limiter.reserve(BATCH)).rejects.toBeInstanceOf(Retryable)
  // So that the next request need not be read for that.
  expect(limiter.refusal('traces', 0)).toMatchObject({ retryAfterMs: 1000 })
  expect(limiter.health().state).toBe('degraded')
  use(10)
  await context.clock.tick(1000)
  await limiter.reserve(BATCH)
  expect(limiter.refusal('traces', 0)).toBeUndefined()
  expect(limiter.health().state).toBe('healthy')
  expect(context.logged.map(({ level }) => level)).toEqual(['warn', 'info'])
  await limiter.stop(AbortSignal.abort())
  expect(context.clock.pending).toBe(0)
})

test('what was let in is passed on even then', async () => {
  const { context, limiter, use } = setUp({ limit: 100 * MIB })
  await limiter.start?.()
  use(90)
  await context.clock.tick(1000)
  await limiter.consume(BATCH)
})

test('above the hard limit it collects, at most every ten seconds', async () => {
  const { context, limiter, use, collected } = setUp({ limit: 100 * MIB })
  use(200)
  await limiter.start?.()
  await context.clock.tick(9000)
  expect(collected()).toBe(1)
  await context.clock.tick(3000)
  expect(collected()).toBe(2)
})
