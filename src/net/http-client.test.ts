import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { type Network, Permanent, Retryable } from '#sdk'
import { FakeClock, httpClient } from '#support'
import type { HttpCall, HttpClient, HttpClientOptions, HttpReply } from './http-client.js'
import { systemNetwork } from './system-network.js'

const cleanUp: (() => unknown)[] = []

afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close()
})

function clientOf(options: Partial<HttpClientOptions> = {}): HttpClient {
  const client = httpClient(options)
  cleanUp.push(() => client.close(AbortSignal.abort()))
  return client
}

interface Running {
  readonly port: number
  readonly requests: { readonly request: IncomingMessage; readonly body: Buffer }[]
  readonly sockets: Set<Socket>
}

async function serve(answer: RequestListener): Promise<Running> {
  const requests: Running['requests'] = []
  const sockets = new Set<Socket>()
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      requests.push({ request, body: Buffer.concat(chunks) })
      answer(request, response)
    })
  })
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, requests, sockets }
}

/** A server that answers whatever comes with these bytes. */
async function answerRaw(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => answer(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => server.close())
  return (server.address() as AddressInfo).port
}

function call(port: number, more: Partial<HttpCall> = {}): HttpCall {
  const url = new URL(`http://127.0.0.1:${port}/v1/traces`)
  return { method: 'POST', url, body: [Buffer.from('x')], timeoutMs: 5000, ...more }
}

async function outcome(reply: Promise<HttpReply>): Promise<string> {
  try {
    const { status, body } = await reply
    return `${status} ${Buffer.from(body).toString('latin1')}`
  } catch (error) {
    if (!(error instanceof Retryable || error instanceof Permanent)) throw error
    return `${error.name}: ${error.message}`
  }
}

const ok: RequestListener = (_, response) => response.end('fine')
const eventually = { interval: 5, timeout: 5000 }

describe('an HTTP client', () => {
  it('sends chunks as one body of known length', async () => {
    const server = await serve(ok)
    const client = clientOf()
    const chunks = [Buffer.alloc(100_000, 'a'), Buffer.alloc(2_000_000, 'b'), Buffer.from('c')]
    for (const body of [chunks, [Buffer.from('one')], []]) {
      expect(await outcome(client.request(call(server.port, { body })))).toBe('200 fine')
      const { request, body: got } = server.requests.at(-1)!
      expect(got.equals(Buffer.concat(body))).toBe(true)
      expect(request.headers['content-length']).toBe(String(got.length))
      expect(request.headers['transfer-encoding']).toBe(undefined)
    }
  })

  it('sends headers, the path and the query', async () => {
    const server = await serve(ok)
    const url = new URL(`http://127.0.0.1:${server.port}/a/b?c=d`)
    const headers = { 'content-type': 'text/x', 'x-none': undefined, 'user-agent': 'other' }
    const reply = await clientOf().request(call(server.port, { method: 'PUT', url, headers }))
    expect(reply.header('content-length')).toBe('4')
    const { request } = server.requests[0]!
    expect([request.method, request.url]).toEqual(['PUT', '/a/b?c=d'])
    expect(request.headers).toMatchObject({ 'content-type': 'text/x', 'user-agent': 'other' })
    expect('x-none' in request.headers).toBe(false)
  })

  it('gets', async () => {
    const server = await serve(ok)
    const { url, timeoutMs } = call(server.port)
    expect(await outcome(clientOf().request({ method: 'GET', url, timeoutMs }))).toBe('200 fine')
    expect(server.requests[0]!.request.headers['content-length']).toBe(undefined)
  })

  const text = 'x'.repeat(1000)
  const answers: [string, RequestListener, string][] = [
    ['204', (_, response) => response.writeHead(204).end(), '204 '],
    ['503', (_, response) => response.writeHead(503).end('busy'), '503 busy'],
    [
      'a redirect, which it does not follow',
      (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
      '307 ',
    ],
    ['the limit', (_, response) => response.end(text), `200 ${text}`],
    [
      'more than the limit',
      (_, response) => response.end(`${text}x`),
      'Permanent: the answer from HOST is larger than the limit of 1000 bytes',
    ],
    [
      'chunks without an end',
      (_, response) => {
        const more = () => {
          if (!response.destroyed) response.write(text, more)
        }
        more()
      },
      'Permanent: the answer from HOST is larger than the limit of 1000 bytes',
    ],
    ['the limit, gzip', (_, response) => gzipped(response, gzipSync(text)), `200 ${text}`],
    [
      'more than the limit, gzip',
      (_, response) => gzipped(response, gzipSync(`${text}x`)),
      'Permanent: cannot read the answer: ' +
        'the decompressed body is larger than the limit of 1000 bytes',
    ],
    [
      'what is not gzip',
      (_, response) => gzipped(response, Buffer.from('plain text, surely')),
      'Permanent: cannot read the answer: gzip: invalid header',
    ],
    [
      'an unknown encoding',
      (_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('x'),
      'Permanent: the answer has an unknown content-encoding "br"',
    ],
  ]
  it.each(answers)('takes %s', async (_, answer, expected) => {
    const server = await serve(answer)
    const client = clientOf({ responseBytesMax: 1000 })
    const result = await outcome(client.request(call(server.port)))
    expect(result.replace(`127.0.0.1:${server.port}`, 'HOST')).toBe(expected)
    expect(server.requests.length).toBe(1)
  })

  const lost: [string, (socket: Socket) => void, RegExp][] = [
    ['no answer', (socket) => socket.end(), /^Retryable: no answer from .*: other side closed$/],
    [
      'a reset',
      (socket) => socket.resetAndDestroy(),
      /^Retryable: no answer from .*: connection reset by the other side$/,
    ],
    [
      'half an answer',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'),
      /^Retryable: no answer from .*: /,
    ],
    ['noise', (socket) => socket.end('nonsense\r\n\r\n'), /^Retryable: no answer from .*: /],
  ]
  it.each(lost)('takes %s for lost', async (_, answer, expected) => {
    const port = await answerRaw(answer)
    expect(await outcome(clientOf().request(call(port)))).toMatch(expected)
  })

  it('says why it cannot connect', async () => {
    const server = await serve(ok)
    const port = server.port
    for (const close of cleanUp.splice(0)) await close()
    expect(await outcome(clientOf().request(call(port)))).toBe(
      `Retryable: cannot connect to 127.0.0.1:${port}: connection refused`,
    )
    const network: Network = {
      ...systemNetwork,
      connect: (address) => {
        const socket = systemNetwork.connect(address)
        socket.destroy(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))
        return socket
      },
    }
    const url = new URL('http://nowhere/')
    expect(await outcome(clientOf({ network }).request(call(1, { url })))).toBe(
      'Retryable: cannot connect to nowhere:80: unknown host',
    )
  })

  it('gives up connecting', async () => {
    const clock = new FakeClock()
    const network: Network = { ...systemNetwork, connect: () => new SilentSocket() }
    const url = new URL('http://silent:4318/')
    const result = outcome(
      clientOf({ network, clock }).request(call(1, { url, timeoutMs: 60_000 })),
    )
    await clock.tick(20_000)
    expect(await result).toBe('Retryable: cannot connect to silent:4318: timed out')
  })

  it('gives up at its timeout', async () => {
    const server = await serve(() => {})
    const result = await outcome(clientOf().request(call(server.port, { timeoutMs: 50 })))
    expect(result).toBe(`Retryable: no answer from 127.0.0.1:${server.port} within 50ms`)
    const slow = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10 })
      response.write('half')
    })
    const half = await outcome(clientOf().request(call(slow.port, { timeoutMs: 50 })))
    expect(half).toBe(`Retryable: no answer from 127.0.0.1:${slow.port} within 50ms`)
  })

  it('can be cancelled', async () => {
    const server = await serve(() => {})
    const stop = new AbortController()
    const client = clientOf()
    const result = outcome(client.request(call(server.port, { signal: stop.signal })))
    await expect.poll(() => server.requests.length, eventually).toBe(1)
    stop.abort()
    const cancelled = `Retryable: the request to 127.0.0.1:${server.port} was cancelled`
    expect(await result).toBe(cancelled)
    const again = client.request(call(server.port, { signal: AbortSignal.abort() }))
    expect(await outcome(again)).toBe(cancelled)
  })

  it('does not send what is too large', async () => {
    const server = await serve(ok)
    const client = clientOf({ requestBytesMax: 1000 })
    const body = [Buffer.alloc(600), Buffer.alloc(401)]
    expect(await outcome(client.request(call(server.port, { body })))).toBe(
      `Permanent: cannot send 1001 bytes to 127.0.0.1:${server.port}: the limit is 1000`,
    )
    expect(server.requests).toEqual([])
  })

  const connections: [string, Partial<HttpClientOptions>, number][] = [
    ['keeps its connections', { connectionsMax: 1 }, 1],
    ['keeps none when told so', { keepAlive: false }, 5],
  ]
  it.each(connections)('%s', async (_, options, count) => {
    const server = await serve(ok)
    const client = clientOf(options)
    for (let n = 0; n < 5; n++) await client.request(call(server.port))
    expect(server.sockets.size).toBe(count)
  })

  it('opens as many connections as there are requests, or as it may', async () => {
    for (const [connectionsMax, count] of [
      [0, 6],
      [2, 2],
    ] as const) {
      const server = await serve((_, response) => setImmediate(() => response.end()))
      const client = clientOf({ connectionsMax })
      await Promise.all(Array.from({ length: 6 }, () => client.request(call(server.port))))
      expect(server.sockets.size).toBe(count)
    }
  })

  it('waits for requests under way when it is closed', async () => {
    let response: ServerResponse | undefined
    const server = await serve((_, one) => {
      response = one
    })
    const client = clientOf()
    const result = outcome(client.request(call(server.port)))
    await expect.poll(() => response, eventually).toBeDefined()
    const closing = client.close(new AbortController().signal)
    response!.end('fine')
    expect(await result).toBe('200 fine')
    await closing
    expect(await outcome(client.request(call(server.port)))).toMatch(/^Retryable: /)
  })
})

describe('an HTTP client with a proxy', () => {
  it('gives it plain requests, with credentials', async () => {
    const proxy = await serve(ok)
    const client = clientOf({ proxy: new URL(`http://me:p%40ss@127.0.0.1:${proxy.port}`) })
    const url = new URL('http://tempo:4318/v1/traces?a=b')
    expect(await outcome(client.request(call(1, { url })))).toBe('200 fine')
    const { request } = proxy.requests[0]!
    expect([request.url, request.headers.host]).toEqual([url.href, 'tempo:4318'])
    expect(request.headers['proxy-authorization']).toBe(
      `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    )
  })

  it('says when the proxy refuses a tunnel', async () => {
    const port = await answerRaw((socket) => socket.end('HTTP/1.1 407 No\r\n\r\n'))
    const client = clientOf({ proxy: new URL(`http://127.0.0.1:${port}`) })
    const url = new URL('https://tempo:4318/')
    expect(await outcome(client.request(call(1, { url })))).toBe(
      `Retryable: cannot connect to 127.0.0.1:${port}: ` +
        'the proxy answered 407 to CONNECT tempo:4318',
    )
  })

  it('refuses an endless answer of a proxy', async () => {
    const port = await answerRaw((socket) => socket.write('x'.repeat(100_000)))
    const client = clientOf({ proxy: new URL(`http://127.0.0.1:${port}`) })
    const url = new URL('https://tempo:4318/')
    expect(await outcome(client.request(call(1, { url })))).toMatch(/the proxy answered no HTTP/)
  })
})

function gzipped(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'content-encoding': 'gzip' }).end(body)
}

/** A connection that never comes about. */
class SilentSocket extends Duplex {
  readonly connecting = true
  override _read(): void {}
  override _write(): void {}
}
