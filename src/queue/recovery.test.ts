import { describe, expect, test } from 'vitest'
import { letterBatch, lettersOf } from '#support'
import { HEADER_BYTES, readRecord, writeRecord } from './record.js'
import { findRecords } from './recovery.js'
import { SEGMENT_HEADER_BYTES, writeSegmentHeader } from './segment-format.js'

const SALT = 4711

function record(text: string, salt = SALT): Buffer {
  return Buffer.concat(
    writeRecord({ batch: letterBatch(text), cameAt: 0, attempts: 0, id: 1n }, salt),
  )
}

const PARTS = [record('a'), record('bb'), record('ccc')]
const FILE = Buffer.concat([writeSegmentHeader(SALT), ...PARTS])

/** The letters of what can be read. */
function readable(file: Buffer): string[] {
  const { index, bad } = findRecords(file, SALT)
  const letters: string[] = []
  for (let n = 0; n < index.count; n++) {
    if (bad.includes(n)) continue
    const at = index.offset(n)
    letters.push(lettersOf(readRecord(file.subarray(at, at + index.bytes(n)), SALT)!.batch))
  }
  return letters
}

test('finds what was written', () => {
  const { index, items, damages, bad } = findRecords(FILE, SALT)
  expect([index.count, index.end, items]).toEqual([3, FILE.length, 6])
  expect([damages, bad]).toEqual([[], []])
  expect(readable(FILE)).toEqual(['a', 'bb', 'ccc'])
})

test('a file that ends anywhere keeps every whole record before', () => {
  let end = SEGMENT_HEADER_BYTES
  const wholeAt = PARTS.map((part) => (end += part.length))
  for (let size = 0; size <= FILE.length; size++) {
    const file = FILE.subarray(0, size)
    const whole = wholeAt.filter((at) => at <= size).length
    expect(readable(file), `${size} bytes`).toEqual(['a', 'bb', 'ccc'].slice(0, whole))
    const { index, damages } = findRecords(file, SALT)
    const isTorn = size > index.end
    expect(damages.map(({ kind }) => kind)).toEqual(isTorn ? ['torn'] : [])
  }
})

describe('a flipped bit costs its own record alone', () => {
  const [first, second, third] = PARTS as [Buffer, Buffer, Buffer]
  const starts = [0, first.length, first.length + second.length]
  for (const [n, part] of [first, second, third].entries()) {
    test(`in record ${n}`, () => {
      for (let at = 0; at < part.length; at++) {
        const file = Buffer.from(FILE)
        file[SEGMENT_HEADER_BYTES + starts[n]! + at]! ^= 1 << (at % 8)
        const expected = ['a', 'bb', 'ccc'].filter((_, other) => other !== n)
        expect(readable(file), `byte ${at}`).toEqual(expected)
        const { damages, index } = findRecords(file, SALT)
        const isLastHeader = n === 2 && at < HEADER_BYTES
        expect(damages).toMatchObject([
          {
            offset: SEGMENT_HEADER_BYTES + starts[n]!,
            kind: isLastHeader ? 'torn' : 'record',
            items: at < HEADER_BYTES ? undefined : n + 1,
          },
        ])
        expect(index.count).toBe(isLastHeader ? 2 : 3)
      }
    })
  }
})

describe('bytes that look like a record', () => {
  /** A record inside the payload of another: telemetry that somebody made up. */
  const carrying = (inner: Buffer, cut: number) => {
    const batch = letterBatch('x')
    const payload = Buffer.concat([...batch.chunks, inner])
    const info = { ...batch, chunks: [payload], bytes: payload.length }
    const outer = writeRecord({ batch: info, cameAt: 0, attempts: 0, id: 2n }, SALT)
    const file = Buffer.concat([writeSegmentHeader(SALT), ...outer])
    return file.subarray(0, file.length - cut)
  }

  test('do not pass when the record around them is torn', () => {
    const forged = record('forged', SALT + 1)
    expect(readable(carrying(forged, 0))).toHaveLength(1)
    const { index, damages } = findRecords(
      carrying(Buffer.concat([forged, Buffer.alloc(9)]), 5),
      SALT,
    )
    expect(index.count).toBe(0)
    expect(damages).toMatchObject([{ kind: 'torn' }])
  })
})

test('garbage between records is passed over', () => {
  const garbage = Buffer.from('WRECWRECWREC and other things')
  const file = Buffer.concat([writeSegmentHeader(SALT), PARTS[0]!, garbage, PARTS[1]!])
  expect(readable(file)).toEqual(['a', 'bb'])
  expect(findRecords(file, SALT).damages).toMatchObject([{ kind: 'record', items: undefined }])
})
