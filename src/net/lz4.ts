/**
 * LZ4 frames (lz4/lz4, doc/lz4_Frame_format.md), one after another:
 *
 *   4 bytes     magic 04 22 4d 18 (or 50..5f 2a 4d 18: a skippable frame, 4 bytes length, data)
 *   1 byte      bits 7-6 version 1, 5 blocks independent, 4 block checksums, 3 content size,
 *               2 content checksum, 0 dictionary id
 *   1 byte      bits 6-4 largest block: 4..7 for 64 KiB, 256 KiB, 1 MiB, 4 MiB
 *   0-12 bytes  content size (8), dictionary id (4), little-endian
 *   1 byte      second byte of the xxHash of the three fields above
 *   blocks      4 bytes length, highest bit set for plain data; data; xxHash with block checksums
 *   4 bytes     0
 *   0-4 bytes   xxHash of the content
 */
import { asBuffer } from '#wire'
import { corrupt, expandsTooFar } from './codec-error.js'
import { Lz4Output } from './lz4-block.js'
import { xxhash32 } from './xxhash32.js'

const NAME = 'lz4'
const MAGIC = 0x184d2204
const SKIPPABLE_MAGIC = 0x184d2a50
const PLAIN = 0x80000000
const EXPECTED_RATIO = 4

export function unlz4(bytes: Uint8Array, limit: number): Uint8Array {
  const input = asBuffer(bytes)
  if (input.length === 0) throw cutOff()
  const output = new Lz4Output(input.length * EXPECTED_RATIO, limit)
  for (let at = 0; at < input.length; ) {
    const magic = readWord(input, at)
    if (magic - (magic % 16) === SKIPPABLE_MAGIC) {
      at += 8 + readWord(input, at + 4)
      if (at > input.length) throw cutOff()
    } else if (magic === MAGIC) {
      at = readFrame(input, at + 4, output, limit)
    } else {
      throw corrupt(NAME, 'invalid header')
    }
  }
  return output.from(0)
}

interface FrameHeader {
  readonly end: number
  readonly linked: boolean
  readonly blockChecksums: boolean
  readonly contentChecksum: boolean
  readonly contentBytes: number | undefined
  readonly blockBytesMax: number
}

function readFrame(input: Buffer, at: number, output: Lz4Output, limit: number): number {
  const header = readHeader(input, at)
  const start = output.length
  if (start + (header.contentBytes ?? 0) > limit) throw expandsTooFar(limit)
  let next = readBlocks(input, header, output)
  const content = output.from(start)
  if (header.contentChecksum) {
    if (readWord(input, next) !== xxhash32(content)) throw corrupt(NAME, 'wrong checksum')
    next += 4
  }
  if (content.length !== (header.contentBytes ?? content.length)) {
    throw corrupt(NAME, 'wrong content size')
  }
  return next
}

function readHeader(input: Buffer, at: number): FrameHeader {
  const flags = byteAt(input, at)
  const blockSize = (byteAt(input, at + 1) >> 4) & 7
  if (flags >> 6 !== 1) throw corrupt(NAME, 'unknown version')
  if (blockSize < 4) throw corrupt(NAME, 'unknown block size')
  if (flags & 1) throw corrupt(NAME, 'dictionaries are not supported')
  const hasSize = (flags & 8) !== 0
  const end = at + 2 + (hasSize ? 8 : 0)
  if (byteAt(input, end) !== ((xxhash32(input.subarray(at, end)) >>> 8) & 0xff)) {
    throw corrupt(NAME, 'wrong header checksum')
  }
  return {
    end: end + 1,
    linked: (flags & 0x20) === 0,
    blockChecksums: (flags & 0x10) !== 0,
    contentChecksum: (flags & 4) !== 0,
    contentBytes: hasSize ? Number(input.readBigUInt64LE(at + 2)) : undefined,
    blockBytesMax: 2 ** (8 + 2 * blockSize),
  }
}

/** The offset behind the end mark. */
function readBlocks(input: Buffer, header: FrameHeader, output: Lz4Output): number {
  const frameStart = output.length
  for (let at = header.end; ; ) {
    const word = readWord(input, at)
    at += 4
    if (word === 0) return at
    const size = word % PLAIN
    if (size > header.blockBytesMax) throw corrupt(NAME, 'block larger than its frame allows')
    if (at + size > input.length) throw cutOff()
    const block = input.subarray(at, at + size)
    at += size
    if (header.blockChecksums) {
      if (readWord(input, at) !== xxhash32(block)) throw corrupt(NAME, 'wrong checksum')
      at += 4
    }
    const start = output.length
    if (word >= PLAIN) output.append(block)
    else output.appendBlock(block, header.linked ? frameStart : start)
    if (output.length - start > header.blockBytesMax) {
      throw corrupt(NAME, 'block larger than its frame allows')
    }
  }
}

function readWord(input: Buffer, at: number): number {
  if (at + 4 > input.length) throw cutOff()
  return input.readUInt32LE(at)
}

function byteAt(input: Buffer, at: number): number {
  const byte = input[at]
  if (byte === undefined) throw cutOff()
  return byte
}

function cutOff() {
  return corrupt(NAME, 'unexpected end of file')
}
