import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { compressFrame } from 'lz4-napi'
import { afterEach, describe, expect, it } from 'vitest'
import { Permanent, Retryable } from '#sdk'
import {
  httpClient,
  otlpRoute,
  type RawAnswer,
  type RunningServer,
  startHttpServer,
} from '#support'
import { decodeStatus } from '#wire'
import { compress } from './compress.js'
import type { HttpClient, HttpReply } from './http-client.js'
import type { HttpServerOptions } from './http-server.js'
import { StatusError } from './status.js'

const running: RunningServer[] = []
const clients: HttpClient[] = []

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close(AbortSignal.abort())))
  await Promise.all(running.splice(0).map(({ listener }) => listener.close()))
})

async function start(options: Partial<HttpServerOptions> = {}): Promise<RunningServer> {
  const server = await startHttpServer(options)
  running.push(server)
  return server
}

interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path?: string
  readonly body?: Uint8Array
  readonly headers?: Record<string, string>
}

function send({ port }: RunningServer, request: Request = {}): Promise<HttpReply> {
  const client = clients[0] ?? httpClient()
  clients[0] = client
  const { method = 'POST', path = '/v1/traces', body = Buffer.from('x'), headers } = request
  return client.request({
    method,
    url: new URL(path, `http://127.0.0.1:${port}`),
    ...(method === 'GET' ? {} : { body: [body] }),
    headers: { 'content-type': 'application/x-protobuf', ...headers },
    timeoutMs: 10_000,
  })
}

function statusIn(reply: HttpReply | RawAnswer, encoding: 'json' | 'protobuf') {
  return decodeStatus(encoding, reply.body)
}

describe('an HTTP server', () => {
  it.each([0, 1, 65_535, 1_000_000, 20 * 1024 * 1024])('echoes %i bytes', async (size) => {
    const server = await start()
    const body = Buffer.alloc(size, 'abc')
    clients[0] = httpClient({ responseBytesMax: size })
    const reply = await send(server, { body })
    expect(reply.status).toBe(200)
    expect(reply.header('content-type')).toBe('application/x-protobuf')
    expect(Buffer.from(reply.body).equals(body)).toBe(true)
  })

  const refusals: [string, Request, number, string, 'json' | 'protobuf'][] = [
    ['an unknown path', { path: '/v2/traces' }, 404, 'unknown path', 'protobuf'],
    ['a trailing slash', { path: '/v1/traces/' }, 404, 'unknown path', 'protobuf'],
    [
      'GET',
      { method: 'GET', headers: { 'content-type': 'application/json' } },
      405,
      '405 method not allowed, supported: [POST]',
      'json',
    ],
    [
      'an unknown content type',
      { headers: { 'content-type': 'text/plain' } },
      415,
      '415 unsupported media type, supported: [application/x-protobuf, application/json]',
      'json',
    ],
    [
      'an unknown encoding',
      { headers: { 'content-encoding': 'br' } },
      400,
      'unsupported Content-Encoding: br',
      'protobuf',
    ],
    [
      'several encodings',
      { headers: { 'content-encoding': 'gzip, zstd', 'content-type': 'application/json' } },
      400,
      'unsupported Content-Encoding: gzip, zstd',
      'json',
    ],
    [
      'a body that is not gzip',
      { headers: { 'content-encoding': 'gzip' } },
      400,
      'gzip: unexpected end of file',
      'protobuf',
    ],
    [
      'a body that is not zstd',
      { headers: { 'content-encoding': 'zstd' }, body: Buffer.from('not zstd at all') },
      400,
      'zstd: invalid input: magic number mismatch',
      'protobuf',
    ],
  ]
  it.each(refusals)('refuses %s', async (_, request, status, message, encoding) => {
    const server = await start()
    const reply = await send(server, request)
    expect(reply.status).toBe(status)
    expect(statusIn(reply, encoding).message).toBe(message)
    expect(reply.header('content-type')).toBe(
      encoding === 'json' ? 'application/json' : 'application/x-protobuf',
    )
    expect(reply.header('allow')).toBe(status === 405 ? 'POST' : undefined)
  })

  const types = ['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/x-protobuf']
  it.each(types)('takes the content type %s', async (type) => {
    const reply = await send(await start(), { headers: { 'content-type': type } })
    expect(reply.status).toBe(200)
  })

  const encodings: [string, (body: Buffer) => Promise<Uint8Array> | Uint8Array][] = [
    ['identity', (body) => body],
    ['gzip', (body) => gzipSync(body)],
    ['GZip', (body) => gzipSync(body)],
    ['deflate', (body) => deflateSync(body)],
    ['zlib', (body) => deflateSync(body)],
    ['zstd', async (body) => (await compress('zstd', [body]))[0]!],
    ['snappy', async (body) => (await compress('snappy', [body]))[0]!],
    ['snappy', async (body) => (await compress('x-snappy-framed', [body]))[0]!],
    ['x-snappy-framed', async (body) => (await compress('x-snappy-framed', [body]))[0]!],
    ['lz4', (body) => compressFrame(body)],
  ]
  it.each(encodings)('reads content-encoding %s', async (name, encode) => {
    const server = await start()
    const body = Buffer.alloc(300_000, 'abcdef')
    const reply = await send(server, {
      body: await encode(body),
      headers: { 'content-encoding': name },
    })
    expect(reply.status).toBe(200)
    expect(Buffer.from(reply.body).equals(body)).toBe(true)
  })

  it('refuses raw deflate', async () => {
    const body = deflateRawSync(Buffer.alloc(1000, 'a'))
    const reply = await send(await start(), { body, headers: { 'content-encoding': 'deflate' } })
    expect(reply.status).toBe(400)
    expect(statusIn(reply, 'protobuf')).toMatchObject({ code: 3, message: 'zlib: invalid header' })
  })

  it('leaves bodies as they come when no encoding is configured', async () => {
    const body = gzipSync(Buffer.alloc(1000, 'a'))
    const server = await start({ encodings: [] })
    const reply = await send(server, { body, headers: { 'content-encoding': 'gzip' } })
    expect(Buffer.from(reply.body).equals(body)).toBe(true)
  })

  const limit = 1000
  const bodies: [string, number, boolean, number][] = [
    ['exactly the limit', limit, false, 200],
    ['one more', limit + 1, false, 413],
    ['far more', 10_000_000, false, 413],
    ['exactly the limit, gzip', limit, true, 200],
    ['one more, gzip', limit + 1, true, 413],
    ['a bomb, gzip', 50_000_000, true, 413],
  ]
  it.each(bodies)('with a limit takes %s or refuses it', async (_, size, isGzip, status) => {
    const server = await start({ bodyBytesMax: limit })
    const plain = Buffer.alloc(size)
    const reply = await send(server, {
      body: isGzip ? gzipSync(plain) : plain,
      headers: isGzip ? { 'content-encoding': 'gzip' } : {},
    })
    expect(reply.status).toBe(status)
    if (status === 413) expect(statusIn(reply, 'protobuf').code).toBe(8)
  })

  const failures: [string, unknown, number, string, string | undefined][] = [
    ['Retryable', new Retryable('full'), 503, 'full', undefined],
    ['Retryable with a wait', new Retryable('full', { retryAfterMs: 1 }), 503, 'full', '1'],
    ['a wait, rounded up', new Retryable('x', { code: 8, retryAfterMs: 1500 }), 429, 'x', '2'],
    ['no wait', new Retryable('x', { code: 8 }), 429, 'x', undefined],
    ['Permanent', new Permanent('bad'), 500, 'bad', undefined],
    ['Permanent with a code', new Permanent('bad', { code: 3 }), 400, 'bad', undefined],
    ['no wait for others', new StatusError(7, 'no', { retryDelayMs: 5 }), 403, 'no', undefined],
  ]
  it.each(failures)('answers %s', async (_, error, status, message, retryAfter) => {
    const route = otlpRoute(() => Promise.reject(error))
    const server = await start({ routes: new Map([['/v1/traces', route]]) })
    const reply = await send(server, { headers: { 'content-type': 'application/json' } })
    expect([reply.status, reply.header('retry-after')]).toEqual([status, retryAfter])
    expect(statusIn(reply, 'json').message).toBe(message)
  })
})
