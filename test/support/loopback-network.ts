import { Socket } from 'node:net'
import { Duplex, finished } from 'node:stream'
import { formatAddress, systemNetwork } from '#net'
import type { Address, Listening, Network, Retryable } from '#sdk'

/** Answers every request that comes to it with a short text; what examples poll. */
class AnsweringSocket extends Duplex {
  override _read(): void {}

  override _write(_: Buffer, __: string, done: () => void): void {
    this.push('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntext')
    done()
  }
}

/** Where an example expects somebody to answer. */
const ANSWERING = 'config.example.com:80'

/**
 * The addresses of configs, each on a free port of loopback while somebody listens there. Anything
 * else refuses connections.
 */
export class LoopbackNetwork implements Network {
  readonly #ports = new Map<string, number>()
  readonly #open = new Set<object>()
  /** What `listen` fails with from now on. */
  fault: Retryable | undefined

  /** Sockets that listen or are connected, at either end. */
  get openCount(): number {
    return this.#open.size
  }

  async listen(address: Address, onConnection: (connection: Duplex) => void): Promise<Listening> {
    if (this.fault) throw this.fault
    const real = await systemNetwork.listen({ host: '127.0.0.1', port: 0 }, (connection) => {
      this.#track(connection)
      onConnection(connection)
    })
    const name = formatAddress(address)
    const { port } = real.address as { port: number }
    this.#ports.set(name, port)
    this.#open.add(real)
    return {
      address,
      close: async () => {
        this.#open.delete(real)
        if (this.#ports.get(name) === port) this.#ports.delete(name)
        await real.close()
      },
    }
  }

  connect(address: Address): Duplex {
    if (formatAddress(address) === ANSWERING) return this.#track(new AnsweringSocket())
    const port = this.#ports.get(formatAddress(address))
    if (port !== undefined) return this.#track(systemNetwork.connect({ host: '127.0.0.1', port }))
    const refused = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
    return new Socket().destroy(refused)
  }

  #track<D extends Duplex>(connection: D): D {
    this.#open.add(connection)
    finished(connection, () => this.#open.delete(connection))
    return connection
  }
}
