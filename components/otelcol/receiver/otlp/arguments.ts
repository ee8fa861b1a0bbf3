import { ENCODINGS, parseAddress } from '#net'
import {
  type ArgumentsOf,
  attributes,
  block,
  boolean,
  choice,
  duration,
  handler,
  integer,
  list,
  output,
  type Problem,
  size,
  string,
  type,
} from '#sdk'
import { debugMetrics } from '../../shared/blocks.js'
import { serverTls } from '../../shared/tls.js'

const NEVER = 'unset for never'

const keepalive = block(
  attributes({
    server_parameters: block(
      attributes({
        max_connection_idle: duration({
          about: `Connections without requests are closed after this; ${NEVER}.`,
        }),
        max_connection_age: duration({
          about: `Connections are closed at this age, so that clients spread again; ${NEVER}.`,
        }),
        max_connection_age_grace: duration({
          about: 'Requests under way at that age get this long to finish; unset for ever.',
        }),
        time: duration({
          default: '2h',
          min: '1s',
          about: 'Silent clients are pinged after this.',
        }),
        timeout: duration({ default: '20s', min: '1ms', about: 'A ping must be answered within.' }),
      }),
      { absent: 'defaults', about: 'How connections are kept.' },
    ),
    enforcement_policy: block(
      attributes({
        min_time: duration({ default: '5m', about: 'Clients that ping more often are sent away.' }),
        permit_without_stream: boolean({
          default: false,
          about: 'Whether clients may ping without a request under way.',
        }),
      }),
      { absent: 'defaults', about: 'What pings clients may send.' },
    ),
  }),
  { absent: 'defaults', about: 'Pings and ages of connections.' },
)

const about = {
  auth: 'Whose credentials senders must have: the handler of an otelcol.auth component.',
  endpoint: 'Where it listens, host:port; ":4317" listens on every interface.',
  metadata: 'Keeps request headers for later components.',
  buffer: 'Has no effect: buffers fit themselves.',
} as const

const grpc = attributes({
  endpoint: string({ default: '127.0.0.1:4317', about: about.endpoint, claims: 'address' }),
  transport: choice(['tcp', 'unix'], {
    default: 'tcp',
    about: 'unix: endpoint is the path of a socket.',
  }),
  auth: handler('server-auth', { about: about.auth }),
  include_metadata: boolean({ default: false, about: about.metadata }),
  max_recv_msg_size: size({
    default: '64MiB',
    min: '1KiB',
    about: 'The largest request, also after decompression.',
  }),
  max_concurrent_streams: integer({
    default: 1000,
    min: 1,
    max: 1_000_000,
    about: 'Requests at once on one connection.',
  }),
  read_buffer_size: size({ default: '512KiB', about: about.buffer }),
  write_buffer_size: size({ default: '32KiB', about: about.buffer }),
  keepalive,
  tls: serverTls,
})

const http = attributes({
  endpoint: string({ default: '127.0.0.1:4318', about: about.endpoint, claims: 'address' }),
  auth: handler('server-auth', { about: about.auth }),
  include_metadata: boolean({ default: false, about: about.metadata }),
  max_request_body_size: size({
    default: '64MiB',
    min: '1KiB',
    about: 'The largest body, also after decompression.',
  }),
  compression_algorithms: list(type.choice(['', ...ENCODINGS]), {
    default: ['', 'gzip', 'zstd', 'zlib', 'snappy', 'deflate', 'lz4'],
    about: 'Content encodings that are taken.',
  }),
  traces_url_path: string({
    default: '/v1/traces',
    about: 'Where spans are posted.',
    check: urlPath,
  }),
  metrics_url_path: string({
    default: '/v1/metrics',
    about: 'Where metrics are posted.',
    check: urlPath,
  }),
  logs_url_path: string({
    default: '/v1/logs',
    about: 'Where log records are posted.',
    check: urlPath,
  }),
  keep_alives_enabled: boolean({ default: true, about: 'Lets connections serve many requests.' }),
  idle_timeout: duration({
    default: '1m',
    min: '1ms',
    about: 'Idle connections are closed after.',
  }),
  read_header_timeout: duration({ default: '1m', min: '1ms', about: 'Headers must come within.' }),
  read_timeout: duration({ default: '5m', min: '1ms', about: 'A request must come within.' }),
  write_timeout: duration({ default: '30s', min: '1ms', about: 'An answer must be taken within.' }),
  cors: block(
    attributes({
      allowed_origins: list(type.string(), {
        default: [],
        about: 'Origins of pages that may send; * stands for any text.',
      }),
      allowed_headers: list(type.string(), {
        default: ['X-Requested-With'],
        about: 'Headers that pages may set besides the usual ones.',
      }),
      exposed_headers: list(type.string(), { default: [], about: 'Headers that pages may read.' }),
      max_age: integer({ default: 0, min: 0, about: 'Seconds browsers may remember the answer.' }),
    }),
    { about: 'Lets web pages send.' },
  ),
  tls: serverTls,
})

export type GrpcArguments = ArgumentsOf<typeof grpc>
export type HttpArguments = ArgumentsOf<typeof http>

export const schema = attributes(
  {
    grpc: block(grpc, { about: 'Takes OTLP over gRPC; not written, it does not.' }),
    http: block(http, { about: 'Takes OTLP over HTTP; not written, it does not.' }),
    output,
    debug_metrics: debugMetrics,
  },
  (values) => [
    ...protocolProblems(values),
    ...addressProblems(values),
    ...pathProblems(values.http),
  ],
)

interface Protocols {
  readonly grpc: GrpcArguments | undefined
  readonly http: HttpArguments | undefined
}

/** What cannot be listened on whatever runs here. */
function addressProblems({ grpc, http }: Protocols): readonly Problem[] {
  const addresses = {
    grpc: grpc?.transport === 'tcp' ? grpc.endpoint : undefined,
    http: http?.endpoint,
  }
  return Object.entries(addresses).flatMap(([name, endpoint]) => {
    if (endpoint === undefined || parseAddress(endpoint)) return []
    const message = `"${endpoint}" is no address to listen on`
    return [{ path: [name, 'endpoint'], message, help: 'write host:port, such as "0.0.0.0:4317"' }]
  })
}

function protocolProblems({ grpc, http }: Protocols): readonly Problem[] {
  if (!grpc && !http) {
    const message = 'otelcol.receiver.otlp takes nothing: it has neither grpc nor http'
    return [{ path: [], message, help: 'add grpc { } or http { }, or both' }]
  }
  if (grpc?.transport !== 'tcp' || !http) return []
  const same =
    JSON.stringify(parseAddress(grpc.endpoint)) === JSON.stringify(parseAddress(http.endpoint))
  if (!same || parseAddress(http.endpoint) === undefined) return []
  const message = `grpc and http cannot both listen on ${http.endpoint}`
  return [{ path: ['http', 'endpoint'], message, help: 'give one of them another port' }]
}

function pathProblems(http: HttpArguments | undefined): readonly Problem[] {
  if (!http) return []
  const names = ['traces_url_path', 'metrics_url_path', 'logs_url_path'] as const
  const paths = names.map((name) => normalPath(http[name]))
  const twice = names.find((_, index) => paths.indexOf(paths[index]!) !== index)
  if (!twice) return []
  return [
    { path: ['http', twice], message: `two signals share the path ${normalPath(http[twice])}` },
  ]
}

/** With its leading slash, which may be left out. */
export function normalPath(path: string): string {
  return path.startsWith('/') ? path : `/${path}`
}

function urlPath(text: string): string | undefined {
  const path = normalPath(text)
  try {
    decodeURI(path)
    if (new URL(path, 'http://host').pathname === path) return undefined
  } catch {
    // Said below.
  }
  return 'the path of a URL, such as "/v1/traces"'
}
