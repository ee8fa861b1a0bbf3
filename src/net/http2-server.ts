import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server as NodeServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2'
import type { Duplex } from 'node:stream'
import type { Clock } from '#sdk'
import type { ConnectionRules } from './connection-rules.js'
import { Http2Connection } from './http2-connection.js'
import type { HeaderFields, OpenStream, ServerStream, StreamSink } from './http2-layer.js'
import type { ServerTls } from './tls.js'

/** What cannot be changed while a connection lives. */
export interface Http2Settings {
  readonly concurrentStreamsMax: number
  readonly headerBytesMax: number
}

/** Large windows save a tenth to a quarter of the work per request (bench/net). */
const STREAM_WINDOW_BYTES = 4 * 1024 * 1024
const CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024
/** In megabytes: Node refuses streams once what it buffers for one connection exceeds it. */
const SESSION_MEMORY_MB = 64
/**
 * Floods of SETTINGS, PING, resets and invalid frames end the connection; these are per
 * connection.
 */
const SETTINGS_ENTRIES_MAX = 32
const INVALID_FRAMES_MAX = 100
const REJECTED_STREAMS_MAX = 100
const HEADER_PAIRS_MAX = 128
const TLS_HANDSHAKE_MS = 20_000
const NO_ERROR = 0

const ANSWER_OPTIONS = { waitForTrailers: true, sendDate: false }
const REFUSE_OPTIONS = { endStream: true, sendDate: false }

/** HTTP/2 by node:http2, for connections accepted elsewhere. */
export class Http2Server {
  readonly #server: NodeServer | Http2SecureServer
  readonly #connections = new Map<ServerHttp2Session, Http2Connection>()
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
    this.#rules = rules
    this.#clock = clock
    this.#random = random
    this.#open = open
    const options = serverOptions(settings)
    this.#server = tls
      ? createSecureServer({ ...options, ...tls.options, handshakeTimeout: TLS_HANDSHAKE_MS })
      : createServer(options)
    if (tls) this.followTls(tls)
    this.#server.on('session', (session) => this.#connected(session))
    this.#server.on('stream', (stream, headers) => this.#opened(stream, headers))
    // A broken connection has told its streams; there is nobody else to tell.
    this.#server.on('sessionError', () => {})
    this.#server.on('tlsClientError', () => {})
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  accept(connection: Duplex): void {
    // HTTP/2 has no use for a half; a connection whose client has gone would stay.
    connection.allowHalfOpen = false
    this.#server.emit('connection', connection)
  }

  configure(rules: ConnectionRules): void {
    this.#rules = rules
    for (const connection of this.#connections.values()) connection.configure(rules)
  }

  /** New handshakes use the newest options of `tls`; open connections keep what they have. */
  followTls(tls: ServerTls): void {
    const renew = () => (this.#server as Http2SecureServer).setSecureContext(tls.options)
    this.#unfollow?.()
    this.#unfollow = tls.onChange(renew)
    renew()
  }

  /** Asks every client to go; see `Http2Connection.leave`. */
  leave(idleToo: boolean): void {
    this.#isLeaving = true
    this.#unfollow?.()
    for (const connection of this.#connections.values()) {
      connection.leave(idleToo, Number.POSITIVE_INFINITY)
    }
  }

  destroy(): void {
    for (const connection of this.#connections.values()) connection.destroy()
  }

  #connected(session: ServerHttp2Session): void {
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES)
    const connection = new Http2Connection(session, this.#rules, this.#clock, this.#random)
    this.#connections.set(session, connection)
    session.once('close', () => this.#connections.delete(session))
    // Its handshake was under way when the others were asked to go.
    if (this.#isLeaving) connection.leave(true, Number.POSITIVE_INFINITY)
  }

  #opened(stream: ServerHttp2Stream, headers: HeaderFields): void {
    const connection = stream.session && this.#connections.get(stream.session as ServerHttp2Session)
    if (!connection) {
      stream.destroy()
      return
    }
    new NodeServerStream(stream, headers, connection).start(this.#open)
  }
}

function serverOptions({ concurrentStreamsMax, headerBytesMax }: Http2Settings): ServerOptions {
  return {
    maxSessionMemory: SESSION_MEMORY_MB,
    maxHeaderListPairs: HEADER_PAIRS_MAX,
    maxSettings: SETTINGS_ENTRIES_MAX,
    maxSessionInvalidFrames: INVALID_FRAMES_MAX,
    maxSessionRejectedStreams: REJECTED_STREAMS_MAX,
    settings: {
      initialWindowSize: STREAM_WINDOW_BYTES,
      maxConcurrentStreams: concurrentStreamsMax,
      maxHeaderListSize: headerBytesMax,
    },
  }
}

class NodeServerStream implements ServerStream {
  readonly headers: HeaderFields
  readonly #stream: ServerHttp2Stream
  readonly #connection: Http2Connection
  #sink: StreamSink | undefined

  constructor(stream: ServerHttp2Stream, headers: HeaderFields, connection: Http2Connection) {
    this.headers = headers
    this.#stream = stream
    this.#connection = connection
  }

  get peer(): string {
    return this.#stream.session?.socket?.remoteAddress ?? ''
  }

  start(open: OpenStream): void {
    const stream = this.#stream
    this.#connection.streamOpened()
    // Without a listener a reset by the client would end the process; 'close' follows.
    stream.on('error', () => {})
    stream.once('close', () => {
      this.#connection.streamClosed()
      this.#sink?.gone()
    })
    this.#sink = open(this)
  }

  read(): void {
    const stream = this.#stream
    stream.on('data', (chunk: Buffer) => this.#sink!.data(chunk))
    stream.once('end', () => {
      // 'end' also comes after a reset.
      if (!stream.aborted && !stream.destroyed) this.#sink!.end()
    })
  }

  answer(headers: HeaderFields, body: Uint8Array, trailers: HeaderFields): void {
    this.#connection.answer(() => {
      const stream = this.#stream
      if (!isOpen(stream)) return
      stream.once('wantTrailers', () => {
        if (!stream.destroyed && !stream.closed) stream.sendTrailers(trailers)
      })
      stream.respond(headers, ANSWER_OPTIONS)
      stream.end(body)
    })
  }

  refuse(headers: HeaderFields): void {
    this.#stream.removeAllListeners('data')
    this.#connection.answer(() => {
      const stream = this.#stream
      if (!isOpen(stream)) return
      stream.respond(headers, REFUSE_OPTIONS)
      // Tells the client that the rest of its request is not wanted.
      stream.close(NO_ERROR)
    })
  }
}

function isOpen(stream: ServerHttp2Stream): boolean {
  return !stream.destroyed && !stream.closed && !stream.headersSent
}
