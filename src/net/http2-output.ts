import type { Duplex } from 'node:stream'
import { FRAME_HEAD_BYTES } from './http2-frames.js'

/** Small frames are joined in blocks of this size. */
const BLOCK_BYTES = 4096
/** Smaller slices are copied into the block, larger ones go to the socket as they are. */
const COPY_BYTES_MAX = 1024
const EMPTY = Buffer.alloc(0)

/**
 * What a connection writes. The frames of one turn of the event loop leave together; while the
 * socket takes nothing they wait.
 */
export class Http2Output {
  readonly #socket: Duplex
  readonly #drained: () => void
  #parts: Uint8Array[] = []
  /** The block that is being filled: `#from` to `#to` is not among the parts yet. */
  #block = EMPTY
  #from = 0
  #to = 0
  #bytes = 0
  #isScheduled = false
  #isBlocked = false
  #isClosed = false
  /** How often the socket took everything after it had taken no more. */
  drains = 0

  /** `drained` is told when a socket that took no more does so again. */
  constructor(socket: Duplex, drained: () => void) {
    this.#socket = socket
    this.#drained = drained
    socket.on('drain', () => this.#resume())
    // What is written before fails with the handshake, and hides why that did.
    this.#isBlocked = (socket as { secureConnecting?: boolean }).secureConnecting === true
    if (this.#isBlocked) socket.once('secureConnect', () => this.#resume())
  }

  /** The socket takes no more for now. */
  get isBlocked(): boolean {
    return this.#isBlocked
  }

  /** Bytes that the socket was not given yet. */
  get queuedBytes(): number {
    return this.#bytes
  }

  /** A whole frame with a small payload. */
  frame(type: number, flags: number, stream: number, payload: Uint8Array): void {
    this.begin(type, flags, stream, payload.length)
    this.append(payload)
  }

  /** The head of a frame; its payload follows by `append`. */
  begin(type: number, flags: number, stream: number, length: number): void {
    if (this.#isClosed) return
    if (this.#block.length - this.#to < FRAME_HEAD_BYTES) this.#newBlock()
    const block = this.#block
    const at = this.#to
    block[at] = length >>> 16
    block[at + 1] = length >>> 8
    block[at + 2] = length
    block[at + 3] = type
    block[at + 4] = flags
    block[at + 5] = stream >>> 24
    block[at + 6] = stream >>> 16
    block[at + 7] = stream >>> 8
    block[at + 8] = stream
    this.#to = at + FRAME_HEAD_BYTES
    this.#bytes += FRAME_HEAD_BYTES
    this.#schedule()
  }

  /** The bytes must not be changed any more. */
  append(bytes: Uint8Array): void {
    if (this.#isClosed) return
    const { length } = bytes
    this.#bytes += length
    if (length > COPY_BYTES_MAX) {
      this.#seal()
      this.#parts.push(bytes)
      return
    }
    if (this.#block.length - this.#to < length) this.#newBlock()
    this.#block.set(bytes, this.#to)
    this.#to += length
  }

  /** Bytes outside of any frame. */
  raw(bytes: Uint8Array): void {
    this.append(bytes)
    this.#schedule()
  }

  /** Gives the socket what there is, unless it takes nothing. */
  flush(): void {
    if (this.#isBlocked || this.#isClosed || this.#bytes === 0) return
    this.#seal()
    const parts = this.#parts
    this.#parts = []
    this.#bytes = 0
    const socket = this.#socket
    if (socket.destroyed) return
    if (parts.length === 1) socket.write(parts[0]!)
    else {
      socket.cork()
      for (const part of parts) socket.write(part)
      socket.uncork()
    }
    this.#isBlocked = socket.writableNeedDrain
  }

  /** Sends what there is, even to a socket that takes nothing now, and ends its writing side. */
  end(): void {
    this.#isBlocked = false
    this.flush()
    this.close()
    this.#socket.end()
  }

  /** Writes nothing more. */
  close(): void {
    this.#isClosed = true
    this.#parts = []
    this.#bytes = 0
  }

  #resume(): void {
    this.#isBlocked = false
    this.drains++
    this.flush()
    if (!this.#isBlocked) this.#drained()
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isClosed) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.flush()
    })
  }

  #seal(): void {
    if (this.#to === this.#from) return
    this.#parts.push(this.#block.subarray(this.#from, this.#to))
    this.#from = this.#to
  }

  #newBlock(): void {
    this.#seal()
    this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
    this.#from = 0
    this.#to = 0
  }
}
