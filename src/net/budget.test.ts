import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { MemoryBudget, Retryable, systemClock } from '#sdk'
import {
  callData,
  callHeaders,
  eventually,
  FRAME,
  frameClient,
  grpcMessage,
  loopback,
  otlpRoute,
  parseAnswers,
  type RunningServer,
  rawGrpcCall,
  serveGrpc,
  startHttpServer,
  TRACES,
} from '#support'
import { decodeStatus } from '#wire'
import { messagePrefix } from './grpc-frames.js'
import type { GrpcServerOptions } from './grpc-server.js'
import type { HttpServerOptions } from './http-server.js'

const LIMIT = 100_000
const JSON_TYPE = 'application/json'

let budget: MemoryBudget

/** A server of each protocol, of one process. */
async function start(
  { grpc, http }: { grpc?: Partial<GrpcServerOptions>; http?: Partial<HttpServerOptions> } = {},
  limit = LIMIT,
) {
  budget = new MemoryBudget(systemClock, limit)
  const servers = {
    grpc: await serveGrpc(grpc, { budget }),
    http: await startHttpServer(http, { ...loopback, budget }),
  }
  onTestFinished(() => servers.http.listener.close(AbortSignal.abort()))
  return servers
}

function connectTo({ port }: RunningServer) {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  const answers = () => parseAnswers(Buffer.concat(chunks))
  const answer = async () => {
    const before = answers().length
    await expect.poll(() => answers().length, eventually).toBeGreaterThan(before)
    return answers().at(-1)!
  }
  return { socket, answers, answer }
}

function head(bytes: number, more = '', type = 'application/x-protobuf'): string {
  return `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${bytes}\r\n${more}\r\n`
}

/** A request that holds 90,000 bytes and does not go on. */
async function holdMost({ http }: { readonly http: RunningServer }) {
  const holder = connectTo(http)
  holder.socket.write(`${head(90_001)}${'x'.repeat(90_000)}`)
  await expect.poll(() => budget.usedBytes, eventually).toBe(90_000)
  return holder
}

/** Opens a call and sends so much of its message. */
function begin(server: RunningServer, bytes: number, sent: number) {
  const client = frameClient(server).greet()
  const id = client.newStream()
  const part = Buffer.concat([messagePrefix(bytes, false), Buffer.alloc(sent)])
  client.send(callHeaders(id), callData(id, part, 0))
  return { client, isAnswered: () => client.of(FRAME.headers, id).length > 0 }
}

describe('over the budget', () => {
  it('a body is refused before it comes, by what it declares, and others are not touched', async () => {
    const { http } = await start()
    const large = await holdMost({ http })
    const other = connectTo(http)
    other.socket.write(`${head(9000)}${'x'.repeat(9000)}`)
    expect((await other.answer()).status).toBe(200)
    const { socket, answer } = connectTo(http)
    socket.write(head(20_000, '', JSON_TYPE))
    const refused = await answer()
    expect(refused.status).toBe(503)
    expect(decodeStatus('json', refused.body)).toMatchObject({
      code: 14,
      message: 'the memory budget is used up; try again later',
    })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    other.socket.write(`${head(9000)}${'x'.repeat(9000)}`)
    expect((await other.answer()).status).toBe(200)
    expect([large.answers(), large.socket.destroyed]).toEqual([[], false])
    large.socket.destroy()
    await expect.poll(() => budget.usedBytes, eventually).toBe(0)
    socket.write(`${'y'.repeat(20_000)}${head(20_000)}${'x'.repeat(20_000)}`)
    expect((await answer()).status).toBe(200)
  })

  it('a message is refused as soon as its prefix has come', async () => {
    const { grpc, http } = await start()
    await holdMost({ http })
    const { client, isAnswered } = begin(grpc, 20_000, 1)
    await expect.poll(isAnswered, eventually).toBe(true)
    expect(client.socket.destroyed).toBe(false)
    const { headers } = await rawGrpcCall(grpc.port, {}, [grpcMessage(Buffer.alloc(20_000))])
    expect(headers).toMatchObject({
      'grpc-status': '14',
      'grpc-message': 'the memory budget is used up; try again later',
    })
    const details = Buffer.from(String(headers['grpc-status-details-bin']), 'base64')
    expect(decodeStatus('protobuf', details).retryDelayMs).toBeGreaterThanOrEqual(1000)
    const small = await rawGrpcCall(grpc.port, {}, [grpcMessage(Buffer.alloc(9000))])
    expect(small.headers['grpc-status']).toBe('0')
    expect([budget.usedBytes, budget.refusedCount]).toEqual([90_000, 2])
  })

  it('a body of unknown length is refused as it grows, also by decompression', async () => {
    const { http } = await start()
    await holdMost({ http })
    const chunked = connectTo(http)
    const chunks = `4000\r\n${'x'.repeat(0x4000)}\r\n0\r\n\r\n`
    chunked.socket.write(
      `${head(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked')}${chunks}`,
    )
    expect((await chunked.answer()).status).toBe(503)
    const zipped = gzipSync(Buffer.alloc(50_000))
    const packed = connectTo(http)
    packed.socket.write(head(zipped.length, 'Content-Encoding: gzip\r\n'))
    packed.socket.write(zipped)
    expect((await packed.answer()).status).toBe(503)
    expect(budget.usedBytes).toBe(90_000)
  })

  it('announced bytes take nothing from others', async () => {
    const { grpc, http } = await start()
    begin(grpc, 99_000, 100)
    connectTo(http).socket.write(head(99_000))
    await expect.poll(() => budget.usedBytes, eventually).toBe(105)
    const { headers } = await rawGrpcCall(grpc.port, {}, [grpcMessage(Buffer.alloc(50_000))])
    expect(headers['grpc-status']).toBe('0')
  })

  it('a request alone is taken all the same', async () => {
    const { grpc, http } = await start({}, 1000)
    const { headers } = await rawGrpcCall(grpc.port, {}, [grpcMessage(Buffer.alloc(50_000))])
    expect(headers['grpc-status']).toBe('0')
    const zipped = gzipSync(Buffer.alloc(50_000))
    const alone = connectTo(http)
    alone.socket.write(head(zipped.length, 'Content-Encoding: gzip\r\n'))
    alone.socket.write(zipped)
    expect((await alone.answer()).status).toBe(200)
    await expect.poll(() => budget.usedBytes, eventually).toBe(0)
  })
})

it('nothing leaks, however a request ends', async () => {
  const failing = async () => {
    throw new Retryable('full')
  }
  const { grpc, http } = await start({
    grpc: { methods: new Map([[TRACES, failing]]), messageBytesMax: 10_000 },
    http: { routes: new Map([['/v1/traces', otlpRoute(failing)]]), bodyBytesMax: 10_000 },
  })
  const bodies = [Buffer.alloc(100), Buffer.alloc(20_000)]
  for (const body of bodies) await rawGrpcCall(grpc.port, {}, [grpcMessage(body)])
  for (const [length, body] of [
    [100, 'x'.repeat(100)],
    [20_000, ''],
    [5000, 'x'],
  ] as const) {
    const { socket } = connectTo(http)
    socket.end(`${head(length)}${body}`)
  }
  const broken = connectTo(http)
  broken.socket.write(`${head(5, 'Content-Encoding: gzip\r\n')}never`)
  expect((await broken.answer()).status).toBe(400)
  begin(grpc, 9000, 10).client.socket.destroy()
  await expect.poll(() => budget.usedBytes, eventually).toBe(0)
})

describe('what a receiver foresees', () => {
  const refusal = (_: string, bytes: number) =>
    bytes > 1000 ? new Retryable('the queue is full', { retryAfterMs: 3000 }) : undefined

  it('is answered before the body comes, by HTTP', async () => {
    const route = { ...otlpRoute(async ({ body }) => body), refusal }
    const { http } = await start({ http: { routes: new Map([['/v1/traces', route]]) } })
    const { socket, answer } = connectTo(http)
    socket.write(head(2000, 'Expect: 100-continue\r\n', JSON_TYPE))
    const refused = await answer()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '3'])
    expect(decodeStatus('json', refused.body)).toMatchObject({ retryDelayMs: 3000 })
    const small = connectTo(http)
    small.socket.write(`${head(3)}abc`)
    expect((await small.answer()).status).toBe(200)
  })

  it('is answered before the message has come, by gRPC', async () => {
    const { grpc } = await start({ grpc: { refusal } })
    const { isAnswered } = begin(grpc, 2000, 1)
    await expect.poll(isAnswered, eventually).toBe(true)
    const { headers } = await rawGrpcCall(grpc.port, {}, [grpcMessage(Buffer.alloc(10))])
    expect(headers['grpc-status']).toBe('0')
  })
})
