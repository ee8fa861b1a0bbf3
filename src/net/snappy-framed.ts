/**
 * The framing format of snappy (google/snappy, framing_format.txt). A stream is chunks of
 *
 *   1 byte   type
 *   3 bytes  length of the rest, little-endian
 *
 *   0xff        stream identifier "sNaPpY": first, and allowed again
 *   0x00        masked CRC-32C of the data (4 bytes), then a snappy block
 *   0x01        masked CRC-32C, then plain data
 *   0x80-0xfe   skipped (0xfe is padding)
 *   0x02-0x7f   refused
 *
 * A chunk holds at most 65536 bytes of data.
 */

import { asBuffer } from '#wire'
import { corrupt, expandsTooFar } from './codec-error.js'
import { crc32c } from './crc32c.js'
import { snappy } from './snappy.js'
import { COPIED, readDeclaredSize } from './snappy-block.js'

const NAME = 'snappy'
const IDENTIFIER = Buffer.from([0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59])
const CHUNK_DATA_MAX = 65_536
const CRC_BYTES = 4

export function isSnappyFramed(bytes: Uint8Array): boolean {
  return bytes.length >= IDENTIFIER.length && IDENTIFIER.compare(bytes, 0, IDENTIFIER.length) === 0
}

export function unsnapFramed(bytes: Uint8Array, limit: number): Uint8Array {
  if (!isSnappyFramed(bytes)) throw corrupt(NAME, 'the stream identifier is missing')
  const input = asBuffer(bytes)
  const parts: Uint8Array[] = []
  let produced = 0
  for (let at = IDENTIFIER.length; at < input.length; ) {
    if (at + 4 > input.length) throw corrupt(NAME, 'unexpected end of file')
    const type = input[at]!
    const end = at + 4 + input.readUIntLE(at + 1, 3)
    if (end > input.length) throw corrupt(NAME, 'unexpected end of file')
    if (type <= 1) {
      const part = readChunk(input.subarray(at + 4, end), type === 0, limit - produced, limit)
      produced += part.length
      parts.push(part)
    } else if (type < 0x80) {
      throw corrupt(NAME, `unknown chunk type ${type}`)
    } else if (type === 0xff && !isSnappyFramed(input.subarray(at, end))) {
      throw corrupt(NAME, 'bad stream identifier')
    }
    at = end
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts, produced)
}

function readChunk(chunk: Buffer, compressed: boolean, room: number, limit: number): Uint8Array {
  if (chunk.length < CRC_BYTES) throw corrupt(NAME, 'chunk without a checksum')
  const body = chunk.subarray(CRC_BYTES)
  const size = compressed ? readDeclaredSize(body) : body.length
  if (size > CHUNK_DATA_MAX) throw corrupt(NAME, 'chunk of more than 65536 bytes')
  if (size > room) throw expandsTooFar(limit)
  let data: Uint8Array = body
  if (compressed) {
    try {
      data = snappy().uncompressSync(body, { asBuffer: true, ...COPIED }) as Buffer
    } catch (error) {
      throw corrupt(NAME, 'corrupt block', error)
    }
  }
  if (mask(crc32c(data)) !== chunk.readUInt32LE(0)) throw corrupt(NAME, 'wrong checksum')
  return data
}

export function snapFramed(bytes: Uint8Array): Buffer {
  const parts: Buffer[] = [IDENTIFIER]
  for (let at = 0; at < bytes.length; at += CHUNK_DATA_MAX) {
    const data = bytes.subarray(at, at + CHUNK_DATA_MAX)
    const block = snappy().compressSync(data, COPIED)
    const smaller = block.length < data.length
    const header = Buffer.allocUnsafe(4 + CRC_BYTES)
    header[0] = smaller ? 0 : 1
    header.writeUIntLE((smaller ? block.length : data.length) + CRC_BYTES, 1, 3)
    header.writeUInt32LE(mask(crc32c(data)), 4)
    parts.push(header, smaller ? block : Buffer.from(data))
  }
  return Buffer.concat(parts)
}

/** So that a checksum of data with checksums in it is no weaker. */
function mask(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
