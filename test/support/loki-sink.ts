/** A server of Loki's push API for tests: says what it was sent, as protobufjs reads it. */
import { onTestFinished } from 'vitest'
import { decompress, HTTP_SERVER_DEFAULTS, type HttpRequest, httpOffer, Listener } from '#net'
import type { Address, Network } from '#sdk'
import { FakeClock } from './fake-clock.js'
import { decodeRequest, encodeRequest, type Plain } from './otlp-oracle.js'

export interface LokiPush {
  readonly tenant: string | undefined
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly streams: readonly Plain[]
}

const BYTES_MAX = 16 * 1024 * 1024

/** Answers 204 until `answer` says otherwise; what it did not take is not among `pushes`. */
export async function lokiSink(network: Network, address: Address) {
  const sink = {
    pushes: [] as LokiPush[],
    answer: (_: LokiPush): { readonly status: number; readonly reason?: string } => ({
      status: 204,
    }),
  }
  const handle = async (request: HttpRequest) => {
    const bytes = await decompress('snappy', request.body, BYTES_MAX)
    const { streams = [] } = decodeRequest('entries', bytes) as { streams?: readonly Plain[] }
    // What protobufjs reads and writes again is what came: nothing is there that it does not know.
    if (!encodeRequest('entries', { streams }).equals(bytes)) throw new Error('other bytes')
    const tenant = request.header('x-scope-orgid')
    const push = { tenant, headers: request.headers(), streams }
    const { status, reason = '' } = sink.answer(push)
    if (status === 204) sink.pushes.push(push)
    return { status, body: Buffer.from(reason) }
  }
  const routes = new Map([['/loki/api/v1/push', { methods: ['POST'], handle }]])
  const onBug = (error: unknown) => {
    throw error
  }
  const surroundings = { network, clock: new FakeClock(), random: () => 0.5 }
  const listener = await Listener.open(surroundings, address)
  listener.serve(httpOffer({ ...HTTP_SERVER_DEFAULTS, routes, encodings: [], onBug }))
  onTestFinished(() => listener.close(AbortSignal.abort()))
  return sink
}
