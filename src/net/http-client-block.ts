/**
 * The arguments of HTTP clients as components of prometheus, loki, discovery and remote have them:
 * fields to spread into a body, and what they must be together.
 */
import {
  type ArgumentsOf,
  attributes,
  block,
  boolean,
  choice,
  list,
  map,
  type Problem,
  type Schema,
  Secret,
  secret,
  string,
  stringOrSecret,
  type,
} from '#sdk'
import { isProxyUrl, type ProxySettings } from './proxy-choice.js'
import { type ClientTlsConfig, checkTls } from './tls-config.js'

const proxyFields = {
  proxy_url: stringOrSecret({ about: 'An HTTP proxy, such as "http://proxy:3128".' }),
  no_proxy: string({
    about: 'Hosts, domains and address ranges, with commas between, that need no proxy.',
  }),
  proxy_from_environment: boolean({
    default: false,
    about: 'Takes the proxy from HTTP_PROXY, HTTPS_PROXY and NO_PROXY.',
  }),
  proxy_connect_header: map(type.list(type.secret), {
    default: {},
    about: 'Headers for the proxy, sent when it is asked for a tunnel.',
  }),
} as const

const tlsFields = {
  ca_pem: string({ about: 'What certificates of servers are signed by, as text.' }),
  ca_file: string({ about: 'What certificates of servers are signed by, as a path.' }),
  cert_pem: string({ about: 'The certificate of this client, as text.' }),
  cert_file: string({ about: 'The certificate of this client, as a path.' }),
  key_pem: secret({ about: 'Its private key, as text.' }),
  key_file: string({ about: 'Its private key, as a path.' }),
  server_name: string({ about: 'The name the certificate must be for, if not the host.' }),
  insecure_skip_verify: boolean({ default: false, about: 'Trusts any certificate.' }),
  min_version: choice(['TLS10', 'TLS11', 'TLS12', 'TLS13'], {
    about: 'The oldest version of TLS allowed; TLS 1.2 unless it is set.',
  }),
} as const

type TlsValues = ArgumentsOf<Schema<typeof tlsFields>>

const tlsConfig = block(
  attributes(tlsFields, (values) =>
    checkTls(tlsOf(values), 'client').map(({ field, message }) => ({ path: [field], message })),
  ),
  { absent: 'defaults', about: 'How connections to https:// addresses are secured.' },
)

const basicAuth = attributes(
  {
    username: string({ default: '', about: 'The user.' }),
    password: secret({ about: 'The password.' }),
    password_file: string({ about: 'A file with the password, read again when it changes.' }),
  },
  ({ password, password_file }) => oneOf({ password, password_file }),
)

const authorization = attributes(
  {
    type: string({ default: 'Bearer', about: 'The word before the credentials.' }),
    credentials: secret({ about: 'The credentials.' }),
    credentials_file: string({ about: 'A file with them, read again when it changes.' }),
  },
  ({ type: scheme, credentials, credentials_file }): readonly Problem[] => {
    if (/^\s*basic\s*$/i.test(scheme)) {
      const message = 'authorization cannot be of type "basic"'
      return [{ path: ['type'], message, help: 'use the block basic_auth' }]
    }
    if (!/^[\w-]*$/.test(scheme.trim())) {
      return [{ path: ['type'], message: 'type is one word, such as "Bearer"' }]
    }
    return oneOf({ credentials, credentials_file })
  },
)

const oauth2 = attributes(
  {
    client_id: string({ default: '', about: 'Who this client is to the token endpoint.' }),
    client_secret: secret({ about: 'Its secret.' }),
    client_secret_file: string({ about: 'A file with it, read again when it changes.' }),
    scopes: list(type.string(), { default: [], about: 'The scopes to ask for.' }),
    token_url: string({ default: '', about: 'Where tokens are fetched.' }),
    endpoint_params: map(type.string(), {
      default: {},
      about: 'Fields of the token request besides.',
    }),
    ...proxyFields,
    tls_config: tlsConfig,
  },
  (values): readonly Problem[] => {
    const { client_id: id, client_secret, client_secret_file, token_url: url } = values
    if (id === '') return [{ path: ['client_id'], message: 'oauth2 needs client_id' }]
    if (!isHttpUrl(url)) {
      const message = 'oauth2 needs token_url, a URL with http:// or https://'
      return [{ path: ['token_url'], message }]
    }
    if (given({ client_secret, client_secret_file }).length === 0) {
      return [{ path: [], message: 'oauth2 needs client_secret or client_secret_file' }]
    }
    return [...oneOf({ client_secret, client_secret_file }), ...checkProxy(values)]
  },
)

export const httpClientFields = {
  bearer_token: secret({ about: 'Sent as "Authorization: Bearer ...".' }),
  bearer_token_file: string({ about: 'A file with the token, read again when it changes.' }),
  follow_redirects: boolean({
    default: true,
    about: 'Follows redirects; credentials and http_headers go no further than to the same host.',
  }),
  enable_http2: boolean({ default: true, about: 'Has no effect: requests are HTTP/1.1.' }),
  http_headers: map(type.list(type.secret), {
    default: {},
    about: 'Headers of every request, each with a list of values.',
  }),
  ...proxyFields,
  basic_auth: block(basicAuth, { about: 'A user and a password.' }),
  authorization: block(authorization, { about: 'Credentials of any other scheme.' }),
  oauth2: block(oauth2, { about: 'Tokens that are fetched with client credentials.' }),
  tls_config: tlsConfig,
} as const

/** What `httpClientFields` decode to. */
export type HttpClientValues = ArgumentsOf<Schema<typeof httpClientFields>>

/** The check of a body that has `httpClientFields`. */
export function checkHttpClient(values: HttpClientValues): readonly Problem[] {
  const { bearer_token, bearer_token_file, basic_auth, authorization, oauth2 } = values
  return [
    ...oneOf({ bearer_token, bearer_token_file, basic_auth, authorization, oauth2 }),
    ...checkProxy(values),
    ...checkHeaders(values.http_headers),
  ]
}

/** A `tls_config` block as the `tls` of net. */
export function tlsOf({ min_version: version, ...values }: TlsValues): ClientTlsConfig {
  return { ...values, min_version: version?.replace(/^TLS1/, 'TLS 1.') }
}

export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

/** Names of what is set; empty texts are as good as nothing. */
function given(fields: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(fields).filter((name) => {
    const value = fields[name]
    return value instanceof Secret ? value.reveal() !== '' : value !== undefined && value !== ''
  })
}

function oneOf(fields: Readonly<Record<string, unknown>>): readonly Problem[] {
  const [first, second] = given(fields)
  if (first === undefined || second === undefined) return []
  return [{ path: [second], message: `set ${first} or ${second}, not both` }]
}

function checkProxy(values: ProxySettings): readonly Problem[] {
  const { proxy_from_environment: fromEnvironment, proxy_connect_header: headers } = values
  const url = values.proxy_url?.reveal() ?? ''
  if (url !== '' && !isProxyUrl(url)) {
    const message = 'proxy_url is a URL with http://, such as "http://proxy:3128"'
    return [{ path: ['proxy_url'], message }]
  }
  if (fromEnvironment && url !== '') {
    const message = 'set proxy_url or proxy_from_environment, not both'
    return [{ path: ['proxy_url'], message }]
  }
  if (values.no_proxy && url === '') {
    const message = fromEnvironment
      ? 'with proxy_from_environment, no_proxy comes from the environment too'
      : 'no_proxy needs proxy_url'
    return [{ path: ['no_proxy'], message }]
  }
  if (headers.size > 0 && url === '' && !fromEnvironment) {
    const message = 'proxy_connect_header needs proxy_url or proxy_from_environment'
    return [{ path: ['proxy_connect_header'], message }]
  }
  return wrongHeader(headers, 'proxy_connect_header')
}

/** Set by what they belong to, and by nobody else. */
const RESERVED = new Set(
  `authorization host content-encoding content-length content-type user-agent connection
  keep-alive proxy-authenticate proxy-authorization www-authenticate accept-encoding
  transfer-encoding x-prometheus-remote-write-version x-prometheus-remote-read-version
  x-prometheus-scrape-timeout-seconds x-amz-date x-amz-security-token
  x-amz-content-sha256`.split(/\s+/),
)

function checkHeaders(headers: HttpClientValues['http_headers']): readonly Problem[] {
  const reserved = [...headers.keys()].find((name) => RESERVED.has(name.toLowerCase()))
  if (reserved === undefined) return wrongHeader(headers, 'http_headers')
  return [{ path: ['http_headers'], message: `http_headers cannot set "${reserved}"` }]
}

/** RFC 9110, sections 5.1 and 5.5. */
function wrongHeader(headers: HttpClientValues['http_headers'], field: string): readonly Problem[] {
  for (const [name, values] of headers) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      return [{ path: [field], message: `"${name}" is no name of a header` }]
    }
    if (values.some((value) => /[\0\r\n]/.test(value.reveal()))) {
      return [{ path: [field], message: `the value of "${name}" has more than one line` }]
    }
  }
  return []
}
