import { type Duplex, duplexPair } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type Address, type Network, Retryable, Secret } from '#sdk'
import {
  fakeContext,
  grpcClient,
  grpcServerOptions,
  httpClient,
  httpServerOptions,
  loopback,
  makeAuthority,
  TRACES,
} from '#support'
import { formatAddress } from './address.js'
import { grpcOffer } from './grpc-server.js'
import { httpOffer } from './http-server.js'
import { Listener } from './listener.js'
import { ClientTls, ServerTls } from './tls.js'

/** A network without sockets: both ends of a connection are streams. */
class MemoryNetwork implements Network {
  readonly #listening = new Map<string, (connection: Duplex) => void>()

  async listen(address: Address, onConnection: (connection: Duplex) => void) {
    const key = formatAddress(address)
    if (this.#listening.has(key)) throw new Retryable(`cannot listen on ${key}: address in use`)
    this.#listening.set(key, onConnection)
    return { address, close: async () => void this.#listening.delete(key) }
  }

  connect(address: Address): Duplex {
    const [near, far] = duplexPair()
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
    const onConnection = this.#listening.get(formatAddress(address))
    if (onConnection) onConnection(far)
    else near.destroy(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
    return near
  }
}

const ADDRESS = { host: 'weir', port: 4317 }
const BODY = Buffer.alloc(300_000, 'some text ')

describe('over a network in memory', () => {
  it('gRPC works, and connections are let go', async () => {
    const network = new MemoryNetwork()
    const around = { ...loopback, network }
    const client = grpcClient('weir:4317', { network })
    const call = () => client.call(TRACES, [BODY], { timeoutMs: 5000 })
    await expect(call()).rejects.toThrow('cannot connect to weir:4317: connection refused')
    const listener = await Listener.open(around, ADDRESS)
    listener.serve(grpcOffer(grpcServerOptions()))
    const waiting = grpcClient('weir:4317', { network, waitForReady: true })
    const answer = await waiting.call(TRACES, [BODY], { timeoutMs: 5000 })
    expect(BODY.equals(answer.response)).toBe(true)
    await waiting.close(AbortSignal.abort())
    await expect.poll(() => listener.connectionCount, { interval: 5 }).toBe(0)
    await client.close(AbortSignal.abort())
    await listener.close()
  })

  it('HTTP works, and connections are let go', async () => {
    const network = new MemoryNetwork()
    const client = httpClient({ network })
    const request = () =>
      client.request({
        method: 'POST',
        url: new URL('http://weir:4317/v1/traces'),
        headers: { 'content-type': 'application/json' },
        body: [BODY.subarray(0, 1000), BODY.subarray(1000)],
        timeoutMs: 5000,
      })
    await expect(request()).rejects.toThrow('cannot connect to weir:4317: connection refused')
    const listener = await Listener.open({ ...loopback, network }, ADDRESS)
    listener.serve(httpOffer(httpServerOptions()))
    for (let n = 0; n < 3; n++) expect(BODY.equals((await request()).body)).toBe(true)
    await client.close(AbortSignal.abort())
    await expect.poll(() => listener.connectionCount, { interval: 5 }).toBe(0)
    await listener.close()
  })

  it.each(['gRPC', 'HTTP'])('TLS works: %s', async (protocol) => {
    const network = new MemoryNetwork()
    const context = fakeContext()
    const { cert, key } = await (await makeAuthority('Memory')).issue(['weir'])
    const tls = await ServerTls.load({ cert_pem: cert, key_pem: new Secret(key) }, context)
    const trusting = await ClientTls.load({ insecure_skip_verify: true }, context)
    const listener = await Listener.open({ ...loopback, network }, ADDRESS)
    if (protocol === 'gRPC') {
      listener.serve(grpcOffer(grpcServerOptions({ tls })))
      const client = grpcClient('weir:4317', { network, tls: trusting })
      const answer = await client.call(TRACES, [BODY], { timeoutMs: 5000 })
      expect(BODY.equals(answer.response)).toBe(true)
      await client.close(AbortSignal.abort())
    } else {
      listener.serve(httpOffer(httpServerOptions({ tls })))
      const client = httpClient({ network, tls: trusting })
      const reply = await client.request({
        method: 'POST',
        url: new URL('https://weir:4317/v1/traces'),
        headers: { 'content-type': 'application/json' },
        body: [BODY],
        timeoutMs: 5000,
      })
      expect(BODY.equals(reply.body)).toBe(true)
      await client.close(AbortSignal.abort())
    }
    await listener.close()
  })
})
