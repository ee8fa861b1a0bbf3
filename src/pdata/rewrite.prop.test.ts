/** Splices against decoding, editing and encoding again. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeRequest,
  encodeRequest,
  keyValue,
  type Plain,
  randomFrom,
  sampleObject,
} from '#support'
import { FIELD, type OtlpSignal } from '#wire'
import { attributeKey } from './attributes.js'
import type { Message } from './message.js'
import { receiveBatch } from './receive.js'
import { Rewrite } from './rewrite.js'
import { encodeValue } from './value.js'

/** What is done to the message at a path: the same for both sides, whatever their order. */
type Decide = (path: string, chances: number) => number

function decideFrom(seed: number): Decide {
  return (path, chances) => {
    let hash = seed
    for (const char of path) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193)
    return Math.floor(randomFrom(hash)() * chances)
  }
}

const LONG = 'ü'.repeat(90)

/** Attribute edits of both sides; `0` leaves alone. */
const ATTRIBUTE_EDITS: readonly ((attributes: Plain[]) => Plain[])[] = [
  (attributes) => attributes,
  (attributes) => [...without(attributes, 'new'), keyValue('new', LONG)],
  (attributes) => without(attributes, attributes[0]?.['key'] ?? ''),
  (attributes) => attributes.map((one, n) => (n === 1 ? keyValue(one['key'], 7) : one)),
  () => [],
]

const VIEW_EDITS: readonly ((message: Message) => void)[] = [
  () => {},
  ({ attributes }) => {
    attributes.delete(attributeKey('new'))
    attributes.setText(attributeKey('new'), LONG)
  },
  ({ attributes }) => void attributes.delete(attributeKey(attributes.keys()[0] ?? '')),
  ({ attributes }) => {
    const second = attributes.keys()[1]
    if (second !== undefined) attributes.set(attributeKey(second), encodeValue(7n))
  },
  ({ attributes }) => attributes.clear(),
]

function without(attributes: Plain[], key: string): Plain[] {
  return attributes.filter((one) => one['key'] !== key)
}

const NAMES = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
} as const

const KINDS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const

/** Drops children, and says whether that emptied the list. */
function prune(
  list: Plain[],
  path: string,
  decide: Decide,
  edit: (one: Plain, at: string) => boolean,
) {
  const kept = list.filter((one, n) => {
    const at = `${path}/${n}`
    return edit(one, at) && decide(`drop${at}`, 5) > 0
  })
  return { kept, emptied: kept.length === 0 && list.length > 0 }
}

function editPlain(signal: OtlpSignal, request: Plain, decide: Decide): Plain {
  const [envelopes, scopes, items] = NAMES[signal]
  const edited = (one: Plain, at: string) => {
    one['attributes'] = ATTRIBUTE_EDITS[decide(at, 5)]!(one['attributes'] ?? [])
  }
  const item = (one: Plain, at: string): boolean => {
    if (signal === 'metrics') return metric(one, at)
    edited(one, at)
    if (decide(`name${at}`, 3) === 0) one[signal === 'traces' ? 'name' : 'severityText'] = LONG
    if (signal === 'traces') {
      if (decide(`status${at}`, 3) === 0) one['status'] = { ...one['status'], code: 1 }
      one['events'] = prune(one['events'] ?? [], `${at}e`, decide, (event, where) => {
        edited(event, where)
        return true
      }).kept
    }
    return true
  }
  const metric = (one: Plain, at: string): boolean => {
    const kind = KINDS.find((name) => one[name] !== undefined)
    if (!kind) return true
    const { kept, emptied } = prune(one[kind]['dataPoints'] ?? [], at, decide, (point, where) => {
      edited(point, where)
      return true
    })
    one[kind]['dataPoints'] = kept
    return !emptied
  }
  const { kept } = prune(request[envelopes] ?? [], '', decide, (envelope, at) => {
    if (decide(at, 5) > 0) {
      envelope['resource'] ??= {}
      edited(envelope['resource'], at)
    }
    const inScopes = prune(envelope[scopes] ?? [], at, decide, (scope, where) => {
      const inItems = prune(scope[items] ?? [], where, decide, item)
      scope[items] = inItems.kept
      return !inItems.emptied
    })
    envelope[scopes] = inScopes.kept
    return !inScopes.emptied
  })
  return { [envelopes]: kept }
}

function editViews(signal: OtlpSignal, bytes: Uint8Array, decide: Decide) {
  const batch = receiveBatch(signal, bytes)
  const rewrite = new Rewrite(batch)
  const each = (parent: Message, number: number, path: string, edit: Edit) => {
    let n = 0
    for (const one of parent.each(number)) {
      const at = `${path}/${n++}`
      edit(one, at)
      if (decide(`drop${at}`, 5) === 0) one.remove()
    }
  }
  type Edit = (one: Message, at: string) => void
  const edited: Edit = (one, at) => VIEW_EDITS[decide(at, 5)]!(one)
  const item: Edit = (one, at) => {
    if (signal === 'metrics') {
      for (const number of one.shape.carriers) {
        for (const data of one.each(number)) each(data, 1, at, edited)
      }
      return
    }
    edited(one, at)
    const name = signal === 'traces' ? FIELD.Span.name : FIELD.LogRecord.severityText
    if (decide(`name${at}`, 3) === 0) one.set(name, LONG)
    if (signal !== 'traces') return
    if (decide(`status${at}`, 3) === 0) one.child(FIELD.Span.status).set(FIELD.SpanStatus.code, 1)
    each(one, FIELD.Span.events, `${at}e`, edited)
  }
  let n = 0
  for (const envelope of rewrite.resources()) {
    const at = `/${n++}`
    if (decide(at, 5) > 0) edited(envelope.child(1), at)
    each(envelope, 2, at, (scope, where) => each(scope, 2, where, item))
    if (decide(`drop${at}`, 5) === 0) envelope.remove()
  }
  return { batch, result: rewrite.finish() }
}

test.each(['traces', 'metrics', 'logs'] as const)('%s: as decode, edit, encode', (signal) => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 12 }), fc.nat({ max: 5 }), (seed, items, attributes) => {
      const object = sampleObject(signal, { items, attributes, resources: 2, seed })
      // A resource that is not there, and one without scopes.
      const [first] = Object.values(object) as Plain[][]
      if (seed % 3 === 0) delete first![0]!['resource']
      if (seed % 4 === 0) first!.push({ schemaUrl: 'x' })
      const bytes = encodeRequest(signal, object)
      const decide = decideFrom(seed)
      const { result } = editViews(signal, bytes, decide)
      const all = Buffer.concat(result.chunks)
      const expected = encodeRequest(
        signal,
        editPlain(signal, decodeRequest(signal, bytes), decide),
      )
      expect(withoutEmpty(decodeRequest(signal, all))).toEqual(
        withoutEmpty(decodeRequest(signal, expected)),
      )
      const received = receiveBatch(signal, all)
      expect([result.items, result.bytes]).toEqual([received.items, all.length])
    }),
    { seed: 20, numRuns: 150 },
  )
})

/** An empty message in place of an absent one says the same. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, withoutEmpty(one)] as const)
      .filter(([, one]) => !(one !== null && typeof one === 'object' && isEmpty(one))),
  )
}

function isEmpty(value: object): boolean {
  return !Buffer.isBuffer(value) && Object.keys(value).length === 0
}
