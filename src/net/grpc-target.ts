import type { Address } from '#sdk'
import { formatAddress, parseAddress } from './address.js'

/** Where a gRPC client connects to. */
export interface GrpcTarget {
  readonly address: Address
  /** What the scheme says of TLS; undefined without one. */
  readonly tls: boolean | undefined
  /** For messages, and the default `:authority`: `tempo:4317`. */
  readonly name: string
}

/**
 * `host:port`, `http://host:port` (without TLS), `https://host:port`, `dns:///host:port`,
 * `unix:/path`. A string says what is wrong with the text.
 */
export function parseGrpcTarget(text: string): GrpcTarget | string {
  const match = /^(?:(https?|dns):\/\/)?(.*)$/s.exec(text.trim())!
  const scheme = match[1]
  let rest = match[2]!
  if (scheme === 'dns') {
    if (!rest.startsWith('/')) {
      return `"${text}" names a DNS server, which is not supported: write dns:///host:port`
    }
    rest = rest.slice(1)
  }
  if (scheme !== undefined && rest.startsWith('unix:')) return `"${text}" has two schemes`
  if (/[/?#@]/.test(rest) && !rest.startsWith('unix:')) {
    return `"${text}" must be host:port, without a path`
  }
  const address = parseAddress(rest)
  if (!address) return `"${text}" needs a host and a port, as in "tempo:4317"`
  if (rest.startsWith(':') || ('port' in address && address.port === 0)) {
    return `"${text}" needs a host and a port, as in "tempo:4317"`
  }
  const tls = scheme === 'https' ? true : scheme === 'http' ? false : undefined
  return { address, tls, name: formatAddress(address) }
}
