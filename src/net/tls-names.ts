import { getCiphers, type SecureVersion } from 'node:tls'

/** TLS versions as configs write them. */
export const TLS_VERSIONS: ReadonlyMap<string, SecureVersion> = new Map([
  ['TLS 1.0', 'TLSv1'],
  ['TLS 1.1', 'TLSv1.1'],
  ['TLS 1.2', 'TLSv1.2'],
  ['TLS 1.3', 'TLSv1.3'],
])

interface Cipher {
  /** OpenSSL's name. */
  readonly name: string
  readonly isInsecure: boolean
}

const KEY_EXCHANGES: ReadonlyMap<string, string> = new Map([
  ['ECDHE_ECDSA', 'ECDHE-ECDSA-'],
  ['ECDHE_RSA', 'ECDHE-RSA-'],
  ['RSA', ''],
])

/** The second part of Go's names, and OpenSSL's word for it. */
const BULK: ReadonlyMap<string, Cipher> = new Map([
  ['AES_128_GCM_SHA256', { name: 'AES128-GCM-SHA256', isInsecure: false }],
  ['AES_256_GCM_SHA384', { name: 'AES256-GCM-SHA384', isInsecure: false }],
  ['AES_128_CBC_SHA', { name: 'AES128-SHA', isInsecure: false }],
  ['AES_256_CBC_SHA', { name: 'AES256-SHA', isInsecure: false }],
  ['AES_128_CBC_SHA256', { name: 'AES128-SHA256', isInsecure: true }],
  ['CHACHA20_POLY1305', { name: 'CHACHA20-POLY1305', isInsecure: false }],
  ['CHACHA20_POLY1305_SHA256', { name: 'CHACHA20-POLY1305', isInsecure: false }],
  ['3DES_EDE_CBC_SHA', { name: 'DES-CBC3-SHA', isInsecure: true }],
  ['RC4_128_SHA', { name: 'RC4-SHA', isInsecure: true }],
])

/**
 * A cipher suite by the name Go or OpenSSL gives it; undefined for one this build of Node does not
 * have.
 */
export function findCipher(name: string): Cipher | undefined {
  const known = (openssl: string) => getCiphers().includes(openssl.toLowerCase())
  const go = /^TLS_(.+)_WITH_(.+)$/.exec(name)
  if (!go) return known(name) ? { name, isInsecure: false } : undefined
  const exchange = KEY_EXCHANGES.get(go[1]!)
  const bulk = BULK.get(go[2]!)
  if (exchange === undefined || !bulk || !known(exchange + bulk.name)) return undefined
  // Without an ephemeral key exchange, a stolen key opens old recordings.
  return { name: exchange + bulk.name, isInsecure: bulk.isInsecure || exchange === '' }
}

/** Curves by the names Go gives them, and by OpenSSL's. */
export const CURVES: ReadonlyMap<string, string> = new Map([
  ['X25519', 'X25519'],
  ['P256', 'P-256'],
  ['P384', 'P-384'],
  ['P521', 'P-521'],
])
