import { describe, expect, it } from 'vitest'
import {
  callData,
  callHeaders,
  eventually,
  FakeClock,
  FLAG,
  FRAME,
  type FrameClient,
  frame,
  frameClient,
  grpcHeaders,
  grpcMessage,
  headerBlock,
  number32,
  PREFACE,
  type RunningServer,
  serveGrpc,
  TRACES,
} from '#support'
import type { GrpcServerOptions } from './grpc-server.js'
import { ERROR, errorName } from './http2-frames.js'
import type { Surroundings } from './listener.js'

async function start(
  options: Partial<GrpcServerOptions> = {},
  surroundings: Partial<Surroundings> = {},
): Promise<{ server: RunningServer; client: FrameClient }> {
  const server = await serveGrpc(options, surroundings)
  return { server, client: frameClient(server) }
}

const FIELDS = grpcHeaders(TRACES)

function block(stream: number, bytes: Buffer, flags: number = FLAG.endHeaders): Buffer {
  return frame(FRAME.headers, flags, stream, bytes)
}

function without(name: string): Buffer {
  const { [name]: _, ...rest } = FIELDS
  return headerBlock(rest)
}

function settings(...entries: [number, number][]): Buffer {
  const payloads = entries.map(([name, value]) => [Buffer.from([0, name]), number32(value)])
  return frame(FRAME.settings, 0, 0, Buffer.concat(payloads.flat()))
}

function times(count: number, make: (index: number) => Buffer[] | Buffer): Buffer[] {
  return Array.from({ length: count }, (_, index) => make(index)).flat()
}

/** The code of the GOAWAY by which a connection ended. */
async function lastWord(client: FrameClient): Promise<string> {
  await expect.poll(() => client.isClosed, eventually).toBe(true)
  const goAway = client.of(FRAME.goAway)[0]
  return goAway ? errorName(goAway.payload.readUInt32BE(4)) : 'none'
}

const MESSAGE = grpcMessage(Buffer.from('x'))
const empty = Buffer.alloc(0)

describe('a connection ends', () => {
  const rows: [string, keyof typeof ERROR, Buffer[]][] = [
    ['SETTINGS of 5 bytes', 'frameSize', [frame(FRAME.settings, 0, 0, Buffer.alloc(5))]],
    ['SETTINGS on a stream', 'protocol', [frame(FRAME.settings, 0, 1)]],
    [
      'an acknowledgement with settings',
      'frameSize',
      [frame(FRAME.settings, 1, 0, Buffer.alloc(6))],
    ],
    ['push of 2', 'protocol', [settings([2, 2])]],
    ['a window of 2 GiB', 'flowControl', [settings([4, 2 ** 31])]],
    ['frames of 100 bytes', 'protocol', [settings([5, 100])]],
    ['frames of 16 MiB', 'protocol', [settings([5, 2 ** 24])]],
    ['33 settings', 'enhanceYourCalm', [settings(...Array(33).fill([9, 1]))]],
    ['PING on a stream', 'protocol', [frame(FRAME.ping, 0, 1, Buffer.alloc(8))]],
    ['PING of 7 bytes', 'frameSize', [frame(FRAME.ping, 0, 0, Buffer.alloc(7))]],
    ['a window grown by nothing', 'protocol', [frame(FRAME.windowUpdate, 0, 0, number32(0))]],
    [
      'a window grown too large',
      'flowControl',
      [frame(FRAME.windowUpdate, 0, 0, number32(2 ** 31 - 1))],
    ],
    ['WINDOW_UPDATE of 3 bytes', 'frameSize', [frame(FRAME.windowUpdate, 0, 0, Buffer.alloc(3))]],
    ['the window of no stream', 'protocol', [frame(FRAME.windowUpdate, 0, 5, number32(1))]],
    ['RST_STREAM of no stream', 'protocol', [frame(FRAME.resetStream, 0, 5, number32(8))]],
    ['RST_STREAM of the connection', 'protocol', [frame(FRAME.resetStream, 0, 0, number32(8))]],
    [
      'RST_STREAM of 3 bytes',
      'frameSize',
      [callHeaders(1), frame(FRAME.resetStream, 0, 1, Buffer.alloc(3))],
    ],
    ['data of no stream', 'protocol', [callData(1, MESSAGE)]],
    ['data of the connection', 'protocol', [callData(0, MESSAGE)]],
    [
      'more padding than data',
      'protocol',
      [callHeaders(1), callData(1, Buffer.from([9, 0]), FLAG.padded)],
    ],
    ['padding in no data', 'frameSize', [callHeaders(1), callData(1, empty, FLAG.padded)]],
    ['a stream of the server', 'protocol', [callHeaders(2)]],
    ['a stream again', 'streamClosed', [callHeaders(3, {}, FLAG.endStream), callHeaders(1)]],
    ['more padding than headers', 'protocol', [block(1, Buffer.from([9, 0x82]), 4 | FLAG.padded)]],
    ['half a priority', 'frameSize', [block(1, Buffer.alloc(4), 4 | FLAG.priority)]],
    ['CONTINUATION of nothing', 'protocol', [frame(FRAME.continuation, 4, 1)]],
    ['CONTINUATION of the connection', 'protocol', [frame(FRAME.continuation, 4, 0)]],
    ['a header block with data inside', 'protocol', [block(1, empty, 0), callData(1, MESSAGE)]],
    [
      'a header block of two streams',
      'protocol',
      [block(1, empty, 0), frame(FRAME.continuation, 4, 3)],
    ],
    ['a push', 'protocol', [callHeaders(1), frame(FRAME.pushPromise, 4, 1, number32(2))]],
    ['GOAWAY on a stream', 'protocol', [frame(FRAME.goAway, 0, 1, Buffer.alloc(8))]],
    ['GOAWAY of 7 bytes', 'frameSize', [frame(FRAME.goAway, 0, 0, Buffer.alloc(7))]],
    ['PRIORITY of the connection', 'protocol', [frame(FRAME.priority, 0, 0, Buffer.alloc(5))]],
    ['a broken header block', 'compression', [block(1, Buffer.from([0x80]))]],
    [
      'a broken header block in trailers',
      'compression',
      [callHeaders(1), block(1, Buffer.from([0x80]), 5)],
    ],
    [
      'data of more than a mebibyte',
      'frameSize',
      [callHeaders(1), callData(1, Buffer.alloc(2 ** 20 + 1), 0)],
    ],
    ['headers of more than may be', 'frameSize', [block(1, Buffer.alloc(16_385), 0)]],
  ]
  it.each(rows)('for %s', async (_, code, bytes) => {
    const { client } = await start()
    client.greet().send(...bytes)
    expect(await lastWord(client)).toBe(errorName(ERROR[code]))
  })

  it('when it does not begin with SETTINGS', async () => {
    const { client } = await start()
    client.send(PREFACE, frame(FRAME.ping, 0, 0, Buffer.alloc(8)))
    expect(await lastWord(client)).toBe('PROTOCOL_ERROR')
  })

  const unknown = 99
  const floods: [string, Buffer[]][] = [
    [
      'empty CONTINUATION',
      [block(1, empty, 0), ...times(100, () => frame(FRAME.continuation, 0, 1))],
    ],
    ['CONTINUATION', [block(1, empty, 0), ...times(9, () => frame(9, 0, 1, Buffer.alloc(16_000)))]],
    ['PRIORITY', times(5000, () => frame(FRAME.priority, 0, 1, Buffer.alloc(5)))],
    ['unknown frames', times(5000, () => frame(unknown, 0, 1, Buffer.alloc(5)))],
    ['tiny windows', times(5000, () => frame(FRAME.windowUpdate, 0, 0, number32(1)))],
    ['SETTINGS', times(5000, () => settings())],
    ['unasked answers to pings', times(5000, () => frame(FRAME.ping, 1, 0, Buffer.alloc(8)))],
    ['empty data', [callHeaders(1), ...times(5000, () => callData(1, empty, 0))]],
    [
      'resets by the client',
      times(1500, (n) => [
        callHeaders(2 * n + 1),
        frame(FRAME.resetStream, 0, 2 * n + 1, number32(8)),
      ]),
    ],
    [
      'resets by the server that the client asked for',
      times(1500, (n) => [
        callHeaders(2 * n + 1),
        frame(FRAME.windowUpdate, 0, 2 * n + 1, number32(0)),
      ]),
    ],
    ['malformed requests', times(1500, (n) => block(2 * n + 1, without(':path')))],
    [
      'data of closed streams',
      [callHeaders(1, {}, FLAG.endStream), ...times(1500, () => callData(1, Buffer.alloc(1), 0))],
    ],
  ]
  it.each(floods)('in a flood of %s', async (_, bytes) => {
    const { client } = await start({ concurrentStreamsMax: 10_000 })
    client.greet().send(...bytes)
    expect(await lastWord(client)).toBe('ENHANCE_YOUR_CALM')
  })

  it('for a client that reads nothing', async () => {
    const clock = new FakeClock()
    const answer = Buffer.alloc(4_000_000)
    const { server, client } = await start(
      { methods: new Map([[TRACES, async () => answer]]) },
      { clock },
    )
    client.greet(Buffer.concat([Buffer.from([0, 4]), number32(2 ** 30)]))
    client.socket.pause()
    client.send(...times(20, (n) => [callHeaders(2 * n + 1), callData(2 * n + 1, MESSAGE)]))
    await expect.poll(() => clock.pending, eventually).toBeGreaterThan(2)
    await clock.tick(29_000)
    expect(server.listener.connectionCount).toBe(1)
    // It took some at first: only the next look finds that nothing moves.
    await clock.tick(31_000)
    await expect.poll(() => server.listener.connectionCount, eventually).toBe(0)
  })
})

describe('a stream is reset', () => {
  const upper = Buffer.from([0, 1, 0x41, 1, 0x62])
  const rows: [string, keyof typeof ERROR, Buffer[]][] = [
    ['a capital in a name', 'protocol', [block(1, Buffer.concat([headerBlock(FIELDS), upper]))]],
    ['a header about the connection', 'protocol', [callHeaders(1, { connection: 'close' })]],
    ['a transfer encoding', 'protocol', [callHeaders(1, { 'transfer-encoding': 'chunked' })]],
    ['te other than trailers', 'protocol', [callHeaders(1, { te: 'gzip' })]],
    ['no path', 'protocol', [block(1, without(':path'))]],
    ['an empty path', 'protocol', [callHeaders(1, { ':path': '' })]],
    ['no method', 'protocol', [block(1, without(':method'))]],
    ['no scheme', 'protocol', [block(1, without(':scheme'))]],
    [
      'a path twice',
      'protocol',
      [block(1, Buffer.concat([headerBlock({ ':path': '/' }), headerBlock(FIELDS)]))],
    ],
    [
      'a pseudo-header behind others',
      'protocol',
      [block(1, Buffer.concat([headerBlock({ a: 'b' }), headerBlock(FIELDS)]))],
    ],
    [
      'the pseudo-header of answers',
      'protocol',
      [block(1, Buffer.concat([headerBlock({ ':status': '200' }), headerBlock(FIELDS)]))],
    ],
    ['a line break in a value', 'protocol', [callHeaders(1, { a: 'b\r\nc: d' })]],
    ['a space in a name', 'protocol', [callHeaders(1, { 'a b': 'c' })]],
    [
      'a content-length that is no number',
      'protocol',
      [callHeaders(1, { 'content-length': '-1' })],
    ],
    [
      'less data than its length',
      'protocol',
      [callHeaders(1, { 'content-length': '7' }), callData(1, MESSAGE)],
    ],
    [
      'more data than its length',
      'protocol',
      [callHeaders(1, { 'content-length': '5' }), callData(1, MESSAGE)],
    ],
    [
      'no data of its length',
      'protocol',
      [callHeaders(1, { 'content-length': '5' }, FLAG.endStream)],
    ],
    [
      'pseudo-headers in trailers',
      'protocol',
      [callHeaders(1), block(1, headerBlock({ ':path': '/' }), 5)],
    ],
    ['headers twice', 'protocol', [callHeaders(1), callHeaders(1)]],
    [
      'a window grown by nothing',
      'protocol',
      [callHeaders(1), frame(FRAME.windowUpdate, 0, 1, number32(0))],
    ],
    [
      'a window grown too large',
      'flowControl',
      [callHeaders(1), frame(FRAME.windowUpdate, 0, 1, number32(2 ** 31 - 1))],
    ],
    [
      'a stream before itself',
      'protocol',
      [
        block(
          1,
          Buffer.concat([number32(1), empty, Buffer.from([0]), headerBlock(FIELDS)]),
          4 | FLAG.priority,
        ),
      ],
    ],
    [
      'PRIORITY of 4 bytes',
      'frameSize',
      [callHeaders(1), frame(FRAME.priority, 0, 1, Buffer.alloc(4))],
    ],
  ]
  it.each(rows)('for %s', async (_, code, bytes) => {
    const { client } = await start()
    client.greet().send(...bytes)
    await expect.poll(() => client.of(FRAME.resetStream, 1).length, eventually).toBe(1)
    expect(client.of(FRAME.resetStream, 1)[0]!.payload.readUInt32BE()).toBe(ERROR[code])
    // The others go on, also when more of the broken one comes.
    client.send(callData(1, MESSAGE, 0), callHeaders(3), callData(3, MESSAGE))
    await expect.poll(() => client.of(FRAME.headers, 3).length, eventually).toBe(2)
    expect(client.isClosed).toBe(false)
  })

  it('for data behind its end', async () => {
    const methods = new Map([[TRACES, () => new Promise<Uint8Array>(() => {})]])
    const { client } = await start({ methods })
    client.greet().send(callHeaders(1), callData(1, MESSAGE), callData(1, MESSAGE))
    await expect.poll(() => client.of(FRAME.resetStream, 1).length, eventually).toBe(1)
    expect(client.of(FRAME.resetStream, 1)[0]!.payload.readUInt32BE()).toBe(ERROR.streamClosed)
  })

  it('when its client does not open the window for the answer', async () => {
    const clock = new FakeClock()
    const { client } = await start({}, { clock })
    client.greet(Buffer.concat([Buffer.from([0, 4]), number32(0)]))
    client.send(callHeaders(1), callData(1, MESSAGE))
    await expect.poll(() => client.of(FRAME.headers, 1).length, eventually).toBe(1)
    await clock.tick(59_999)
    expect(client.of(FRAME.resetStream, 1)).toEqual([])
    await clock.tick(1)
    await expect.poll(() => client.of(FRAME.resetStream, 1).length, eventually).toBe(1)
    expect(client.of(FRAME.resetStream, 1)[0]!.payload.readUInt32BE()).toBe(ERROR.cancel)
  })
})

describe('a header list beyond the limits is refused with 431', () => {
  /** Puts a field of 4000 bytes into the table, then names it again and again. */
  const bomb = Buffer.concat([
    headerBlock(FIELDS),
    Buffer.from([0x40, 1, 0x61, 127, 0xa1, 0x1e]),
    Buffer.alloc(4000, 0x62),
    Buffer.alloc(10_000, 0xbe),
  ])
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`x${n}`, '1']))
  const rows: [string, Buffer][] = [
    ['bytes', callHeaders(1, { a: 'x'.repeat(16_050) })],
    ['fields', callHeaders(1, many)],
    ['bytes that the table makes', block(1, bomb)],
  ]
  it.each(rows)('%s', async (_, bytes) => {
    const { client } = await start()
    client.greet().send(bytes)
    await expect.poll(() => client.of(FRAME.headers, 1).length, eventually).toBe(1)
    const [refusal] = client.of(FRAME.headers, 1)
    expect(refusal!.flags & FLAG.endStream).toBe(1)
    expect(refusal!.payload.toString('latin1')).toContain('431')
    client.send(callHeaders(3), callData(3, MESSAGE))
    await expect.poll(() => client.of(FRAME.headers, 3).length, eventually).toBe(2)
  })
})
