import type { Duplex } from 'node:stream'
import type { Clock, Timer } from '#sdk'
import { Http2Connection } from './http2-connection.js'
import { ERROR, errorName, PREFACE, SETTING, STREAM_ID_MAX } from './http2-frames.js'
import type { HeaderSection, SectionKind } from './http2-headers.js'
import type {
  AnswerSink,
  ClientConnection,
  ClientStream,
  ConnectionEvents,
  HeaderFields,
} from './http2-layer.js'
import type { PeerSettings } from './http2-settings.js'
import { Http2Stream, type StreamEnd } from './http2-stream.js'
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

const HEADER_LIMITS = { bytesMax: 64 * 1024, fieldsMax: 128 }

/** The client's side of a connection. */
export class Http2ClientConnection extends Http2Connection implements ClientConnection {
  readonly #pings: ClientPings
  readonly #events: ConnectionEvents
  readonly #connectTimer: Timer
  /** Requests beyond what the server takes at once. */
  readonly #waiting = new Set<ClientRequest>()
  #streamsMax = Number.POSITIVE_INFINITY
  #nextStream = 1
  /** The last of ours that the server looks at. */
  #lastTaken = Number.POSITIVE_INFINITY
  #hasLeft = false
  #heardAt: number
  #pingTimer: Timer | undefined
  #pongTimer: Timer | undefined

  /** `socket` may still be connecting. */
  constructor(
    socket: Duplex,
    connectMs: number,
    pings: ClientPings,
    clock: Clock,
    events: ConnectionEvents,
  ) {
    super(socket, HEADER_LIMITS, clock)
    this.#pings = pings
    this.#events = events
    this.#heardAt = clock.monotonic()
    this.#connectTimer = clock.timer(connectMs, () => {
      this.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' }))
    })
    this.start(PREFACE, [[SETTING.enablePush, 0]])
  }

  request(headers: HeaderFields, body: readonly Uint8Array[], sink: AnswerSink): ClientStream {
    const request = new ClientRequest(this, headers, body, sink)
    if (!this.isOpen || this.#nextStream > STREAM_ID_MAX) {
      queueMicrotask(() => request.closed({ reason: 'connection closed', code: undefined }))
      return request
    }
    if (this.streams.size < this.#streamsMax) this.#begin(request)
    else this.#waiting.add(request)
    return request
  }

  probe(): void {
    if (!this.isClosed && !this.#pongTimer) this.#ping()
  }

  close(): void {
    if (this.isClosed) return
    this.#tellLeaving(undefined)
    this.goAway(0, ERROR.none, '')
    this.leave()
  }

  /** Called by a request. */
  cancel(request: ClientRequest): void {
    if (this.#waiting.delete(request)) request.isClosed = true
    else this.resetStream(request, ERROR.cancel, 'cancelled')
  }

  /** Whether the server surely did not look at a request. */
  isUnprocessed(id: number): boolean {
    return id === 0 || id > this.#lastTaken
  }

  protected override get lastStream(): number {
    return 0
  }

  protected override opened(): boolean {
    return false
  }

  protected override isIdle(id: number): boolean {
    return id % 2 === 0 || id >= this.#nextStream
  }

  protected override heard(): void {
    this.#heardAt = this.clock.monotonic()
  }

  /** Only with its settings does the other side surely speak HTTP/2. */
  protected override settled(settings: PeerSettings, isFirst: boolean): void {
    super.settled(settings, isFirst)
    this.#streamsMax = settings.concurrentStreamsMax ?? this.#streamsMax
    if (isFirst) {
      this.#connectTimer.cancel()
      if (!this.#hasLeft) this.#events.ready()
    }
    this.#beginWaiting()
  }

  protected override pinged(): void {}
  protected override resetCame(): void {}

  protected override goAwayCame(lastStream: number, code: number): void {
    this.#lastTaken = Math.min(this.#lastTaken, lastStream)
    this.#tellLeaving(code === ERROR.none ? undefined : `the server closed it (${errorName(code)})`)
    const end = { reason: 'the server is leaving', code: undefined }
    for (const request of this.#waiting) request.closed(end)
    this.#waiting.clear()
    for (const stream of this.streams.values()) {
      if (stream.id > lastStream) this.finish(stream, end)
    }
    this.leave()
  }

  /** The rest of a request that is answered is not wanted. */
  protected override halfClosed(stream: Http2Stream): void {
    if (stream.isRemoteClosed) this.resetStream(stream, ERROR.cancel, 'answered early')
  }

  protected override streamClosed(): void {
    this.#beginWaiting()
  }

  /** A server may take its time: the timeout of the call ends it. */
  protected override stalled(): void {}

  protected override closed(error: unknown): void {
    const reason = error === undefined ? 'connection closed' : reasonOf(error)
    this.#tellLeaving(reason)
    this.#connectTimer.cancel()
    this.#pingTimer?.cancel()
    this.#pongTimer?.cancel()
    for (const request of this.#waiting) request.closed({ reason, code: undefined })
    this.#waiting.clear()
    this.#events.closed()
  }

  #begin(request: ClientRequest): void {
    const isFirst = this.streams.size === 0
    request.id = this.#nextStream
    this.#nextStream += 2
    this.streams.set(request.id, request)
    this.sender.open(request)
    this.sender.headers(request, request.headers, false)
    this.sender.body(request, request.body)
    if (isFirst) this.#armPing()
  }

  #beginWaiting(): void {
    for (const request of this.#waiting) {
      if (this.streams.size >= this.#streamsMax || !this.isOpen) return
      this.#waiting.delete(request)
      this.#begin(request)
    }
  }

  #tellLeaving(reason: string | undefined): void {
    if (this.#hasLeft) return
    this.#hasLeft = true
    this.#events.leaving(reason)
  }

  #armPing(): void {
    const { afterMs, withoutStream } = this.#pings
    this.#pingTimer?.cancel()
    this.#pingTimer = undefined
    if (afterMs === Number.POSITIVE_INFINITY || this.isClosed || this.#pongTimer) return
    if (this.streams.size === 0 && !withoutStream) return
    const left = this.#heardAt + afterMs - this.clock.monotonic()
    if (left <= 0) this.#ping()
    else this.#pingTimer = this.clock.timer(left, () => this.#armPing())
  }

  #ping(): void {
    this.#pongTimer = this.clock.timer(this.#pings.timeoutMs, () => {
      this.destroy(new Error('no answer to a ping'))
    })
    this.ping(() => {
      this.#pongTimer?.cancel()
      this.#pongTimer = undefined
      this.#armPing()
    })
  }
}

/** One request and its answer, told to its sink. */
class ClientRequest extends Http2Stream implements ClientStream {
  readonly headers: HeaderFields
  readonly body: readonly Uint8Array[]
  readonly #connection: Http2ClientConnection
  readonly #sink: AnswerSink
  #hasHead = false
  #isOver = false

  constructor(
    connection: Http2ClientConnection,
    headers: HeaderFields,
    body: readonly Uint8Array[],
    sink: AnswerSink,
  ) {
    super(0)
    this.#connection = connection
    this.headers = headers
    this.body = body
    this.#sink = sink
  }

  cancel(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#connection.cancel(this)
  }

  override get sectionKind(): SectionKind {
    return this.#hasHead ? 'trailers' : 'response'
  }

  override headersCame(section: HeaderSection, isEnd: boolean): string | undefined {
    if (section.isTooLarge) return 'answer with too many headers'
    if (this.#hasHead) {
      if (!isEnd) return 'headers in the middle of an answer'
      this.#sink.trailers(section.fields)
      return undefined
    }
    // Statuses below 200 are followed by the real one.
    if (String(section.fields[':status']).startsWith('1')) {
      return isEnd ? 'answer without an end' : undefined
    }
    this.#hasHead = true
    this.contentLeft = section.contentLength
    this.#sink.headers(section.fields)
    return undefined
  }

  override dataCame(part: Buffer): void {
    this.#sink.data(part)
  }

  override ended(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#sink.end()
  }

  override closed(end: StreamEnd | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    const { reason, code } = end ?? { reason: 'no answer', code: undefined }
    const isUnprocessed = code === ERROR.refusedStream || this.#connection.isUnprocessed(this.id)
    this.#sink.failed(reason, isUnprocessed)
  }
}
