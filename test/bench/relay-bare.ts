/**
 * The least a relay on node:http2 does: takes requests, answers them, joins the same number of spans
 * and sends them on, without a look at a byte. What Weir costs is told as a multiple of it, since
 * seconds of one machine say little of another. Started by relay.ts.
 */
import { connect, createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'

const [port, sinkPort, requestsPerBatch] = process.argv.slice(2).map(Number) as [
  number,
  number,
  number,
]
const WINDOW_BYTES = 4 * 1024 * 1024
const PREFIX_BYTES = 5
const PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
const EMPTY = Buffer.alloc(PREFIX_BYTES)

const sink = connect(`http://127.0.0.1:${sinkPort}`)
const server = createServer({ settings: { initialWindowSize: WINDOW_BYTES } })
let waiting: Buffer[][] = []

server.on('session', (session) => session.setLocalWindowSize(4 * WINDOW_BYTES))
server.on('stream', (stream: ServerHttp2Stream, _: IncomingHttpHeaders) => {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.once('end', () => {
    waiting.push(chunks)
    if (waiting.length === requestsPerBatch) flush()
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    const head = { ':status': 200, 'content-type': 'application/grpc' }
    stream.respond(head, { waitForTrailers: true })
    stream.end(EMPTY)
  })
})
server.listen(port, '127.0.0.1', () => process.send?.('ready'))

process.on('message', () => {
  if (waiting.length > 0) flush()
})

function flush(): void {
  const bodies = waiting
  waiting = []
  const bytes = bodies.flat().reduce((sum, { length }) => sum + length, 0)
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.writeUInt32BE(bytes - bodies.length * PREFIX_BYTES, 1)
  const head = { ':method': 'POST', ':path': PATH, 'content-type': 'application/grpc' }
  const request = sink.request({ ...head, te: 'trailers' })
  request.resume()
  request.cork()
  request.write(prefix)
  for (const [first, ...others] of bodies) {
    request.write(first!.subarray(PREFIX_BYTES))
    for (const chunk of others) request.write(chunk)
  }
  request.end()
}
