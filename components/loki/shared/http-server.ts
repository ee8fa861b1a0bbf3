/** The `http` block of components of Loki that listen, and the offer it makes. */
import {
  checkTls,
  HTTP_SERVER_DEFAULTS,
  type HttpErrorBody,
  type HttpRoute,
  httpOffer,
  type Offer,
  ServerTls,
  type StatusError,
} from '#net'
import {
  type ArgumentsOf,
  attributes,
  block,
  type Context,
  duration,
  integer,
  secret,
  string,
} from '#sdk'

const tls = attributes(
  {
    cert_pem: string({ about: 'The certificate, as text.' }),
    cert_file: string({ about: 'The certificate, as a path.' }),
    key_pem: secret({ about: 'The private key, as text.' }),
    key_file: string({ about: 'The private key, as a path.' }),
    client_ca_file: string({
      about: 'A path; clients must show a certificate that this has signed.',
    }),
  },
  (values) => checkTls(values, 'server').map(({ field, message }) => ({ path: [field], message })),
)

const http = attributes({
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

export const httpServer = block(http, { absent: 'defaults', about: 'Where it listens.' })

type HttpValues = ArgumentsOf<typeof http>

export function addressOf({ listen_address: host, listen_port: port }: HttpValues) {
  return { host: host === '' ? '::' : host, port }
}

/** With the tls that it serves, which is to be closed. Bodies are left as they come. */
export async function offerOf(
  { files, clock, log, fail }: Context,
  values: HttpValues,
  routes: ReadonlyMap<string, HttpRoute>,
  bodyBytesMax: number,
): Promise<{ readonly offer: Offer; readonly tls: ServerTls | undefined }> {
  const tls = values.tls && (await ServerTls.load(values.tls, { files, clock, log }))
  const offer = httpOffer({
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
  return { offer, tls }
}

/** The reason alone, as Loki answers. */
function renderError({ message }: StatusError): HttpErrorBody {
  return { contentType: 'text/plain; charset=utf-8', body: Buffer.from(`${message}\n`) }
}
