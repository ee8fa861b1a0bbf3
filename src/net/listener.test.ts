import { Agent, request as httpRequest } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import {
  FakeClock,
  FLAG,
  FRAME,
  FrameClient,
  frame,
  grpcHeaders,
  grpcMessage,
  grpcServerOptions,
  headerBlock,
  httpServerOptions,
  loopback,
  otlpRoute,
  TRACES,
} from '#support'
import { grpcOffer } from './grpc-server.js'
import { httpOffer } from './http-server.js'
import { Listener, type Offer } from './listener.js'
import type { Served } from './serving.js'

const open: Listener[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()))
})

async function listen(): Promise<{ listener: Listener; port: number }> {
  const listener = await Listener.open(loopback, { host: '127.0.0.1', port: 0 })
  open.push(listener)
  return { listener, port: (listener.address as { port: number }).port }
}

/** What a client saw: answers by text, and everything that was no answer. */
class Tally {
  readonly answers = new Map<string, number>()
  readonly failures: string[] = []

  answer(text: string): void {
    this.answers.set(text, (this.answers.get(text) ?? 0) + 1)
  }

  get count(): number {
    return [...this.answers.values()].reduce((sum, count) => sum + count, 0)
  }
}

const agents: Agent[] = []

function http1Request(port: number, agent: Agent, tally: Tally): Promise<void> {
  return new Promise((resolve) => {
    const request = httpRequest(
      { port, agent, path: '/v1/traces', method: 'POST', host: '127.0.0.1' },
      (response) => {
        let text = ''
        response.setEncoding('latin1')
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => {
          tally.answer(`${response.statusCode} ${text}`)
          resolve()
        })
      },
    )
    request.setHeader('content-type', 'application/x-protobuf')
    request.on('error', (error) => {
      tally.failures.push(error.message)
      resolve()
    })
    request.end('x')
  })
}

/**
 * Opens no streams after GOAWAY, as it should, and counts every reset and every answer that is
 * missing.
 */
class PlainGrpc {
  readonly #port: number
  readonly #tally: Tally
  #connection: FrameClient | undefined

  constructor(port: number, tally: Tally) {
    this.#port = port
    this.#tally = tally
  }

  call(): Promise<void> {
    this.#connection ??= this.#connect()
    const connection = this.#connection
    const id = connection.newStream()
    connection.send(
      frame(FRAME.headers, FLAG.endHeaders, id, headerBlock(grpcHeaders(TRACES))),
      frame(FRAME.data, FLAG.endStream, id, grpcMessage(Buffer.from('x'))),
    )
    return new Promise((resolve) => this.#waiting.set(`${this.#number} ${id}`, resolve))
  }

  close(): void {
    this.#connection?.socket.destroy()
  }

  readonly #waiting = new Map<string, () => void>()
  #number = 0

  #connect(): FrameClient {
    const number = ++this.#number
    const connection = new FrameClient(this.#port).greet()
    const texts = new Map<number, string>()
    const answered = (id: number, failure: string | undefined) => {
      const key = `${number} ${id}`
      const resolve = this.#waiting.get(key)
      if (!resolve) return
      this.#waiting.delete(key)
      if (failure) this.#tally.failures.push(failure)
      else this.#tally.answer(texts.get(id) ?? '')
      texts.delete(id)
      resolve()
    }
    connection.onFrame = ({ type, flags, stream, payload }) => {
      connection.frames.length = 0
      if (type === FRAME.data) texts.set(stream, payload.toString('latin1', 5))
      if (type === FRAME.goAway && this.#connection === connection) this.#connection = undefined
      if (type === FRAME.resetStream) answered(stream, `reset ${payload.readUInt32BE()}`)
      if (type === FRAME.headers && flags & FLAG.endStream) answered(stream, undefined)
    }
    connection.socket.once('close', () => {
      for (const key of this.#waiting.keys()) {
        const [, id] = key.split(' ')
        if (key.startsWith(`${number} `)) answered(Number(id), 'connection closed')
      }
    })
    return connection
  }
}

async function pause(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/**
 * Swaps offers `swaps` times while `work` goes on in many places at once; each old offer must
 * drain.
 */
async function swapUnderLoad(
  listener: Listener,
  swaps: number,
  offerOf: (n: number) => Offer,
  work: () => Promise<void>,
  workers: number,
): Promise<void> {
  let stop = false
  let served: Served = listener.serve(offerOf(0))
  const loops = Array.from({ length: workers }, async () => {
    while (!stop) await work()
  })
  const drains: Promise<void>[] = []
  for (let n = 1; n <= swaps; n++) {
    await pause(8)
    const old = served
    served = listener.serve(offerOf(n))
    drains.push(old.drain(new AbortController().signal))
  }
  stop = true
  await Promise.all(loops)
  await Promise.all(drains)
}

describe('a listener, swapped under load', () => {
  const kinds: [string, (n: number) => number][] = [
    ['handlers only', () => 16_384],
    ['handlers and settings that need new connections', (n) => 16_384 + (n % 40 === 0 ? n : 0)],
  ]

  it.each(kinds)('fails no HTTP/1.1 request: %s', async (_, headerBytesMax) => {
    const { listener, port } = await listen()
    const tally = new Tally()
    const agent = new Agent({ keepAlive: true, maxSockets: 16 })
    agents.push(agent)
    const offerOf = (n: number) => {
      const handle = async () => {
        if (n % 3 === 0) await pause(3)
        return Buffer.from(`by ${n}`)
      }
      return httpOffer(
        httpServerOptions({
          routes: new Map([['/v1/traces', otlpRoute(handle)]]),
          headerBytesMax: headerBytesMax(n),
          idleTimeoutMs: 10_000 + n,
        }),
      )
    }
    await swapUnderLoad(listener, 250, offerOf, () => http1Request(port, agent, tally), 16)
    agent.destroy()
    expect(tally.failures).toEqual([])
    expect([...tally.answers.keys()].filter((key) => !key.startsWith('200 by '))).toEqual([])
    expect(tally.count).toBeGreaterThan(1000)
    expect(tally.answers.size).toBeGreaterThan(100)
  })

  it.each(kinds)('fails no gRPC call: %s', async (_, headerBytesMax) => {
    const { listener, port } = await listen()
    const tally = new Tally()
    const clients = Array.from({ length: 4 }, () => new PlainGrpc(port, tally))
    const offerOf = (n: number) => {
      const method = async () => {
        if (n % 3 === 0) await pause(3)
        return Buffer.from(`by ${n}`)
      }
      const methods = new Map([[TRACES, method]])
      return grpcOffer(grpcServerOptions({ methods, headerBytesMax: headerBytesMax(n) }))
    }
    let next = 0
    const work = () => clients[next++ % clients.length]!.call()
    await swapUnderLoad(listener, 250, offerOf, work, 32)
    for (const client of clients) client.close()
    expect(tally.failures).toEqual([])
    expect([...tally.answers.keys()].filter((key) => !key.startsWith('by '))).toEqual([])
    expect(tally.count).toBeGreaterThan(1000)
    expect(tally.answers.size).toBeGreaterThan(100)
  })
})

describe('a listener', () => {
  const eventually = { interval: 5, timeout: 5000 }

  it('lets connections wait that come before anybody serves', async () => {
    const { listener, port } = await listen()
    const tally = new Tally()
    const asking = http1Request(port, new Agent(), tally)
    await expect.poll(() => listener.connectionCount, eventually).toBe(1)
    listener.serve(httpOffer(httpServerOptions()))
    await asking
    expect([...tally.answers.keys()]).toEqual(['200 x'])
  })

  it('can change its protocol: what is connected is sent away, and may come again', async () => {
    const { listener, port } = await listen()
    listener.serve(httpOffer(httpServerOptions()))
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const tally = new Tally()
    await http1Request(port, agent, tally)
    listener.serve(grpcOffer(grpcServerOptions()))
    await http1Request(port, agent, tally)
    const client = new PlainGrpc(port, tally)
    await client.call()
    client.close()
    agent.destroy()
    expect([...tally.answers.keys()].map((key) => key.slice(0, 3))).toEqual(['200', '503', 'x'])
    expect(tally.failures).toEqual([])
  })

  it('answers requests under way when it closes, and then closes every connection', async () => {
    const { listener, port } = await listen()
    let release = () => {}
    const slow = () =>
      new Promise<Buffer>((resolve) => {
        release = () => resolve(Buffer.from('late'))
      })
    const served = listener.serve(
      httpOffer(httpServerOptions({ routes: new Map([['/v1/traces', otlpRoute(slow)]]) })),
    )
    const agent = new Agent({ keepAlive: true })
    const tally = new Tally()
    const asking = http1Request(port, agent, tally)
    await expect.poll(() => served.underWay, eventually).toBe(1)
    const closing = listener.close()
    await pause(3)
    release()
    await closing
    await asking
    expect([...tally.answers.keys()]).toEqual(['200 late'])
    expect(listener.connectionCount).toBe(0)
    await http1Request(port, new Agent(), tally)
    expect(tally.failures).toEqual([expect.stringContaining('ECONNREFUSED')])
    await listener.close()
  })

  it('cuts off what does not end when it is told to give up', async () => {
    const { listener, port } = await listen()
    const never = otlpRoute(() => new Promise(() => {}))
    const offer = httpOffer(httpServerOptions({ routes: new Map([['/v1/traces', never]]) }))
    const served = listener.serve(offer)
    const tally = new Tally()
    const asking = http1Request(port, new Agent(), tally)
    await expect.poll(() => served.underWay, eventually).toBe(1)
    const giveUp = new AbortController()
    const closing = listener.close(giveUp.signal)
    giveUp.abort()
    await closing
    await asking
    expect(tally.failures.length).toBe(1)
    await expect.poll(() => listener.connectionCount, eventually).toBe(0)
  })

  it('cuts off what does not end by itself, too', async () => {
    const clock = new FakeClock()
    const listener = await Listener.open({ ...loopback, clock }, { host: '127.0.0.1', port: 0 })
    const methods = new Map([[TRACES, () => new Promise<Uint8Array>(() => {})]])
    const served = listener.serve(grpcOffer(grpcServerOptions({ methods })))
    const tally = new Tally()
    const client = new PlainGrpc((listener.address as { port: number }).port, tally)
    const asking = client.call()
    await expect.poll(() => served.underWay, eventually).toBe(1)
    const closing = listener.close()
    await clock.tick(5000)
    await closing
    await asking
    expect(tally.failures).toEqual(['connection closed'])
  })

  it('stops waiting for a drain that takes too long', async () => {
    const { listener, port } = await listen()
    const never = otlpRoute(() => new Promise(() => {}))
    const offer = httpOffer(httpServerOptions({ routes: new Map([['/v1/traces', never]]) }))
    const served = listener.serve(offer)
    const agent = new Agent()
    const asking = http1Request(port, agent, new Tally())
    await expect.poll(() => served.underWay, eventually).toBe(1)
    const giveUp = new AbortController()
    const draining = served.drain(giveUp.signal)
    giveUp.abort()
    await draining
    expect(served.underWay).toBe(1)
    agent.destroy()
    await asking
    await listener.close(AbortSignal.abort())
  })

  it('leaves a server that must go two minutes', async () => {
    const clock = new FakeClock()
    const listener = await Listener.open({ ...loopback, clock }, { host: '127.0.0.1', port: 0 })
    open.push(listener)
    listener.serve(httpOffer(httpServerOptions()))
    const { port } = listener.address as { port: number }
    const agent = new Agent({ keepAlive: true })
    const tally = new Tally()
    await http1Request(port, agent, tally)
    listener.serve(httpOffer(httpServerOptions({ headerBytesMax: 20_000 })))
    expect(listener.connectionCount).toBe(1)
    await clock.tick(119_999)
    expect(listener.connectionCount).toBe(1)
    await clock.tick(1)
    await expect.poll(() => listener.connectionCount, eventually).toBe(0)
    agent.destroy()
  })
})
