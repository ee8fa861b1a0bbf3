import {
  createServer,
  type IncomingMessage,
  type Server as NodeServer,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Caller, Clock, Retryable, ServerAuth } from '#sdk'
import { Cors, type CorsSettings } from './cors.js'
import type { Encoding } from './decompress.js'
import { answerBare, statusOfBrokenRequest } from './http-client-error.js'
import { type ExchangeServer, HttpExchange } from './http-exchange.js'
import type { Offer, Server, Surroundings } from './listener.js'
import { BytesUnderWay, Tenure } from './serving.js'
import { type StatusError, statusBody } from './status.js'
import type { ServerTls } from './tls.js'

/** One request, its body whole and decompressed. */
export interface HttpRequest extends Caller {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** What follows the `?`; empty without one. */
  readonly query: string
  /** The media type in lower case, without parameters; empty when there is none. */
  readonly contentType: string
  readonly body: Uint8Array
  /** The sender's address, without the port; empty for a Unix socket. */
  readonly peer: string
  /** What `auth` learned of the sender. */
  readonly auth: ReadonlyMap<string, string>
  /** The value of a request header, lower-case name. */
  header(name: string): string | undefined
  headers(): ReadonlyMap<string, readonly string[]>
}

export interface HttpAnswer {
  readonly status: number
  readonly contentType?: string | undefined
  readonly body?: Uint8Array | undefined
  readonly headers?: Readonly<Record<string, string>>
}

export interface HttpRoute {
  /** Others are answered with 405. */
  readonly methods: readonly string[]
  /** Others are answered with 415; undefined takes any, and none. */
  readonly contentTypes?: readonly string[]
  /** Why a body of at least so many bytes should not be read at all. */
  refusal?(contentType: string, bytes: number): Retryable | undefined
  /** Rejects with StatusError, Permanent or Retryable. */
  handle(request: HttpRequest): Promise<HttpAnswer>
}

export interface HttpServerOptions {
  /** By exact path. Others are answered with 404. */
  readonly routes: ReadonlyMap<string, HttpRoute>
  /** Asked before the body is read, and before the path is looked up. */
  readonly auth?: ServerAuth | undefined
  readonly tls?: ServerTls | undefined
  readonly cors?: CorsSettings | undefined
  /** Set on every answer. */
  readonly responseHeaders: Readonly<Record<string, string>>
  /** Accepted besides `identity`. An empty list leaves bodies as they come. */
  readonly encodings: readonly Encoding[]
  /** Bytes of a body, before and after decompression. */
  readonly bodyBytesMax: number
  /** From the first byte of a request, or the connection, to the end of its headers. */
  readonly readHeaderTimeoutMs: number
  /** To the end of its body. */
  readonly readTimeoutMs: number
  /** How long a client may take to receive an answer. */
  readonly writeTimeoutMs: number
  /** How long a connection may wait for its next request. */
  readonly idleTimeoutMs: number
  readonly keepAlive: boolean
  readonly headerBytesMax: number
  readonly connectionsMax: number
  /**
   * Bytes of all bodies that are being read or handled; further requests are refused as retryable.
   */
  readonly underWayBytesMax: number
  /** Requests that wait for their handler; further ones are refused as retryable. */
  readonly underWayMax: number
  /** The body of an error answer, for a request of this content type; `renderStatus` for OTLP. */
  readonly renderError: (status: StatusError, contentType: string) => HttpErrorBody
  /** A handler failed with what is neither StatusError nor Permanent nor Retryable. */
  readonly onBug: (error: unknown) => void
}

export interface HttpErrorBody {
  readonly contentType: string
  readonly body: Uint8Array
}

/** A `google.rpc.Status` in the encoding of the request; JSON where there is none to mirror. */
export function renderStatus(status: StatusError, contentType: string): HttpErrorBody {
  const isProto = contentType === 'application/x-protobuf'
  return {
    contentType: isProto ? contentType : 'application/json',
    body: statusBody(isProto ? 'protobuf' : 'json', status),
  }
}

export const HTTP_SERVER_DEFAULTS = {
  responseHeaders: {},
  encodings: ['gzip', 'zstd', 'zlib', 'snappy', 'deflate', 'lz4', 'x-snappy-framed'],
  bodyBytesMax: 20 * 1024 * 1024,
  readHeaderTimeoutMs: 60_000,
  readTimeoutMs: 300_000,
  writeTimeoutMs: 30_000,
  idleTimeoutMs: 60_000,
  keepAlive: true,
  headerBytesMax: 16 * 1024,
  connectionsMax: 4096,
  underWayBytesMax: 256 * 1024 * 1024,
  underWayMax: 16_384,
  renderError: renderStatus,
} as const satisfies Partial<HttpServerOptions>

/** What `Listener.serve` takes to speak HTTP/1.1. */
export function httpOffer(options: HttpServerOptions): Offer {
  return new HttpOffer(options)
}

class HttpOffer implements Offer {
  readonly options: HttpServerOptions
  readonly tenure = new Tenure()
  readonly cors: Cors | undefined

  constructor(options: HttpServerOptions) {
    this.options = options
    this.cors = options.cors?.allowedOrigins.length ? new Cors(options.cors) : undefined
  }

  get connectionsMax(): number {
    return this.options.connectionsMax
  }

  start(surroundings: Surroundings): Server {
    return new HttpServer(this, surroundings)
  }
}

/** Node looks for requests that are late this often. */
const LATE_CHECK_MS = 1000
const TLS_HANDSHAKE_MS = 20_000

/** HTTP/1.1 by node:http, for connections accepted elsewhere. */
class HttpServer implements Server, ExchangeServer {
  readonly clock: Clock
  readonly bytes: BytesUnderWay
  readonly random: () => number
  readonly #server: NodeServer
  /** Those it was born with: what cannot be changed must stay the same. */
  readonly #born: HttpServerOptions
  #unfollow: (() => void) | undefined
  readonly #newest = new WeakMap<Duplex, HttpExchange>()
  offer: HttpOffer | undefined
  /** The options that answers without an offer go by. */
  options: HttpServerOptions
  isLeaving = false

  constructor(offer: HttpOffer, { clock, random, budget }: Surroundings) {
    const { options } = offer
    this.clock = clock
    this.random = random
    this.bytes = new BytesUnderWay(clock, budget)
    this.offer = offer
    this.options = options
    this.#born = options
    const settings = {
      maxHeaderSize: options.headerBytesMax,
      // Answered by the exchange, with a Status.
      requireHostHeader: false,
      connectionsCheckingInterval: Math.min(LATE_CHECK_MS, options.readHeaderTimeoutMs),
    }
    this.#server = options.tls
      ? createSecureServer({
          ...settings,
          ...options.tls.options,
          handshakeTimeout: TLS_HANDSHAKE_MS,
        })
      : createServer(settings)
    if (options.tls) this.#followTls(options.tls)
    this.#configure(options)
    this.#server.on('request', (request, response) => this.#begin(request, response, false))
    this.#server.on('checkContinue', (request, response) => this.#begin(request, response, true))
    // Another expectation than 100-continue may be ignored (RFC 9110, 10.1.1).
    this.#server.on('checkExpectation', (request, response) =>
      this.#begin(request, response, false),
    )
    this.#server.on('clientError', (error, socket) => this.#broken(error, socket))
    this.#server.on('tlsClientError', () => {})
    // Node starts its watch over late requests on this event; this server never listens itself.
    this.#server.emit('listening')
  }

  take(offer: Offer | undefined): boolean {
    if (!(offer instanceof HttpOffer)) {
      this.offer = undefined
      return offer === undefined
    }
    const { options } = offer
    const born = this.#born
    this.offer = offer
    this.options = options
    this.#configure(options)
    if (options.tls && born.tls) this.#followTls(options.tls)
    return (
      options.headerBytesMax === born.headerBytesMax &&
      options.tls?.requiresClientCertificate === born.tls?.requiresClientCertificate
    )
  }

  accept(connection: Duplex): void {
    this.#server.emit('connection', connection)
  }

  /** Clients learn of it with their next answer; idle connections are left to their timeout. */
  leave(idleToo: boolean): void {
    this.isLeaving = true
    this.#unfollow?.()
    // Closes idle connections, and ends the watch over late requests.
    if (idleToo) this.#server.close()
  }

  destroy(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  /** New handshakes use the newest options of `tls`; open connections keep what they have. */
  #followTls(tls: ServerTls): void {
    const renew = () => (this.#server as SecureServer).setSecureContext(tls.options)
    this.#unfollow?.()
    this.#unfollow = tls.onChange(renew)
    renew()
  }

  #begin(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const exchange = new HttpExchange(this, request, response, expectsContinue)
    this.#newest.set(request.socket, exchange)
    exchange.run().catch(this.options.onBug)
  }

  #broken(error: Error, socket: Duplex): void {
    const status = statusOfBrokenRequest(error)
    const exchange = this.#newest.get(socket)
    if (status && (!exchange || exchange.isOver)) {
      answerBare(socket, status, this.options)
      return
    }
    if (status) exchange?.fail(status)
    socket.end(() => socket.destroy())
  }

  #configure(options: HttpServerOptions): void {
    this.#server.headersTimeout = options.readHeaderTimeoutMs
    this.#server.requestTimeout = options.readTimeoutMs
    this.#server.keepAliveTimeout = options.idleTimeoutMs
  }
}
