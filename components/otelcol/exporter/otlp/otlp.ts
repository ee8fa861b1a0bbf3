import {
  ClientTls,
  COMPRESSIONS,
  classifyGrpc,
  codeName,
  GRPC_CLIENT_DEFAULTS,
  GrpcClient,
  type GrpcTarget,
  parseGrpcTarget,
} from '#net'
import { OTLP_SIGNALS, type OtlpBatch, type OtlpSignal } from '#pdata'
import { Delivery, type Destination } from '#queue'
import {
  type ArgumentsOf,
  attributes,
  block,
  boolean,
  type Component,
  type Consumer,
  type Context,
  choice,
  defineExporter,
  duration,
  handler,
  map,
  Permanent,
  Retryable,
  size,
  string,
  type,
} from '#sdk'
import { decodeResponse, type PartialSuccess } from '#wire'
import {
  debugMetrics,
  deliverySettings,
  retryOnFailure,
  sendingQueue,
} from '../../shared/blocks.js'
import { GRPC_PATHS, lowerCaseNames, rejectionIn, USER_AGENT } from '../../shared/requests.js'
import { clientTls } from '../../shared/tls.js'

const client = attributes({
  endpoint: string({
    required: true,
    about: 'host:port; "http://" before it means plain text, "https://" TLS.',
    check: targetFault,
  }),
  auth: handler('client-auth', { about: 'The handler of an otelcol.auth component.' }),
  authority: string({ about: 'The :authority of requests, if not the endpoint.' }),
  balancer_name: choice(['round_robin', 'pick_first'], {
    default: 'round_robin',
    about: 'How requests are spread over the addresses of the host.',
  }),
  compression: choice([...COMPRESSIONS, ''], {
    default: 'gzip',
    about: 'How requests are compressed.',
  }),
  headers: map(type.stringOrSecret, { default: {}, about: 'Sent with every request.' }),
  wait_for_ready: boolean({
    default: false,
    about: 'Waits for a connection as long as timeout lets it, instead of failing with it.',
  }),
  read_buffer_size: size({ default: '32KiB', about: 'Has no effect: buffers fit themselves.' }),
  write_buffer_size: size({ default: '512KiB', about: 'Has no effect: buffers fit themselves.' }),
  keepalive: block(
    attributes({
      ping_wait: duration({ default: '0s', about: 'Silent servers are pinged after; "0s" never.' }),
      ping_response_timeout: duration({
        default: '20s',
        min: '1ms',
        about: 'A ping must be answered within.',
      }),
      ping_without_stream: boolean({
        default: false,
        about: 'Pings without a request under way too.',
      }),
    }),
    { absent: 'defaults', about: 'Pings that tell a dead connection.' },
  ),
  tls: clientTls,
})

const schema = attributes({
  timeout: duration({ default: '5s', min: '1ms', about: 'How long a try may take.' }),
  client: block(client, { required: true, about: 'Where to, and how.' }),
  retry_on_failure: retryOnFailure,
  sending_queue: sendingQueue,
  debug_metrics: debugMetrics,
})

type Arguments = ArgumentsOf<typeof schema>

export default defineExporter({
  name: 'otelcol.exporter.otlp',
  stability: 'generally-available',
  about: 'Delivers by OTLP over gRPC.',
  schema,
  accepts: OTLP_SIGNALS,
  create: (context, values): Component & Consumer =>
    new Delivery(context, deliverySettings(values), new OtlpExporter(context, values)),
})

class OtlpExporter implements Destination<OtlpSignal> {
  readonly #context: Context
  readonly #values: Arguments
  readonly #headers: ReadonlyMap<string, string>
  #tls: ClientTls | undefined
  #client: GrpcClient | undefined

  constructor(context: Context, values: Arguments) {
    this.#context = context
    this.#values = values
    this.#headers = lowerCaseNames(values.client.headers)
  }

  async open(): Promise<void> {
    const { network, clock, random, files, log } = this.#context
    const { client } = this.#values
    const target = parseGrpcTarget(client.endpoint) as GrpcTarget
    if (target.tls ?? !client.tls.insecure) {
      this.#tls = await ClientTls.load(client.tls, { files, clock, log })
    }
    const { keepalive } = client
    this.#client = new GrpcClient({
      ...GRPC_CLIENT_DEFAULTS,
      target,
      tls: this.#tls,
      balancer: client.balancer_name,
      authority: client.authority,
      compression: client.compression || 'none',
      pings: {
        afterMs: keepalive.ping_wait || Number.POSITIVE_INFINITY,
        timeoutMs: keepalive.ping_response_timeout,
        withoutStream: keepalive.ping_without_stream,
      },
      waitForReady: client.wait_for_ready,
      userAgent: USER_AGENT,
      network,
      clock,
      random,
    })
  }

  async send(batch: OtlpBatch, stop: AbortSignal): Promise<PartialSuccess | undefined> {
    const { client, timeout: timeoutMs } = this.#values
    const headers = new Map(this.#headers)
    await client.auth?.current.authenticate(batch, headers)
    const call = { timeoutMs, headers, signal: stop }
    const answer = await this.#client!.call(GRPC_PATHS[batch.signal], batch.chunks, call)
    const verdict = classifyGrpc(answer.code, answer.retryDelayMs)
    if (verdict.kind === 'success') {
      return rejectionIn(this.#context, batch.signal, () =>
        decodeResponse(batch.signal, 'protobuf', answer.response),
      )
    }
    const { code } = answer
    const text = `${client.endpoint} answered ${codeName(code)}: ${answer.message}`
    if (verdict.kind === 'permanent') throw new Permanent(text, { code })
    const { waitMs: retryAfterMs } = verdict
    throw new Retryable(text, retryAfterMs === undefined ? { code } : { code, retryAfterMs })
  }

  async close(giveUp: AbortSignal): Promise<void> {
    await this.#client?.close(giveUp)
    this.#tls?.close()
  }
}

function targetFault(endpoint: string): string | undefined {
  const target = parseGrpcTarget(endpoint)
  return typeof target === 'string' ? 'host:port, such as "tempo:4317"' : undefined
}
