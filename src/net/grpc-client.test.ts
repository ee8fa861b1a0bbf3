import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { compressionAlgorithms, type Server as GrpcJsServer, Metadata } from '@grpc/grpc-js'
import { afterEach, describe, expect, it } from 'vitest'
import type { Network } from '#sdk'
import {
  FakeClock,
  FRAME,
  frame,
  grpcClient,
  grpcMessage,
  loopback,
  outcomeOf,
  respondGrpc,
  startGrpcJsServer,
  startGrpcServer,
  startScriptedGrpc,
  TRACES,
} from '#support'
import { encodeStatus } from '#wire'
import type { GrpcClient, GrpcClientOptions } from './grpc-client.js'
import { systemNetwork } from './system-network.js'

const cleanUp: (() => unknown)[] = []

afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close()
})

function clientOf(to: number | string, options: Partial<GrpcClientOptions> = {}): GrpcClient {
  const client = grpcClient(to, options)
  cleanUp.push(() => client.close(AbortSignal.abort()))
  return client
}

async function grpcJs(
  ...args: Parameters<typeof startGrpcJsServer>
): Promise<{ server: GrpcJsServer; port: number }> {
  const running = await startGrpcJsServer(...args)
  cleanUp.push(() => running.server.forceShutdown())
  return running
}

async function scripted(
  ...answers: Parameters<typeof startScriptedGrpc>
): Promise<Awaited<ReturnType<typeof startScriptedGrpc>>> {
  const running = await startScriptedGrpc(...answers)
  cleanUp.push(running.close)
  return running
}

async function listenRaw(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => server.close())
  return (server.address() as AddressInfo).port
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const call = { timeoutMs: 5000 }
const eventually = { interval: 5, timeout: 5000 }

describe('a gRPC client, with a grpc-js server', () => {
  const compressions = ['none', 'gzip', 'deflate', 'zlib'] as const
  it.each(compressions)('sends chunks as one message, compressed with %s', async (compression) => {
    const seen: Buffer[] = []
    const { port } = await grpcJs(
      ({ request }, done) => {
        seen.push(request)
        done(null, request.subarray(0, 10))
      },
      { 'grpc.max_receive_message_length': -1 },
    )
    const client = clientOf(port, { compression })
    const chunks = [Buffer.alloc(100_000, 'a'), Buffer.alloc(3_000_000, 'b'), Buffer.from('c')]
    expect(await outcomeOf(client.call(TRACES, chunks, call))).toBe('a'.repeat(10))
    expect(seen[0]!.equals(Buffer.concat(chunks))).toBe(true)
    expect(await outcomeOf(client.call(TRACES, [], call))).toBe('')
  })

  it('reads compressed answers', async () => {
    const { port } = await grpcJs(({ request }, done) => done(null, request), {
      'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
    })
    const text = 'abc'.repeat(10_000)
    const client = clientOf(port, { compression: 'gzip' })
    expect(await outcomeOf(client.call(TRACES, [Buffer.from(text)], call))).toBe(text)
  })

  it('hears status, message and RetryInfo', async () => {
    const status = encodeStatus('protobuf', { code: 8, message: 'x', retryDelayMs: 2500 })
    const { port } = await grpcJs((_, done) => {
      const metadata = new Metadata()
      metadata.set('grpc-status-details-bin', Buffer.from(status))
      done({ code: 8, details: 'voll, 50 % größer', metadata })
    })
    const answer = await clientOf(port).call(TRACES, [Buffer.from('x')], call)
    expect([answer.code, answer.message, answer.retryDelayMs]).toEqual([
      8,
      'voll, 50 % größer',
      2500,
    ])
  })

  it('sends headers: those of the client, those of the call, and the deadline', async () => {
    const seen: unknown[] = []
    const { port } = await grpcJs((grpcCall, done) => {
      const { metadata } = grpcCall
      seen.push(metadata.get('a'), metadata.get('b'), metadata.get('user-agent'))
      const leftMs = Number(grpcCall.getDeadline()) - loopback.clock.now()
      seen.push(leftMs > 1000 && leftMs <= 5000)
      done(null, Buffer.from(''))
    })
    const client = clientOf(port, { headers: { a: '1', b: '2' } })
    const headers = new Map([
      ['a', '3'],
      ['b', undefined],
    ])
    await client.call(TRACES, [], { ...call, headers })
    expect(seen).toEqual([['3'], [], ['weir-test'], true])
  })

  it('makes many calls at once over one connection', async () => {
    const { port } = await grpcJs(({ request }, done) => done(null, request))
    const client = clientOf(port)
    const texts = Array.from({ length: 500 }, (_, n) => `call ${n}`)
    const answers = texts.map((text) => outcomeOf(client.call(TRACES, [Buffer.from(text)], call)))
    expect(await Promise.all(answers)).toEqual(texts)
  })
})

describe('a gRPC client', () => {
  it('sends again what the server surely did not look at', async () => {
    const refuse = (stream: ServerHttp2Stream) => stream.close(7)
    const { port, streams } = await scripted(
      refuse,
      refuse,
      respondGrpc(grpcMessage(Buffer.from('x'))),
    )
    expect(await outcomeOf(clientOf(port).call(TRACES, [], call))).toBe('x')
    expect(streams()).toBe(3)
  })

  it('gives up when the server refuses again and again', async () => {
    const { port, streams } = await scripted((stream) => stream.close(7))
    const result = await outcomeOf(clientOf(port).call(TRACES, [], call))
    expect(result).toMatch(/^Retryable: no answer from .*: request reset \(REFUSED_STREAM\)$/)
    expect(streams()).toBe(3)
  })

  it('goes on with a new connection after GOAWAY, losing nothing', async () => {
    const sessions = new Set<unknown>()
    const { port } = await scripted((stream) => {
      sessions.add(stream.session)
      stream.session!.close()
      respondGrpc(grpcMessage(Buffer.from('x')))(stream)
    })
    const client = clientOf(port)
    for (let n = 0; n < 5; n++) expect(await outcomeOf(client.call(TRACES, [], call))).toBe('x')
    const many = Array.from({ length: 3 }, () => outcomeOf(client.call(TRACES, [], call)))
    expect(new Set(await Promise.all(many))).toEqual(new Set(['x']))
    expect(sessions.size).toBeGreaterThan(5)
  })

  it('does not send again what a lost server may have looked at', async () => {
    const { port, streams, cut } = await scripted(() => {})
    const result = outcomeOf(clientOf(port).call(TRACES, [], call))
    await expect.poll(streams, eventually).toBe(1)
    cut()
    expect(await result).toBe(`Retryable: no answer from 127.0.0.1:${port}: connection closed`)
    expect(streams()).toBe(1)
  })

  it('says why it cannot connect, and does not try again before the back-off', async () => {
    const clock = new FakeClock()
    const port = await freePort()
    let tries = 0
    const network: Network = {
      ...systemNetwork,
      connect: (address) => {
        tries++
        return systemNetwork.connect(address)
      },
    }
    const client = clientOf(port, { clock, network })
    const refused = `Retryable: cannot connect to 127.0.0.1:${port}: connection refused`
    expect(await outcomeOf(client.call(TRACES, [], call))).toBe(refused)
    expect(await outcomeOf(client.call(TRACES, [], call))).toBe(refused)
    expect(tries).toBe(1)
    await clock.tick(1000)
    expect(await outcomeOf(client.call(TRACES, [], call))).toBe(refused)
    expect(tries).toBe(2)
    await clock.tick(1599)
    expect(await outcomeOf(client.call(TRACES, [], call))).toBe(refused)
    expect(tries).toBe(2)
    await clock.tick(1)
    await outcomeOf(client.call(TRACES, [], call))
    expect(tries).toBe(3)
  })

  it('waits for the server to come when it is told to', async () => {
    const port = await freePort()
    const clock = new FakeClock()
    const client = clientOf(port, { waitForReady: true, clock })
    const waiting = outcomeOf(client.call(TRACES, [Buffer.from('x')], { timeoutMs: 60_000 }))
    await expect.poll(() => clock.pending, eventually).toBe(2)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    await new Promise((resolve) => server.close(resolve))
    const late = await startGrpcServer({}, loopback, port)
    cleanUp.push(() => late.listener.close())
    await clock.tick(2000)
    expect(await waiting).toBe('x')
  })

  it('gives up waiting at its timeout', async () => {
    const client = clientOf(await freePort(), { waitForReady: true })
    const result = await outcomeOf(client.call(TRACES, [], { timeoutMs: 50 }))
    expect(result).toMatch(/^Retryable: no answer from 127.0.0.1:\d+ within 50ms$/)
  })

  it('gives up at its timeout, and drops a connection that is dead', async () => {
    const clock = new FakeClock()
    const sockets: { destroyed: boolean }[] = []
    // It speaks just enough to be taken for alive once.
    const server = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => {})
      socket.write(frame(FRAME.settings, 0, 0))
      socket.resume()
    })
    const client = clientOf(await listenRaw(server), { clock })
    const result = outcomeOf(client.call(TRACES, [], call))
    await expect.poll(() => sockets.length, eventually).toBe(1)
    await clock.tick(5000)
    expect(await result).toMatch(/^Retryable: no answer from .* within 5s$/)
    await clock.tick(20_000)
    await expect.poll(() => sockets[0]!.destroyed, eventually).toBe(true)
  })

  it('pings a silent server, and drops the connection without an answer', async () => {
    const clock = new FakeClock()
    const received: Buffer[] = []
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.write(frame(FRAME.settings, 0, 0))
      socket.on('data', (chunk) => received.push(chunk))
    })
    const pings = { afterMs: 10_000, timeoutMs: 2000, withoutStream: false }
    const client = clientOf(await listenRaw(server), { clock, pings })
    const result = outcomeOf(client.call(TRACES, [], { timeoutMs: 60_000 }))
    // More than preface and settings: the request is out.
    await expect.poll(() => Buffer.concat(received).length, eventually).toBeGreaterThan(150)
    await clock.tick(10_000)
    await clock.tick(2000)
    expect(await result).toMatch(/^Retryable: no answer from .*: no answer to a ping$/)
  })

  it('can be cancelled', async () => {
    const { port } = await scripted(() => {})
    const client = clientOf(port)
    const stop = new AbortController()
    const result = outcomeOf(client.call(TRACES, [], { ...call, signal: stop.signal }))
    stop.abort()
    expect(await result).toMatch(/^Retryable: the call to .* was cancelled$/)
    const again = outcomeOf(client.call(TRACES, [], { ...call, signal: AbortSignal.abort() }))
    expect(await again).toMatch(/was cancelled$/)
  })

  it('does not send what is too large', async () => {
    const { port, streams } = await scripted(respondGrpc(grpcMessage(Buffer.alloc(0))))
    const client = clientOf(port, { requestBytesMax: 1000, compression: 'gzip' })
    const large = [Buffer.alloc(600), Buffer.alloc(401)]
    expect(await outcomeOf(client.call(TRACES, large, call))).toBe(
      `Permanent: cannot send 1001 bytes to 127.0.0.1:${port}: the limit is 1000`,
    )
    expect(streams()).toBe(0)
    expect(await outcomeOf(client.call(TRACES, [Buffer.alloc(1000)], call))).toBe('')
  })

  it('notices a server that does not speak HTTP/2', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const client = clientOf(await listenRaw(server))
    expect(await outcomeOf(client.call(TRACES, [], call))).toMatch(/^Retryable: cannot connect to/)
  })

  it('waits for calls under way when it is closed', async () => {
    let release = () => {}
    const { port, streams } = await scripted((stream) => {
      release = () => respondGrpc(grpcMessage(Buffer.from('x')))(stream)
    })
    const client = clientOf(port)
    const result = outcomeOf(client.call(TRACES, [], call))
    await expect.poll(streams, eventually).toBe(1)
    const closing = client.close(new AbortController().signal)
    release()
    expect(await result).toBe('x')
    await closing
    expect(await outcomeOf(client.call(TRACES, [], call))).toMatch(/the client of .* was closed$/)
  })

  it.each(['round_robin', 'pick_first'] as const)('spreads calls: %s', async (balancer) => {
    const hosts = ['127.0.0.1', '127.0.0.2', '127.0.0.3']
    const counts = new Map<string, number>()
    let port = 0
    for (const host of hosts) {
      const server = createHttp2Server()
      const sessions = new Set<{ destroy(): void }>()
      server.on('session', (session) => sessions.add(session))
      server.on('stream', (stream) => {
        counts.set(host, (counts.get(host) ?? 0) + 1)
        stream.resume()
        respondGrpc(grpcMessage(Buffer.alloc(0)))(stream)
      })
      await new Promise<void>((resolve) => server.listen(port, host, resolve))
      port = (server.address() as AddressInfo).port
      cleanUp.push(() => {
        for (const session of sessions) session.destroy()
        server.close()
      })
    }
    const network: Network = { ...systemNetwork, resolve: async () => hosts }
    const client = clientOf(`localhost:${port}`, { balancer, network })
    for (let n = 0; n < 30; n++) await client.call(TRACES, [], call)
    const spread = [...counts.values()].filter((count) => count >= 5).length
    expect(spread).toBe(balancer === 'round_robin' ? 3 : 1)
  })

  it('follows the addresses behind a name', async () => {
    const clock = new FakeClock()
    const first = await scripted(respondGrpc(grpcMessage(Buffer.from('1'))))
    let host = '127.0.0.1'
    let lookups = 0
    const network: Network = {
      ...systemNetwork,
      connect: (address) =>
        systemNetwork.connect('host' in address ? { ...address, host: '127.0.0.1' } : address),
      resolve: async () => {
        lookups++
        return [host]
      },
    }
    const client = clientOf(`tempo:${first.port}`, { clock, network })
    expect(await outcomeOf(client.call(TRACES, [], call))).toBe('1')
    expect(await outcomeOf(client.call(TRACES, [], call))).toBe('1')
    expect(lookups).toBe(1)
    host = '127.0.0.9'
    await clock.tick(30_000)
    expect(await outcomeOf(client.call(TRACES, [], call))).toBe('1')
    await expect.poll(() => lookups, eventually).toBe(2)
    expect(await outcomeOf(client.call(TRACES, [], call))).toBe('1')
  })

  it('says that a name is unknown', async () => {
    const network: Network = {
      ...systemNetwork,
      resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
    }
    const client = clientOf('nowhere:4317', { network })
    expect(await outcomeOf(client.call(TRACES, [], call))).toBe(
      'Retryable: cannot connect to nowhere:4317: unknown host',
    )
  })
})
