import { expandsTooFar } from './codec-error.js'
import { ungzip, unzlib } from './inflate.js'
import { unlz4 } from './lz4.js'
import { unsnap } from './snappy-block.js'
import { isSnappyFramed, unsnapFramed } from './snappy-framed.js'
import { unzstd } from './zstd.js'

/** What bodies may be compressed with: the tokens of `Content-Encoding` and `grpc-encoding`. */
export const ENCODINGS = [
  'identity',
  'gzip',
  'zlib',
  'deflate',
  'zstd',
  'snappy',
  'x-snappy-framed',
  'lz4',
] as const
export type Encoding = (typeof ENCODINGS)[number]

/** Tokens are case-insensitive; none at all is `identity`. Undefined for what nobody knows. */
export function parseEncoding(token: string | undefined): Encoding | undefined {
  const name = token?.trim().toLowerCase() || 'identity'
  return ENCODINGS.find((encoding) => encoding === name)
}

/**
 * At most `limit` bytes come out; where more would, nothing does. Small bodies are expanded at
 * once, large ones on the thread pool. Fails with a StatusError: INVALID_ARGUMENT for a corrupt
 * body, RESOURCE_EXHAUSTED for one that expands too far.
 */
export function decompress(
  encoding: Encoding,
  bytes: Uint8Array,
  limit: number,
): Uint8Array | Promise<Uint8Array> {
  switch (encoding) {
    case 'identity':
      if (bytes.length > limit) throw expandsTooFar(limit)
      return bytes
    case 'gzip':
      return ungzip(bytes, limit)
    case 'zlib':
    case 'deflate':
      return unzlib(bytes, limit)
    case 'zstd':
      return unzstd(bytes, limit)
    case 'snappy':
      return isSnappyFramed(bytes) ? unsnapFramed(bytes, limit) : unsnap(bytes, limit)
    case 'x-snappy-framed':
      return unsnapFramed(bytes, limit)
    case 'lz4':
      return unlz4(bytes, limit)
  }
}
