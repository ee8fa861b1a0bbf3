import { type Clock, messageOf, Retryable } from '#sdk'
import type { HttpAuth } from './http-auth.js'
import type { HttpClient, HttpReply } from './http-client.js'
import type { SecretSource } from './secret-file.js'

/** The client credentials grant: RFC 6749, section 4.4. */
export interface Oauth2Options {
  readonly tokenUrl: URL
  readonly clientId: string
  readonly clientSecret: SecretSource
  readonly scopes: readonly string[]
  /** Fields of the token request besides; they win. */
  readonly endpointParams: ReadonlyMap<string, string>
  /** Asks the token endpoint. */
  readonly client: HttpClient
  readonly clock: Clock
}

interface Token {
  readonly authorization: string
  /** Of the monotonic clock. */
  readonly goodUntil: number
  /** What it was asked for with. */
  readonly secret: string
}

/** How the client says who it is. Servers take one of the two, or both: section 2.3.1. */
type Style = 'header' | 'body'

/** A token is replaced so long before it ends, as what is on its way needs it too. */
const EARLY_MS = 10_000
const REASON_LENGTH_MAX = 200

/** A token is fetched when the first request needs it, and kept as long as it is good. */
export class Oauth2Auth implements HttpAuth {
  readonly #options: Oauth2Options
  #token: Token | undefined
  /** Requests that come meanwhile wait for the same token. */
  #fetching: Promise<Token> | undefined
  #style: Style | undefined

  constructor(options: Oauth2Options) {
    this.#options = options
  }

  async authorization(timeoutMs: number): Promise<string> {
    const { clock, clientSecret } = this.#options
    const token = this.#token
    if (token && clock.monotonic() < token.goodUntil && token.secret === clientSecret.text) {
      return token.authorization
    }
    this.#fetching ??= this.#fetch(timeoutMs).finally(() => {
      this.#fetching = undefined
    })
    this.#token = await this.#fetching
    return this.#token.authorization
  }

  refused(value: string): void {
    if (this.#token?.authorization === value) this.#token = undefined
    this.#options.clientSecret.refresh()
  }

  async #fetch(timeoutMs: number): Promise<Token> {
    const { tokenUrl, clientSecret, clock } = this.#options
    const secret = clientSecret.text
    const styles: readonly Style[] = this.#style ? [this.#style] : ['header', 'body']
    let reason = ''
    for (const style of styles) {
      const reply = await this.#ask(style, secret, timeoutMs)
      const answer = readAnswer(reply)
      if (answer.token === undefined) {
        reason = answer.reason
        continue
      }
      this.#style = style
      const { token, type, expiresInMs } = answer
      const goodUntil = clock.monotonic() + expiresInMs - EARLY_MS
      return { authorization: `${type} ${token}`, goodUntil, secret }
    }
    // A secret in a file may be about to change.
    clientSecret.refresh()
    throw new Retryable(`cannot get a token from ${tokenUrl.host}: ${reason}`)
  }

  async #ask(style: Style, secret: string, timeoutMs: number): Promise<HttpReply> {
    const { tokenUrl, clientId, scopes, endpointParams, client } = this.#options
    const form = new URLSearchParams({ grant_type: 'client_credentials' })
    if (scopes.length > 0) form.set('scope', scopes.join(' '))
    if (style === 'body') {
      form.set('client_id', clientId)
      if (secret !== '') form.set('client_secret', secret)
    }
    for (const [name, value] of endpointParams) form.set(name, value)
    const pair = Buffer.from(`${formEncoded(clientId)}:${formEncoded(secret)}`)
    const authorization = style === 'header' ? `Basic ${pair.toString('base64')}` : undefined
    try {
      return await client.request({
        method: 'POST',
        url: tokenUrl,
        headers: { 'content-type': 'application/x-www-form-urlencoded', authorization },
        body: [Buffer.from(form.toString())],
        timeoutMs,
      })
    } catch (error) {
      // A token may come the next time, whatever was wrong.
      throw new Retryable(`cannot get a token: ${messageOf(error)}`, { cause: error })
    }
  }
}

type Answer =
  | { readonly token: string; readonly type: string; readonly expiresInMs: number }
  | { readonly token: undefined; readonly reason: string }

/** Section 5 of RFC 6749; some servers answer with a form, and some with 200 for an error. */
function readAnswer(reply: HttpReply): Answer {
  const fields = fieldsOf(reply)
  const error = fields('error')
  if (reply.status < 200 || reply.status > 299 || error) {
    const details = [error, fields('error_description')].filter(Boolean).join(': ')
    const reason = `it answered ${reply.status}${details && ` (${details})`}`
    return { token: undefined, reason: reason.slice(0, REASON_LENGTH_MAX) }
  }
  const token = fields('access_token')
  if (!token || /[^\x20-\x7e]/.test(token)) {
    return { token: undefined, reason: 'its answer holds no token' }
  }
  const seconds = Number(fields('expires_in'))
  const expiresInMs = seconds > 0 ? seconds * 1000 : Number.POSITIVE_INFINITY
  return { token, type: schemeOf(fields('token_type')), expiresInMs }
}

function fieldsOf(reply: HttpReply): (name: string) => string | undefined {
  const text = Buffer.from(reply.body).toString()
  const type = reply.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type === 'application/x-www-form-urlencoded' || type === 'text/plain') {
    const form = new URLSearchParams(text)
    return (name) => form.get(name) ?? undefined
  }
  try {
    const json = new Map(Object.entries(JSON.parse(text) as object))
    return (name) => {
      const value: unknown = json.get(name)
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
    }
  } catch {
    return () => undefined
  }
}

/** Names of schemes are the same in either case; servers of resources may not know that. */
function schemeOf(type = 'Bearer'): string {
  return /^(?:bearer)?$/i.test(type) || !/^[\w-]+$/.test(type) ? 'Bearer' : type
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}
