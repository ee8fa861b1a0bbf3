import type { IncomingMessage, ServerResponse } from 'node:http'
import { tooLarge } from './grpc-frames.js'

/** Rejections of `readBody` with this need no answer: the client has gone. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}

/** The length that a request declares, undefined for chunked ones. */
export function declaredLength(request: IncomingMessage): number | undefined {
  const header = request.headers['content-length']
  return header === undefined ? undefined : Number(header)
}

/**
 * The body as it comes. `hold` is told of each chunk and throws where it is one too many. One
 * chunk is not copied; more are, once.
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  bytesMax: number,
  hold: (bytes: number) => void,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let received = 0
    const stop = (error: unknown) => {
      request.removeListener('data', onData)
      request.removeListener('end', onEnd)
      reject(error as Error)
    }
    const onData = (chunk: Buffer) => {
      received += chunk.length
      try {
        if (received > bytesMax) throw tooLarge('request body', undefined, bytesMax)
        hold(chunk.length)
        chunks.push(chunk)
      } catch (error) {
        request.pause()
        stop(error)
      }
    }
    const onEnd = () => {
      response.removeListener('close', onClose)
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, received))
    }
    const onClose = () => stop(new ClientGone())
    request.on('data', onData)
    request.once('end', onEnd)
    // Also when it was answered meanwhile; the request itself may then never close.
    response.once('close', onClose)
    request.on('error', onClose)
  })
}
