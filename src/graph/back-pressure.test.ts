import { expect, test } from 'vitest'
import { Retryable } from '#sdk'
import { FakeClock } from '#support'
import { toyGraph } from '../../test/support/toy-graph.js'
import { BackPressure } from './back-pressure.js'

/** A chain that runs, and what its receiver says of itself. */
async function running() {
  const all = toyGraph()
  await all.graph.apply(all.chain())
  return { ...all, health: () => all.find('source').health() }
}

test('a receiver that sends its senders away is degraded, with the reason, since when, and what to do', async () => {
  const { emit, journal, clock, health } = await running()
  expect(health()).toMatchObject({ state: 'healthy', message: 'running' })
  const start = clock.now()
  journal.faults.set('consume sink', () => Promise.reject(new Retryable('the queue is full')))
  await expect(emit()).rejects.toThrow('the queue is full')
  await clock.tick(9000)
  await expect(emit()).rejects.toThrow('the queue is full')
  await clock.tick(9000)
  expect(health()).toEqual({
    state: 'degraded',
    message: 'senders of traces are sent away: the queue is full',
    since: start,
    help: 'see to what follows: pass',
  })
  await clock.tick(1000)
  expect(health().state).toBe('healthy')
})

test('what follows is only what is handed the signal in question', () => {
  const clock = new FakeClock()
  const pressure = new BackPressure(clock)
  const ages = { traces: 0, metrics: 0, logs: 0, samples: 0, entries: 0 }
  const health = () =>
    pressure.health(
      ['traces', 'logs'],
      (signal) => ages[signal],
      (signal) => [`to.${signal}`, `to.${signal}`],
    )
  expect(health()).toBeUndefined()
  ages.traces = 10_000
  expect(health()?.help).toBe('see to what follows: to.traces')
  pressure.refused('logs', new Retryable('full'))
  expect(health()?.help).toBe('see to what follows: to.logs')
})

test('a receiver whose senders wait for long is degraded', async () => {
  const { emit, journal, clock, health } = await running()
  let answer = () => {}
  journal.faults.set('consume sink', () => new Promise<void>((resolve) => (answer = resolve)))
  const start = clock.now()
  const sent = emit()
  await clock.tick(9999)
  expect(health().state).toBe('healthy')
  await clock.tick(1)
  expect(health()).toMatchObject({
    state: 'degraded',
    message: 'what follows has not answered for 10 s',
    since: start,
  })
  answer()
  await sent
  expect(health().state).toBe('healthy')
})
