/** A first config, written from what somebody wants. */
import { format, parseFile, readSource } from '#grammar'
import { Refusal } from './refusal.js'

/** What telemetry is delivered to. */
interface Destination {
  readonly about: string
  readonly signals: readonly Signal[]
  /** Joined to an address over HTTP that has no path. */
  readonly path: string
  /** What a question offers. */
  readonly endpoint: string
}

type Signal = 'traces' | 'metrics' | 'logs'

const SIGNALS: readonly Signal[] = ['traces', 'metrics', 'logs']

export const DESTINATIONS: Readonly<Record<string, Destination>> = {
  otlp: {
    about: 'any backend of all three signals',
    signals: SIGNALS,
    path: '',
    endpoint: 'https://otlp.example.com',
  },
  tempo: { about: 'traces', signals: ['traces'], path: '', endpoint: 'http://tempo:4318' },
  loki: { about: 'logs', signals: ['logs'], path: '/otlp', endpoint: 'http://loki:3100' },
  mimir: { about: 'metrics', signals: ['metrics'], path: '/otlp', endpoint: 'http://mimir:8080' },
  prometheus: {
    about: 'metrics',
    signals: ['metrics'],
    path: '/api/v1/otlp',
    endpoint: 'http://prometheus:9090',
  },
}

/** Where a secret is found when the agent runs; never its value. */
export type SecretPlace = { readonly variable: string } | { readonly file: string }

export type Credentials =
  | { readonly kind: 'basic'; readonly user: string; readonly password: SecretPlace }
  | { readonly kind: 'bearer'; readonly token: SecretPlace }

export interface Wishes {
  readonly services: readonly Service[]
  readonly tenant: string | undefined
  readonly credentials: Credentials | undefined
  /** The host that senders reach the agent by. */
  readonly listen: string
}

export interface Service {
  /** Of `DESTINATIONS`. */
  readonly name: string
  readonly endpoint: Endpoint
}

interface Endpoint {
  readonly protocol: 'grpc' | 'http'
  /** host:port for gRPC, a URL for HTTP. */
  readonly address: string
  readonly insecure: boolean
}

const GRPC_PORT = 4317
const HTTP_PORT = 4318
const SECRET_FILE = 'credentials'

/** "tempo=http://tempo:4318": a destination and where it is. */
export function readService(text: string): Service {
  const cut = text.indexOf('=')
  const [name, endpoint] = cut < 0 ? ['otlp', text] : [text.slice(0, cut), text.slice(cut + 1)]
  const destination = Object.hasOwn(DESTINATIONS, name) ? DESTINATIONS[name] : undefined
  if (!destination) {
    const names = Object.keys(DESTINATIONS).join(', ')
    throw new Refusal(
      `there is no destination "${name}"`,
      `write one of ${names}, then =, then where`,
    )
  }
  return { name, endpoint: readEndpoint(endpoint, destination.path) }
}

/** http(s):// is OTLP over HTTP; grpc:// is gRPC in plain text, grpcs:// and host:port with TLS. */
function readEndpoint(text: string, path: string): Endpoint {
  const refused = new Refusal(
    `"${text}" is no endpoint`,
    'write http://host:port, https://host, grpc://host:port or grpcs://host:port',
  )
  const whole = text.includes('://') ? text : `grpcs://${text}`
  const parts = /^(https?|grpcs?):\/\/([^/\s?#@]+)(\/[^\s?#]*)?$/.exec(whole)
  if (!parts) throw refused
  const [, scheme, host, given = ''] = parts as unknown as [string, string, string, string?]
  if (scheme.startsWith('grpc')) {
    if (!/:\d+$/.test(host) || given.length > 1) throw refused
    return { protocol: 'grpc', address: host, insecure: scheme === 'grpc' }
  }
  const below = given === '' || given === '/' ? path : given
  return { protocol: 'http', address: `${scheme}://${host}${below}`, insecure: false }
}

/** The config, formatted. */
export function configText(wishes: Wishes): string {
  const labelled = withLabels(wishes.services)
  const blocks = [
    '// Written by `weir init`. Edit it while the agent runs: it reloads by itself.',
    'logging {\nlevel = "info"\nformat = "logfmt"\n}',
    receiver(wishes, labelled),
    ...credentialBlocks(wishes.credentials),
    ...labelled.map(([service, label]) => exporter(service, label, wishes)),
  ]
  const { file, diagnostics } = parseFile(readSource('init', Buffer.from(blocks.join('\n\n'))))
  if (diagnostics.length > 0)
    throw new Error(`init wrote what it cannot read: ${blocks.join('\n')}`)
  return `${format(file)}\n`
}

/** What programs beside the agent are told, as environment variables of OTLP SDKs. */
export function endpointsText({ listen }: Wishes): string {
  // What listens everywhere is reached here by loopback.
  const host = listen === '0.0.0.0' ? '127.0.0.1' : listen === '::' ? '::1' : listen
  return `\
# OTLP over gRPC
OTEL_EXPORTER_OTLP_ENDPOINT=http://${joined(host, GRPC_PORT)}
OTEL_EXPORTER_OTLP_PROTOCOL=grpc

# or OTLP over HTTP
OTEL_EXPORTER_OTLP_ENDPOINT=http://${joined(host, HTTP_PORT)}
OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
`
}

type Labelled = readonly (readonly [Service, string])[]

/** tempo, tempo_2, ... */
function withLabels(services: readonly Service[]): Labelled {
  const counts = new Map<string, number>()
  return services.map((service) => {
    const count = (counts.get(service.name) ?? 0) + 1
    counts.set(service.name, count)
    return [service, count === 1 ? service.name : `${service.name}_${count}`]
  })
}

function receiver({ listen }: Wishes, labelled: Labelled): string {
  const isDefault = listen === '127.0.0.1'
  const port = (number: number) =>
    isDefault ? '{ }' : `{\nendpoint = ${quoted(joined(listen, number))}\n}`
  const outputs = SIGNALS.flatMap((signal) => {
    const takers = labelled.filter(([{ name }]) => DESTINATIONS[name]!.signals.includes(signal))
    const inputs = takers.map(([service, label]) => `${componentOf(service)}.${label}.input`)
    return inputs.length > 0 ? [`${signal} = [${inputs.join(', ')}]`] : []
  })
  return `\
// OTLP from programs: ${joined(listen, GRPC_PORT)} takes gRPC, ${joined(listen, HTTP_PORT)} HTTP.
otelcol.receiver.otlp "default" {
grpc ${port(GRPC_PORT)}

http ${port(HTTP_PORT)}

output {
${outputs.join('\n')}
}
}`
}

function exporter(service: Service, label: string, { tenant, credentials }: Wishes): string {
  const { address, insecure } = service.endpoint
  const lines = [`endpoint = ${quoted(address)}`]
  if (credentials) lines.push(`auth = ${authOf(credentials)}.default.handler`)
  if (tenant) lines.push('', `headers = {\n"X-Scope-OrgID" = ${quoted(tenant)},\n}`)
  if (insecure) lines.push('', 'tls {\ninsecure = true\n}')
  return `${componentOf(service)} ${quoted(label)} {\nclient {\n${lines.join('\n')}\n}\n}`
}

function componentOf({ endpoint }: Service): string {
  return endpoint.protocol === 'grpc' ? 'otelcol.exporter.otlp' : 'otelcol.exporter.otlphttp'
}

function authOf({ kind }: Credentials): string {
  return `otelcol.auth.${kind}`
}

function credentialBlocks(credentials: Credentials | undefined): readonly string[] {
  if (!credentials) return []
  const place = credentials.kind === 'basic' ? credentials.password : credentials.token
  const value =
    'variable' in place ? `sys.env(${quoted(place.variable)})` : `local.file.${SECRET_FILE}.content`
  const body =
    credentials.kind === 'basic'
      ? `client_auth {\nusername = ${quoted(credentials.user)}\npassword = ${value}\n}`
      : `token = ${value}`
  return [
    ...('file' in place
      ? [`local.file "${SECRET_FILE}" {\nfilename = ${quoted(place.file)}\nis_secret = true\n}`]
      : []),
    `${authOf(credentials)} "default" {\n${body}\n}`,
  ]
}

function joined(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** River reads the escapes of JSON. */
function quoted(text: string): string {
  return JSON.stringify(text)
}
