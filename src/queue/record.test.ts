import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { letterBatch, lettersOf } from '#support'
import {
  HEADER_BYTES,
  nextMagic,
  type RecordInfo,
  readRecord,
  recordBytes,
  recordBytesOf,
  recordItems,
  writeRecord,
} from './record.js'

const SALT = 0x1234_5678
const CLIENT = {
  metadata: new Map([['x-tenant', ['a', 'b']]]),
  auth: new Map([['subject', 'me']]),
  address: '10.0.0.1',
}
const PLAIN: RecordInfo = { batch: letterBatch('abc'), cameAt: 1.5e12, attempts: 2, id: 7n }

function written(info: RecordInfo): Buffer {
  return Buffer.concat(writeRecord(info, SALT))
}

describe('a record comes back as it was written', () => {
  const rows: readonly (readonly [string, RecordInfo])[] = [
    ['without a note', PLAIN],
    ['of no bytes', { ...PLAIN, batch: letterBatch('') }],
    ['with its client', { ...PLAIN, batch: letterBatch('a', CLIENT) }],
    ['with a verdict', { ...PLAIN, verdict: { reason: 'bad "item"', at: 5, partly: 1 } }],
    ['with both', { ...PLAIN, batch: letterBatch('a', CLIENT), verdict: { reason: '', at: 0 } }],
  ]
  for (const [name, info] of rows) {
    test(name, () => {
      const bytes = written(info)
      const read = readRecord(bytes, SALT)!
      const { batch, ...rest } = read
      expect(rest).toEqual({
        verdict: undefined,
        ...dropBatch(info),
      })
      expect([lettersOf(batch), batch.items, batch.signal]).toEqual([
        lettersOf(info.batch),
        info.batch.items,
        'traces',
      ])
      expect(batch.client).toEqual(info.batch.client)
      expect(recordItems(bytes)).toBe(info.batch.items)
      if (!info.verdict) expect(recordBytesOf(info.batch)).toBe(bytes.length)
    })
  }
})

function dropBatch({ batch: _, ...rest }: RecordInfo) {
  return rest
}

describe('damage', () => {
  const sound = written({ ...PLAIN, batch: letterBatch('ab', CLIENT) })

  test('any flipped bit is noticed', () => {
    for (let at = 0; at < sound.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const bytes = Buffer.from(sound)
        bytes[at]! ^= 1 << bit
        expect(readRecord(bytes, SALT), `byte ${at} bit ${bit}`).toBeUndefined()
      }
    }
  })

  test('any missing end is noticed', () => {
    for (let size = 0; size < sound.length; size++) {
      expect(readRecord(sound.subarray(0, size), SALT)).toBeUndefined()
    }
  })

  test('the header of another segment does not pass', () => {
    expect(recordBytes(sound, SALT)).toBe(sound.length - HEADER_BYTES)
    expect(recordBytes(sound, SALT + 1)).toBeUndefined()
  })

  const notes = ['null', '5', '{"client":5}', '{"client":{"metadata":7}}', '{', '"x"', '[]']
  for (const note of notes) {
    test(`a note with sound checksums that says ${note} throws nothing`, () => {
      expect(() => readRecord(withNote(note), SALT)).not.toThrow()
    })
  }

  test('a note that is longer than the record does not pass', () => {
    const bytes = withNote('{}')
    bytes.writeUInt32LE(1000, 36)
    bytes.writeUInt32LE(crc32(bytes.subarray(8, HEADER_BYTES), SALT), 4)
    expect(readRecord(bytes, SALT)).toBeUndefined()
  })
})

/** Written by somebody who knows the salt. */
function withNote(note: string): Buffer {
  const header = written(PLAIN).subarray(0, HEADER_BYTES)
  const content = Buffer.from(note)
  header.writeUInt32LE(content.length, 8)
  header.writeUInt32LE(crc32(content), 12)
  header.writeUInt32LE(content.length, 36)
  header.writeUInt32LE(crc32(header.subarray(8), SALT), 4)
  return Buffer.concat([header, content])
}

test('the next magic is found, or there is none', () => {
  const bytes = Buffer.from('..WREC..WREC')
  expect([nextMagic(bytes, 0), nextMagic(bytes, 3), nextMagic(bytes, 9)]).toEqual([2, 8, -1])
})
