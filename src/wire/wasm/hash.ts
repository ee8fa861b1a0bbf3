import { hash } from 'node:crypto'
import { SHA256_BASE64 } from '../generated/sha256-wasm.js'
import { copyBytes } from '../writer.js'
import { instantiate } from './instantiate.js'
import { DIGITS, DIGITS_AT, TEXT_BYTES_MAX } from './sha256-layout.js'

/** How many bytes `writeSha256` writes. */
export const SHA256_DIGITS = DIGITS

interface Hasher {
  readonly memory: Uint8Array
  readonly digits: Uint8Array
  readonly sha256: (size: number) => void
}

/** Made for the first value; null: can not be. */
let hasher: Hasher | null | undefined

/**
 * Writes the SHA-256 of `bytes[start, end)`, in hexadecimal digits, to `into` at `at`.
 *
 * For the short values of attributes, half of what `node:crypto` and its strings take (bench/wire).
 */
export function writeSha256(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
  at: number,
): void {
  if (hasher === undefined) hasher = createHasher()
  const size = end - start
  if (hasher === null || size > TEXT_BYTES_MAX) {
    into.set(Buffer.from(hash('sha256', bytes.subarray(start, end), 'hex')), at)
    return
  }
  copyBytes(bytes, start, end, hasher.memory, 0)
  hasher.sha256(size)
  into.set(hasher.digits, at)
}

function createHasher(): Hasher | null {
  const instance = instantiate(SHA256_BASE64)
  if (!instance) return null
  return {
    memory: new Uint8Array(instance.memory),
    digits: new Uint8Array(instance.memory, DIGITS_AT, DIGITS),
    sha256: instance.run['sha256']!,
  }
}
