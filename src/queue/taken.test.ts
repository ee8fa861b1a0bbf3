import { expect, test } from 'vitest'
import { FakeClock, letterBatch } from '#support'
import { MemoryStore } from './memory-store.js'
import { SendingQueue } from './sending-queue.js'

const NEVER = new AbortController().signal
const SINGLE = { minSize: 0, maxSize: 0, flushTimeoutMs: 0, sizer: 'items' } as const

test('the oldest ages on while it is sent, waits to be tried again, is divided', async () => {
  const clock = new FakeClock()
  const none = () => {}
  const events = { lost: none, repeated: none, crowdedOut: none, putAway: none, troubled: none }
  const queue = new SendingQueue(clock, 'traces', new MemoryStore(clock), events)
  const storedBytes = Number.POSITIVE_INFINITY
  const ends = { whenFull: 'refuse', waitForResult: false } as const
  queue.configure({ size: 3, sizer: 'requests', storedBytes, ...ends }, SINGLE)
  const take = async () => (await queue.take(NEVER))!
  await queue.put(letterBatch('ab'))
  await clock.tick(100)
  await queue.put(letterBatch('c'))
  expect(queue.oldestMs).toBe(100)
  const first = await take()
  const second = await take()
  expect(queue.oldestMs).toBe(100)
  first.retry(1000)
  expect(queue.oldestMs).toBe(100)
  await clock.tick(1000)
  const again = await take()
  expect(queue.oldestMs).toBe(1100)
  await again.divide()
  expect(queue.oldestMs).toBe(1100)
  for (let piece = 0; piece < 2; piece++) (await take()).done()
  expect(queue.oldestMs).toBe(1000)
  second.done()
  expect(queue.oldestMs).toBe(0)
})
