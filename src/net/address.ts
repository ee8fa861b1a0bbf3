import { isIPv6 } from 'node:net'
import type { Address } from '#sdk'

/**
 * An address to listen on: `host:port`, `[::1]:port`, `:port` (every interface), `unix:/path`.
 * Undefined when it is none.
 */
export function parseAddress(text: string): Address | undefined {
  const unix = /^unix:(?:\/\/)?(.+)$/.exec(text)
  if (unix) return { path: unix[1]! }
  const match = /^(?:\[([^\]]*)\]|([^:[\]/\s]*)):(\d{1,5})$/.exec(text)
  if (!match) return undefined
  const [, bracketed, plain, digits] = match
  const port = Number(digits)
  if (port > 65_535 || (bracketed !== undefined && !isIPv6(bracketed))) return undefined
  return { host: bracketed ?? (plain || '::'), port }
}

/** As it is written in a config: `127.0.0.1:4317`, `[::1]:4317`, `unix:/run/otlp.sock`. */
export function formatAddress(address: Address): string {
  if ('path' in address) return `unix:${address.path}`
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`
}

/** One key for all ways to write an address: what a listener is leased under. */
export function listenerKey(address: Address): string {
  return `listener ${formatAddress(address)}`
}
