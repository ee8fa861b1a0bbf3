import { describe, expect, test } from 'vitest'
import { type Caller, MemoryBudget, Retryable } from '#sdk'
import { FakeClock, FakeDisk, letterBatch, lettersOf, settle } from '#support'
import { DiskStore } from './disk-store.js'
import { MemoryStore } from './memory-store.js'
import type { QueueLimits } from './queue.js'
import { SendingQueue } from './sending-queue.js'

const LIMITS: QueueLimits = {
  size: 3,
  sizer: 'items',
  storedBytes: Number.POSITIVE_INFINITY,
  whenFull: 'wait',
  waitForResult: false,
}
const NEVER = new AbortController().signal
const EVENTS = { lost() {}, repeated() {}, crowdedOut() {}, troubled() {}, putAway() {} }

function setUp(limits: Partial<QueueLimits> = {}, budgetBytes = Number.POSITIVE_INFINITY) {
  const clock = new FakeClock()
  const budget = new MemoryBudget(clock, budgetBytes)
  const open = () => {
    const store = new MemoryStore(clock, budget.share())
    const queue = new SendingQueue(clock, 'traces', store, EVENTS)
    queue.configure({ ...LIMITS, ...limits }, undefined)
    return queue
  }
  const queue = open()
  const came: string[] = []
  /** As a receiver does, and notes what got in. */
  const send = async (text: string, caller?: Caller) => {
    const reservation = await queue.reserve(letterBatch(text), caller)
    came.push(text)
    await queue.put(letterBatch(text))
    reservation.release()
  }
  const deliver = async () => {
    const delivery = (await queue.take(NEVER))!
    delivery.done()
    await settle()
    return lettersOf(delivery.batch)
  }
  return { clock, budget, queue, open, came, send, deliver }
}

describe('senders that wait', () => {
  test('get in as they came: a large one is not overtaken by small ones', async () => {
    const { came, send, deliver } = setUp()
    const all = [send('ab'), send('c'), send('def'), send('g'), send('h')]
    await settle()
    expect(came).toEqual(['ab', 'c'])
    await deliver()
    expect(came).toEqual(['ab', 'c'])
    await deliver()
    expect(came).toEqual(['ab', 'c', 'def'])
    await deliver()
    expect(came).toEqual(['ab', 'c', 'def', 'g', 'h'])
    await Promise.all(all)
  })

  test('nobody who comes later gets in between', async () => {
    const { came, send, deliver, queue } = setUp()
    await send('abc')
    const waiting = send('d')
    await settle()
    const delivery = (await queue.take(NEVER))!
    delivery.done()
    const late = send('e')
    await Promise.all([waiting, late])
    expect(came).toEqual(['abc', 'd', 'e'])
    await deliver()
  })

  test('leave when they hang up, and make way for those behind them', async () => {
    const { came, send, deliver, queue } = setUp()
    await send('abc')
    const [first, second] = [new AbortController(), new AbortController()]
    const gone = [
      send('def', { hangUp: first.signal }),
      send('ghi', { hangUp: second.signal }),
      send('never', { hangUp: AbortSignal.abort() }),
    ].map((one) => one.catch((error: unknown) => error))
    const waiting = send('j')
    await settle()
    second.abort()
    first.abort()
    for (const one of gone) expect(await one).toBeInstanceOf(Retryable)
    expect(queue.waitedFor).toBe('3 items')
    await deliver()
    await waiting
    expect([came, queue.waitedFor]).toEqual([['abc', 'j'], undefined])
  })

  test('that leave leave no listener behind', async () => {
    const { send, deliver } = setUp()
    await send('abc')
    const listeners = { count: 0 }
    const signal = {
      aborted: false,
      addEventListener: () => void listeners.count++,
      removeEventListener: () => void listeners.count--,
    } as unknown as AbortSignal
    const waiting = [send('d', { hangUp: signal }), send('e', { hangUp: signal })]
    await settle()
    expect(listeners.count).toBe(2)
    await deliver()
    await Promise.all(waiting)
    expect(listeners.count).toBe(0)
  })

  test('are all refused when the queue is closed', async () => {
    const { send, queue } = setUp()
    await send('abc')
    const waiting = ['d', 'e', 'f'].map((text) => send(text).catch((error: Error) => error))
    await settle()
    await queue.close()
    for (const one of waiting) {
      expect(await one).toMatchObject({ message: 'the agent is shutting down' })
    }
  })
})

describe('a full queue', () => {
  test('says so to the next before it is read, until something has left', async () => {
    const { send, queue, deliver } = setUp({ whenFull: 'refuse' })
    await send('abc')
    expect(queue.refusal(0)).toBeUndefined()
    await expect(send('d')).rejects.toBeInstanceOf(Retryable)
    expect(queue.refusal(0)).toMatchObject({
      message: 'the sending queue is full (3 items)',
      retryAfterMs: 1000,
    })
    await deliver()
    expect(queue.refusal(0)).toBeUndefined()
    await send('d')
  })

  test('does not refuse what is smaller than what found no room', async () => {
    const { send, queue } = setUp({ whenFull: 'refuse', sizer: 'bytes', size: 30 })
    await send('a')
    await expect(send('bcd')).rejects.toBeInstanceOf(Retryable)
    expect([queue.refusal(27), queue.refusal(10)]).toEqual([expect.any(Retryable), undefined])
    await send('e')
  })

  test.each(['wait', 'drop_oldest'] as const)('with %s refuses nobody unread', async (whenFull) => {
    const { send, queue, deliver } = setUp({ whenFull })
    await send('abc')
    const second = send('d')
    await settle()
    expect(queue.refusal(0)).toBeUndefined()
    await deliver()
    await second
  })
})

describe('in memory', () => {
  // A batch of one letter takes 9 bytes.
  const limits = { whenFull: 'refuse', size: 1000 } as const

  test('queues share the budget, and each may hold one batch whatever the others hold', async () => {
    const { send, open, queue, budget, deliver } = setUp(limits, 32)
    await send('a')
    await send('b')
    await expect(send('c')).rejects.toThrow(
      'the sending queue is full (the memory budget is used up)',
    )
    expect(queue.refusal(9)).toBeInstanceOf(Retryable)
    const other = open()
    const reservation = await other.reserve(letterBatch('c'))
    await other.put(letterBatch('c'))
    reservation.release()
    await expect(other.reserve(letterBatch('d'))).rejects.toBeInstanceOf(Retryable)
    expect(budget.usedBytes).toBe(27)
    await deliver()
    await deliver()
    expect(queue.refusal(9)).toBeUndefined()
    await send('d')
    await queue.close()
    await other.close()
    expect(budget.usedBytes).toBe(0)
  })

  test('what is tried again or divided still counts, once', async () => {
    const { send, queue, budget, clock } = setUp(limits, 1000)
    await send('abcd')
    const first = (await queue.take(NEVER))!
    expect(await first.divide()).toBe(true)
    expect(budget.usedBytes).toBe(36)
    const half = (await queue.take(NEVER))!
    half.retry(100)
    ;(await queue.take(NEVER))!.done()
    expect(budget.usedBytes).toBe(18)
    await clock.tick(100)
    ;(await queue.take(NEVER))!.done()
    expect(budget.usedBytes).toBe(0)
  })
})

describe('on disk', () => {
  async function onDisk(budgetBytes: number) {
    const clock = new FakeClock()
    const budget = new MemoryBudget(clock, budgetBytes)
    const options = {
      disk: new FakeDisk(),
      clock,
      random: () => 0.5,
      folder: '/queue',
      segmentBytes: 1000,
      memoryBytes: 1000,
      events: { damaged() {}, freed() {} },
    }
    const store = await DiskStore.open({ ...options, memory: budget.share() })
    const queue = new SendingQueue(clock, 'traces', store, EVENTS)
    queue.configure({ ...LIMITS, size: 1000, whenFull: 'refuse' }, undefined)
    return { budget, queue, clock }
  }

  test('what is at hand counts, and no more is when memory is tight', async () => {
    const { budget, queue } = await onDisk(60)
    for (const letter of 'abcdefgh') await queue.put(letterBatch(letter))
    expect(budget.usedBytes).toBeLessThan(60)
    let letters = ''
    while (queue.held.requests > 0) {
      const delivery = (await queue.take(NEVER))!
      letters += lettersOf(delivery.batch)
      delivery.done()
    }
    expect([letters, budget.usedBytes]).toEqual(['abcdefgh', 0])
    await queue.close()
  })

  test('what is tried again keeps fresh data on disk when memory is tight', async () => {
    const { budget, queue, clock } = await onDisk(20)
    await queue.put(letterBatch('a'))
    ;(await queue.take(NEVER))!.retry(1000)
    await queue.put(letterBatch('b'))
    const next = queue.take(NEVER)
    await settle()
    expect(queue.held.requests).toBe(2)
    await clock.tick(1000)
    const again = (await next)!
    expect(lettersOf(again.batch)).toBe('a')
    again.done()
    const last = (await queue.take(NEVER))!
    expect(lettersOf(last.batch)).toBe('b')
    last.done()
    await queue.close()
    expect(budget.usedBytes).toBe(0)
  })
})
