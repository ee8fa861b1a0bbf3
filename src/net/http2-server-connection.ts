import type { Duplex } from 'node:stream'
import type { Clock } from '#sdk'
import type { ConnectionRules } from './connection-rules.js'
import { Http2Connection } from './http2-connection.js'
import { ERROR, Http2Error, PREFACE, SETTING, STREAM_ID_MAX } from './http2-frames.js'
import type { HeaderLimits, HeaderSection, SectionKind } from './http2-headers.js'
import type { HeaderFields, OpenStream, ServerStream, StreamSink } from './http2-layer.js'
import { Http2Lifetime, type LastingConnection } from './http2-lifetime.js'
import type { PeerSettings } from './http2-settings.js'
import { Http2Stream } from './http2-stream.js'

/** What clients are told of. */
export interface Http2Settings {
  readonly concurrentStreamsMax: number
  readonly headerBytesMax: number
}

const HEADER_FIELDS_MAX = 128
const NO_BYTES = Buffer.alloc(0)
const TOO_LARGE: HeaderFields = { ':status': '431' }

/** The server's side of a connection. */
export class Http2ServerConnection extends Http2Connection implements LastingConnection {
  readonly peer: string
  readonly lifetime: Http2Lifetime
  #settings: Http2Settings
  readonly #open: OpenStream
  readonly #closed: () => void
  #prefaceBytes = 0
  #lastStream = 0
  /** The client may still take it for the limit. */
  #pastStreamsMax = 0
  #leaves = false

  constructor(
    socket: Duplex,
    settings: Http2Settings,
    rules: ConnectionRules,
    clock: Clock,
    random: () => number,
    open: OpenStream,
    closed: () => void,
  ) {
    super(socket, limitsOf(settings), clock)
    this.peer = (socket as { remoteAddress?: string }).remoteAddress ?? ''
    this.#settings = settings
    this.#open = open
    this.#closed = closed
    this.lifetime = new Http2Lifetime(this, rules, clock, random)
    this.start(NO_BYTES, [[SETTING.concurrentStreamsMax, settings.concurrentStreamsMax]])
  }

  /** What is new holds from now on, for streams that are opened. */
  configure(settings: Http2Settings, rules: ConnectionRules): void {
    const { concurrentStreamsMax, headerBytesMax } = this.#settings
    const told: (readonly [number, number])[] = []
    if (settings.concurrentStreamsMax !== concurrentStreamsMax) {
      this.#pastStreamsMax = this.#streamsMax
      told.push([SETTING.concurrentStreamsMax, settings.concurrentStreamsMax])
    }
    if (settings.headerBytesMax !== headerBytesMax) {
      told.push([SETTING.headerListBytesMax, settings.headerBytesMax])
    }
    this.#settings = settings
    this.limits = limitsOf(settings)
    if (told.length > 0 && this.isOpen) this.settle(told)
    this.lifetime.configure(rules)
  }

  override ping(answered: () => void): void {
    super.ping(answered)
  }

  askToLeave(): void {
    this.goAway(STREAM_ID_MAX, ERROR.none, '')
  }

  override leave(): void {
    this.goAway(this.#lastStream, ERROR.none, '')
    this.#leaves = true
    super.leave()
  }

  /** Called by a stream. */
  answer(
    stream: ServerRequest,
    headers: HeaderFields,
    body: readonly Uint8Array[] | undefined,
    trailers: HeaderFields | undefined,
  ): void {
    this.lifetime.answered()
    this.sender.headers(stream, headers, body === undefined)
    if (body) this.sender.body(stream, body, trailers)
  }

  get #streamsMax(): number {
    if (this.isSettled) this.#pastStreamsMax = 0
    return Math.max(this.#settings.concurrentStreamsMax, this.#pastStreamsMax)
  }

  protected override get lastStream(): number {
    return this.#lastStream
  }

  protected override preface(chunk: Buffer): Buffer {
    const left = PREFACE.length - this.#prefaceBytes
    if (left === 0) return chunk
    const taken = Math.min(left, chunk.length)
    if (PREFACE.compare(chunk, 0, taken, this.#prefaceBytes, this.#prefaceBytes + taken) !== 0) {
      throw new Http2Error(ERROR.protocol, 'no HTTP/2 preface')
    }
    this.#prefaceBytes += taken
    return chunk.subarray(taken)
  }

  protected override isIdle(id: number): boolean {
    return id % 2 === 0 || id > this.#lastStream
  }

  protected override opened(
    id: number,
    block: Buffer,
    isEnd: boolean,
    faultSoFar: string | undefined,
  ): boolean {
    if (id % 2 === 0 || id <= this.#lastStream) return false
    const section = this.section('request', block)
    // The last GOAWAY has told that it is not taken.
    if (this.#leaves) return true
    this.#lastStream = id
    const stream = new ServerRequest(id, section.fields, this)
    stream.contentLeft = section.contentLength
    stream.isRemoteClosed = isEnd
    const isOneTooMany = this.streams.size >= this.#streamsMax
    if (isOneTooMany && this.isSettled) throw new Http2Error(ERROR.protocol, 'too many streams')
    this.streams.set(id, stream)
    this.sender.open(stream)
    const fault = faultSoFar ?? section.fault()
    if (isOneTooMany) this.offend(stream, ERROR.refusedStream, 'too many streams')
    else if (fault !== undefined) this.offend(stream, ERROR.protocol, fault)
    else if (section.isTooLarge) this.answer(stream, TOO_LARGE, undefined, undefined)
    else {
      stream.begin(this.#open)
      this.lifetime.opened()
      if (isEnd && !stream.isClosed) this.remoteEnds(stream)
    }
    return true
  }

  protected override heard(): void {
    this.lifetime.heard()
  }

  protected override settled(settings: PeerSettings, isFirst: boolean): void {
    super.settled(settings, isFirst)
    this.lifetime.greeted()
  }

  protected override pinged(): void {
    if (this.lifetime.pinged()) this.fail(ERROR.enhanceYourCalm, 'too_many_pings')
  }

  /** The client opens no more streams; it knows best when to go. */
  protected override goAwayCame(): void {}

  protected override resetCame(): void {
    this.flood.reset()
  }

  /** Tells a client that was answered early that the rest of its request is not wanted. */
  protected override halfClosed(stream: Http2Stream): void {
    if (stream.isLocalClosed) this.resetStream(stream, ERROR.none, 'answered early')
  }

  protected override streamClosed(): void {
    if (this.streams.size === 0) this.lifetime.idle()
  }

  protected override stalled(stream: Http2Stream): void {
    this.resetStream(stream, ERROR.cancel, 'the client does not take the answer')
  }

  protected override closed(): void {
    this.lifetime.close()
    this.#closed()
  }
}

function limitsOf({ headerBytesMax }: Http2Settings): HeaderLimits {
  return { bytesMax: headerBytesMax, fieldsMax: HEADER_FIELDS_MAX }
}

const IGNORED: StreamSink = { data() {}, end() {}, gone() {} }

class ServerRequest extends Http2Stream implements ServerStream {
  readonly headers: HeaderFields
  readonly #connection: Http2ServerConnection
  #sink = IGNORED
  #isAnswered = false

  constructor(id: number, headers: HeaderFields, connection: Http2ServerConnection) {
    super(id)
    this.headers = headers
    this.#connection = connection
  }

  get peer(): string {
    return this.#connection.peer
  }

  begin(open: OpenStream): void {
    const sink = open(this)
    if (this.isClosed) sink.gone()
    else this.#sink = sink
  }

  answer(headers: HeaderFields, body: readonly Uint8Array[], trailers: HeaderFields): void {
    if (this.isClosed || this.#isAnswered) return
    this.#isAnswered = true
    this.#connection.answer(this, headers, body, trailers)
  }

  refuse(headers: HeaderFields): void {
    if (this.isClosed || this.#isAnswered) return
    this.#isAnswered = true
    this.#connection.answer(this, headers, undefined, undefined)
  }

  override get sectionKind(): SectionKind {
    return 'trailers'
  }

  override headersCame(section: HeaderSection, isEnd: boolean): string | undefined {
    if (!isEnd) return 'headers in the middle of a request'
    return section.isTooLarge ? 'trailers too large' : undefined
  }

  override dataCame(part: Buffer): void {
    this.#sink.data(part)
  }

  override ended(): void {
    this.#sink.end()
  }

  override closed(): void {
    this.#sink.gone()
  }
}
