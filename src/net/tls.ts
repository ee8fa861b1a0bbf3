import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  connect,
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
  type TLSSocket,
} from 'node:tls'
import { type Clock, type Files, type Log, messageOf, Permanent, type Timer } from '#sdk'
import { type ClientTlsConfig, checkTls, type ServerTlsConfig } from './tls-config.js'
import { loadClientMaterial, loadServerMaterial, type TlsMaterial } from './tls-material.js'

/** What loading needs from outside. */
export interface TlsSurroundings {
  readonly files: Files
  readonly clock: Clock
  readonly log: Log
}

/**
 * Certificates and keys, read again by interval and on demand. Broken new ones are reported, and
 * the last good stay.
 */
class ReloadingMaterial {
  readonly #load: () => Promise<TlsMaterial>
  readonly #surroundings: TlsSurroundings
  readonly #intervalMs: number
  readonly #changed: () => void
  #material: TlsMaterial
  #reported = ''
  #timer: Timer | undefined
  #closed = false

  constructor(
    material: TlsMaterial,
    load: () => Promise<TlsMaterial>,
    intervalMs: number,
    surroundings: TlsSurroundings,
    changed: () => void,
  ) {
    this.#material = material
    this.#load = load
    this.#intervalMs = intervalMs
    this.#surroundings = surroundings
    this.#changed = changed
    this.#warn(material)
    this.#schedule()
  }

  get context(): SecureContextOptions {
    return this.#material.context
  }

  async reload(): Promise<void> {
    const { log } = this.#surroundings
    try {
      const material = await this.#load()
      // Whatever else is wrong with it must show before anybody relies on it.
      createSecureContext(material.context)
      this.#reported = ''
      if (material.fingerprint === this.#material.fingerprint) return
      this.#material = material
      log.info('loaded a new certificate')
      this.#warn(material)
      this.#changed()
    } catch (error) {
      const message = messageOf(error)
      if (message !== this.#reported) {
        log.error('cannot load the new certificate; the last good one stays', { error: message })
      }
      this.#reported = message
    }
  }

  close(): void {
    this.#closed = true
    this.#timer?.cancel()
  }

  #warn({ warnings }: TlsMaterial): void {
    for (const warning of warnings) this.#surroundings.log.warn(warning)
  }

  #schedule(): void {
    if (this.#intervalMs <= 0 || this.#closed) return
    this.#timer = this.#surroundings.clock.timer(this.#intervalMs, () => {
      this.reload().then(
        () => this.#schedule(),
        () => this.#schedule(),
      )
    })
  }
}

/** The TLS of a server. */
export class ServerTls {
  readonly requiresClientCertificate: boolean
  readonly #listeners = new Set<() => void>()
  readonly #material: ReloadingMaterial

  /** Reads the files. Rejects with Permanent that names the field and the file. */
  static async load(config: ServerTlsConfig, surroundings: TlsSurroundings): Promise<ServerTls> {
    refuseProblems(checkTls(config, 'server'))
    const { files, clock } = surroundings
    const load = () => loadServerMaterial(config, files, clock.now())
    return new ServerTls(config, await proven(load), load, surroundings)
  }

  private constructor(
    config: ServerTlsConfig,
    first: TlsMaterial,
    load: () => Promise<TlsMaterial>,
    surroundings: TlsSurroundings,
  ) {
    this.requiresClientCertificate = Boolean(config.client_ca_file)
    const intervalMs = config.reload_interval ?? 0
    this.#material = new ReloadingMaterial(first, load, intervalMs, surroundings, () => {
      for (const listener of this.#listeners) listener()
    })
  }

  /** What `tls.createServer` and `setSecureContext` take; the newest that is good. */
  get options(): SecureContextOptions & { requestCert: boolean; rejectUnauthorized: boolean } {
    return {
      ...this.#material.context,
      requestCert: this.requiresClientCertificate,
      rejectUnauthorized: this.requiresClientCertificate,
    }
  }

  /** Calls back when `options` have changed, until the result is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads the files now. Never rejects: what is wrong is logged. */
  reload(): Promise<void> {
    return this.#material.reload()
  }

  /** Looks at the files no more. */
  close(): void {
    this.#material.close()
  }
}

/** The TLS of a client. */
export class ClientTls {
  readonly #config: ClientTlsConfig
  readonly #material: ReloadingMaterial
  #context: SecureContext

  /** Reads the files. Rejects with Permanent that names the field and the file. */
  static async load(config: ClientTlsConfig, surroundings: TlsSurroundings): Promise<ClientTls> {
    refuseProblems(checkTls(config, 'client'))
    const { files, clock } = surroundings
    const load = () => loadClientMaterial(config, files, clock.now())
    return new ClientTls(config, await proven(load), load, surroundings)
  }

  private constructor(
    config: ClientTlsConfig,
    first: TlsMaterial,
    load: () => Promise<TlsMaterial>,
    surroundings: TlsSurroundings,
  ) {
    this.#config = config
    this.#context = createSecureContext(first.context)
    const intervalMs = config.reload_interval ?? 0
    this.#material = new ReloadingMaterial(first, load, intervalMs, surroundings, () => {
      this.#context = createSecureContext(this.#material.context)
    })
  }

  /**
   * TLS on a connection under way, with the newest certificates that are good. `host` is who
   * should answer.
   */
  connect(socket: Duplex, host: string, protocols: readonly string[]): TLSSocket {
    const { server_name: name, insecure_skip_verify: trustAny } = this.#config
    const expected = name || host
    return connect({
      socket,
      secureContext: this.#context,
      host: expected,
      // SNI carries names only.
      ...(isIP(expected) ? {} : { servername: expected }),
      rejectUnauthorized: !trustAny,
      ALPNProtocols: [...protocols],
    })
  }

  /** Reads the files now. Never rejects: what is wrong is logged. */
  reload(): Promise<void> {
    return this.#material.reload()
  }

  /** Looks at the files no more. */
  close(): void {
    this.#material.close()
  }
}

async function proven(load: () => Promise<TlsMaterial>): Promise<TlsMaterial> {
  const material = await load()
  try {
    createSecureContext(material.context)
  } catch (error) {
    throw new Permanent(`cannot set up TLS: ${messageOf(error)}`, { cause: error })
  }
  return material
}

function refuseProblems(problems: ReturnType<typeof checkTls>): void {
  const [first] = problems
  if (first) throw new Permanent(`tls: ${first.message}`)
}
