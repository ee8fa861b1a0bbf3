import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { RecordIndex } from './record-index.js'
import {
  indexBytes,
  MARK_BYTES,
  marksName,
  readIndex,
  readMarks,
  readSegmentHeader,
  readTrailer,
  segmentName,
  segmentNumber,
  TRAILER_BYTES,
  writeMarks,
  writeSegmentHeader,
  writeTrailer,
} from './segment-format.js'

const SALT = 99

test('names', () => {
  expect([segmentName(7), marksName(123_456_789)]).toEqual(['00000007.seg', '123456789.done'])
  const names = ['00000007.seg', '00000007.done', '123456789.seg', '7.seg', 'lock', 'quarantine']
  expect(names.map(segmentNumber)).toEqual([7, 7, 123_456_789, undefined, undefined, undefined])
})

describe('header', () => {
  test('any flipped bit costs nothing: there are two copies', () => {
    const header = writeSegmentHeader(SALT)
    for (let bit = 0; bit < header.length * 8; bit++) {
      const bytes = Buffer.from(header)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      expect(readSegmentHeader(bytes), `bit ${bit}`).toEqual({ salt: SALT })
    }
  })

  const newer = writeSegmentHeader(SALT)
  newer.write('WEIRSEG2')
  newer.writeUInt32LE(crc32(newer.subarray(0, 12)), 12)
  const rows: readonly (readonly [string, Buffer, unknown])[] = [
    ['of a newer format', newer, 'newer'],
    ['cut off in its second copy', writeSegmentHeader(SALT).subarray(0, 20), { salt: SALT }],
    ['cut off in its first', writeSegmentHeader(SALT).subarray(0, 15), undefined],
    ['of nothing', Buffer.alloc(32), undefined],
  ]
  for (const [name, bytes, expected] of rows) {
    test(name, () => expect(readSegmentHeader(bytes)).toEqual(expected))
  }
})

describe('index and trailer', () => {
  const index = new RecordIndex(32)
  for (let n = 0; n < 1000; n++) index.push(100 + n, n)
  const bytes = writeTrailer(index, 499_500, SALT)
  const fileBytes = index.end + bytes.length

  test('come back as they were written', () => {
    const trailer = readTrailer(bytes.subarray(-TRAILER_BYTES), SALT, fileBytes)!
    expect(trailer).toMatchObject({ count: 1000, indexOffset: index.end, items: 499_500 })
    const read = readIndex(bytes.subarray(0, indexBytes(1000)), trailer)!
    for (const record of [0, 1, 500, 999]) {
      expect(read.offset(record)).toBe(index.offset(record))
      expect(read.bytes(record)).toBe(100 + record)
      expect(read.items(record)).toBe(record)
      expect(read.recordAt(index.offset(record))).toBe(record)
      expect(read.recordAt(index.offset(record) + 1)).toBeUndefined()
    }
    read.push(5, 5)
    expect([read.count, read.bytes(1000)]).toEqual([1001, 5])
  })

  test('any flipped bit is noticed', () => {
    const tail = bytes.subarray(-TRAILER_BYTES)
    for (let bit = 0; bit < TRAILER_BYTES * 8; bit++) {
      const flipped = Buffer.from(tail)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(readTrailer(flipped, SALT, fileBytes), `bit ${bit}`).toBeUndefined()
    }
    const trailer = readTrailer(tail, SALT, fileBytes)!
    const entries = Buffer.from(bytes.subarray(0, indexBytes(1000)))
    entries[77]! ^= 4
    expect(readIndex(entries, trailer)).toBeUndefined()
  })

  test('a trailer that is not at the end of its file does not pass', () => {
    expect(readTrailer(bytes.subarray(-TRAILER_BYTES), SALT, fileBytes + 1)).toBeUndefined()
  })

  test('an index of no record can grow', () => {
    const empty = RecordIndex.decode(Buffer.alloc(0), 32)
    empty.push(10, 1)
    expect([empty.count, empty.end, empty.recordAt(32)]).toEqual([1, 42, 0])
  })

  test('an index that lacks records is filled', () => {
    const short = new RecordIndex(32)
    short.push(10, 1)
    short.fill(4, 100)
    short.addItems(1, 9)
    expect([1, 2, 3].map((n) => short.bytes(n))).toEqual([58, 0, 0])
    expect([short.end, short.items(1)]).toEqual([100, 9])
  })
})

test('a mark that is torn or damaged was never made', () => {
  const bytes = writeMarks([32, 500, 9000], SALT)
  expect(readMarks(bytes, SALT)).toEqual([32, 500, 9000])
  expect(readMarks(bytes.subarray(0, 2 * MARK_BYTES + 5), SALT)).toEqual([32, 500])
  expect(readMarks(bytes, SALT + 1)).toEqual([])
  for (let at = MARK_BYTES; at < 2 * MARK_BYTES; at++) {
    const damaged = Buffer.from(bytes)
    damaged[at]! ^= 1
    expect(readMarks(damaged, SALT)).toEqual([32, 9000])
  }
})
