import {
  GRPC_SERVER_DEFAULTS,
  type GrpcMethod,
  grpcOffer,
  HTTP_SERVER_DEFAULTS,
  type HttpRoute,
  httpOffer,
  type Listener,
  leaseListener,
  type Offer,
  parseAddress,
  type Served,
  ServerTls,
} from '#net'
import type { OtlpSignal } from '#pdata'
import {
  type Activating,
  type ArgumentsOf,
  type Component,
  type Context,
  defineReceiver,
  type Handle,
  type Intake,
  Permanent,
  type ServerAuth,
} from '#sdk'
import { observeReceiver } from '../../shared/metrics.js'
import { GRPC_PATHS } from '../../shared/requests.js'
import { type GrpcArguments, type HttpArguments, normalPath, schema } from './arguments.js'
import { JSON_TYPE, PROTOBUF, Requests } from './requests.js'

export default defineReceiver({
  name: 'otelcol.receiver.otlp',
  stability: 'generally-available',
  about: 'Takes OTLP over gRPC and HTTP.',
  schema,
  create: (context, values, intake) => new OtlpReceiver(context, values, intake),
})

/** One protocol: where it listens and what is to be served there. */
interface Endpoint {
  readonly listener: Listener
  readonly offer: Offer
}

class OtlpReceiver implements Component, Activating {
  readonly #context: Context
  readonly #values: ArgumentsOf<typeof schema>
  readonly #intake: Intake<OtlpSignal>
  readonly #requests: Requests
  readonly #endpoints: Endpoint[] = []
  readonly #tls: ServerTls[] = []
  #served: readonly Served[] = []

  constructor(context: Context, values: ArgumentsOf<typeof schema>, intake: Intake<OtlpSignal>) {
    this.#context = context
    this.#values = values
    this.#intake = intake
    this.#requests = new Requests(intake)
    observeReceiver(context, this.#requests.unread)
  }

  async start(): Promise<void> {
    const { grpc, http } = this.#values
    if (grpc) await this.#open(grpc.endpoint, grpc.transport, await this.#grpcOffer(grpc))
    if (http) await this.#open(http.endpoint, 'tcp', await this.#httpOffer(http))
  }

  activate(): void {
    this.#served = this.#endpoints.map(({ listener, offer }) => listener.serve(offer))
  }

  async stop(giveUp: AbortSignal): Promise<void> {
    for (const tls of this.#tls) tls.close()
    await Promise.all(this.#served.map((served) => served.drain(giveUp)))
  }

  async #open(endpoint: string, transport: 'tcp' | 'unix', offer: Offer): Promise<void> {
    const address = transport === 'unix' ? { path: endpoint } : parseAddress(endpoint)
    if (!address) {
      throw new Permanent(`"${endpoint}" is no address to listen on; write host:port`)
    }
    this.#endpoints.push({ listener: await leaseListener(this.#context, address), offer })
  }

  async #grpcOffer(grpc: GrpcArguments): Promise<Offer> {
    const { server_parameters: server, enforcement_policy: policy } = grpc.keepalive
    const methods = new Map<string, GrpcMethod>()
    const signals = new Map<string, OtlpSignal>()
    for (const signal of this.#intake.signals) {
      signals.set(GRPC_PATHS[signal], signal)
      methods.set(GRPC_PATHS[signal], (request) =>
        this.#requests.grpc(signal, request, grpc.include_metadata),
      )
    }
    return grpcOffer({
      ...GRPC_SERVER_DEFAULTS,
      methods,
      refusal: (path, bytes) => this.#requests.refusal(signals.get(path)!, PROTOBUF, bytes),
      auth: authOf(grpc.auth),
      tls: await this.#loadTls(grpc.tls),
      messageBytesMax: grpc.max_recv_msg_size,
      concurrentStreamsMax: grpc.max_concurrent_streams,
      rules: {
        maxIdleMs: server.max_connection_idle || Number.POSITIVE_INFINITY,
        maxAgeMs: server.max_connection_age || Number.POSITIVE_INFINITY,
        maxAgeGraceMs: server.max_connection_age_grace || Number.POSITIVE_INFINITY,
        pingAfterMs: server.time,
        pingTimeoutMs: server.timeout,
        pingIntervalMinMs: policy.min_time,
        pingWithoutStream: policy.permit_without_stream,
      },
      onBug: (error) => this.#context.fail(error),
    })
  }

  async #httpOffer(http: HttpArguments): Promise<Offer> {
    const paths: Record<OtlpSignal, string> = {
      traces: normalPath(http.traces_url_path),
      metrics: normalPath(http.metrics_url_path),
      logs: normalPath(http.logs_url_path),
    }
    const encodings = http.compression_algorithms.filter((name) => name !== '')
    const routes = new Map<string, HttpRoute>()
    for (const signal of this.#intake.signals) {
      routes.set(paths[signal], {
        methods: ['POST'],
        contentTypes: [JSON_TYPE, PROTOBUF],
        refusal: (contentType, bytes) => this.#requests.refusal(signal, contentType, bytes),
        handle: (request) => this.#requests.http(signal, request, http.include_metadata),
      })
    }
    return httpOffer({
      ...HTTP_SERVER_DEFAULTS,
      routes,
      auth: authOf(http.auth),
      tls: await this.#loadTls(http.tls),
      cors: http.cors && {
        allowedOrigins: http.cors.allowed_origins,
        allowedHeaders: http.cors.allowed_headers,
        exposedHeaders: http.cors.exposed_headers,
        maxAgeSeconds: http.cors.max_age,
      },
      // An empty list would leave compressed bodies as they come.
      encodings: encodings.length > 0 ? encodings : ['identity'],
      bodyBytesMax: http.max_request_body_size,
      readHeaderTimeoutMs: http.read_header_timeout,
      readTimeoutMs: http.read_timeout,
      writeTimeoutMs: http.write_timeout,
      idleTimeoutMs: http.idle_timeout,
      keepAlive: http.keep_alives_enabled,
      onBug: (error) => this.#context.fail(error),
    })
  }

  async #loadTls(values: GrpcArguments['tls']): Promise<ServerTls | undefined> {
    if (!values) return undefined
    const { files, clock, log } = this.#context
    const tls = await ServerTls.load(values, { files, clock, log })
    this.#tls.push(tls)
    return tls
  }
}

/** The handler of the moment: the auth component may be replaced while the receiver runs. */
function authOf(handle: Handle<'server-auth'> | undefined): ServerAuth | undefined {
  return handle && { check: (header) => handle.current.check(header) }
}
