/** Every signal waits on disk, and is there again after a restart. */
import { describe, expect, test } from 'vitest'
import { Batch, receiveBatch, SIGNALS, type Signal } from '#pdata'
import { decodeRequest, encodeRequest, fakeContext, sampleRequest } from '#support'
import { openDiskQueue } from './open-queue.js'
import type { Queue, QueueLimits } from './queue.js'
import { findQueues, peekFiles } from './queue-files.js'
import { readRecord, writeRecord } from './record.js'

const NEVER = new AbortController().signal
const PLACE = { folder: '/data/a.b.c', bytesMax: 1e8, deadBytesMax: 1e7 }
const LIMITS: QueueLimits = {
  size: Number.POSITIVE_INFINITY,
  sizer: 'requests',
  storedBytes: 1e8,
  whenFull: 'refuse',
  waitForResult: false,
}

async function open(context: ReturnType<typeof fakeContext>, signal: Signal): Promise<Queue> {
  const queue = await openDiskQueue(context, signal, PLACE)
  queue.configure(LIMITS, { minSize: 0, maxSize: 0, flushTimeoutMs: 0, sizer: 'items' })
  return queue
}

async function put(queue: Queue, batch: Batch): Promise<void> {
  const reservation = await queue.reserve(batch)
  await queue.put(batch)
  reservation.release()
}

const batches = (signal: Signal) =>
  [1, 2, 3].map((seed) => receiveBatch(signal, sampleRequest(signal, { items: 7, seed })))

describe.each(SIGNALS)('%s', (signal) => {
  test('are delivered after a restart as they came', async () => {
    const context = fakeContext()
    const given = batches(signal)
    const first = await open(context, signal)
    for (const batch of given) await put(first, batch)
    await first.close()

    const again = fakeContext({ disk: context.disk })
    const queue = await open(again, signal)
    expect(queue.held).toMatchObject({
      requests: 3,
      items: given.reduce((sum, { items }) => sum + items, 0),
    })
    expect(again.ledger.held(signal)).toBe(queue.held.items)
    for (const batch of given) {
      const delivery = (await queue.take(NEVER))!
      expect(delivery.batch).toMatchObject({ signal, items: batch.items, bytes: batch.bytes })
      expect(Buffer.concat(delivery.batch.chunks)).toEqual(Buffer.concat(batch.chunks))
      delivery.done()
    }
    expect(queue.held.requests).toBe(0)
    await queue.close()
  })

  test('are found and shown by whoever looks into the files', async () => {
    const { disk, ...context } = fakeContext()
    const [batch] = batches(signal)
    const queue = await open({ disk, ...context }, signal)
    await put(queue, batch!)
    await queue.close()
    const files = { component: 'a.b.c', signal, folder: PLACE.folder }
    expect(await findQueues(disk, '/data')).toEqual([files])
    const [shown] = await peekFiles(disk, files, 'queue', 10)
    expect(shown).toMatchObject({ items: batch!.items, bytes: batch!.bytes })
    const top = Object.keys(decodeRequest(signal, Buffer.concat(batch!.chunks)))
    expect(Object.keys(JSON.parse(shown!.toJson()) as object)).toEqual(top)
  })

  test('are divided when they are too large', async () => {
    const queue = await open(fakeContext(), signal)
    await put(queue, batches(signal)[0]!)
    const delivery = (await queue.take(NEVER))!
    const { items } = delivery.batch
    expect(await delivery.divide()).toBe(true)
    const halves = [(await queue.take(NEVER))!, (await queue.take(NEVER))!]
    expect(halves.map(({ batch }) => batch.items)).toEqual([
      Math.ceil(items / 2),
      Math.floor(items / 2),
    ])
    for (const { batch } of halves) {
      const bytes = Buffer.concat(batch.chunks)
      expect(receiveBatch(signal, bytes).items).toBe(batch.items)
    }
    for (const half of halves) half.done()
    await queue.close()
  })
})

test('metadata without a sample is kept and delivered', async () => {
  const context = fakeContext()
  const bytes = encodeRequest('samples', { metadata: [{ type: 1, metricFamilyName: 'a' }] })
  const first = await open(context, 'samples')
  await put(first, receiveBatch('samples', bytes))
  await first.close()
  const queue = await open(fakeContext({ disk: context.disk }), 'samples')
  expect(queue.held).toMatchObject({ requests: 1, items: 0, bytes: bytes.length })
  const delivery = (await queue.take(NEVER))!
  expect(Buffer.concat(delivery.batch.chunks)).toEqual(bytes)
  expect(await delivery.divide()).toBe(false)
  delivery.done()
  expect(queue.held.requests).toBe(0)
  await queue.close()
})

/** The files of one version are read by the next. */
test.each([
  ['traces', 0],
  ['metrics', 1],
  ['logs', 2],
  ['samples', 3],
  ['entries', 4],
] as const)('%s are known on disk by %d', (signal, number) => {
  const batch = new Batch(signal, [Buffer.from('x')], 1, 1)
  const record = Buffer.concat(writeRecord({ batch, cameAt: 1, attempts: 0, id: 7n }, 5))
  expect(record[16]).toBe(number)
  expect(readRecord(record, 5)!.batch.signal).toBe(signal)
})
