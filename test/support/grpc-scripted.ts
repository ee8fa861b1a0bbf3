import { createServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Permanent, Retryable } from '#sdk'

/**
 * A server on node:http2 that answers streams one by one as told, the last answer again and again.
 * `cut` ends its connections without a word.
 */
export async function startScriptedGrpc(...answers: ((stream: ServerHttp2Stream) => void)[]) {
  const server = createServer()
  let streams = 0
  server.on('sessionError', () => {})
  server.on('stream', (stream) => {
    stream.on('error', () => {})
    stream.resume()
    const answer = answers[Math.min(streams++, answers.length - 1)]!
    answer(stream)
  })
  const sockets = new Set<{ destroy(): void }>()
  server.on('connection', (socket) => sockets.add(socket))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    cut()
    server.close()
  }
  return { port, streams: () => streams, cut, close }
}

/** An answer of headers, these bytes and trailers. */
export function respondGrpc(
  body: Buffer,
  trailers: Record<string, string> = { 'grpc-status': '0' },
  headers: Record<string, string> = {},
) {
  return (stream: ServerHttp2Stream) => {
    stream.once('wantTrailers', () => stream.sendTrailers(trailers))
    const head = { ':status': '200', 'content-type': 'application/grpc', ...headers }
    stream.respond(head, { waitForTrailers: true })
    stream.end(body)
  }
}

/** The message of an answer, or how the call was rejected. */
export async function outcomeOf(
  call: Promise<{ code: number; message: string; response: Uint8Array }>,
): Promise<string> {
  try {
    const { code, message, response } = await call
    return code === 0 ? Buffer.from(response).toString('latin1') : `${code} ${message}`
  } catch (error) {
    if (!(error instanceof Retryable || error instanceof Permanent)) throw error
    return `${error.name}: ${error.message}`
  }
}
