import { type Deferred, deferred, Permanent } from '#sdk'
import { decodeStatus } from '#wire'
import { decompress, parseEncoding } from './decompress.js'
import { decodeGrpcMessage, MessageReader } from './grpc-frames.js'
import type { AnswerSink, HeaderFields } from './http2-layer.js'
import { Code, codeName } from './status.js'

/** What a server answered. */
export interface GrpcAnswer {
  /** google.rpc.Code; 0 is success. */
  readonly code: number
  readonly message: string
  /** The response message, decompressed; empty unless the call succeeded. */
  readonly response: Uint8Array
  /** Of the RetryInfo in `grpc-status-details-bin`; undefined without one. */
  readonly retryDelayMs: number | undefined
  readonly trailers: HeaderFields
}

/** No whole answer came. */
export interface LostAnswer {
  readonly reason: string
  /** The server surely did not look at the request. */
  readonly unprocessed: boolean
}

const NOTHING = new Uint8Array()

/**
 * Reads one answer. Its promise rejects with Permanent for an answer that breaks the limits or the
 * protocol.
 */
export class GrpcExchange implements AnswerSink {
  readonly #bytesMax: number
  readonly #result: Deferred<GrpcAnswer | LostAnswer> = deferred()
  readonly #reader: MessageReader
  #head: HeaderFields = {}
  #trailers: HeaderFields | undefined
  #broken: Error | undefined

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
    this.#reader = new MessageReader(bytesMax, 'response')
  }

  get result(): Promise<GrpcAnswer | LostAnswer> {
    return this.#result.promise
  }

  headers(headers: HeaderFields): void {
    this.#head = headers
  }

  data(chunk: Buffer): void {
    if (this.#broken || !this.#isGrpc()) return
    try {
      this.#reader.push(chunk)
    } catch (error) {
      this.#broken = error as Error
      this.#result.reject(new Permanent((error as Error).message, { cause: error }))
    }
  }

  trailers(headers: HeaderFields): void {
    this.#trailers = headers
  }

  end(): void {
    if (this.#broken) return
    this.#answer().then(this.#result.resolve, (error: unknown) => {
      this.#result.reject(new Permanent((error as Error).message, { cause: error }))
    })
  }

  failed(reason: string, unprocessed: boolean): void {
    // Some servers reset a stream after a whole answer, to stop the rest of the request.
    if (statusIn(this.#trailers ?? this.#head) !== undefined) this.end()
    else this.#result.resolve({ reason, unprocessed })
  }

  async #answer(): Promise<GrpcAnswer> {
    const trailers = this.#trailers ?? this.#head
    const code = statusIn(trailers)
    if (code === undefined) return this.#withoutStatus(trailers)
    const message = decodeGrpcMessage(String(trailers['grpc-message'] ?? codeName(code)))
    const retryDelayMs = retryDelayIn(trailers)
    const response = code === Code.OK ? await this.#response() : NOTHING
    return { code, message, response, retryDelayMs, trailers }
  }

  async #response(): Promise<Uint8Array> {
    const { compressed, bytes } = this.#reader.finish()
    if (!compressed) return bytes
    const token = String(this.#head['grpc-encoding'])
    const encoding = parseEncoding(token)
    if (!encoding) throw new Error(`response with unknown grpc-encoding "${token}"`)
    return decompress(encoding, bytes, this.#bytesMax)
  }

  #isGrpc(): boolean {
    return String(this.#head['content-type']).startsWith('application/grpc')
  }

  /** An answer that is not gRPC's, from a proxy or another kind of server. */
  #withoutStatus(trailers: HeaderFields): GrpcAnswer {
    const status = Number(this.#head[':status'])
    const code = status === 200 ? Code.UNKNOWN : codeOfPlainHttp(status)
    const type = this.#head['content-type'] ?? 'none'
    const what = this.#isGrpc()
      ? 'answer without a grpc-status'
      : `answer is not gRPC (status ${status}, content-type ${type})`
    return { code, message: what, response: NOTHING, retryDelayMs: undefined, trailers }
  }
}

function statusIn(headers: HeaderFields): number | undefined {
  const text = headers['grpc-status']
  return typeof text === 'string' && /^\d{1,3}$/.test(text) ? Number(text) : undefined
}

function retryDelayIn(trailers: HeaderFields): number | undefined {
  const packed = trailers['grpc-status-details-bin']
  if (typeof packed !== 'string') return undefined
  try {
    return decodeStatus('protobuf', Buffer.from(packed, 'base64')).retryDelayMs
  } catch {
    // Details that cannot be read say nothing.
    return undefined
  }
}

/** For answers without a grpc-status (github.com/grpc/grpc, doc/http-grpc-status-mapping.md). */
function codeOfPlainHttp(status: number): number {
  switch (status) {
    case 400:
      return Code.INTERNAL
    case 401:
      return Code.UNAUTHENTICATED
    case 403:
      return Code.PERMISSION_DENIED
    case 404:
      return Code.UNIMPLEMENTED
    case 429:
    case 502:
    case 503:
    case 504:
      return Code.UNAVAILABLE
    default:
      return Code.UNKNOWN
  }
}
