import { deflateSync, gzipSync } from 'node:zlib'
import { type Client, compressionAlgorithms } from '@grpc/grpc-js'
import { afterEach, describe, expect, it } from 'vitest'
import { Permanent, Retryable } from '#sdk'
import {
  grpcClient,
  grpcJsCall,
  grpcJsClient,
  grpcMessage,
  grpcServerOptions,
  type RunningServer,
  rawGrpcCall,
  startGrpcServer,
  TRACES,
} from '#support'
import { decodeStatus } from '#wire'
import { compress } from './compress.js'
import type { GrpcServerOptions } from './grpc-server.js'
import { grpcOffer } from './grpc-server.js'
import { Code, StatusError } from './status.js'

const running: RunningServer[] = []
const clients: Client[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await Promise.all(running.splice(0).map(({ listener }) => listener.close()))
})

async function start(options: Partial<GrpcServerOptions> = {}): Promise<RunningServer> {
  const server = await startGrpcServer(options)
  running.push(server)
  return server
}

function clientOf({ port }: RunningServer, options = {}): Client {
  const client = grpcJsClient(port, { 'grpc.max_receive_message_length': -1, ...options })
  clients.push(client)
  return client
}

function failing(error: unknown) {
  return { methods: new Map([[TRACES, () => Promise.reject(error)]]) }
}

describe('a gRPC server, called by grpc-js', () => {
  const sizes = [0, 1, 100, 16_379, 16_384, 65_535, 1_000_000, 4 * 1024 * 1024]
  it.each(sizes)('echoes a message of %i bytes', async (size) => {
    const server = await start()
    const message = Buffer.alloc(size, 'abc')
    const answer = await grpcJsCall(clientOf(server), TRACES, message)
    expect(answer.code).toBe(0)
    expect(answer.response!.equals(message)).toBe(true)
  })

  it.each(['gzip', 'deflate'] as const)('reads messages compressed with %s', async (algorithm) => {
    const server = await start()
    const client = clientOf(server, {
      'grpc.default_compression_algorithm': compressionAlgorithms[algorithm],
    })
    const message = Buffer.alloc(100_000, 'abc')
    const answer = await grpcJsCall(client, TRACES, message)
    expect([answer.code, answer.response!.equals(message)]).toEqual([0, true])
  })

  const failures: [string, unknown, Partial<{ code: number; message: string; delay: number }>][] = [
    ['a StatusError', new StatusError(Code.NOT_FOUND, 'no'), { code: 5, message: 'no' }],
    ['Retryable', new Retryable('full'), { code: 14, message: 'full' }],
    ['Retryable with a wait', new Retryable('full', { retryAfterMs: 1500 }), { delay: 1500 }],
    ["a backend's code", new Retryable('x', { code: 8, retryAfterMs: 0 }), { code: 8, delay: 0 }],
    ['Permanent', new Permanent('bad'), { code: 13, message: 'bad' }],
    ['Permanent with a code', new Permanent('bad', { code: 3 }), { code: 3, message: 'bad' }],
    ['a text beyond ASCII', new Permanent('50 % naïve\n'), { message: '50 % naïve\n' }],
  ]
  it.each(failures)('answers %s', async (_, error, { code, message, delay }) => {
    const server = await start(failing(error))
    const answer = await grpcJsCall(clientOf(server), TRACES, Buffer.from('x'))
    if (code !== undefined) expect(answer.code).toBe(code)
    if (message !== undefined) expect(answer.message).toBe(message)
    const [details] = answer.metadata?.get('grpc-status-details-bin') ?? []
    const status = details ? decodeStatus('protobuf', details as Buffer) : undefined
    expect(status?.retryDelayMs).toBe(delay)
  })

  it('answers a bug as retryable, and reports it', async () => {
    const bugs: unknown[] = []
    const bug = new TypeError('oops')
    const server = await start({ ...failing(bug), onBug: (error) => bugs.push(error) })
    const answer = await grpcJsCall(clientOf(server), TRACES, Buffer.from('x'))
    expect([answer.code, answer.message]).toEqual([14, 'internal error; try again'])
    expect(bugs).toEqual([bug])
  })

  const limit = 1000
  const bodies: [string, number, string, number][] = [
    ['exactly the limit', limit, '', 0],
    ['one more', limit + 1, '', 8],
    ['far more', 10_000_000, '', 8],
    ['exactly the limit, gzip', limit, 'gzip', 0],
    ['one more, gzip', limit + 1, 'gzip', 8],
    ['a bomb, gzip', 100_000_000, 'gzip', 8],
  ]
  it.each(bodies)('with a limit takes %s or refuses it for good', async (_, size, gzip, code) => {
    let seen = 0
    const methods = new Map([
      [
        TRACES,
        async ({ message }: { message: Uint8Array }) => {
          seen = message.length
          return new Uint8Array()
        },
      ],
    ])
    const server = await start({ methods, messageBytesMax: limit })
    const options = gzip && { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip }
    const client = clientOf(server, { 'grpc.max_send_message_length': -1, ...(options || {}) })
    const answer = await grpcJsCall(client, TRACES, Buffer.alloc(size))
    expect(answer.code).toBe(code)
    expect(answer.metadata?.get('grpc-status-details-bin') ?? []).toEqual([])
    expect(seen).toBe(code === 0 ? size : 0)
  })

  it('does not know other methods', async () => {
    const server = await start()
    const answer = await grpcJsCall(clientOf(server), '/a.B/C', Buffer.alloc(100_000))
    expect([answer.code, answer.message]).toEqual([12, 'unknown method /a.B/C'])
  })

  it('gives handlers headers, peer and what the authenticator knows', async () => {
    const seen: unknown[] = []
    const server = await start({
      auth: {
        check: async (header) =>
          header('authorization') === 'Bearer 1' ? new Map([['subject', 'ann']]) : undefined,
      },
      methods: new Map([
        [
          TRACES,
          async (request) => {
            seen.push(request.header('x-scope-orgid'), request.headers().get('x-scope-orgid'))
            seen.push(request.peer, request.auth.get('subject'), request.headers().has(':path'))
            return new Uint8Array()
          },
        ],
      ]),
    })
    const headers = { authorization: 'Bearer 1', 'X-Scope-OrgID': 'a' }
    const answer = await grpcJsCall(clientOf(server), TRACES, Buffer.from('x'), { headers })
    expect(answer.code).toBe(0)
    expect(seen).toEqual(['a', ['a'], '127.0.0.1', 'ann', false])
    const refused = await grpcJsCall(clientOf(server), TRACES, Buffer.alloc(3_000_000))
    expect([refused.code, refused.message]).toEqual([16, 'authentication failed'])
  })

  it('lets the deadline of the client pass', async () => {
    let release = () => {}
    const slow = () =>
      new Promise<Uint8Array>((resolve) => {
        release = () => resolve(new Uint8Array())
      })
    const server = await start({ methods: new Map([[TRACES, slow]]) })
    const message = grpcMessage(Buffer.from('x'))
    const { headers } = await rawGrpcCall(server.port, { 'grpc-timeout': '20m' }, [message])
    expect(headers).toMatchObject({ 'grpc-status': '4', 'grpc-message': 'not done within 20 ms' })
    expect(server.served.underWay).toBe(1)
    release()
  })
})

describe('a gRPC server', () => {
  const encodings: [string, (body: Buffer) => Promise<Uint8Array> | Uint8Array][] = [
    ['identity', (body) => body],
    ['gzip', (body) => gzipSync(body)],
    ['GZIP', (body) => gzipSync(body)],
    ['deflate', (body) => deflateSync(body)],
    ['zstd', async (body) => (await compress('zstd', [body]))[0]!],
    ['snappy', async (body) => (await compress('snappy', [body]))[0]!],
    ['snappy', async (body) => (await compress('x-snappy-framed', [body]))[0]!],
  ]
  it.each(encodings)('reads grpc-encoding %s', async (name, encode) => {
    const server = await start()
    const body = await encode(Buffer.alloc(300_000, 'abcdef'))
    const message = grpcMessage(body, name === 'identity' ? 0 : 1)
    const { headers } = await rawGrpcCall(server.port, { 'grpc-encoding': name }, [message])
    expect(headers['grpc-status']).toBe('0')
  })

  it.each([
    ['uses the memory of a message again once it was handled', true],
    ['leaves alone what a handler that failed may still look at', false],
  ])('%s', async (_, succeeds) => {
    const memories: ArrayBufferLike[] = []
    const method = async ({ message }: { readonly message: Uint8Array }) => {
      memories.push(message.buffer)
      if (!succeeds) throw new Retryable('no')
      return Buffer.alloc(0)
    }
    const server = await start({ methods: new Map([[TRACES, method]]) })
    for (let n = 0; n < 3; n++) {
      await rawGrpcCall(server.port, {}, [grpcMessage(Buffer.alloc(5000))])
    }
    expect(new Set(memories).size).toBe(succeeds ? 1 : 3)
  })

  it('gives way to a successor: the next call goes to it, the one under way stays', async () => {
    const server = await start()
    const client = grpcClient(server.port)
    let release = () => {}
    const slow = async () => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return Buffer.from('old')
    }
    const offer = (method: () => Promise<Buffer>) =>
      grpcOffer(grpcServerOptions({ methods: new Map([[TRACES, method]]) }))
    const old = server.listener.serve(offer(slow))
    const first = client.call(TRACES, [], { timeoutMs: 5000 })
    await expect.poll(() => old.underWay).toBe(1)
    server.listener.serve(offer(async () => Buffer.from('new')))
    const second = await client.call(TRACES, [], { timeoutMs: 5000 })
    expect(Buffer.from(second.response).toString()).toBe('new')
    let drained = false
    const draining = old.drain(new AbortController().signal).then(() => {
      drained = true
    })
    expect(drained).toBe(false)
    release()
    expect(Buffer.from((await first).response).toString()).toBe('old')
    await draining
    await client.close(AbortSignal.abort())
  })
})
