import { ERROR, FLAG, FRAME, Http2Error, STREAM_ID_MAX } from './http2-frames.js'

const PRIORITY_BYTES = 5
/** A header block may be this large in bytes, or so much larger than its list may be. */
const BLOCK_BYTES_MIN = 64 * 1024
const BLOCK_FACTOR = 2
/** CONTINUATION frames of one block. */
const CONTINUATIONS_MAX = 64
const EMPTY = Buffer.alloc(0)

/** Puts header blocks together of HEADERS and the CONTINUATION frames behind them. */
export class HeaderBlocks {
  #parts: Buffer[] = []
  #bytes = 0
  /** Whose block is under way; 0 for nobody's. */
  stream = 0
  /** The last block ends its stream. */
  isEnd = false
  /** The last block came with a priority that is none. */
  isSelfDependent = false

  /** The block, once it is whole; `listBytesMax` limits the list in it. Throws Http2Error. */
  add(
    type: number,
    flags: number,
    id: number,
    payload: Buffer,
    listBytesMax: number,
  ): Buffer | undefined {
    const bytesMax = Math.max(BLOCK_BYTES_MIN, BLOCK_FACTOR * listBytesMax)
    const isLast = (flags & FLAG.endHeaders) !== 0
    const part = type === FRAME.headers ? this.#begin(flags, id, payload) : payload
    this.#bytes += part.length
    if (this.#bytes > bytesMax || this.#parts.length > CONTINUATIONS_MAX) {
      throw new Http2Error(ERROR.enhanceYourCalm, 'header block too large')
    }
    if (isLast && this.#parts.length === 0) return part
    // The payload is gone when the next frame comes.
    this.#parts.push(Buffer.from(part))
    this.stream = id
    if (!isLast) return undefined
    const block = Buffer.concat(this.#parts)
    this.stream = 0
    this.#parts = []
    return block
  }

  #begin(flags: number, id: number, payload: Buffer): Buffer {
    if (id === 0) throw new Http2Error(ERROR.protocol, 'headers without a stream')
    this.#bytes = 0
    this.isEnd = (flags & FLAG.endStream) !== 0
    this.isSelfDependent = false
    let from = 0
    let to = payload.length
    if (flags & FLAG.padded) {
      if (to < 1) throw new Http2Error(ERROR.frameSize, 'HEADERS too short')
      to -= payload[from++]!
    }
    if (flags & FLAG.priority) {
      if (payload.length < from + PRIORITY_BYTES) {
        throw new Http2Error(ERROR.frameSize, 'HEADERS too short')
      }
      this.isSelfDependent = (payload.readUInt32BE(from) & STREAM_ID_MAX) === id
      from += PRIORITY_BYTES
    }
    if (to < from) throw new Http2Error(ERROR.protocol, 'more padding than frame')
    return from === to ? EMPTY : payload.subarray(from, to)
  }
}
