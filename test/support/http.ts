import { connect } from 'node:net'
import {
  HTTP_CLIENT_DEFAULTS,
  HTTP_SERVER_DEFAULTS,
  HttpClient,
  type HttpClientOptions,
  type HttpRequest,
  type HttpRoute,
  type HttpServerOptions,
  httpOffer,
  Listener,
  type Surroundings,
} from '#net'
import { loopback, NO_CHANCE, type RunningServer } from './grpc.js'

/** An HTTP server of ours on a free port of loopback. */
export async function startHttpServer(
  options: Partial<HttpServerOptions> = {},
  surroundings: Surroundings = loopback,
): Promise<RunningServer> {
  const around = { ...surroundings, ...NO_CHANCE }
  const listener = await Listener.open(around, { host: '127.0.0.1', port: 0 })
  const served = listener.serve(httpOffer(httpServerOptions(options)))
  return { listener, served, port: (listener.address as { port: number }).port }
}

/** Echoes bodies on `/v1/traces`, unless told otherwise. */
export function httpServerOptions(options: Partial<HttpServerOptions> = {}): HttpServerOptions {
  return {
    ...HTTP_SERVER_DEFAULTS,
    routes: new Map([['/v1/traces', otlpRoute(async ({ body }) => body)]]),
    onBug: (error) => {
      throw error
    },
    ...options,
  }
}

/** POST of the two content types of OTLP, answered with 200 and what `handle` gives. */
export function otlpRoute(handle: (request: HttpRequest) => Promise<Uint8Array>): HttpRoute {
  return {
    methods: ['POST'],
    contentTypes: ['application/x-protobuf', 'application/json'],
    handle: async (request) => ({
      status: 200,
      contentType: request.contentType,
      body: await handle(request),
    }),
  }
}

export function httpClient(options: Partial<HttpClientOptions> = {}): HttpClient {
  return new HttpClient({
    ...HTTP_CLIENT_DEFAULTS,
    userAgent: 'weir-test',
    ...loopback,
    ...options,
  })
}

export interface RawAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** Writes bytes to a port and gives back all that came until the other side closed. */
export function rawExchange(port: number, bytes: string | Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1')
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.once('close', () => resolve(Buffer.concat(chunks)))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error)
    })
    socket.write(bytes)
  })
}

/** The answers in a stretch of HTTP/1.1, each with a Content-Length. */
export function parseAnswers(bytes: Buffer): readonly RawAnswer[] {
  const answers: RawAnswer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\r\n\r\n', at)
    if (end < 0) break
    const [first, ...lines] = bytes.toString('latin1', at, end).split('\r\n')
    const headers = new Map(
      lines.map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      }),
    )
    const status = Number(first!.split(' ')[1])
    const length = Number(headers.get('content-length') ?? 0)
    answers.push({ status, headers, body: bytes.subarray(end + 4, end + 4 + length) })
    at = end + 4 + length
  }
  return answers
}
