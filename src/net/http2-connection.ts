import type { Duplex } from 'node:stream'
import type { Clock, Timer } from '#sdk'
import { HpackDecoder } from './hpack-decoder.js'
import { FloodGuard } from './http2-flood.js'
import {
  ERROR,
  errorName,
  FLAG,
  FRAME,
  FRAME_BYTES_DEFAULT,
  FrameReader,
  type FrameSink,
  Http2Error,
  SETTING,
  STREAM_ID_MAX,
  WINDOW_BYTES_DEFAULT,
} from './http2-frames.js'
import { HeaderBlocks } from './http2-header-blocks.js'
import { type HeaderLimits, HeaderSection } from './http2-headers.js'
import { Http2Output } from './http2-output.js'
import { Http2Sender } from './http2-sender.js'
import { readSettings, settingsPayload } from './http2-settings.js'
import { type Http2Stream, STREAM_WINDOW_BYTES, type StreamEnd } from './http2-stream.js'
import { reasonOf } from './reason.js'

/** What all streams together may send us before we tell of a larger window. */
const CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024
/** Frames this large are taken: a message comes in one (bench/relay). */
const FRAME_BYTES_MAX = 1024 * 1024
/** A connection that is over waits this long for the other side to take note. */
const LINGER_MS = 2000
/** Streams that we have reset, of which frames may still be on the way. */
const IGNORED_MAX = 1024
const NO_BYTES = Buffer.alloc(0)

/**
 * What the two sides of a connection have in common (RFC 9113): frames, settings, windows, pings,
 * and the end:
 *
 *   open -> (last GOAWAY sent, or come) leaving -> no stream left -> lingering -> closed
 *     |                                                              ^
 *     +-- the other side breaks the rules: GOAWAY with an error -----+
 *
 * Lingering means that our side is ended and what comes is thrown away: a socket closed with
 * unread bytes would take the GOAWAY back.
 */
export abstract class Http2Connection implements FrameSink {
  protected readonly clock: Clock
  protected readonly flood: FloodGuard
  protected readonly sender: Http2Sender
  protected readonly streams = new Map<number, Http2Stream>()
  /** The other side has taken note of our settings. */
  protected isSettled = false
  readonly #socket: Duplex
  readonly #output: Http2Output
  readonly #limits: HeaderLimits
  readonly #reader = new FrameReader(this)
  readonly #decoder = new HpackDecoder()
  readonly #blocks: HeaderBlocks
  readonly #ignored = new Set<number>()
  #phase: 'open' | 'lingering' | 'closed' = 'open'
  #isLeaving = false
  #hasSettings = false
  #receiveWindow = CONNECTION_WINDOW_BYTES
  #unannounced = 0
  /** Of the DATA frame that is being read. */
  #dataStream: Http2Stream | undefined
  #dataLength = 0
  #dataEnds = false
  readonly #pings = new Map<number, () => void>()
  #pingCount = 0
  #lingerTimer: Timer | undefined
  #error: unknown

  constructor(socket: Duplex, limits: HeaderLimits, clock: Clock) {
    this.#socket = socket
    this.#limits = limits
    this.clock = clock
    this.flood = new FloodGuard(clock)
    this.#blocks = new HeaderBlocks(limits.bytesMax)
    this.#output = new Http2Output(socket, () => this.sender.pump())
    this.sender = new Http2Sender(this.#output, this.flood, clock, {
      stuck: () => this.destroy(new Error('the other side reads nothing')),
      sent: (stream) => this.#sideDone(stream),
      stalled: (stream) => this.stalled(stream),
    })
  }

  /** Neither over nor about to be. */
  get isOpen(): boolean {
    return this.#phase === 'open' && !this.#isLeaving
  }

  get isClosed(): boolean {
    return this.#phase !== 'open'
  }

  /** Ends it at once; streams are lost, for the reason of `error`. */
  destroy(error?: unknown): void {
    this.#error ??= error
    this.#socket.destroy()
    this.#close()
  }

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
  /** Streams that the other side has opened: the number of the last. */
  protected abstract get lastStream(): number
  /** Something has come. */
  protected abstract heard(): void
  protected abstract settled(concurrentStreamsMax: number | undefined, isFirst: boolean): void
  protected abstract pinged(): void
  protected abstract goAwayCame(lastStream: number, code: number): void
  protected abstract resetCame(): void
  protected abstract streamClosed(): void
  /** One side of a stream is done before the other. */
  protected abstract halfClosed(stream: Http2Stream): void
  /** A stream waits for its window without end. */
  protected abstract stalled(stream: Http2Stream): void
  protected abstract closed(error: unknown): void

  /** The first frames. `preface` goes before them. */
  protected start(preface: Uint8Array, settings: readonly (readonly [number, number])[]): void {
    const socket = this.#socket
    this.#output.raw(preface)
    const all = [
      ...settings,
      [SETTING.initialWindowSize, STREAM_WINDOW_BYTES],
      [SETTING.frameBytesMax, FRAME_BYTES_MAX],
      [SETTING.headerListBytesMax, this.#limits.bytesMax],
    ] as const
    this.sender.frame(FRAME.settings, 0, 0, settingsPayload(all))
    this.#tellWindow(0, CONNECTION_WINDOW_BYTES - WINDOW_BYTES_DEFAULT)
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    socket.once('end', () => this.destroy())
    socket.on('error', (error) => this.destroy(error))
    socket.once('close', () => this.destroy())
  }

  /** Bytes before the first frame, that are no frames. Returns what is left of the chunk. */
  protected preface(chunk: Buffer): Buffer {
    return chunk
  }

  protected section(kind: 'request', block: Buffer): HeaderSection {
    const section = new HeaderSection(kind, this.#limits)
    this.#decoder.decode(block, section)
    return section
  }

  /** Calls back when the other side has answered. */
  protected ping(answered: () => void): void {
    const payload = Buffer.alloc(8)
    payload.writeUInt32BE(++this.#pingCount, 4)
    this.#pings.set(this.#pingCount, answered)
    this.sender.frame(FRAME.ping, 0, 0, payload)
  }

  protected goAway(lastStream: number, code: number, text: string): void {
    const payload = Buffer.alloc(8 + text.length)
    payload.writeUInt32BE(lastStream, 0)
    payload.writeUInt32BE(code, 4)
    payload.write(text, 8, 'latin1')
    this.sender.frame(FRAME.goAway, 0, 0, payload)
  }

  /** Ends when the last stream has. */
  protected leave(): void {
    this.#isLeaving = true
    this.#endWhenDone()
  }

  /** The other side broke the rules. */
  protected fail(code: number, text: string): void {
    if (this.#phase !== 'open') return
    this.#error ??= new Error(text)
    this.goAway(this.lastStream, code, text)
    this.#linger()
  }

  /** RST_STREAM, and the stream is over. */
  protected resetStream(stream: Http2Stream, code: number, reason: string): void {
    if (stream.isClosed) return
    this.#tellReset(stream.id, code)
    if (!stream.isRemoteClosed) this.#ignore(stream.id)
    this.finish(stream, { reason, code: undefined })
  }

  /** A stream is over. */
  protected finish(stream: Http2Stream, end: StreamEnd | undefined): void {
    if (stream.isClosed) return
    stream.isClosed = true
    this.streams.delete(stream.id)
    this.sender.forget(stream)
    stream.closed(end)
    this.streamClosed()
    this.#endWhenDone()
  }

  #received(chunk: Buffer): void {
    if (this.#phase !== 'open') return
    this.heard()
    try {
      this.#reader.push(this.preface(chunk))
    } catch (error) {
      const code = error instanceof Http2Error ? error.code : ERROR.internal
      this.fail(code, (error as Error).message)
    }
  }

  begins(type: number, flags: number, id: number, length: number): boolean {
    if (this.#phase !== 'open') return false
    if (length > FRAME_BYTES_MAX) throw new Http2Error(ERROR.frameSize, 'frame too large')
    if (!this.#hasSettings && (type !== FRAME.settings || flags & FLAG.ack)) {
      throw new Http2Error(ERROR.protocol, 'no settings at first')
    }
    const awaited = this.#blocks.stream
    if (type === FRAME.continuation ? awaited === 0 || awaited !== id : awaited !== 0) {
      throw new Http2Error(ERROR.protocol, 'header block out of order')
    }
    if (type === FRAME.data) return this.#dataBegins(flags, id, length)
    // Those are put together, and need not be larger.
    if (length > Math.max(FRAME_BYTES_DEFAULT, this.#limits.bytesMax)) {
      throw new Http2Error(ERROR.frameSize, 'frame too large')
    }
    if (type !== FRAME.headers && type !== FRAME.continuation) this.flood.cheapFrame()
    return type <= FRAME.continuation
  }

  #dataBegins(flags: number, id: number, length: number): boolean {
    const isEnd = (flags & FLAG.endStream) !== 0
    if (length === 0 && !isEnd) this.flood.cheapFrame()
    this.#receiveWindow -= length
    if (this.#receiveWindow < 0) {
      throw new Http2Error(ERROR.flowControl, 'more data than the window of the connection')
    }
    const stream = this.streams.get(id)
    this.#dataStream = stream
    this.#dataLength = length
    this.#dataEnds = isEnd
    if (!stream) this.#strayData(id, isEnd)
    else if (stream.isRemoteClosed) this.#offend(stream, ERROR.streamClosed, 'data behind the end')
    else {
      stream.receiveWindow -= length
      if (stream.receiveWindow < 0) {
        this.#offend(stream, ERROR.flowControl, 'more data than the window of the stream')
      }
    }
    return true
  }

  /** Data of a stream that is not open, which takes from the window of the connection all the same. */
  #strayData(id: number, isEnd: boolean): void {
    if (id === 0 || this.isIdle(id)) throw new Http2Error(ERROR.protocol, 'data without a stream')
    if (!this.#ignored.has(id)) {
      this.flood.reset()
      this.#tellReset(id, ERROR.streamClosed)
    } else if (isEnd) this.#ignored.delete(id)
  }

  data(part: Buffer): void {
    const stream = this.#dataStream
    if (!stream || stream.isClosed) return
    if (stream.contentLeft !== undefined) {
      stream.contentLeft -= part.length
      if (stream.contentLeft < 0) {
        this.#offend(stream, ERROR.protocol, 'more data than its content-length')
        return
      }
    }
    stream.dataCame(part)
  }

  dataEnds(): void {
    const stream = this.#dataStream
    this.#dataStream = undefined
    const length = this.#dataLength
    this.#unannounced += length
    if (this.#unannounced >= CONNECTION_WINDOW_BYTES / 2) {
      this.#tellWindow(0, this.#unannounced)
      this.#receiveWindow += this.#unannounced
      this.#unannounced = 0
    }
    if (!stream || stream.isClosed) return
    if (this.#dataEnds) {
      this.remoteEnds(stream)
      return
    }
    stream.unannounced += length
    if (stream.unannounced < STREAM_WINDOW_BYTES / 2) return
    this.#tellWindow(stream.id, stream.unannounced)
    stream.receiveWindow += stream.unannounced
    stream.unannounced = 0
  }

  frame(type: number, flags: number, id: number, payload: Buffer): void {
    switch (type) {
      case FRAME.headers:
      case FRAME.continuation: {
        const block = this.#blocks.add(type, flags, id, payload)
        if (block) this.#headers(id, block, this.#blocks.isEnd, this.#blocks.isSelfDependent)
        return
      }
      case FRAME.priority:
        this.#priorityCame(id, payload)
        return
      case FRAME.resetStream:
        this.#resetCame(id, payload)
        return
      case FRAME.settings:
        this.#settingsCame(flags, id, payload)
        return
      case FRAME.ping:
        this.#pingCame(flags, id, payload)
        return
      case FRAME.goAway:
        if (id !== 0) throw new Http2Error(ERROR.protocol, 'GOAWAY on a stream')
        if (payload.length < 8) throw new Http2Error(ERROR.frameSize, 'GOAWAY too short')
        this.goAwayCame(payload.readUInt32BE(0) & STREAM_ID_MAX, payload.readUInt32BE(4))
        return
      case FRAME.windowUpdate:
        this.#windowUpdateCame(id, payload)
        return
      default:
        throw new Http2Error(ERROR.protocol, 'unexpected PUSH_PROMISE')
    }
  }

  #headers(id: number, block: Buffer, isEnd: boolean, isSelfDependent: boolean): void {
    const stream = this.streams.get(id)
    if (!stream) {
      const fault = isSelfDependent ? 'stream depends on itself' : undefined
      if (!this.opened(id, block, isEnd, fault)) this.#strayHeaders(id, block, isEnd)
      return
    }
    const section = new HeaderSection(stream.sectionKind, this.#limits)
    this.#decoder.decode(block, section)
    if (stream.isRemoteClosed) {
      this.#offend(stream, ERROR.streamClosed, 'headers behind the end')
      return
    }
    const fault = section.fault() ?? stream.headersCame(section, isEnd)
    if (fault !== undefined) this.#offend(stream, ERROR.protocol, fault)
    else if (isEnd && !stream.isClosed) this.remoteEnds(stream)
  }

  #strayHeaders(id: number, block: Buffer, isEnd: boolean): void {
    // The table must follow all the same.
    this.section('request', block)
    if (this.isIdle(id)) throw new Http2Error(ERROR.protocol, 'headers of no stream')
    if (!this.#ignored.has(id))
      throw new Http2Error(ERROR.streamClosed, 'headers of a closed stream')
    if (isEnd) this.#ignored.delete(id)
  }

  /** All has come of a stream. */
  protected remoteEnds(stream: Http2Stream): void {
    if (stream.contentLeft !== undefined && stream.contentLeft !== 0) {
      this.#offend(stream, ERROR.protocol, 'less data than its content-length')
      return
    }
    stream.isRemoteClosed = true
    stream.ended()
    this.#sideDone(stream)
  }

  #sideDone(stream: Http2Stream): void {
    if (stream.isClosed) return
    if (stream.isLocalClosed && stream.isRemoteClosed) this.finish(stream, undefined)
    else this.halfClosed(stream)
  }

  /** The other side broke the rules for one stream. */
  #offend(stream: Http2Stream, code: number, reason: string): void {
    this.flood.reset()
    this.resetStream(stream, code, reason)
  }

  #priorityCame(id: number, payload: Buffer): void {
    if (id === 0) throw new Http2Error(ERROR.protocol, 'PRIORITY without a stream')
    const stream = this.streams.get(id)
    const isWrongSize = payload.length !== 5
    if (!isWrongSize && (payload.readUInt32BE(0) & STREAM_ID_MAX) !== id) return
    const code = isWrongSize ? ERROR.frameSize : ERROR.protocol
    if (stream) this.#offend(stream, code, 'malformed PRIORITY')
    else {
      this.flood.reset()
      this.#tellReset(id, code)
    }
  }

  #resetCame(id: number, payload: Buffer): void {
    if (payload.length !== 4) throw new Http2Error(ERROR.frameSize, 'RST_STREAM of a wrong size')
    if (id === 0 || this.isIdle(id)) throw new Http2Error(ERROR.protocol, 'RST_STREAM of no stream')
    this.#ignored.delete(id)
    const stream = this.streams.get(id)
    if (!stream) return
    this.resetCame()
    const code = payload.readUInt32BE(0)
    this.finish(stream, { reason: `request reset (${errorName(code)})`, code })
  }

  #settingsCame(flags: number, id: number, payload: Buffer): void {
    if (id !== 0) throw new Http2Error(ERROR.protocol, 'SETTINGS on a stream')
    if (flags & FLAG.ack) {
      if (payload.length > 0) throw new Http2Error(ERROR.frameSize, 'SETTINGS of a wrong size')
      this.isSettled = true
      return
    }
    const settings = readSettings(payload)
    const isFirst = !this.#hasSettings
    this.#hasSettings = true
    // Ahead of what follows from them.
    this.sender.frame(FRAME.settings, FLAG.ack, 0, NO_BYTES)
    if (settings.initialWindow !== undefined) {
      this.sender.setInitialWindow(settings.initialWindow, this.streams.values())
    }
    if (settings.frameBytesMax !== undefined) this.sender.frameBytesMax = settings.frameBytesMax
    if (settings.tableBytesMax !== undefined) this.sender.tableBytesMax = settings.tableBytesMax
    this.settled(settings.concurrentStreamsMax, isFirst)
  }

  #pingCame(flags: number, id: number, payload: Buffer): void {
    if (id !== 0) throw new Http2Error(ERROR.protocol, 'PING on a stream')
    if (payload.length !== 8) throw new Http2Error(ERROR.frameSize, 'PING of a wrong size')
    if (flags & FLAG.ack) {
      const number = payload.readUInt32BE(4)
      const answered = this.#pings.get(number)
      this.#pings.delete(number)
      answered?.()
      return
    }
    this.sender.frame(FRAME.ping, FLAG.ack, 0, payload)
    this.pinged()
  }

  #windowUpdateCame(id: number, payload: Buffer): void {
    if (payload.length !== 4) throw new Http2Error(ERROR.frameSize, 'WINDOW_UPDATE of a wrong size')
    const bytes = payload.readUInt32BE(0) & STREAM_ID_MAX
    if (id === 0) {
      if (bytes === 0) throw new Http2Error(ERROR.protocol, 'WINDOW_UPDATE of nothing')
      this.sender.widen(bytes)
      return
    }
    if (this.isIdle(id)) throw new Http2Error(ERROR.protocol, 'WINDOW_UPDATE of no stream')
    const stream = this.streams.get(id)
    if (!stream) return
    if (bytes === 0) this.#offend(stream, ERROR.protocol, 'WINDOW_UPDATE of nothing')
    else if (!this.sender.widenStream(stream, bytes)) {
      this.#offend(stream, ERROR.flowControl, 'window too large')
    }
  }

  #tellReset(id: number, code: number): void {
    const payload = Buffer.allocUnsafe(4)
    payload.writeUInt32BE(code, 0)
    this.sender.frame(FRAME.resetStream, 0, id, payload)
  }

  #tellWindow(id: number, bytes: number): void {
    const payload = Buffer.allocUnsafe(4)
    payload.writeUInt32BE(bytes, 0)
    this.sender.frame(FRAME.windowUpdate, 0, id, payload)
  }

  #ignore(id: number): void {
    this.#ignored.add(id)
    if (this.#ignored.size <= IGNORED_MAX) return
    for (const oldest of this.#ignored) {
      this.#ignored.delete(oldest)
      return
    }
  }

  #endWhenDone(): void {
    if (this.#isLeaving && this.streams.size === 0 && this.#phase === 'open') this.#linger()
  }

  #linger(): void {
    this.#phase = 'lingering'
    this.#output.end()
    this.#release()
    if (!this.#socket.destroyed) {
      this.#lingerTimer = this.clock.timer(LINGER_MS, () => this.#socket.destroy())
    }
  }

  #close(): void {
    if (this.#phase === 'closed') return
    const wasOpen = this.#phase === 'open'
    this.#phase = 'closed'
    this.#lingerTimer?.cancel()
    this.#output.close()
    if (wasOpen) this.#release()
    this.closed(this.#error)
  }

  /** Lets go of the streams. */
  #release(): void {
    this.sender.close()
    this.#pings.clear()
    const reason = this.#error === undefined ? 'connection closed' : reasonOf(this.#error)
    for (const stream of this.streams.values()) this.finish(stream, { reason, code: undefined })
  }
}
