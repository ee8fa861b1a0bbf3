import { expect, test } from 'vitest'
import { Permanent, Retryable } from '#sdk'
import { FakeClock } from '#support'
import { DeliveryHealth } from './delivery-health.js'

const setUp = () => {
  const clock = new FakeClock()
  return { clock, health: new DeliveryHealth(clock) }
}

test('is healthy before the first delivery, and says so', () => {
  const { health } = setUp()
  expect(health.health()).toMatchObject({ state: 'healthy', message: 'nothing delivered yet' })
  health.delivered(5)
  expect(health.health()).toMatchObject({ state: 'healthy', message: 'delivering' })
})

const FAILURES: readonly (readonly [string, Error, string])[] = [
  ['what is tried again', new Retryable('away'), 'degraded'],
  ['a refusal that blames the data', new Permanent('bad span', { code: 3 }), 'degraded'],
  ['a refusal of so much data', new Permanent('too much', { code: 8 }), 'degraded'],
  ['a refusal of the sender', new Permanent('wrong password', { code: 16 }), 'unhealthy'],
  ['a refusal without a code', new Permanent('404'), 'unhealthy'],
]

test.each(FAILURES)('%s', async (_, failure, state) => {
  const { clock, health } = setUp()
  health.delivered(1)
  await clock.tick(1000)
  const since = clock.now()
  health.failed(failure)
  await clock.tick(1000)
  health.failed(failure)
  expect(health.health()).toMatchObject({ state, message: failure.message, since })
  expect(health.health().help).not.toBe(undefined)
  health.delivered(1)
  expect(health.health().state).toBe('healthy')
})

test('is unhealthy for a while after it has dropped data, unless it delivers', async () => {
  const { clock, health } = setUp()
  health.failed(new Retryable('away'))
  health.dropped()
  expect(health.health()).toMatchObject({ state: 'unhealthy', message: 'data is dropped: away' })
  await clock.tick(60_000)
  expect(health.health().state).toBe('degraded')
  health.dropped()
  health.delivered(1)
  expect(health.health().state).toBe('healthy')
})

test('knows when it delivered last, and how long that takes', async () => {
  const { clock, health } = setUp()
  expect([health.lastDeliveredAt, health.latencyMs]).toEqual([undefined, undefined])
  await clock.tick(500)
  health.delivered(100)
  expect([health.lastDeliveredAt, health.latencyMs]).toEqual([clock.now(), 100])
  health.delivered(200)
  expect(health.latencyMs).toBe(110)
})
