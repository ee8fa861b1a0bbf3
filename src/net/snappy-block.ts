import { corrupt, expandsTooFar } from './codec-error.js'
import { snappy } from './snappy.js'

const NAME = 'snappy'
/** A copy element makes at most 64 bytes out of 3, so a larger declared size is a lie. */
const RATIO_MAX = 22
/** Bytes of text that are worth the way to the thread pool and back: a millisecond. */
const SYNC_MAX = 1024 * 1024
/**
 * Without it results lie in the library's own memory until they are collected as garbage, which
 * costs 4 times the CPU and keeps hundreds of megabytes.
 */
export const COPIED = { copyOutputData: true } as const

/** The size that a block says it expands to, read before anything is allocated. */
export function readDeclaredSize(block: Uint8Array): number {
  let size = 0
  for (let i = 0; i < 5; i++) {
    const byte = block[i]
    if (byte === undefined) throw corrupt(NAME, 'unexpected end of file')
    size += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) {
      if (size > block.length * RATIO_MAX) throw corrupt(NAME, 'corrupt block')
      return size
    }
  }
  throw corrupt(NAME, 'corrupt block')
}

/** As one block of snappy, without framing. */
export function snap(bytes: Uint8Array): Uint8Array | Promise<Uint8Array> {
  return bytes.length <= SYNC_MAX
    ? snappy().compressSync(bytes, COPIED)
    : snappy().compress(bytes, COPIED)
}

/** Of one block of snappy, without framing. */
export function unsnap(block: Uint8Array, limit: number): Uint8Array | Promise<Uint8Array> {
  const size = readDeclaredSize(block)
  if (size > limit) throw expandsTooFar(limit)
  if (size > SYNC_MAX) {
    return snappy()
      .uncompress(block, { asBuffer: true, ...COPIED })
      .then(
        (bytes) => bytes as Buffer,
        (error: unknown) => {
          throw corrupt(NAME, 'corrupt block', error)
        },
      )
  }
  try {
    return snappy().uncompressSync(block, { asBuffer: true, ...COPIED }) as Buffer
  } catch (error) {
    throw corrupt(NAME, 'corrupt block', error)
  }
}
