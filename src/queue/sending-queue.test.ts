import { describe, expect, test } from 'vitest'
import type { BatchLimits } from '#pdata'
import { Permanent, Retryable } from '#sdk'
import { FakeClock, FakeDisk, letterBatch, lettersOf, settle } from '#support'
import { DiskStore } from './disk-store.js'
import { MemoryStore } from './memory-store.js'
import type { Dispatch, QueueLimits } from './queue.js'
import { SendingQueue } from './sending-queue.js'
import type { Store } from './store.js'

const LIMITS: QueueLimits = {
  size: 3,
  sizer: 'requests',
  storedBytes: Number.POSITIVE_INFINITY,
  whenFull: 'refuse',
  waitForResult: false,
}
const BATCHING: BatchLimits = { minSize: 3, maxSize: 4, flushTimeoutMs: 200, sizer: 'items' }
/** A queue on disk joins what waits unless it is told otherwise. */
const SINGLE: BatchLimits = { minSize: 0, maxSize: 0, flushTimeoutMs: 0, sizer: 'items' }
const NEVER = new AbortController().signal

type Kind = 'memory' | 'disk'

function storeOf(kind: Kind, clock: FakeClock, disk: FakeDisk): Store | Promise<Store> {
  if (kind === 'memory') return new MemoryStore(clock)
  return DiskStore.open({
    disk,
    clock,
    random: () => 0.5,
    folder: '/q',
    segmentBytes: 1000,
    memoryBytes: 1500,
    events: { damaged: (damage) => expect.fail(damage.path), freed: () => {} },
  })
}

async function setUpWith(kind: Kind, limits: Partial<QueueLimits> = {}, batching = SINGLE) {
  const clock = new FakeClock()
  const disk = new FakeDisk()
  const lost: number[] = []
  const repeated: number[] = []
  const away: number[] = []
  const crowdedOut: number[] = []
  const store = await storeOf(kind, clock, disk)
  const queue = new SendingQueue(clock, 'traces', store, {
    lost: (items) => lost.push(items),
    repeated: (items) => repeated.push(items),
    crowdedOut: (items) => crowdedOut.push(items),
    putAway: (items) => away.push(items),
    troubled: (error) => {
      throw error
    },
  })
  queue.configure({ ...LIMITS, ...limits }, batching)
  const put = (text: string) => queue.put(letterBatch(text))
  const take = async () => (await queue.take(NEVER))!
  return { clock, disk, queue, put, take, lost, repeated, crowdedOut, away }
}

for (const kind of ['memory', 'disk'] as const)
  describe(kind, () => {
    const setUp = (limits: Partial<QueueLimits> = {}, batching?: BatchLimits) =>
      setUpWith(kind, limits, batching)

    describe('memory', () => {
      test('the bytes of a batch are on loan until put resolves', async () => {
        const { take, queue } = await setUp()
        const batch = letterBatch('abc')
        await queue.put(batch)
        for (const chunk of batch.chunks) chunk.fill(0xff)
        expect(lettersOf((await take()).batch)).toBe('abc')
      })

      test('what was delivered at once makes room for what comes next', async () => {
        const { put, take } = await setUp()
        await put('a')
        const first = await take()
        const { buffer } = first.batch.chunks[0]!
        first.done()
        await put('b')
        expect((await take()).batch.chunks[0]!.buffer).toBe(buffer)
      })

      const kept: [string, (delivery: Dispatch) => unknown][] = [
        ['failed', (delivery) => delivery.done(new Permanent('no'))],
        ['was tried before', (delivery) => delivery.retry(0)],
        ['was divided', (delivery) => delivery.divide()],
      ]
      test.each(kept)('what %s may still be looked at', async (_, happens) => {
        const { clock, put, take } = await setUp({}, { ...SINGLE, minSize: 2 })
        for (const letter of 'ab') await put(letter)
        const first = await take()
        await happens(first)
        await clock.tick(0)
        await put('de')
        for (let next = await take(); ; next = await take()) {
          next.done()
          if (lettersOf(next.batch) === 'de') break
        }
        for (const letter of 'gh') await put(letter)
        expect(lettersOf((await take()).batch)).toBe('gh')
        expect(lettersOf(first.batch)).toBe('ab')
      })
    })

    describe('order', () => {
      test('first in, first out', async () => {
        const { put, take } = await setUp()
        await put('a')
        await put('b')
        expect(lettersOf((await take()).batch)).toBe('a')
        expect(lettersOf((await take()).batch)).toBe('b')
      })

      test('a taker waits for data', async () => {
        const { put, take } = await setUp()
        const taken = take()
        await put('a')
        expect(lettersOf((await taken).batch)).toBe('a')
      })

      test('one entry wakes one taker, the next the next', async () => {
        const { put, take } = await setUp()
        const taken = Promise.all([take(), take()])
        await put('a')
        await put('b')
        expect((await taken).map(({ batch }) => lettersOf(batch)).sort()).toEqual(['a', 'b'])
      })

      test('what is tried again comes back first, after its wait, and others overtake it', async () => {
        const { clock, put, take } = await setUp()
        await put('a')
        const first = await take()
        first.retry(1000)
        await put('b')
        expect(lettersOf((await take()).batch)).toBe('b')
        await clock.tick(1000)
        const again = await take()
        expect([lettersOf(again.batch), again.attempts, again.ageMs]).toEqual(['a', 1, 1000])
      })

      test('a stopped taker leaves its data to another', async () => {
        const { queue, put, take } = await setUp()
        const stop = new AbortController()
        const stopped = queue.take(stop.signal)
        await settle()
        stop.abort()
        await put('a')
        expect(await stopped).toBeUndefined()
        expect(lettersOf((await take()).batch)).toBe('a')
      })
    })

    describe('limits', () => {
      const rows: readonly (readonly [
        string,
        Partial<QueueLimits>,
        readonly string[],
        string,
        boolean,
      ])[] = [
        ['room for one more', { size: 2 }, ['a'], 'b', true],
        ['full by requests', { size: 2 }, ['a', 'b'], 'c', false],
        ['full by items', { size: 3, sizer: 'items' }, ['aa'], 'bb', false],
        ['exactly full by items', { size: 4, sizer: 'items' }, ['aa'], 'bb', true],
        ['full by bytes', { size: 20, sizer: 'bytes' }, ['aa'], 'b', false],
        ['too large ever, but nothing else there', { size: 1, sizer: 'items' }, [], 'aa', true],
        ['too large ever', { size: 2, sizer: 'items' }, ['a'], 'aaa', false],
      ]
      for (const [name, limits, before, next, fits] of rows) {
        test(name, async () => {
          const { queue, put } = await setUp(limits)
          for (const text of before) await put(text)
          const reserved = queue.reserve(letterBatch(next))
          if (fits) (await reserved).release()
          else await expect(reserved).rejects.toBeInstanceOf(Retryable)
        })
      }

      test('room that is reserved is not given twice, and comes back when released', async () => {
        const { queue } = await setUp({ size: 1 })
        const reservation = await queue.reserve(letterBatch('a'))
        await expect(queue.reserve(letterBatch('b'))).rejects.toMatchObject({ retryAfterMs: 1000 })
        reservation.release()
        reservation.release()
        await queue.reserve(letterBatch('c'))
        await expect(queue.reserve(letterBatch('d'))).rejects.toBeInstanceOf(Retryable)
      })

      test('what is under way counts until it is done', async () => {
        const { queue, put, take } = await setUp({ size: 1 })
        await put('a')
        const delivery = await take()
        await expect(queue.reserve(letterBatch('b'))).rejects.toBeInstanceOf(Retryable)
        delivery.done()
        await queue.reserve(letterBatch('b'))
        expect(queue.held).toEqual({ requests: 0, items: 0, bytes: 0 })
      })

      test('block_on_overflow waits for room', async () => {
        const { queue, put, take } = await setUp({ size: 1, whenFull: 'wait' })
        await put('a')
        let reserved = false
        const waiting = queue.reserve(letterBatch('b')).then(() => (reserved = true))
        await settle()
        expect(reserved).toBe(false)
        ;(await take()).done()
        await waiting
        expect(reserved).toBe(true)
      })

      test('larger limits let in who waits', async () => {
        const { queue, put } = await setUp({ size: 1, whenFull: 'wait' })
        await put('a')
        const waiting = queue.reserve(letterBatch('b'))
        queue.configure({ ...LIMITS, size: 2 }, undefined)
        await waiting
      })
    })

    describe('batching', () => {
      test('joins up to the smallest size worth sending', async () => {
        const { put, take } = await setUp({}, BATCHING)
        for (const text of ['a', 'b', 'c', 'd']) await put(text)
        expect(lettersOf((await take()).batch)).toBe('abc')
      })

      test('leaves at the flush timeout of its oldest part', async () => {
        const { clock, put, take } = await setUp({}, BATCHING)
        await put('a')
        const taken = take()
        await clock.tick(150)
        await put('b')
        await clock.tick(50)
        expect(lettersOf((await taken).batch)).toBe('ab')
      })

      test('never grows above the largest size, and splits what is', async () => {
        const { clock, put, take } = await setUp({ size: 100 }, BATCHING)
        await put('aa')
        await put('bbbbbb')
        const taken = Promise.all([take(), take(), take()])
        await clock.tick(200)
        expect((await taken).map(({ batch }) => lettersOf(batch))).toEqual(['aa', 'bbbb', 'bb'])
      })

      test('a joined delivery is tried again as it is', async () => {
        const { clock, queue, put, take } = await setUp({ size: 10 }, BATCHING)
        for (const text of ['a', 'b', 'c']) await put(text)
        ;(await take()).retry(100)
        await put('d')
        expect(queue.held.items).toBe(4)
        await clock.tick(100)
        expect(lettersOf((await take()).batch)).toBe('abc')
      })
    })

    describe('senders that wait for the result', () => {
      test('hear of the delivery, and of its failure', async () => {
        const { put, take } = await setUp({ waitForResult: true })
        const delivered = put('a')
        const failed = put('b')
        const first = await take()
        expect(first.awaited).toBe(true)
        first.done()
        await delivered
        ;(await take()).done(new Retryable('no'))
        await expect(failed).rejects.toThrow('no')
      })

      test('hear of a split batch when all its parts are delivered', async () => {
        const { put, take } = await setUp(
          { waitForResult: true },
          { ...BATCHING, minSize: 0, maxSize: 1 },
        )
        let heard = false
        const delivered = put('ab').then(() => (heard = true))
        ;(await take()).done()
        await settle()
        expect(heard).toBe(false)
        ;(await take()).done()
        await delivered
      })
    })

    describe('a split batch of which only a part is delivered', () => {
      const split = { ...BATCHING, minSize: 0, maxSize: 2 }
      const rows: readonly (readonly [string, readonly (Error | undefined)[], string, number[]])[] =
        [
          ['the first part', [undefined, new Retryable('away')], 'away', [2]],
          ['the second part', [new Permanent('bad'), undefined], 'bad', [2]],
          [
            'neither: what may be tried again wins',
            [new Permanent('bad'), new Retryable('away')],
            'away',
            [],
          ],
        ]
      for (const [name, answers, message, repeatedItems] of rows) {
        test(`${name}, is refused as a whole once all is settled`, async () => {
          const { put, take, repeated } = await setUp({ waitForResult: true }, split)
          let heard = ''
          const outcome = put('abcd').catch((error: Error) => {
            heard = error.message
          })
          const deliveries = [await take(), await take()]
          deliveries[0]!.done(answers[0])
          await settle()
          expect(heard).toBe('')
          deliveries[1]!.done(answers[1])
          await outcome
          expect(heard).toBe(message)
          expect(repeated).toEqual(repeatedItems)
        })
      }
    })

    describe('the end', () => {
      test('a closed queue takes nothing more, not even from who waited for room', async () => {
        const { queue, put } = await setUp({ size: 1, whenFull: 'wait' })
        await put('a')
        const waiting = queue.reserve(letterBatch('b'))
        const closed = queue.close()
        await expect(waiting).rejects.toThrow('the agent is shutting down')
        await closed
        await expect(queue.reserve(letterBatch('b'))).rejects.toBeInstanceOf(Retryable)
        await expect(put('b')).rejects.toBeInstanceOf(Retryable)
        expect(queue.held.requests).toBe(0)
      })

      test('a drain is over for a sender when another has claimed the queue', async () => {
        const { queue, put } = await setUp()
        queue.owner = {}
        await put('a')
        const draining = queue.drained(NEVER)
        queue.owner = {}
        await draining
        expect(queue.held.requests).toBe(1)
      })

      test('drained when all is done', async () => {
        const { queue, put, take } = await setUp()
        await put('a')
        let drained = false
        const draining = queue.drained(NEVER).then(() => (drained = true))
        const delivery = await take()
        await settle()
        expect(drained).toBe(false)
        delivery.done()
        await draining
      })

      test('giving up ends the wait and says what is left, deliveries under way aside', async () => {
        const { clock, queue, put, take, lost, away } = await setUp({ size: 10 })
        await put('aa')
        await put('bbb')
        await put('c')
        const underWay = await take()
        ;(await take()).retry(60_000)
        await queue.drained(AbortSignal.abort())
        await queue.close()
        expect([lost, away]).toEqual(kind === 'disk' ? [[], [6]] : [[4], []])
        underWay.done()
        expect(queue.held.items).toBe(0)
        expect(clock.pending).toBe(0)
      })
    })

    describe('dropping the oldest', () => {
      test('makes room, and says how many items went', async () => {
        const { queue, put, take, crowdedOut } = await setUp({ size: 2, whenFull: 'drop_oldest' })
        await put('aa')
        await put('b')
        await queue.reserve(letterBatch('c'))
        expect(crowdedOut).toEqual([2])
        expect(lettersOf((await take()).batch)).toBe('b')
      })

      test('tells a sender that waits for the result, and drops nothing then', async () => {
        const { queue, put, crowdedOut } = await setUp({
          size: 1,
          whenFull: 'drop_oldest',
          waitForResult: true,
        })
        const waiting = put('a').catch((error: Error) => error)
        await settle()
        await queue.reserve(letterBatch('b'))
        expect(await waiting).toBeInstanceOf(Retryable)
        expect(crowdedOut).toEqual([])
      })

      test('refuses when all is under way', async () => {
        const { queue, put, take } = await setUp({ size: 1, whenFull: 'drop_oldest' })
        await put('a')
        await take()
        await expect(queue.reserve(letterBatch('b'))).rejects.toBeInstanceOf(Retryable)
      })
    })

    describe('waking', () => {
      test('a batch that is split wakes as many takers', async () => {
        const { put, take } = await setUp({}, { ...BATCHING, minSize: 0, maxSize: 1 })
        const taken = Promise.all([take(), take(), take()])
        await put('abc')
        expect((await taken).map(({ batch }) => lettersOf(batch)).sort()).toEqual(['a', 'b', 'c'])
      })

      test('what was held back by many delayed batches leaves when one of them comes back', async () => {
        const { clock, put, take } = await setUp({ size: 1000 })
        for (let n = 0; n < 64; n++) {
          await put('a')
          ;(await take()).retry(1000 + n)
        }
        await put('b')
        let letters = ''
        const taken = Promise.all([take(), take()]).then((both) => {
          letters = both.map(({ batch }) => lettersOf(batch)).join('')
        })
        await clock.tick(999)
        expect(letters).toBe('')
        await clock.tick(1)
        await taken
        expect(letters).toBe('ab')
      })

      test('limits that shrink below who waits refuse it', async () => {
        const { queue, put } = await setUp({ size: 1, whenFull: 'wait' })
        await put('a')
        const waiting = queue.reserve(letterBatch('bbb'))
        queue.configure({ ...LIMITS, storedBytes: 10 }, undefined)
        await expect(waiting).rejects.toBeInstanceOf(Permanent)
      })
    })

    describe('division', () => {
      const divide = async (limits: Partial<QueueLimits>) => {
        const world = await setUp({ size: 100, ...limits })
        await world.put('abcd')
        expect(await (await world.take()).divide()).toBe(true)
        const first = await world.take()
        expect(await first.divide()).toBe(true)
        const pieces = [await world.take(), await world.take(), await world.take()]
        return { ...world, pieces }
      }

      test('by halves, which count until each is done', async () => {
        const { queue, pieces } = await divide({})
        expect(pieces.map(({ batch }) => lettersOf(batch))).toEqual(['cd', 'a', 'b'])
        expect(queue.held).toMatchObject({ requests: 3, items: 4 })
        for (const piece of pieces) piece.done()
        await settle()
        expect(queue.held).toEqual({ requests: 0, items: 0, bytes: 0 })
      })

      test.runIf(kind === 'disk')(
        'without room the pieces are in memory, and the whole stays stored',
        async () => {
          const { queue, pieces } = await divide({ storedBytes: 250 })
          const stored = queue.storedBytes
          for (const piece of pieces.slice(1)) piece.done()
          await settle()
          expect(queue.storedBytes).toBe(stored)
          pieces[0]!.done()
          await settle()
          expect(queue.held).toEqual({ requests: 0, items: 0, bytes: 0 })
          expect(await queue.reserve(letterBatch('e'))).toBeDefined()
        },
      )

      test('of a joined delivery gives back what it was joined of; one item is not divided', async () => {
        const { put, take } = await setUp({ size: 10 }, BATCHING)
        for (const text of ['a', 'b', 'c']) await put(text)
        expect(await (await take()).divide()).toBe(true)
        const first = await take()
        expect(lettersOf(first.batch)).toBe('a')
        expect(await first.divide()).toBe(false)
      })
    })

    test('a delivery that comes back after the end is given up, or stays on disk', async () => {
      const { clock, queue, put, take, lost } = await setUp()
      await put('ab')
      const delivery = await take()
      await queue.close()
      delivery.retry(1000)
      expect(lost).toEqual(kind === 'disk' ? [] : [2])
      expect(clock.pending).toBe(0)
    })

    test('nothing stays open', async () => {
      const { clock, disk, queue, put, take } = await setUp({ size: 10 })
      for (const text of ['aaa', 'b', 'c']) await put(text)
      ;(await take()).done()
      ;(await take()).retry(50)
      await queue.close()
      expect([disk.openCount, clock.pending]).toEqual([0, 0])
    })
  })
