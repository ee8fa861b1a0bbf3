import { type Disk, type DiskFile, systemCodeOf, type Totals } from '#sdk'
import { readAt } from './read-at.js'
import { HEADER_BYTES, type RecordInfo, readRecord } from './record.js'
import type { RecordIndex } from './record-index.js'
import { findRecords } from './recovery.js'
import {
  indexBytes,
  marksName,
  readIndex,
  readMarks,
  readSegmentHeader,
  readTrailer,
  SEGMENT_HEADER_BYTES,
  segmentName,
  TRAILER_BYTES,
  type Trailer,
} from './segment-format.js'
import { add, none } from './totals.js'

/** Something in a segment that cannot be read. */
export interface Flaw {
  /**
   * "torn": the end of a write that was cut short, or is under way. "index": the records are sound,
   * their index is not. "header": nothing in the file can be read.
   */
  readonly kind: 'record' | 'torn' | 'index' | 'header'
  readonly offset: number
  readonly bytes: number
  /** Undefined where its header is unreadable too. */
  readonly items: number | undefined
}

/** A segment as it lies on disk, only looked at: whoever writes to it is not disturbed. */
export class SegmentFile {
  readonly path: string
  readonly bytes: number
  readonly isSealed: boolean
  /** Of the file as a whole; records are read one by one. */
  readonly flaws: readonly Flaw[]
  readonly #file: DiskFile
  readonly #salt: number
  readonly #index: RecordIndex
  readonly #left: ReadonlySet<number>

  private constructor(path: string, file: DiskFile, salt: number, content: Content) {
    this.path = path
    this.bytes = file.size
    this.#file = file
    this.#salt = salt
    this.isSealed = content.isSealed
    this.flaws = content.flaws
    this.#index = content.index
    this.#left = content.left
  }

  /**
   * Undefined when it was removed meanwhile; a flaw when its header is unreadable, and "newer" when
   * a newer version wrote it.
   */
  static async open(
    disk: Disk,
    folder: string,
    number: number,
  ): Promise<SegmentFile | Flaw | 'newer' | undefined> {
    const path = `${folder}/${segmentName(number)}`
    const file = await openIfThere(disk, path)
    if (!file) return undefined
    try {
      const header = readSegmentHeader(await readAt(file, 0, SEGMENT_HEADER_BYTES))
      if (typeof header === 'object') {
        const marks = await marksIn(disk, `${folder}/${marksName(number)}`, header.salt)
        const content = await contentOf(file, header.salt)
        const left = marks.flatMap((offset) => content.index.recordAt(offset) ?? [])
        return new SegmentFile(path, file, header.salt, { ...content, left: new Set(left) })
      }
      await file.close()
      if (header === 'newer') return header
      // A crash, or a look, came before its first record.
      const kind = file.size > SEGMENT_HEADER_BYTES ? 'header' : 'torn'
      return { kind, offset: 0, bytes: file.size, items: undefined }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  get count(): number {
    return this.#index.count
  }

  /** Records that have been delivered, or set aside. */
  get leftCount(): number {
    return this.#left.size
  }

  get waiting(): Totals {
    const sum = none()
    for (const record of this.records()) {
      add(sum, 1, this.#index.items(record), this.#index.bytes(record) - HEADER_BYTES)
    }
    return sum
  }

  /** Numbers of what has not left, oldest first. */
  *records(): Generator<number> {
    for (let record = 0; record < this.count; record++) {
      if (!this.#left.has(record)) yield record
    }
  }

  /** The flaw of a damaged one. */
  async read(record: number): Promise<RecordInfo | Flaw> {
    const offset = this.#index.offset(record)
    const bytes = await readAt(this.#file, offset, this.#index.bytes(record))
    const info = readRecord(bytes, this.#salt)
    if (info) return info
    const items = this.#index.items(record)
    return { kind: 'record', offset, bytes: this.#index.bytes(record), items }
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

interface Content {
  readonly isSealed: boolean
  readonly index: RecordIndex
  readonly flaws: readonly Flaw[]
  readonly left: ReadonlySet<number>
}

export function isFlaw(read: RecordInfo | Flaw): read is Flaw {
  return 'kind' in read
}

async function contentOf(file: DiskFile, salt: number): Promise<Omit<Content, 'left'>> {
  const tail = await readAt(file, Math.max(0, file.size - TRAILER_BYTES), TRAILER_BYTES)
  const trailer = readTrailer(tail, salt, file.size)
  const flaws: Flaw[] = []
  if (trailer) {
    const index = await indexIn(file, trailer)
    if (index) return { isSealed: true, index, flaws }
    const bytes = indexBytes(trailer.count)
    flaws.push({ kind: 'index', offset: trailer.indexOffset, bytes, items: undefined })
  }
  const bytes = await readAt(file, 0, trailer?.indexOffset ?? file.size)
  const { index, damages } = findRecords(bytes, salt)
  for (const { kind, offset, bytes, items } of damages) {
    // Damaged records are found again when they are read. In a sealed segment nothing is torn.
    if (kind !== 'torn') continue
    flaws.push({ kind: trailer ? 'record' : 'torn', offset, bytes: bytes.length, items })
  }
  return { isSealed: trailer !== undefined, index, flaws }
}

async function indexIn(file: DiskFile, trailer: Trailer): Promise<RecordIndex | undefined> {
  const bytes = await readAt(file, trailer.indexOffset, indexBytes(trailer.count))
  const index = readIndex(bytes, trailer)
  return index?.count === trailer.count ? index : undefined
}

async function marksIn(disk: Disk, path: string, salt: number): Promise<readonly number[]> {
  const file = await openIfThere(disk, path)
  if (!file) return []
  try {
    return readMarks(await readAt(file, 0, file.size), salt)
  } finally {
    await file.close()
  }
}

async function openIfThere(disk: Disk, path: string): Promise<DiskFile | undefined> {
  try {
    return await disk.open(path, 'read')
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
