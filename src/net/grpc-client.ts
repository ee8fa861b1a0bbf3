import { type Clock, formatDuration, type Network, Permanent, Retryable } from '#sdk'
import { type Compression, compress } from './compress.js'
import { GrpcBalancer } from './grpc-balancer.js'
import { type GrpcAnswer, GrpcExchange } from './grpc-exchange.js'
import { formatGrpcTimeout, messagePrefix } from './grpc-frames.js'
import type { GrpcTarget } from './grpc-target.js'
import type { ClientPings } from './http2-client.js'
import type { ClientConnection, ClientStream, HeaderFields } from './http2-layer.js'
import { Code } from './status.js'
import type { ClientTls } from './tls.js'

export interface GrpcClientOptions {
  readonly target: GrpcTarget
  /** Without it connections are in plain text. */
  readonly tls?: ClientTls | undefined
  readonly balancer: 'round_robin' | 'pick_first'
  /** The `:authority` of requests, where it is not the target. */
  readonly authority?: string | undefined
  /** Sent with every call; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly compression: Compression
  /** One of `compressionLevels`. */
  readonly compressionLevel?: number | undefined
  readonly pings: ClientPings
  /** Calls wait for a connection as long as their timeout lets them, instead of failing with it. */
  readonly waitForReady: boolean
  /** Larger messages are not sent, counted before compression. */
  readonly requestBytesMax: number
  /** Counted after decompression as well. */
  readonly responseBytesMax: number
  readonly userAgent: string
  readonly network: Network
  readonly clock: Clock
  readonly random: () => number
}

export const GRPC_CLIENT_DEFAULTS = {
  balancer: 'round_robin',
  headers: {},
  compression: 'gzip',
  pings: {
    afterMs: Number.POSITIVE_INFINITY,
    timeoutMs: 20_000,
    withoutStream: false,
  },
  waitForReady: false,
  requestBytesMax: 64 * 1024 * 1024,
  responseBytesMax: 4 * 1024 * 1024,
} as const

export interface CallOptions {
  readonly timeoutMs: number
  /** Set over those of the client; undefined removes one. Names in lower case. */
  readonly headers?: ReadonlyMap<string, string | undefined>
  readonly signal?: AbortSignal
}

/** Requests that a server surely did not look at are sent again at once, this often. */
const TRANSPARENT_TRIES = 3

/** Unary calls to one target, over connections that are made when needed. */
export class GrpcClient {
  readonly #options: GrpcClientOptions
  readonly #balancer: GrpcBalancer
  readonly #headers: HeaderFields
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(options: GrpcClientOptions) {
    const { target, tls, network, clock, random, pings } = options
    this.#options = options
    const authority = options.authority ?? target.name
    this.#balancer = new GrpcBalancer({
      address: target.address,
      spread: options.balancer === 'round_robin',
      secure: (socket) => tls?.connect(socket, hostOf(target), ['h2']) ?? socket,
      network,
      pings,
      clock,
      random,
    })
    this.#headers = {
      ':method': 'POST',
      ':scheme': tls ? 'https' : 'http',
      ':authority': 'path' in target.address && !options.authority ? 'localhost' : authority,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': options.userAgent,
      'grpc-accept-encoding': 'identity,gzip,deflate,zstd,snappy',
      ...(options.compression === 'none' ? {} : { 'grpc-encoding': tokenOf(options.compression) }),
      ...options.headers,
    }
  }

  /**
   * One call; `message` is sent as one, without being joined first when it is not compressed.
   * Resolves with whatever the server answered. Rejects with Retryable where there is no answer
   * (no connection, timeout, connection lost, `signal`), with Permanent where the request or the
   * answer is too large.
   */
  async call(
    path: string,
    message: readonly Uint8Array[],
    options: CallOptions,
  ): Promise<GrpcAnswer> {
    const call = this.#call(path, message, options)
    this.#underWay.add(call)
    try {
      return await call
    } finally {
      this.#underWay.delete(call)
    }
  }

  /** Waits for calls under way, or for `giveUp`, then closes the connections. */
  async close(giveUp: AbortSignal): Promise<void> {
    const cut = new Promise<void>((resolve) => {
      giveUp.addEventListener('abort', () => resolve(), { once: true })
      if (giveUp.aborted) resolve()
    })
    await Promise.race([Promise.allSettled(this.#underWay), cut])
    this.#balancer.destroy()
  }

  async #call(
    path: string,
    message: readonly Uint8Array[],
    options: CallOptions,
  ): Promise<GrpcAnswer> {
    const { clock, target } = this.#options
    const { timeoutMs, signal } = options
    const endsAt = clock.monotonic() + timeoutMs
    const quit = new AbortController()
    const timeout = `no answer from ${target.name} within ${formatDuration(timeoutMs)}`
    const timer = clock.timer(timeoutMs, () => {
      quit.abort(new Retryable(timeout, { code: Code.DEADLINE_EXCEEDED }))
    })
    const cancel = () => quit.abort(new Retryable(`the call to ${target.name} was cancelled`))
    signal?.addEventListener('abort', cancel, { once: true })
    if (signal?.aborted) cancel()
    try {
      const body = await this.#body(message)
      return await this.#tryAll(body, this.#headersOf(path, options), endsAt, quit.signal)
    } finally {
      timer.cancel()
      signal?.removeEventListener('abort', cancel)
    }
  }

  async #body(message: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    const { compression, compressionLevel, requestBytesMax, target } = this.#options
    const bytes = sum(message)
    if (bytes > requestBytesMax) {
      throw new Permanent(
        `cannot send ${bytes} bytes to ${target.name}: the limit is ${requestBytesMax}`,
      )
    }
    const isPlain = compression === 'none'
    // gRPC's snappy is the framed one.
    const codec = compression === 'snappy' ? 'x-snappy-framed' : compression
    const packed = isPlain ? message : await compress(codec, message, compressionLevel)
    return [messagePrefix(sum(packed), !isPlain), ...packed]
  }

  #headersOf(
    path: string,
    { headers }: CallOptions,
  ): Record<string, string | string[] | undefined> {
    const all: Record<string, string | string[] | undefined> = { ...this.#headers, ':path': path }
    for (const [name, value] of headers ?? []) all[name] = value
    return all
  }

  async #tryAll(
    body: readonly Uint8Array[],
    headers: Record<string, string | string[] | undefined>,
    endsAt: number,
    quit: AbortSignal,
  ): Promise<GrpcAnswer> {
    const { clock, target, waitForReady } = this.#options
    for (let tries = 1; ; tries++) {
      const connection = await orQuit(this.#balancer.pick(waitForReady, quit), quit)
      headers['grpc-timeout'] = formatGrpcTimeout(endsAt - clock.monotonic())
      const result = await this.#exchange(connection, headers, body, quit)
      if (!('reason' in result)) return result
      if (!result.unprocessed || tries === TRANSPARENT_TRIES) {
        throw new Retryable(`no answer from ${target.name}: ${result.reason}`)
      }
    }
  }

  async #exchange(
    connection: ClientConnection,
    headers: HeaderFields,
    body: readonly Uint8Array[],
    quit: AbortSignal,
  ) {
    const exchange = new GrpcExchange(this.#options.responseBytesMax)
    let stream: ClientStream | undefined
    try {
      stream = connection.request(headers, body, exchange)
      return await orQuit(exchange.result, quit)
    } catch (error) {
      stream?.cancel()
      if (quit.aborted) connection.probe()
      throw error
    }
  }
}

function hostOf({ address }: GrpcTarget): string {
  return 'host' in address ? address.host : 'localhost'
}

function tokenOf(compression: Compression): string {
  if (compression === 'x-snappy-framed') return 'snappy'
  return compression === 'zlib' ? 'deflate' : compression
}

function sum(chunks: readonly Uint8Array[]): number {
  let bytes = 0
  for (const chunk of chunks) bytes += chunk.length
  return bytes
}

/** What `work` settles with, unless `quit` aborts first: then its reason is thrown. */
function orQuit<T>(work: Promise<T>, quit: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(quit.reason as Error)
    if (quit.aborted) stop()
    else quit.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => quit.removeEventListener('abort', stop))
  })
}
