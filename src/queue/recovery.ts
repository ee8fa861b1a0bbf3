import { HEADER_BYTES, nextMagic, readRecord, recordBytes, recordItems } from './record.js'
import { RecordIndex } from './record-index.js'
import { SEGMENT_HEADER_BYTES } from './segment-format.js'

export interface FoundDamage {
  readonly offset: number
  readonly bytes: Buffer
  /**
   * "torn": the end of the file, as a write that a crash cut short leaves it. "record": what lies
   * before sound ones, or has its whole length.
   */
  readonly kind: 'torn' | 'record'
  /** Undefined where its header is unreadable too. */
  readonly items: number | undefined
}

/** What a read through a whole segment found. */
export interface Found {
  readonly index: RecordIndex
  readonly items: number
  readonly damages: readonly FoundDamage[]
  /** Records of the index that cannot be read. */
  readonly bad: readonly number[]
}

/**
 * Finds the records of a segment that has no index. What cannot be read is a damaged record where
 * its length is known or a sound one follows, else the torn end of a write.
 */
export function findRecords(file: Buffer, salt: number): Found {
  const index = new RecordIndex(Math.min(SEGMENT_HEADER_BYTES, file.length))
  const damages: FoundDamage[] = []
  const bad: number[] = []
  let items = 0
  while (index.end < file.length) {
    const at = index.end
    const next = endOfRecord(file, at, salt)
    if (next === undefined || !readRecord(file.subarray(at, next), salt)) {
      const end = next ?? nextSound(file, at + 1, salt)
      const kind = end === undefined ? 'torn' : 'record'
      const bytes = file.subarray(at, end)
      const known = next === undefined ? undefined : recordItems(bytes)
      damages.push({ offset: at, bytes, kind, items: known })
      if (end === undefined) break
      bad.push(index.count)
      index.push(bytes.length, known ?? 0)
      items += known ?? 0
      continue
    }
    const count = recordItems(file.subarray(at, next))
    index.push(next - at, count)
    items += count
  }
  return { index, items, damages, bad }
}

/** Undefined when there is no sound header, or the file ends before. */
function endOfRecord(file: Buffer, at: number, salt: number): number | undefined {
  const size = recordBytes(file.subarray(at, at + HEADER_BYTES), salt)
  if (size === undefined) return undefined
  const end = at + HEADER_BYTES + size
  return end <= file.length ? end : undefined
}

/** Where the next whole record begins, from `from` on. */
function nextSound(file: Buffer, from: number, salt: number): number | undefined {
  for (let at = nextMagic(file, from); at >= 0; at = nextMagic(file, at + 1)) {
    const end = endOfRecord(file, at, salt)
    if (end !== undefined && readRecord(file.subarray(at, end), salt)) return at
  }
  return undefined
}
