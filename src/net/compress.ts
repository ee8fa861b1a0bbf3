import { deflate, deflateSync, gzip, gzipSync } from 'node:zlib'
import { snap } from './snappy-block.js'
import { snapFramed } from './snappy-framed.js'
import { ZSTD_LEVEL_MAX, zstd } from './zstd.js'

export const COMPRESSIONS = [
  'none',
  'gzip',
  'zlib',
  'deflate',
  'snappy',
  'x-snappy-framed',
  'zstd',
] as const
export type Compression = (typeof COMPRESSIONS)[number]

/**
 * Level 1 of gzip costs half of level 6 and loses 8 % of the ratio; zstd at 1 beats both
 * (bench/compress).
 */
const LEVEL_DEFAULT = 1
/** Below this the way to the thread pool costs more than the work. */
const SYNC_INPUT_MAX = 8 * 1024

/** The levels of a compression, or undefined where it has none. */
export function compressionLevels(
  compression: Compression,
): { readonly min: number; readonly max: number } | undefined {
  switch (compression) {
    case 'gzip':
    case 'zlib':
    case 'deflate':
      return { min: -1, max: 9 }
    case 'zstd':
      return { min: 1, max: ZSTD_LEVEL_MAX }
    default:
      return undefined
  }
}

/**
 * `level` must be one of `compressionLevels`; without it the fastest. Large bodies go to the
 * thread pool.
 */
export async function compress(
  compression: Compression,
  chunks: readonly Uint8Array[],
  level: number = LEVEL_DEFAULT,
): Promise<readonly Uint8Array[]> {
  if (compression === 'none') return chunks
  const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  switch (compression) {
    case 'gzip':
      return [await deflateWith(gzip, gzipSync, body, level)]
    case 'zlib':
    case 'deflate':
      return [await deflateWith(deflate, deflateSync, body, level)]
    case 'snappy':
      return [await snap(body)]
    case 'x-snappy-framed':
      return [snapFramed(body)]
    case 'zstd':
      return [await zstd(body, level)]
  }
}

function deflateWith(
  onPool: typeof gzip,
  atOnce: typeof gzipSync,
  body: Uint8Array,
  level: number,
): Uint8Array | Promise<Uint8Array> {
  // Each piece of output is one more way to the pool and back: a quarter of the input is mostly
  // one.
  const options = { level, chunkSize: Math.max(1024, body.length >> 2) }
  if (body.length <= SYNC_INPUT_MAX) return atOnce(body, options)
  return new Promise((resolve, reject) => {
    onPool(body, options, (error, result) => {
      if (error) reject(error)
      else resolve(result)
    })
  })
}
