import type { Clock, Timer } from '#sdk'
import { encodeFields } from './hpack-encoder.js'
import type { FloodGuard } from './http2-flood.js'
import {
  ERROR,
  FLAG,
  FRAME,
  FRAME_BYTES_DEFAULT,
  Http2Error,
  WINDOW_BYTES_DEFAULT,
  WINDOW_BYTES_MAX,
} from './http2-frames.js'
import type { HeaderFields } from './http2-layer.js'
import type { Http2Output } from './http2-output.js'
import type { Http2Stream } from './http2-stream.js'

/** Larger frames would keep other streams waiting. */
const FRAME_BYTES_MAX = 256 * 1024
/** The socket is given about as much at once. */
const TURN_BYTES = 1024 * 1024
/** Answers and acknowledgements that wait for a socket that takes nothing. */
const QUEUED_BYTES_MAX = 1024 * 1024
/** What does not move between two looks is given up. */
const LOOK_MS = 30_000
/** A header block begins so when our encoder stops using a table it never used. */
const TABLE_SIZE_ZERO = Buffer.from([0x20])
const HEADER_TABLE_BYTES_DEFAULT = 4096
const EMPTY = Buffer.alloc(0)

/** What a sender tells its connection. */
export interface SenderEvents {
  /** Our side of a stream is done. */
  sent(stream: Http2Stream): void
  /** The other side reads nothing. */
  stuck(): void
  /** The other side does not open the window of a stream. */
  stalled(stream: Http2Stream): void
}

/**
 * What is sent: headers at once, bodies as the windows of the other side and the socket permit,
 * streams taking turns frame by frame.
 */
export class Http2Sender {
  readonly #output: Http2Output
  readonly #flood: FloodGuard
  readonly #clock: Clock
  readonly #events: SenderEvents
  #window = WINDOW_BYTES_DEFAULT
  #initialWindow = WINDOW_BYTES_DEFAULT
  #frameBytesMax = FRAME_BYTES_DEFAULT
  /** Streams with something to send and a window for it. */
  #ready: Http2Stream[] = []
  /** Those with something to send. */
  readonly #pending = new Set<Http2Stream>()
  #tellsTableSize = false
  #hasNoTable = false
  #timer: Timer | undefined
  #drainsSeen = 0

  constructor(output: Http2Output, flood: FloodGuard, clock: Clock, events: SenderEvents) {
    this.#output = output
    this.#flood = flood
    this.#clock = clock
    this.#events = events
  }

  /** SETTINGS_MAX_FRAME_SIZE of the other side. */
  set frameBytesMax(bytes: number) {
    this.#frameBytesMax = bytes
  }

  /** SETTINGS_HEADER_TABLE_SIZE of the other side. A smaller table must be agreed to. */
  set tableBytesMax(bytes: number) {
    if (bytes >= HEADER_TABLE_BYTES_DEFAULT || this.#hasNoTable) return
    this.#hasNoTable = true
    this.#tellsTableSize = true
  }

  /** A stream begins. */
  open(stream: Http2Stream): void {
    stream.sendWindow = this.#initialWindow
  }

  /** A small frame, at once. */
  frame(type: number, flags: number, stream: number, payload: Uint8Array): void {
    this.#output.frame(type, flags, stream, payload)
    this.#watch()
  }

  headers(stream: Http2Stream, fields: HeaderFields, isEnd: boolean): void {
    this.#block(stream.id, encodeFields(fields), isEnd)
    this.#watch()
    if (isEnd) this.#end(stream)
  }

  /** The rest of what a stream sends. The chunks must not be changed any more. */
  body(stream: Http2Stream, chunks: readonly Uint8Array[], trailers?: HeaderFields): void {
    let left = 0
    for (const chunk of chunks) left += chunk.length
    const block = trailers && encodeFields(trailers)
    const isReady = true
    stream.outgoing = {
      chunks,
      index: 0,
      offset: 0,
      left,
      trailers: block,
      hasMoved: true,
      isReady,
    }
    this.#pending.add(stream)
    this.#ready.push(stream)
    this.pump()
  }

  /** Sends nothing more of a stream. */
  forget(stream: Http2Stream): void {
    stream.outgoing = undefined
    this.#pending.delete(stream)
  }

  /** WINDOW_UPDATE for the connection. */
  widen(bytes: number): void {
    this.#window += bytes
    if (this.#window > WINDOW_BYTES_MAX) {
      throw new Http2Error(ERROR.flowControl, 'window of the connection too large')
    }
    this.pump()
  }

  /** WINDOW_UPDATE for a stream. False when its window is too large now. */
  widenStream(stream: Http2Stream, bytes: number): boolean {
    stream.sendWindow += bytes
    if (stream.sendWindow > WINDOW_BYTES_MAX) return false
    this.#wake(stream)
    this.pump()
    return true
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE, which holds for open streams as well. */
  setInitialWindow(bytes: number, streams: Iterable<Http2Stream>): void {
    const change = bytes - this.#initialWindow
    this.#initialWindow = bytes
    for (const stream of streams) {
      stream.sendWindow += change
      if (stream.sendWindow > WINDOW_BYTES_MAX) {
        throw new Http2Error(ERROR.flowControl, 'window of a stream too large')
      }
      this.#wake(stream)
    }
    this.pump()
  }

  /** Sends of the bodies what may be sent now. */
  pump(): void {
    const output = this.#output
    while (this.#ready.length > 0 && !output.isBlocked) {
      if (output.queuedBytes >= TURN_BYTES) {
        output.flush()
        continue
      }
      const stream = this.#ready[0]!
      if (stream.outgoing && stream.outgoing.left > 0 && this.#window <= 0) break
      this.#ready.shift()
      if (stream.outgoing) this.#advance(stream)
    }
    this.#watch()
  }

  close(): void {
    this.#timer?.cancel()
    this.#ready = []
    this.#pending.clear()
  }

  #wake(stream: Http2Stream): void {
    const { outgoing } = stream
    if (!outgoing || outgoing.isReady || stream.sendWindow <= 0) return
    outgoing.isReady = true
    this.#ready.push(stream)
  }

  /** One frame of a body, and its end. */
  #advance(stream: Http2Stream): void {
    const outgoing = stream.outgoing!
    if (outgoing.left > 0) {
      const most = Math.min(this.#frameBytesMax, FRAME_BYTES_MAX, this.#window)
      const bytes = Math.min(outgoing.left, most, stream.sendWindow)
      if (bytes > 0) this.#data(stream, bytes)
      if (outgoing.left > 0) {
        outgoing.isReady = stream.sendWindow > 0
        if (outgoing.isReady) this.#ready.push(stream)
        return
      }
    } else if (!outgoing.trailers) {
      this.#output.frame(FRAME.data, FLAG.endStream, stream.id, EMPTY)
    }
    if (outgoing.trailers) this.#block(stream.id, outgoing.trailers, true)
    this.forget(stream)
    this.#end(stream)
  }

  #end(stream: Http2Stream): void {
    stream.isLocalClosed = true
    this.#events.sent(stream)
  }

  #data(stream: Http2Stream, bytes: number): void {
    const outgoing = stream.outgoing!
    const isEnd = bytes === outgoing.left && outgoing.trailers === undefined
    this.#output.begin(FRAME.data, isEnd ? FLAG.endStream : 0, stream.id, bytes)
    this.#flood.sentData()
    this.#window -= bytes
    stream.sendWindow -= bytes
    outgoing.left -= bytes
    outgoing.hasMoved = true
    for (let left = bytes; left > 0; ) {
      const chunk = outgoing.chunks[outgoing.index]!
      const { offset } = outgoing
      const taken = Math.min(chunk.length - offset, left)
      left -= taken
      this.#output.append(taken === chunk.length ? chunk : chunk.subarray(offset, offset + taken))
      outgoing.offset += taken
      if (outgoing.offset === chunk.length) {
        outgoing.index++
        outgoing.offset = 0
      }
    }
  }

  /** HEADERS, and CONTINUATION for what does not fit. */
  #block(stream: number, encoded: Uint8Array, isEnd: boolean): void {
    let block = encoded
    if (this.#tellsTableSize) {
      this.#tellsTableSize = false
      block = Buffer.concat([TABLE_SIZE_ZERO, encoded])
    }
    const end = isEnd ? FLAG.endStream : 0
    let type: number = FRAME.headers
    for (let at = 0; at === 0 || at < block.length; at += this.#frameBytesMax) {
      const part = block.subarray(at, at + this.#frameBytesMax)
      const isLast = at + part.length === block.length
      const flags = (isLast ? FLAG.endHeaders : 0) | (at === 0 ? end : 0)
      this.#output.frame(type, flags, stream, part)
      type = FRAME.continuation
    }
  }

  /** Sees to it that what waits does not wait forever, and that it does not grow. */
  #watch(): void {
    const { isBlocked, queuedBytes } = this.#output
    if (!isBlocked && this.#pending.size === 0) return
    if (isBlocked && queuedBytes > QUEUED_BYTES_MAX) this.#events.stuck()
    else if (!this.#timer) this.#arm()
  }

  #arm(): void {
    this.#drainsSeen = this.#output.drains
    this.#timer = this.#clock.timer(LOOK_MS, () => this.#look())
  }

  #look(): void {
    this.#timer = undefined
    const { isBlocked, drains } = this.#output
    if (isBlocked && drains === this.#drainsSeen) {
      this.#events.stuck()
      return
    }
    for (const stream of this.#pending) {
      const outgoing = stream.outgoing!
      if (!outgoing.hasMoved && !isBlocked) this.#events.stalled(stream)
      outgoing.hasMoved = false
    }
    if (isBlocked || this.#pending.size > 0) this.#arm()
  }
}
