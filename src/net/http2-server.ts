import type { Duplex } from 'node:stream'
import { createServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import type { Clock } from '#sdk'
import type { ConnectionRules } from './connection-rules.js'
import type { OpenStream } from './http2-layer.js'
import { Http2ServerConnection, type Http2Settings } from './http2-server-connection.js'
import { shareReads } from './shared-reads.js'
import type { ServerTls } from './tls.js'

const TLS_HANDSHAKE_MS = 20_000

/** HTTP/2 on connections accepted elsewhere. */
export class Http2Server {
  readonly #tls: TlsServer | undefined
  readonly #connections = new Set<Http2ServerConnection>()
  #settings: Http2Settings
  readonly #open: OpenStream
  readonly #clock: Clock
  readonly #random: () => number
  #rules: ConnectionRules
  #unfollow: (() => void) | undefined
  #isLeaving = false

  constructor(
    settings: Http2Settings,
    rules: ConnectionRules,
    tls: ServerTls | undefined,
    clock: Clock,
    random: () => number,
    open: OpenStream,
  ) {
    this.#settings = settings
    this.#rules = rules
    this.#clock = clock
    this.#random = random
    this.#open = open
    if (!tls) return
    this.#tls = createServer({
      ...tls.options,
      ALPNProtocols: ['h2'],
      handshakeTimeout: TLS_HANDSHAKE_MS,
    })
    this.#tls.on('secureConnection', (socket) => this.#secured(socket))
    // The connection is closed; there is nobody to tell.
    this.#tls.on('tlsClientError', () => {})
    this.followTls(tls)
  }

  accept(connection: Duplex): void {
    // HTTP/2 has no use for a half; a connection whose client has gone would stay.
    connection.allowHalfOpen = false
    if (this.#tls) this.#tls.emit('connection', connection)
    else this.#connected(connection)
  }

  /** Open connections follow. */
  configure(settings: Http2Settings, rules: ConnectionRules): void {
    this.#settings = settings
    this.#rules = rules
    for (const connection of this.#connections) connection.configure(settings, rules)
  }

  /** New handshakes use the newest options of `tls`; open connections keep what they have. */
  followTls(tls: ServerTls): void {
    const renew = () => this.#tls?.setSecureContext(tls.options)
    this.#unfollow?.()
    this.#unfollow = tls.onChange(renew)
    renew()
  }

  /** Asks every client to go; see `Http2Lifetime.leave`. */
  leave(idleToo: boolean): void {
    this.#isLeaving = true
    this.#unfollow?.()
    for (const { lifetime } of this.#connections) lifetime.leave(idleToo)
  }

  destroy(): void {
    for (const connection of this.#connections) connection.destroy()
  }

  /** Clients that do not ask for HTTP/2 speak something else. */
  #secured(socket: TLSSocket): void {
    if (socket.alpnProtocol === 'h2') this.#connected(socket)
    else socket.destroy()
  }

  #connected(socket: Duplex): void {
    const connection: Http2ServerConnection = new Http2ServerConnection(
      shareReads(socket),
      this.#settings,
      this.#rules,
      this.#clock,
      this.#random,
      this.#open,
      () => this.#connections.delete(connection),
    )
    this.#connections.add(connection)
    // Its handshake was under way when the others were asked to go.
    if (this.#isLeaving) connection.lifetime.leave(true)
  }
}
