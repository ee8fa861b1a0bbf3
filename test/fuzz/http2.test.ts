/**
 * HTTP/2 against damaged sequences of frames, as a server and as a client: nothing is thrown, every
 * stream that began is told its end exactly once, no timer stays, and what is written in answer is
 * bounded. WEIR_SEED takes another run.
 */
import { type Duplex, duplexPair } from 'node:stream'
import { expect, test } from 'vitest'
import { CONNECTION_RULES_DEFAULT } from '#net'
import {
  FakeClock,
  FLAG,
  FRAME,
  frame,
  grpcHeaders,
  headerBlock,
  number32,
  PREFACE,
  randomFrom,
  TRACES,
} from '#support'
import { Http2ClientConnection } from '../../src/net/http2-client.js'
import type { AnswerSink, OpenStream } from '../../src/net/http2-layer.js'
import { Http2Server } from '../../src/net/http2-server.js'

const ROUNDS = 1500
const STREAMS_MAX = 10
/** An answer to a frame of 9 bytes may be several frames. */
const WRITTEN_PER_BYTE = 16
const WRITTEN_BASE = 8 * 1024
const seed = Number(process.env['WEIR_SEED'] ?? 1)

type Random = () => number

/** How streams began and ended. */
class Tally {
  begun = 0
  ended = 0
  completed = 0
  /** Told after their end. */
  misused = 0

  get open(): number {
    return this.begun - this.ended
  }
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!
}

function flags(...of: number[]): number {
  return of.reduce((sum, flag) => sum | flag, 0)
}

/** Frames as a client sends them, more or less in order. */
function clientFrames(random: Random): Buffer[] {
  const frames = [PREFACE, frame(FRAME.settings, 0, 0)]
  for (let id = 1; id < 2 * (1 + random() * 14); id += 2) {
    const fields = headerBlock({ ...grpcHeaders(TRACES), [`x-${id}`]: 'y'.repeat(random() * 50) })
    const cut = Math.floor(random() * fields.length)
    const whole = random() < 0.7
    frames.push(
      frame(
        FRAME.headers,
        whole ? FLAG.endHeaders : 0,
        id,
        whole ? fields : fields.subarray(0, cut),
      ),
    )
    if (!whole) frames.push(frame(FRAME.continuation, FLAG.endHeaders, id, fields.subarray(cut)))
    frames.push(frame(FRAME.data, 0, id, Buffer.alloc(random() * 3000)))
    if (random() < 0.2) frames.push(frame(FRAME.resetStream, 0, id, number32(8)))
    if (random() < 0.3) frames.push(frame(FRAME.windowUpdate, 0, id, number32(random() * 2 ** 31)))
    frames.push(frame(FRAME.data, FLAG.endStream, id, Buffer.from('end')))
    frames.push(pick(random, OTHERS))
  }
  return frames
}

const OTHERS = [
  frame(FRAME.ping, 0, 0, Buffer.alloc(8)),
  frame(FRAME.settings, FLAG.ack, 0),
  frame(FRAME.settings, 0, 0, Buffer.concat([Buffer.from([0, 4]), number32(100)])),
  frame(FRAME.settings, 0, 0, Buffer.concat([Buffer.from([0, 1]), number32(0)])),
  frame(FRAME.windowUpdate, 0, 0, number32(1000)),
  frame(FRAME.priority, 0, 3, Buffer.alloc(5)),
  frame(FRAME.goAway, 0, 0, Buffer.alloc(8)),
  frame(42, 0, 0, Buffer.alloc(20)),
]

/** Frames as a server sends them to the requests 1, 3, 5, 7 and 9. */
function serverFrames(random: Random): Buffer[] {
  const frames = [frame(FRAME.settings, 0, 0)]
  const ok = headerBlock({ ':status': '200', 'content-type': 'application/grpc' })
  for (let id = 1; id <= 9; id += 2) {
    frames.push(frame(FRAME.headers, FLAG.endHeaders, id, ok))
    frames.push(frame(FRAME.data, 0, id, Buffer.alloc(random() * 2000)))
    if (random() < 0.2)
      frames.push(frame(FRAME.resetStream, 0, id, number32(pick(random, [0, 2, 7]))))
    const end = flags(FLAG.endHeaders, FLAG.endStream)
    frames.push(frame(FRAME.headers, end, id, headerBlock({ 'grpc-status': '0' })))
    frames.push(pick(random, OTHERS))
  }
  return frames
}

/** Up to four faults: bytes changed, frames dropped, doubled, swapped, cut or made up. */
function damaged(frames: readonly Buffer[], random: Random): Buffer {
  const all = frames.map((one) => Buffer.from(one))
  for (let faults = Math.floor(random() * 5); faults > 0; faults--) {
    const at = Math.floor(random() * all.length)
    const one = all[at]!
    const kind = random()
    if (kind < 0.4 && one.length > 0) one[Math.floor(random() ** 2 * one.length)] = random() * 256
    else if (kind < 0.5) all.splice(at, 1)
    else if (kind < 0.6) all.splice(at, 0, one)
    else if (kind < 0.7) all.push(all.splice(at, 1)[0]!)
    else if (kind < 0.8) all[at] = one.subarray(0, random() * one.length)
    else {
      const type = Math.floor(random() * 11)
      const payload = Buffer.from(Array.from({ length: random() * 40 }, () => random() * 256))
      all.splice(at, 0, frame(type, random() * 256, Math.floor(random() * 12), payload))
    }
    if (all.length === 0) break
  }
  return Buffer.concat(all)
}

/** Writes the bytes in pieces, and returns how many came back. */
async function feed(near: Duplex, bytes: Buffer, random: Random): Promise<number> {
  let came = 0
  near.on('error', () => {})
  near.on('data', (chunk: Buffer) => {
    came += chunk.length
  })
  for (let at = 0; at < bytes.length && !near.destroyed; ) {
    const length = 1 + Math.floor(random() ** 3 * 4000)
    near.write(bytes.subarray(at, at + length))
    at += length
    if (random() < 0.3) await turn()
  }
  for (let n = 0; n < 4; n++) await turn()
  return came
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Both ends of a connection; the end of one is the end of the other. */
function pair(): [Duplex, Duplex] {
  const [near, far] = duplexPair()
  near.once('close', () => far.destroy())
  far.once('close', () => near.destroy())
  return [near, far]
}

function answering(random: Random, tally: Tally): OpenStream {
  return (stream) => {
    tally.begun++
    let isGone = false
    if (random() < 0.1) stream.refuse({ ':status': '405' })
    return {
      data: () => {
        if (isGone) tally.misused++
      },
      end: () => {
        tally.completed++
        const body = [Buffer.alloc(random() * 200), Buffer.alloc(random() * 200)]
        const answer = () => stream.answer({ ':status': '200' }, body, { 'grpc-status': '0' })
        if (random() < 0.5) answer()
        else setImmediate(answer)
      },
      gone: () => {
        if (isGone) tally.misused++
        isGone = true
        tally.ended++
      },
    }
  }
}

/** One connection to a server. */
async function serveRound(
  bytes: Buffer,
  random: Random,
  tally: Tally,
  open = answering(random, tally),
) {
  const clock = new FakeClock()
  const settings = { concurrentStreamsMax: STREAMS_MAX, headerBytesMax: 4096 }
  const rules = CONNECTION_RULES_DEFAULT
  const server = new Http2Server(settings, rules, undefined, clock, () => 0.5, open)
  const [near, far] = pair()
  server.accept(far)
  const came = await feed(near, bytes, random)
  expect(came).toBeLessThan(WRITTEN_BASE + WRITTEN_PER_BYTE * bytes.length)
  expect(tally.open).toBeLessThanOrEqual(STREAMS_MAX)
  near.destroy()
  await turn()
  await turn()
  expect([tally.open, tally.misused, clock.pending]).toEqual([0, 0, 0])
}

/** One connection of a client with five requests. */
async function askRound(bytes: Buffer, random: Random, tally: Tally): Promise<void> {
  const clock = new FakeClock()
  const [near, far] = pair()
  let closed = 0
  const pings = { afterMs: 10_000, timeoutMs: 1000, withoutStream: true }
  const client = new Http2ClientConnection(far, 5000, pings, clock, {
    ready: () => {},
    leaving: () => {},
    closed: () => closed++,
  })
  const head = { ':method': 'POST', ':scheme': 'http', ':path': '/', ':authority': 'weir' }
  for (let n = 0; n < 5; n++) {
    tally.begun++
    let isOver = false
    const told = () => {
      if (isOver) tally.misused++
    }
    const over = () => {
      told()
      isOver = true
      tally.ended++
    }
    const sink: AnswerSink = {
      headers: told,
      data: told,
      trailers: told,
      end: () => {
        tally.completed++
        over()
      },
      failed: over,
    }
    client.request(head, [Buffer.alloc(random() * 300)], sink)
  }
  await feed(near, bytes, random)
  near.destroy()
  await turn()
  await turn()
  expect([tally.open, tally.misused, closed, clock.pending]).toEqual([0, 0, 1, 0])
}

test(`a server with damaged frames (seed ${seed})`, async () => {
  const random = randomFrom(seed)
  const all = new Tally()
  for (let round = 0; round < ROUNDS; round++) {
    const tally = new Tally()
    await serveRound(damaged(clientFrames(random), random), random, tally)
    all.begun += tally.begun
    all.completed += tally.completed
  }
  // It is neither all broken nor all whole.
  expect(all.begun).toBeGreaterThan(2 * ROUNDS)
  expect(all.completed).toBeGreaterThan(ROUNDS)
  expect(all.completed).toBeLessThan(all.begun)
})

test(`a client with damaged frames (seed ${seed})`, async () => {
  const random = randomFrom(seed)
  const all = new Tally()
  for (let round = 0; round < ROUNDS; round++) {
    const tally = new Tally()
    await askRound(damaged(serverFrames(random), random), random, tally)
    all.begun += tally.begun
    all.completed += tally.completed
  }
  expect(all.completed).toBeGreaterThan(ROUNDS)
  expect(all.completed).toBeLessThan(all.begun)
})

test('a stream that is never told its end would be found', async () => {
  const random = randomFrom(seed)
  const tally = new Tally()
  const forgetful: OpenStream = () => {
    tally.begun++
    return { data() {}, end() {}, gone() {} }
  }
  const bytes = Buffer.concat(clientFrames(random))
  await expect(serveRound(bytes, random, tally, forgetful)).rejects.toThrow()
})
