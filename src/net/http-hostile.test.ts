import { connect, type Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import {
  httpServerOptions,
  otlpRoute,
  parseAnswers,
  type RawAnswer,
  type RunningServer,
  rawExchange,
  startHttpServer,
} from '#support'
import { decodeStatus } from '#wire'
import { type HttpServerOptions, httpOffer } from './http-server.js'

const running: RunningServer[] = []
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(running.splice(0).map(({ listener }) => listener.close(AbortSignal.abort())))
})

async function start(options: Partial<HttpServerOptions> = {}): Promise<RunningServer> {
  const server = await startHttpServer(options)
  running.push(server)
  return server
}

/** A request as text; JSON to `/v1/traces` unless told otherwise. */
function request(
  body: string | undefined,
  headers: Readonly<Record<string, string>> = {},
  line = 'POST /v1/traces HTTP/1.1',
): string {
  const all: Record<string, string> = {
    Host: 'localhost',
    'Content-Type': 'application/json',
    ...(body === undefined ? {} : { 'Content-Length': String(body.length) }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `${[line, ...lines].join('\r\n')}\r\n\r\n${body ?? ''}`
}

const LAST = { Connection: 'close' }

/** All answers to what is written, on a connection that the server ends. */
async function exchange({ port }: RunningServer, text: string): Promise<readonly RawAnswer[]> {
  return parseAnswers(await rawExchange(port, text))
}

/** A socket that stays open, and what has come on it. */
function open({ port }: RunningServer): {
  socket: Socket
  text: () => string
  closed: () => boolean
} {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  sockets.push(socket)
  const chunks: Buffer[] = []
  let isClosed = false
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {})
  socket.once('close', () => {
    isClosed = true
  })
  return { socket, text: () => Buffer.concat(chunks).toString('latin1'), closed: () => isClosed }
}

const eventually = { interval: 5, timeout: 5000 }

function message(answer: RawAnswer | undefined): string {
  expect(answer?.headers.get('content-type')).toBe('application/json')
  return decodeStatus('json', answer!.body).message
}

describe('an HTTP server', () => {
  it('answers pipelined requests in order', async () => {
    const server = await start()
    const text = request('1') + request('22') + request('333', LAST)
    const answers = await exchange(server, text)
    expect(answers.map(({ body }) => body.toString())).toEqual(['1', '22', '333'])
  })

  it('reads chunked bodies', async () => {
    const body = '3\r\nabc\r\n5;x=y\r\ndefgh\r\n0\r\n\r\n'
    const headers = { 'Transfer-Encoding': 'chunked', ...LAST }
    const [answer] = await exchange(await start(), request(undefined, headers) + body)
    expect([answer!.status, answer!.body.toString()]).toEqual([200, 'abcdefgh'])
  })

  const refusals: [string, string, number, string][] = [
    ['noise', 'nonsense\r\n\r\n', 400, 'malformed HTTP request'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'malformed HTTP request'],
    [
      'a length twice',
      request('x', { 'Transfer-Encoding': 'chunked' }),
      400,
      'malformed HTTP request',
    ],
    [
      'a broken chunk',
      `${request(undefined, { 'Transfer-Encoding': 'chunked' })}zz\r\n`,
      400,
      'malformed HTTP request',
    ],
    [
      'headers that are too large',
      request('x', { Large: 'x'.repeat(20_000) }),
      431,
      'the request headers are too large',
    ],
    [
      'no Host',
      'POST /v1/traces HTTP/1.1\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx',
      400,
      'the Host header is missing',
    ],
    [
      'TRACE',
      request(undefined, LAST, 'TRACE /v1/traces HTTP/1.1'),
      405,
      '405 method not allowed, supported: [POST]',
    ],
    [
      'no content type',
      request('x', { 'Content-Type': '', ...LAST }),
      415,
      '415 unsupported media type, supported: [application/x-protobuf, application/json]',
    ],
  ]
  it.each(refusals)('refuses %s', async (_, text, status, expected) => {
    const [answer, ...more] = await exchange(await start(), text)
    expect(more).toEqual([])
    expect(answer?.status).toBe(status)
    expect(message(answer)).toBe(expected)
  })

  it('asks for a body that is waited for, and only then', async () => {
    const server = await start({ bodyBytesMax: 100 })
    const { socket, text } = open(server)
    socket.write(request(undefined, { Expect: '100-continue', 'Content-Length': '3' }))
    await expect.poll(text, eventually).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    socket.write('abc')
    await expect.poll(text, eventually).toMatch(/HTTP\/1.1 200 OK\r\n.*abc$/s)
    const refused = { Expect: '100-continue', 'Content-Length': '101' }
    const [answer] = await exchange(server, request(undefined, refused))
    expect([answer?.status, answer?.headers.get('connection')]).toEqual([413, 'close'])
  })

  it('ignores other expectations', async () => {
    const [answer] = await exchange(await start(), request('x', { Expect: 'a miracle', ...LAST }))
    expect(answer?.status).toBe(200)
  })

  it('serves HTTP/1.0', async () => {
    const text = request('x', {}, 'POST /v1/traces HTTP/1.0')
    const [answer] = await exchange(await start(), text)
    expect([answer?.status, answer?.body.toString()]).toEqual([200, 'x'])
  })

  it('answers at once when chunks come to too much, while the client still sends', async () => {
    const server = await start({ bodyBytesMax: 1000 })
    const { socket, text, closed } = open(server)
    socket.write(request(undefined, { 'Transfer-Encoding': 'chunked' }))
    const chunk = `400\r\n${'x'.repeat(0x400)}\r\n`
    for (let n = 0; n < 100; n++) socket.write(chunk)
    await expect.poll(text, eventually).toMatch(/^HTTP\/1.1 413 /)
    expect(closed()).toBe(false)
    socket.write('0\r\n\r\n')
    await expect.poll(closed, eventually).toBe(true)
  })

  const late: [string, Partial<HttpServerOptions>, string[], string][] = [
    ['headers', { readHeaderTimeoutMs: 100 }, ['POST /v1/tra'], 'the request did not come in time'],
    ['a first byte', { readHeaderTimeoutMs: 100 }, [], 'the request did not come in time'],
    [
      'a body',
      { readHeaderTimeoutMs: 100, readTimeoutMs: 200 },
      [request(undefined, { 'Content-Length': '100' }), 'half of it'],
      'the request did not come in time',
    ],
  ]
  it.each(late)('waits for %s no longer than allowed', async (_, options, parts, expected) => {
    const server = await start(options)
    const { socket, text, closed } = open(server)
    for (const part of parts) socket.write(part)
    await expect.poll(closed, eventually).toBe(true)
    const [answer] = parseAnswers(Buffer.from(text(), 'latin1'))
    expect(answer?.status).toBe(408)
    expect(message(answer)).toBe(expected)
  })

  it('closes idle connections', async () => {
    const server = await start({ idleTimeoutMs: 50 })
    const { socket, text, closed } = open(server)
    socket.write(request('x'))
    await expect.poll(text, eventually).toMatch(/200 OK/)
    await expect.poll(closed, eventually).toBe(true)
  })

  it('does not wait for ever for a client to take its answer', async () => {
    const large = otlpRoute(async () => Buffer.alloc(20_000_000))
    const server = await start({ routes: new Map([['/v1/traces', large]]), writeTimeoutMs: 100 })
    const { socket } = open(server)
    socket.pause()
    socket.write(request('x'))
    await expect.poll(() => server.listener.connectionCount, eventually).toBe(1)
    await expect.poll(() => server.listener.connectionCount, eventually).toBe(0)
  })

  it('holds no more bytes than allowed, and lets go of those of clients that leave', async () => {
    const server = await start({ underWayBytesMax: 10_000 })
    const first = open(server)
    first.socket.write(request(undefined, { 'Content-Length': '12000' }) + 'x'.repeat(8000))
    const large = request('x'.repeat(15_000), LAST)
    await expect
      .poll(
        async () => (await exchange(server, request('x'.repeat(5000), LAST)))[0]?.status,
        eventually,
      )
      .toBe(503)
    const [refused] = await exchange(server, large)
    expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([503, '1'])
    expect(message(refused)).toBe('too many bytes under way; try again later')
    first.socket.destroy()
    // Alone, a body may be larger than all together may.
    await expect.poll(async () => (await exchange(server, large))[0]?.status, eventually).toBe(200)
  })

  it('lets no more requests wait for their handlers than allowed', async () => {
    const never = otlpRoute(() => new Promise(() => {}))
    const server = await start({ routes: new Map([['/v1/traces', never]]), underWayMax: 2 })
    for (const count of [1, 2]) {
      open(server).socket.write(request('x'))
      await expect.poll(() => server.served.underWay, eventually).toBe(count)
    }
    const [answer] = await exchange(server, request('x', LAST))
    expect(message(answer)).toBe('too many requests under way; try again later')
  })

  it('closes connections beyond the limit at once', async () => {
    const server = await start({ connectionsMax: 1 })
    const first = open(server)
    first.socket.write(request('x'))
    await expect.poll(first.text, eventually).toMatch(/200 OK/)
    expect(await exchange(server, request('x'))).toEqual([])
    expect(server.listener.refusedConnectionCount).toBe(1)
  })

  it('checks credentials before it reads the body', async () => {
    const server = await start({
      auth: { check: async (header) => (header('authorization') ? new Map() : undefined) },
    })
    const { socket, text } = open(server)
    socket.write(request(undefined, { 'Content-Length': '1000' }))
    await expect.poll(text, eventually).toMatch(/^HTTP\/1.1 401 /)
    const [unknown] = await exchange(server, request('x', LAST, 'POST /unknown HTTP/1.1'))
    expect(unknown?.status).toBe(401)
    expect(message(unknown)).toBe('authentication failed')
    const [taken] = await exchange(server, request('x', { Authorization: 'x', ...LAST }))
    expect(taken?.status).toBe(200)
  })

  it('answers preflights before it checks credentials', async () => {
    const server = await start({
      auth: { check: async () => undefined },
      cors: {
        allowedOrigins: ['https://a.org'],
        allowedHeaders: [],
        exposedHeaders: [],
        maxAgeSeconds: 5,
      },
      responseHeaders: { 'x-served-by': 'weir' },
    })
    const asked = {
      Origin: 'https://a.org',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
      ...LAST,
    }
    const [preflight] = await exchange(
      server,
      request(undefined, asked, 'OPTIONS /v1/traces HTTP/1.1'),
    )
    expect(preflight?.status).toBe(204)
    expect(Object.fromEntries(preflight!.headers)).toMatchObject({
      'access-control-allow-origin': 'https://a.org',
      'access-control-allow-methods': 'POST',
      'access-control-max-age': '5',
      'x-served-by': 'weir',
    })
    const [answer] = await exchange(server, request('x', { Origin: 'https://a.org', ...LAST }))
    expect(answer?.status).toBe(401)
    expect(answer?.headers.get('access-control-allow-origin')).toBe('https://a.org')
  })

  it('compresses large answers for those who can read them', async () => {
    const server = await start()
    const body = 'x'.repeat(5000)
    const [packed] = await exchange(server, request(body, { 'Accept-Encoding': 'gzip', ...LAST }))
    expect(packed?.headers.get('content-encoding')).toBe('gzip')
    expect(gunzipSync(packed!.body).toString()).toBe(body)
    for (const accepted of ['gzip;q=0', 'br', '']) {
      const headers = { 'Accept-Encoding': accepted, ...LAST }
      const [plain] = await exchange(server, request(body, headers))
      expect(plain?.body.toString()).toBe(body)
    }
    const [small] = await exchange(server, request('x', { 'Accept-Encoding': 'gzip', ...LAST }))
    expect(small?.body.toString()).toBe('x')
  })

  it('keeps no connection when it is told so', async () => {
    const server = await start({ keepAlive: false })
    const [answer] = await exchange(server, request('x'))
    expect([answer?.status, answer?.headers.get('connection')]).toEqual([200, 'close'])
  })

  it('answers a bug as retryable, and reports it', async () => {
    const bugs: unknown[] = []
    const bug = new TypeError('oops')
    const route = otlpRoute(() => Promise.reject(bug))
    const server = await start({
      routes: new Map([['/v1/traces', route]]),
      onBug: (error) => bugs.push(error),
    })
    const [answer] = await exchange(server, request('x', LAST))
    expect(answer?.status).toBe(503)
    expect(message(answer)).toBe('internal error; try again')
    expect(bugs).toEqual([bug])
  })

  it('refuses as retryable while nobody serves, and serves again with a successor', async () => {
    const server = await start()
    await server.served.drain(new AbortController().signal)
    const [answer] = await exchange(server, request('x', LAST))
    expect(answer?.status).toBe(503)
    expect(message(answer)).toBe('not serving now; try again')
    server.listener.serve(httpOffer(httpServerOptions()))
    expect((await exchange(server, request('x', LAST)))[0]?.status).toBe(200)
  })
})
