import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { gunzipSync } from 'node:zlib'
import * as grpc from '@grpc/grpc-js'
import { OTLP_SIGNALS, type OtlpSignal } from '#wire'
import { decodeRequest, type Plain } from './otlp-oracle.js'

/** A request as it came in, decoded by protobufjs. */
export interface SunkRequest {
  readonly signal: OtlpSignal
  readonly headers: Readonly<Record<string, string>>
  readonly body: Plain
}

const SERVICES = {
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
} as const

/** An OTLP backend of other people's parts: @grpc/grpc-js, node:http and protobufjs. */
export class OtlpSink {
  readonly requests: SunkRequest[] = []
  /** Asked before a request is taken; a number is a gRPC code or HTTP status to refuse with. */
  refuse: ((signal: OtlpSignal) => number | undefined) | undefined
  grpcPort = 0
  httpPort = 0
  #grpc = new grpc.Server({ 'grpc.max_receive_message_length': -1 })
  #http: Server | undefined

  /** Listens on loopback; a port of 0 is any. */
  async start(grpcPort = 0, httpPort = 0): Promise<this> {
    const raw = (bytes: Buffer) => bytes
    for (const signal of OTLP_SIGNALS) {
      const path = `/${SERVICES[signal]}/Export`
      const codec = {
        path,
        requestStream: false,
        responseStream: false,
        requestSerialize: raw,
        requestDeserialize: raw,
        responseSerialize: raw,
        responseDeserialize: raw,
      }
      const method: grpc.handleUnaryCall<Buffer, Buffer> = ({ request, metadata }, answer) => {
        const code = this.refuse?.(signal)
        if (code !== undefined) {
          answer({ code, details: 'refused by the test' })
          return
        }
        const headers = metadata.toJSON() as unknown as Record<string, string[]>
        const first = Object.entries(headers).map(([name, values]) => [name, String(values[0])])
        this.#take(signal, Object.fromEntries(first), request)
        answer(null, Buffer.alloc(0))
      }
      this.#grpc.addService({ Export: codec }, {
        Export: method,
      } as grpc.UntypedServiceImplementation)
    }
    const credentials = grpc.ServerCredentials.createInsecure()
    this.grpcPort = await new Promise((resolve, reject) => {
      this.#grpc.bindAsync(`127.0.0.1:${grpcPort}`, credentials, (error, port) =>
        error ? reject(error) : resolve(port),
      )
    })
    this.#http = createServer((request, response) => {
      this.#answer(request, response).catch((error: Error) => response.destroy(error))
    })
    await new Promise<void>((resolve) => this.#http?.listen(httpPort, '127.0.0.1', resolve))
    this.httpPort = (this.#http.address() as { port: number }).port
    return this
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const signal = request.url?.slice('/v1/'.length) as OtlpSignal
    const status = this.refuse?.(signal)
    if (status !== undefined) {
      response.writeHead(status).end()
      return
    }
    const body = Buffer.concat(chunks)
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    const headers = request.headers as Record<string, string>
    if (headers['content-type'] === 'application/json') {
      this.requests.push({ signal, headers, body: JSON.parse(plain.toString()) as Plain })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      return
    }
    this.#take(signal, headers, plain)
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  }

  /** All items of a signal, each with the attributes of its resource and the name of its scope. */
  items(signal: OtlpSignal): readonly Plain[] {
    return this.requests
      .filter((one) => one.signal === signal)
      .flatMap(({ body }) => itemsOf(signal, body))
  }

  async stop(): Promise<void> {
    this.#grpc.forceShutdown()
    this.#http?.closeAllConnections()
    await new Promise((resolve) => this.#http?.close(resolve))
  }

  #take(signal: OtlpSignal, headers: Record<string, string>, bytes: Buffer): void {
    this.requests.push({ signal, headers, body: decodeRequest(signal, bytes) })
  }
}

const NAMES = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
} as const

function itemsOf(signal: OtlpSignal, body: Plain): readonly Plain[] {
  const [resources, scopes, items] = NAMES[signal]
  const found: Plain[] = []
  for (const resource of body[resources] ?? []) {
    for (const scope of resource[scopes] ?? []) {
      for (const item of scope[items] ?? []) {
        found.push({ resource: resource['resource'], scope: scope['scope'], item })
      }
    }
  }
  return found
}
