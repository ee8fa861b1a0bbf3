import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Address, type Clock, type Network, Retryable } from '#sdk'
import { formatAddress } from './address.js'
import { GrpcChannel } from './grpc-channel.js'
import type { ClientPings } from './http2-client.js'
import type { ClientConnection } from './http2-layer.js'
import { reasonOf } from './reason.js'

export interface BalancerOptions {
  readonly address: Address
  /** Use all addresses behind the name in turn, instead of one connection. */
  readonly spread: boolean
  readonly network: Network
  /** Puts TLS on a connection, where wanted. */
  readonly secure: (socket: Duplex) => Duplex
  readonly pings: ClientPings
  readonly clock: Clock
  readonly random: () => number
}

/** A name is looked up again this long after the last time, when there are calls. */
const RESOLVE_EVERY_MS = 30_000
const ADDRESSES_MAX = 100

/**
 * Finds a connection for each call: the one there is (`pick_first`), or the next (`round_robin`).
 */
export class GrpcBalancer {
  readonly #options: BalancerOptions
  readonly #name: string
  #channels: GrpcChannel[] = []
  #next = 0
  #resolvedAt = Number.NEGATIVE_INFINITY
  #resolving: Promise<void> | undefined
  #closed = false

  constructor(options: BalancerOptions) {
    this.#options = options
    this.#name = formatAddress(options.address)
    if (!this.#isSpread()) this.#channels = [this.#channelTo(options.address)]
  }

  /** A usable connection. Rejects with Retryable; with `wait` only when `quit` aborts. */
  async pick(wait: boolean, quit: AbortSignal): Promise<ClientConnection> {
    await this.#resolve()
    for (;;) {
      if (this.#closed || quit.aborted)
        throw new Retryable(`the client of ${this.#name} was closed`)
      const ready = this.#nextReady()
      if (ready) return ready
      const candidates = this.#channels.filter((channel) => wait || !channel.isBackingOff)
      if (candidates.length === 0) throw this.#failure()
      await Promise.race(candidates.map((channel) => channel.opened()))
      if (!wait && this.#channels.every((channel) => !channel.current && channel.isBackingOff)) {
        throw this.#failure()
      }
    }
  }

  close(): void {
    this.#closed = true
    for (const channel of this.#channels) channel.close()
  }

  destroy(): void {
    this.#closed = true
    for (const channel of this.#channels) channel.destroy()
  }

  #nextReady(): ClientConnection | undefined {
    const { length } = this.#channels
    for (let i = 0; i < length; i++) {
      const channel = this.#channels[(this.#next + i) % length]!
      if (channel.current) {
        this.#next = (this.#next + i + 1) % length
        return channel.current
      }
      // Lost ones come back while others carry the calls.
      if (!channel.isBackingOff) channel.open()
    }
    return undefined
  }

  #failure(): Retryable {
    return this.#channels[0]?.failure() ?? new Retryable(`no address behind ${this.#name}`)
  }

  #isSpread(): boolean {
    const { address, spread, network } = this.#options
    return spread && 'host' in address && !isIP(address.host) && network.resolve !== undefined
  }

  async #resolve(): Promise<void> {
    const now = this.#options.clock.monotonic()
    if (!this.#isSpread() || now - this.#resolvedAt < RESOLVE_EVERY_MS) return
    this.#resolving ??= this.#lookUp().finally(() => {
      this.#resolving = undefined
    })
    // With addresses at hand the calls need not wait for news of them.
    if (this.#channels.length > 0) this.#resolving.catch(() => {})
    else await this.#resolving
  }

  async #lookUp(): Promise<void> {
    const { address, network, clock } = this.#options
    const { host, port } = address as { host: string; port: number }
    let hosts: readonly string[]
    try {
      hosts = await network.resolve!(host)
    } catch (error) {
      throw new Retryable(`cannot connect to ${this.#name}: ${reasonOf(error)}`, { cause: error })
    }
    if (hosts.length === 0) throw new Retryable(`cannot connect to ${this.#name}: unknown host`)
    this.#resolvedAt = clock.monotonic()
    const old = new Map(this.#channels.map((channel) => [channel.name, channel]))
    this.#channels = [...new Set(hosts)].slice(0, ADDRESSES_MAX).map((one) => {
      const to = { host: one, port }
      const kept = old.get(formatAddress(to))
      old.delete(formatAddress(to))
      return kept ?? this.#channelTo(to)
    })
    for (const gone of old.values()) gone.close()
  }

  #channelTo(address: Address): GrpcChannel {
    const { network, secure, pings, clock, random } = this.#options
    return new GrpcChannel({
      name: formatAddress(address),
      connect: () => secure(network.connect(address)),
      pings,
      clock,
      random,
    })
  }
}
