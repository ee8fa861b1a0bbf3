import { type Clock, type Files, type Log, type Network, Permanent, type Secret } from '#sdk'
import { basicAuth, type HttpAuth, plainAuth } from './http-auth.js'
import {
  HTTP_CLIENT_DEFAULTS,
  type HttpCall,
  HttpClient,
  type HttpClientOptions,
  type HttpReply,
} from './http-client.js'
import { type HttpClientValues, tlsOf } from './http-client-block.js'
import { harmlessHeaders, isSameHost, redirected } from './http-redirect.js'
import { Oauth2Auth } from './oauth2-auth.js'
import { chooseProxy, type ProxySettings } from './proxy-choice.js'
import { openSecret } from './secret-file.js'
import { ClientTls } from './tls.js'
import type { ClientTlsConfig } from './tls-config.js'

export interface HttpClientSurroundings {
  readonly network: Network
  readonly clock: Clock
  readonly files: Files
  readonly log: Log
}

/** What callers choose besides what configs say. */
export type HttpClientChoices = Pick<HttpClientOptions, 'userAgent'> &
  Partial<Pick<HttpClientOptions, 'idleTimeoutMs' | 'requestBytesMax' | 'responseBytesMax'>>

/** As many as Go's client follows. */
const REDIRECTS_MAX = 10

/**
 * An HTTP client as `httpClientFields` configure it: credentials, TLS, proxy, headers, redirects.
 * Files are read again when they change.
 */
export class ConfiguredHttpClient {
  readonly #values: HttpClientValues
  readonly #clock: Clock
  readonly #client: HttpClient
  readonly #auth: HttpAuth | undefined
  readonly #headers: Readonly<Record<string, readonly string[]>>
  readonly #parts: Parts

  /** Reads the files. Rejects with Retryable or Permanent naming what is wrong. */
  static async open(
    values: HttpClientValues,
    surroundings: HttpClientSurroundings,
    choices: HttpClientChoices,
  ): Promise<ConfiguredHttpClient> {
    const parts = new Parts()
    try {
      const client = await openClient(values, surroundings, choices, parts)
      const auth = await openAuth(values, surroundings, choices, parts)
      return new ConfiguredHttpClient(values, surroundings.clock, client, auth, parts)
    } catch (error) {
      await parts.close(AbortSignal.abort())
      throw error
    }
  }

  private constructor(
    values: HttpClientValues,
    clock: Clock,
    client: HttpClient,
    auth: HttpAuth | undefined,
    parts: Parts,
  ) {
    this.#values = values
    this.#clock = clock
    this.#client = client
    this.#auth = auth
    this.#parts = parts
    this.#headers = Object.fromEntries(
      [...values.http_headers].map(([name, list]) => [
        name.toLowerCase(),
        list.map((value) => value.reveal()),
      ]),
    )
  }

  /**
   * Settles as `HttpClient.request` does, and rejects with Retryable where credentials cannot be
   * had. `timeoutMs` is for all of it, redirects and tokens included. Headers of the call win over
   * those of the config.
   */
  async request(call: HttpCall): Promise<HttpReply> {
    const deadline = this.#clock.monotonic() + call.timeoutMs
    let step = call
    let isTrusted = true
    for (let redirects = 0; ; redirects++) {
      const reply = await this.#send(step, isTrusted, deadline)
      const next = this.#values.follow_redirects ? redirected(step, reply) : undefined
      if (!next) return reply
      if (redirects === REDIRECTS_MAX) {
        throw new Permanent(`${call.url.host} redirects more than ${REDIRECTS_MAX} times`)
      }
      // Once left, the host that the credentials are for is left for good.
      isTrusted &&= isSameHost(next.url, call.url)
      step = next
    }
  }

  /** Waits for requests under way, or for `giveUp`. */
  close(giveUp: AbortSignal): Promise<void> {
    return this.#parts.close(giveUp)
  }

  async #send(call: HttpCall, isTrusted: boolean, deadline: number): Promise<HttpReply> {
    const headers = isTrusted
      ? { ...this.#headers, ...call.headers }
      : harmlessHeaders(call.headers)
    const credentials =
      isTrusted && headers['authorization'] === undefined
        ? await this.#credentials(call.url, this.#left(deadline))
        : undefined
    const reply = await this.#client.request({
      ...call,
      url: withoutUser(call.url),
      headers: credentials === undefined ? headers : { ...headers, authorization: credentials },
      timeoutMs: this.#left(deadline),
    })
    if (reply.status === 401 && credentials !== undefined) this.#auth?.refused(credentials)
    return reply
  }

  /** Those of the address, where the config has none. */
  async #credentials(url: URL, timeoutMs: number): Promise<string | undefined> {
    if (this.#auth) return this.#auth.authorization(timeoutMs)
    if (!url.username && !url.password) return undefined
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    return `Basic ${Buffer.from(pair).toString('base64')}`
  }

  #left(deadline: number): number {
    return Math.max(0, Math.ceil(deadline - this.#clock.monotonic()))
  }
}

/** What was opened, in the order in which it is closed. */
class Parts {
  readonly #closers: ((giveUp: AbortSignal) => unknown)[] = []

  add(close: (giveUp: AbortSignal) => unknown): void {
    this.#closers.push(close)
  }

  async close(giveUp: AbortSignal): Promise<void> {
    for (const close of this.#closers.splice(0)) await close(giveUp)
  }
}

/** For requests of the component, or for those to the token endpoint. */
async function openClient(
  values: ProxySettings & Pick<HttpClientValues, 'tls_config'>,
  surroundings: HttpClientSurroundings,
  choices: HttpClientChoices,
  parts: Parts,
): Promise<HttpClient> {
  const { network, clock } = surroundings
  const client = new HttpClient({
    ...HTTP_CLIENT_DEFAULTS,
    ...choices,
    tls: await openTls(tlsOf(values.tls_config), surroundings, parts),
    proxy: chooseProxy(values, network.proxyVariables ?? {}),
    network,
    clock,
  })
  parts.add((giveUp) => client.close(giveUp))
  return client
}

const TLS_FILES = ['ca_file', 'cert_file', 'key_file'] as const

/**
 * What the config names must be good from the start, and is read again when it changes. Without
 * that, the authorities of the system are read when something is to be asked by TLS.
 */
async function openTls(
  config: ClientTlsConfig,
  surroundings: HttpClientSurroundings,
  parts: Parts,
): Promise<() => Promise<ClientTls>> {
  const { files } = surroundings
  let loading: Promise<ClientTls> | undefined
  const load = () => {
    loading ??= ClientTls.load(config, surroundings)
    return loading
  }
  const paths = TLS_FILES.flatMap((field) => config[field] || [])
  if (paths.length > 0 || config.ca_pem || config.cert_pem) {
    const tls = await load()
    const reload = () => {
      tls.reload().catch(() => {})
    }
    for (const path of paths) {
      const watcher = files.watch(path, reload)
      parts.add(() => watcher.close())
    }
  }
  return load
}

async function openAuth(
  values: HttpClientValues,
  surroundings: HttpClientSurroundings,
  { userAgent }: HttpClientChoices,
  parts: Parts,
): Promise<HttpAuth | undefined> {
  const sourceOf = async (secret: Secret | undefined, path: string | undefined) => {
    const source = await openSecret(secret, path, surroundings)
    parts.add(() => source.close())
    return source
  }
  const { basic_auth: basic, authorization, oauth2, bearer_token: token } = values
  if (basic) return basicAuth(basic.username, await sourceOf(basic.password, basic.password_file))
  if (authorization) {
    const { type, credentials, credentials_file: path } = authorization
    return plainAuth(type.trim() || 'Bearer', await sourceOf(credentials, path))
  }
  if (token?.reveal() || values.bearer_token_file) {
    return plainAuth('Bearer', await sourceOf(token, values.bearer_token_file))
  }
  if (!oauth2) return undefined
  return new Oauth2Auth({
    tokenUrl: new URL(oauth2.token_url),
    clientId: oauth2.client_id,
    clientSecret: await sourceOf(oauth2.client_secret, oauth2.client_secret_file),
    scopes: oauth2.scopes,
    endpointParams: oauth2.endpoint_params,
    client: await openClient(oauth2, surroundings, { userAgent }, parts),
    clock: surroundings.clock,
  })
}

/** User and password of an address are for the header, not for the request line. */
function withoutUser(url: URL): URL {
  if (!url.username && !url.password) return url
  const plain = new URL(url)
  plain.username = ''
  plain.password = ''
  return plain
}
