import { describe, expect, test } from 'vitest'
import { Batch, type BatchLimits, type Gathering } from '#pdata'
import { letterBatch } from '#support'
import { formDelivery } from './form-delivery.js'
import type { Stored } from './store.js'

const CLIENT = { metadata: new Map(), auth: new Map(), address: '::1' }
const OWN: BatchLimits = { minSize: 5, maxSize: 8, flushTimeoutMs: 100, sizer: 'items' }
const gathering = (minSize: number, maxSize: number): Gathering => ({
  ...{ minSize, maxSize, flushTimeoutMs: 300, sizer: 'items' },
  formed: () => {},
})

function stored(batch: Batch): Stored {
  return { batch, bytes: batch.bytes, cameAt: 0, attempts: 0 }
}

function gathered(text: string, how: Gathering): Batch {
  const { signal, chunks, items, bytes } = letterBatch(text)
  return new Batch(signal, chunks, items, bytes, undefined, how)
}

/** `waiting` is staged one by one, as it is needed. */
function form(waiting: readonly Batch[], batching: BatchLimits | undefined, isDurable = false) {
  const staged: Stored[] = []
  const rest = waiting.map(stored)
  const stage = () => {
    const next = rest.shift()
    if (next) staged.push(next)
    return next
  }
  return { ...formDelivery(staged, stage, batching, isDurable), staged: staged.length }
}

const letters = (...texts: string[]) => texts.map((text) => letterBatch(text))

describe('how many leave together', () => {
  const often = gathering(4, 6)
  const rows: readonly (readonly [
    string,
    readonly Batch[],
    BatchLimits | undefined,
    boolean,
    object,
  ])[] = [
    ['none', [], OWN, false, { count: 0 }],
    ['one by one without a rule', letters('a', 'b'), undefined, false, { count: 1, staged: 1 }],
    [
      'up to the smallest size',
      letters('aa', 'bb', 'cc', 'd'),
      OWN,
      false,
      { count: 3, staged: 3 },
    ],
    ['fewer may wait', letters('a'), OWN, false, { count: 1, isFull: false, lingerMs: 100 }],
    ['not above the largest', letters('aaaa', 'bbbbb'), OWN, false, { count: 1, isFull: true }],
    [
      'by bytes',
      letters('aa', 'bb'),
      { ...OWN, sizer: 'bytes' },
      false,
      { count: 1, isFull: true },
    ],
    ['a backlog on disk at once', letters('a', 'b'), undefined, true, { count: 2, lingerMs: 0 }],
    [
      'a backlog of one client',
      [letterBatch('a', CLIENT), letterBatch('b')],
      undefined,
      true,
      { count: 1, isFull: true },
    ],
    [
      'as a batch processor asks',
      [gathered('aa', often), gathered('bb', often), gathered('c', often)],
      undefined,
      true,
      { count: 2, isFull: true },
    ],
    [
      'never of two batch processors',
      [gathered('aa', often), gathered('bb', gathering(4, 6))],
      undefined,
      false,
      { count: 1, isFull: true, lingerMs: 300 },
    ],
    [
      "the queue's own rule comes first",
      [gathered('a', often), gathered('b', often)],
      { ...OWN, minSize: 1 },
      false,
      { count: 1 },
    ],
  ]
  for (const [name, waiting, batching, isDurable, expected] of rows) {
    test(name, () => expect(form(waiting, batching, isDurable)).toMatchObject(expected))
  }

  test('a size that is never reached does not bring all of a disk to memory', () => {
    const batch = letterBatch('a')
    const large = new Batch('traces', batch.chunks, 1, 4 * 1024 * 1024)
    const formed = form(Array(100).fill(large), { ...OWN, minSize: 1e9, maxSize: 0 })
    expect(formed).toMatchObject({ count: 8, staged: 9, isFull: true })
  })
})
