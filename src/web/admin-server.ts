import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createSocket } from 'node:net'
import {
  createSecureContext,
  type SecureContextOptions,
  type SecureVersion,
  type TLSSocket,
} from 'node:tls'
import { messageOf, Permanent } from '#sdk'
import {
  type AuthArguments,
  asksForCredentials,
  isCredential,
  isLoopback,
  isOwnHost,
  isProtected,
} from './access.js'
import type { HttpArguments } from './http-block.js'

type TlsArguments = NonNullable<HttpArguments['tls']>

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000

/** The admin address: one TCP socket, served over HTTP or HTTPS as the `http` block says at the moment. */
export class AdminServer {
  readonly #socket = createSocket((connection) => this.#server.emit('connection', connection))
  #handler: RequestListener | undefined
  #auth: AuthArguments | undefined
  #server: Server = this.#create(undefined)
  #isSecure = false
  #isProtected = false
  /** Undefined until it listens. */
  #host: string | undefined

  /** What answers from the next request on; before the first, requests are answered with 503. */
  serve(handler: RequestListener): void {
    this.#handler = handler
  }

  /**
   * Listens on "host:port"; without a host on loopback. Resolves with the real address. Rejects
   * with `Permanent` when it cannot be had, or would be open to strangers.
   */
  async listen(address: string): Promise<string> {
    const parsed = /^(?:\[(.*)\]|([^:]*)):(\d+)$/.exec(address)
    if (!parsed) throw new Permanent(`"${address}" is no address; write host:port`)
    const host = parsed[1] ?? (parsed[2] || '127.0.0.1')
    if (!isLoopback(host) && !this.#isProtected) throw openToStrangers(address)
    this.#host = host
    await new Promise<void>((resolve, reject) => {
      this.#socket.once('error', (error: NodeJS.ErrnoException) => {
        const why = error.code === 'EADDRINUSE' ? 'address in use' : error.message
        const help = 'choose another with --server.http.listen-addr'
        reject(new Permanent(`cannot listen on ${address}: ${why}; ${help}`, { cause: error }))
      })
      this.#socket.listen(Number(parsed[3]), host, resolve)
    })
    const { port } = this.#socket.address() as AddressInfo
    return `${this.#isSecure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`
  }

  /**
   * Reads what the block names; the function it resolves with puts it into effect and cannot fail.
   */
  async prepare(
    values: HttpArguments,
    read: (path: string) => Promise<Uint8Array>,
  ): Promise<() => void> {
    const { tls, auth } = values
    if (this.#host !== undefined && !isLoopback(this.#host) && !isProtected(values)) {
      throw openToStrangers(this.#host)
    }
    const secure = tls && (await secureOptions(tls, read))
    return () => {
      this.#auth = auth
      this.#isProtected = isProtected(values)
      if (!secure && !this.#isSecure) return
      const old = this.#server
      this.#server = this.#create(secure)
      this.#isSecure = secure !== undefined
      // Connections of the old one end with their current request.
      old.close()
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.close(() => resolve())
      this.#server.close()
      this.#server.closeAllConnections()
    })
  }

  #create(secure: SecureOptions | undefined): Server {
    const listener: RequestListener = (request, response) => {
      if (!this.#mayPass(request.url ?? '/', request.headers.authorization)) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="weir", charset="UTF-8"' })
        response.end('401 credentials needed\n')
      } else if (!this.#isAddressed(request)) {
        response.writeHead(421, { 'content-type': 'text/plain' })
        response.end('421 ask for this machine by its address, or as localhost\n')
      } else if (this.#handler) {
        this.#handler(request, response)
      } else {
        response.writeHead(503)
        response.end('503 not ready\n')
      }
    }
    const options = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS }
    const server = secure
      ? createSecureServer({ ...secure, ...options }, listener)
      : createServer(options, listener)
    if (secure) {
      server.on('secureConnection', (socket: TLSSocket) => {
        if (isRefused(socket, secure.clientCertificate)) socket.destroy()
      })
    }
    // Node starts its watch over late requests on this event; this server never listens itself.
    server.emit('listening')
    return server
  }

  #mayPass(url: string, authorization: string | undefined): boolean {
    const auth = this.#auth
    return !auth || !asksForCredentials(auth, url) || isCredential(auth, authorization)
  }

  /** Where nobody is asked who they are, what the request was sent to must be this machine. */
  #isAddressed({ headers, url }: IncomingMessage): boolean {
    const host = this.#host ?? ''
    if (!isLoopback(host) || asksForCredentials(this.#auth, url ?? '/')) return true
    return isOwnHost(headers.host, host)
  }
}

function openToStrangers(address: string): Permanent {
  return new Permanent(
    `other machines can reach the admin address ${address}, so it has to ask for credentials: ` +
      'write a block http with auth and basic (or bearer) into the config, or listen on 127.0.0.1',
  )
}

interface SecureOptions extends SecureContextOptions {
  readonly clientCertificate: ClientCertificate
  readonly requestCert: boolean
  readonly rejectUnauthorized: boolean
}

interface ClientCertificate {
  readonly isNeeded: boolean
  readonly isVerified: boolean
}

async function secureOptions(
  tls: TlsArguments,
  read: (path: string) => Promise<Uint8Array>,
): Promise<SecureOptions> {
  const text = async (pem: string | undefined, path: string | undefined) =>
    pem ?? (path === undefined ? undefined : Buffer.from(await read(path)).toString())
  const ca = await text(tls.client_ca_pem, tls.client_ca_file)
  const options: SecureContextOptions = {
    cert: await text(tls.cert_pem, tls.cert_file),
    key: await text(tls.key_pem?.reveal(), tls.key_file),
    ...(ca === undefined ? {} : { ca }),
    ...(tls.cipher_suites.length > 0 ? { ciphers: tls.cipher_suites.join(':') } : {}),
    ...(tls.curve_preferences.length > 0 ? { ecdhCurve: tls.curve_preferences.join(':') } : {}),
    minVersion: versionOf(tls.min_version),
    maxVersion: versionOf(tls.max_version),
  }
  try {
    createSecureContext(options)
  } catch (error) {
    throw new Permanent(`cannot use the certificate of the http block: ${messageOf(error)}`, {
      cause: error,
    })
  }
  const asks = tls.client_auth_type
  return {
    ...options,
    clientCertificate: {
      isNeeded: asks === 'RequireAnyClientCert' || asks === 'RequireAndVerifyClientCert',
      isVerified: asks === 'VerifyClientCertIfGiven' || asks === 'RequireAndVerifyClientCert',
    },
    requestCert: asks !== 'NoClientCert',
    // Node knows only all or nothing: see `isRefused`.
    rejectUnauthorized: false,
  }
}

/** Whether a client may not speak: without a certificate, or with one of an unknown authority. */
function isRefused(socket: TLSSocket, { isNeeded, isVerified }: ClientCertificate): boolean {
  const isGiven = socket.getPeerCertificate().raw !== undefined
  return isGiven ? isVerified && !socket.authorized : isNeeded
}

/** "TLS12" is "TLSv1.2". */
function versionOf(name: string): SecureVersion {
  return `TLSv1.${name.at(-1)}` as SecureVersion
}
