import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { HttpServerOptions } from './http-server.js'
import { Code, StatusError } from './status.js'

/**
 * What is to be said of a request that node:http could not read. Undefined: the client has gone.
 */
export function statusOfBrokenRequest(error: Error & { code?: string }): StatusError | undefined {
  switch (error.code) {
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ETIMEDOUT':
      return undefined
    case 'HPE_HEADER_OVERFLOW':
      return new StatusError(Code.INVALID_ARGUMENT, 'the request headers are too large', {
        httpStatus: 431,
      })
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new StatusError(Code.INVALID_ARGUMENT, 'the chunk extensions are too large', {
        httpStatus: 413,
      })
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new StatusError(Code.DEADLINE_EXCEEDED, 'the request did not come in time', {
        httpStatus: 408,
      })
    default:
      return new StatusError(Code.INVALID_ARGUMENT, 'malformed HTTP request')
  }
}

/** Answers on the bare connection, for requests that never became one. */
export function answerBare(socket: Duplex, status: StatusError, options: HttpServerOptions): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const { contentType, body } = options.renderError(status, '')
  const head = [
    `HTTP/1.1 ${status.httpStatus} ${STATUS_CODES[status.httpStatus] ?? ''}`,
    'connection: close',
    `content-type: ${contentType}`,
    `content-length: ${body.length}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  socket.end(body, () => socket.destroy())
}
