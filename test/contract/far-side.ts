import {
  Code,
  compress,
  decompress,
  GRPC_SERVER_DEFAULTS,
  type GrpcMethod,
  grpcOffer,
  HTTP_SERVER_DEFAULTS,
  type HttpRequest,
  type HttpRoute,
  httpOffer,
  Listener,
  type Offer,
  ServerTls,
} from '#net'
import { type Batch, isOtlp, OTLP_SIGNALS, type OtlpBatch, receiveBatch, type Signal } from '#pdata'
import { type Address, Permanent } from '#sdk'
import { FakeClock } from '#support'
import { encodeResponse } from '#wire'
import { grpcClient } from '../support/grpc.js'
import { httpClient } from '../support/http.js'
import { CONTENT_TYPE, GRPC_PATHS } from '../support/otlp-names.js'
import type { World } from './world.js'

/** The destination that an exporter's example names. */
export interface Destination {
  readonly taken: Batch[]
  /** Rejects as a server's handler does. */
  answer: (batch: Batch) => Promise<void>
  close(): Promise<void>
}

const DESTINATIONS: Readonly<Record<string, (world: World) => Promise<Destination>>> = {
  'otelcol.exporter.otlp': (world) =>
    openDestination(world, { host: 'tempo.example.com', port: 4317 }, async (take) => {
      const { files, log } = world.fake
      const config = { cert_file: '/etc/weir/server.pem', key_file: '/etc/weir/server.key' }
      const tls = await ServerTls.load(config, { files, clock, log })
      const methods = new Map<string, GrpcMethod>()
      for (const signal of OTLP_SIGNALS) {
        methods.set(GRPC_PATHS[signal], ({ message }) => take(signal, message))
      }
      return grpcOffer({ ...GRPC_SERVER_DEFAULTS, tls, methods, onBug })
    }),

  'otelcol.exporter.otlphttp': (world) =>
    openDestination(world, { host: 'loki.example.com', port: 3100 }, async (take) => {
      const routes = new Map<string, HttpRoute>()
      for (const signal of OTLP_SIGNALS) {
        routes.set(`/otlp/v1/${signal}`, {
          methods: ['POST'],
          handle: async ({ body }) => ({
            status: 200,
            contentType: CONTENT_TYPE,
            body: await take(signal, body),
          }),
        })
      }
      return httpOffer({ ...HTTP_SERVER_DEFAULTS, routes, onBug })
    }),

  'prometheus.remote_write': (world) =>
    openDestination(world, { host: 'mimir.example.com', port: 9009 }, (take) =>
      pushOffer('/api/v1/push', (body) => take('samples', body)),
    ),

  'loki.write': (world) =>
    openDestination(world, { host: 'loki.example.com', port: 3100 }, (take) =>
      pushOffer('/loki/api/v1/push', (body) => take('entries', body)),
    ),
}

/** Exporters that write what they get to where the agent runs. */
export const ECHOES: readonly string[] = ['otelcol.exporter.debug', 'loki.echo', 'prometheus.echo']

/** Undefined for what has none. */
export function destinationOf(name: string, world: World): Promise<Destination> | undefined {
  return DESTINATIONS[name]?.(world)
}

/** Of remote-write and of Loki. */
async function pushOffer(path: string, take: (body: Uint8Array) => Promise<unknown>) {
  const handle = async ({ body, header }: HttpRequest) => {
    const isCompressed = header('content-encoding') !== 'snappy'
    try {
      await take(isCompressed ? await decompress('snappy', body, BODY_BYTES_MAX) : body)
      return { status: 204 }
    } catch (error) {
      // Of all others they think that they go better later.
      if (!(error instanceof Permanent)) throw error
      return { status: 409, body: Buffer.from(error.message) }
    }
  }
  const routes = new Map([[path, { methods: ['POST'], handle }]])
  return httpOffer({ ...HTTP_SERVER_DEFAULTS, routes, onBug })
}

const BODY_BYTES_MAX = 1024 * 1024

type Take = (signal: Signal, bytes: Uint8Array) => Promise<Uint8Array>

/** Over there time stands still; the timers of this side are counted. */
const clock = new FakeClock()
const random = () => 0.5

async function openDestination(
  { network }: World,
  address: Address,
  offerOf: (take: Take) => Promise<Offer>,
): Promise<Destination> {
  const taken: Batch[] = []
  const destination: Omit<Destination, 'close'> = { taken, answer: () => Promise.resolve() }
  const offer = await offerOf(async (signal, bytes) => {
    const batch = receiveBatch(signal, bytes)
    await destination.answer(batch)
    taken.push(batch)
    return isOtlp(signal) ? encodeResponse(signal, 'protobuf') : new Uint8Array()
  })
  const listener = await Listener.open({ network, clock, random }, address)
  listener.serve(offer)
  return Object.assign(destination, { close: () => listener.close(AbortSignal.abort()) })
}

function onBug(error: unknown): void {
  throw error
}

/** Receivers that nobody sends to: they ask. */
export const ASKING: readonly string[] = ['prometheus.scrape']

/** Somebody who sends to the receiver of an example: resolves with the code of the answer. */
export interface SenderSide {
  send(batch: Batch): Promise<number>
  close(): Promise<void>
}

const SENDERS: Readonly<Record<string, (world: World) => SenderSide>> = {
  'loki.source.api': (world) => ({
    send: (batch) => pushEntries(world, batch),
    close: () => Promise.resolve(),
  }),
  'otelcol.receiver.otlp': ({ network }) => {
    const client = grpcClient('127.0.0.1:4317', { network, clock, random })
    return {
      send: async (batch) => {
        const { signal, chunks } = batch as OtlpBatch
        return (await client.call(GRPC_PATHS[signal], chunks, { timeoutMs: 60_000 })).code
      },
      close: () => client.close(AbortSignal.abort()),
    }
  },
}

const CODES: Readonly<Record<number, number>> = {
  204: Code.OK,
  400: Code.INVALID_ARGUMENT,
  500: Code.INTERNAL,
  503: Code.UNAVAILABLE,
}

/** One request on a connection of its own, as clients of Loki make it. */
async function pushEntries({ network }: World, { chunks }: Batch): Promise<number> {
  const client = httpClient({ network, clock })
  const body = await compress('snappy', chunks)
  const { status } = await client.request({
    method: 'POST',
    url: new URL('http://127.0.0.1:3100/loki/api/v1/push'),
    headers: { 'content-type': CONTENT_TYPE },
    body,
    timeoutMs: 60_000,
  })
  await client.close(AbortSignal.abort())
  return CODES[status] ?? Code.UNKNOWN
}

export function senderTo(name: string, world: World): SenderSide {
  const make = SENDERS[name]
  if (!make) throw new Error(`test/contract/far-side.ts knows nobody who sends to ${name}`)
  return make(world)
}
