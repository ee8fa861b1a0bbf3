import type { Socket } from 'node:net'
import type { Agent, Dispatcher } from 'undici'
import { type Clock, formatDuration, type Network, Permanent, Retryable } from '#sdk'
import { decompress, parseEncoding } from './decompress.js'
import { connectHttp, type HttpProxy, proxyAuthorization, type TlsSource } from './http-connect.js'
import { reasonOf } from './reason.js'

export interface HttpClientOptions {
  /** For `https:` URLs. */
  readonly tls?: TlsSource | undefined
  /** An `http:` URL for all requests, or what chooses for each; undefined goes there itself. */
  readonly proxy?: URL | ProxyChoice | undefined
  /** Connections to one server; 0 for as many as there are requests. */
  readonly connectionsMax: number
  /** False: each request has a connection of its own. */
  readonly keepAlive: boolean
  /** Unused connections are closed after this. */
  readonly idleTimeoutMs: number
  /** Larger requests are not sent. */
  readonly requestBytesMax: number
  /** Counted after decompression as well. */
  readonly responseBytesMax: number
  readonly userAgent: string
  readonly network: Network
  readonly clock: Clock
}

export type ProxyChoice = (url: URL) => HttpProxy | undefined

export const HTTP_CLIENT_DEFAULTS = {
  connectionsMax: 0,
  keepAlive: true,
  idleTimeoutMs: 90_000,
  requestBytesMax: 64 * 1024 * 1024,
  responseBytesMax: 4 * 1024 * 1024,
} as const

export interface HttpCall {
  readonly method: string
  readonly url: URL
  /** Sent one after another, without being joined. */
  readonly body?: readonly Uint8Array[]
  /** Names in lower case; undefined sends none, a list one for each. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export interface HttpReply {
  readonly status: number
  /** Decompressed. */
  readonly body: Uint8Array
  /** A header's first value, lower-case name. */
  header(name: string): string | undefined
}

/** Why a request was given up. */
type Quit = { readonly error: Retryable | Permanent }

/**
 * HTTP/1.1 requests over pooled connections. Redirects are answers like any other: none is
 * followed.
 */
export class HttpClient {
  readonly #options: HttpClientOptions
  readonly #proxyFor: ProxyChoice
  readonly #agent: Promise<Agent>
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(options: HttpClientOptions) {
    const { proxy } = options
    this.#options = options
    this.#proxyFor = typeof proxy === 'function' ? proxy : () => proxy && { url: proxy }
    this.#agent = openAgent(options, this.#proxyFor)
  }

  /**
   * Resolves with whatever the server answered. Rejects with Retryable where there is no whole
   * answer (no connection, timeout, connection lost, `signal`), with Permanent where the request
   * or answer is too large.
   */
  async request(call: HttpCall): Promise<HttpReply> {
    const work = this.#request(call)
    this.#underWay.add(work)
    try {
      return await work
    } finally {
      this.#underWay.delete(work)
    }
  }

  /** Waits for requests under way, or for `giveUp`, then closes the connections. */
  async close(giveUp: AbortSignal): Promise<void> {
    const cut = new Promise<void>((resolve) => {
      giveUp.addEventListener('abort', () => resolve(), { once: true })
      if (giveUp.aborted) resolve()
    })
    await Promise.race([Promise.allSettled(this.#underWay), cut])
    await (await this.#agent).destroy()
  }

  async #request(call: HttpCall): Promise<HttpReply> {
    const { clock, requestBytesMax } = this.#options
    const { url, signal, timeoutMs } = call
    const bytes = sum(call.body ?? [])
    if (bytes > requestBytesMax) {
      throw new Permanent(
        `cannot send ${bytes} bytes to ${url.host}: the limit is ${requestBytesMax}`,
      )
    }
    const quit = new AbortController()
    const late = `no answer from ${url.host} within ${formatDuration(timeoutMs)}`
    const timer = clock.timer(timeoutMs, () => quit.abort({ error: new Retryable(late) }))
    const cancel = () =>
      quit.abort({ error: new Retryable(`the request to ${url.host} was cancelled`) })
    signal?.addEventListener('abort', cancel, { once: true })
    if (signal?.aborted) cancel()
    try {
      return await this.#exchange(call, bytes, quit)
    } catch (error) {
      if (quit.signal.aborted) throw (quit.signal.reason as Quit).error
      if (error instanceof Permanent || error instanceof Retryable) throw error
      throw new Retryable(`no answer from ${url.host}: ${reasonOf(error)}`, { cause: error })
    } finally {
      timer.cancel()
      signal?.removeEventListener('abort', cancel)
    }
  }

  async #exchange(call: HttpCall, bytes: number, quit: AbortController): Promise<HttpReply> {
    const { keepAlive, responseBytesMax } = this.#options
    const { method, url, body } = call
    const agent = await this.#agent
    // Requests without TLS are given to the proxy as they are; the others go through a tunnel.
    const proxy = url.protocol === 'http:' ? this.#proxyFor(url) : undefined
    const answer = await agent.request({
      origin: proxy ? proxy.url.origin : url.origin,
      path: proxy ? url.href : url.pathname + url.search,
      method: method as Dispatcher.HttpMethod,
      headers: this.#headers(call, bytes, proxy),
      body: bodyOf(body),
      reset: !keepAlive,
      signal: quit.signal,
    })
    const header = (name: string) => {
      const value = answer.headers[name]
      return typeof value === 'string' ? value : value?.[0]
    }
    const raw = await readAll(answer.body, responseBytesMax, url, quit)
    return { status: answer.statusCode, header, body: await expand(raw, header, responseBytesMax) }
  }

  #headers(
    { url, body, headers }: HttpCall,
    bytes: number,
    proxy: HttpProxy | undefined,
  ): Record<string, string | string[]> {
    const all: Record<string, string | string[]> = {
      'user-agent': this.#options.userAgent,
      'accept-encoding': 'gzip',
    }
    if (body) all['content-length'] = String(bytes)
    if (proxy) {
      all['host'] = url.host
      const authorization = proxyAuthorization(proxy)
      if (authorization) all['proxy-authorization'] = authorization
    }
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (value === undefined) delete all[name]
      else all[name] = value as string | string[]
    }
    return all
  }
}

/** Agents that send nothing over HTTP do without undici: 20 MiB of memory and 70 ms at start. */
async function openAgent(options: HttpClientOptions, proxyFor: ProxyChoice): Promise<Agent> {
  const { network, clock, tls, connectionsMax, idleTimeoutMs } = options
  const undici = await import('undici')
  return new undici.Agent({
    connections: connectionsMax || null,
    pipelining: 1,
    keepAliveTimeout: idleTimeoutMs,
    keepAliveMaxTimeout: idleTimeoutMs,
    // The timeout of the call holds for all of it.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: ({ protocol, hostname, port }, callback) => {
      const url = new URL(`${protocol}//${hostname}${port ? `:${port}` : ''}`)
      connectHttp(url, { network, clock, tls, proxy: proxyFor(url) }).then(
        (socket) => callback(null, socket as Socket),
        (error: Error) => callback(error, null),
      )
    },
  })
}

/** One chunk goes as it is, more as an iterable: undici writes them one after another. */
function bodyOf(chunks: readonly Uint8Array[] | undefined): Uint8Array | null {
  if (!chunks || chunks.length === 0) return null
  return (chunks.length === 1 ? chunks[0]! : chunks) as Uint8Array
}

async function readAll(
  body: AsyncIterable<Buffer>,
  bytesMax: number,
  url: URL,
  quit: AbortController,
): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > bytesMax) {
      const text = `the answer from ${url.host} is larger than the limit of ${bytesMax} bytes`
      quit.abort({ error: new Permanent(text) })
    }
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

async function expand(
  raw: Uint8Array,
  header: (name: string) => string | undefined,
  bytesMax: number,
): Promise<Uint8Array> {
  const token = header('content-encoding')
  if (!token || raw.length === 0) return raw
  const encoding = parseEncoding(token)
  if (!encoding) throw new Permanent(`the answer has an unknown content-encoding "${token}"`)
  try {
    return await decompress(encoding, raw, bytesMax)
  } catch (error) {
    throw new Permanent(`cannot read the answer: ${reasonOf(error)}`, { cause: error })
  }
}

function sum(chunks: readonly Uint8Array[]): number {
  let bytes = 0
  for (const chunk of chunks) bytes += chunk.length
  return bytes
}
