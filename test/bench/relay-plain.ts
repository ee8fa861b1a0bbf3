/**
 * The least a relay on node:http2 can do: scans requests, joins them to batches of the same size,
 * sends those on, and answers once they are delivered. It has no config, no limits, no retries.
 * What it takes, in the same run as the agent, tells a slow machine from a slow agent. Started by
 * relay.ts.
 */
import { connect, createServer, type ServerHttp2Stream } from 'node:http2'
import { scanRequest } from '#wire'

const [port, sinkPort, requestsPerBatch] = process.argv.slice(2).map(Number) as [
  number,
  number,
  number,
]
const WINDOW_BYTES = 4 * 1024 * 1024
const PREFIX_BYTES = 5
const FLUSH_MS = 100
const PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
const EMPTY = Buffer.alloc(PREFIX_BYTES)

interface Request {
  readonly stream: ServerHttp2Stream
  readonly message: Buffer
}

const sink = connect(`http://127.0.0.1:${sinkPort}`)
const server = createServer({ settings: { initialWindowSize: WINDOW_BYTES } })
let waiting: Request[] = []

server.on('session', (session) => session.setLocalWindowSize(4 * WINDOW_BYTES))
server.on('stream', (stream: ServerHttp2Stream) => {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.once('end', () => {
    const message = Buffer.concat(chunks).subarray(PREFIX_BYTES)
    scanRequest('traces', message)
    waiting.push({ stream, message })
    if (waiting.length === requestsPerBatch) flush()
  })
})
server.listen(port, '127.0.0.1', () => process.send?.('ready'))
setInterval(flush, FLUSH_MS)

function flush(): void {
  if (waiting.length === 0) return
  const requests = waiting
  waiting = []
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.writeUInt32BE(
    requests.reduce((sum, { message }) => sum + message.length, 0),
    1,
  )
  const head = { ':method': 'POST', ':path': PATH, 'content-type': 'application/grpc' }
  const call = sink.request({ ...head, te: 'trailers' })
  call.resume()
  call.once('close', () => {
    for (const { stream } of requests) answer(stream)
  })
  call.cork()
  call.write(prefix)
  for (const { message } of requests) call.write(message)
  call.end()
}

function answer(stream: ServerHttp2Stream): void {
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  const head = { ':status': 200, 'content-type': 'application/grpc' }
  stream.respond(head, { waitForTrailers: true })
  stream.end(EMPTY)
}
