import { describe, expect, test } from 'vitest'
import type { Batch } from '#pdata'
import { Permanent, Retryable } from '#sdk'
import { fakeContext, letterBatch, lettersOf, settle } from '#support'
import { Deliveries, type Endpoint } from './deliveries.js'

const NEVER = new AbortController().signal
const RETRY = {
  enabled: true,
  initialMs: 1000,
  maxMs: 1000,
  multiplier: 1.5,
  randomization: 0,
  maxElapsedMs: 0,
  maxAgeMs: 0,
}
const LIMITS = { size: 2, sizer: 'requests', whenFull: 'refuse', waitForResult: false } as const
const PLENTY = 1024 * 1024

/** A component with these endpoints, on disk; what each of them got, and what it answers. */
function deliveriesTo(names: readonly string[], more: Partial<Endpoint<'traces'>> = {}) {
  const context = fakeContext({ id: 'a.b.c', storagePath: '/data/a.b.c' })
  const sent: string[] = []
  const answers = new Map<string, Error>()
  const endpoints = names.map(
    (name): Endpoint<'traces'> => ({
      labels: { endpoint: name },
      settings: {
        signals: ['traces'],
        endpoint: name,
        advice: { full: '', elsewhere: '', inMemory: '' },
        observe() {},
        retry: RETRY,
        queue: {
          limits: { ...LIMITS, storedBytes: PLENTY },
          batch: undefined,
          consumers: 1,
          disk: { deadBytesMax: PLENTY, storage: undefined },
        },
      },
      destination: {
        open: () => Promise.resolve(),
        send: async (batch) => {
          const answer = answers.get(name)
          if (answer) throw answer
          sent.push(`${name} ${lettersOf(batch)}`)
          return undefined
        },
        close: () => Promise.resolve(),
      },
      ...more,
    }),
  )
  const deliveries = new Deliveries(context, endpoints)
  /** As the graph does. */
  const give = async (batch: Batch<'traces'>) => {
    const room = await deliveries.reserve(batch)
    context.ledger.enter('traces', batch.items)
    await deliveries.consume(batch).finally(() => room.release())
    await settle()
  }
  const start = async () => {
    await deliveries.start()
    deliveries.activate()
  }
  const isBalanced = () => context.ledger.held('traces') === deliveries.heldItems('traces')
  return { context, deliveries, sent, answers, give, start, isBalanced }
}

describe('several endpoints', () => {
  test('get everything, each from a queue of its own', async () => {
    const all = deliveriesTo(['eu', 'us'])
    await all.start()
    all.answers.set('us', new Retryable('away'))
    await all.give(letterBatch('ab'))
    expect(all.sent).toEqual(['eu ab'])
    expect(await all.deliveries.queues()).toMatchObject([
      { endpoint: 'eu', held: { items: 0 }, folder: '/data/a.b.c/endpoints/eu' },
      { endpoint: 'us', held: { items: 2 }, folder: '/data/a.b.c/endpoints/us' },
    ])
    expect(all.isBalanced()).toBe(true)
    expect(all.deliveries.health()).toMatchObject({ state: 'degraded', message: 'us: away' })
    all.answers.clear()
    await all.context.clock.tick(1000)
    await settle()
    expect(all.sent).toEqual(['eu ab', 'us ab'])
    expect(all.context.ledger.counts('traces')).toMatchObject({ entered: 4, left: 4 })
    await all.deliveries.stop(NEVER)
  })

  test('refuse for all when one has no room', async () => {
    const all = deliveriesTo(['eu', 'us'])
    await all.start()
    all.answers.set('us', new Retryable('away'))
    await all.give(letterBatch('a'))
    await all.give(letterBatch('b'))
    await expect(all.give(letterBatch('c'))).rejects.toThrow('full')
    expect(all.sent).toEqual(['eu a', 'eu b'])
    expect(all.isBalanced()).toBe(true)
    await all.deliveries.stop(AbortSignal.abort())
  })

  test('what one of them refuses for good is set aside there, and asked for by its name', async () => {
    const all = deliveriesTo(['eu', 'us'])
    await all.start()
    all.answers.set('us', new Permanent('bad', { code: 9 }))
    await all.give(letterBatch('a'))
    const dead = (endpoint: string) =>
      all.deliveries.peek({ signal: 'traces', endpoint }, 'dead', 10)
    expect(await dead('us')).toMatchObject([{ verdict: { reason: 'bad' } }])
    expect(await dead('eu')).toEqual([])
    await expect(dead('asia')).rejects.toThrow('a.b.c has the endpoints eu, us: name one')
    expect(all.isBalanced()).toBe(true)
    await all.deliveries.stop(NEVER)
  })
})

test('what an endpoint is not to get is counted', async () => {
  const all = deliveriesTo(['eu', 'us'], {
    prepare: (batch) => (batch.items > 1 ? batch : undefined),
    dropReason: 'relabelled away',
  })
  await all.start()
  await all.give(letterBatch('a'))
  await all.give(letterBatch('bc'))
  expect(all.sent).toEqual(['eu bc', 'us bc'])
  const { entered, left, dropped } = all.context.ledger.counts('traces')
  expect({ entered, left, dropped }).toEqual({
    entered: 6,
    left: 4,
    dropped: new Map([['relabelled away', 2]]),
  })
  await all.deliveries.stop(NEVER)
})

test('without endpoints everything is dropped and counted', async () => {
  const all = deliveriesTo([])
  await all.start()
  await all.give(letterBatch('abc'))
  expect(all.context.ledger.counts('traces').dropped).toEqual(new Map([['no endpoint', 3]]))
  expect(all.isBalanced()).toBe(true)
  await all.deliveries.stop(NEVER)
})
