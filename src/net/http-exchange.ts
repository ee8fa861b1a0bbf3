import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '#sdk'
import { Cors } from './cors.js'
import { decompress, type Encoding, parseEncoding } from './decompress.js'
import { tooLarge } from './grpc-frames.js'
import { sendAnswer } from './http-answer.js'
import { ClientGone, declaredLength, readBody } from './http-body.js'
import type { HttpAnswer, HttpRequest, HttpRoute, HttpServerOptions } from './http-server.js'
import { type BytesUnderWay, overloaded, type Tenure } from './serving.js'
import { Code, StatusError, spreadHint, statusOf } from './status.js'

/** What exchanges need of their server. */
export interface ExchangeServer {
  readonly clock: Clock
  readonly bytes: BytesUnderWay
  /** From 0 up to, not including, 1. */
  readonly random: () => number
  /** Who serves now; undefined while nobody does. */
  readonly offer: ExchangeOffer | undefined
  /** Those of the last offer. */
  readonly options: HttpServerOptions
  /** Connections end with their next answer. */
  readonly isLeaving: boolean
}

export interface ExchangeOffer {
  readonly options: HttpServerOptions
  readonly tenure: Tenure
  readonly cors: Cors | undefined
}

const NO_AUTH: ReadonlyMap<string, string> = new Map()
const NOTHING = new Uint8Array()

/** One request and its answer: admitted -> reading -> handling -> answered. */
export class HttpExchange implements HttpRequest {
  readonly #server: ExchangeServer
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  #expectsContinue: boolean
  #offer: ExchangeOffer | undefined
  #route: HttpRoute | undefined
  #encoding: Encoding = 'identity'
  #heldBytes = 0
  #isAnswered = false
  #hangUp: AbortController | undefined
  readonly path: string
  readonly query: string
  readonly contentType: string
  body: Uint8Array = NOTHING
  auth = NO_AUTH

  constructor(
    server: ExchangeServer,
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
  ) {
    this.#server = server
    this.#request = request
    this.#response = response
    this.#expectsContinue = expectsContinue
    const url = request.url ?? '/'
    const mark = url.indexOf('?')
    this.path = mark < 0 ? url : url.slice(0, mark)
    this.query = mark < 0 ? '' : url.slice(mark + 1)
    const type = request.headers['content-type'] ?? ''
    this.contentType = (type.split(';', 1)[0] ?? '').trim().toLowerCase()
  }

  get method(): string {
    return this.#request.method ?? ''
  }

  get peer(): string {
    return this.#request.socket.remoteAddress ?? ''
  }

  get hangUp(): AbortSignal {
    if (!this.#hangUp) {
      const gone = new AbortController()
      this.#hangUp = gone
      if (this.#response.closed) gone.abort()
      else this.#response.once('close', () => gone.abort())
    }
    return this.#hangUp.signal
  }

  /** Its answer is out, and so are those to earlier requests of the connection. */
  get isOver(): boolean {
    return this.#response.writableFinished
  }

  header = (name: string): string | undefined => {
    const value = this.#request.headers[name]
    return typeof value === 'string' ? value : value?.join(', ')
  }

  headers(): ReadonlyMap<string, readonly string[]> {
    const { headersDistinct } = this.#request
    return new Map(Object.entries(headersDistinct) as [string, string[]][])
  }

  async run(): Promise<void> {
    try {
      const cors = this.#server.offer?.cors
      if (cors && Cors.isPreflight(this.method, this.header)) {
        const methods = this.#server.offer!.options.routes.get(this.path)?.methods ?? []
        this.#answer({ status: 204, headers: cors.preflight(this.header, methods) })
        return
      }
      await this.#admit()
      this.body = await this.#readBody()
      // Whoever served when it began to come may be gone by now.
      if (this.#server.offer !== this.#offer) await this.#admit()
      await this.#handle()
    } catch (error) {
      if (!(error instanceof ClientGone)) this.fail(error)
    } finally {
      this.#server.bytes.remove(this.#heldBytes)
      this.body = NOTHING
    }
  }

  /** Answers with an error, unless there is an answer already. */
  fail(error: unknown): void {
    if (this.#isAnswered) return
    const status = spreadHint(statusOf(error) ?? this.#bug(error), this.#server.random)
    const { options } = this.#server
    const { body, contentType } = options.renderError(status, this.contentType)
    const headers: Record<string, string> = { ...status.headers }
    const { httpStatus, retryDelayMs } = status
    if (retryDelayMs && (httpStatus === 429 || httpStatus === 503)) {
      headers['retry-after'] = String(Math.ceil(retryDelayMs / 1000))
    }
    this.#answer({ status: httpStatus, contentType, body, headers })
  }

  /** Finds out whether the request may be made and who handles it. */
  async #admit(): Promise<void> {
    const { offer } = this.#server
    if (!offer) throw new StatusError(Code.UNAVAILABLE, 'not serving now; try again')
    const { auth, routes, underWayMax } = offer.options
    this.#offer = offer
    if (this.#request.httpVersion === '1.1' && this.header('host') === undefined) {
      throw new StatusError(Code.INVALID_ARGUMENT, 'the Host header is missing')
    }
    if (auth) {
      const known = await auth.check(this.header)
      if (!known) throw new StatusError(Code.UNAUTHENTICATED, 'authentication failed')
      this.auth = known
    }
    const route = routes.get(this.path)
    if (!route) throw new StatusError(Code.NOT_FOUND, 'unknown path', { httpStatus: 404 })
    if (!route.methods.includes(this.method)) throw methodNotAllowed(route.methods)
    const { contentTypes } = route
    if (contentTypes && !contentTypes.includes(this.contentType)) throw unsupported(contentTypes)
    if (offer.tenure.underWay >= underWayMax) throw overloaded('too many requests under way')
    this.#route = route
    this.#encoding = this.#readEncoding(offer.options)
  }

  #readEncoding({ encodings, bodyBytesMax }: HttpServerOptions): Encoding {
    const length = declaredLength(this.#request)
    if (length !== undefined && length > bodyBytesMax) {
      throw tooLarge('request body', length, bodyBytesMax)
    }
    if (encodings.length === 0) return 'identity'
    const token = this.header('content-encoding')
    const encoding = parseEncoding(token)
    if (!encoding || (encoding !== 'identity' && !encodings.includes(encoding))) {
      const text = `unsupported Content-Encoding: ${token?.slice(0, 64)}`
      throw new StatusError(Code.INVALID_ARGUMENT, text, {
        headers: { 'accept-encoding': encodings.join(', ') },
      })
    }
    return encoding
  }

  async #readBody(): Promise<Uint8Array> {
    const { bodyBytesMax } = this.#offer!.options
    const declared = declaredLength(this.#request)
    const refusal = this.#route!.refusal?.(this.contentType, declared ?? 0)
    if (refusal) throw refusal
    this.#server.bytes.expect(declared ?? 0, 0, this.#offer!.options.underWayBytesMax)
    if (this.#expectsContinue) this.#response.writeContinue()
    this.#expectsContinue = false
    const raw = await readBody(this.#request, this.#response, bodyBytesMax, this.#hold)
    if (this.#encoding === 'identity') return raw
    const body = await decompress(this.#encoding, raw, bodyBytesMax)
    this.#hold(Math.max(0, body.length - raw.length))
    return body
  }

  #hold = (bytes: number): void => {
    this.#server.bytes.add(bytes, this.#heldBytes, this.#offer!.options.underWayBytesMax)
    this.#heldBytes += bytes
  }

  async #handle(): Promise<void> {
    const { tenure } = this.#offer!
    tenure.begin()
    try {
      this.#answer(await this.#route!.handle(this))
    } catch (error) {
      this.fail(error)
    } finally {
      tenure.end()
    }
  }

  #answer(answer: HttpAnswer): void {
    if (this.#isAnswered) return
    this.#isAnswered = true
    const { clock, offer, options, isLeaving } = this.#server
    const headers = offer?.cors && this.method !== 'OPTIONS' ? offer.cors.answer(this.header) : {}
    sendAnswer(this.#request, this.#response, answer, {
      clock,
      options,
      headers,
      last: isLeaving,
      unasked: this.#expectsContinue,
    }).catch(options.onBug)
  }

  /** The sender keeps its data and tries again: the component is being restarted. */
  #bug(error: unknown): StatusError {
    this.#server.options.onBug(error)
    return new StatusError(Code.UNAVAILABLE, 'internal error; try again')
  }
}

function methodNotAllowed(methods: readonly string[]): StatusError {
  const text = `405 method not allowed, supported: [${methods.join(', ')}]`
  return new StatusError(Code.UNIMPLEMENTED, text, {
    httpStatus: 405,
    headers: { allow: methods.join(', ') },
  })
}

function unsupported(contentTypes: readonly string[]): StatusError {
  const text = `415 unsupported media type, supported: [${contentTypes.join(', ')}]`
  return new StatusError(Code.INVALID_ARGUMENT, text, { httpStatus: 415 })
}
