import type { BytePool } from '#pdata'
import type { Alarms } from './alarms.js'
import { decompress, type Encoding, parseEncoding } from './decompress.js'
import { encodeGrpcMessage, MessageReader, messagePrefix, parseGrpcTimeout } from './grpc-frames.js'
import type { GrpcMethod, GrpcRequest, GrpcServerOptions } from './grpc-server.js'
import { constantFields } from './hpack-encoder.js'
import type { ServerStream, StreamSink } from './http2-layer.js'
import { type BytesUnderWay, overloaded, type Tenure } from './serving.js'
import { Code, StatusError, spreadHint, statusBody, statusOf } from './status.js'

/** What calls need of their server. */
export interface CallServer {
  /** Calls whose request must be complete by then. */
  readonly reading: Alarms<GrpcCall>
  /** Calls whose answer must be out by then. */
  readonly deadlines: Alarms<GrpcCall>
  readonly bytes: BytesUnderWay
  /** Of messages. */
  readonly pool: BytePool
  /** From 0 up to, not including, 1. */
  readonly random: () => number
  /** Who serves now; undefined while nobody does. */
  readonly offer: CallOffer | undefined
}

export interface CallOffer {
  readonly options: GrpcServerOptions
  readonly tenure: Tenure
}

const ENCODINGS: readonly Encoding[] = ['identity', 'gzip', 'deflate', 'zstd', 'snappy']
const ACCEPTED = ENCODINGS.join(',')
const CONTENT_TYPE = /^application\/grpc(\+proto)?\s*(;|$)/i
const ANSWER_HEADERS = constantFields({
  ':status': '200',
  'content-type': 'application/grpc',
  'grpc-accept-encoding': ACCEPTED,
})
const OK_TRAILERS = constantFields({ 'grpc-status': '0' })
const EMPTY_ANSWER = messagePrefix(0, false)
/** Clients limit their header lists: longer texts are cut. */
const MESSAGE_CHARS_MAX = 1024
const NO_AUTH: ReadonlyMap<string, string> = new Map()
const IGNORED: StreamSink = { data() {}, end() {}, gone() {} }

/** Takes a stream that a client has opened. */
export function openCall(server: CallServer, stream: ServerStream): StreamSink {
  const { ':method': method, 'content-type': contentType } = stream.headers
  const isGrpc = CONTENT_TYPE.test(String(contentType))
  if (method !== 'POST' || !isGrpc) {
    stream.refuse(method === 'POST' ? { ':status': '415' } : { ':status': '405', allow: 'POST' })
    return IGNORED
  }
  const call = new GrpcCall(server, stream)
  call.start()
  return call
}

/**
 * One unary call:
 *
 *   admitted and read -> handling -> done
 *
 * A failure at any point is answered at once and makes it done; a handler that still runs is left
 * to finish.
 */
export class GrpcCall implements StreamSink, GrpcRequest {
  readonly #server: CallServer
  readonly #stream: ServerStream
  #offer: CallOffer | undefined
  #method: GrpcMethod | undefined
  #reader: MessageReader | undefined
  #admitting: Promise<void> | undefined
  #timeoutMs: number | undefined
  #heldBytes = 0
  #handling = false
  #done = false
  #hangUp: AbortController | undefined
  message: Uint8Array = EMPTY_ANSWER
  auth = NO_AUTH

  constructor(server: CallServer, stream: ServerStream) {
    this.#server = server
    this.#stream = stream
  }

  get peer(): string {
    return this.#stream.peer
  }

  get hangUp(): AbortSignal {
    this.#hangUp ??= new AbortController()
    if (this.#done) this.#hangUp.abort()
    return this.#hangUp.signal
  }

  header(name: string): string | undefined {
    const value = this.#stream.headers[name]
    return typeof value === 'string' ? value : value?.join(', ')
  }

  headers(): ReadonlyMap<string, readonly string[]> {
    const headers = new Map<string, readonly string[]>()
    for (const [name, value] of Object.entries(this.#stream.headers)) {
      if (value === undefined || name.startsWith(':')) continue
      headers.set(name, typeof value === 'string' ? [value] : value)
    }
    return headers
  }

  start(): void {
    try {
      this.#startDeadline()
      const admitting = this.#admit()?.then(() => this.#refuseUnread(0))
      this.#admitting = admitting
      // The message may come meanwhile; it is counted like that of others.
      if (admitting) admitting.catch((error: unknown) => this.#fail(error))
      else this.#refuseUnread(0)
      const { messageBytesMax, readTimeoutMs } = this.#offer!.options
      this.#reader = new MessageReader(messageBytesMax, 'request', this.#server.pool)
      this.#server.reading.set(this, readTimeoutMs)
    } catch (error) {
      this.#fail(error)
    }
  }

  data(chunk: Buffer): void {
    if (this.#done) return
    try {
      const reader = this.#reader!
      const isKnown = reader.declaredBytes !== undefined
      reader.push(chunk)
      if (!isKnown && reader.declaredBytes !== undefined) this.#expect(reader.declaredBytes)
      this.#hold(chunk.length)
    } catch (error) {
      this.#fail(error)
    }
  }

  end(): void {
    if (this.#done) return
    this.#server.reading.delete(this)
    this.#handle().catch((error: unknown) => this.#fail(error))
  }

  gone(): void {
    this.#finish()
  }

  /** The request did not come in time. */
  readTimedOut(): void {
    const text = `the request did not come within ${this.#offer!.options.readTimeoutMs} ms`
    this.#fail(new StatusError(Code.DEADLINE_EXCEEDED, text))
  }

  /** The deadline of the client has passed. */
  timedOut(): void {
    this.#fail(new StatusError(Code.DEADLINE_EXCEEDED, `not done within ${this.#timeoutMs} ms`))
  }

  #startDeadline(): void {
    const header = this.header('grpc-timeout')
    if (header === undefined) return
    const timeoutMs = parseGrpcTimeout(header)
    if (timeoutMs === undefined) {
      throw new StatusError(Code.INTERNAL, `malformed grpc-timeout "${header.slice(0, 32)}"`)
    }
    this.#timeoutMs = timeoutMs
    this.#server.deadlines.set(this, timeoutMs)
  }

  /**
   * Finds out whether the call may be made and who handles it. A promise only where that takes
   * time.
   */
  #admit(): Promise<void> | undefined {
    const { offer } = this.#server
    if (!offer) throw new StatusError(Code.UNAVAILABLE, 'not serving now; try again')
    const { auth, methods, underWayMax } = offer.options
    const path = this.header(':path') ?? ''
    const method = methods.get(path)
    if (!method) throw new StatusError(Code.UNIMPLEMENTED, `unknown method ${path.slice(0, 128)}`)
    const encoding = parseEncoding(this.header('grpc-encoding'))
    if (!encoding || !ENCODINGS.includes(encoding)) {
      const name = this.header('grpc-encoding')!.slice(0, 32)
      throw new StatusError(
        Code.UNIMPLEMENTED,
        `unknown grpc-encoding "${name}"; accepted: ${ACCEPTED}`,
      )
    }
    if (offer.tenure.underWay >= underWayMax) throw overloaded('too many calls under way')
    this.#offer = offer
    this.#method = method
    if (!auth) return undefined
    return auth
      .check((name) => this.header(name))
      .then((known) => {
        if (!known) throw new StatusError(Code.UNAUTHENTICATED, 'authentication failed')
        this.auth = known
      })
  }

  /** Its prefix has come: all of the message must find room, or none of it is waited for. */
  #expect(bytes: number): void {
    this.#refuseUnread(bytes)
    this.#server.bytes.expect(bytes, this.#heldBytes, this.#offer!.options.underWayBytesMax)
  }

  #refuseUnread(bytes: number): void {
    const refusal = this.#offer!.options.refusal?.(this.header(':path') ?? '', bytes)
    if (refusal) throw refusal
  }

  async #handle(): Promise<void> {
    if (this.#admitting) await this.#admitting
    if (this.#done) return
    const expanded = this.#expand()
    this.message = expanded instanceof Promise ? await expanded : expanded
    if (this.#done) return
    this.#hold(Math.max(0, this.message.length - this.#heldBytes))
    // Whoever served when it began to come may be gone by now.
    if (this.#server.offer !== this.#offer) await this.#admit()
    if (this.#done) return
    const { tenure } = this.#offer!
    tenure.begin()
    this.#handling = true
    const reader = this.#reader!
    try {
      const response = await this.#method!(this)
      reader.recycle()
      this.#answer(response)
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#handling = false
      this.#release()
      tenure.end()
    }
  }

  #expand(): Uint8Array | Promise<Uint8Array> {
    const { compressed, bytes } = this.#reader!.finish()
    if (!compressed) return bytes
    const encoding = parseEncoding(this.header('grpc-encoding'))!
    if (encoding === 'identity') {
      throw new StatusError(Code.INTERNAL, 'compressed message without a grpc-encoding')
    }
    return decompress(encoding, bytes, this.#offer!.options.messageBytesMax)
  }

  #answer(response: Uint8Array): void {
    if (this.#done) return
    const prefix = response.length === 0 ? EMPTY_ANSWER : messagePrefix(response.length, false)
    this.#stream.answer(ANSWER_HEADERS, [prefix, response], OK_TRAILERS)
    this.#finish()
  }

  #fail(error: unknown): void {
    if (this.#done) return
    const status = spreadHint(statusOf(error) ?? this.#bug(error), this.#server.random)
    const headers: Record<string, string> = {
      ':status': '200',
      'content-type': 'application/grpc',
      'grpc-status': String(status.code),
      'grpc-message': encodeGrpcMessage(status.message.slice(0, MESSAGE_CHARS_MAX)),
    }
    if (status.code === Code.UNIMPLEMENTED) headers['grpc-accept-encoding'] = ACCEPTED
    if (status.retryDelayMs !== undefined || status.violations.length > 0) {
      const details = Buffer.from(statusBody('protobuf', status))
      headers['grpc-status-details-bin'] = details.toString('base64').replace(/=+$/, '')
    }
    this.#stream.refuse(headers)
    this.#finish()
  }

  /** The sender keeps its data and tries again: the component is being restarted. */
  #bug(error: unknown): StatusError {
    this.#offer?.options.onBug(error)
    return new StatusError(Code.UNAVAILABLE, 'internal error; try again')
  }

  #finish(): void {
    this.#done = true
    this.#hangUp?.abort()
    this.#server.reading.delete(this)
    this.#server.deadlines.delete(this)
    if (!this.#handling) this.#release()
  }

  #hold(bytes: number): void {
    this.#server.bytes.add(bytes, this.#heldBytes, this.#offer!.options.underWayBytesMax)
    this.#heldBytes += bytes
  }

  /** The message is no longer held here. */
  #release(): void {
    this.#server.bytes.remove(this.#heldBytes)
    this.#heldBytes = 0
    this.#reader = undefined
    this.message = EMPTY_ANSWER
  }
}
