import { describe, expect, test } from 'vitest'
import { Batch, type OtlpSignal, receiveBatch } from '#pdata'
import { type Component, type Consumer, type Remembering, Retryable } from '#sdk'
import { argumentsOf, encodeRequest, fakeContext, type Plain } from '#support'
import definition from './debug.js'

function setUp(body = '', context = fakeContext()) {
  const values = argumentsOf(definition, body)
  const exporter = definition.create(context, values as never, undefined as never)
  return { context, exporter: exporter as Component & Consumer }
}

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const int = (key: string, intValue: string) => ({ key, value: { intValue } })

const RESOURCE = { attributes: [text('service.name', 'shop'), text('host.name', 'a1')] }
const SCOPE = { name: 'http', version: '1.0' }

function spans(...list: readonly Plain[]): Plain {
  return { resourceSpans: [{ resource: RESOURCE, scopeSpans: [{ scope: SCOPE, spans: list }] }] }
}

function metrics(...list: readonly Plain[]): Plain {
  return { resourceMetrics: [{ resource: RESOURCE, scopeMetrics: [{ metrics: list }] }] }
}

function logs(...list: readonly Plain[]): Plain {
  return { resourceLogs: [{ resource: RESOURCE, scopeLogs: [{ logRecords: list }] }] }
}

function batchFrom(signal: OtlpSignal, request: Plain): Batch {
  return receiveBatch(signal, encodeRequest(signal, request))
}

const SPAN = {
  traceId: Buffer.alloc(16, 1),
  spanId: Buffer.alloc(8, 2),
  name: 'GET /',
  kind: 2,
  startTimeUnixNano: '1700000000000000001',
  attributes: [text('url.path', '/a "b"'), int('http.response.status_code', '200')],
  events: [{ name: 'exception', attributes: [text('exception.type', 'Timeout')] }, {}],
  status: {},
  flags: 257,
}
const TRACE_ID = '01'.repeat(16)
const SPAN_ID = '02'.repeat(8)

describe('a line per item', () => {
  const rows: readonly (readonly [string, OtlpSignal, Plain, readonly string[]])[] = [
    [
      'spans',
      'traces',
      spans(SPAN, { traceId: SPAN.traceId, spanId: SPAN.spanId }),
      [
        `span GET / trace=${TRACE_ID} span=${SPAN_ID} url.path="/a \\"b\\"" http.response.status_code=200 service.name="shop"`,
        `span  trace=${TRACE_ID} span=${SPAN_ID} service.name="shop"`,
      ],
    ],
    [
      'numbers',
      'metrics',
      metrics(
        { name: 'up', gauge: { dataPoints: [{ asInt: '9007199254740993' }, { asDouble: 0.5 }] } },
        { name: 'n', sum: { dataPoints: [{ asInt: '0', attributes: [text('code', '200')] }] } },
      ),
      [
        'metric up [9007199254740993] [0.5] service.name="shop"',
        'metric n [0 code="200"] service.name="shop"',
      ],
    ],
    [
      'distributions',
      'metrics',
      metrics(
        { name: 'h', histogram: { dataPoints: [{ count: '9', sum: 4.5 }, { count: '2' }, {}] } },
        { name: 'e', exponentialHistogram: { dataPoints: [{ count: '1', sum: 0 }] } },
        { name: 's', summary: { dataPoints: [{ count: '7', sum: 10.5 }] } },
        {},
      ),
      [
        'metric h [count=9 sum=4.5] [count=2] [count=0] service.name="shop"',
        'metric e [count=1 sum=0] service.name="shop"',
        'metric s [count=7 sum=10.5] service.name="shop"',
        'metric  service.name="shop"',
      ],
    ],
    [
      'log records',
      'logs',
      logs(
        { severityText: 'WARN', severityNumber: 13, body: { stringValue: 'one\ntwo' } },
        { severityNumber: 9, body: { intValue: '5' }, attributes: [int('n', '-1')] },
        {},
      ),
      [
        'log WARN "one\\ntwo" service.name="shop"',
        'log 9 5 n=-1 service.name="shop"',
        'log   service.name="shop"',
      ],
    ],
    [
      'values of every kind',
      'logs',
      logs({
        body: {
          kvlistValue: {
            values: [
              { key: 'list', value: { arrayValue: { values: [{ boolValue: true }, {}] } } },
              { key: 'half', value: { doubleValue: 0.5 } },
              { key: 'none', value: { doubleValue: Number.NaN } },
              { key: 'bytes', value: { bytesValue: Buffer.from('a') } },
            ],
          },
        },
      }),
      [
        'log  {"list": [true, null], "half": 0.5, "none": NaN, "bytes": "YQ=="} service.name="shop"',
      ],
    ],
  ]
  for (const [name, signal, request, lines] of rows) {
    test(name, async () => {
      const { context, exporter } = setUp('verbosity = "normal"')
      const batch = batchFrom(signal, request)
      await exporter.consume(batch)
      const { items, bytes } = batch
      expect(context.logged).toEqual([
        { level: 'info', message: signal, fields: { items, bytes } },
        ...lines.map((message) => ({ level: 'info', message })),
      ])
    })
  }
})

test('basic is one line, and the default', async () => {
  const { context, exporter } = setUp()
  const batch = batchFrom('metrics', metrics({ gauge: { dataPoints: [{}, {}] } }))
  await exporter.consume(batch)
  expect(context.logged).toEqual([
    { level: 'info', message: 'metrics', fields: { items: 2, bytes: batch.bytes } },
  ])
})

const DETAILED = `resourceSpans #0
  resource
    attributes #0: service.name = "shop"
    attributes #1: host.name = "a1"
  scopeSpans #0
    scope
      name: http
      version: 1.0
    spans #0
      traceId: ${TRACE_ID}
      spanId: ${SPAN_ID}
      name: GET /
      kind: 2
      startTimeUnixNano: 1700000000000000001
      attributes #0: url.path = "/a \\"b\\""
      attributes #1: http.response.status_code = 200
      events #0
        name: exception
        attributes #0: exception.type = "Timeout"
      events #1
      status
      flags: 257`

test('detailed is every field, of all chunks', async () => {
  const { context, exporter } = setUp('verbosity = "detailed"')
  const { chunks, bytes } = batchFrom('traces', spans(SPAN))
  await exporter.consume(new Batch('traces', [...chunks, ...chunks], 2, bytes * 2))
  expect(context.logged).toEqual([
    { level: 'info', message: 'traces', fields: { items: 2, bytes: bytes * 2 } },
    { level: 'info', message: `${DETAILED}\n${DETAILED.replace('#0', '#1')}` },
  ])
})

describe('of many batches in a second', () => {
  // "1 2 | 3": two batches, a second later the third; what is written, by number.
  const rows: readonly (readonly [string, string, string, readonly number[]])[] = [
    ['all are written unless told otherwise', '', '1 2 3 4 5', [1, 2, 3, 4, 5]],
    ['the first ones', 'sampling_thereafter = 0', '1 2 3 4', [1, 2]],
    ['none', 'sampling_initial = 0\nsampling_thereafter = 0', '1 2', []],
    [
      'then every third',
      'sampling_initial = 1\nsampling_thereafter = 3',
      '1 2 3 4 5 6 7 8',
      [1, 4, 7],
    ],
    ['each second counts anew', 'sampling_thereafter = 0', '1 2 3 | 4 5 6 | 7', [1, 2, 4, 5, 7]],
  ]
  for (const [name, body, steps, written] of rows) {
    test(name, async () => {
      const { context, exporter } = setUp(body)
      const numbers = steps.split(' ').map(Number)
      for (const number of numbers) {
        if (Number.isNaN(number)) await context.clock.tick(1000)
        // A batch of so many items is known by them in what is written.
        else await exporter.consume(new Batch('logs', [], number, 0))
      }
      expect(context.logged.map(({ fields }) => fields?.['items'])).toEqual(written)
      const given = numbers.filter(Boolean).reduce((sum, number) => sum + number, 0)
      expect(context.ledger.counts('logs').left).toBe(given)
    })
  }
})

describe('instead of the log', () => {
  const OUTSIDE = 'use_internal_logger = false\nverbosity = "normal"'
  const batch = batchFrom('logs', logs({ body: { stringValue: 'a' } }))
  const WRITTEN = `logs items=1 bytes=${batch.bytes}\nlog  "a" service.name="shop"\n`

  test('standard output', async () => {
    const { context, exporter } = setUp(OUTSIDE)
    await exporter.consume(batch)
    await exporter.consume(batch)
    expect(context.contents).toEqual(new Map([['stdout', WRITTEN + WRITTEN]]))
    expect(context.logged).toEqual([])
  })

  test('files', async () => {
    const { context, exporter } = setUp(`${OUTSIDE}\noutput_paths = ["/tmp/a", "stderr"]`)
    await exporter.consume(batch)
    const expected = [
      ['/tmp/a', WRITTEN],
      ['stderr', WRITTEN],
    ] as const
    expect(context.contents).toEqual(new Map(expected))
  })

  test('a file that cannot be written is logged, and the data has been delivered', async () => {
    const context = fakeContext()
    context.files.append = () => Promise.reject(new Retryable('cannot write /full: no space left'))
    const { exporter } = setUp(OUTSIDE, context)
    await exporter.consume(batch)
    expect(context.logged).toEqual([
      {
        level: 'warn',
        message: 'cannot write what was received',
        fields: { error: 'cannot write /full: no space left' },
      },
    ])
    expect(context.ledger.counts('logs')).toMatchObject({ left: 1, dropped: new Map() })
  })
})

describe('the last of what it took', () => {
  test('is kept as copies, ten batches a second', async () => {
    const { context, exporter } = setUp('sampling_initial = 0\nsampling_thereafter = 0')
    const bytes = encodeRequest('traces', spans(SPAN))
    for (let n = 1; n <= 15; n++)
      await exporter.consume(new Batch('traces', [bytes], n, bytes.length))
    await context.clock.tick(1000)
    await exporter.consume(new Batch('logs', [bytes], 99, bytes.length))
    const kept = (exporter as unknown as Remembering).recent()
    expect(kept.map(({ items }) => items)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99])
    bytes.fill(0)
    expect(kept[0]!.chunks[0]).not.toEqual(bytes)
  })

  test('of a large batch is its head, and of all no more than a mebibyte', async () => {
    const { context, exporter } = setUp('sampling_initial = 0\nsampling_thereafter = 0')
    const many = batchFrom('traces', spans(...Array.from({ length: 2000 }, () => SPAN)))
    for (let n = 0; n < 200; n++) {
      await exporter.consume(many)
      await context.clock.tick(1000)
    }
    const kept = (exporter as unknown as Remembering).recent()
    const sizes = kept.map(({ chunks }) => chunks.reduce((sum, { length }) => sum + length, 0))
    expect(Math.max(...sizes)).toBeLessThanOrEqual(32 * 1024)
    expect(Math.min(...sizes)).toBeGreaterThan(30 * 1024)
    expect(sizes.reduce((a, b) => a + b)).toBeLessThanOrEqual(1024 * 1024)
  })
})
