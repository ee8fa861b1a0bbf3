import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { rootCertificates, type SecureContextOptions } from 'node:tls'
import { type Files, messageOf, Permanent } from '#sdk'
import { type ServerTlsConfig, type TlsConfig, textOf } from './tls-config.js'
import { CURVES, findCipher, TLS_VERSIONS } from './tls-names.js'

/** What a `tls` block and its files come to. */
export interface TlsMaterial {
  readonly context: SecureContextOptions
  /** Changes when anything of it does. */
  readonly fingerprint: string
  /** What works and yet should be looked at, such as an expired certificate. */
  readonly warnings: readonly string[]
}

/** Where Linux distributions keep the system's authorities. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Reads and proves a server's side. Rejects with Permanent naming the field and the file. */
export async function loadServerMaterial(
  config: ServerTlsConfig,
  files: Files,
  now: number,
): Promise<TlsMaterial> {
  const identity = await readIdentity(config, files, now)
  const clientCa = await readText('client_ca_file', config.client_ca_file, undefined, files)
  const ca = clientCa && certificatesIn(clientCa, `client_ca_file ${config.client_ca_file}`)
  return material(config, identity, ca ? [...ca] : undefined)
}

/** Reads and proves a client's side. */
export async function loadClientMaterial(
  config: TlsConfig,
  files: Files,
  now: number,
): Promise<TlsMaterial> {
  const identity = await readIdentity(config, files, now)
  const caText = await readText('ca_file', config.ca_file, config.ca_pem, files)
  const own = caText ? certificatesIn(caText, nameOf('ca', config.ca_file)) : []
  const withSystem = own.length === 0 || config.include_system_ca_certs_pool
  const system = withSystem ? [...rootCertificates, ...(await readSystemBundle(files))] : []
  return material(config, identity, [...own, ...system])
}

interface Identity {
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly warnings: readonly string[]
}

function material(
  config: TlsConfig,
  { cert, key, warnings }: Identity,
  ca: string[] | undefined,
): TlsMaterial {
  const minVersion = TLS_VERSIONS.get(config.min_version || 'TLS 1.2')!
  const ciphers = (config.cipher_suites ?? []).flatMap((name) => findCipher(name)?.name ?? [])
  const curves = (config.curve_preferences ?? []).flatMap((name) => CURVES.get(name) ?? [])
  const isOld = minVersion < 'TLSv1.2'
  // OpenSSL allows TLS below 1.2 at security level 0 only.
  if (isOld) ciphers.push(...(ciphers.length === 0 ? ['DEFAULT'] : []), '@SECLEVEL=0')
  const context: SecureContextOptions = {
    minVersion,
    maxVersion: TLS_VERSIONS.get(config.max_version || 'TLS 1.3')!,
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
    ...(ciphers.length === 0 ? {} : { ciphers: ciphers.join(':') }),
    ...(curves.length === 0 ? {} : { ecdhCurve: curves.join(':') }),
  }
  return { context, fingerprint: JSON.stringify(context), warnings }
}

async function readIdentity(config: TlsConfig, files: Files, now: number): Promise<Identity> {
  const [cert, key] = await Promise.all([
    readText('cert_file', config.cert_file, config.cert_pem, files),
    readText('key_file', config.key_file, textOf(config.key_pem), files),
  ])
  if (!cert || !key) return { cert: undefined, key: undefined, warnings: [] }
  const certName = nameOf('cert', config.cert_file)
  const keyName = nameOf('key', config.key_file)
  const [first] = certificatesIn(cert, certName)
  const leaf = new X509Certificate(first!)
  if (!leaf.checkPrivateKey(privateKeyIn(key, keyName))) {
    throw new Permanent(`${keyName} does not belong to the certificate in ${certName}`)
  }
  const warnings: string[] = []
  if (Date.parse(leaf.validTo) < now) {
    warnings.push(`the certificate in ${certName} expired on ${leaf.validTo}`)
  } else if (Date.parse(leaf.validFrom) > now) {
    warnings.push(`the certificate in ${certName} is not valid before ${leaf.validFrom}`)
  }
  return { cert, key, warnings }
}

/** The PEM blocks of a text, each proven to be a certificate. */
function certificatesIn(text: string, name: string): readonly string[] {
  const blocks = text.match(PEM_CERTIFICATE) ?? []
  if (blocks.length === 0) throw new Permanent(`${name} holds no PEM certificate`)
  for (const block of blocks) {
    try {
      new X509Certificate(block)
    } catch (error) {
      throw new Permanent(`${name} holds a broken certificate`, { cause: error })
    }
  }
  return blocks
}

function privateKeyIn(text: string, name: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch (error) {
    const isEncrypted = /ENCRYPTED/.test(text)
    const reason = isEncrypted
      ? 'is encrypted; decrypt it first, as with "openssl pkey"'
      : 'holds no PEM private key'
    throw new Permanent(`${name} ${reason}`, { cause: error })
  }
}

async function readText(
  field: string,
  path: string | undefined,
  pem: string | undefined,
  files: Files,
): Promise<string | undefined> {
  if (!path) return pem || undefined
  try {
    return Buffer.from(await files.read(path)).toString('utf8')
  } catch (error) {
    throw new Permanent(`${field}: ${messageOf(error)}`, { cause: error })
  }
}

/** The system's authorities; none where there is no such file. */
async function readSystemBundle(files: Files): Promise<readonly string[]> {
  for (const path of SYSTEM_BUNDLES) {
    const bytes = await files.read(path).catch(() => undefined)
    if (bytes) return Buffer.from(bytes).toString('utf8').match(PEM_CERTIFICATE) ?? []
  }
  return []
}

function nameOf(what: string, path: string | undefined): string {
  return path ? `${what}_file ${path}` : `${what}_pem`
}
