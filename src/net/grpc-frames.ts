/**
 * What gRPC puts on top of HTTP/2 (github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md). A message is
 *
 *   1 byte   0 plain, 1 compressed with the encoding of the `grpc-encoding` header
 *   4 bytes  length, big-endian
 *   n bytes  the message
 *
 * cut into DATA frames anywhere.
 */
import { BytePool } from '#pdata'
import { Code, StatusError } from './status.js'

export const PREFIX_BYTES = 5

export function messagePrefix(bytes: number, compressed: boolean): Buffer {
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES)
  prefix[0] = compressed ? 1 : 0
  prefix.writeUInt32BE(bytes, 1)
  return prefix
}

export interface Message {
  readonly compressed: boolean
  readonly bytes: Uint8Array
}

/** Announced bytes that room is made for before any has come; more follows as they come. */
const FIRST_BYTES_MAX = 64 * 1024
const GROWTH = 4
const NO_BYTES = Buffer.alloc(0)
const NO_POOL = new BytePool(0)

/**
 * Collects the one message of a unary call, in memory of its own: slices of what the socket read
 * would keep all of that, and a sender who only announces a large message gets no room for it.
 */
export class MessageReader {
  readonly #bytesMax: number
  readonly #what: string
  #prefix: Buffer = NO_BYTES
  #expected = -1
  #compressed = false
  readonly #pool: BytePool
  #message: Buffer = NO_BYTES
  #received = 0

  /** `what` names the message in errors: "request", "response". */
  constructor(bytesMax: number, what: string, pool = NO_POOL) {
    this.#bytesMax = bytesMax
    this.#what = what
    this.#pool = pool
  }

  /** Of the message, as its prefix says; undefined before that has come. */
  get declaredBytes(): number | undefined {
    return this.#expected < 0 ? undefined : this.#expected
  }

  /** Copies the chunk. Throws a StatusError as soon as the call cannot succeed any more. */
  push(chunk: Buffer): void {
    const at = this.#expected < 0 ? this.#readPrefix(chunk) : 0
    const received = this.#received + chunk.length - at
    if (this.#expected < 0 || chunk.length === at) return
    if (received > this.#expected) {
      throw new StatusError(
        Code.UNIMPLEMENTED,
        `more than one ${this.#what} message in a call that takes one`,
      )
    }
    if (received > this.#message.length) this.#grow(received)
    chunk.copy(this.#message, this.#received, at)
    this.#received = received
  }

  /** The message once the stream has ended. */
  finish(): Message {
    if (this.#expected < 0 && this.#prefix.length === 0) {
      throw new StatusError(Code.UNIMPLEMENTED, `no ${this.#what} message`)
    }
    if (this.#received !== this.#expected) {
      throw new StatusError(Code.INTERNAL, `the ${this.#what} ended inside its message`)
    }
    return { compressed: this.#compressed, bytes: this.#message.subarray(0, this.#received) }
  }

  /** Nobody looks into the message any more. */
  recycle(): void {
    this.#pool.give(this.#message)
    this.#message = NO_BYTES
  }

  /** Where the message begins in the chunk. */
  #readPrefix(chunk: Buffer): number {
    const taken = Math.min(PREFIX_BYTES - this.#prefix.length, chunk.length)
    const isWhole = taken === PREFIX_BYTES
    const prefix = isWhole ? chunk : Buffer.concat([this.#prefix, chunk.subarray(0, taken)])
    if (prefix.length < PREFIX_BYTES) {
      this.#prefix = prefix
      return taken
    }
    if (prefix[0]! > 1) {
      throw new StatusError(Code.INTERNAL, `unknown compression flag ${prefix[0]}`)
    }
    const bytes = prefix.readUInt32BE(1)
    if (bytes > this.#bytesMax) throw tooLarge(this.#what, bytes, this.#bytesMax)
    this.#compressed = prefix[0] === 1
    this.#expected = bytes
    this.#message = this.#pool.take(Math.min(bytes, FIRST_BYTES_MAX))
    return taken
  }

  #grow(needed: number): void {
    const bytes = Math.min(this.#expected, Math.max(needed, GROWTH * this.#message.length))
    const larger = this.#pool.take(bytes)
    this.#message.copy(larger, 0, 0, this.#received)
    this.#pool.give(this.#message)
    this.#message = larger
  }
}

/** Not retryable: there is no RetryInfo on it. */
export function tooLarge(what: string, bytes: number | undefined, bytesMax: number): StatusError {
  const size = bytes === undefined ? 'is' : `of ${bytes} bytes is`
  return new StatusError(
    Code.RESOURCE_EXHAUSTED,
    `the ${what} ${size} larger than the limit of ${bytesMax} bytes`,
    { httpStatus: 413 },
  )
}

/** `grpc-message`: printable ASCII but `%` stays, other bytes of the UTF-8 become `%XX`. */
export function encodeGrpcMessage(text: string): string {
  if (/^[ -$&-~]*$/.test(text)) return text
  let encoded = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25
    encoded += plain
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}

/** What is not well encoded stays as it is. */
export function decodeGrpcMessage(header: string): string {
  if (!header.includes('%')) return header
  const bytes = Buffer.from(header, 'latin1')
  const decoded = Buffer.allocUnsafe(bytes.length)
  let length = 0
  for (let i = 0; i < bytes.length; i++) {
    const hex = bytes[i] === 0x25 ? bytes.toString('latin1', i + 1, i + 3) : ''
    const escaped = /^[\da-f]{2}$/i.test(hex)
    decoded[length++] = escaped ? Number.parseInt(hex, 16) : bytes[i]!
    if (escaped) i += 2
  }
  return decoded.toString('utf8', 0, length)
}

const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
}

/** Milliseconds of a `grpc-timeout` header: up to 8 digits and a unit. Undefined when malformed. */
export function parseGrpcTimeout(header: string): number | undefined {
  const match = /^(\d{1,8})([HMSmun])$/.exec(header)
  return match ? Number(match[1]) * UNIT_MS[match[2]!]! : undefined
}

export function formatGrpcTimeout(ms: number): string {
  const whole = Math.max(1, Math.ceil(ms))
  if (whole < 1e8) return `${whole}m`
  return `${Math.min(99_999_999, Math.ceil(whole / 1000))}S`
}
