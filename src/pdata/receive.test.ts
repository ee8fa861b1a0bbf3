import { expect, test } from 'vitest'
import { decodeRequest, sampleRequest } from '#support'
import { MalformedData } from '#wire'
import { joinBatches, receiveBatch } from './receive.js'

const client = { metadata: new Map(), auth: new Map(), address: '127.0.0.1' }

test.each(['traces', 'metrics', 'logs'] as const)('%s: keeps the very bytes', (signal) => {
  const bytes = sampleRequest(signal)
  const batch = receiveBatch(signal, bytes, client)
  expect(batch.chunks).toHaveLength(1)
  expect(batch.chunks[0]).toBe(bytes)
  expect(batch.bytes).toBe(bytes.length)
  expect(batch.items).toBe(signal === 'metrics' ? 200 : 100)
  expect(batch.client).toBe(client)
})

test('takes no bytes as an empty request', () => {
  const batch = receiveBatch('traces', new Uint8Array(0))
  expect([batch.chunks, batch.items, batch.bytes]).toEqual([[], 0, 0])
})

test('says why and where it refuses', () => {
  const bytes = sampleRequest('traces')
  try {
    receiveBatch('traces', bytes.subarray(0, bytes.length - 1))
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedData)
    expect(error).toMatchObject({ reason: 'a length runs past what holds it' })
    expect((error as MalformedData).offset).toBeGreaterThan(0)
  }
})

test('joins without a copy and in order', () => {
  const [a, b] = [sampleRequest('logs', { seed: 1 }), sampleRequest('logs', { seed: 2, items: 7 })]
  const joined = joinBatches([receiveBatch('logs', a, client), receiveBatch('logs', b, client)])
  expect(joined.chunks.map((chunk) => [a, b].indexOf(chunk as Buffer))).toEqual([0, 1])
  expect([joined.items, joined.bytes]).toEqual([107, a.length + b.length])
  expect(joined.client).toBe(client)
  const whole = decodeRequest('logs', Buffer.concat(joined.chunks))
  expect(whole['resourceLogs']).toEqual([
    ...decodeRequest('logs', a)['resourceLogs'],
    ...decodeRequest('logs', b)['resourceLogs'],
  ])
})

test('joins a single batch to itself', () => {
  const batch = receiveBatch('logs', sampleRequest('logs'))
  expect(joinBatches([batch])).toBe(batch)
})

test('lets no data go under the name of another client', () => {
  const bytes = sampleRequest('logs')
  const joined = joinBatches([receiveBatch('logs', bytes, client), receiveBatch('logs', bytes)])
  expect(joined.client).toBeUndefined()
})

test.each([[[]], [['logs', 'traces'] as const]])('joining %j is a bug', (signals) => {
  const batches = signals.map((signal) => receiveBatch(signal, new Uint8Array(0)))
  expect(() => joinBatches(batches)).toThrow(/^bug: /)
})
