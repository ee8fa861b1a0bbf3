import { gunzip, gunzipSync, inflate, inflateSync } from 'node:zlib'
import { asBuffer } from '#wire'
import { corrupt, expandsTooFar, within } from './codec-error.js'
import { StatusError } from './status.js'

/** Up to this much is expanded on the event loop; more costs less of it on the thread pool. */
const SYNC_OUTPUT_MAX = 64 * 1024
/** What has no size in it is tried on the event loop up to this many bytes. */
const SYNC_INPUT_MAX = 8 * 1024
/** DEFLATE cannot do better, so a larger declared size is a lie. */
const RATIO_MAX = 1032
/** Smaller pieces of output would make a liar's body costly. */
const CHUNK_MIN = 16 * 1024
/** Room beyond the expected size: a full piece makes zlib ask for another one. */
const SLACK = 64

interface Codec {
  readonly name: string
  readonly atOnce: typeof gunzipSync
  readonly onPool: typeof gunzip
}

const GZIP: Codec = { name: 'gzip', atOnce: gunzipSync, onPool: gunzip }
const ZLIB: Codec = { name: 'zlib', atOnce: inflateSync, onPool: inflate }

/** gzip (RFC 1952); concatenated members are read. */
export function ungzip(bytes: Uint8Array, limit: number): Uint8Array | Promise<Uint8Array> {
  const end = bytes.length
  const trailer = end < 18 ? 0 : asBuffer(bytes).readUInt32LE(end - 4)
  const expected = Math.min(trailer, end * RATIO_MAX)
  return expand(GZIP, bytes, expected, Math.max(expected, end) <= SYNC_OUTPUT_MAX, limit)
}

/** zlib (RFC 1950), which HTTP calls `deflate`. A bare DEFLATE stream is refused. */
export function unzlib(bytes: Uint8Array, limit: number): Uint8Array | Promise<Uint8Array> {
  return expand(ZLIB, bytes, bytes.length * 8, bytes.length <= SYNC_INPUT_MAX, limit)
}

function expand(
  { name, atOnce, onPool }: Codec,
  bytes: Uint8Array,
  expected: number,
  small: boolean,
  limit: number,
): Uint8Array | Promise<Uint8Array> {
  const chunkSize = Math.max(SLACK, Math.min(limit + 1, Math.max(expected + SLACK, CHUNK_MIN)))
  const maxOutputLength = Math.max(limit, 1)
  const syncMax = Math.min(maxOutputLength, 4 * SYNC_OUTPUT_MAX)
  if (small) {
    try {
      return within(limit, atOnce(bytes, { chunkSize, maxOutputLength: syncMax }))
    } catch (error) {
      const lied = isTooLarge(error) && syncMax < maxOutputLength
      if (!lied) throw failure(name, error, limit)
    }
  }
  return new Promise((resolve, reject) => {
    onPool(bytes, { chunkSize, maxOutputLength }, (error, result) => {
      if (error) reject(failure(name, error, limit))
      else resolve(result)
    })
  })
}

function isTooLarge(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
}

function failure(encoding: string, error: unknown, limit: number): Error {
  if (error instanceof StatusError) return error
  if (isTooLarge(error)) return expandsTooFar(limit)
  const text = (error as Error).message
  const reason = text === 'incorrect header check' ? 'invalid header' : text
  return corrupt(encoding, reason, error)
}
