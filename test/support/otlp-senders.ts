/** Who sends to an OTLP receiver at its default addresses: our gRPC client, and node:http. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { GrpcClientOptions } from '#net'
import type { OtlpSignal } from '#pdata'
import type { Network } from '#sdk'
import { decodeStatus } from '#wire'
import { FakeClock } from './fake-clock.js'
import { grpcClient } from './grpc.js'
import { sampleRequest } from './otlp.js'
import { CONTENT_TYPE, GRPC_PATHS } from './otlp-names.js'

/** In a request of `SENT`. */
export const SENT_ITEMS = 3
const requestOf = (signal: OtlpSignal) =>
  sampleRequest(signal, { items: SENT_ITEMS, resources: 1, attributes: 2 })

/** What is sent unless a test says otherwise. */
export const SENT: Readonly<Record<OtlpSignal, Buffer>> = {
  traces: requestOf('traces'),
  metrics: requestOf('metrics'),
  logs: requestOf('logs'),
}

export const PROTO = { 'content-type': CONTENT_TYPE }

/** With the senders time stands still. */
const clock = new FakeClock()

/** Calls methods of 127.0.0.1:4317. */
export function grpcSender(network: Network, options: Partial<GrpcClientOptions> = {}) {
  const client = grpcClient('127.0.0.1:4317', { network, clock, random: () => 0.5, ...options })
  onTestFinished(() => client.close(AbortSignal.abort()))
  return (signal: OtlpSignal = 'traces', headers: Readonly<Record<string, string>> = {}) => {
    const call = { timeoutMs: 10_000, headers: new Map(Object.entries(headers)) }
    return client.call(GRPC_PATHS[signal], [SENT[signal]], call)
  }
}

export interface Exchange {
  readonly method?: 'POST' | 'OPTIONS'
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Speaks TLS, and trusts this authority. */
  readonly ca?: string
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/**
 * One request to 127.0.0.1:4318 on a connection of its own: spans in protobuf unless told
 * otherwise.
 */
export function httpExchange(network: Network, exchange: Exchange): Promise<Reply> {
  const { method = 'POST', path = '/v1/traces', headers = PROTO, body = SENT.traces, ca } = exchange
  const socket = network.connect({ host: '127.0.0.1', port: 4318 }) as Socket
  const createConnection = () => (ca ? connectTls({ socket, ca, servername: 'localhost' }) : socket)
  return new Promise((resolve, reject) => {
    const request = httpRequest({ method, path, headers, createConnection })
    request.once('error', reject)
    request.once('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('end', () => {
        const { statusCode: status = 0, headers: answered } = response
        resolve({ status, headers: answered, body: Buffer.concat(chunks) })
      })
    })
    request.end(method === 'POST' ? body : undefined)
  })
}

/** What the Status of an answer says; empty for a success. */
export function statusMessage({ headers, body }: Reply): string {
  const encoding = headers['content-type'] === 'application/json' ? 'json' : 'protobuf'
  return decodeStatus(encoding, body).message
}
