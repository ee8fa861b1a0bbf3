import type { Duplex } from 'node:stream'
import { type Clock, type Network, Retryable } from '#sdk'
import { formatAddress } from './address.js'
import { reasonOf } from './reason.js'
import type { ClientTls } from './tls.js'

/** Where requests go first. */
export interface HttpProxy {
  /** An `http:` URL; user and password are sent to the proxy. */
  readonly url: URL
  /** Sent with CONNECT besides. */
  readonly connectHeaders?: ReadonlyMap<string, readonly string[]>
}

/** TLS for `https:` URLs, there already or set up when the first of them is asked for. */
export type TlsSource = ClientTls | (() => Promise<ClientTls>)

export interface HttpConnectOptions {
  readonly network: Network
  readonly clock: Clock
  readonly tls: TlsSource | undefined
  readonly proxy: HttpProxy | undefined
}

interface Endpoint {
  readonly host: string
  readonly port: number
}

const CONNECT_MS = 20_000
/** A proxy's answer to CONNECT is refused beyond this. */
const PROXY_ANSWER_BYTES_MAX = 16 * 1024

/**
 * An open connection for requests to `url`, through the proxy where there is one. Rejects with
 * Retryable.
 */
export async function connectHttp(url: URL, options: HttpConnectOptions): Promise<Duplex> {
  const { network, clock, tls, proxy } = options
  const isTls = url.protocol === 'https:'
  const target = { host: hostOf(url), port: Number(url.port) || (isTls ? 443 : 80) }
  const first = proxy ? { host: hostOf(proxy.url), port: Number(proxy.url.port) || 80 } : target
  let where: Endpoint = first
  let socket = network.connect(first)
  // Each step listens for errors of its own; one between two steps shows in the next.
  socket.on('error', () => {})
  const timer = clock.timer(CONNECT_MS, () => socket.destroy(timedOut()))
  try {
    if ((socket as { connecting?: boolean }).connecting) await happens(socket, 'connect')
    if (proxy && isTls) await askProxy(socket, proxy, target)
    where = target
    if (isTls) {
      if (!tls) throw new Error('no TLS set up for https')
      const ready = typeof tls === 'function' ? await tls() : tls
      socket = ready.connect(socket, target.host, ['http/1.1'])
      await happens(socket, 'secureConnect')
    }
    if (socket.destroyed) throw socket.errored ?? new Error('connection closed')
    return socket
  } catch (error) {
    socket.destroy()
    const text = `cannot connect to ${formatAddress(where)}: ${reasonOf(error)}`
    throw new Retryable(text, { cause: error })
  } finally {
    timer.cancel()
  }
}

/** The user and password of a proxy's URL as a header value. */
export function proxyAuthorization({ url }: HttpProxy): string | undefined {
  if (!url.username && !url.password) return undefined
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}

/** Asks for a tunnel: RFC 9110, 9.3.6. */
async function askProxy(socket: Duplex, proxy: HttpProxy, target: Endpoint): Promise<void> {
  const authority = formatAddress(target)
  const authorization = proxyAuthorization(proxy)
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`]
  if (authorization) lines.push(`Proxy-Authorization: ${authorization}`)
  for (const [name, values] of proxy.connectHeaders ?? []) {
    for (const value of values) lines.push(`${name}: ${value}`)
  }
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  let answer = Buffer.alloc(0)
  while (!answer.includes('\r\n\r\n') && answer.length < PROXY_ANSWER_BYTES_MAX) {
    await happens(socket, 'readable')
    for (let chunk = socket.read(); chunk; chunk = socket.read()) {
      answer = Buffer.concat([answer, chunk as Buffer])
    }
    if (socket.readableEnded) throw new Error('the proxy closed the connection')
  }
  const end = answer.indexOf('\r\n\r\n') + 4
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer.toString('latin1'))?.[1] ?? 'no HTTP'
  if (end < 4 || status !== '200') {
    throw new Error(`the proxy answered ${status} to CONNECT ${authority}`)
  }
  if (end < answer.length) socket.unshift(answer.subarray(end))
}

/** Resolves when the event comes, rejects when the connection fails or ends before. */
function happens(socket: Duplex, event: 'connect' | 'secureConnect' | 'readable'): Promise<void> {
  return new Promise((resolve, reject) => {
    const onEvent = () => settle(resolve)
    const onError = (error: Error) => settle(() => reject(error))
    const onClose = () => settle(() => reject(socket.errored ?? new Error('connection closed')))
    const settle = (how: () => void) => {
      socket.removeListener(event, onEvent)
      socket.removeListener('error', onError)
      socket.removeListener('close', onClose)
      how()
    }
    socket.once(event, onEvent)
    socket.once('error', onError)
    socket.once('close', onClose)
    if (socket.destroyed) onClose()
  })
}

/** Without the brackets of IPv6. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

function timedOut(): Error {
  return Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })
}
