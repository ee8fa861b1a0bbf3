/**
 * The `http` block of components of prometheus and loki that listen, and the offer it makes.
 */
import {
  type ArgumentsOf,
  attributes,
  block,
  type Context,
  choice,
  duration,
  integer,
  listening,
  type Problem,
  secret,
  string,
} from '#sdk'
import {
  HTTP_SERVER_DEFAULTS,
  type HttpErrorBody,
  type HttpRoute,
  httpOffer,
} from './http-server.js'
import { type Listener, leaseListener, type Offer } from './listener.js'
import type { Served } from './serving.js'
import type { StatusError } from './status.js'
import { ServerTls } from './tls.js'
import { checkTls } from './tls-config.js'

const tls = attributes(
  {
    cert_pem: string({ about: 'The certificate, as text.' }),
    cert_file: string({ about: 'The certificate, as a path.' }),
    key_pem: secret({ about: 'The private key, as text.' }),
    key_file: string({ about: 'The private key, as a path.' }),
    client_ca_file: string({
      about: 'A path; clients must show a certificate that this has signed.',
    }),
    client_auth_type: choice(['NoClientCert', 'RequireAndVerifyClientCert'], {
      about: 'The second needs client_ca_file, which asks for certificates by itself.',
    }),
  },
  (values) => [
    ...checkTls(values, 'server').map(({ field, message }) => ({ path: [field], message })),
    ...checkClients(values.client_auth_type, values.client_ca_file),
  ],
)

function checkClients(type: string | undefined, authority: string | undefined): readonly Problem[] {
  if (type === undefined || (type === 'NoClientCert') === !authority) return []
  const message = authority
    ? 'with client_ca_file clients must show a certificate: NoClientCert contradicts it'
    : 'RequireAndVerifyClientCert needs client_ca_file'
  return [{ path: ['client_auth_type'], message }]
}

const fields = attributes({
  listen_address: string({
    default: '127.0.0.1',
    about: 'The address it listens on; "" is every one.',
  }),
  listen_port: integer({ default: 8080, min: 0, max: 65_535, about: 'The port; 0 is a free one.' }),
  conn_limit: integer({
    default: 0,
    min: 0,
    max: 1_000_000,
    about: 'Connections at once; 0 is 4096.',
  }),
  server_read_timeout: duration({
    default: '30s',
    min: '1ms',
    about: 'A request must come within.',
  }),
  server_write_timeout: duration({
    default: '30s',
    min: '1ms',
    about: 'An answer must be taken within.',
  }),
  server_idle_timeout: duration({
    default: '120s',
    min: '1ms',
    about: 'Idle connections are closed after.',
  }),
  tls: block(tls, { about: 'Serves TLS; not written, it does not.' }),
})
const http = listening(
  fields,
  ['listen_address', 'listen_port'],
  ({ listen_address: host, listen_port: port }) => `${host}:${port}`,
)

export const httpServerBlock = block(http, { absent: 'defaults', about: 'Where it listens.' })

type HttpServerValues = ArgumentsOf<typeof http>

/** What a component with this block serves. Bodies are left as they come. */
export class HttpBlockServer {
  readonly #listener: Listener
  readonly #offer: Offer
  readonly #tls: ServerTls | undefined
  #served: Served | undefined

  private constructor(listener: Listener, offer: Offer, tls: ServerTls | undefined) {
    this.#listener = listener
    this.#offer = offer
    this.#tls = tls
  }

  /** Listens. Rejects with Retryable or Permanent naming what is wrong. */
  static async open(
    context: Context,
    values: HttpServerValues,
    routes: ReadonlyMap<string, HttpRoute>,
    bodyBytesMax: number,
  ): Promise<HttpBlockServer> {
    const { files, clock, log } = context
    const tls = values.tls && (await ServerTls.load(values.tls, { files, clock, log }))
    const { listen_address: host, listen_port: port } = values
    try {
      const listener = await leaseListener(context, { host: host === '' ? '::' : host, port })
      return new HttpBlockServer(listener, offerOf(context, values, routes, bodyBytesMax, tls), tls)
    } catch (error) {
      tls?.close()
      throw error
    }
  }

  /** From now on it answers. */
  activate(): void {
    this.#served = this.#listener.serve(this.#offer)
  }

  /** Answers what is under way. */
  async stop(giveUp: AbortSignal): Promise<void> {
    this.#tls?.close()
    await this.#served?.drain(giveUp)
  }
}

function offerOf(
  { fail }: Context,
  values: HttpServerValues,
  routes: ReadonlyMap<string, HttpRoute>,
  bodyBytesMax: number,
  tls: ServerTls | undefined,
): Offer {
  return httpOffer({
    ...HTTP_SERVER_DEFAULTS,
    routes,
    tls,
    encodings: [],
    bodyBytesMax,
    connectionsMax: values.conn_limit || HTTP_SERVER_DEFAULTS.connectionsMax,
    readHeaderTimeoutMs: values.server_read_timeout,
    readTimeoutMs: values.server_read_timeout,
    writeTimeoutMs: values.server_write_timeout,
    idleTimeoutMs: values.server_idle_timeout,
    renderError,
    onBug: (error) => fail(error),
  })
}

/** The reason alone, as Loki and Prometheus answer. */
function renderError({ message }: StatusError): HttpErrorBody {
  return { contentType: 'text/plain; charset=utf-8', body: Buffer.from(`${message}\n`) }
}
