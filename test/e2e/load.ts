/**
 * Steady OTLP traffic over connections that stay open, with ids that tell lost and doubled spans.
 */
import { numberedRequest } from '../support/numbered.js'
import { grpcConnection, httpConnection, type OtlpConnection } from '../support/otlp-connections.js'

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
  readonly #connections: readonly OtlpConnection[]
  #next = 0
  #timer: NodeJS.Timeout | undefined
  readonly #underWay = new Set<Promise<void>>()

  constructor(options: LoadOptions) {
    this.#options = options
    this.#connections = Array.from({ length: options.connections }, (_, n) =>
      n % 2 === 0 ? grpcConnection(options.grpcPort) : httpConnection(options.httpPort),
    )
  }

  start(): void {
    const perMs = this.#options.requestsPerSecond / 1000
    const startedAt = performance.now()
    // A busy machine leaves ticks out.
    this.#timer = setInterval(() => {
      while (this.#next < (performance.now() - startedAt) * perMs) this.#send()
    }, 10)
  }

  /** Sends no more and waits for the answers. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#underWay)
    for (const connection of this.#connections) connection.close()
  }

  #send(): void {
    const number = this.#next++
    const connection = this.#connections[number % this.#connections.length]!
    const work = connection
      .send('traces', numberedRequest('traces', [number]))
      .then(
        () => void this.acknowledged.push(number),
        (error: Error) => void this.failures.push(error.message),
      )
      .finally(() => this.#underWay.delete(work))
    this.#underWay.add(work)
  }
}
