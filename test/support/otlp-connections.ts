/** Connections that stay open to an OTLP receiver, of other people's parts. */
import { Agent, request } from 'node:http'
import * as grpc from '@grpc/grpc-js'
import type { OtlpSignal } from '#wire'
import { CONTENT_TYPE, GRPC_PATHS } from './otlp-names.js'

export interface OtlpConnection {
  /** Resolves once the data was acknowledged, else rejects with `NotTaken`. */
  send(signal: OtlpSignal, body: Buffer): Promise<void>
  close(): void
}

/** The receiver did not say that it has the data; it may have it for all that. */
export class NotTaken extends Error {
  /** gRPC code or HTTP status; undefined when there was no answer. */
  readonly code: number | undefined
  /** It said when to try again. */
  readonly hasHint: boolean

  constructor(message: string, code: number | undefined, hasHint: boolean) {
    super(message)
    this.code = code
    this.hasHint = hasHint
  }
}

const TIMEOUT_MS = 20_000

export function grpcConnection(port: number): OtlpConnection {
  // One channel is one connection; without its own pool entry grpc-js would share it. It is soon
  // back when the receiver is, and what it sends twice is not hidden.
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 200,
    'grpc.enable_retries': 0,
  })
  const raw = (bytes: Buffer) => bytes
  return {
    send: (signal, body) =>
      new Promise((resolve, reject) => {
        const deadline = Date.now() + TIMEOUT_MS
        client.makeUnaryRequest(GRPC_PATHS[signal], raw, raw, body, { deadline }, (error) => {
          if (!error) resolve()
          else reject(new NotTaken(error.message, codeOf(error), hasRetryInfo(error)))
        })
      }),
    close: () => client.close(),
  }
}

/** grpc-js makes up an answer where the connection broke. */
function codeOf({ code, details }: grpc.ServiceError): number | undefined {
  return code === grpc.status.UNAVAILABLE && /connection|dropped/i.test(details) ? undefined : code
}

function hasRetryInfo({ metadata }: grpc.ServiceError): boolean {
  return metadata.get('grpc-status-details-bin').some((one) => one.includes('RetryInfo'))
}

export function httpConnection(port: number): OtlpConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    send: (signal, body) =>
      new Promise((resolve, reject) => {
        const headers = { 'content-type': CONTENT_TYPE, 'content-length': body.length }
        const options = { agent, host: '127.0.0.1', port, method: 'POST', headers }
        const call = request({ ...options, path: `/v1/${signal}`, timeout: TIMEOUT_MS })
        call.once('response', (response) => {
          const { statusCode: status, headers: answered } = response
          response.resume()
          response.once('error', reject)
          response.once('end', () => {
            if (status === 200) resolve()
            else reject(new NotTaken(`HTTP ${status}`, status, 'retry-after' in answered))
          })
        })
        call.once('timeout', () => call.destroy(new Error('no answer')))
        call.once('error', ({ message }) => reject(new NotTaken(message, undefined, false)))
        call.end(body)
      }),
    close: () => agent.destroy(),
  }
}
