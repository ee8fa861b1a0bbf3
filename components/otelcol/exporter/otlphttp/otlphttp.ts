import {
  ClientTls,
  COMPRESSIONS,
  classifyHttp,
  codeOfHttp,
  compress,
  compressionLevels,
  HTTP_CLIENT_DEFAULTS,
  HttpClient,
  type HttpReply,
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
  integer,
  map,
  Permanent,
  type Problem,
  Retryable,
  size,
  string,
  type,
} from '#sdk'
import { decodeResponse, decodeStatus, type PartialSuccess, requestToJson } from '#wire'
import {
  debugMetrics,
  deliverySettings,
  retryOnFailure,
  sendingQueue,
} from '../../shared/blocks.js'
import { lowerCaseNames, rejectionIn, USER_AGENT } from '../../shared/requests.js'
import { clientTls } from '../../shared/tls.js'

const NO_EFFECT = 'Has no effect: requests are HTTP/1.1.'

const client = attributes(
  {
    endpoint: string({
      required: true,
      about: 'The URL that /v1/traces etc. are added to.',
      check: url,
    }),
    timeout: duration({ default: '30s', min: '1ms', about: 'How long a try may take.' }),
    auth: handler('client-auth', { about: 'The handler of an otelcol.auth component.' }),
    headers: map(type.stringOrSecret, { default: {}, about: 'Sent with every request.' }),
    compression: choice([...COMPRESSIONS, ''], {
      default: 'gzip',
      about: 'How bodies are compressed.',
    }),
    compression_params: block(
      attributes({ level: integer({ required: true, about: "The compression's own level." }) }),
      { about: 'How hard bodies are compressed.' },
    ),
    proxy_url: string({ about: 'An HTTP proxy.', check: url }),
    disable_keep_alives: boolean({ default: false, about: 'A connection for each request.' }),
    idle_conn_timeout: duration({ default: '90s', about: 'Idle connections are closed after.' }),
    max_conns_per_host: integer({ default: 0, min: 0, about: 'Connections at once; 0 as needed.' }),
    max_idle_conns: integer({ default: 100, min: 0, about: 'Has no effect.' }),
    max_idle_conns_per_host: integer({ default: 0, min: 0, about: 'Has no effect.' }),
    read_buffer_size: size({ default: '0', about: 'Has no effect: buffers fit themselves.' }),
    write_buffer_size: size({ default: '512KiB', about: 'Has no effect: buffers fit themselves.' }),
    force_attempt_http2: boolean({ default: true, about: NO_EFFECT }),
    http2_read_idle_timeout: duration({ default: '0s', about: NO_EFFECT }),
    http2_ping_timeout: duration({ default: '15s', about: NO_EFFECT }),
    cookies: block(
      attributes({ enabled: boolean({ default: false, about: 'Cookies are never kept.' }) }),
      { about: "Accepted for Alloy's configs." },
    ),
    tls: clientTls,
  },
  ({ compression, compression_params: params }): readonly Problem[] => {
    const levels = compression === '' ? undefined : compressionLevels(compression)
    if (!params || (levels && params.level >= levels.min && params.level <= levels.max)) return []
    const message = levels
      ? `level of ${compression} is from ${levels.min} to ${levels.max}`
      : `${compression || 'none'} has no levels`
    return [{ path: ['compression_params', 'level'], message }]
  },
)

const schema = attributes({
  encoding: choice(['proto', 'json'], { default: 'proto', about: 'How bodies are written.' }),
  traces_endpoint: string({
    about: 'The whole URL for spans; default endpoint + /v1/traces.',
    check: url,
  }),
  metrics_endpoint: string({
    about: 'The whole URL for metrics; default endpoint + /v1/metrics.',
    check: url,
  }),
  logs_endpoint: string({
    about: 'The whole URL for log records; default endpoint + /v1/logs.',
    check: url,
  }),
  client: block(client, { required: true, about: 'Where to, and how.' }),
  retry_on_failure: retryOnFailure,
  sending_queue: sendingQueue,
  debug_metrics: debugMetrics,
})

type Arguments = ArgumentsOf<typeof schema>

export default defineExporter({
  name: 'otelcol.exporter.otlphttp',
  stability: 'generally-available',
  about: 'Delivers by OTLP over HTTP.',
  schema,
  accepts: OTLP_SIGNALS,
  create: (context, values): Component & Consumer =>
    new Delivery(context, deliverySettings(values), new OtlpHttpExporter(context, values)),
})

/** What a Status may say of a failure is cut to this in messages. */
const REASON_LENGTH_MAX = 500

class OtlpHttpExporter implements Destination<OtlpSignal> {
  readonly #context: Context
  readonly #values: Arguments
  readonly #urls: Readonly<Record<OtlpSignal, URL>>
  readonly #headers: ReadonlyMap<string, string>
  #tls: ClientTls | undefined
  #client: HttpClient | undefined

  constructor(context: Context, values: Arguments) {
    this.#context = context
    this.#values = values
    const { client } = values
    const base = client.endpoint.replace(/\/+$/, '')
    this.#urls = {
      traces: new URL(values.traces_endpoint ?? `${base}/v1/traces`),
      metrics: new URL(values.metrics_endpoint ?? `${base}/v1/metrics`),
      logs: new URL(values.logs_endpoint ?? `${base}/v1/logs`),
    }
    const encoded = values.encoding === 'json' ? 'application/json' : 'application/x-protobuf'
    this.#headers = new Map([
      ['content-type', encoded],
      ...(isCompressed(client.compression)
        ? [['content-encoding', client.compression] as const]
        : []),
      ...lowerCaseNames(client.headers),
    ])
  }

  async open(): Promise<void> {
    const { network, clock, files, log } = this.#context
    const { client } = this.#values
    if (Object.values(this.#urls).some(({ protocol }) => protocol === 'https:')) {
      this.#tls = await ClientTls.load(client.tls, { files, clock, log })
    }
    this.#client = new HttpClient({
      ...HTTP_CLIENT_DEFAULTS,
      tls: this.#tls,
      proxy: client.proxy_url ? new URL(client.proxy_url) : undefined,
      connectionsMax: client.max_conns_per_host,
      keepAlive: !client.disable_keep_alives,
      idleTimeoutMs: client.idle_conn_timeout,
      userAgent: USER_AGENT,
      network,
      clock,
    })
  }

  async send(batch: OtlpBatch, stop: AbortSignal): Promise<PartialSuccess | undefined> {
    const { client, encoding } = this.#values
    const { signal, chunks } = batch
    const headers = new Map(this.#headers)
    await client.auth?.current.authenticate(batch, headers)
    const plain = encoding === 'json' ? [Buffer.from(requestToJson(signal, chunks))] : chunks
    const body = isCompressed(client.compression)
      ? await compress(client.compression, plain, client.compression_params?.level)
      : plain
    const reply = await this.#client!.request({
      method: 'POST',
      url: this.#urls[signal],
      body,
      headers: Object.fromEntries(headers),
      timeoutMs: client.timeout,
      signal: stop,
    })
    this.#throwUnlessTaken(reply, signal)
    return rejectionIn(this.#context, batch.signal, () =>
      decodeResponse(signal, encodingOf(reply) ?? 'protobuf', reply.body),
    )
  }

  async close(giveUp: AbortSignal): Promise<void> {
    await this.#client?.close(giveUp)
    this.#tls?.close()
  }

  #throwUnlessTaken(reply: HttpReply, signal: OtlpSignal): void {
    const { status } = reply
    const verdict = classifyHttp(status, reply.header('retry-after'), this.#context.clock.now())
    if (verdict.kind === 'success') return
    const { host, pathname } = this.#urls[signal]
    const reason = reasonIn(reply)
    const text = `${host}${pathname} answered ${status}${reason && `: ${reason}`}`
    const code = codeOfHttp(status)
    if (verdict.kind === 'permanent') throw new Permanent(text, { code })
    const { waitMs: retryAfterMs } = verdict
    throw new Retryable(text, retryAfterMs === undefined ? { code } : { code, retryAfterMs })
  }
}

function isCompressed<C extends string>(compression: C): compression is Exclude<C, '' | 'none'> {
  return compression !== '' && compression !== 'none'
}

function encodingOf(reply: HttpReply): 'json' | 'protobuf' | undefined {
  const type = reply.header('content-type') ?? ''
  if (type.startsWith('application/json')) return 'json'
  return type.startsWith('application/x-protobuf') ? 'protobuf' : undefined
}

/** What the answer says went wrong: of its Status, or as plain text. */
function reasonIn(reply: HttpReply): string {
  const encoding = encodingOf(reply)
  if (!encoding) return Buffer.from(reply.body).toString().trim().slice(0, REASON_LENGTH_MAX)
  try {
    return decodeStatus(encoding, reply.body).message.slice(0, REASON_LENGTH_MAX)
  } catch {
    return ''
  }
}

function url(text: string): string | undefined {
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  return parsed && /^https?:$/.test(parsed.protocol)
    ? undefined
    : 'a URL with http:// or https://, such as "http://tempo:4318"'
}
