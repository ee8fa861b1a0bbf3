/**
 * The frames of HTTP/2 (RFC 9113, section 4.1), all numbers big-endian:
 *
 *   3 bytes  length of the payload
 *   1 byte   type
 *   1 byte   flags
 *   4 bytes  stream, its highest bit without a meaning; 0 for the connection
 *   n bytes  payload
 *
 * A padded DATA frame has the length of the padding in its first byte, and the padding at its end.
 */

export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  resetStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

export const FLAG = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const

export const SETTING = {
  headerTableSize: 1,
  enablePush: 2,
  concurrentStreamsMax: 3,
  initialWindowSize: 4,
  frameBytesMax: 5,
  headerListBytesMax: 6,
} as const

/** RFC 9113, section 7. */
export const ERROR = {
  none: 0,
  protocol: 1,
  internal: 2,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  refusedStream: 7,
  cancel: 8,
  compression: 9,
  enhanceYourCalm: 11,
} as const

const ERROR_NAMES = [
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

export function errorName(code: number): string {
  return ERROR_NAMES[code] ?? `code ${code}`
}

/** What ends a connection: the code is told to the other side. */
export class Http2Error extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** What a client sends first of all. */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')
export const WINDOW_BYTES_DEFAULT = 65_535
export const WINDOW_BYTES_MAX = 2 ** 31 - 1
export const STREAM_ID_MAX = 2 ** 31 - 1
export const FRAME_BYTES_DEFAULT = 16 * 1024
export const FRAME_BYTES_LIMIT = 2 ** 24 - 1
export const FRAME_HEAD_BYTES = 9

const NO_FRAME = -1

/** Hears the frames of a connection; throws Http2Error to end it. */
export interface FrameSink {
  /** A frame begins. False when nothing more shall be told of it. */
  begins(type: number, flags: number, stream: number, length: number): boolean
  /** A part of the body in the DATA frame that has begun. It is gone when this returns. */
  data(part: Buffer): void
  /** The DATA frame that has begun is over. */
  dataEnds(): void
  /** Any other frame. The payload is gone when this returns. */
  frame(type: number, flags: number, stream: number, payload: Buffer): void
}

/** Cuts what a socket reads into frames. Only heads and small frames are ever put together. */
export class FrameReader {
  readonly #sink: FrameSink
  readonly #head = Buffer.alloc(FRAME_HEAD_BYTES)
  #headBytes = 0
  #type = NO_FRAME
  #flags = 0
  #stream = 0
  /** Of the payload, without the padding, that has not come yet. */
  #left = 0
  #padding = 0
  #awaitsPadLength = false
  #isWanted = false
  /** A payload that is cut by the border of a chunk. */
  #partial: Buffer | undefined
  #partialBytes = 0

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#type === NO_FRAME) at = this.#readHead(chunk, at)
      else if (this.#type === FRAME.data) at = this.#readData(chunk, at)
      else at = this.#readOther(chunk, at)
    }
  }

  #readHead(chunk: Buffer, at: number): number {
    if (this.#headBytes === 0 && chunk.length - at >= FRAME_HEAD_BYTES) {
      this.#begin(chunk, at)
      return at + FRAME_HEAD_BYTES
    }
    const taken = Math.min(FRAME_HEAD_BYTES - this.#headBytes, chunk.length - at)
    chunk.copy(this.#head, this.#headBytes, at, at + taken)
    this.#headBytes += taken
    if (this.#headBytes === FRAME_HEAD_BYTES) {
      this.#headBytes = 0
      this.#begin(this.#head, 0)
    }
    return at + taken
  }

  #begin(bytes: Buffer, at: number): void {
    const length = bytes.readUIntBE(at, 3)
    this.#flags = bytes[at + 4]!
    this.#stream = bytes.readUInt32BE(at + 5) & STREAM_ID_MAX
    this.#left = length
    this.#padding = 0
    const type = bytes[at + 3]!
    this.#isWanted = this.#sink.begins(type, this.#flags, this.#stream, length)
    this.#type = type
    this.#awaitsPadLength = type === FRAME.data && (this.#flags & FLAG.padded) !== 0
    if (length > 0) return
    if (this.#awaitsPadLength) throw new Http2Error(ERROR.frameSize, 'padded frame without padding')
    if (type === FRAME.data) this.#endData()
    else this.#end(EMPTY)
  }

  #readData(chunk: Buffer, from: number): number {
    let at = from
    if (this.#awaitsPadLength) {
      this.#awaitsPadLength = false
      this.#padding = chunk[at++]!
      this.#left -= 1 + this.#padding
      if (this.#left < 0) throw new Http2Error(ERROR.protocol, 'more padding than frame')
    }
    const taken = Math.min(this.#left, chunk.length - at)
    if (taken > 0) {
      this.#left -= taken
      if (this.#isWanted) this.#sink.data(chunk.subarray(at, at + taken))
      at += taken
    }
    if (this.#left > 0) return at
    const skipped = Math.min(this.#padding, chunk.length - at)
    this.#padding -= skipped
    if (this.#padding === 0) this.#endData()
    return at + skipped
  }

  #readOther(chunk: Buffer, at: number): number {
    const taken = Math.min(this.#left - this.#partialBytes, chunk.length - at)
    const end = at + taken
    if (!this.#isWanted) {
      this.#left -= taken
      if (this.#left === 0) this.#end(EMPTY)
    } else if (this.#partialBytes === 0 && taken === this.#left) {
      this.#end(chunk.subarray(at, end))
    } else {
      this.#partial ??= Buffer.allocUnsafe(this.#left)
      chunk.copy(this.#partial, this.#partialBytes, at, end)
      this.#partialBytes += taken
      if (this.#partialBytes === this.#left) this.#end(this.#partial)
    }
    return end
  }

  #endData(): void {
    this.#type = NO_FRAME
    if (this.#isWanted) this.#sink.dataEnds()
  }

  #end(payload: Buffer): void {
    const type = this.#type
    this.#type = NO_FRAME
    this.#partial = undefined
    this.#partialBytes = 0
    if (this.#isWanted) this.#sink.frame(type, this.#flags, this.#stream, payload)
  }
}

const EMPTY = Buffer.alloc(0)
