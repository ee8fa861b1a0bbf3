import { describe, expect, test } from 'vitest'
import type { Batch } from '#pdata'
import { Permanent, Retryable } from '#sdk'
import { fakeContext, letterBatch, lettersOf, settle } from '#support'
import type { PartialSuccess } from '#wire'
import { MemoryStore } from './memory-store.js'
import { type RetryPolicy, Sender } from './sender.js'
import { SendingQueue } from './sending-queue.js'

const RETRY: RetryPolicy = {
  enabled: true,
  initialMs: 1000,
  maxMs: 4000,
  multiplier: 2,
  randomization: 0.5,
  maxElapsedMs: 0,
  maxAgeMs: 0,
}
const NEVER = new AbortController().signal

/** A sender whose destination answers as the test says, letter by letter. */
function setUp(
  options: { retry?: Partial<RetryPolicy>; consumers?: number; random?: number } = {},
) {
  const context = fakeContext()
  const { clock, log, ledger } = context
  const sent: string[] = []
  const answers = new Map<string, () => Promise<PartialSuccess | undefined>>()
  const limits = {
    size: 100,
    sizer: 'requests',
    storedBytes: Number.POSITIVE_INFINITY,
    whenFull: 'refuse',
    waitForResult: false,
  } as const
  const queue = new SendingQueue(clock, 'traces', new MemoryStore(clock), {
    lost: (items) => ledger.drop('traces', items, 'shutdown'),
    repeated: (items) => ledger.enter('traces', items),
    crowdedOut: (items) => ledger.drop('traces', items, 'queue full'),
    putAway() {},
    troubled: context.fail,
  })
  queue.configure(limits, undefined)
  const sender = new Sender({
    clock,
    random: () => options.random ?? 0.5,
    log,
    ledger,
    retry: { ...RETRY, ...options.retry },
    consumers: options.consumers ?? 2,
    send: (batch: Batch) => {
      const text = lettersOf(batch)
      sent.push(`${text}@${clock.monotonic()}`)
      return (answers.get(text) ?? (() => Promise.resolve(undefined)))()
    },
    fail: context.fail,
  })
  const put = (text: string) => {
    ledger.enter('traces', text.length)
    return queue.put(letterBatch(text))
  }
  const answer = (text: string, error: Error, times = Number.POSITIVE_INFINITY) => {
    let left = times
    answers.set(text, () => (left-- > 0 ? Promise.reject(error) : Promise.resolve(undefined)))
  }
  return { context, clock, queue, sender, sent, answers, answer, put, ledger }
}

test('sends what is in the queue', async () => {
  const { sender, queue, put, sent, clock, ledger } = setUp()
  sender.run([queue])
  await put('a')
  await put('bc')
  await clock.tick(0)
  expect(sent).toEqual(['a@0', 'bc@0'])
  expect(ledger.counts('traces')).toMatchObject({ entered: 3, left: 3 })
  expect(sender.sent.traces).toBe(3)
  await sender.stop(NEVER)
})

test('no more deliveries at once than consumers', async () => {
  const { sender, queue, put, sent, answers, clock } = setUp({ consumers: 2 })
  const open: (() => void)[] = []
  for (const text of ['a', 'b', 'c']) {
    answers.set(text, () => new Promise((resolve) => open.push(() => resolve(undefined))))
    await put(text)
  }
  sender.run([queue])
  await clock.tick(0)
  expect(sent).toEqual(['a@0', 'b@0'])
  open[0]?.()
  await clock.tick(0)
  expect(sent).toEqual(['a@0', 'b@0', 'c@0'])
  for (const finish of open) finish()
  await sender.stop(NEVER)
})

describe('trying again', () => {
  test('waits grow up to the longest, strayed by the random', async () => {
    for (const [random, times] of [
      [0.5, ['a@0', 'a@1000', 'a@3000', 'a@7000', 'a@11000']],
      [0, ['a@0', 'a@500', 'a@1500', 'a@3500', 'a@5500']],
    ] as const) {
      const { sender, queue, put, sent, answer, clock } = setUp({ random })
      answer('a', new Retryable('away'), 4)
      sender.run([queue])
      await put('a')
      await clock.tick(60_000)
      expect(sent).toEqual(times)
      await sender.stop(NEVER)
    }
  })

  test('does not hold up fresh data', async () => {
    const { sender, queue, put, sent, answer, clock } = setUp({ consumers: 1 })
    answer('a', new Retryable('away'), 1)
    sender.run([queue])
    await put('a')
    await put('b')
    await clock.tick(1000)
    expect(sent).toEqual(['a@0', 'b@0', 'a@1000'])
    await sender.stop(NEVER)
  })

  test('a destination that asks for patience is left alone as a whole', async () => {
    const { sender, queue, put, sent, answer, clock } = setUp({ consumers: 1 })
    answer('a', new Retryable('slow down', { retryAfterMs: 5000 }), 1)
    sender.run([queue])
    await put('a')
    await put('b')
    await clock.tick(4999)
    expect(sent).toEqual(['a@0'])
    await clock.tick(1)
    expect(sent.sort()).toEqual(['a@0', 'a@5000', 'b@5000'])
    await sender.stop(NEVER)
  })

  describe('a destination that comes back', () => {
    const retry = { initialMs: 60_000, maxMs: 60_000, randomization: 0 }

    /** Three deliveries have failed, a tenth of a second apart. */
    async function setUpAway(consumers: number) {
      const all = setUp({ consumers, retry, random: 0 })
      for (const text of ['b', 'a', 'c']) {
        all.answer(text, new Retryable('away'), 1)
        await all.put(text)
        await all.clock.tick(100)
        if (text === 'b') all.sender.run([all.queue])
      }
      all.sent.length = 0
      return all
    }

    test('gets at once all that waited for it, oldest first', async () => {
      const { sender, put, sent, clock } = await setUpAway(1)
      await put('d')
      await clock.tick(0)
      expect(sent).toEqual(['d@300', 'b@300', 'a@300', 'c@300'])
      await sender.stop(NEVER)
    })

    test('gets nothing before the time it asked for', async () => {
      const { sender, put, sent, answer, answers, clock } = await setUpAway(4)
      let arrive = () => {}
      answers.set('d', () => new Promise((resolve) => (arrive = () => resolve(undefined))))
      answer('e', new Retryable('slow down', { retryAfterMs: 5000 }), 1)
      await put('d')
      await clock.tick(0)
      await put('e')
      await clock.tick(0)
      arrive()
      await clock.tick(4999)
      expect(sent).toEqual(['d@300', 'e@300'])
      await put('f')
      await clock.tick(1)
      expect(sent.slice(2)).toEqual(['f@5300', 'b@5300', 'a@5300', 'c@5300', 'e@5300'])
      await sender.stop(NEVER)
    })
  })

  test('a single failure tells nothing of the destination: its wait stays', async () => {
    const { sender, queue, put, sent, answer, clock } = setUp({ consumers: 1 })
    answer('a', new Retryable('away'), 1)
    sender.run([queue])
    await put('a')
    await put('b')
    await clock.tick(999)
    expect(sent).toEqual(['a@0', 'b@0'])
    await clock.tick(1)
    expect(sent).toEqual(['a@0', 'b@0', 'a@1000'])
    await sender.stop(NEVER)
  })

  const rows: readonly (readonly [string, Error, Partial<RetryPolicy>, string])[] = [
    ['what is refused for good', new Permanent('bad data'), {}, 'refused'],
    ['when trying again is off', new Retryable('away'), { enabled: false }, 'retries exhausted'],
    ['what is too old', new Retryable('away'), { maxElapsedMs: 2500 }, 'retries exhausted'],
  ]
  for (const [name, error, retry, reason] of rows) {
    test(`drops, counts and logs ${name}`, async () => {
      const { sender, queue, put, answer, clock, ledger, context } = setUp({ retry })
      answer('ab', error)
      sender.run([queue])
      await put('ab')
      await clock.tick(60_000)
      expect(ledger.counts('traces').dropped).toEqual(new Map([[reason, 2]]))
      expect(ledger.held('traces')).toBe(0)
      expect(queue.held.requests).toBe(0)
      expect(context.logged.at(-1)).toMatchObject({ level: 'error', fields: { items: 2, reason } })
      await sender.stop(NEVER)
    })
  }
})

test('items that the destination rejected are dropped, the rest has left', async () => {
  const { sender, queue, put, answers, clock, ledger } = setUp()
  answers.set('abc', () => Promise.resolve({ rejected: 2, message: 'too long' }))
  sender.run([queue])
  await put('abc')
  await clock.tick(0)
  expect(ledger.counts('traces')).toMatchObject({
    left: 1,
    dropped: new Map([['rejected by the destination', 2]]),
  })
  await sender.stop(NEVER)
})

test('is degraded while it fails, and healthy after a delivery', async () => {
  const { sender, queue, put, answer, clock } = setUp()
  const startedAt = clock.now()
  answer('a', new Retryable('cannot connect to tempo:4317'), 2)
  sender.run([queue])
  await clock.tick(500)
  expect(sender.health()).toMatchObject({ state: 'healthy', since: startedAt })
  await put('a')
  await clock.tick(1000)
  expect(sender.health()).toMatchObject({
    state: 'degraded',
    message: 'cannot connect to tempo:4317',
    since: startedAt + 500,
  })
  await clock.tick(2000)
  expect(sender.health()).toMatchObject({ state: 'healthy', since: startedAt + 3500 })
  await sender.stop(NEVER)
})

test('failures are logged at most every ten seconds', async () => {
  const { sender, queue, put, answer, clock, context } = setUp()
  answer('a', new Retryable('away'))
  sender.run([queue])
  await put('a')
  await clock.tick(25_000)
  expect(context.logged.filter(({ level }) => level === 'warn')).toHaveLength(3)
  await sender.stop(NEVER)
})

describe('a bug in a delivery', () => {
  const bug = new TypeError('undefined is not a function')

  test('leaves the data in the queue, and the others deliver on', async () => {
    const { sender, queue, put, answer, clock, context, sent } = setUp({ consumers: 2 })
    answer('a', bug, 1)
    sender.run([queue])
    await put('a')
    await clock.tick(0)
    expect(context.failures).toEqual([bug])
    await put('b')
    await clock.tick(0)
    expect(sent).toEqual(['a@0', 'a@0', 'b@0'])
    expect(queue.held.requests).toBe(0)
    await sender.stop(NEVER)
  })

  test('that kills all of them does not keep it from stopping', async () => {
    const { sender, queue, put, answer, clock } = setUp()
    answer('a', bug)
    sender.run([queue])
    await put('a')
    await clock.tick(0)
    await sender.stop(NEVER)
    expect(queue.held.requests).toBe(1)
    expect(clock.pending).toBe(0)
  })

  test('that kills all of them ends a drain when it is given up, with the data kept', async () => {
    const { sender, queue, put, answer, clock } = setUp()
    answer('a', bug)
    sender.run([queue])
    await put('a')
    await clock.tick(0)
    const giveUp = new AbortController()
    const draining = sender.drain(giveUp.signal)
    giveUp.abort()
    await draining
    expect(queue.held.requests).toBe(1)
  })

  test('ends a drain as soon as a successor has the queue', async () => {
    const { sender, queue, put, answer, clock } = setUp()
    answer('a', bug)
    queue.owner = sender
    sender.run([queue])
    await put('a')
    await clock.tick(0)
    const draining = sender.drain(NEVER)
    const successor = setUp()
    queue.owner = successor.sender
    successor.sender.run([queue])
    await draining
    await clock.tick(0)
    expect(successor.sent).toEqual(['a@0'])
    await successor.sender.stop(NEVER)
  })
})

test('a bug is reported and the data stays in the queue', async () => {
  const { sender, queue, put, answer, clock, context } = setUp()
  const bug = new TypeError('undefined is not a function')
  answer('a', bug)
  sender.run([queue])
  await put('a')
  await clock.tick(0)
  expect(context.failures).toContain(bug)
  expect(queue.held.requests).toBe(1)
  await sender.stop(NEVER)
})

describe('the end', () => {
  test('drain sends all that is left', async () => {
    const { sender, queue, put, answer, clock, sent } = setUp()
    answer('a', new Retryable('away'), 1)
    sender.run([queue])
    await put('a')
    await put('b')
    let drained = false
    const draining = sender.drain(NEVER).then(() => (drained = true))
    await settle()
    expect(drained).toBe(false)
    await clock.tick(1000)
    await draining
    expect(sent).toEqual(['a@0', 'b@0', 'a@1000'])
    expect(clock.pending).toBe(0)
  })

  test('giving up leaves the rest, which is counted when the queue is closed', async () => {
    const { sender, queue, put, answer, clock, ledger } = setUp()
    answer('ab', new Retryable('away'))
    sender.run([queue])
    await put('ab')
    await clock.tick(0)
    const giveUp = new AbortController()
    const draining = sender.drain(giveUp.signal)
    giveUp.abort()
    await draining
    expect(queue.held.items).toBe(2)
    await queue.close()
    expect(ledger.counts('traces').dropped).toEqual(new Map([['shutdown', 2]]))
    expect(clock.pending).toBe(0)
  })

  test('a stopped sender leaves the queue to its successor', async () => {
    const { sender, queue, put, answer, clock } = setUp()
    answer('a', new Retryable('away'))
    sender.run([queue])
    await put('a')
    await clock.tick(0)
    await sender.stop(NEVER)
    expect(queue.held.requests).toBe(1)
    const other = setUp()
    other.sender.run([queue])
    await clock.tick(1000)
    expect(other.sent).toEqual(['a@0'])
    await other.sender.stop(NEVER)
  })
})

describe('without a queue', () => {
  test('the sender of the data waits through all tries', async () => {
    const { sender, answer, clock, sent } = setUp()
    answer('a', new Retryable('away'), 2)
    const delivered = sender.deliver(letterBatch('a'))
    await clock.tick(3000)
    await delivered
    expect(sent).toEqual(['a@0', 'a@1000', 'a@3000'])
  })

  test('and hears the last answer', async () => {
    const { sender, answer } = setUp({ retry: { enabled: false } })
    const error = new Retryable('away', { code: 14 })
    answer('a', error)
    await expect(sender.deliver(letterBatch('a'))).rejects.toBe(error)
    const refused = new Permanent('bad', { code: 3 })
    answer('b', refused)
    await expect(sender.deliver(letterBatch('b'))).rejects.toBe(refused)
  })
})
