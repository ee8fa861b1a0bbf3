/**
 * The outline of zstd frames (RFC 8878), read without expanding anything:
 *
 *   4 bytes      magic 28 b5 2f fd (or 50..5f 2a 4d 18: a skippable frame, 4 bytes length, data)
 *   1 byte       bits 7-6 size of the content size, 5 single segment, 2 checksum,
 *                1-0 size of the dictionary id
 *   0-1 byte     window: 5 bits exponent, 3 bits mantissa; none with a single segment
 *   0-4 bytes    dictionary id
 *   0-8 bytes    content size, little-endian
 *   blocks       3 bytes little-endian: bit 0 last, bits 1-2 type (raw, run, compressed),
 *                21 bits size; data
 *   0-4 bytes    checksum
 */
import { asBuffer } from '#wire'
import { corrupt } from './codec-error.js'

const NAME = 'zstd'
const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
const BLOCK_MAX = 128 * 1024
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const

export interface ZstdFrame {
  readonly start: number
  readonly end: number
  /** Undefined where the frame does not say; a frame that says is held to it by the decoder. */
  readonly contentBytes: number | undefined
  /** It cannot expand to more than this. */
  readonly contentBytesMax: number
  /** Memory that a streaming decoder needs. */
  readonly windowBytes: number
}

/**
 * The frames of a body, without skippable ones. Throws a StatusError when it is cut off or no
 * zstd.
 */
export function readZstdFrames(bytes: Uint8Array): readonly ZstdFrame[] {
  const input = asBuffer(bytes)
  const frames: ZstdFrame[] = []
  for (let at = 0; at < input.length; ) {
    if (at + 8 > input.length) throw at === 0 ? notZstd() : cutOff()
    const magic = input.readUInt32LE(at)
    if (magic - (magic % 16) === SKIPPABLE_MAGIC) {
      at += 8 + input.readUInt32LE(at + 4)
      if (at > input.length) throw cutOff()
      continue
    }
    if (magic !== MAGIC) throw notZstd()
    const frame = readFrame(input, at)
    frames.push(frame)
    at = frame.end
  }
  if (bytes.length === 0) throw cutOff()
  return frames
}

function readFrame(input: Buffer, start: number): ZstdFrame {
  const descriptor = input[start + 4]!
  const singleSegment = (descriptor & 0x20) !== 0
  let at = start + 5 + (singleSegment ? 0 : 1) + DICTIONARY_ID_BYTES[(descriptor & 3) as 0]
  const sizeFlag = descriptor >> 6
  const sizeBytes = sizeFlag === 0 && singleSegment ? 1 : CONTENT_SIZE_BYTES[sizeFlag as 0]
  if (at + sizeBytes > input.length) throw cutOff()
  const contentBytes = readContentSize(input, at, sizeBytes)
  const windowBytes = singleSegment ? contentBytes! : readWindow(input[start + 5]!)
  at += sizeBytes
  let blocksMax = 0
  for (let last = false; !last; ) {
    if (at + 3 > input.length) throw cutOff()
    const header = input.readUIntLE(at, 3)
    last = (header & 1) === 1
    const type = (header >> 1) & 3
    const size = header >> 3
    if (type === 3 || (type < 2 && size > BLOCK_MAX)) throw corrupt(NAME, 'corrupt block')
    blocksMax += type === 2 ? Math.min(BLOCK_MAX, Math.max(windowBytes, 1024)) : size
    at += 3 + (type === 1 ? 1 : size)
  }
  at += descriptor & 4 ? 4 : 0
  if (at > input.length) throw cutOff()
  const contentBytesMax = contentBytes ?? blocksMax
  return { start, end: at, contentBytes, contentBytesMax, windowBytes }
}

function readContentSize(input: Buffer, at: number, bytes: number): number | undefined {
  switch (bytes) {
    case 0:
      return undefined
    case 2:
      return input.readUInt16LE(at) + 256
    case 8:
      return Number(input.readBigUInt64LE(at))
    default:
      return input.readUIntLE(at, bytes)
  }
}

function readWindow(byte: number): number {
  const base = 2 ** (10 + (byte >> 3))
  return base + (base / 8) * (byte & 7)
}

function cutOff() {
  return corrupt(NAME, 'unexpected end of file')
}

function notZstd() {
  return corrupt(NAME, 'invalid input: magic number mismatch')
}
