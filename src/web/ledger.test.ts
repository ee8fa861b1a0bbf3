import { expect, test } from 'vitest'
import { Retryable } from '#sdk'
import { runningAgent } from '../../test/support/served-agent.js'

test('the ledger: components, edges and drops, each with its line of the config', async () => {
  const { json, emit, journal, find } = await runningAgent()
  await emit('toy.source.in', 3)
  journal.faults.set('consume toy.sink.out', () => Promise.reject(new Retryable('full')))
  await emit('toy.source.in', 2).catch(() => {})
  const { ledger } = find('toy.sink.out')
  ledger.enter('logs', 4)
  ledger.drop('logs', 4, 'refused')
  const place = { file: 'config.river', line: 1, column: 1 }
  const { status, body } = await json('/api/v1/ledger')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    balanced: true,
    components: [
      {
        id: 'toy.sink.out',
        kind: 'exporter',
        place,
        signals: { traces: { entered: 3, left: 3, refused: 2, held: 0, oldestMs: 0 } },
      },
      { id: 'toy.source.in', kind: 'receiver', place: { file: 'config.river', line: 5 } },
    ],
    edges: [
      {
        from: 'toy.source.in',
        to: 'toy.sink.out',
        signal: 'traces',
        offered: 5,
        passed: 3,
        refused: 2,
        held: 0,
      },
    ],
    drops: [{ component: 'toy.sink.out', place, signal: 'logs', reason: 'refused', items: 4 }],
  })
  ledger.enter('logs', 1)
  expect((await json('/api/v1/ledger')).body).toMatchObject({ balanced: false })
})

/** The cells of the first row of a page's table. */
function cellsOf(page: string): readonly string[] {
  const row = /<tbody><tr>(.*?)<\/tr>/s.exec(page)?.[1] ?? ''
  const cells = [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)]
  return cells.map(([, cell]) =>
    cell!
      .replace(/<wbr>/g, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  )
}

test('what is under way on an edge is told with its age', async () => {
  const { json, ask, emit, journal, clock } = await runningAgent()
  let answer = () => {}
  const answered = new Promise<void>((resolve) => (answer = resolve))
  journal.faults.set('consume toy.sink.out', () => answered)
  const sent = emit('toy.source.in', 3)
  await clock.tick(1500)
  expect((await json('/api/v1/ledger')).body).toMatchObject({
    balanced: true,
    edges: [{ offered: 3, passed: 0, refused: 0, held: 3, oldestMs: 1500 }],
  })
  // The page: in 3, out 0, sent back 0, under way 3 for two seconds, and held at the end.
  expect(cellsOf((await ask('/ledger?by=edge')).text)).toEqual([
    ...['toy.source.in', 'toy.sink.out', 'traces', '0/s', '3', '0', '0', '3 2 s', '3 2 s', '0'],
    'tap',
  ])
  expect(cellsOf((await ask('/ledger')).text)).toContain('2 s')
  answer()
  await sent
})

test('the page names the place of what is dropped, and says who is not well', async () => {
  const { ask, emit, journal, find } = await runningAgent()
  const { ledger } = find('toy.sink.out')
  ledger.enter('logs', 4)
  ledger.drop('logs', 4, 'too old')
  await emit('toy.source.in', 1)
  const losses = (await ask('/ledger?losing=1')).text
  expect(losses).toContain('4 too old <a href="/config#L1">config.river:1</a>')
  expect(losses).not.toContain('nothing yet')
  expect((await ask('/')).text).not.toContain('Not healthy')
  journal.faults.set('consume toy.sink.out', () => Promise.reject(new Retryable('it is full')))
  await emit('toy.source.in', 1).catch(() => {})
  const page = (await ask('/')).text.replace(/<wbr>/g, '')
  expect(page).toContain('class="status degraded"')
  expect(page).toContain('1 not healthy')
  expect(page).toMatch(/senders of traces are sent away: it is full.*toy\.sink\.out.*since/s)
})

test('health: that of the worst, and those that are not well with reason, time, help and place', async () => {
  const { json, emit, journal, ask } = await runningAgent()
  expect((await json('/api/v1/health')).body).toEqual({
    state: 'healthy',
    ready: true,
    counts: { healthy: 2, degraded: 0, unhealthy: 0 },
    troubles: [],
  })
  journal.faults.set('consume toy.sink.out', () => {
    throw new TypeError('oops')
  })
  await emit('toy.source.in', 1).catch(() => {})
  expect((await json('/api/v1/health')).body).toMatchObject({
    state: 'unhealthy',
    counts: { healthy: 0, degraded: 1, unhealthy: 1 },
    troubles: [
      { id: 'toy.sink.out', state: 'unhealthy', place: { line: 1 } },
      { id: 'toy.source.in', state: 'degraded', help: 'see to what follows: toy.sink.out' },
    ],
  })
  expect(await ask('/-/healthy')).toMatchObject({
    status: 500,
    text: 'unhealthy components: toy.sink.out\n',
  })
})
