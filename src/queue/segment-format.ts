/**
 * A segment file: header, records, and once it is sealed the index of the records and a trailer, so
 * that opening it reads neither. `NNNNNNNN.seg` lies beside `NNNNNNNN.done`, which has one mark for
 * each record that has left: where the record begins and a checksum, 4 bytes each. A mark that was
 * torn is one that was never made: its record leaves again.
 *
 *   header    twice: 0 magic "WEIRSEG1"   8 salt 4   12 sum 4, of the 12 bytes before
 *   records   see record.ts
 *   index     for each record: offset 4, items 4
 *   trailer   0 magic "WIDX"   4 sum 4, of the rest of the trailer, begun with the salt
 *             8 count 4   12 indexOffset 4   16 items 8 (float64)   24 indexSum 4
 */
import { crc32 } from 'node:zlib'
import { RecordIndex } from './record-index.js'

const HEADER_COPY_BYTES = 16
export const SEGMENT_HEADER_BYTES = 2 * HEADER_COPY_BYTES
export const TRAILER_BYTES = 28
export const MARK_BYTES = 8
const INDEX_ENTRY_BYTES = 8
/** What a record takes besides itself: its place in the index, and its mark. */
export const RECORD_EXTRA_BYTES = INDEX_ENTRY_BYTES + MARK_BYTES
/** What a segment takes besides its records. */
export const SEGMENT_EXTRA_BYTES = SEGMENT_HEADER_BYTES + TRAILER_BYTES
const SEGMENT_MAGIC = Buffer.from('WEIRSEG1')
const FAMILY = Buffer.from('WEIRSEG')
const TRAILER_MAGIC = 0x5844_4957

export function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.seg`
}

export function marksName(number: number): string {
  return `${String(number).padStart(8, '0')}.done`
}

/** The number in a segment's name; undefined for other files. */
export function segmentNumber(name: string): number | undefined {
  const match = /^(\d{8,})\.(seg|done)$/.exec(name)
  return match ? Number(match[1]) : undefined
}

export function writeSegmentHeader(salt: number): Buffer {
  const copy = Buffer.alloc(HEADER_COPY_BYTES)
  SEGMENT_MAGIC.copy(copy)
  copy.writeUInt32LE(salt, 8)
  copy.writeUInt32LE(crc32(copy.subarray(0, 12)), 12)
  return Buffer.concat([copy, copy])
}

/** "newer": made by a version of the agent that this one cannot read after. */
export function readSegmentHeader(header: Buffer): { salt: number } | 'newer' | undefined {
  for (let at = 0; at + HEADER_COPY_BYTES <= header.length; at += HEADER_COPY_BYTES) {
    const copy = header.subarray(at, at + HEADER_COPY_BYTES)
    if (crc32(copy.subarray(0, 12)) !== copy.readUInt32LE(12)) continue
    const magic = copy.subarray(0, SEGMENT_MAGIC.length)
    if (magic.equals(SEGMENT_MAGIC)) return { salt: copy.readUInt32LE(8) }
    if (magic.subarray(0, FAMILY.length).equals(FAMILY)) return 'newer'
  }
  return undefined
}

/** Index and trailer. */
export function writeTrailer(index: RecordIndex, items: number, salt: number): Buffer {
  const entries = index.encode()
  const trailer = Buffer.alloc(TRAILER_BYTES)
  trailer.writeUInt32LE(TRAILER_MAGIC, 0)
  trailer.writeUInt32LE(index.count, 8)
  trailer.writeUInt32LE(index.end, 12)
  trailer.writeDoubleLE(items, 16)
  trailer.writeUInt32LE(crc32(entries), 24)
  trailer.writeUInt32LE(crc32(trailer.subarray(8), salt), 4)
  return Buffer.concat([entries, trailer])
}

export interface Trailer {
  readonly count: number
  /** Where the records end and the index begins. */
  readonly indexOffset: number
  readonly items: number
  readonly indexSum: number
}

/** From the last bytes of a file; undefined when they are no sound trailer. */
export function readTrailer(bytes: Buffer, salt: number, fileBytes: number): Trailer | undefined {
  if (bytes.length < TRAILER_BYTES || bytes.readUInt32LE(0) !== TRAILER_MAGIC) return undefined
  if (crc32(bytes.subarray(8), salt) !== bytes.readUInt32LE(4)) return undefined
  const count = bytes.readUInt32LE(8)
  const indexOffset = bytes.readUInt32LE(12)
  if (indexOffset + indexBytes(count) + TRAILER_BYTES !== fileBytes) return undefined
  const indexSum = bytes.readUInt32LE(24)
  return { count, indexOffset, items: bytes.readDoubleLE(16), indexSum }
}

export function indexBytes(count: number): number {
  return count * INDEX_ENTRY_BYTES
}

/** Undefined when it is damaged. */
export function readIndex(bytes: Buffer, trailer: Trailer): RecordIndex | undefined {
  if (crc32(bytes) !== trailer.indexSum) return undefined
  return RecordIndex.decode(bytes, trailer.indexOffset)
}

/** `offsets`: where the records begin that have left. */
export function writeMarks(offsets: readonly number[], salt: number): Buffer {
  const bytes = Buffer.allocUnsafe(offsets.length * MARK_BYTES)
  for (const [n, offset] of offsets.entries()) {
    bytes.writeUInt32LE(offset, n * MARK_BYTES)
    const sum = crc32(bytes.subarray(n * MARK_BYTES, n * MARK_BYTES + 4), salt)
    bytes.writeUInt32LE(sum, n * MARK_BYTES + 4)
  }
  return bytes
}

export function readMarks(bytes: Buffer, salt: number): readonly number[] {
  const offsets: number[] = []
  for (let at = 0; at + MARK_BYTES <= bytes.length; at += MARK_BYTES) {
    const sum = crc32(bytes.subarray(at, at + 4), salt)
    if (sum === bytes.readUInt32LE(at + 4)) offsets.push(bytes.readUInt32LE(at))
  }
  return offsets
}
