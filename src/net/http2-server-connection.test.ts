/** What open connections do when the limits of their server change. */
import { describe, expect, it } from 'vitest'
import {
  callOn,
  eventually,
  FLAG,
  FRAME,
  type FrameClient,
  frame,
  frameClient,
  grpcServerOptions,
  number32,
  PREFACE,
  type RunningServer,
  serveGrpc,
  TRACES,
  wholeCall,
} from '#support'
import { type GrpcServerOptions, grpcOffer } from './grpc-server.js'
import { ERROR, SETTING } from './http2-frames.js'
import type { Served } from './serving.js'

const ACK = frame(FRAME.settings, FLAG.ack, 0)
const WAITING = new Map([[TRACES, () => new Promise<Uint8Array>(() => {})]])

function serveAnew({ listener }: RunningServer, options: Partial<GrpcServerOptions>): Served {
  return listener.serve(grpcOffer(grpcServerOptions(options)))
}

/** By frame, what the client was told at first left out. */
function newSettings(client: FrameClient): readonly (readonly [number, number])[][] {
  const frames = client.of(FRAME.settings).filter(({ flags }) => (flags & FLAG.ack) === 0)
  return frames.slice(1).map(({ payload }) =>
    Array.from({ length: payload.length / 6 }, (_, n) => {
      return [payload.readUInt16BE(6 * n), payload.readUInt32BE(6 * n + 2)]
    }),
  )
}

function reset(stream: number): Buffer {
  return frame(FRAME.resetStream, 0, stream, number32(ERROR.cancel))
}

describe('an open connection stays and is told', () => {
  const { concurrentStreamsMax, headerListBytesMax } = SETTING
  const rows: [string, Partial<GrpcServerOptions>, [number, number][][]][] = [
    ['more streams', { concurrentStreamsMax: 20 }, [[[concurrentStreamsMax, 20]]]],
    ['fewer streams', { concurrentStreamsMax: 5 }, [[[concurrentStreamsMax, 5]]]],
    ['larger headers', { headerBytesMax: 9000 }, [[[headerListBytesMax, 9000]]]],
    [
      'both at once',
      { concurrentStreamsMax: 20, headerBytesMax: 3000 },
      [
        [
          [concurrentStreamsMax, 20],
          [headerListBytesMax, 3000],
        ],
      ],
    ],
    ['nothing where neither changed', { messageBytesMax: 100 }, []],
  ]
  it.each(rows)('%s', async (_, changed, told) => {
    const before = { concurrentStreamsMax: 10, headerBytesMax: 5000 }
    const server = await serveGrpc(before)
    const client = frameClient(server).greet()
    await callOn(client)
    serveAnew(server, { ...before, ...changed })
    await callOn(client)
    expect(newSettings(client)).toEqual(told)
    expect(client.of(FRAME.goAway)).toEqual([])
  })
})

describe('the limit of streams', () => {
  const lowered: [string, number[]][] = [
    ['that is lowered', [1]],
    ['that is lowered step by step', [2, 1]],
    ['that is lowered and raised', [1, 2, 1]],
  ]
  it.each(lowered)('%s holds once the client has acknowledged it', async (_, limits) => {
    const server = await serveGrpc({ methods: WAITING, concurrentStreamsMax: 3 })
    const client = frameClient(server)
    client.send(PREFACE, frame(FRAME.settings, 0, 0), ACK, wholeCall(1))
    await expect.poll(() => server.served.underWay, eventually).toBe(1)
    let { served } = server
    for (const concurrentStreamsMax of limits) {
      served = serveAnew(server, { methods: WAITING, concurrentStreamsMax })
    }
    // It may have sent those before it knew.
    client.send(wholeCall(3), wholeCall(5), wholeCall(7))
    await expect.poll(() => client.of(FRAME.resetStream, 7).length, eventually).toBe(1)
    expect(client.of(FRAME.resetStream, 7)[0]!.payload.readUInt32BE()).toBe(ERROR.refusedStream)
    expect(served.underWay).toBe(2)
    expect(newSettings(client)).toHaveLength(limits.length)
    client.send(reset(3), reset(5), ...limits.slice(1).map(() => ACK), wholeCall(9))
    await expect.poll(() => served.underWay, eventually).toBe(3)
    expect(client.of(FRAME.goAway)).toEqual([])
    client.send(reset(9), ACK, wholeCall(11))
    await expect.poll(() => client.isClosed, eventually).toBe(true)
    expect(client.of(FRAME.goAway)[0]!.payload.readUInt32BE(4)).toBe(ERROR.protocol)
  })

  it('that is raised holds at once', async () => {
    const server = await serveGrpc({ methods: WAITING, concurrentStreamsMax: 1 })
    const client = frameClient(server)
    client.send(PREFACE, frame(FRAME.settings, 0, 0), ACK, wholeCall(1))
    await expect.poll(() => server.served.underWay, eventually).toBe(1)
    const served = serveAnew(server, { methods: WAITING, concurrentStreamsMax: 3 })
    client.send(wholeCall(3), wholeCall(5))
    await expect.poll(() => served.underWay, eventually).toBe(2)
  })
})

it('headers above a new limit are refused with 431, up to it they are taken', async () => {
  const server = await serveGrpc({ headerBytesMax: 5000 })
  const client = frameClient(server).greet()
  const large = { large: 'x'.repeat(3000) }
  await callOn(client, large)
  serveAnew(server, { headerBytesMax: 2000 })
  const id = client.newStream()
  client.send(wholeCall(id, large))
  await expect.poll(() => client.of(FRAME.headers, id).length, eventually).toBe(1)
  const [refusal] = client.of(FRAME.headers, id)
  expect(refusal!.flags & FLAG.endStream).toBe(FLAG.endStream)
  expect(refusal!.payload.toString('latin1')).toContain('431')
  await callOn(client)
  serveAnew(server, { headerBytesMax: 4000 })
  await callOn(client, large)
  expect(client.of(FRAME.goAway)).toEqual([])
})
