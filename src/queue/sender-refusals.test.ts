/** What becomes of data that its destination refuses for good, with a queue on disk. */
import { describe, expect, test } from 'vitest'
import { Permanent, Retryable } from '#sdk'
import { diskFailure, fakeContext, letterBatch, lettersOf } from '#support'
import type { PartialSuccess } from '#wire'
import { openDiskQueue } from './open-queue.js'
import type { QueueLimits } from './queue.js'
import { type RetryPolicy, Sender } from './sender.js'

const RETRY: RetryPolicy = {
  enabled: true,
  initialMs: 1000,
  maxMs: 4000,
  multiplier: 2,
  randomization: 0,
  maxElapsedMs: 0,
  maxAgeMs: 0,
}
const LIMITS: QueueLimits = {
  size: Number.POSITIVE_INFINITY,
  sizer: 'requests',
  storedBytes: 1e8,
  whenFull: 'refuse',
  waitForResult: false,
}
const NEVER = new AbortController().signal
const INVALID = (text: string) => new Permanent(text, { code: 3 })
const TOO_LARGE = new Permanent('message too large', { code: 8 })

type Answer = (text: string) => PartialSuccess | undefined

async function setUp(
  answer: Answer,
  options: { retry?: Partial<RetryPolicy>; dead?: number } = {},
) {
  const context = fakeContext()
  const { clock, log, ledger } = context
  const place = { folder: '/s', bytesMax: 1e8, deadBytesMax: options.dead ?? 1e7 }
  const queue = await openDiskQueue(context, 'traces', place)
  queue.configure(LIMITS, { minSize: 0, maxSize: 0, flushTimeoutMs: 0, sizer: 'items' })
  const sent: string[] = []
  let delivered = ''
  const sender = new Sender({
    clock,
    random: () => 0.5,
    log,
    ledger,
    retry: { ...RETRY, ...options.retry },
    consumers: 1,
    send: async (batch) => {
      const text = lettersOf(batch)
      sent.push(text)
      const partial = answer(text)
      if (!partial) delivered += text
      return partial
    },
    fail: context.fail,
  })
  const put = async (text: string) => {
    ledger.enter('traces', text.length)
    await queue.put(letterBatch(text))
  }
  const end = async () => {
    await sender.stop(NEVER)
    await queue.close()
    expect([context.disk.openCount, clock.pending, context.failures]).toEqual([0, 0, []])
  }
  sender.run([queue])
  return { ...context, queue, sender, sent, put, end, delivered: () => delivered }
}

/** Refuses what has a B in it. */
const refuseB: Answer = (text) => {
  if (text.includes('B')) throw INVALID('B is not allowed')
  return undefined
}

describe('a bad item', () => {
  test('of 1000 is found and set aside, and the others are delivered once', async () => {
    const { put, clock, sent, delivered, queue, ledger, logged, end } = await setUp(refuseB)
    await put(`${'x'.repeat(700)}B${'x'.repeat(299)}`)
    await clock.tick(0)
    expect(delivered()).toBe('x'.repeat(999))
    expect(sent.length).toBeLessThan(25)
    expect(queue.deadLetters?.totals).toMatchObject({ requests: 1, items: 1 })
    expect(queue.held.requests).toBe(0)
    expect(ledger.counts('traces')).toMatchObject({
      left: 999,
      dropped: new Map([['set aside', 1]]),
    })
    const line = logged.find(({ message }) => message.startsWith('set aside'))
    expect(line?.fields).toMatchObject({ items: 1, reason: 'B is not allowed' })
    await end()
  })

  test('that is named in a partial success is set aside with the rest, which is not sent again', async () => {
    const { put, clock, sent, queue, ledger, end } = await setUp(() => ({
      rejected: 1,
      message: 'too long',
    }))
    await put('abc')
    await clock.tick(10_000)
    expect(sent).toEqual(['abc'])
    expect(queue.deadLetters?.totals).toMatchObject({ requests: 1, items: 3 })
    expect(ledger.counts('traces')).toMatchObject({
      left: 2,
      dropped: new Map([['rejected by the destination', 1]]),
    })
    await end()
  })

  test('of a partial success that took nothing is found by halves', async () => {
    const { put, clock, delivered, queue, end } = await setUp((text) =>
      text.includes('B') ? { rejected: text.length, message: 'no' } : undefined,
    )
    await put('xxxBxxxx')
    await clock.tick(0)
    expect(delivered()).toBe('xxxxxxx')
    expect(queue.deadLetters?.totals).toMatchObject({ items: 1 })
    await end()
  })
})

describe('a destination that refuses everything', () => {
  const rows: readonly (readonly [string, Answer])[] = [
    [
      'with an error',
      () => {
        throw INVALID('no')
      },
    ],
    ['with a partial success', (text) => ({ rejected: text.length, message: 'no' })],
  ]
  for (const [name, answer] of rows) {
    test(`${name}, is not asked about each item`, async () => {
      const { put, clock, sent, queue, end } = await setUp(answer)
      await put('x'.repeat(1000))
      await put('y'.repeat(1000))
      await clock.tick(0)
      expect(queue.held.requests).toBe(0)
      expect(queue.deadLetters?.totals).toMatchObject({ items: 2000 })
      expect(sent.length).toBeLessThan(200)
      await end()
    })
  }

  test('for what has nothing to do with the data: all is set aside at once', async () => {
    const { put, clock, sent, queue, end } = await setUp(() => {
      throw new Permanent('who are you', { code: 16 })
    })
    await put('abcd')
    await clock.tick(0)
    expect(sent).toEqual(['abcd'])
    expect(queue.deadLetters?.totals).toMatchObject({ requests: 1, items: 4 })
    await end()
  })
})

test('what is too large is divided until it is not, and nothing is set aside', async () => {
  const { put, clock, delivered, queue, end } = await setUp((text) => {
    if (text.length > 3) throw TOO_LARGE
    return undefined
  })
  await put('abcdefghijkl')
  await clock.tick(0)
  expect([...delivered()].sort().join('')).toBe('abcdefghijkl')
  expect(queue.deadLetters?.totals).toMatchObject({ requests: 0 })
  await end()
})

describe('trying again is off or over', () => {
  const away: Answer = () => {
    throw new Retryable('away')
  }
  const rows = [
    ['off: set aside', { enabled: false }, 1e7, { requests: 1 }, 'set aside'],
    ['off, without dead letters: dropped', { enabled: false }, 0, undefined, 'retries exhausted'],
    ['too old: dropped', { maxAgeMs: 2500 }, 1e7, { requests: 0 }, 'retries exhausted'],
  ] as const
  for (const [name, retry, dead, deadLetters, reason] of rows) {
    test(name, async () => {
      const { put, clock, queue, ledger, end } = await setUp(away, { retry, dead })
      await put('ab')
      await clock.tick(20_000)
      if (deadLetters) expect(queue.deadLetters?.totals).toMatchObject(deadLetters)
      else expect(queue.deadLetters?.totals).toBeUndefined()
      expect(ledger.counts('traces').dropped).toEqual(new Map([[reason, 2]]))
      expect(queue.held.requests).toBe(0)
      await end()
    })
  }

  test('data on disk has no other age: it is tried for days', async () => {
    const { put, clock, queue, sent, end } = await setUp(away, { retry: { maxElapsedMs: 1000 } })
    await put('ab')
    await clock.tick(3_600_000)
    expect(queue.held.items).toBe(2)
    expect(sent.length).toBeGreaterThan(500)
    await end()
  })
})

describe('dead letters that cannot be written', () => {
  test('keep the data queued, without haste, and count nothing twice', async () => {
    const { put, clock, queue, ledger, sent, disk, end } = await setUp(refuseB)
    disk.before = (call, path) => {
      if (call === 'write' && path.includes('/dead/')) throw diskFailure('write', path, 'ENOSPC')
    }
    await put('B')
    await clock.tick(9000)
    expect(queue.held.items).toBe(1)
    expect(sent.length).toBeLessThan(6)
    expect(ledger.counts('traces').dropped.size).toBe(0)
    disk.before = () => {}
    await clock.tick(10_000)
    expect(queue.deadLetters?.totals).toMatchObject({ items: 1 })
    expect(ledger.held('traces')).toBe(0)
    await end()
  })

  test('do not make a partial success go out again', async () => {
    const { put, clock, sent, disk, ledger, end } = await setUp(() => ({
      rejected: 1,
      message: '',
    }))
    disk.before = (call, path) => {
      if (call === 'write' && path.includes('/dead/')) throw diskFailure('write', path, 'ENOSPC')
    }
    await put('ab')
    await clock.tick(20_000)
    expect(sent).toEqual(['ab'])
    expect(ledger.held('traces')).toBe(0)
    await end()
  })
})

describe('the end', () => {
  test('while waiting for a turn leaves the data', async () => {
    const context = fakeContext()
    const { clock, log, ledger } = context
    const place = { folder: '/s', bytesMax: 1e8, deadBytesMax: 0 }
    const queue = await openDiskQueue(context, 'traces', place)
    queue.configure(LIMITS, { minSize: 0, maxSize: 0, flushTimeoutMs: 0, sizer: 'items' })
    let cut = 0
    const sender = new Sender({
      ...{ clock, random: () => 0.5, log, ledger, retry: RETRY, consumers: 10 },
      send: (_, stop) =>
        new Promise((_done, fail) => {
          stop.addEventListener('abort', () => {
            cut++
            fail(new Retryable('cut short'))
          })
        }),
      fail: context.fail,
    })
    sender.run([queue])
    for (const letter of 'abcdefgh') await queue.put(letterBatch(letter))
    await clock.tick(0)
    const giveUp = new AbortController()
    const stopped = sender.stop(giveUp.signal)
    await clock.tick(0)
    giveUp.abort()
    await stopped
    expect(cut).toBe(4)
    expect(queue.held.requests).toBe(8)
    await queue.close()
    const again = await openDiskQueue(context, 'traces', place)
    expect(again.held.requests).toBe(8)
    await again.close()
    expect([context.disk.openCount, clock.pending]).toEqual([0, 0])
  })
})

describe('a drain of what is on disk', () => {
  test('does not wait for a destination that is away', async () => {
    const { sender, put, clock, queue } = await setUp(() => {
      throw new Retryable('away')
    })
    await put('a')
    await clock.tick(20_000)
    await sender.drain(NEVER)
    expect(queue.held.items).toBe(1)
  })

  test('waits while there is hope, and ends when it is gone', async () => {
    const { sender, put, clock, queue } = await setUp(() => {
      throw new Retryable('away')
    })
    await put('a')
    let drained = false
    const draining = sender.drain(NEVER).then(() => (drained = true))
    await clock.tick(2000)
    expect(drained).toBe(false)
    await clock.tick(20_000)
    await draining
    expect(queue.held.items).toBe(1)
  })

  test('waits for one that has failed and works again', async () => {
    let failures = 2
    const { sender, put, clock, queue } = await setUp(() => {
      if (failures-- > 0) throw new Retryable('away')
      return undefined
    })
    await put('a')
    const draining = sender.drain(NEVER)
    await clock.tick(20_000)
    await draining
    expect(queue.held.items).toBe(0)
  })
})
