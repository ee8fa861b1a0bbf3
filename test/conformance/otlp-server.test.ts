/** What an OTLP server must do at the transport level, row by row of the reference on OTLP. */
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HTTP_CLIENT_DEFAULTS, HttpClient, type Listener, systemNetwork } from '#net'
import type { Batch } from '#pdata'
import { type Component, Permanent, type Resource, Retryable, systemClock } from '#sdk'
import {
  allComponents,
  argumentsOf,
  fakeContext,
  grpcMessage,
  rawGrpcCall,
  sampleRequest,
} from '#support'
import { decodeStatus } from '#wire'

const components = await allComponents()

const receiver = components.find(({ name }) => name === 'otelcol.receiver.otlp')!
const LIMIT = 100_000

/** What the pipeline does with the next batches. */
let deliver: (batch: Batch) => Promise<void> = async () => {}
const delivered: Batch[] = []
const listeners: Listener[] = []
let component: Component & { activate?(): void }
let client: HttpClient

beforeAll(async () => {
  const context = fakeContext({
    network: systemNetwork,
    clock: systemClock,
    resources: {
      lease: async <R extends Resource>(_: string, open: () => Promise<R>) => {
        const resource = await open()
        listeners.push(resource as unknown as Listener)
        return resource
      },
    },
  })
  const values = argumentsOf(
    receiver,
    `grpc {
       endpoint = "127.0.0.1:0"
       max_recv_msg_size = "${LIMIT}B"
     }
     http {
       endpoint = "127.0.0.2:0"
       max_request_body_size = "${LIMIT}B"
     }
     output { }`,
  )
  const intake = {
    signals: new Set(['traces']),
    refusal: () => undefined,
    deliver: async (batch: Batch) => {
      delivered.push(batch)
      await deliver(batch)
    },
  }
  component = receiver.create(context, values as never, intake as never)
  await component.start?.()
  component.activate?.()
  client = new HttpClient({
    ...HTTP_CLIENT_DEFAULTS,
    userAgent: 'conformance',
    network: systemNetwork,
    clock: systemClock,
  })
})

afterAll(async () => {
  await client.close(AbortSignal.abort())
  await component.stop(AbortSignal.abort())
  await Promise.all(listeners.map((listener) => listener.close(AbortSignal.abort())))
})

const SPANS = 3
const PROTO = sampleRequest('traces', { items: SPANS, resources: 1 })
const SPAN = { traceId: '01'.repeat(16), spanId: '01'.repeat(8), name: 'a' }
const JSON_BODY = Buffer.from(
  JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [SPAN] }] }] }),
)
const LARGE = Buffer.alloc(LIMIT + 1)
/** An unknown field of the limit's size: valid, and without items. */
const EXACT = Buffer.concat([Buffer.from([0x7a]), varint(LIMIT - 4), Buffer.alloc(LIMIT - 4)])

interface Exchange {
  readonly method?: 'GET' | 'PUT' | 'POST'
  readonly path?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: Uint8Array
}

interface Expected {
  readonly status: number
  /** Items that came to the pipeline; none unless given. */
  readonly items?: number
  readonly type?: string
  readonly body?: string
  /** Of the Status in the body. */
  readonly message?: string | RegExp
  readonly code?: number
  readonly headers?: Readonly<Record<string, string>>
}

const proto = { 'content-type': 'application/x-protobuf' }
const json = { 'content-type': 'application/json' }
const packed = (encoding: string) => ({ ...proto, 'content-encoding': encoding })

const HTTP: readonly [row: number, what: string, request: Exchange, expected: Expected][] = [
  [5, 'traces by POST to /v1/traces', {}, { status: 200, items: SPANS }],
  [8, 'an unknown path', { path: '/v1/other' }, { status: 404, message: 'unknown path' }],
  [8, 'a trailing slash', { path: '/v1/traces/' }, { status: 404, message: 'unknown path' }],
  [15, 'a signal that goes nowhere', { path: '/v1/logs' }, { status: 404 }],
  [16, 'protobuf', {}, { status: 200, items: SPANS, type: 'application/x-protobuf' }],
  [
    17,
    'JSON',
    { headers: json, body: JSON_BODY },
    { status: 200, items: 1, type: 'application/json' },
  ],
  [
    18,
    'JSON with a charset',
    { headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON_BODY },
    { status: 200, items: 1, type: 'application/json' },
  ],
  [
    18,
    'JSON in capitals',
    { headers: { 'content-type': 'APPLICATION/JSON' }, body: JSON_BODY },
    { status: 200, items: 1, type: 'application/json' },
  ],
  [
    20,
    'PUT',
    { method: 'PUT' },
    {
      status: 405,
      headers: { allow: 'POST' },
      message: '405 method not allowed, supported: [POST]',
    },
  ],
  [
    21,
    'no content type',
    { headers: {} },
    { status: 415, type: 'application/json', message: /^415 unsupported media type, supported: / },
  ],
  [
    21,
    'plain text',
    { headers: { 'content-type': 'text/plain' } },
    { status: 415, type: 'application/json', message: /application\/json/ },
  ],
  [
    22,
    'an error as JSON where there is nothing to mirror',
    { method: 'GET', headers: {} },
    { status: 405, type: 'application/json' },
  ],
  [23, 'no compression', {}, { status: 200, items: SPANS }],
  [23, 'gzip', { headers: packed('gzip'), body: gzipSync(PROTO) }, { status: 200, items: SPANS }],
  [
    25,
    'deflate',
    { headers: packed('deflate'), body: deflateSync(PROTO) },
    { status: 200, items: SPANS },
  ],
  [
    25,
    'zlib',
    { headers: packed('zlib'), body: deflateSync(PROTO) },
    { status: 200, items: SPANS },
  ],
  [
    25,
    'raw deflate',
    { headers: packed('deflate'), body: deflateRawSync(PROTO) },
    { status: 400, code: 3, message: 'zlib: invalid header' },
  ],
  [
    30,
    'an unknown encoding',
    { headers: packed('br') },
    { status: 400, message: 'unsupported Content-Encoding: br' },
  ],
  [30, 'identity by name', { headers: packed('identity') }, { status: 200, items: SPANS }],
  [
    30,
    'GZIP in capitals',
    { headers: packed('GZIP'), body: gzipSync(PROTO) },
    { status: 200, items: SPANS },
  ],
  [
    31,
    'a body that is not gzip',
    { headers: { ...json, 'content-encoding': 'gzip' }, body: Buffer.from('not gzip, surely not') },
    { status: 400, body: '{"code":3,"message":"gzip: invalid header"}' },
  ],
  [
    31,
    'a body that is not zstd',
    { headers: packed('zstd'), body: Buffer.from('not zstd, surely not') },
    { status: 400, code: 3, message: 'zstd: invalid input: magic number mismatch' },
  ],
  [
    32,
    'a truncated body',
    { headers: packed('gzip'), body: gzipSync(PROTO).subarray(0, -20) },
    { status: 400, code: 3 },
  ],
  [36, 'the limit', { body: EXACT }, { status: 200 }],
  [38, 'more than the limit', { body: LARGE }, { status: 413, message: /larger than the limit/ }],
  [
    36,
    'more than the limit after decompression',
    { headers: packed('gzip'), body: gzipSync(LARGE) },
    { status: 413, message: /larger than the limit/ },
  ],
  [
    43,
    'exactly the limit after decompression',
    { headers: packed('gzip'), body: gzipSync(EXACT) },
    { status: 200 },
  ],
  [47, 'full success: no bytes', {}, { status: 200, items: SPANS, body: '' }],
  [
    47,
    'full success in JSON: an empty object',
    { headers: json, body: JSON_BODY },
    { status: 200, items: 1, body: '{}' },
  ],
  [48, 'a request without items', { body: Buffer.alloc(0) }, { status: 200, body: '' }],
  [92, 'no bytes as JSON', { headers: json, body: Buffer.alloc(0) }, { status: 400, code: 3 }],
  [54, 'what is no protobuf', { body: Buffer.from([0xff, 0xff]) }, { status: 400, code: 3 }],
  [54, 'what is no JSON', { headers: json, body: Buffer.from('{') }, { status: 400, code: 3 }],
]

describe('OTLP over HTTP', () => {
  it.each(HTTP)('row %i: %s', async (_, __, request, expected) => {
    const { method = 'POST', path = '/v1/traces', headers = proto, body = PROTO } = request
    const before = delivered.length
    const { port } = listeners[1]!.address as { port: number }
    const reply = await client.request({
      method,
      url: new URL(path, `http://127.0.0.2:${port}`),
      headers,
      ...(method === 'GET' ? {} : { body: [body] }),
      timeoutMs: 5000,
    })
    const items = delivered.slice(before).reduce((sum, batch) => sum + batch.items, 0)
    expect([reply.status, items]).toEqual([expected.status, expected.items ?? 0])
    const type = reply.header('content-type')
    if (expected.type !== undefined) expect(type).toBe(expected.type)
    if (expected.body !== undefined) expect(`${Buffer.from(reply.body)}`).toBe(expected.body)
    for (const [name, value] of Object.entries(expected.headers ?? {})) {
      expect(reply.header(name)).toBe(value)
    }
    if (reply.status < 400) return
    const status = decodeStatus(type === 'application/json' ? 'json' : 'protobuf', reply.body)
    expect(status.message).not.toBe('')
    if (expected.code !== undefined) expect(status.code).toBe(expected.code)
    if (expected.message !== undefined) expect(status.message).toMatch(expected.message)
  })
})

const PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

const GRPC: readonly [
  row: number,
  what: string,
  headers: Record<string, string>,
  body: Uint8Array,
  expected: { code: number; items?: number; message?: RegExp; accept?: true },
][] = [
  [1, 'traces', {}, PROTO, { code: 0, items: SPANS }],
  [3, 'an unknown service', { ':path': '/a.B/Export' }, PROTO, { code: 12 }],
  [3, 'an unknown method', { ':path': PATH.replace('Export', 'Import') }, PROTO, { code: 12 }],
  [
    15,
    'a signal that goes nowhere',
    { ':path': PATH.replaceAll('trace', 'logs').replace('Trace', 'Logs') },
    PROTO,
    { code: 12 },
  ],
  [23, 'gzip', { 'grpc-encoding': 'gzip' }, gzipSync(PROTO), { code: 0, items: SPANS }],
  [29, 'deflate', { 'grpc-encoding': 'deflate' }, deflateSync(PROTO), { code: 0, items: SPANS }],
  [29, 'an unknown compression', { 'grpc-encoding': 'br' }, PROTO, { code: 12, accept: true }],
  [39, 'the limit', {}, EXACT, { code: 0 }],
  [40, 'more than the limit', {}, LARGE, { code: 8, message: /larger than the limit/ }],
  [
    40,
    'more than the limit after decompression',
    { 'grpc-encoding': 'gzip' },
    gzipSync(LARGE),
    { code: 8, message: /larger than the limit/ },
  ],
  [
    43,
    'exactly the limit after decompression',
    { 'grpc-encoding': 'gzip' },
    gzipSync(EXACT),
    { code: 0 },
  ],
  [47, 'full success: an empty message', {}, PROTO, { code: 0, items: SPANS }],
  [48, 'a request without items', {}, Buffer.alloc(0), { code: 0 }],
  [55, 'what is no protobuf', {}, Buffer.from([0xff, 0xff]), { code: 3 }],
]

async function callGrpc(headers: Record<string, string>, body: Uint8Array) {
  const { port } = listeners[0]!.address as { port: number }
  const flag = headers['grpc-encoding'] === undefined ? 0 : 1
  return rawGrpcCall(port, headers, [grpcMessage(body, flag)])
}

describe('OTLP over gRPC', () => {
  it.each(GRPC)('row %i: %s', async (_, __, headers, body, expected) => {
    const before = delivered.length
    const answer = await callGrpc(headers, body)
    const items = delivered.slice(before).reduce((sum, batch) => sum + batch.items, 0)
    expect([Number(answer.headers['grpc-status']), items]).toEqual([
      expected.code,
      expected.items ?? 0,
    ])
    if (expected.code === 0) expect(answer.body).toEqual(Buffer.alloc(5))
    expect(answer.headers['grpc-status-details-bin']).toBe(undefined)
    if (expected.message) expect(answer.headers['grpc-message']).toMatch(expected.message)
    if (expected.accept) expect(answer.headers['grpc-accept-encoding']).toMatch(/gzip/)
  })
})

/**
 * A failure of the pipeline; the gRPC code, HTTP status, Retry-After and RetryInfo that senders
 * see.
 */
type Failure = [
  row: number,
  what: string,
  failure: Error,
  code: number,
  status: number,
  retryAfter?: string,
  retryDelayMs?: number,
]

const FAILURES: readonly Failure[] = [
  [58, 'Retryable', new Retryable('x'), 14, 503],
  [56, 'Retryable with a wait', new Retryable('x', { retryAfterMs: 2000 }), 14, 503, '3', 3000],
  [62, 'a wait, rounded up', new Retryable('x', { retryAfterMs: 500 }), 14, 503, '2', 1500],
  [62, 'a wait on 429', new Retryable('x', { code: 8, retryAfterMs: 1 }), 8, 429, '2', 1001],
  [59, 'Permanent', new Permanent('x'), 13, 500],
  ...[
    [1, 503],
    [2, 500],
    [3, 400],
    [4, 503],
    [5, 500],
    [6, 500],
    [7, 403],
    [8, 429],
    [9, 500],
    [10, 503],
    [11, 503],
    [12, 404],
    [13, 500],
    [14, 503],
    [15, 503],
    [16, 401],
  ].map(([code, status]): Failure => {
    return [60, `code ${code}`, new Permanent('x', { code: code! }), code!, status!]
  }),
]

describe('failures of the pipeline', () => {
  it.each(FAILURES)('row %i: %s', async (_, __, failure, code, status, retryAfter, delayMs) => {
    deliver = () => Promise.reject(failure)
    try {
      const { headers } = await callGrpc({}, PROTO)
      const details = headers['grpc-status-details-bin']
      const info = details
        ? decodeStatus('protobuf', Buffer.from(String(details), 'base64'))
        : undefined
      expect([headers['grpc-status'], info?.retryDelayMs]).toEqual([String(code), delayMs])
      const { port } = listeners[1]!.address as { port: number }
      const reply = await client.request({
        method: 'POST',
        url: new URL(`http://127.0.0.2:${port}/v1/traces`),
        headers: proto,
        body: [PROTO],
        timeoutMs: 5000,
      })
      expect([reply.status, reply.header('retry-after')]).toEqual([status, retryAfter])
      expect(decodeStatus('protobuf', reply.body)).toMatchObject({ code, message: 'x' })
    } finally {
      deliver = async () => {}
    }
  })
})

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest >>= 7) bytes.push((rest & 127) | 128)
  return Buffer.from([...bytes, rest])
}
