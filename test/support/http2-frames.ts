import { connect, type Socket } from 'node:net'

/** Frame types of RFC 9113, section 6. */
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

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
) {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

export function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Headers as HPACK literals, neither indexed nor compressed. */
export function headerBlock(headers: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(headers).flatMap(([name, value]) => [
    Buffer.from([0]),
    hpackText(name),
    hpackText(value),
  ])
  return Buffer.concat(parts)
}

function hpackText(text: string): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes])
  const length = [127]
  let rest = bytes.length - 127
  for (; rest > 127; rest >>= 7) length.push((rest & 127) | 128)
  length.push(rest)
  return Buffer.concat([Buffer.from(length), bytes])
}

export function grpcHeaders(path: string): Record<string, string> {
  return {
    ':method': 'POST',
    ':scheme': 'http',
    ':path': path,
    ':authority': 'localhost',
    'content-type': 'application/grpc',
    te: 'trailers',
  }
}

/** One side of HTTP/2 that sends exactly what it is told to, and notes every frame that comes. */
export class FrameClient {
  readonly socket: Socket
  readonly frames: Frame[] = []
  readonly closed: Promise<void>
  /** Frames begin behind so many bytes. */
  skipBytes = 0
  isClosed = false
  onFrame: (frame: Frame) => void = () => {}
  #rest = Buffer.alloc(0)
  #nextStream = 1
  #greeted = false

  /** A client of a port of this machine, or any side on a socket. */
  constructor(to: number | Socket) {
    this.socket =
      typeof to === 'number' ? connect({ port: to, host: '127.0.0.1', noDelay: true }) : to
    this.socket.on('error', () => {})
    this.socket.on('data', (chunk) => this.#read(chunk))
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => {
        this.isClosed = true
        resolve()
      })
    })
  }

  /**
   * The preface, SETTINGS and a wide window; SETTINGS of the server are acknowledged as they come.
   */
  greet(settings = Buffer.alloc(0)): this {
    const window = frame(FRAME.windowUpdate, 0, 0, number32(2 ** 30))
    this.#greeted = true
    this.send(PREFACE, frame(FRAME.settings, 0, 0, settings), window)
    return this
  }

  send(...parts: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(parts))
  }

  /** The id for a new stream. */
  newStream(): number {
    const id = this.#nextStream
    this.#nextStream += 2
    return id
  }

  /** Frames of a type that came for a stream. */
  of(type: number, stream = 0): readonly Frame[] {
    return this.frames.filter((one) => one.type === type && one.stream === stream)
  }

  #read(chunk: Buffer): void {
    const skipped = Math.min(this.skipBytes, chunk.length)
    this.skipBytes -= skipped
    this.#rest = Buffer.concat([this.#rest, chunk.subarray(skipped)])
    while (this.#rest.length >= 9) {
      const length = this.#rest.readUIntBE(0, 3)
      if (this.#rest.length < 9 + length) return
      const [type, flags] = [this.#rest[3]!, this.#rest[4]!]
      const stream = this.#rest.readUInt32BE(5) & 0x7fffffff
      const payload = this.#rest.subarray(9, 9 + length)
      this.#rest = this.#rest.subarray(9 + length)
      const came = { type, flags, stream, payload }
      this.frames.push(came)
      if (type === FRAME.settings && !(flags & FLAG.ack) && this.#greeted) {
        this.send(frame(FRAME.settings, FLAG.ack, 0))
      }
      if (type === FRAME.ping && !(flags & FLAG.ack)) {
        this.send(frame(FRAME.ping, FLAG.ack, 0, payload))
      }
      this.onFrame(came)
    }
  }
}
