/** What a config listens on, sends to and reads, for `weir doctor`. */
import type { Program } from '#config'
import { plannedValues } from '#graph'
import { parseAddress, parseGrpcTarget } from '#net'
import type { Address } from '#sdk'

export interface Listens {
  readonly component: string
  readonly address: Address
}

/** The `tls` block of a client, as far as a connection is judged by it. */
export interface TlsWishes {
  readonly ca_file?: string | undefined
  readonly ca_pem?: string | undefined
  readonly server_name?: string | undefined
  readonly insecure_skip_verify?: boolean | undefined
}

export interface Sends {
  readonly component: string
  /** As the config writes it, without a user and a password. */
  readonly endpoint: string
  readonly address: Address
  /** Undefined for plain text. */
  readonly tls: TlsWishes | undefined
  readonly isHttp: boolean
}

export interface Reads {
  readonly component: string
  readonly path: string
  readonly isCertificate: boolean
}

export interface Places {
  readonly listens: readonly Listens[]
  readonly sends: readonly Sends[]
  readonly reads: readonly Reads[]
  /** Components whose arguments are known only once others have started. */
  readonly unknown: readonly string[]
}

type Body = Readonly<Record<string, unknown>>

const DESTINATION_NAMES = new Set(['endpoint', 'url', 'token_url'])
const FILE_NAME = /^filename$|_file$/

export function placesOf(program: Program): Places {
  const listens: Listens[] = []
  const sends: Sends[] = []
  const reads: Reads[] = []
  const unknown: string[] = []
  const values = plannedValues(program)
  for (const { id, definition } of program.nodes) {
    const body = values.get(id) as Body | undefined
    if (!body) {
      unknown.push(id)
      continue
    }
    eachBody(body, (one) => {
      if (definition.kind === 'receiver') listens.push(...listensOf(id, one))
      if (definition.kind !== 'receiver') sends.push(...sendsOf(id, one))
      reads.push(...readsOf(id, one))
    })
  }
  return { listens, sends, reads, unknown }
}

/** The body, and those of its blocks. */
function eachBody(body: Body, visit: (body: Body) => void): void {
  visit(body)
  for (const value of Object.values(body)) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isBody(one)) eachBody(one, visit)
    }
  }
}

function isBody(value: unknown): value is Body {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  )
}

/** `endpoint`, or a host and a port as receivers of Loki and Prometheus have them. */
function listensOf(component: string, body: Body): readonly Listens[] {
  const { endpoint, transport, listen_address: host, listen_port: port } = body
  if (typeof port === 'number') {
    return [{ component, address: { host: typeof host === 'string' && host ? host : '::', port } }]
  }
  if (typeof endpoint !== 'string') return []
  const address = transport === 'unix' ? { path: endpoint } : parseAddress(endpoint)
  return address ? [{ component, address }] : []
}

function sendsOf(component: string, body: Body): readonly Sends[] {
  return Object.entries(body).flatMap(([name, value]) => {
    if (!DESTINATION_NAMES.has(name) || typeof value !== 'string' || value === '') return []
    const tls = isBody(body['tls'])
      ? body['tls']
      : isBody(body['tls_config'])
        ? body['tls_config']
        : {}
    const one = sendOf(component, value, tls)
    return one ? [one] : []
  })
}

/** A URL is HTTP, unless it has no path and `tls` says that gRPC may go in plain text. */
function sendOf(component: string, text: string, tls: Body): Sends | undefined {
  const wishes = tls as TlsWishes
  if (/^https?:\/\//.test(text)) {
    if (!URL.canParse(text)) return undefined
    const url = new URL(text)
    const isTls = url.protocol === 'https:'
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const port = Number(url.port) || (isTls ? 443 : 80)
    return {
      component,
      endpoint: `${url.protocol}//${url.host}`,
      address: { host, port },
      tls: isTls ? wishes : undefined,
      isHttp: !component.startsWith('otelcol.exporter.otlp.'),
    }
  }
  const target = parseGrpcTarget(text)
  if (typeof target === 'string') return undefined
  const isTls = target.tls ?? tls['insecure'] !== true
  return {
    component,
    endpoint: target.name,
    address: target.address,
    tls: isTls ? wishes : undefined,
    isHttp: false,
  }
}

function readsOf(component: string, body: Body): readonly Reads[] {
  return Object.entries(body).flatMap(([name, value]) => {
    if (!FILE_NAME.test(name) || typeof value !== 'string' || value === '') return []
    return [{ component, path: value, isCertificate: name === 'cert_file' }]
  })
}
