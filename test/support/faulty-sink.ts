/**
 * An OTLP backend on node:http and node:http2 that does what is asked of it: refuses, is slow, cuts
 * connections before or after it has taken the data, goes down and comes back. It keeps numbers
 * (see numbered.ts) and what became of the answers, so that what came twice can be explained.
 */
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2'
import { createServer as createHttp2 } from 'node:http2'
import type { AddressInfo, Server, Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { encodeStatus, OTLP_SIGNALS, type OtlpSignal } from '#wire'
import { numbersIn } from './numbered.js'
import { GRPC_PATHS } from './otlp-names.js'

/** What becomes of one request. `cut` takes nothing; `lose` and `hang` take it without a word. */
export type Treatment =
  | { readonly kind: 'take'; readonly delayMs: number }
  | { readonly kind: 'refuse'; readonly hintMs: number | undefined }
  | { readonly kind: 'reject'; readonly message: string }
  | { readonly kind: 'cut' }
  | { readonly kind: 'lose' }
  | { readonly kind: 'hang' }

/** A request whose data was taken. */
export interface Arrival {
  readonly at: number
  /** When the answer was written; undefined before, and when it never was. */
  answeredAt: number | undefined
  /** There was no answer, or the sink cut the connection just after: it may not have been heard. */
  isLost: boolean
}

interface Connection {
  readonly socket: Socket
  readonly arrivals: Arrival[]
}

type Request = IncomingMessage | Http2ServerRequest
type Response = ServerResponse | Http2ServerResponse

const TAKE: Treatment = { kind: 'take', delayMs: 0 }
/** An answer that went out so shortly before its connection was cut may have been cut with it. */
const DOUBT_MS = 1000
/** So that a backlog does not wait for the flow control of every 64 KB. */
const WINDOW_BYTES = 8 * 1024 * 1024
const UNAVAILABLE = 14
const INVALID_ARGUMENT = 3

export class FaultySink {
  /** Asked for each request, before or, for `reject`, after its numbers are known. */
  treat: (signal: OtlpSignal, numbers: readonly number[]) => Treatment = () => TAKE
  /** Of every number, in order. */
  readonly arrivals = new Map<number, Arrival[]>()
  /** All numbers as they came. */
  readonly order: number[] = []
  bytes = 0
  port = 0
  readonly #protocol: 'grpc' | 'http'
  /** By the port of the other end: what HTTP/2 shows of a socket is not the socket. */
  readonly #connections = new Map<number, Connection>()
  #server: Server | undefined

  constructor(protocol: 'grpc' | 'http') {
    this.#protocol = protocol
  }

  /** Listens on loopback: on a port of the system's choice the first time, then on the same. */
  async up(): Promise<this> {
    const onRequest = (request: Request, response: Response) => {
      // What breaks in between was cut here, or the agent is gone.
      response.on('error', () => {})
      const connection = this.#connections.get(request.socket.remotePort!)
      if (!connection) return
      this.#answer(connection, request, response).catch(() => cut(connection))
    }
    const settings = { initialWindowSize: WINDOW_BYTES }
    const server: Server =
      this.#protocol === 'grpc' ? createHttp2({ settings }, onRequest) : createHttp(onRequest)
    server.on('session', (session: ServerHttp2Session) => session.setLocalWindowSize(WINDOW_BYTES))
    server.on('sessionError', () => {})
    server.on('connection', (socket: Socket) => {
      const port = socket.remotePort!
      this.#connections.set(port, { socket, arrivals: [] })
      socket.on('error', () => {})
      socket.once('close', () => this.#connections.delete(port))
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.port, '127.0.0.1', resolve)
    })
    this.#server = server
    this.port = (server.address() as AddressInfo).port
    return this
  }

  /** Refuses connections until `up`. */
  async down(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = undefined
    const closed = new Promise((resolve) => server.close(resolve))
    for (const connection of this.#connections.values()) cut(connection)
    await closed
  }

  async #answer(connection: Connection, request: Request, response: Response): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = plainBody(this.#protocol, Buffer.concat(chunks), request)
    const signal = signalOf(request.url ?? '')
    const numbers = numbersIn(signal, body)
    const treatment = this.treat(signal, numbers)
    if (treatment.kind === 'cut') {
      cut(connection)
      return
    }
    if (treatment.kind === 'refuse' || treatment.kind === 'reject') {
      this.#refuse(response, treatment)
      return
    }
    const arrival = this.#take(connection, numbers, body.length)
    if (treatment.kind === 'hang') {
      arrival.isLost = true
      return
    }
    if (treatment.kind === 'lose') {
      cut(connection)
      return
    }
    if (treatment.delayMs > 0) await new Promise((done) => setTimeout(done, treatment.delayMs))
    if (response.destroyed || connection.socket.destroyed) return
    arrival.answeredAt = performance.now()
    this.#accept(response)
  }

  #take(connection: Connection, numbers: readonly number[], size: number): Arrival {
    const arrival: Arrival = { at: performance.now(), answeredAt: undefined, isLost: false }
    for (const number of numbers) {
      const before = this.arrivals.get(number)
      if (before) before.push(arrival)
      else this.arrivals.set(number, [arrival])
      this.order.push(number)
    }
    this.bytes += size
    connection.arrivals.push(arrival)
    return arrival
  }

  #accept(response: Response): void {
    if (this.#protocol === 'http') {
      response.writeHead(200, { 'content-type': 'application/x-protobuf' })
      response.end()
      return
    }
    response.writeHead(200, { 'content-type': 'application/grpc' })
    response.addTrailers({ 'grpc-status': '0' })
    response.end(Buffer.alloc(5))
  }

  #refuse(response: Response, treatment: Treatment & { kind: 'refuse' | 'reject' }): void {
    const isFinal = treatment.kind === 'reject'
    const message = isFinal ? treatment.message : 'not now'
    const retryDelayMs = isFinal ? undefined : treatment.hintMs
    const code = isFinal ? INVALID_ARGUMENT : UNAVAILABLE
    const status = encodeStatus('protobuf', {
      code,
      message,
      ...(retryDelayMs !== undefined && { retryDelayMs }),
    })
    if (this.#protocol === 'http') {
      const hint = retryDelayMs && { 'retry-after': String(Math.ceil(retryDelayMs / 1000)) }
      response.writeHead(isFinal ? 400 : 503, { 'content-type': 'application/x-protobuf', ...hint })
      response.end(status)
      return
    }
    response.writeHead(200, {
      'content-type': 'application/grpc',
      'grpc-status': String(code),
      'grpc-message': message,
      'grpc-status-details-bin': Buffer.from(status).toString('base64'),
    })
    response.end()
  }
}

/** The agent hears no more answers on it, and may have missed the last. */
function cut({ socket, arrivals }: Connection): void {
  socket.destroy()
  const now = performance.now()
  for (const arrival of arrivals) {
    const { answeredAt } = arrival
    if (answeredAt === undefined || now - answeredAt < DOUBT_MS) arrival.isLost = true
  }
}

/** Without gRPC's prefix and without compression. */
function plainBody(protocol: 'grpc' | 'http', body: Buffer, { headers }: Request): Buffer {
  if (protocol === 'http') return headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  const message = body.subarray(5)
  return body[0] === 1 ? gunzipSync(message) : message
}

function signalOf(path: string): OtlpSignal {
  const signal = OTLP_SIGNALS.find((one) => path === GRPC_PATHS[one] || path === `/v1/${one}`)
  if (!signal) throw new Error(`no signal at ${path}`)
  return signal
}
