import type { HttpCall, HttpReply } from './http-client.js'

const CONTENT_HEADERS = ['content-type', 'content-encoding', 'content-length']
const HARMLESS_HEADERS = [...CONTENT_HEADERS, 'accept', 'user-agent']

/** Those that a host may see which was not asked for. */
export function harmlessHeaders(
  headers: HttpCall['headers'] = {},
): NonNullable<HttpCall['headers']> {
  const kept = Object.entries(headers).filter(([name]) => HARMLESS_HEADERS.includes(name))
  return Object.fromEntries(kept)
}

/**
 * The request that a redirect asks for, undefined for other answers: RFC 9110, section 15.4. All
 * but 307 and 308 turn it into a GET without a body.
 */
export function redirected(call: HttpCall, reply: HttpReply): HttpCall | undefined {
  const { status } = reply
  const location = reply.header('location')
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined
  if (!URL.canParse(location, call.url.href)) return undefined
  const url = new URL(location, call.url)
  if (!/^https?:$/.test(url.protocol)) return undefined
  if (status >= 307) return { ...call, url }
  const { body: _, headers = {}, ...rest } = call
  const kept = Object.entries(headers).filter(([name]) => !CONTENT_HEADERS.includes(name))
  const method = call.method === 'HEAD' ? 'HEAD' : 'GET'
  return { ...rest, method, url, headers: Object.fromEntries(kept) }
}

/** The host itself or one below it, and not without TLS where there was TLS. */
export function isSameHost(to: URL, from: URL): boolean {
  if (from.protocol === 'https:' && to.protocol !== 'https:') return false
  return to.hostname === from.hostname || to.hostname.endsWith(`.${from.hostname}`)
}
