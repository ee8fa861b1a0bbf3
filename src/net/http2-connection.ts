import { HpackDecoder } from './hpack-decoder.js'
import {
  ERROR,
  errorName,
  FLAG,
  FRAME,
  Http2Error,
  STREAM_ID_MAX,
  WINDOW_BYTES_DEFAULT,
} from './http2-frames.js'
import { HeaderBlocks } from './http2-header-blocks.js'
import { HeaderSection, type SectionKind } from './http2-headers.js'
import { Http2Link } from './http2-link.js'
import type { PeerSettings } from './http2-settings.js'
import { type Http2Stream, ReceiveWindow, type StreamEnd } from './http2-stream.js'
import { reasonOf } from './reason.js'

/** What all streams together may send us before we tell of a larger window. */
const CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024
/** Streams that we have reset, of which frames may still be on the way. */
const IGNORED_MAX = 1024

/** The streams of a connection, as far as both sides treat them alike; see `Http2Stream`. */
export abstract class Http2Connection extends Http2Link {
  protected readonly streams = new Map<number, Http2Stream>()
  readonly #decoder = new HpackDecoder()
  readonly #blocks = new HeaderBlocks()
  readonly #ignored = new Set<number>()
  readonly #window = new ReceiveWindow(CONNECTION_WINDOW_BYTES)
  /** Of the DATA frame that is being read. */
  #dataStream: Http2Stream | undefined
  #dataLength = 0
  #dataEnds = false

  /**
   * Headers came for a stream that is not open, with what is wrong with them so far. False: they
   * cannot begin one.
   */
  protected abstract opened(
    id: number,
    block: Buffer,
    isEnd: boolean,
    fault: string | undefined,
  ): boolean
  /** No frame may have come for this stream yet. */
  protected abstract isIdle(id: number): boolean
  protected abstract resetCame(): void
  protected abstract streamClosed(): void
  /** One side of a stream is done before the other. */
  protected abstract halfClosed(stream: Http2Stream): void

  get hasStreams(): boolean {
    return this.streams.size > 0
  }

  protected override start(
    preface: Uint8Array,
    settings: readonly (readonly [number, number])[],
  ): void {
    super.start(preface, settings)
    this.#tell(FRAME.windowUpdate, 0, CONNECTION_WINDOW_BYTES - WINDOW_BYTES_DEFAULT)
  }

  protected override settled({ initialWindow }: PeerSettings, _isFirst: boolean): void {
    if (initialWindow === undefined) return
    this.sender.setInitialWindow(initialWindow, this.streams.values())
  }

  /** Every block must be decoded, as the table follows from all of them. */
  protected section(kind: SectionKind, block: Buffer): HeaderSection {
    const section = new HeaderSection(kind, this.limits)
    this.#decoder.decode(block, section)
    return section
  }

  /** RST_STREAM, and the stream is over. */
  protected resetStream(stream: Http2Stream, code: number, reason: string): void {
    if (stream.isClosed) return
    this.#tell(FRAME.resetStream, stream.id, code)
    if (!stream.isRemoteClosed) this.#ignore(stream.id)
    this.finish(stream, { reason, code: undefined })
  }

  /** The other side broke the rules for one stream. */
  protected offend(stream: Http2Stream, code: number, reason: string): void {
    this.flood.reset()
    this.resetStream(stream, code, reason)
  }

  /** All has come of a stream. */
  protected remoteEnds(stream: Http2Stream): void {
    if (stream.contentLeft !== undefined && stream.contentLeft !== 0) {
      this.offend(stream, ERROR.protocol, 'less data than its content-length')
      return
    }
    stream.isRemoteClosed = true
    stream.ended()
    this.sent(stream)
  }

  /** A stream is over. */
  protected finish(stream: Http2Stream, end: StreamEnd | undefined): void {
    if (stream.isClosed) return
    stream.isClosed = true
    this.streams.delete(stream.id)
    this.sender.forget(stream)
    stream.closed(end)
    this.streamClosed()
    this.endIfDone()
  }

  /** One side of a stream is done, perhaps both. */
  protected override sent(stream: Http2Stream): void {
    if (stream.isClosed) return
    if (stream.isLocalClosed && stream.isRemoteClosed) this.finish(stream, undefined)
    else this.halfClosed(stream)
  }

  protected override loseStreams(error: unknown): void {
    const reason = error === undefined ? 'connection closed' : reasonOf(error)
    for (const stream of this.streams.values()) this.finish(stream, { reason, code: undefined })
  }

  protected override streamFrameBegins(
    type: number,
    flags: number,
    id: number,
    length: number,
  ): boolean {
    const awaited = this.#blocks.stream
    if (type === FRAME.continuation ? awaited === 0 || awaited !== id : awaited !== 0) {
      throw new Http2Error(ERROR.protocol, 'header block out of order')
    }
    if (type === FRAME.data) this.#dataBegins(id, length, (flags & FLAG.endStream) !== 0)
    return true
  }

  #dataBegins(id: number, length: number, isEnd: boolean): void {
    if (length === 0 && !isEnd) this.flood.cheapFrame()
    if (!this.#window.take(length)) {
      throw new Http2Error(ERROR.flowControl, 'more data than the window of the connection')
    }
    const stream = this.streams.get(id)
    this.#dataStream = stream
    this.#dataLength = length
    this.#dataEnds = isEnd
    if (!stream) this.#strayData(id, isEnd)
    else if (stream.isRemoteClosed) this.offend(stream, ERROR.streamClosed, 'data behind the end')
    else if (!stream.receiveWindow.take(length)) {
      this.offend(stream, ERROR.flowControl, 'more data than the window of the stream')
    }
  }

  /** Data of a stream that is not open. It takes from the window of the connection all the same. */
  #strayData(id: number, isEnd: boolean): void {
    if (id === 0 || this.isIdle(id)) throw new Http2Error(ERROR.protocol, 'data without a stream')
    if (!this.#ignored.has(id)) {
      this.flood.reset()
      this.#tell(FRAME.resetStream, id, ERROR.streamClosed)
    } else if (isEnd) this.#ignored.delete(id)
  }

  override data(part: Buffer): void {
    const stream = this.#dataStream
    if (!stream || stream.isClosed) return
    if (stream.contentLeft !== undefined) {
      stream.contentLeft -= part.length
      if (stream.contentLeft < 0) {
        this.offend(stream, ERROR.protocol, 'more data than its content-length')
        return
      }
    }
    stream.dataCame(part)
  }

  override dataEnds(): void {
    const stream = this.#dataStream
    this.#dataStream = undefined
    this.#giveBack(0, this.#window, this.#dataLength)
    if (!stream || stream.isClosed) return
    if (this.#dataEnds) this.remoteEnds(stream)
    else this.#giveBack(stream.id, stream.receiveWindow, this.#dataLength)
  }

  #giveBack(id: number, window: ReceiveWindow, bytes: number): void {
    const told = window.give(bytes)
    if (told > 0) this.#tell(FRAME.windowUpdate, id, told)
  }

  protected override streamFrame(type: number, flags: number, id: number, payload: Buffer): void {
    switch (type) {
      case FRAME.headers:
      case FRAME.continuation: {
        const block = this.#blocks.add(type, flags, id, payload, this.limits.bytesMax)
        if (block) this.#headersCame(id, block)
        return
      }
      case FRAME.priority:
        this.#priorityCame(id, payload)
        return
      case FRAME.resetStream:
        this.#resetCame(id, payload)
        return
      case FRAME.windowUpdate:
        this.#windowUpdateCame(id, payload)
        return
      default:
        throw new Http2Error(ERROR.protocol, 'unexpected PUSH_PROMISE')
    }
  }

  #headersCame(id: number, block: Buffer): void {
    const { isEnd, isSelfDependent } = this.#blocks
    const stream = this.streams.get(id)
    if (!stream) {
      const fault = isSelfDependent ? 'stream depends on itself' : undefined
      if (!this.opened(id, block, isEnd, fault)) this.#strayHeaders(id, block, isEnd)
      return
    }
    const section = this.section(stream.sectionKind, block)
    if (stream.isRemoteClosed) {
      this.offend(stream, ERROR.streamClosed, 'headers behind the end')
      return
    }
    const fault = section.fault() ?? stream.headersCame(section, isEnd)
    if (fault !== undefined) this.offend(stream, ERROR.protocol, fault)
    else if (isEnd && !stream.isClosed) this.remoteEnds(stream)
  }

  #strayHeaders(id: number, block: Buffer, isEnd: boolean): void {
    this.section('trailers', block)
    if (this.isIdle(id)) throw new Http2Error(ERROR.protocol, 'headers of no stream')
    if (!this.#ignored.has(id)) {
      throw new Http2Error(ERROR.streamClosed, 'headers of a closed stream')
    }
    if (isEnd) this.#ignored.delete(id)
  }

  #priorityCame(id: number, payload: Buffer): void {
    if (id === 0) throw new Http2Error(ERROR.protocol, 'PRIORITY without a stream')
    const isWrongSize = payload.length !== 5
    if (!isWrongSize && (payload.readUInt32BE(0) & STREAM_ID_MAX) !== id) return
    const code = isWrongSize ? ERROR.frameSize : ERROR.protocol
    const stream = this.streams.get(id)
    if (stream) this.offend(stream, code, 'malformed PRIORITY')
    else throw new Http2Error(code, 'malformed PRIORITY')
  }

  #resetCame(id: number, payload: Buffer): void {
    const code = readNumber(payload)
    if (id === 0 || this.isIdle(id)) throw new Http2Error(ERROR.protocol, 'RST_STREAM of no stream')
    this.#ignored.delete(id)
    const stream = this.streams.get(id)
    if (!stream) return
    this.resetCame()
    this.finish(stream, { reason: `request reset (${errorName(code)})`, code })
  }

  #windowUpdateCame(id: number, payload: Buffer): void {
    const bytes = readNumber(payload) & STREAM_ID_MAX
    if (id === 0) {
      if (bytes === 0) throw new Http2Error(ERROR.protocol, 'WINDOW_UPDATE of nothing')
      this.sender.widen(bytes)
      return
    }
    if (this.isIdle(id)) throw new Http2Error(ERROR.protocol, 'WINDOW_UPDATE of no stream')
    const stream = this.streams.get(id)
    if (!stream) return
    if (bytes === 0) this.offend(stream, ERROR.protocol, 'WINDOW_UPDATE of nothing')
    else if (!this.sender.widenStream(stream, bytes)) {
      this.offend(stream, ERROR.flowControl, 'window too large')
    }
  }

  /** A frame whose payload is one number. */
  #tell(type: number, id: number, value: number): void {
    const payload = Buffer.allocUnsafe(4)
    payload.writeUInt32BE(value, 0)
    this.sender.frame(type, 0, id, payload)
  }

  #ignore(id: number): void {
    this.#ignored.add(id)
    if (this.#ignored.size <= IGNORED_MAX) return
    for (const oldest of this.#ignored) {
      this.#ignored.delete(oldest)
      return
    }
  }
}

function readNumber(payload: Buffer): number {
  if (payload.length !== 4) throw new Http2Error(ERROR.frameSize, 'frame of a wrong size')
  return payload.readUInt32BE(0)
}
