import { describe, expect, it } from 'vitest'
import {
  callData,
  callHeaders,
  callOn,
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
  rawGrpcCall,
  serveGrpc,
  TRACES,
  wholeCall,
} from '#support'
import { decodeStatus } from '#wire'
import { CONNECTION_RULES_DEFAULT } from './connection-rules.js'

/** Another client is served as if nothing was. */
async function servesOthers({ port }: RunningServer): Promise<void> {
  const { headers } = await rawGrpcCall(port, {}, [grpcMessage(Buffer.from('x'))])
  expect(headers['grpc-status']).toBe('0')
}

describe('a gRPC server, attacked', () => {
  const deadly: [string, (client: FrameClient) => void][] = [
    ['HTTP/1.1', (client) => client.send(Buffer.from('POST / HTTP/1.1\r\nHost: x\r\n\r\n'))],
    ['noise', (client) => client.send(Buffer.alloc(1000, 0xaa))],
    [
      'a frame larger than allowed',
      (client) => client.greet().send(frame(FRAME.data, 0, 1, Buffer.alloc(20_000))),
    ],
    [
      'headers on stream 0',
      (client) => client.greet().send(frame(FRAME.headers, FLAG.endHeaders, 0)),
    ],
    [
      'broken HPACK',
      (client) =>
        client.greet().send(frame(FRAME.headers, FLAG.endHeaders, 1, Buffer.alloc(50, 0xff))),
    ],
    [
      'endless CONTINUATION',
      (client) => {
        client.greet().send(frame(FRAME.headers, 0, 1, headerBlock(grpcHeaders(TRACES))))
        const more = frame(FRAME.continuation, 0, 1, headerBlock({ a: 'b'.repeat(1000) }))
        client.send(...Array.from({ length: 500 }, () => more))
      },
    ],
    [
      'rapid resets',
      (client) => {
        client.greet()
        const reset = number32(8)
        for (let n = 0; n < 3000; n++) {
          const id = client.newStream()
          client.send(callHeaders(id), frame(FRAME.resetStream, 0, id, reset))
        }
      },
    ],
    [
      'a flood of PING',
      (client) =>
        client
          .greet()
          .send(...Array.from({ length: 5000 }, () => frame(FRAME.ping, 0, 0, Buffer.alloc(8)))),
    ],
    [
      'a flood of empty DATA',
      (client) => {
        const id = client.greet().newStream()
        const empty = frame(FRAME.data, 0, id)
        client.send(callHeaders(id), ...Array.from({ length: 20_000 }, () => empty))
      },
    ],
    [
      'a flood of SETTINGS that nobody reads the answers of',
      (client) => {
        client.greet()
        client.socket.pause()
        const settings = frame(FRAME.settings, 0, 0, Buffer.from([0, 3, 0, 0, 0, 100]))
        client.send(Buffer.concat(Array.from({ length: 200_000 }, () => settings)))
        client.socket.resume()
      },
    ],
  ]
  it.each(deadly)('ends a connection with %s', async (_, attack) => {
    const server = await serveGrpc()
    const client = frameClient(server)
    attack(client)
    // Node 20 leaves the connection open after its GOAWAY, and reads no more of it.
    const isOver = () => client.isClosed || client.of(FRAME.goAway).length > 0
    await expect.poll(isOver, eventually).toBe(true)
    await servesOthers(server)
  })

  it('does not keep a connection that it has sent away', async () => {
    const clock = new FakeClock()
    const server = await serveGrpc({}, { clock })
    const client = frameClient(server).greet()
    client.send(frame(FRAME.data, 0, 1, Buffer.alloc(20_000)))
    await expect.poll(() => client.of(FRAME.goAway).length, eventually).toBe(1)
    for (let n = 0; n < 4 && !client.isClosed; n++) await clock.tick(100_000)
    await expect.poll(() => client.isClosed, eventually).toBe(true)
  })

  it('ends a connection that does not say a word', async () => {
    const clock = new FakeClock()
    const server = await serveGrpc({}, { clock })
    const client = frameClient(server)
    await expect.poll(() => server.listener.connectionCount, eventually).toBe(1)
    await clock.tick(19_999)
    expect(client.isClosed).toBe(false)
    await clock.tick(1)
    await expect.poll(() => client.isClosed, eventually).toBe(true)
  })

  it('refuses streams beyond the limit, and a client that knows it', async () => {
    const methods = new Map([[TRACES, () => new Promise<Uint8Array>(() => {})]])
    const server = await serveGrpc({ methods, concurrentStreamsMax: 10 })
    const client = frameClient(server)
    const ids = Array.from({ length: 15 }, () => client.newStream())
    const calls = ids.map((id) => wholeCall(id))
    client.send(PREFACE, frame(FRAME.settings, 0, 0), ...calls)
    await expect.poll(() => client.of(FRAME.resetStream, ids[14]).length, eventually).toBe(1)
    const codes = ids.map((id) => client.of(FRAME.resetStream, id)[0]?.payload.readUInt32BE())
    expect(codes).toEqual([...Array(10).fill(undefined), ...Array(5).fill(7)])
    client.send(frame(FRAME.settings, FLAG.ack, 0), wholeCall(client.newStream()))
    await expect.poll(() => client.of(FRAME.goAway).length, eventually).toBe(1)
  })

  it('resets a stream whose headers are too large', async () => {
    const server = await serveGrpc({ headerBytesMax: 2000 })
    const client = frameClient(server).greet()
    // The limit holds once the client has acknowledged it; until then it is 64 KiB.
    await callOn(client)
    const id = client.newStream()
    client.send(wholeCall(id, { large: 'x'.repeat(3000) }))
    await expect
      .poll(() => client.isClosed || client.of(FRAME.resetStream, id).length === 1, eventually)
      .toBe(true)
    await servesOthers(server)
  })

  it('waits for a slow sender no longer than allowed', async () => {
    const clock = new FakeClock()
    const server = await serveGrpc({ readTimeoutMs: 3000 }, { clock })
    const client = frameClient(server).greet()
    const id = client.newStream()
    client.send(callHeaders(id), callData(id, grpcMessage(Buffer.alloc(100)).subarray(0, 50), 0))
    await expect.poll(() => clock.pending, eventually).toBeGreaterThan(1)
    await clock.tick(2999)
    expect(client.of(FRAME.headers, id)).toEqual([])
    await clock.tick(1)
    await expect.poll(() => client.of(FRAME.headers, id).length, eventually).toBe(1)
    expect(client.of(FRAME.headers, id)[0]!.flags & FLAG.endStream).toBe(1)
    await callOn(client)
  })

  it('holds no more bytes than allowed, and lets go of those of clients that leave', async () => {
    const server = await serveGrpc({ underWayBytesMax: 10_000 })
    const first = frameClient(server).greet()
    const [a, b] = [first.newStream(), first.newStream()]
    const half = grpcMessage(Buffer.alloc(12_000)).subarray(0, 8000)
    first.send(callHeaders(a), callData(a, half, 0))
    first.send(callHeaders(b), callData(b, half, 0))
    await expect.poll(() => first.of(FRAME.headers, b).length, eventually).toBe(1)
    expect(first.of(FRAME.headers, a)).toEqual([])
    const refused = await rawGrpcCall(server.port, {}, [grpcMessage(Buffer.alloc(5000))])
    expect(refused.headers).toMatchObject({
      'grpc-status': '14',
      'grpc-message': 'too many bytes under way; try again later',
    })
    const details = Buffer.from(String(refused.headers['grpc-status-details-bin']), 'base64')
    expect(decodeStatus('protobuf', details).retryDelayMs).toBe(1000)
    first.socket.destroy()
    // Alone, a message may be larger than all together may.
    const large = grpcMessage(Buffer.alloc(15_000))
    await expect
      .poll(async () => (await rawGrpcCall(server.port, {}, [large])).headers, eventually)
      .toMatchObject({ 'grpc-status': '0' })
  })

  it('lets no more calls wait for their handlers than allowed', async () => {
    const methods = new Map([[TRACES, () => new Promise<Uint8Array>(() => {})]])
    const server = await serveGrpc({ methods, underWayMax: 3 })
    const client = frameClient(server).greet()
    const ids = Array.from({ length: 4 }, () => client.newStream())
    for (const id of ids) {
      client.send(wholeCall(id))
      await expect.poll(() => server.served.underWay, eventually).toBe(Math.min(3, (id + 1) / 2))
    }
    await expect.poll(() => client.of(FRAME.headers, ids[3]).length, eventually).toBe(1)
    expect(server.served.underWay).toBe(3)
  })

  it('closes connections beyond the limit at once', async () => {
    const server = await serveGrpc({ connectionsMax: 2 })
    const first = [frameClient(server).greet(), frameClient(server).greet()]
    for (const client of first) await callOn(client)
    const third = frameClient(server)
    await third.closed
    expect(server.listener.refusedConnectionCount).toBe(1)
    for (const client of first) await callOn(client)
  })

  const refusals: [string, Record<string, string>, Buffer[], Record<string, unknown>][] = [
    ['GET', { ':method': 'GET' }, [], { ':status': 405, allow: 'POST' }],
    ['JSON', { 'content-type': 'application/json' }, [], { ':status': 415 }],
    ['grpc-web', { 'content-type': 'application/grpc-web' }, [], { ':status': 415 }],
    ['gRPC of JSON', { 'content-type': 'application/grpc+json' }, [], { ':status': 415 }],
    [
      'an unknown compression',
      { 'grpc-encoding': 'br' },
      [grpcMessage(Buffer.from('x'), 1)],
      { 'grpc-status': '12', 'grpc-accept-encoding': 'identity,gzip,deflate,zstd,snappy' },
    ],
    [
      'a compressed message without a compression',
      {},
      [grpcMessage(Buffer.from('x'), 1)],
      { 'grpc-status': '13' },
    ],
    [
      'a message that is not gzip',
      { 'grpc-encoding': 'gzip' },
      [grpcMessage(Buffer.from('not gzip at all'), 1)],
      { 'grpc-status': '3', 'grpc-message': 'gzip: invalid header' },
    ],
    ['a malformed timeout', { 'grpc-timeout': '1s' }, [], { 'grpc-status': '13' }],
    ['no message', {}, [], { 'grpc-status': '12', 'grpc-message': 'no request message' }],
    [
      'two messages',
      {},
      [grpcMessage(Buffer.from('x')), grpcMessage(Buffer.from('x'))],
      { 'grpc-status': '12' },
    ],
    ['half a message', {}, [grpcMessage(Buffer.from('x')).subarray(0, 5)], { 'grpc-status': '13' }],
    ['an unknown flag', {}, [grpcMessage(Buffer.from('x'), 3)], { 'grpc-status': '13' }],
  ]
  it.each(refusals)('refuses %s', async (_, fields, chunks, expected) => {
    const server = await serveGrpc()
    const { headers } = await rawGrpcCall(server.port, fields, chunks)
    expect(headers).toMatchObject(expected)
    await servesOthers(server)
  })

  const accepted: [string, Record<string, string>][] = [
    ['application/grpc+proto', { 'content-type': 'application/grpc+proto' }],
    ['parameters of a content type', { 'content-type': 'application/grpc;charset=utf-8' }],
    ['identity by name', { 'grpc-encoding': 'identity' }],
  ]
  it.each(accepted)('accepts %s', async (_, fields) => {
    const server = await serveGrpc()
    const { headers } = await rawGrpcCall(server.port, fields, [grpcMessage(Buffer.from('x'))])
    expect(headers['grpc-status']).toBe('0')
  })
})

describe('connections of a gRPC server', () => {
  it('end when they are idle', async () => {
    const clock = new FakeClock()
    const server = await serveGrpc(
      { rules: { ...CONNECTION_RULES_DEFAULT, maxIdleMs: 5000 } },
      { clock },
    )
    const client = frameClient(server).greet()
    await callOn(client)
    await clock.tick(4000)
    await callOn(client)
    await clock.tick(4000)
    expect(client.of(FRAME.goAway)).toEqual([])
    await clock.tick(1000)
    await expect.poll(() => client.isClosed, eventually).toBe(true)
    expect(client.of(FRAME.goAway)[0]!.payload.readUInt32BE(4)).toBe(0)
  })

  it('end at their age: a call under way is finished, up to the grace', async () => {
    const clock = new FakeClock()
    let release = (_: Uint8Array) => {}
    const method = () =>
      new Promise<Uint8Array>((resolve) => {
        release = resolve
      })
    const server = await serveGrpc(
      {
        methods: new Map([[TRACES, method]]),
        rules: { ...CONNECTION_RULES_DEFAULT, maxAgeMs: 10_000, maxAgeGraceMs: 3000 },
      },
      { clock },
    )
    const [finishing, hanging] = [frameClient(server).greet(), frameClient(server).greet()]
    const id = hanging.newStream()
    for (const client of [hanging, finishing]) {
      client.send(wholeCall(id))
      await expect.poll(() => server.served.underWay, eventually).toBe(client === hanging ? 1 : 2)
    }
    await clock.tick(10_000)
    release(Buffer.from('done'))
    await expect.poll(() => finishing.isClosed, eventually).toBe(true)
    expect(finishing.of(FRAME.data, id)[0]!.payload.toString('latin1', 5)).toBe('done')
    expect(hanging.isClosed).toBe(false)
    await clock.tick(3000)
    await expect.poll(() => hanging.isClosed, eventually).toBe(true)
  })

  it('are pinged when silent, and end without an answer', async () => {
    const clock = new FakeClock()
    const rules = { ...CONNECTION_RULES_DEFAULT, pingAfterMs: 60_000, pingTimeoutMs: 20_000 }
    const server = await serveGrpc({ rules }, { clock })
    const [answering, silent] = [frameClient(server).greet(), frameClient(server).greet()]
    for (const client of [answering, silent]) await callOn(client)
    silent.socket.pause()
    await clock.tick(60_000)
    await expect.poll(() => answering.of(FRAME.ping).length, eventually).toBe(1)
    // Its answer is on the way: it must have come before time goes on.
    await callOn(answering)
    await clock.tick(20_000)
    silent.socket.resume()
    await expect.poll(() => silent.isClosed, eventually).toBe(true)
    expect(answering.isClosed).toBe(false)
  })

  const pings: [string, number, boolean, boolean][] = [
    ['seldom enough', 1000, true, false],
    ['too often', 999, true, true],
    ['seldom enough, but without a call', 1000, false, true],
  ]
  it.each(pings)('may ping %s', async (_, everyMs, pingWithoutStream, ends) => {
    const clock = new FakeClock()
    const rules = { ...CONNECTION_RULES_DEFAULT, pingIntervalMinMs: 1000, pingWithoutStream }
    const server = await serveGrpc({ rules }, { clock })
    const client = frameClient(server).greet()
    await callOn(client)
    for (let n = 1; n <= 6 && !client.isClosed; n++) {
      client.send(frame(FRAME.ping, 0, 0, Buffer.alloc(8, n)))
      await expect
        .poll(() => client.isClosed || client.of(FRAME.ping).length === n, eventually)
        .toBe(true)
      await clock.tick(everyMs)
    }
    expect(client.isClosed).toBe(ends)
    const [goAway] = client.of(FRAME.goAway)
    expect(goAway?.payload.toString('latin1', 8)).toBe(ends ? 'too_many_pings' : undefined)
    if (ends) expect(goAway!.payload.readUInt32BE(4)).toBe(11)
  })

  it('closes a connection without the HTTP/2 preface it began', async () => {
    const server = await serveGrpc()
    const client = frameClient(server)
    client.send(PREFACE.subarray(0, 10), Buffer.from('nonsense'))
    await expect.poll(() => client.isClosed, eventually).toBe(true)
  })
})
