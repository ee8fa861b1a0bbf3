import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2'
import type { Duplex } from 'node:stream'
import type { Clock, Timer } from '#sdk'
import type {
  AnswerSink,
  ClientConnection,
  ClientStream,
  ConnectionEvents,
  HeaderFields,
} from './http2-layer.js'
import { reasonOf } from './reason.js'

/** When a client pings; Infinity for never. */
export interface ClientPings {
  /** Nothing has come for this long. */
  readonly afterMs: number
  /** Without an answer within this the connection is closed. */
  readonly timeoutMs: number
  /** Also when no request is under way. */
  readonly withoutStream: boolean
}

const SESSION_MEMORY_MB = 128
const HEADER_BYTES_MAX = 64 * 1024
const { NGHTTP2_REFUSED_STREAM, NGHTTP2_CANCEL, NGHTTP2_NO_ERROR } = constants

/** An HTTP/2 connection by node:http2 over any duplex. */
export class Http2ClientConnection implements ClientConnection {
  readonly #session: ClientHttp2Session
  readonly #socket: Duplex
  readonly #pings: ClientPings
  readonly #clock: Clock
  readonly #events: ConnectionEvents
  #connectTimer: Timer | undefined
  #pingTimer: Timer | undefined
  #pinging: Timer | undefined
  #streams = 0
  #heardAt: number
  #lastStreamId = Number.POSITIVE_INFINITY
  #left = false
  #error: unknown

  /** `authority` is what requests are addressed to; `socket` may still be connecting. */
  constructor(
    authority: string,
    socket: Duplex,
    connectMs: number,
    pings: ClientPings,
    clock: Clock,
    events: ConnectionEvents,
  ) {
    this.#socket = socket
    this.#pings = pings
    this.#clock = clock
    this.#events = events
    this.#heardAt = clock.monotonic()
    this.#session = connect(authority, {
      createConnection: () => socket,
      maxSessionMemory: SESSION_MEMORY_MB,
      settings: {
        enablePush: false,
        maxHeaderListSize: HEADER_BYTES_MAX,
      },
    })
    this.#connectTimer = clock.timer(connectMs, () => {
      this.#end(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' }))
    })
    this.#listen()
  }

  request(headers: HeaderFields, body: readonly Uint8Array[], sink: AnswerSink): ClientStream {
    if (this.#session.closed || this.#session.destroyed) {
      queueMicrotask(() => sink.failed('connection closed', true))
      return { cancel() {} }
    }
    const stream = this.#session.request(headers)
    this.#streams++
    if (this.#streams === 1) this.#armPing()
    const answer = new Answer(
      stream,
      sink,
      (id) => this.#isUnprocessed(id),
      () => {
        this.#streams--
        this.#heardAt = this.#clock.monotonic()
        const isLost = this.#session.destroyed || this.#socket.destroyed
        return isLost ? (this.#error ?? new Error('connection closed')) : undefined
      },
    )
    // One write of all, undone by `end`.
    stream.cork()
    for (const chunk of body) stream.write(chunk)
    stream.end()
    return answer
  }

  probe(): void {
    if (this.#session.destroyed || this.#pinging) return
    this.#ping()
  }

  close(): void {
    this.#leave(undefined)
    this.#session.close()
  }

  destroy(): void {
    this.#leave(undefined)
    this.#end(undefined)
  }

  /** Both: a session waits for writes that a broken connection never finishes. */
  #end(error: Error | undefined): void {
    this.#error ??= error
    this.#session.destroy(error)
    this.#socket.destroy()
  }

  #listen(): void {
    const session = this.#session
    // Only now does the other side surely speak HTTP/2.
    session.once('remoteSettings', () => {
      this.#connectTimer?.cancel()
      if (!this.#left) this.#events.ready()
    })
    session.on('goaway', (code: number, lastStreamId: number) => {
      this.#lastStreamId = lastStreamId
      this.#leave(code === NGHTTP2_NO_ERROR ? undefined : `the server closed it (${rstName(code)})`)
    })
    session.on('error', (error) => {
      this.#error ??= error
    })
    this.#socket.on('error', (error) => this.#end(error))
    session.once('close', () => {
      this.#leave(this.#error === undefined ? 'connection closed' : reasonOf(this.#error))
      for (const timer of [this.#connectTimer, this.#pingTimer, this.#pinging]) timer?.cancel()
      this.#events.closed()
    })
  }

  #leave(reason: string | undefined): void {
    if (this.#left) return
    this.#left = true
    this.#events.leaving(reason)
  }

  #isUnprocessed(streamId: number | undefined): boolean {
    return streamId === undefined || streamId > this.#lastStreamId
  }

  #armPing(): void {
    const { afterMs, withoutStream } = this.#pings
    this.#pingTimer?.cancel()
    this.#pingTimer = undefined
    if (afterMs === Number.POSITIVE_INFINITY || this.#session.destroyed) return
    if (this.#streams === 0 && !withoutStream) return
    const left = this.#heardAt + afterMs - this.#clock.monotonic()
    if (left <= 0) this.#ping()
    else this.#pingTimer = this.#clock.timer(left, () => this.#armPing())
  }

  #ping(): void {
    this.#pinging = this.#clock.timer(this.#pings.timeoutMs, () => {
      this.#end(new Error('no answer to a ping'))
    })
    this.#session.ping(() => {
      this.#pinging?.cancel()
      this.#pinging = undefined
      this.#heardAt = this.#clock.monotonic()
      this.#armPing()
    })
  }
}

/** The answer to one request, told to its sink. */
class Answer implements ClientStream {
  readonly #stream: ClientHttp2Stream
  readonly #sink: AnswerSink
  readonly #isUnprocessed: (id: number | undefined) => boolean
  #over = false
  #ended = false

  constructor(
    stream: ClientHttp2Stream,
    sink: AnswerSink,
    isUnprocessed: (id: number | undefined) => boolean,
    closed: () => unknown,
  ) {
    this.#stream = stream
    this.#sink = sink
    this.#isUnprocessed = isUnprocessed
    let error: unknown
    stream.on('response', (headers) => this.#over || sink.headers(headers))
    stream.on('data', (chunk: Buffer) => this.#over || sink.data(chunk))
    stream.on('trailers', (headers) => this.#over || sink.trailers(headers))
    stream.once('end', () => {
      this.#ended = true
    })
    stream.on('error', (reason) => {
      error = reason
    })
    stream.once('close', () => {
      const lost = closed()
      if (!this.#over) this.#close(isReset(error) ? lost : error)
    })
  }

  cancel(): void {
    this.#over = true
    this.#stream.close(NGHTTP2_CANCEL)
  }

  #close(error: unknown): void {
    this.#over = true
    const { rstCode, id } = this.#stream
    if (this.#ended && rstCode === NGHTTP2_NO_ERROR && error === undefined) {
      this.#sink.end()
      return
    }
    const unprocessed = rstCode === NGHTTP2_REFUSED_STREAM || this.#isUnprocessed(id)
    const reason = error === undefined ? `request reset (${rstName(rstCode)})` : reasonOf(error)
    this.#sink.failed(reason, unprocessed)
  }
}

function isReset(error: unknown): boolean {
  return error === undefined || (error as { code?: unknown }).code === 'ERR_HTTP2_STREAM_ERROR'
}

/** RFC 9113, section 7. */
const RST_NAMES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
]

function rstName(code: number): string {
  return RST_NAMES[code] ?? `code ${code}`
}
