import { describe, expect, it, onTestFinished } from 'vitest'
import { Secret } from '#sdk'
import {
  callOn,
  eventually,
  FakeClock,
  FLAG,
  FRAME,
  type FrameClient,
  fakeContext,
  frame,
  frameClient,
  grpcServerOptions,
  makeAuthority,
  serveGrpc,
  wholeCall,
} from '#support'
import { CONNECTION_RULES_DEFAULT, type ConnectionRules } from './connection-rules.js'
import { grpcOffer } from './grpc-server.js'
import { STREAM_ID_MAX } from './http2-frames.js'
import { Http2Lifetime, type LastingConnection } from './http2-lifetime.js'
import { ServerTls } from './tls.js'

/** Notes what is done to it. */
class NotedConnection implements LastingConnection {
  hasStreams = false
  readonly done: string[] = []
  answerPing = () => {}

  ping(answered: () => void): void {
    this.done.push('ping')
    this.answerPing = answered
  }

  askToLeave(): void {
    this.done.push('ask')
  }

  leave(): void {
    this.done.push('leave')
  }

  destroy(): void {
    this.done.push('destroy')
  }
}

/** Goes through the steps; each with what was done to the connection by then. */
async function play(
  rules: Partial<ConnectionRules>,
  steps: readonly string[],
): Promise<readonly string[]> {
  const clock = new FakeClock()
  const connection = new NotedConnection()
  const all = { ...CONNECTION_RULES_DEFAULT, ...rules }
  const lifetime = new Http2Lifetime(connection, all, clock, () => 0.5)
  const actions: Readonly<Record<string, (ms: number) => unknown>> = {
    greets: () => lifetime.greeted(),
    tick: (ms) => clock.tick(ms),
    go: () => lifetime.leave(false),
    'go, idle too': () => lifetime.leave(true),
    opens: () => {
      connection.hasStreams = true
      lifetime.opened()
    },
    ends: () => {
      connection.hasStreams = false
      lifetime.idle()
    },
    pong: () => connection.answerPing(),
  }
  const seen: string[] = []
  for (const step of steps) {
    const [, what, name, ms] = /^((\D+?)(?: (\d+))?)(?: ->.*)?$/.exec(step)!
    await actions[name!]!(Number(ms))
    const done = connection.done.splice(0)
    seen.push(done.length > 0 ? `${what} -> ${done.join(', ')}` : what!)
  }
  lifetime.close()
  expect(clock.pending).toBe(0)
  return seen
}

describe('a connection', () => {
  const rows: [string, Partial<ConnectionRules>, string[]][] = [
    [
      'told to go says so when the next request has come',
      {},
      ['greets', 'go', 'tick 100000', 'opens -> ask, ping', 'pong -> leave', 'ends'],
    ],
    [
      'told to go in the middle of a request waits for the next one, too',
      {},
      ['greets', 'opens', 'go', 'ends', 'opens -> ask, ping', 'pong -> leave'],
    ],
    [
      'told to go before its preface goes all the same',
      {},
      ['go', 'greets', 'opens -> ask, ping', 'pong -> leave'],
    ],
    [
      'told to go that does not answer the ping leaves without',
      {},
      ['greets', 'go', 'opens -> ask, ping', 'tick 4999', 'tick 1 -> leave', 'pong'],
    ],
    [
      'told to go more than once says it once',
      {},
      [
        ...['greets', 'go', 'go', 'opens -> ask, ping', 'go', 'go, idle too', 'opens'],
        ...['pong -> leave', 'go', 'go, idle too', 'opens'],
      ],
    ],
    [
      'told to go is not counted as idle or old any more',
      { maxIdleMs: 5000, maxAgeMs: 100_000 },
      ['greets', 'opens', 'tick 6000', 'go', 'ends', 'tick 200000', 'opens -> ask, ping'],
    ],
    [
      'without requests leaves at once when idle ones are to',
      {},
      ['greets', 'go, idle too -> leave'],
    ],
    [
      'that waits for its next request leaves at once when idle ones are to',
      {},
      ['greets', 'go', 'go, idle too -> leave'],
    ],
    [
      'with a request says so at once when idle ones are to go',
      {},
      ['greets', 'opens', 'go, idle too -> ask, ping', 'pong -> leave'],
    ],
    [
      'whose last request ends before the ping is answered leaves at once when idle ones are to',
      {},
      ['greets', 'go', 'opens -> ask, ping', 'ends', 'go, idle too -> leave', 'pong'],
    ],
    [
      'of its age asks, leaves, and is cut off after the grace',
      { maxAgeMs: 10_000, maxAgeGraceMs: 3000 },
      [
        ...['greets', 'opens', 'tick 9999', 'tick 1 -> ask, ping', 'pong -> leave'],
        ...['tick 2999', 'tick 1 -> destroy'],
      ],
    ],
    [
      'idle for too long goes likewise, with a minute for a request that crosses',
      { maxIdleMs: 5000 },
      [
        ...['greets', 'tick 4000', 'opens', 'tick 6000', 'ends', 'tick 4999'],
        ...['tick 1 -> ask, ping', 'opens', 'pong -> leave', 'tick 59999', 'tick 1 -> destroy'],
      ],
    ],
  ]
  it.each(rows)('%s', async (_, rules, steps) => {
    expect(await play(rules, steps)).toEqual(steps)
  })
})

/** A client that sends one more request just when it is asked to go; resolves when all is over. */
async function crossed(client: FrameClient): Promise<void> {
  client.onFrame = ({ type }) => {
    if (type !== FRAME.goAway) return
    client.onFrame = () => {}
    client.send(wholeCall(client.newStream()))
  }
  await expect.poll(() => client.isClosed, eventually).toBe(true)
}

function lastStreams(client: FrameClient): readonly number[] {
  return client.of(FRAME.goAway).map(({ payload }) => payload.readUInt32BE(0))
}

/** Streams that were answered to their end. */
function answered(client: FrameClient): readonly number[] {
  const isEnd = ({ type, flags }: (typeof client.frames)[number]) =>
    type === FRAME.headers && (flags & FLAG.endStream) !== 0
  return client.frames.filter(isEnd).map(({ stream }) => stream)
}

describe('no request is refused', () => {
  it('when a server takes other clients than before', async () => {
    const server = await serveGrpc()
    const client = frameClient(server).greet()
    await callOn(client)
    const { cert, key } = await makeAuthority('Weir test')
    const pair = { cert_pem: cert, key_pem: new Secret(key) }
    const tls = await ServerTls.load(pair, fakeContext())
    onTestFinished(() => tls.close())
    server.listener.serve(grpcOffer(grpcServerOptions({ tls })))
    client.send(frame(FRAME.ping, 0, 0, Buffer.alloc(8)))
    await expect.poll(() => client.of(FRAME.ping).length, eventually).toBe(1)
    expect(lastStreams(client)).toEqual([])
    client.send(wholeCall(client.newStream()))
    await crossed(client)
    expect(lastStreams(client)).toEqual([STREAM_ID_MAX, 5])
    expect(answered(client)).toEqual([1, 3, 5])
  })

  it('at the age of a connection: the last one is named when a ping has gone round', async () => {
    const clock = new FakeClock()
    const rules = { ...CONNECTION_RULES_DEFAULT, maxAgeMs: 10_000 }
    const client = frameClient(await serveGrpc({ rules }, { clock })).greet()
    await callOn(client)
    const over = crossed(client)
    await clock.tick(10_000)
    await over
    const told = client.frames.filter(({ type }) => type === FRAME.goAway || type === FRAME.ping)
    expect(told.map(({ type }) => type)).toEqual([FRAME.goAway, FRAME.ping, FRAME.goAway])
    expect(lastStreams(client)).toEqual([STREAM_ID_MAX, 3])
    expect(answered(client)).toEqual([1, 3])
  })
})
