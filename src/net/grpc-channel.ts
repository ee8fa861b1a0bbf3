import type { Duplex } from 'node:stream'
import { type Clock, type Deferred, deferred, Retryable, type Timer } from '#sdk'
import { type ClientPings, Http2ClientConnection } from './http2-client.js'
import type { ClientConnection } from './http2-layer.js'

/** How a channel reaches its server. */
export interface ChannelOptions {
  /** For messages: `tempo:4317`. */
  readonly name: string
  /** A connection under way, with TLS on it where that is wanted. */
  readonly connect: () => Duplex
  readonly pings: ClientPings
  readonly clock: Clock
  readonly random: () => number
}

const CONNECT_MS = 20_000
/**
 * gRPC's connection back-off, with a shorter longest wait: what sends over it waits by itself, and
 * a destination that is back should not wait two minutes for its data.
 */
const BACKOFF_FIRST_MS = 1000
const BACKOFF_FACTOR = 1.6
const BACKOFF_MAX_MS = 20_000
const BACKOFF_JITTER = 0.2

/**
 * One connection to one server, made when it is needed and made again when it is lost:
 *
 *   idle -> connecting -> ready -> idle
 *              |  ^
 *              v  |
 *           backing off
 */
export class GrpcChannel {
  readonly name: string
  readonly #options: ChannelOptions
  #connection: ClientConnection | undefined
  #ready = false
  #opening: Deferred | undefined
  #failures = 0
  #retryAt = 0
  #lastFailure = ''
  #wake: Timer | undefined
  #closed = false
  /** Connections that finish their requests. */
  readonly #leaving = new Set<ClientConnection>()

  constructor(options: ChannelOptions) {
    this.name = options.name
    this.#options = options
  }

  /** The connection, when it can be used at once. */
  get current(): ClientConnection | undefined {
    return this.#ready ? this.#connection : undefined
  }

  /** The last attempt failed and the next one is not due yet. */
  get isBackingOff(): boolean {
    return !this.#connection && this.#options.clock.monotonic() < this.#retryAt
  }

  /** How to tell that there is no connection. */
  failure(): Retryable {
    return new Retryable(`cannot connect to ${this.name}: ${this.#lastFailure || 'closed'}`)
  }

  /**
   * Resolves when there is a connection, or when an attempt has failed: look at `current`. An
   * attempt that is not due yet is waited for.
   */
  opened(): Promise<void> {
    this.open()
    this.#opening ??= deferred()
    return this.#opening.promise
  }

  /** Sees to it that there will be a connection. */
  open(): void {
    if (this.#connection || this.#wake || this.#closed) return
    const waitMs = this.#retryAt - this.#options.clock.monotonic()
    if (waitMs <= 0) this.#connect()
    else this.#wake = this.#options.clock.timer(waitMs, () => this.#connect())
  }

  /** Requests under way may finish; no new connection is made. */
  close(): void {
    this.#closed = true
    this.#wake?.cancel()
    this.#settle()
    this.#connection?.close()
  }

  destroy(): void {
    this.close()
    this.#connection?.destroy()
    for (const connection of this.#leaving) connection.destroy()
  }

  #connect(): void {
    this.#wake = undefined
    if (this.#closed) {
      this.#settle()
      return
    }
    const { connect, pings, clock } = this.#options
    const connection = new Http2ClientConnection(connect(), CONNECT_MS, pings, clock, {
      ready: () => {
        this.#ready = true
        this.#failures = 0
        this.#settle()
      },
      leaving: (reason) => this.#lost(connection, reason),
      closed: () => this.#leaving.delete(connection),
    })
    this.#connection = connection
  }

  #lost(connection: ClientConnection, reason: string | undefined): void {
    if (this.#connection !== connection) return
    this.#leaving.add(connection)
    this.#connection = undefined
    if (!this.#ready || reason !== undefined) {
      this.#lastFailure = reason ?? 'closed by the server'
      if (!this.#ready) this.#backOff()
    }
    this.#ready = false
    this.#settle()
  }

  #backOff(): void {
    const { clock, random } = this.#options
    const grown = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * BACKOFF_FACTOR ** this.#failures++)
    const strayed = grown * (1 + BACKOFF_JITTER * (2 * random() - 1))
    this.#retryAt = clock.monotonic() + strayed
  }

  #settle(): void {
    this.#opening?.resolve()
    this.#opening = undefined
  }
}
