/** Joining and splitting keep every item with all that is around it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRequest, encodeRequest, type Plain, sampleObject } from '#support'
import { FIELD, type OtlpSignal } from '#wire'
import type { Batch } from './batch.js'
import { joinBatches, receiveBatch } from './receive.js'
import { groupBatch, splitBatch, splitBatchBytes } from './split.js'

const SIGNALS = ['traces', 'metrics', 'logs'] as const

const LISTS = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: [
    ...['resourceMetrics', 'scopeMetrics', 'metrics'],
    ...['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'],
    'dataPoints',
  ],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
}

/** Each item as JSON behind the JSON of what encloses it. */
function itemsOf(signal: OtlpSignal, batches: readonly Batch[]): string[] {
  const found: string[] = []
  const visit = (message: Plain, around: string) => {
    const isInner = (name: string) =>
      LISTS[signal].includes(name) && typeof message[name] === 'object'
    const inner = Object.keys(message).filter(isInner)
    const own = Object.entries(message).filter(([name]) => !isInner(name))
    const path = `${around} ${JSON.stringify(own)}`
    if (inner.length === 0 && ('attributes' in message || 'name' in message)) found.push(path)
    for (const name of inner) {
      const value = message[name] as Plain | Plain[]
      for (const one of Array.isArray(value) ? value : [value]) visit(one, `${path}.${name}`)
    }
  }
  for (const batch of batches) visit(decodeRequest(signal, Buffer.concat(batch.chunks)), '')
  return found
}

const arbitrary = fc
  .tuple(
    fc.constantFrom(...SIGNALS),
    fc.array(fc.record({ items: fc.nat(14), attributes: fc.integer({ min: 1, max: 3 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.nat(),
  )
  .map(([signal, shapes, seed]) => {
    const batches = shapes.map((shape, n) => {
      const object = sampleObject(signal, { ...shape, resources: 2, seed: seed + n })
      return receiveBatch(signal, encodeRequest(signal, object))
    })
    return { signal, whole: joinBatches(batches) }
  })

function expectSame(signal: OtlpSignal, whole: Batch, parts: readonly Batch[]) {
  expect(itemsOf(signal, parts)).toEqual(itemsOf(signal, [whole]))
  expect(itemsOf(signal, [whole])).toHaveLength(whole.items)
  for (const part of parts) {
    const bytes = Buffer.concat(part.chunks)
    const again = receiveBatch(signal, bytes)
    expect([part.items, part.bytes]).toEqual([again.items, bytes.length])
  }
}

test('by items: every part but the last is full', () => {
  fc.assert(
    fc.property(arbitrary, fc.integer({ min: 1, max: 30 }), ({ signal, whole }, max) => {
      const parts = splitBatch(whole, max)
      expectSame(signal, whole, parts)
      for (const part of parts.slice(0, -1)) expect(part.items).toBe(max)
      expect(parts.at(-1)!.items).toBeLessThanOrEqual(max)
    }),
    { seed: 7, numRuns: 120 },
  )
})

test('by bytes: no part is larger, unless it is one item', () => {
  fc.assert(
    fc.property(arbitrary, fc.integer({ min: 1, max: 6000 }), ({ signal, whole }, max) => {
      const parts = splitBatchBytes(whole, max)
      expectSame(signal, whole, parts)
      for (const part of parts) if (part.items > 1) expect(part.bytes).toBeLessThanOrEqual(max)
    }),
    { seed: 8, numRuns: 120 },
  )
})

test('by key: each group has its own, in order', () => {
  fc.assert(
    fc.property(arbitrary, ({ signal, whole }) => {
      const number = signal === 'traces' ? FIELD.Span.kind : FIELD.LogRecord.severityNumber
      const keyOf = (record: { number(field: number): number; text(field: number): string }) =>
        signal === 'metrics' ? record.text(FIELD.Metric.name).length % 3 : record.number(number) % 3
      const groups = groupBatch(whole, keyOf)
      const parts = [...groups.values()]
      const sorted = (items: string[]) => items.sort()
      expect(sorted(itemsOf(signal, parts))).toEqual(sorted(itemsOf(signal, [whole])))
      for (const [key, part] of groups) {
        expect([...groupBatch(part, keyOf).keys()]).toEqual([key])
        const bytes = Buffer.concat(part.chunks)
        expect([part.items, part.bytes]).toEqual([receiveBatch(signal, bytes).items, bytes.length])
      }
    }),
    { seed: 9, numRuns: 60 },
  )
})

test('what needs no cut is not copied', () => {
  const batch = receiveBatch('logs', encodeRequest('logs', sampleObject('logs', { items: 10 })))
  const twice = joinBatches([batch, batch])
  expect(splitBatch(batch, 10)).toEqual([batch])
  expect(splitBatch(twice, 10).map((part) => part.chunks[0] === batch.chunks[0])).toEqual([
    true,
    true,
  ])
  expect(splitBatch(twice, 20)[0]).toBe(twice)
})

test('parts keep the client', () => {
  const client = { metadata: new Map(), auth: new Map(), address: '::1' }
  const bytes = encodeRequest('logs', sampleObject('logs', { items: 10 }))
  const parts = splitBatch(receiveBatch('logs', bytes, client), 3)
  expect(parts.map((part) => part.client)).toEqual([client, client, client, client])
})
