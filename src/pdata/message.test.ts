import { describe, expect, test } from 'vitest'
import { decodeRequest, encodeRequest, keyValue, type Plain, sampleRequest } from '#support'
import {
  FIELD,
  FieldReader,
  isMessage,
  MESSAGES,
  type MessageName,
  type OtlpSignal,
  Writer,
} from '#wire'
import { attributeKey } from './attributes.js'
import type { Message } from './message.js'
import { joinBatches, receiveBatch } from './receive.js'
import { Rewrite } from './rewrite.js'
import { encodeValue } from './value.js'

const { Span, LogRecord, NumberDataPoint, HistogramDataPoint } = FIELD
const { ResourceSpans, ScopeSpans } = FIELD

const envelope = (span: Plain) =>
  encodeRequest('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })

/** Calls back with the first item, and gives the request that results. */
function edit(bytes: Uint8Array, change: (item: Message) => void, signal: OtlpSignal = 'traces') {
  const batch = receiveBatch(signal, bytes)
  const rewrite = new Rewrite(batch)
  for (const resources of rewrite.resources()) {
    for (const scopes of resources.each(2)) for (const item of scopes.each(2)) change(item)
  }
  const result = rewrite.finish()
  const all = Buffer.concat(result.chunks)
  receiveBatch(signal, all)
  return { batch, result, request: decodeRequest(signal, all) }
}

const editSpan = (span: Plain, change: (item: Message) => void): Plain =>
  edit(envelope(span), change).request['resourceSpans'][0].scopeSpans[0].spans[0]

describe('reads', () => {
  const traceId = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
  const span = {
    traceId,
    name: 'ä',
    kind: 3,
    startTimeUnixNano: '18446744073709551615',
    flags: 4294967295,
    status: { code: 2, message: 'm' },
    attributes: [keyValue('a', 1)],
  }

  test('each kind of field, and defaults of absent ones', () => {
    const read = new Map<string, unknown>()
    edit(envelope(span), (item) => {
      read.set('name', item.text(Span.name))
      read.set('traceId', Buffer.from(item.bytes(Span.traceId)))
      read.set('kind', item.number(Span.kind))
      read.set('start', item.bigint(Span.startTimeUnixNano))
      read.set('flags', item.number(Span.flags))
      read.set('code', item.child(Span.status).number(FIELD.SpanStatus.code))
      read.set('absent', [
        item.text(Span.traceState),
        item.bytes(Span.spanId).length,
        item.number(Span.droppedEventsCount),
        item.bigint(Span.endTimeUnixNano),
        item.has(Span.traceState),
        item.value(Span.traceState).kind,
      ])
    })
    expect([...read.values()]).toEqual([
      ...['ä', traceId, 3, 2n ** 64n - 1n, 4294967295, 2],
      ['', 0, 0, 0n, false, 'empty'],
    ])
  })

  test('points: doubles, fixed and zigzag integers', () => {
    const points = (metric: Plain) =>
      encodeRequest('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] })
    const read: unknown[] = []
    const visit = (metric: Message) => {
      for (const number of metric.shape.carriers) {
        for (const data of metric.each(number)) {
          for (const point of data.each(1)) {
            if (point.shape.name === 'NumberDataPoint') {
              read.push(point.bigint(NumberDataPoint.asInt), point.number(NumberDataPoint.asDouble))
            } else if (point.shape.name === 'HistogramDataPoint') {
              read.push(point.bigint(HistogramDataPoint.count), point.has(HistogramDataPoint.sum))
            } else read.push(point.number(FIELD.ExponentialHistogramDataPoint.scale))
          }
        }
      }
    }
    const all = [
      { gauge: { dataPoints: [{ asInt: '-5' }, { asDouble: -0.5 }] } },
      { histogram: { dataPoints: [{ count: '7' }, { sum: 0 }] } },
      { exponentialHistogram: { dataPoints: [{ scale: -7 }] } },
    ]
    for (const metric of all) edit(points(metric), visit, 'metrics')
    expect(read).toEqual([-5n, 0, 0n, -0.5, 7n, false, 0n, true, -7])
  })
})

describe('sets', () => {
  const cases: [string, number, string | number | bigint | Uint8Array, Plain][] = [
    ['text', Span.name, 'ö', { name: 'ö' }],
    ['an enum', Span.kind, 5, { kind: 5 }],
    ['a time', Span.endTimeUnixNano, 2n ** 64n - 1n, { endTimeUnixNano: '18446744073709551615' }],
    ['a two-byte tag', Span.flags, 300, { flags: 300 }],
    ['bytes', Span.spanId, Buffer.alloc(8, 1), { spanId: Buffer.alloc(8, 1) }],
  ]
  test.each(cases)('%s where there was none', (_, number, value, expected) => {
    expect(editSpan({}, (item) => item.set(number, value))).toEqual(expected)
  })
  test.each(cases)('%s anew', (_, number, value, expected) => {
    const before = {
      ...{ name: 'x', kind: 1, endTimeUnixNano: '1', flags: 1, spanId: Buffer.alloc(8) },
      attributes: [keyValue('a', 1)],
    }
    expect(editSpan(before, (item) => item.set(number, value))).toEqual({ ...before, ...expected })
  })

  test('and reads what it has set', () => {
    editSpan({ name: 'x' }, (item) => {
      item.set(Span.name, 'y')
      item.set(Span.flags, 7)
      item.attributes.setText(attributeKey('k'), 'v')
      item.child(Span.status).set(FIELD.SpanStatus.code, 2)
      const status = item.child(Span.status)
      expect([item.text(Span.name), item.number(Span.flags)]).toEqual(['y', 7])
      expect(item.attributes.get(attributeKey('k'))?.string).toBe('v')
      expect(status.number(FIELD.SpanStatus.code)).toBe(2)
    })
  })

  test('and clears', () => {
    expect(editSpan({ name: 'x', kind: 2 }, (item) => item.clear(Span.name))).toEqual({ kind: 2 })
  })

  test('one of a oneof, and the other goes', () => {
    const bytes = encodeRequest('metrics', {
      resourceMetrics: [
        { scopeMetrics: [{ metrics: [{ gauge: { dataPoints: [{ asInt: '1' }] } }] }] },
      ],
    })
    const { request } = edit(
      bytes,
      (metric) => {
        for (const gauge of metric.each(FIELD.Metric.gauge)) {
          for (const point of gauge.each(1)) point.set(NumberDataPoint.asDouble, 1.5)
        }
      },
      'metrics',
    )
    const [metric] = request['resourceMetrics'][0].scopeMetrics[0].metrics
    expect(metric.gauge.dataPoints).toEqual([{ asDouble: 1.5 }])
  })

  test('a log body', () => {
    const bytes = encodeRequest('logs', {
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'x' } }] }] }],
    })
    const { request } = edit(
      bytes,
      (record) => {
        expect(record.value(LogRecord.body).string).toBe('x')
        record.set(LogRecord.body, encodeValue(5n))
        expect(record.value(LogRecord.body).int).toBe(5n)
      },
      'logs',
    )
    const [record] = request['resourceLogs'][0].scopeLogs[0].logRecords
    expect(record).toEqual({ body: { intValue: '5' } })
  })
})

describe('attributes', () => {
  const k = attributeKey('k')
  const [one, two, other] = [keyValue('k', 1), keyValue('k', 2), keyValue('o', 'x')]
  const cases: [string, Plain[], (item: Message) => void, Plain[]][] = [
    [
      'set in place',
      [one, other],
      (m) => m.attributes.set(k, encodeValue('n')),
      [keyValue('k', 'n'), other],
    ],
    ['added at the end', [other], (m) => m.attributes.setText(k, 'n'), [other, keyValue('k', 'n')]],
    [
      'set twice',
      [other],
      (m) => {
        m.attributes.setText(k, 'a')
        m.attributes.setText(k, 'b')
      },
      [other, keyValue('k', 'b')],
    ],
    [
      'set where the key repeats',
      [one, other, two],
      (m) => m.attributes.setText(k, 'n'),
      [keyValue('k', 'n'), other],
    ],
    [
      'deleted where the key repeats',
      [one, other, two],
      (m) => void m.attributes.delete(k),
      [other],
    ],
    [
      'deleted and added again',
      [one, other],
      (m) => {
        m.attributes.delete(k)
        m.attributes.setText(k, 'n')
      },
      [other, keyValue('k', 'n')],
    ],
    ['retained by key', [one, other], (m) => m.attributes.retain((key) => key !== 'k'), [other]],
    ['cleared', [one, other], (m) => m.attributes.clear(), []],
    [
      'copied from another',
      [other],
      (m) => {
        const v = m.attributes.get(attributeKey('o'))!
        m.attributes.set(k, v.bytes, v.start, v.end)
      },
      [other, keyValue('k', 'x')],
    ],
    [
      'an empty value',
      [{ key: 'k' }],
      (m) => m.attributes.set(attributeKey('e'), encodeValue(null)),
      [{ key: 'k' }, { key: 'e', value: {} }],
    ],
    [
      'a missing key is the empty one',
      [{ value: { intValue: '1' } }],
      (m) => void m.attributes.delete(attributeKey('')),
      [],
    ],
  ]
  test.each(cases)('%s', (_, attributes, change, expected) => {
    const span = editSpan({ name: 'n', attributes, kind: 1 }, change)
    expect(span['attributes'] ?? []).toEqual(expected)
  })

  test('read: the first of equal keys, all keys, the number', () => {
    editSpan({ attributes: [one, other, two] }, ({ attributes }) => {
      expect(attributes.get(k)?.int).toBe(1n)
      expect(attributes.get(attributeKey('K'))).toBeUndefined()
      expect([attributes.keys(), attributes.size, attributes.has(k)]).toEqual([
        ['k', 'o', 'k'],
        3,
        true,
      ])
      const texts: string[] = []
      attributes.forEach((key, value) => void texts.push(`${key}=${value.toText()}`))
      expect(texts).toEqual(['k=1', 'o=x', 'k=2'])
    })
  })

  test('keys longer than 127 bytes, and of equal length', () => {
    const long = 'x'.repeat(200)
    const span = { attributes: [keyValue('ab', 1), keyValue('cb', 2), keyValue(long, 3)] }
    editSpan(span, ({ attributes }) => {
      expect(attributes.get(attributeKey('cb'))?.int).toBe(2n)
      expect(attributes.get(attributeKey(long))?.int).toBe(3n)
    })
  })
})

describe('a rewrite', () => {
  test.each(['traces', 'metrics', 'logs'] as const)(
    'of %s without edits is the batch',
    (signal) => {
      const { batch, result } = edit(
        sampleRequest(signal),
        (item) => void item.attributes.size,
        signal,
      )
      expect(result).toBe(batch)
    },
  )

  test('keeps the chunks that were not edited, and the client', () => {
    const client = { metadata: new Map(), auth: new Map(), address: '::1' }
    const chunks = [sampleRequest('traces'), sampleRequest('traces', { seed: 2, items: 3 })]
    const received = chunks.map((chunk) => receiveBatch('traces', chunk, client))
    const batch = joinBatches(received)
    const rewrite = new Rewrite(batch)
    let n = 0
    for (const resources of rewrite.resources()) {
      if (n++ === 0) resources.child(ResourceSpans.resource).attributes.clear()
      if (n === 2) break
    }
    const result = rewrite.finish()
    expect(result.client).toBe(client)
    expect(result.chunks[0]).not.toBe(chunks[0])
    expect(result.chunks[1]).toBe(chunks[1])
    expect(result.items).toBe(103)
  })

  test('walks again after looking, and refuses to after editing or within a walk', () => {
    const rewrite = new Rewrite(receiveBatch('traces', sampleRequest('traces')))
    for (const resources of rewrite.resources()) {
      for (const scopes of resources.each(2)) {
        for (const span of scopes.each(2)) span.text(Span.name)
        for (const span of scopes.each(2)) span.set(Span.name, 'y')
        expect(() => [...scopes.each(2)]).toThrow(/^bug: field 2 of ScopeSpans is walked or was/)
        expect(() => [...resources.each(2)]).toThrow(/^bug: field 2 of ResourceSpans is walked/)
      }
    }
    expect(rewrite.finish().items).toBe(100)
  })

  test('refuses to walk or remove a header', () => {
    edit(envelope({ status: { code: 1 } }), (span) => {
      const status = span.child(Span.status)
      expect(() => status.remove()).toThrow(/^bug: /)
      expect(() => [...status.each(1)]).toThrow(/^bug: /)
      expect(() => status.attributes).toThrow(/^bug: SpanStatus has no attributes/)
      expect(() => span.child(Span.name)).toThrow(/^bug: field 5 of Span holds no message/)
    })
  })

  test('that removes all leaves nothing', () => {
    const { result } = edit(sampleRequest('logs'), (item) => item.remove(), 'logs')
    expect([result.chunks, result.items, result.bytes]).toEqual([[], 0, 0])
  })

  test('adds a resource where there is none', () => {
    const rewrite = new Rewrite(receiveBatch('traces', envelope({ name: 'x' })))
    for (const resources of rewrite.resources()) {
      resources.child(ResourceSpans.resource).attributes.setText(attributeKey('k'), 'v')
      for (const scopes of resources.each(ResourceSpans.scopeSpans)) {
        scopes.child(ScopeSpans.scope).set(FIELD.InstrumentationScope.name, 's')
      }
    }
    const { resourceSpans } = decodeRequest('traces', Buffer.concat(rewrite.finish().chunks))
    expect(resourceSpans).toEqual([
      {
        resource: { attributes: [keyValue('k', 'v')] },
        scopeSpans: [{ scope: { name: 's' }, spans: [{ name: 'x' }] }],
      },
    ])
  })

  test('keeps unknown fields byte for byte, at every level it does not remove', () => {
    const marked = mark(
      'ExportTraceServiceRequest',
      sampleRequest('traces', { items: 6, attributes: 2 }),
    )
    const before = marks(marked)
    const { result } = edit(marked, (item) => {
      item.set(Span.name, 'a longer name than there was before')
      item.attributes.setText(attributeKey('new'), 'x')
      item.child(Span.status).set(FIELD.SpanStatus.message, 'm')
    })
    expect(before.length).toBeGreaterThan(20)
    expect(marks(Buffer.concat(result.chunks))).toEqual(before)
  })
})

/** Puts a numbered unknown field behind all others of each message. */
function mark(message: MessageName, bytes: Uint8Array, count = { marks: 0 }): Buffer {
  const writer = new Writer()
  const reader = new FieldReader(bytes, 0, bytes.length)
  while (reader.next()) {
    const { number, start, value, end } = reader
    const type = Object.values(MESSAGES[message]).find((field) => field.number === number)!.type
    if (isMessage(type)) writer.field(number, mark(type, bytes.subarray(value, end), count))
    else writer.raw(bytes, start, end)
  }
  writer.string(1313, `mark ${count.marks++}`)
  return writer.written()
}

test('an unknown field of the largest number, whose tag has 32 bits, is passed over', () => {
  const largest = Buffer.from([0xf8, 0xff, 0xff, 0xff, 0x0f, 1])
  const bytes = Buffer.concat([largest, envelope({ name: 'a' })])
  const names: string[] = []
  const { result } = edit(bytes, (span) => void names.push(span.text(Span.name)))
  expect(names).toEqual(['a'])
  expect(Buffer.concat(result.chunks)).toEqual(bytes)
})

/** The marks in the order they are found. */
function marks(bytes: Uint8Array): string[] {
  return (
    Buffer.from(bytes)
      .toString('latin1')
      .match(/mark \d+/g) ?? []
  )
}
