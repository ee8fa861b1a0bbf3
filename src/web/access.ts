/** Who may speak to the admin address. */
import { timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { HttpArguments } from './http-block.js'

export type AuthArguments = NonNullable<HttpArguments['auth']>

/** Whether only programs of this machine reach a listener on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host)
}

/** Whether strangers are kept out: by credentials, or by client certificates that are verified. */
export function isProtected({ auth, tls }: HttpArguments): boolean {
  const asks = auth !== undefined && (auth.basic !== undefined || auth.bearer !== undefined)
  return asks || tls?.client_auth_type === 'RequireAndVerifyClientCert'
}

/**
 * Whether a Host header names this machine: an address, or localhost. A page whose own name was
 * made to point here (DNS rebinding) sends that name.
 */
export function isOwnHost(header: string | undefined, listenHost: string): boolean {
  if (header === undefined) return true
  const host = header
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
  if (host === listenHost || host === 'localhost' || host.endsWith('.localhost')) return true
  return isIP(host) !== 0
}

/** Whether this request needs credentials, by the block's filter. */
export function asksForCredentials(auth: AuthArguments | undefined, url: string): boolean {
  if (!auth || (!auth.basic && !auth.bearer)) return false
  const path = auth.filter && pathOf(url)
  if (!auth.filter || path === undefined) return true
  const matches = auth.filter.paths.some((prefix) => path.startsWith(prefix))
  return matches === auth.filter.authenticate_matching_paths
}

/** Browsers cannot send a token of their own: they give it as the password of any user. */
export function isCredential(
  { basic, bearer }: AuthArguments,
  header: string | undefined,
): boolean {
  const [, scheme = '', given = ''] = /^(basic|bearer) +(\S+)$/i.exec(header ?? '') ?? []
  const token = bearer?.token.reveal()
  if (scheme.toLowerCase() === 'bearer') return token !== undefined && isSame(given, token)
  if (given === '') return false
  const pair = Buffer.from(given, 'base64').toString()
  if (basic && isSame(pair, `${basic.username}:${basic.password.reveal()}`)) return true
  return token !== undefined && isSame(pair.slice(pair.indexOf(':') + 1), token)
}

/** As the handler will read it: dots resolved, escapes decoded. Undefined for what is no path. */
function pathOf(url: string): string | undefined {
  try {
    return decodeURI(new URL(url, 'http://admin').pathname)
  } catch {
    return undefined
  }
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
