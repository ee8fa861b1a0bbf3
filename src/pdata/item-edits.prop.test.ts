/**
 * All items edited at once against one after the other, byte by byte. WEIR_SEED takes another run.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomFrom, randomMessage, sampleRequest } from '#support'
import { FIELD, MalformedData, OTLP_SIGNALS, type OtlpSignal, REQUEST, Writer } from '#wire'
import { attributeKey } from './attributes.js'
import type { OtlpBatch } from './batch.js'
import { ItemEdits, type KeyEdit } from './item-edits.js'
import type { Message } from './message.js'
import { receiveBatch } from './receive.js'
import { pointsOf, Rewrite } from './rewrite.js'
import { LAYOUT } from './shape.js'
import { encodeValue } from './value.js'

const seed = Number(process.env['WEIR_SEED'] ?? 1)

/** In the samples, in the random requests, in neither, and too long for a length of one byte. */
const KEYS = [
  ...['enduser.id', 'cache.hit', 'http.request.size', 'http.response.status_code', 'url.path'],
  ...['a', 'key', 'grün', 'new', 'y'.repeat(200)],
]

const keyEdit = fc.record({
  found: fc.constantFrom<KeyEdit['found']>('keep', 'set', 'hash', 'delete'),
  missing: fc.constantFrom<KeyEdit['missing']>('keep', 'set'),
  value: fc.constantFrom(encodeValue('text'), encodeValue(7n), encodeValue('z'.repeat(150))),
})
/** As actions are: nothing that hashes or deletes also adds. */
const keyEdits = fc
  .dictionary(fc.constantFrom(...KEYS), keyEdit, { minKeys: 1, maxKeys: 4 })
  .map((edits) =>
    Object.entries(edits).map(
      ([key, { found, missing, value }]): KeyEdit => ({
        ...{ key: attributeKey(key), found, value },
        missing: found === 'hash' || found === 'delete' ? 'keep' : missing,
      }),
    ),
  )

for (const signal of OTLP_SIGNALS) {
  test(`${signal} (seed ${seed})`, () => {
    let edited = 0
    const property = fc.property(fc.nat(), keyEdits, (which, edits) => {
      const batch = batchOf(signal, which)
      if (!batch) return
      const atOnce = editAtOnce(batch, edits)
      expect(bytesOf(atOnce)).toBe(bytesOf(editEach(batch, edits)))
      expect(atOnce.items).toBe(batch.items)
      if (atOnce !== batch) edited++
    })
    fc.assert(property, { seed, numRuns: 500 })
    expect(edited).toBeGreaterThan(100)
  })
}

/** Samples with keys that repeat, and requests made by chance; undefined for what is refused. */
function batchOf(signal: OtlpSignal, which: number): OtlpBatch | undefined {
  const random = randomFrom(which)
  try {
    if (which % 2 === 0) return receiveBatch(signal, randomMessage(REQUEST[signal], random))
    const attributes = which % 31
    const sample = sampleRequest(signal, { items: 6, resources: 2, attributes, seed: which })
    return receiveBatch(signal, Buffer.from(repeated(sample, random)))
  } catch (error) {
    if (error instanceof MalformedData) return undefined
    throw error
  }
}

/** The sample's keys with a suffix lose it, so that they repeat: the text's length stays. */
function repeated(sample: Buffer, random: () => number): Buffer {
  const from = Buffer.from('cache.hit')
  for (let at = sample.indexOf('db.statem'); at >= 0; at = sample.indexOf('db.statem', at + 1)) {
    if (random() < 0.3) from.copy(sample, at)
  }
  return sample
}

function editAtOnce(batch: OtlpBatch, edits: readonly KeyEdit[]): OtlpBatch {
  const rewrite = new Rewrite(batch)
  const items = new ItemEdits(edits)
  for (const resources of rewrite.resources()) resources.editItems(items)
  return rewrite.finish()
}

function editEach(batch: OtlpBatch, edits: readonly KeyEdit[]): OtlpBatch {
  const rewrite = new Rewrite(batch)
  for (const resources of rewrite.resources()) {
    for (const scopes of resources.each(LAYOUT.scopes)) {
      for (const record of scopes.each(LAYOUT.records)) {
        if (record.shape.name !== 'Metric') editOne(record, edits)
        else for (const point of pointsOf(record)) editOne(point, edits)
      }
    }
  }
  return rewrite.finish()
}

function editOne({ attributes }: Message, edits: readonly KeyEdit[]): void {
  for (const { key, found, missing, value } of edits) {
    if (!attributes.has(key)) {
      if (missing === 'set') attributes.set(key, value!)
    } else if (found === 'set') attributes.set(key, value!)
    else if (found === 'hash') attributes.hash(key)
    else if (found === 'delete') attributes.delete(key)
  }
}

function bytesOf({ chunks }: OtlpBatch): string {
  return Buffer.concat(chunks).toString('hex')
}

test('a resource is edited beside its items, which are then not walked', () => {
  const batch = receiveBatch('logs', sampleRequest('logs', { items: 3, resources: 1 }))
  const [key, value] = [attributeKey('new'), encodeValue('text')]
  const items = new ItemEdits([{ key, found: 'keep', missing: 'set', value }])
  const rewrite = new Rewrite(batch)
  for (const resources of rewrite.resources()) {
    resources.child(LAYOUT.resource).attributes.set(key, value)
    resources.editItems(items)
    expect(() => resources.each(LAYOUT.scopes)).toThrow(/^bug/)
    expect(() => resources.editItems(items)).toThrow(/^bug/)
  }
  const [resources] = new Rewrite(rewrite.finish()).resources()
  expect(resources!.child(LAYOUT.resource).attributes.get(key)?.string).toBe('text')
  for (const scopes of resources!.each(LAYOUT.scopes)) {
    for (const record of scopes.each(LAYOUT.records)) {
      expect(record.attributes.get(key)?.string).toBe('text')
    }
  }
})

test('what is not in the usual form of a KeyValue', () => {
  const writer = new Writer()
  const { KeyValue, AnyValue } = FIELD
  const pair = writer.begin(9)
  // An unknown field first, then the key, and no value.
  writer.field(30, Buffer.from('?'))
  writer.string(KeyValue.key, 'key')
  writer.end(pair)
  const other = writer.begin(9)
  writer.string(KeyValue.key, 'key')
  const value = writer.begin(KeyValue.value)
  writer.string(AnyValue.stringValue, 'again')
  writer.end(value)
  writer.field(30, Buffer.from('?'))
  writer.end(other)
  const span = Buffer.from(writer.written())
  const request = [2, 2, 1].reduce<Uint8Array>((body, number) => {
    const outer = new Writer()
    outer.field(number, body)
    return outer.copy()
  }, span)
  const batch = receiveBatch('traces', request)
  const edits: KeyEdit[] = [{ key: attributeKey('key'), found: 'hash', missing: 'keep' }]
  const hashed = editAtOnce(batch, edits)
  expect(bytesOf(hashed)).toBe(bytesOf(editEach(batch, edits)))
  expect(hashed.bytes).toBeLessThan(batch.bytes)
})
