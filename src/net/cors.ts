/** Which web pages may send: the CORS protocol (fetch.spec.whatwg.org, 3.2). */

export interface CorsSettings {
  /**
   * Origins such as `https://app.example.com`; `*` within one stands for any text, alone for every
   * origin.
   */
  readonly allowedOrigins: readonly string[]
  /** Request headers that pages may set besides those always allowed; `*` for all. */
  readonly allowedHeaders: readonly string[]
  /** Answer headers that pages may read. */
  readonly exposedHeaders: readonly string[]
  /** How long a browser may remember the answer; 0 leaves it to the browser. */
  readonly maxAgeSeconds: number
}

type Headers = Record<string, string>
type GetHeader = (name: string) => string | undefined

const ALWAYS_ALLOWED = ['accept', 'accept-language', 'content-language', 'content-type', 'origin']

export class Cors {
  readonly #settings: CorsSettings
  readonly #origins: readonly RegExp[]
  readonly #headers: ReadonlySet<string>
  readonly #anyOrigin: boolean

  constructor(settings: CorsSettings) {
    this.#settings = settings
    this.#origins = settings.allowedOrigins.map(toPattern)
    this.#anyOrigin = settings.allowedOrigins.includes('*')
    this.#headers = new Set([
      ...ALWAYS_ALLOWED,
      ...settings.allowedHeaders.map((name) => name.toLowerCase()),
    ])
  }

  /** True for the question a browser asks before the request itself. */
  static isPreflight(method: string, header: GetHeader): boolean {
    return (
      method === 'OPTIONS' &&
      header('origin') !== undefined &&
      header('access-control-request-method') !== undefined
    )
  }

  /** Headers of the answer to a preflight for something that takes `methods`. */
  preflight(header: GetHeader, methods: readonly string[]): Headers {
    const vary = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'
    const asked = header('access-control-request-headers') ?? ''
    const wanted = asked.split(',').flatMap((name) => name.trim().toLowerCase() || [])
    const allowed = this.#headers.has('*') || wanted.every((name) => this.#headers.has(name))
    const method = header('access-control-request-method') ?? ''
    if (!allowed || !methods.includes(method) || !this.#matches(header('origin'))) return { vary }
    const headers: Headers = {
      vary,
      ...this.#origin(header('origin')!),
      'access-control-allow-methods': methods.join(', '),
    }
    if (wanted.length > 0) headers['access-control-allow-headers'] = wanted.join(', ')
    const { maxAgeSeconds } = this.#settings
    if (maxAgeSeconds > 0) headers['access-control-max-age'] = String(maxAgeSeconds)
    return headers
  }

  /** Headers of the answer to any other request. */
  answer(header: GetHeader): Headers {
    const origin = header('origin')
    if (!this.#matches(origin)) return { vary: 'Origin' }
    const { exposedHeaders } = this.#settings
    return {
      vary: 'Origin',
      ...this.#origin(origin!),
      ...(exposedHeaders.length > 0
        ? { 'access-control-expose-headers': exposedHeaders.join(', ') }
        : {}),
    }
  }

  /** Credentials go with named origins only: with `*` every page could use those of its visitor. */
  #origin(origin: string): Headers {
    if (this.#anyOrigin) return { 'access-control-allow-origin': '*' }
    return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }
  }

  #matches(origin: string | undefined): boolean {
    return origin !== undefined && this.#origins.some((pattern) => pattern.test(origin))
  }
}

/** `*` matches no `/`, so that it cannot leave the host. */
function toPattern(origin: string): RegExp {
  if (origin === '*') return /^/
  const parts = origin.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^/]*')}$`, 'i')
}
