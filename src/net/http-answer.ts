import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Clock } from '#sdk'
import { declaredLength } from './http-body.js'
import type { HttpAnswer, HttpServerOptions } from './http-server.js'

/**
 * What is left of a refused request is read and thrown away up to this, and the connection goes
 * on.
 */
const DISCARD_BYTES_MAX = 256 * 1024
/**
 * A longer rest is thrown away for this long, so that the client comes to read its answer, then
 * cut off.
 */
const LINGER_MS = 5000
/** Smaller answers are not worth compressing. */
const GZIP_BYTES_MIN = 1024
const NOTHING = new Uint8Array()
const compress = promisify(gzip)

export interface AnswerRules {
  readonly clock: Clock
  readonly options: HttpServerOptions
  /** Headers of CORS and the like. */
  readonly headers: Readonly<Record<string, string>>
  /** The connection is to end with this answer. */
  readonly last: boolean
  /** The client waits to be asked for its body: there is no rest of it to read. */
  readonly unasked: boolean
}

/** Sends an answer, once; nothing happens when the client is gone. */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: HttpAnswer,
  rules: AnswerRules,
): Promise<void> {
  const { options, clock } = rules
  let body = answer.body ?? NOTHING
  const headers: Record<string, string | number> = {
    ...options.responseHeaders,
    ...rules.headers,
    ...answer.headers,
  }
  if (answer.contentType !== undefined) headers['content-type'] = answer.contentType
  if (body.length >= GZIP_BYTES_MIN && acceptsGzip(request)) {
    body = await compress(body, { level: 1 })
    headers['content-encoding'] = 'gzip'
    headers['vary'] = headers['vary'] ? `${headers['vary']}, Accept-Encoding` : 'Accept-Encoding'
  }
  if (response.headersSent || response.destroyed) return
  if (answer.status !== 204) headers['content-length'] = body.length
  const unread = !request.complete && !rules.unasked && !isShort(request)
  const last = rules.last || rules.unasked || unread || !options.keepAlive
  if (last) headers['connection'] = 'close'
  response.writeHead(answer.status, headers)
  if (unread) linger(request, response, body, clock)
  else {
    response.end(body)
    watchWrite(response, options.writeTimeoutMs, clock)
  }
}

/** The rest of the request is small enough to be read for nothing. */
function isShort(request: IncomingMessage): boolean {
  return (declaredLength(request) ?? Number.POSITIVE_INFINITY) <= DISCARD_BYTES_MAX
}

/** A connection closed with bytes unread is reset, and the client might never see the answer. */
function linger(
  request: IncomingMessage,
  response: ServerResponse,
  body: Uint8Array,
  clock: Clock,
): void {
  if (body.length > 0) response.write(body)
  else response.flushHeaders()
  const finish = () => {
    timer.cancel()
    response.end()
  }
  const timer = clock.timer(LINGER_MS, finish)
  request.once('end', finish)
  request.once('close', finish)
  request.on('error', () => {})
  request.resume()
}

function watchWrite(response: ServerResponse, timeoutMs: number, clock: Clock): void {
  const { socket } = response
  if (!socket || socket.writableLength === 0) return
  const timer = clock.timer(timeoutMs, () => socket.destroy())
  response.once('close', () => timer.cancel())
}

function acceptsGzip(request: IncomingMessage): boolean {
  const header = String(request.headers['accept-encoding'] ?? '')
  return header.split(',').some((part) => {
    const [token, ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    return token === 'gzip' && !parameters.some((text) => /^q=0(\.0*)?$/.test(text))
  })
}
