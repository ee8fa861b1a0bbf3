/**
 * Weaknesses that were seen in the persistent queue of the OpenTelemetry Collector, one test each
 * that shows it absent here.
 */
import { describe, expect, test } from 'vitest'
import { Batch, type BatchLimits } from '#pdata'
import { openDiskQueue, type QueueLimits, Sender } from '#queue'
import { Permanent, Retryable } from '#sdk'
import {
  type DiskCall,
  diskFailure,
  type FakeContext,
  FakeDisk,
  fakeContext,
  letterBatch,
  lettersOf,
  randomFrom,
} from '#support'

const LIMITS: QueueLimits = {
  size: Number.POSITIVE_INFINITY,
  sizer: 'requests',
  storedBytes: 4 * 1024 * 1024,
  whenFull: 'refuse',
  waitForResult: false,
}
const SINGLE: BatchLimits = { minSize: 0, maxSize: 0, flushTimeoutMs: 0, sizer: 'items' }
const NEVER = new AbortController().signal
const FOLDER = '/s/queue/traces'
const ALL = 'abcdefghijklmnopqrstuvwxyz'

async function openOn(
  disk: FakeDisk,
  limits: Partial<QueueLimits> = {},
  batch: BatchLimits = SINGLE,
  clock: Partial<FakeContext> = {},
) {
  const context = fakeContext({ disk, ...clock })
  const place = { folder: '/s', bytesMax: LIMITS.storedBytes, deadBytesMax: 1024 * 1024 }
  const queue = await openDiskQueue(context, 'traces', place)
  queue.configure({ ...LIMITS, ...limits }, batch)
  const put = (text: string) => queue.put(letterBatch(text))
  const putAll = async (text: string) => {
    for (const letter of text) await put(letter)
  }
  return { ...context, context, disk, queue, put, putAll }
}

type Opened = Awaited<ReturnType<typeof openOn>>

/** Takes all that is there, without an answer. */
async function takeAll({ queue }: Opened): Promise<string> {
  let text = ''
  for (let left = queue.held.requests; left > 0; left--) {
    text += lettersOf((await queue.take(NEVER))!.batch)
  }
  return text
}

function senderFor(
  { clock, log, ledger, context }: Opened,
  send: (text: string) => void,
  more: { retries?: boolean; consumers?: number; maxElapsedMs?: number } = {},
): Sender {
  const retry = { initialMs: 1000, maxMs: 1000, multiplier: 2, randomization: 0, maxAgeMs: 0 }
  return new Sender({
    ...{ clock, log, ledger, random: () => 0.5, consumers: more.consumers ?? 1 },
    retry: { ...retry, enabled: more.retries ?? true, maxElapsedMs: more.maxElapsedMs ?? 0 },
    send: async (batch) => {
      send(lettersOf(batch))
      return undefined
    },
    fail: context.fail,
  })
}

function away(): never {
  throw new Retryable('away')
}

const kill = (disk: FakeDisk) => disk.crashed(() => 0.5, 'kill')

test('1. no storage call for each take and done, and one for many puts', async () => {
  const opened = await openOn(new FakeDisk())
  const { disk, put, queue, clock } = opened
  await put('-')
  const calls: DiskCall[] = []
  disk.before = (call) => void calls.push(call)
  await Promise.all([...ALL].map(put))
  expect(calls).toEqual(['write', 'sync'])
  for (let n = 0; n < 26; n++) (await queue.take(NEVER))!.done()
  expect(calls).toHaveLength(2)
  await clock.tick(10)
  expect(calls).toEqual(['write', 'sync', 'open', 'write'])
})

test('2. a start that crashes at any call loses nothing and keeps the order', async () => {
  const first = await openOn(new FakeDisk())
  await first.putAll(ALL)
  await first.queue.take(NEVER)
  const crashed = kill(first.disk)
  let starts = 0
  for (let calls = 0; starts < 1; calls++) {
    const disk = kill(crashed)
    let left = calls
    let died = () => {}
    const death = new Promise<'died'>((resolve) => {
      died = () => resolve('died')
    })
    disk.before = async () => {
      if (left-- > 0) return
      died()
      await new Promise(() => {})
    }
    if ((await Promise.race([openOn(disk), death])) !== 'died') starts++
    for (const kind of ['kill', 'power'] as const) {
      const again = await openOn(disk.crashed(randomFrom(calls), kind))
      expect(await takeAll(again), `${kind} at call ${calls}`).toBe(ALL)
    }
  }
})

test('3. failed puts leave no holes, and the sizes stay right', async () => {
  const { disk, put, queue } = await openOn(new FakeDisk())
  await put('a')
  const before = { ...queue.held, stored: queue.storedBytes }
  for (const failing of ['write', 'sync'] as const) {
    disk.before = (call, path) => {
      if (call === failing) throw diskFailure(call, path, 'EIO')
    }
    for (let n = 0; n < 5; n++) await expect(put('b')).rejects.toBeInstanceOf(Retryable)
    expect({ ...queue.held, stored: queue.storedBytes }).toEqual(before)
  }
  disk.before = () => {}
  await put('c')
  expect(queue.held.items).toBe(2)
})

test('4. what cannot be read is an error in the log, counted, and kept', async () => {
  const first = await openOn(new FakeDisk())
  await first.putAll('abc')
  await first.queue.close()
  first.disk.damage(`${FOLDER}/00000001.seg`, 85, 1)
  const again = await openOn(first.disk)
  expect(lettersOf((await again.queue.take(NEVER))!.batch)).toBe('b')
  expect(
    again.logged.some(({ level, message }) => level === 'error' && /damaged/.test(message)),
  ).toBe(true)
  expect(again.ledger.counts('traces').dropped).toEqual(new Map([['damaged on disk', 1]]))
  expect(
    again.disk.paths.some((path) => path.startsWith(`${FOLDER}/quarantine/00000001-32-`)),
  ).toBe(true)
})

test('5. damaged bookkeeping orphans and overwrites nothing', async () => {
  const first = await openOn(new FakeDisk())
  await first.putAll('abcd')
  ;(await first.queue.take(NEVER))!.done()
  await first.queue.close()
  const size = first.disk.content(`${FOLDER}/00000001.seg`)!.length
  for (let back = 1; back < 60; back++)
    first.disk.damage(`${FOLDER}/00000001.seg`, size - back, 255)
  for (let at = 0; at < 8; at++) first.disk.damage(`${FOLDER}/00000001.done`, at, 255)
  const again = await openOn(first.disk)
  await again.putAll('e')
  expect(await takeAll(again)).toBe('abcde')
})

describe('6. checks and caps', () => {
  test('every byte of a record is under a checksum', async () => {
    const first = await openOn(new FakeDisk())
    await first.putAll('ab')
    const end = first.disk.content(`${FOLDER}/00000001.seg`)!.length
    for (let at = 32; at < end; at++) {
      const disk = kill(first.disk)
      disk.damage(`${FOLDER}/00000001.seg`, at, 0x10)
      const again = await openOn(disk)
      expect(['a', 'b']).toContain(await takeAll(again))
    }
  })

  test('the disk has a cap that counts all files, and their space comes back', async () => {
    const storedBytes = 1024 * 1024
    const opened = await openOn(new FakeDisk(), { storedBytes })
    const { queue, disk } = opened
    const refused = async () => {
      const batch = letterBatch('x'.repeat(200))
      const reservation = await queue.reserve(batch)
      await queue.put(batch)
      reservation.release()
      expect(disk.usedUnder(FOLDER)).toBeLessThanOrEqual(storedBytes)
    }
    await expect(
      (async () => {
        for (;;) await refused()
      })(),
    ).rejects.toThrow('full')
    while (queue.held.requests > 0) (await queue.take(NEVER))!.done()
    await queue.close()
    expect(disk.usedUnder(FOLDER)).toBe(0)
  })
})

test('7. what is larger than the queue is refused, and never waits', async () => {
  const { queue } = await openOn(new FakeDisk(), { storedBytes: 500, whenFull: 'wait' })
  await expect(queue.reserve(letterBatch('x'.repeat(100)))).rejects.toBeInstanceOf(Permanent)
})

test('8. a long outage drops nothing that is on disk', async () => {
  const opened = await openOn(new FakeDisk())
  const sender = senderFor(opened, away, { maxElapsedMs: 300_000 })
  sender.run([opened.queue])
  await opened.put('a')
  await opened.clock.tick(3_600_000)
  expect(opened.queue.held.items).toBe(1)
  await sender.stop(NEVER)
})

test('9. what is under way at the end stays, also with retries off', async () => {
  const opened = await openOn(new FakeDisk())
  const { clock, log, ledger, context, queue } = opened
  const retry = { enabled: false, initialMs: 1, maxMs: 1, multiplier: 2, randomization: 0 }
  const sender = new Sender({
    ...{ clock, log, ledger, random: () => 0.5, consumers: 1 },
    retry: { ...retry, maxElapsedMs: 0, maxAgeMs: 0 },
    send: (_, stop) =>
      new Promise((_done, fail) => {
        stop.addEventListener('abort', () => fail(new Retryable('cut short')))
      }),
    fail: context.fail,
  })
  sender.run([queue])
  await opened.put('a')
  await clock.tick(0)
  await sender.stop(AbortSignal.abort())
  await queue.close()
  expect(await takeAll(await openOn(opened.disk))).toBe('a')
})

test('10. what was delivered of a divided batch is not sent again after a crash', async () => {
  const opened = await openOn(new FakeDisk())
  await opened.put('abcd')
  await (await opened.queue.take(NEVER))!.divide()
  const half = (await opened.queue.take(NEVER))!
  expect(lettersOf(half.batch)).toBe('ab')
  half.done()
  await opened.clock.tick(10)
  expect(await takeAll(await openOn(kill(opened.disk)))).toBe('cd')
})

test('11. what was acknowledged survives a loss of power, and damage does not end the process', async () => {
  for (let seed = 1; seed < 50; seed++) {
    const first = await openOn(new FakeDisk())
    await first.putAll(ALL)
    void first.put('?').catch(() => {})
    const again = await openOn(first.disk.crashed(randomFrom(seed), 'power'))
    expect((await takeAll(again)).slice(0, 26)).toBe(ALL)
  }
})

test('12. tries begin in order with several consumers, and end in order with one', async () => {
  for (const consumers of [1, 5]) {
    const opened = await openOn(new FakeDisk())
    await opened.putAll(ALL)
    let tried = ''
    const sender = senderFor(opened, (text) => (tried += text), { consumers })
    sender.run([opened.queue])
    await opened.clock.tick(0)
    expect(tried).toBe(ALL)
    await sender.stop(NEVER)
  }
})

test('13. an answer that says too large makes it smaller', async () => {
  const opened = await openOn(new FakeDisk())
  let delivered = ''
  const sender = senderFor(opened, (text) => {
    if (text.length > 2) throw new Permanent('too large', { code: 8 })
    delivered += text
  })
  sender.run([opened.queue])
  await opened.put('abcdefg')
  await opened.clock.tick(0)
  expect([...delivered].sort().join('')).toBe('abcdefg')
  await sender.stop(NEVER)
})

test('14. an item above the largest size leaves alone and takes nothing with it', async () => {
  const small = letterBatch('a')
  const limits: BatchLimits = {
    ...{ minSize: 1, maxSize: small.bytes - 1, flushTimeoutMs: 10, sizer: 'bytes' },
  }
  const opened = await openOn(new FakeDisk(), {}, limits)
  await opened.put('abc')
  expect(opened.queue.held).toMatchObject({ requests: 3, items: 3 })
  expect(await takeAll(opened)).toBe('abc')
})

test('15. what a batch processor gathers is on disk before its sender hears of it', async () => {
  const opened = await openOn(new FakeDisk())
  opened.queue.configure(LIMITS, undefined)
  const gathering = {
    minSize: 100,
    maxSize: 0,
    flushTimeoutMs: 60_000,
    sizer: 'items',
    formed: () => {},
  } as const
  const { signal, chunks, items, bytes } = letterBatch('ab')
  await opened.queue.put(new Batch(signal, chunks, items, bytes, undefined, gathering))
  expect(await takeAll(await openOn(kill(opened.disk)))).toBe('ab')
})

describe('16. a shutdown', () => {
  const drain = async (isUp: boolean) => {
    const opened = await openOn(new FakeDisk())
    let delivered = ''
    const sender = senderFor(opened, (text) => {
      if (!isUp) away()
      delivered += text
    })
    await opened.putAll(ALL)
    sender.run([opened.queue])
    const drained = sender.drain(NEVER)
    await opened.clock.tick(30_000)
    await drained
    await opened.queue.close()
    return { delivered, left: await takeAll(await openOn(opened.disk)) }
  }

  test('drains what is on disk', async () => {
    expect(await drain(true)).toEqual({ delivered: ALL, left: '' })
  })

  test('leaves it for the next start, in order, while the destination is away', async () => {
    expect(await drain(false)).toEqual({ delivered: '', left: ALL })
  })
})
