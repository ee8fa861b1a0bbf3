import { FIELD_OVERHEAD_BYTES, type FieldSink } from './hpack-decoder.js'
import type { HeaderFields } from './http2-layer.js'

/** What a header section may hold at most. */
export interface HeaderLimits {
  /** Of names and values, and 32 for each field (RFC 9113, section 6.5.2). */
  readonly bytesMax: number
  readonly fieldsMax: number
}

/** What kind of header section it is, which says what pseudo-headers belong in it. */
export type SectionKind = 'request' | 'response' | 'trailers'

const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
const BROKEN_VALUE = /[\0\r\n]|^[ \t]|[ \t]$/
const STATUS = /^[1-9]\d\d$/
const LENGTH = /^\d{1,15}$/
/** They are about one connection of HTTP/1.1 (section 8.2.2). */
const CONNECTION_NAMES = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])
const PSEUDO_NAMES: Readonly<Record<SectionKind, ReadonlySet<string>>> = {
  request: new Set([':method', ':scheme', ':path', ':authority']),
  response: new Set([':status']),
  trailers: new Set(),
}
const COLON = 0x3a

/** Collects a header section and holds it to the rules (section 8) and to the limits. */
export class HeaderSection implements FieldSink {
  readonly #kind: SectionKind
  readonly #limits: HeaderLimits
  readonly #fields: Record<string, string | string[]> = Object.create(null)
  #bytes = 0
  #count = 0
  #isBehindPseudo = false
  #fault: string | undefined

  constructor(kind: SectionKind, limits: HeaderLimits) {
    this.#kind = kind
    this.#limits = limits
  }

  get fields(): HeaderFields {
    return this.#fields
  }

  /** Fields beyond the limits are missing in `fields`. */
  get isTooLarge(): boolean {
    return this.#bytes > this.#limits.bytesMax || this.#count > this.#limits.fieldsMax
  }

  /** Of `content-length`; undefined without one. */
  get contentLength(): number | undefined {
    const value = this.#fields['content-length']
    return value === undefined ? undefined : Number(value)
  }

  field(name: string, value: string): void {
    this.#bytes += name.length + value.length + FIELD_OVERHEAD_BYTES
    this.#count++
    if (this.isTooLarge) return
    if (name.charCodeAt(0) === COLON) this.#pseudo(name)
    else this.#regular(name, value)
    if (BROKEN_VALUE.test(value)) this.#fault ??= `malformed value of ${name}`
    const known = this.#fields[name]
    if (known === undefined) this.#fields[name] = value
    else if (typeof known === 'string') this.#fields[name] = [known, value]
    else known.push(value)
  }

  /** What is wrong with a section that is complete. */
  fault(): string | undefined {
    if (this.#fault !== undefined || this.isTooLarge) return this.#fault
    const { ':method': method, ':scheme': scheme, ':path': path, ':status': status } = this.#fields
    if (this.#kind === 'request') {
      if (method === undefined) return 'request without :method'
      if (scheme === undefined) return 'request without :scheme'
      if (path === undefined || path === '') return 'request without :path'
    }
    if (this.#kind === 'response' && !STATUS.test(String(status))) return 'answer without a :status'
    return undefined
  }

  #pseudo(name: string): void {
    if (this.#isBehindPseudo) this.#fault ??= `${name} behind other fields`
    if (this.#fields[name] !== undefined) this.#fault ??= `${name} twice`
    if (!PSEUDO_NAMES[this.#kind].has(name)) this.#fault ??= `unexpected ${name.slice(0, 32)}`
  }

  #regular(name: string, value: string): void {
    this.#isBehindPseudo = true
    if (!NAME.test(name)) this.#fault ??= 'malformed field name'
    else if (CONNECTION_NAMES.has(name)) this.#fault ??= `unexpected field ${name}`
    else if (name === 'te' && value !== 'trailers') this.#fault ??= 'te other than trailers'
    else if (name === 'content-length') this.#contentLength(value)
  }

  #contentLength(value: string): void {
    const known = this.#fields['content-length']
    if (!LENGTH.test(value) || known !== undefined) this.#fault ??= 'malformed content-length'
  }
}
