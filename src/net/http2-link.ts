import type { Duplex } from 'node:stream'
import type { Clock, Timer } from '#sdk'
import { FloodGuard } from './http2-flood.js'
import {
  ERROR,
  FLAG,
  FRAME,
  FRAME_BYTES_DEFAULT,
  FrameReader,
  type FrameSink,
  Http2Error,
  SETTING,
  STREAM_ID_MAX,
} from './http2-frames.js'
import type { HeaderLimits } from './http2-headers.js'
import { Http2Output } from './http2-output.js'
import { Http2Sender } from './http2-sender.js'
import { type PeerSettings, readSettings, settingsPayload } from './http2-settings.js'
import { type Http2Stream, STREAM_WINDOW_BYTES } from './http2-stream.js'

/** Frames this large are taken: a message comes in one (bench/relay). */
const FRAME_BYTES_MAX = 1024 * 1024
/** A connection that is over waits this long for the other side to take note. */
const LINGER_MS = 2000
const NO_BYTES = Buffer.alloc(0)

/**
 * What a connection does besides its streams (RFC 9113): settings, pings, and the end:
 *
 *   open -> (last GOAWAY sent, or come) leaving -> no stream left -> lingering -> closed
 *     |                                                              ^
 *     +-- the other side breaks the rules: GOAWAY with an error -----+
 *
 * Lingering means that our side is ended and what comes is thrown away: a socket closed with
 * unread bytes would take the GOAWAY back.
 */
export abstract class Http2Link implements FrameSink {
  protected readonly clock: Clock
  protected limits: HeaderLimits
  protected readonly flood: FloodGuard
  protected readonly sender: Http2Sender
  readonly #socket: Duplex
  readonly #output: Http2Output
  readonly #reader = new FrameReader(this)
  #phase: 'open' | 'lingering' | 'closed' = 'open'
  #isLeaving = false
  #hasSettings = false
  /** SETTINGS of ours that the other side has not taken note of. */
  #settingsUnderWay = 0
  readonly #pings = new Map<number, () => void>()
  #pingCount = 0
  #lingerTimer: Timer | undefined
  #error: unknown

  constructor(socket: Duplex, limits: HeaderLimits, clock: Clock) {
    this.#socket = socket
    this.limits = limits
    this.clock = clock
    this.flood = new FloodGuard(clock)
    this.#output = new Http2Output(socket, () => this.sender.pump())
    this.sender = new Http2Sender(this.#output, this.flood, clock, {
      sent: (stream) => this.sent(stream),
      stalled: (stream) => this.stalled(stream),
      stuck: () => this.destroy(new Error('the other side reads nothing')),
    })
  }

  /** Neither over nor about to be. */
  get isOpen(): boolean {
    return this.#phase === 'open' && !this.#isLeaving
  }

  get isClosed(): boolean {
    return this.#phase !== 'open'
  }

  /** The other side has taken note of all our settings. */
  protected get isSettled(): boolean {
    return this.#settingsUnderWay === 0
  }

  /** Ends it at once; streams are lost, for the reason of `error`. */
  destroy(error?: unknown): void {
    this.#error ??= error
    this.#socket.destroy()
    this.#close()
  }

  abstract data(part: Buffer): void
  abstract dataEnds(): void
  /** The last stream of the other side that we looked at. */
  protected abstract get lastStream(): number
  protected abstract get hasStreams(): boolean
  /** A frame of a stream begins; see `FrameSink`. */
  protected abstract streamFrameBegins(
    type: number,
    flags: number,
    id: number,
    length: number,
  ): boolean
  protected abstract streamFrame(type: number, flags: number, id: number, payload: Buffer): void
  /** Something has come. */
  protected abstract heard(): void
  protected abstract settled(settings: PeerSettings, isFirst: boolean): void
  protected abstract pinged(): void
  protected abstract goAwayCame(lastStream: number, code: number): void
  /** Our side of a stream is done. */
  protected abstract sent(stream: Http2Stream): void
  /** A stream waits for its window without end. */
  protected abstract stalled(stream: Http2Stream): void
  /** No stream goes on. */
  protected abstract loseStreams(error: unknown): void
  protected abstract closed(error: unknown): void

  /** The first frames. `preface` goes before them. */
  protected start(preface: Uint8Array, settings: readonly (readonly [number, number])[]): void {
    const socket = this.#socket
    this.#output.raw(preface)
    const all = [
      ...settings,
      [SETTING.initialWindowSize, STREAM_WINDOW_BYTES],
      [SETTING.frameBytesMax, FRAME_BYTES_MAX],
      [SETTING.headerListBytesMax, this.limits.bytesMax],
    ] as const
    this.settle(all)
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    socket.once('end', () => this.destroy())
    socket.on('error', (error) => this.destroy(error))
    socket.once('close', () => this.destroy())
  }

  /** Tells the other side of settings. */
  protected settle(settings: readonly (readonly [number, number])[]): void {
    this.#settingsUnderWay++
    this.sender.frame(FRAME.settings, 0, 0, settingsPayload(settings))
  }

  /** Takes what comes before the first frame from the chunk, and returns the rest. */
  protected preface(chunk: Buffer): Buffer {
    return chunk
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
    this.endIfDone()
  }

  protected endIfDone(): void {
    if (this.#isLeaving && !this.hasStreams && this.#phase === 'open') this.#linger()
  }

  /** The other side broke the rules. */
  protected fail(code: number, text: string): void {
    if (this.#phase !== 'open') return
    this.#error ??= new Error(text)
    this.goAway(this.lastStream, code, text)
    this.#linger()
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
    const isWanted = this.streamFrameBegins(type, flags, id, length)
    if (type === FRAME.data) return isWanted
    // Those are put together, and need not be larger.
    if (length > Math.max(FRAME_BYTES_DEFAULT, this.limits.bytesMax)) {
      throw new Http2Error(ERROR.frameSize, 'frame too large')
    }
    if (type !== FRAME.headers && type !== FRAME.continuation) this.flood.cheapFrame()
    return type <= FRAME.continuation
  }

  frame(type: number, flags: number, id: number, payload: Buffer): void {
    const isOfConnection = type === FRAME.settings || type === FRAME.ping || type === FRAME.goAway
    if (!isOfConnection) {
      this.streamFrame(type, flags, id, payload)
      return
    }
    if (id !== 0) throw new Http2Error(ERROR.protocol, 'frame of the connection on a stream')
    if (type === FRAME.settings) this.#settingsCame(flags, payload)
    else if (type === FRAME.ping) this.#pingCame(flags, payload)
    else {
      if (payload.length < 8) throw new Http2Error(ERROR.frameSize, 'GOAWAY too short')
      this.goAwayCame(payload.readUInt32BE(0) & STREAM_ID_MAX, payload.readUInt32BE(4))
    }
  }

  #settingsCame(flags: number, payload: Buffer): void {
    if (flags & FLAG.ack) {
      if (payload.length > 0) throw new Http2Error(ERROR.frameSize, 'SETTINGS of a wrong size')
      if (this.#settingsUnderWay > 0) this.#settingsUnderWay--
      return
    }
    const settings = readSettings(payload)
    const isFirst = !this.#hasSettings
    this.#hasSettings = true
    // Ahead of what follows from them.
    this.sender.frame(FRAME.settings, FLAG.ack, 0, NO_BYTES)
    if (settings.frameBytesMax !== undefined) this.sender.frameBytesMax = settings.frameBytesMax
    if (settings.tableBytesMax !== undefined) this.sender.tableBytesMax = settings.tableBytesMax
    this.settled(settings, isFirst)
  }

  #pingCame(flags: number, payload: Buffer): void {
    if (payload.length !== 8) throw new Http2Error(ERROR.frameSize, 'PING of a wrong size')
    if (!(flags & FLAG.ack)) {
      this.sender.frame(FRAME.ping, FLAG.ack, 0, payload)
      this.pinged()
      return
    }
    const number = payload.readUInt32BE(4)
    const answered = this.#pings.get(number)
    this.#pings.delete(number)
    answered?.()
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

  #release(): void {
    this.sender.close()
    this.#pings.clear()
    this.loseStreams(this.#error)
  }
}
