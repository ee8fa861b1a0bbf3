import type { Duplex } from 'node:stream'
import { BytePool } from '#pdata'
import type { Caller, Retryable, ServerAuth } from '#sdk'
import { Alarms } from './alarms.js'
import { CONNECTION_RULES_DEFAULT, type ConnectionRules } from './connection-rules.js'
import { type CallServer, type GrpcCall, openCall } from './grpc-call.js'
import { Http2Server } from './http2-server.js'
import type { Offer, Server, Surroundings } from './listener.js'
import { BytesUnderWay, Tenure } from './serving.js'
import type { ServerTls } from './tls.js'

/** One call, its message whole and decompressed. */
export interface GrpcRequest extends Caller {
  /** Its memory is used for other messages once the method has resolved. */
  readonly message: Uint8Array
  /** The sender's address, without the port; empty for a Unix socket. */
  readonly peer: string
  /** What `auth` learned of the sender. */
  readonly auth: ReadonlyMap<string, string>
  /** The value of a request header, lower-case name; repeated ones are joined by a comma. */
  header(name: string): string | undefined
  /** All request headers but those of HTTP/2 itself. */
  headers(): ReadonlyMap<string, readonly string[]>
}

/**
 * Resolves with the response message, in memory of its own; rejects with StatusError, Permanent or
 * Retryable.
 */
export type GrpcMethod = (request: GrpcRequest) => Promise<Uint8Array>

export interface GrpcServerOptions {
  /** By path: `/package.Service/Method`. Unary ones only. */
  readonly methods: ReadonlyMap<string, GrpcMethod>
  /**
   * Why a message of at least so many bytes should not be read at all; asked twice, the first time
   * before its length is known.
   */
  readonly refusal?: (path: string, bytes: number) => Retryable | undefined
  /** Asked before the message is read. */
  readonly auth?: ServerAuth | undefined
  readonly tls?: ServerTls | undefined
  /** Bytes of a message, before and after decompression. */
  readonly messageBytesMax: number
  /** How long a client may take to send its request. */
  readonly readTimeoutMs: number
  readonly concurrentStreamsMax: number
  readonly headerBytesMax: number
  readonly connectionsMax: number
  /**
   * Bytes of all requests that are being read or handled; further ones are refused as retryable.
   */
  readonly underWayBytesMax: number
  /** Calls that wait for their handler; further ones are refused as retryable. */
  readonly underWayMax: number
  readonly rules: ConnectionRules
  /** A handler failed with what is neither StatusError nor Permanent nor Retryable. */
  readonly onBug: (error: unknown) => void
}

export const GRPC_SERVER_DEFAULTS = {
  messageBytesMax: 4 * 1024 * 1024,
  readTimeoutMs: 60_000,
  concurrentStreamsMax: 1000,
  headerBytesMax: 16 * 1024,
  connectionsMax: 4096,
  underWayBytesMax: 256 * 1024 * 1024,
  underWayMax: 16_384,
  rules: CONNECTION_RULES_DEFAULT,
} as const

/** What a server keeps of the memory of messages for what comes next. */
const POOL_BYTES_MAX = 16 * 1024 * 1024

/** What `Listener.serve` takes to speak gRPC. */
export function grpcOffer(options: GrpcServerOptions): Offer {
  return new GrpcOffer(options)
}

class GrpcOffer implements Offer {
  readonly options: GrpcServerOptions
  readonly tenure = new Tenure()

  constructor(options: GrpcServerOptions) {
    this.options = options
  }

  get connectionsMax(): number {
    return this.options.connectionsMax
  }

  start(surroundings: Surroundings): Server {
    return new GrpcServer(this, surroundings)
  }
}

class GrpcServer implements Server, CallServer {
  readonly reading: Alarms<GrpcCall>
  readonly deadlines: Alarms<GrpcCall>
  readonly bytes: BytesUnderWay
  readonly pool = new BytePool(POOL_BYTES_MAX)
  readonly random: () => number
  readonly #http2: Http2Server
  /** Whether connections are TLS cannot be changed, nor what their clients had to show. */
  readonly #tls: ServerTls | undefined
  offer: GrpcOffer | undefined

  constructor(offer: GrpcOffer, surroundings: Surroundings) {
    const { options } = offer
    const { clock, random, budget } = surroundings
    this.offer = offer
    this.random = random
    this.bytes = new BytesUnderWay(clock, budget)
    this.reading = new Alarms(clock, (call) => call.readTimedOut())
    this.deadlines = new Alarms(clock, (call) => call.timedOut())
    this.#tls = options.tls
    this.#http2 = new Http2Server(options, options.rules, options.tls, clock, random, (stream) =>
      openCall(this, stream),
    )
  }

  take(offer: Offer | undefined): boolean {
    if (!(offer instanceof GrpcOffer)) {
      this.offer = undefined
      return offer === undefined
    }
    this.offer = offer
    const { options } = offer
    this.#http2.configure(options, options.rules)
    if (options.tls && this.#tls) this.#http2.followTls(options.tls)
    return options.tls?.requiresClientCertificate === this.#tls?.requiresClientCertificate
  }

  accept(connection: Duplex): void {
    this.#http2.accept(connection)
  }

  leave(idleToo: boolean): void {
    this.#http2.leave(idleToo)
  }

  destroy(): void {
    this.#http2.destroy()
    this.reading.clear()
    this.deadlines.clear()
  }
}
