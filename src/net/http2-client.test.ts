import { type AddressInfo, connect, createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { FLAG, FRAME, FrameClient, frame, headerBlock, loopback, number32 } from '#support'
import { Http2ClientConnection } from './http2-client.js'
import { ERROR, errorName, PREFACE } from './http2-frames.js'
import type { AnswerSink, ClientConnection, HeaderFields } from './http2-layer.js'

const cleanUp: (() => unknown)[] = []

afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close()
})

const eventually = { interval: 5, timeout: 5000 }
const NO_PINGS = { afterMs: Number.POSITIVE_INFINITY, timeoutMs: 1000, withoutStream: false }
const HEAD = { ':method': 'POST', ':scheme': 'http', ':path': '/a', ':authority': 'weir' }

/** Our client, and a server that sends exactly what it is told to. */
async function start(settings = Buffer.alloc(0)) {
  const told: string[] = []
  const accepted: FrameClient[] = []
  const server = createServer((socket) => {
    const peer = new FrameClient(socket)
    peer.skipBytes = PREFACE.length
    accepted.push(peer)
    peer.send(frame(FRAME.settings, 0, 0, settings))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const client: ClientConnection = new Http2ClientConnection(
    socket,
    5000,
    NO_PINGS,
    loopback.clock,
    {
      ready: () => told.push('ready'),
      leaving: (reason) => told.push(`leaving: ${reason}`),
      closed: () => told.push('closed'),
    },
  )
  cleanUp.push(() => {
    client.destroy()
    server.close()
  })
  await expect.poll(() => told, eventually).toEqual(['ready'])
  return { client, peer: accepted[0]!, told }
}

/** What a request heard, and how it ended. */
class Heard implements AnswerSink {
  readonly parts: string[] = []
  headers(headers: HeaderFields): void {
    this.parts.push(`headers ${headers[':status']}`)
  }
  data(chunk: Buffer): void {
    this.parts.push(`data ${chunk}`)
  }
  trailers(headers: HeaderFields): void {
    this.parts.push(`trailers ${Object.keys(headers)}`)
  }
  end(): void {
    this.parts.push('end')
  }
  failed(reason: string, unprocessed: boolean): void {
    this.parts.push(`failed: ${reason}${unprocessed ? ', unprocessed' : ''}`)
  }
}

function answer(fields: Record<string, string>, flags = 0, stream = 1): Buffer {
  return frame(FRAME.headers, FLAG.endHeaders | flags, stream, headerBlock(fields))
}

/** More than a header list may hold. */
const many = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`x${n}`, '1']))
const OK = answer({ ':status': '200' })
const END = answer({ end: '1' }, FLAG.endStream)
const hello = frame(FRAME.data, 0, 1, Buffer.from('hello'))

describe('a client hears', () => {
  const rows: [string, Buffer[], string[]][] = [
    ['an answer', [OK, hello, END], ['headers 200', 'data hello', 'trailers end', 'end']],
    [
      'headers alone',
      [answer({ ':status': '200', 'content-length': '0' }, FLAG.endStream)],
      ['headers 200', 'end'],
    ],
    [
      'that it may go on, and then the answer',
      [answer({ ':status': '100' }), answer({ ':status': '103', link: 'x' }), OK, END],
      ['headers 200', 'trailers end', 'end'],
    ],
    [
      'padded data',
      [OK, frame(FRAME.data, FLAG.padded, 1, Buffer.from('\x03hello\0\0\0')), END],
      ['headers 200', 'data hello', 'trailers end', 'end'],
    ],
    [
      'that a server refuses',
      [frame(FRAME.resetStream, 0, 1, number32(7))],
      ['failed: request reset (REFUSED_STREAM), unprocessed'],
    ],
    [
      'that a server gives up',
      [OK, frame(FRAME.resetStream, 0, 1, number32(2))],
      ['headers 200', 'failed: request reset (INTERNAL_ERROR)'],
    ],
    ['no status', [answer({ a: '1' })], ['failed: answer without a :status']],
    ['the status of nobody', [answer({ ':status': '20' })], ['failed: answer without a :status']],
    ['a request for an answer', [answer({ ':path': '/' })], ['failed: unexpected :path']],
    [
      'a status in trailers',
      [OK, answer({ ':status': '200' }, FLAG.endStream)],
      ['headers 200', 'failed: unexpected :status'],
    ],
    ['headers twice', [OK, OK], ['headers 200', 'failed: unexpected :status']],
    [
      'less than was announced',
      [answer({ ':status': '200', 'content-length': '7' }), hello, END],
      ['headers 200', 'data hello', 'trailers end', 'failed: less data than its content-length'],
    ],
    [
      'more than it wants to know',
      [answer({ ':status': '200', ...many })],
      ['failed: answer with too many headers'],
    ],
  ]
  it.each(rows)('%s', async (_, frames, expected) => {
    const { client, peer } = await start()
    const heard = new Heard()
    client.request(HEAD, [Buffer.from('x')], heard)
    await expect.poll(() => peer.of(FRAME.data, 1).length, eventually).toBe(1)
    peer.send(...frames)
    await expect.poll(() => heard.parts, eventually).toEqual(expected)
    // Other requests go on.
    const next = new Heard()
    client.request(HEAD, [], next)
    peer.send(answer({ ':status': '204' }, FLAG.endStream, 3))
    await expect.poll(() => next.parts, eventually).toEqual(['headers 204', 'end'])
  })

  it('an answer that comes before the request is out, and sends no more of it', async () => {
    const { client, peer } = await start()
    const heard = new Heard()
    client.request(HEAD, [Buffer.alloc(100_000)], heard)
    await expect.poll(() => peer.of(FRAME.data, 1).length, eventually).toBeGreaterThan(3)
    peer.send(answer({ ':status': '413' }, FLAG.endStream))
    await expect.poll(() => heard.parts, eventually).toEqual(['headers 413', 'end'])
    await expect.poll(() => peer.of(FRAME.resetStream, 1).length, eventually).toBe(1)
  })

  it('nothing of a request that it has cancelled', async () => {
    const { client, peer } = await start()
    const heard = new Heard()
    const request = client.request(HEAD, [], heard)
    request.cancel()
    request.cancel()
    await expect.poll(() => peer.of(FRAME.resetStream, 1).length, eventually).toBe(1)
    expect(peer.of(FRAME.resetStream, 1)[0]!.payload.readUInt32BE()).toBe(ERROR.cancel)
    peer.send(OK, hello, END)
    const next = new Heard()
    client.request(HEAD, [], next)
    peer.send(answer({ ':status': '200' }, FLAG.endStream, 3))
    await expect.poll(() => next.parts, eventually).toEqual(['headers 200', 'end'])
    expect(heard.parts).toEqual([])
  })
})

describe('a client leaves a server', () => {
  const rows: [string, keyof typeof ERROR, Buffer[]][] = [
    ['that pushes', 'protocol', [frame(FRAME.pushPromise, 4, 1, number32(2))]],
    ['that answers nobody', 'protocol', [answer({ ':status': '200' }, 0, 5)]],
    ['with a stream of its own', 'protocol', [answer({ ':status': '200' }, 0, 2)]],
    ['with data of nobody', 'protocol', [frame(FRAME.data, 0, 7, Buffer.from('x'))]],
    [
      'with a broken header block',
      'compression',
      [frame(FRAME.headers, 4, 1, Buffer.from([0x80]))],
    ],
    [
      'with a flood of pings',
      'enhanceYourCalm',
      Array(5000).fill(frame(FRAME.ping, 0, 0, Buffer.alloc(8))),
    ],
  ]
  it.each(rows)('%s', async (_, code, frames) => {
    const { client, peer, told } = await start()
    const heard = new Heard()
    client.request(HEAD, [Buffer.from('x')], heard)
    peer.send(...frames)
    await expect.poll(() => peer.of(FRAME.goAway).length, eventually).toBe(1)
    expect(errorName(peer.of(FRAME.goAway)[0]!.payload.readUInt32BE(4))).toBe(
      errorName(ERROR[code]),
    )
    await expect.poll(() => told.at(-1), eventually).toBe('closed')
    expect(told.length).toBe(3)
    expect(heard.parts[0]).toMatch(/^failed: /)
  })

  it('that asks it to: the requests that it has taken go on, others may go elsewhere', async () => {
    const { client, peer, told } = await start()
    const [taken, late] = [new Heard(), new Heard()]
    client.request(HEAD, [], taken)
    client.request(HEAD, [], late)
    peer.send(frame(FRAME.goAway, 0, 0, Buffer.concat([number32(2 ** 31 - 1), number32(0)])))
    peer.send(frame(FRAME.goAway, 0, 0, Buffer.concat([number32(1), number32(0)])))
    await expect.poll(() => late.parts.length, eventually).toBe(1)
    expect(late.parts).toEqual(['failed: the server is leaving, unprocessed'])
    expect(told).toEqual(['ready', 'leaving: undefined'])
    const refused = new Heard()
    client.request(HEAD, [], refused)
    peer.send(answer({ ':status': '200' }, FLAG.endStream))
    await expect.poll(() => taken.parts, eventually).toEqual(['headers 200', 'end'])
    expect(refused.parts).toEqual(['failed: connection closed, unprocessed'])
    await expect.poll(() => told.at(-1), eventually).toBe('closed')
  })
})

describe('a client sends', () => {
  const setting = (name: number, value: number) =>
    Buffer.concat([Buffer.from([0, name]), number32(value)])

  /** Bytes of data that came for a stream. */
  function received(peer: FrameClient, stream = 1): number {
    return peer.of(FRAME.data, stream).reduce((sum, { payload }) => sum + payload.length, 0)
  }

  it('no more than the windows permit', async () => {
    const { client, peer } = await start(setting(4, 1000))
    client.request(HEAD, [Buffer.alloc(600), Buffer.alloc(70_000)], new Heard())
    await expect.poll(() => received(peer), eventually).toBe(1000)
    peer.send(frame(FRAME.windowUpdate, 0, 1, number32(500)))
    await expect.poll(() => received(peer), eventually).toBe(1500)
    peer.send(frame(FRAME.settings, 0, 0, setting(4, 2000)))
    await expect.poll(() => received(peer), eventually).toBe(2500)
    peer.send(frame(FRAME.windowUpdate, 0, 1, number32(1_000_000)))
    await expect.poll(() => received(peer), eventually).toBe(65_535)
    peer.send(frame(FRAME.windowUpdate, 0, 0, number32(1_000_000)))
    await expect.poll(() => received(peer), eventually).toBe(70_600)
    const frames = peer.of(FRAME.data, 1)
    expect(Math.max(...frames.map(({ payload }) => payload.length))).toBeLessThanOrEqual(16_384)
    expect(frames.map(({ flags }) => flags).filter((flags) => flags === FLAG.endStream)).toEqual([
      1,
    ])
  })

  it('the bodies of several requests in turns', async () => {
    const { client, peer } = await start(setting(4, 2 ** 30))
    peer.send(frame(FRAME.windowUpdate, 0, 0, number32(2 ** 30)))
    for (let n = 0; n < 3; n++) client.request(HEAD, [Buffer.alloc(3_000_000)], new Heard())
    await expect.poll(() => received(peer, 5), eventually).toBe(3_000_000)
    const order = peer.frames.filter(({ type }) => type === FRAME.data).map(({ stream }) => stream)
    expect(order.indexOf(5)).toBeLessThan(order.lastIndexOf(1))
    expect(received(peer, 1) + received(peer, 3)).toBe(6_000_000)
  })

  it('no more requests at once than the server takes', async () => {
    const { client, peer } = await start(setting(3, 1))
    const heard = [new Heard(), new Heard(), new Heard()]
    const requests = heard.map((sink) => client.request(HEAD, [], sink))
    await expect.poll(() => peer.of(FRAME.headers, 1).length, eventually).toBe(1)
    requests[1]!.cancel()
    peer.send(answer({ ':status': '200' }, FLAG.endStream))
    await expect.poll(() => peer.of(FRAME.headers, 3).length, eventually).toBe(1)
    expect(peer.of(FRAME.headers, 5)).toEqual([])
    peer.send(answer({ ':status': '200' }, FLAG.endStream, 3))
    await expect.poll(() => heard[2]!.parts, eventually).toEqual(['headers 200', 'end'])
    expect(heard[1]!.parts).toEqual([])
  })

  it('that it needs no table, when the server has none', async () => {
    const { client, peer } = await start(setting(1, 0))
    for (const stream of [1, 3]) {
      client.request(HEAD, [], new Heard())
      await expect.poll(() => peer.of(FRAME.headers, stream).length, eventually).toBe(1)
      const [first] = peer.of(FRAME.headers, stream)[0]!.payload
      expect(first === 0x20).toBe(stream === 1)
    }
  })

  it('headers that do not fit into a frame', async () => {
    const { client, peer } = await start()
    client.request({ ...HEAD, a: 'x'.repeat(40_000) }, [], new Heard())
    await expect.poll(() => peer.of(FRAME.continuation, 1).length, eventually).toBe(2)
    expect(peer.of(FRAME.continuation, 1).map(({ flags }) => flags)).toEqual([0, FLAG.endHeaders])
  })

  it('the bytes again that it has taken', async () => {
    const { client, peer } = await start()
    const heard = new Heard()
    client.request(HEAD, [], heard)
    await expect.poll(() => peer.of(FRAME.headers, 1).length, eventually).toBe(1)
    const chunk = frame(FRAME.data, 0, 1, Buffer.alloc(16_384))
    peer.send(OK, ...Array.from({ length: 128 }, () => chunk))
    await expect.poll(() => peer.of(FRAME.windowUpdate, 1).length, eventually).toBe(1)
    expect(peer.of(FRAME.windowUpdate, 1)[0]!.payload.readUInt32BE()).toBe(2 * 1024 * 1024)
  })
})
