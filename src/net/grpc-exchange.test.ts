import type { ServerHttp2Stream } from 'node:http2'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  grpcClient,
  grpcMessage,
  outcomeOf,
  respondGrpc,
  startScriptedGrpc,
  TRACES,
} from '#support'

describe('answers to a gRPC client', () => {
  const ok = grpcMessage(Buffer.from('fine'))
  const rows: [string, (stream: ServerHttp2Stream) => void, string][] = [
    ['a message', respondGrpc(ok), 'fine'],
    ['an empty message', respondGrpc(grpcMessage(Buffer.alloc(0))), ''],
    [
      'a status without a message',
      respondGrpc(Buffer.alloc(0), { 'grpc-status': '7', 'grpc-message': 'go%20away' }),
      '7 go away',
    ],
    [
      'a status without a text',
      respondGrpc(Buffer.alloc(0), { 'grpc-status': '7' }),
      '7 PERMISSION_DENIED',
    ],
    [
      'a status in the headers',
      (stream) => {
        const head = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '14' }
        stream.respond(head, { endStream: true })
      },
      '14 UNAVAILABLE',
    ],
    ['success without a message', respondGrpc(Buffer.alloc(0)), 'Permanent: no response message'],
    [
      'two messages',
      respondGrpc(Buffer.concat([ok, ok])),
      'Permanent: more than one response message in a call that takes one',
    ],
    ['no status', respondGrpc(ok, {}), '2 answer without a grpc-status'],
    [
      'a web page',
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'text/html' })
        stream.end('<html>')
      },
      '2 answer is not gRPC (status 200, content-type text/html)',
    ],
    [
      'an HTTP 503',
      (stream) => {
        stream.respond({ ':status': 503 })
        stream.end('busy')
      },
      '14 answer is not gRPC (status 503, content-type none)',
    ],
    [
      'an HTTP 404',
      (stream) => stream.respond({ ':status': 404 }, { endStream: true }),
      '12 answer is not gRPC (status 404, content-type none)',
    ],
    ['the limit', respondGrpc(grpcMessage(Buffer.alloc(1000, 'x'))), 'x'.repeat(1000)],
    [
      'more than the limit',
      respondGrpc(grpcMessage(Buffer.alloc(1001))),
      'Permanent: the response of 1001 bytes is larger than the limit of 1000 bytes',
    ],
    [
      'the limit, compressed',
      respondGrpc(grpcMessage(gzipSync(Buffer.alloc(1000, 'x')), 1), undefined, {
        'grpc-encoding': 'gzip',
      }),
      'x'.repeat(1000),
    ],
    [
      'more than the limit, compressed',
      respondGrpc(grpcMessage(gzipSync(Buffer.alloc(500_000)), 1), undefined, {
        'grpc-encoding': 'gzip',
      }),
      'Permanent: the decompressed body is larger than the limit of 1000 bytes',
    ],
    [
      'an unknown encoding',
      respondGrpc(grpcMessage(Buffer.from('x'), 1), undefined, { 'grpc-encoding': 'br' }),
      'Permanent: response with unknown grpc-encoding "br"',
    ],
    [
      'a reset',
      (stream) => stream.close(2),
      'Retryable: no answer from 127.0.0.1:PORT: request reset (INTERNAL_ERROR)',
    ],
    [
      'a reset after the status',
      (stream) => {
        const head = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '3' }
        stream.respond(head, { endStream: true })
        stream.close(0)
      },
      '3 INVALID_ARGUMENT',
    ],
  ]
  it.each(rows)('%s', async (_, answer, expected) => {
    const { port, streams, close } = await startScriptedGrpc(answer)
    const client = grpcClient(port, { responseBytesMax: 1000 })
    const call = client.call(TRACES, [Buffer.alloc(200_000)], { timeoutMs: 5000 })
    const result = await outcomeOf(call)
    await client.close(AbortSignal.abort())
    close()
    expect(result.replace(String(port), 'PORT')).toBe(expected)
    expect(streams()).toBe(1)
  })
})
