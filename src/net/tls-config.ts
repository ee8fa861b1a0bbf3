import type { Secret } from '#sdk'
import { CURVES, findCipher, TLS_VERSIONS } from './tls-names.js'

/**
 * What the `tls` blocks of servers and clients have in common; an empty string is as good as none.
 */
export interface TlsConfig {
  readonly ca_file?: string | undefined
  readonly ca_pem?: string | undefined
  readonly cert_file?: string | undefined
  readonly cert_pem?: string | undefined
  readonly key_file?: string | undefined
  readonly key_pem?: Secret | undefined
  /** Names of Go or of OpenSSL; for TLS 1.2 and older. Empty for Node's choice. */
  readonly cipher_suites?: readonly string[] | undefined
  readonly curve_preferences?: readonly string[] | undefined
  readonly include_insecure_cipher_suites?: boolean | undefined
  readonly include_system_ca_certs_pool?: boolean | undefined
  readonly min_version?: string | undefined
  readonly max_version?: string | undefined
  /** Milliseconds between looks at the files; 0 never looks again. */
  readonly reload_interval?: number | undefined
}

export interface ServerTlsConfig extends TlsConfig {
  /** Clients must show a certificate that it has signed. */
  readonly client_ca_file?: string | undefined
}

export interface ClientTlsConfig extends TlsConfig {
  /** The name to ask for and to find in the certificate, where it is not that of the address. */
  readonly server_name?: string | undefined
  readonly insecure_skip_verify?: boolean | undefined
}

export interface TlsProblem {
  /** The attribute of the block. */
  readonly field: string
  /** What is wrong and what to do; one line. */
  readonly message: string
}

/** What can be said of a `tls` block without opening a file. */
export function checkTls(config: TlsConfig, side: 'server' | 'client'): readonly TlsProblem[] {
  const problems: TlsProblem[] = []
  const add = (field: string, message: string) => problems.push({ field, message })
  for (const what of ['ca', 'cert', 'key'] as const) {
    if (config[`${what}_file`] && textOf(config[`${what}_pem`])) {
      add(`${what}_pem`, `set ${what}_file or ${what}_pem, not both`)
    }
  }
  const hasCert = Boolean(config.cert_file || config.cert_pem)
  const hasKey = Boolean(config.key_file || textOf(config.key_pem))
  if (hasCert && !hasKey) add('cert_file', 'the certificate needs its key: set key_file or key_pem')
  if (hasKey && !hasCert) {
    add('key_file', 'the key needs its certificate: set cert_file or cert_pem')
  }
  if (side === 'server' && !hasCert && !hasKey) {
    add('cert_file', 'a server needs a certificate and a key: set cert_file and key_file')
  }
  checkVersions(config, add)
  checkCiphers(config, add)
  for (const name of config.curve_preferences ?? []) {
    if (!CURVES.has(name)) {
      const known = [...CURVES.keys()].join(', ')
      add('curve_preferences', `unknown curve "${name}"; known are ${known}`)
    }
  }
  return problems
}

type Add = (field: string, message: string) => void

function checkVersions(config: TlsConfig, add: Add): void {
  const known = [...TLS_VERSIONS.keys()].map((name) => `"${name}"`)
  for (const field of ['min_version', 'max_version'] as const) {
    const name = config[field]
    if (name && !TLS_VERSIONS.has(name)) {
      add(field, `unknown TLS version "${name}"; known are ${known.join(', ')}`)
    }
  }
  const least = TLS_VERSIONS.get(config.min_version || 'TLS 1.2')
  const most = TLS_VERSIONS.get(config.max_version || 'TLS 1.3')
  if (least && most && least > most) add('min_version', 'min_version is above max_version')
}

function checkCiphers(config: TlsConfig, add: Add): void {
  for (const name of config.cipher_suites ?? []) {
    const cipher = findCipher(name)
    if (!cipher) add('cipher_suites', `unknown cipher suite "${name}"`)
    else if (cipher.isInsecure && !config.include_insecure_cipher_suites) {
      add(
        'cipher_suites',
        `"${name}" is insecure; drop it, or set include_insecure_cipher_suites = true`,
      )
    }
  }
}

/** A PEM text that may be secret. */
export function textOf(pem: string | Secret | undefined): string {
  return typeof pem === 'string' ? pem : (pem?.reveal() ?? '')
}
