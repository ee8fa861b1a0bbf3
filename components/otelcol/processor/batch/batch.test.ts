import { describe, expect, test } from 'vitest'
import type { Batch, ClientInfo } from '#pdata'
import { openMemoryQueue } from '#queue'
import { type ArgumentsOf, defaultsOf, deferred, Permanent, Retryable } from '#sdk'
import { fakeContext, letterBatch, lettersOf } from '#support'
import { Registry } from '#telemetry'
import definition from './batch.js'

type Values = Partial<ArgumentsOf<typeof definition.schema>> & Record<string, unknown>

function setUp(values: Values = {}, context = fakeContext()) {
  const left: string[] = []
  const clients: (ClientInfo | undefined)[] = []
  const next = {
    answer: () => Promise.resolve(),
    async consume(batch: Batch) {
      left.push(lettersOf(batch))
      clients.push(batch.client)
      await next.answer()
    },
    reserve: async () => ({ release() {} }),
    queues: false,
    refusal: () => undefined,
    gathers: () => next.queues,
    signals: new Set(['traces'] as const),
    deliver: async () => {},
  }
  const all = { ...defaultsOf(definition.schema), timeout: 200, ...values }
  const processor = definition.create(context, all as never, next) as unknown as {
    consume(batch: Batch): Promise<void>
    stop(giveUp: AbortSignal): Promise<void>
  }
  const outcomes: Promise<unknown>[] = []
  /** Hands data in without waiting for what becomes of it. */
  const give = (text: string, client?: ClientInfo) => {
    outcomes.push(processor.consume(letterBatch(text, client)).catch((error: unknown) => error))
  }
  return { context, processor, left, clients, next, give, outcomes }
}

const rows: readonly (readonly [string, Values, readonly string[]])[] = [
  ['leaves early when full', { send_batch_size: 2 }, ['in a ->', 'in b -> ab', 'tick 500 ->']],
  ['leaves at the timeout', {}, ['in a ->', 'tick 199 ->', 'tick 1 -> a']],
  [
    'counts the timeout from the first input',
    {},
    ['in a ->', 'tick 150 ->', 'in b ->', 'tick 50 -> ab'],
  ],
  [
    'starts anew after a batch',
    { send_batch_size: 2 },
    ['in ab -> ab', 'in c ->', 'tick 200 -> c'],
  ],
  [
    'splits what is too large',
    { send_batch_size: 2, send_batch_max_size: 2 },
    ['in abcde -> ab cd e'],
  ],
  ['never splits with 0', { send_batch_size: 2, send_batch_max_size: 0 }, ['in abcde -> abcde']],
  ['leaves at once with timeout 0', { timeout: 0 }, ['in a -> a', 'in b -> b']],
  ['leaves at once with size 0', { send_batch_size: 0 }, ['in a -> a']],
  ['leaves when stopped', {}, ['in a ->', 'in b ->', 'stop -> ab']],
]

describe('what leaves when', () => {
  for (const [name, values, steps] of rows) {
    test(name, async () => {
      const { context, processor, left, give } = setUp(values)
      for (const step of steps) {
        const [, action, argument, expected] = /^(\w+) ?(\w*) ->(.*)$/.exec(step)!
        if (action === 'in') give(argument!)
        if (action === 'tick') await context.clock.tick(Number(argument))
        if (action === 'stop') await processor.stop(new AbortController().signal)
        await context.clock.tick(0)
        expect(left.splice(0).join(' '), step).toBe(expected!.trim())
      }
      await processor.stop(new AbortController().signal)
      expect(context.clock.pending).toBe(0)
    })
  }
})

describe('what leaves a queue behind it when', () => {
  const other = new Set([
    // What is in the queue does not leave because the processor stops.
    'leaves when stopped',
    // What is left over waits for others.
    'splits what is too large',
  ])
  for (const [name, values, steps] of rows.filter(([name]) => !other.has(name))) {
    test(name, async () => {
      const { context, left, give, outcomes, stop } = queued(values)
      for (const step of steps) {
        const [, action, argument, expected] = /^(\w+) ?(\w*) ->(.*)$/.exec(step)!
        if (action === 'in') give(argument!)
        if (action === 'tick') await context.clock.tick(Number(argument))
        await context.clock.tick(0)
        // Nobody waits for a batch to fill.
        expect(await Promise.all(outcomes)).toEqual(outcomes.map(() => undefined))
        expect(left.splice(0).join(' '), step).toBe(expected!.trim())
      }
      await stop()
    })
  }

  test('splits what is too large, and joins what is left over', async () => {
    const values = { send_batch_size: 2, send_batch_max_size: 2 }
    const { context, left, give, stop } = queued(values)
    give('abcde')
    give('f')
    await context.clock.tick(0)
    expect(left).toEqual(['ab', 'cd', 'ef'])
    await stop()
  })

  test('senders that differ in a key are batched apart', async () => {
    const { context, left, give, stop } = queued({ metadata_keys: ['x-tenant'] })
    const from = (tenant: string) => ({
      metadata: new Map([['x-tenant', [tenant]]]),
      auth: new Map(),
      address: '',
    })
    give('a', from('one'))
    give('b', from('two'))
    give('c', from('two'))
    await context.clock.tick(200)
    expect(left).toEqual(['a', 'bc'])
    await stop()
  })

  test('its metrics tell of the batches as they leave', async () => {
    const { context, metrics, give, stop } = queued({ send_batch_size: 2 })
    give('a')
    give('b')
    give('c')
    await context.clock.tick(200)
    const text = metrics.render('prometheus')
    expect(text).toMatch(/^otelcol_processor_batch_batch_size_trigger_send_total.* 1$/m)
    expect(text).toMatch(/^otelcol_processor_batch_timeout_trigger_send_total.* 1$/m)
    expect(text).toMatch(/^otelcol_processor_batch_batch_send_size_sum.* 3$/m)
    await stop()
  })
})

/** The processor before a queue in memory whose destination takes everything. */
function queued(values: Values) {
  const metrics = new Registry()
  const context = fakeContext({ meter: metrics.scope() })
  const all = setUp(values, context)
  const queue = openMemoryQueue(context, 'traces')
  all.next.queues = true
  all.next.consume = (batch) => queue.put(batch)
  const ended = new AbortController()
  const taking = (async () => {
    for (;;) {
      const delivery = await queue.take(ended.signal)
      if (!delivery) return
      all.left.push(lettersOf(delivery.batch))
      delivery.done()
    }
  })()
  const stop = async () => {
    await all.processor.stop(new AbortController().signal)
    ended.abort()
    await taking
    await queue.close()
    expect(context.clock.pending).toBe(0)
  }
  return { ...all, metrics, stop }
}

describe('what senders hear', () => {
  test('done only when the whole batch is', async () => {
    const { context, give, outcomes, next } = setUp({ send_batch_size: 2 })
    const answer = deferred()
    next.answer = () => answer.promise
    give('a')
    give('b')
    let heard = false
    const both = Promise.all(outcomes).then(() => (heard = true))
    await context.clock.tick(0)
    expect(heard).toBe(false)
    answer.resolve()
    await both
  })

  for (const error of [new Retryable('full'), new Permanent('no')]) {
    test(`${error.name} reaches every sender of the batch`, async () => {
      const { processor, next } = setUp({ send_batch_size: 2 })
      next.answer = () => Promise.reject(error)
      const outcomes = await Promise.allSettled([
        processor.consume(letterBatch('a')),
        processor.consume(letterBatch('b')),
      ])
      expect(outcomes).toEqual([
        { status: 'rejected', reason: error },
        { status: 'rejected', reason: error },
      ])
    })
  }
})

test('of a split batch a part that is refused refuses all, once all has settled', async () => {
  const { context, processor, next, left } = setUp({ send_batch_size: 2, send_batch_max_size: 2 })
  const answers = [deferred(), deferred()]
  next.answer = () => answers[left.length - 1]!.promise
  const heard: unknown[] = []
  const outcome = processor.consume(letterBatch('abc')).catch((error: unknown) => heard.push(error))
  await context.clock.tick(0)
  expect(left).toEqual(['ab', 'c'])
  const refusal = new Retryable('full')
  answers[1]!.reject(refusal)
  await context.clock.tick(0)
  expect(heard).toEqual([])
  answers[0]!.resolve()
  await outcome
  expect(heard).toEqual([refusal])
  // "ab" has left and will come again: it is in the books twice.
  expect(context.ledger.counts('traces').entered).toBe(2)
})

test('given up, what is under way is refused; if it leaves all the same, the books say so', async () => {
  const { context, processor, next, give, outcomes } = setUp()
  const answer = deferred()
  next.answer = () => answer.promise
  give('ab')
  await processor.stop(AbortSignal.abort())
  expect(await outcomes[0]).toBeInstanceOf(Retryable)
  answer.resolve()
  await context.clock.tick(0)
  expect(context.ledger.counts('traces').entered).toBe(2)
  expect(context.clock.pending).toBe(0)
})

describe('metadata', () => {
  const from = (tenant: string): ClientInfo => ({
    metadata: new Map([['x-tenant', [tenant]]]),
    auth: new Map(),
    address: '127.0.0.1',
  })

  test('senders that differ in a key are batched apart, and stay known', async () => {
    const { context, give, left, clients } = setUp({ metadata_keys: ['X-Tenant'] })
    for (const [text, tenant] of [
      ['a', 'one'],
      ['b', 'two'],
      ['c', 'one'],
    ] as const) {
      give(text, from(tenant))
    }
    await context.clock.tick(200)
    expect(left).toEqual(['ac', 'b'])
    expect(clients.map((client) => client?.metadata.get('x-tenant'))).toEqual([['one'], ['two']])
  })

  test('more combinations than allowed are refused for good', async () => {
    const values = { metadata_keys: ['x-tenant'], metadata_cardinality_limit: 1 }
    const { processor, give, outcomes } = setUp(values)
    give('a', from('one'))
    await expect(processor.consume(letterBatch('b', from('two')))).rejects.toBeInstanceOf(Permanent)
    give('c', from('one'))
    await processor.stop(new AbortController().signal)
    expect(await Promise.all(outcomes)).toEqual([undefined, undefined])
  })

  test('without keys nobody is named as the sender of a mixed batch', async () => {
    const { context, give, clients } = setUp()
    give('a', from('one'))
    await context.clock.tick(200)
    expect(clients).toEqual([undefined])
  })
})
