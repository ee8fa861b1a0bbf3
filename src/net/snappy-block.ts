import { corrupt, expandsTooFar } from './codec-error.js'
import { snappy } from './snappy.js'

const NAME = 'snappy'
/** A copy element makes at most 64 bytes out of 3, so a larger declared size is a lie. */
const RATIO_MAX = 22
const SYNC_OUTPUT_MAX = 256 * 1024

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

/** One block of snappy, without framing. */
export function unsnap(block: Uint8Array, limit: number): Uint8Array | Promise<Uint8Array> {
  const size = readDeclaredSize(block)
  if (size > limit) throw expandsTooFar(limit)
  if (size > SYNC_OUTPUT_MAX) {
    return snappy()
      .uncompress(block, { asBuffer: true })
      .then(
        (bytes) => bytes as Buffer,
        (error: unknown) => {
          throw corrupt(NAME, 'corrupt block', error)
        },
      )
  }
  try {
    return snappy().uncompressSync(block, { asBuffer: true }) as Buffer
  } catch (error) {
    throw corrupt(NAME, 'corrupt block', error)
  }
}
