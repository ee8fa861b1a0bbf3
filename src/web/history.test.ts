import { expect, test } from 'vitest'
import { GOOD, runningAgent } from '../../test/support/served-agent.js'

test('rates are those of the last two seconds, charts remember', async () => {
  const { history, clock, emit, find } = await runningAgent()
  history.start()
  await emit('toy.source.in', 10)
  await clock.tick(2000)
  expect(history.rates('toy.source.in', 'traces')).toEqual({ in: 5, out: 5, dropped: 0 })
  await clock.tick(2000)
  expect(history.rates('toy.source.in', 'traces')).toEqual({ in: 0, out: 0, dropped: 0 })
  const { times, charts } = history.charts(find('toy.source.in'))
  expect(times).toHaveLength(3)
  expect(charts).toMatchObject([
    { signal: 'traces', in: [Number.NaN, 5, 0], out: [Number.NaN, 5, 0] },
  ])
  history.stop()
  expect(clock.pending).toBe(0)
})

test('what is gone is forgotten, and what never had items is not looked at', async () => {
  const { history, clock, emit, agent, config, find } = await runningAgent()
  history.start()
  await emit('toy.source.in', 10)
  await clock.tick(2000)
  expect(history.charts(find('toy.sink.out')).charts).toHaveLength(1)
  config.text = GOOD.replaceAll('toy.sink.out', 'toy.sink.other').replace('"out"', '"other"')
  expect(await agent.load('http')).toMatchObject({ ok: true })
  await clock.tick(4000)
  expect(history.rates('toy.sink.out', 'traces').in).toBe(0)
  expect(history.charts(find('toy.sink.other')).charts).toEqual([])
  history.stop()
})
