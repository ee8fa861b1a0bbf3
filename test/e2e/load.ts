/**
 * Steady OTLP traffic over connections that stay open, with ids that tell lost and doubled spans.
 */
import { Agent, request } from 'node:http'
import * as grpc from '@grpc/grpc-js'
import { encodeRequest } from '#support'

export interface LoadOptions {
  readonly grpcPort: number
  readonly httpPort: number
  /** Half of them speak gRPC, half HTTP/1.1. */
  readonly connections: number
  readonly requestsPerSecond: number
}

/** Sends one-span requests; each span's name is its number. */
export class Load {
  readonly acknowledged: number[] = []
  readonly failures: string[] = []
  readonly #options: LoadOptions
  readonly #senders: readonly ((body: Buffer) => Promise<void>)[]
  readonly #close: (() => void)[] = []
  #next = 0
  #timer: NodeJS.Timeout | undefined
  readonly #underWay = new Set<Promise<void>>()

  constructor(options: LoadOptions) {
    this.#options = options
    this.#senders = Array.from({ length: options.connections }, (_, n) =>
      n % 2 === 0 ? this.#grpc() : this.#http(),
    )
  }

  start(): void {
    const perTick = this.#options.requestsPerSecond / 100
    let due = 0
    this.#timer = setInterval(() => {
      for (due += perTick; due >= 1; due--) this.#send()
    }, 10)
  }

  /** Sends no more and waits for the answers. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#underWay)
    for (const close of this.#close) close()
  }

  #send(): void {
    const number = this.#next++
    const work = this.#senders[number % this.#senders.length]!(spanNamed(number))
      .then(
        () => void this.acknowledged.push(number),
        (error: Error) => void this.failures.push(error.message),
      )
      .finally(() => this.#underWay.delete(work))
    this.#underWay.add(work)
  }

  #grpc(): (body: Buffer) => Promise<void> {
    // One channel is one connection; without its own pool entry grpc-js would share it.
    const client = new grpc.Client(
      `127.0.0.1:${this.#options.grpcPort}`,
      grpc.credentials.createInsecure(),
      { 'grpc.use_local_subchannel_pool': 1 },
    )
    this.#close.push(() => client.close())
    const raw = (bytes: Buffer) => bytes
    return (body) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
          raw,
          raw,
          body,
          (error) => (error ? reject(error) : resolve()),
        )
      })
  }

  #http(): (body: Buffer) => Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    this.#close.push(() => agent.destroy())
    return (body) =>
      new Promise((resolve, reject) => {
        const call = request(
          {
            agent,
            host: '127.0.0.1',
            port: this.#options.httpPort,
            path: '/v1/traces',
            method: 'POST',
            headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length },
          },
          (response) => {
            response.resume()
            response.once('end', () => {
              if (response.statusCode === 200) resolve()
              else reject(new Error(`HTTP ${response.statusCode}`))
            })
          },
        )
        call.once('error', reject)
        call.end(body)
      })
  }
}

function spanNamed(number: number): Buffer {
  const id = number.toString(16)
  const span = {
    name: String(number),
    traceId: Buffer.from(id.padStart(32, '0'), 'hex'),
    spanId: Buffer.from(id.padStart(15, '0').padStart(16, '1'), 'hex'),
  }
  return encodeRequest('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
}
