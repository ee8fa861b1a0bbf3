import type { BytePool } from '#pdata'
import { type Disk, type DiskFile, Mutex } from '#sdk'
import { BitSet } from './bit-set.js'
import { readAt } from './read-at.js'
import { HEADER_BYTES, type RecordInfo, readRecord } from './record.js'
import { RecordIndex } from './record-index.js'
import { type Found, type FoundDamage, findRecords } from './recovery.js'
import {
  indexBytes,
  MARK_BYTES,
  marksName,
  readIndex,
  readSegmentHeader,
  readTrailer,
  SEGMENT_HEADER_BYTES,
  segmentName,
  TRAILER_BYTES,
  type Trailer,
  writeSegmentHeader,
  writeTrailer,
} from './segment-format.js'
import { SegmentMarks } from './segment-marks.js'

/** Where a record lies in its segment. */
export interface Place {
  readonly record: number
  readonly offset: number
  /** With the header. */
  readonly size: number
  readonly items: number
}

/** One record as it comes from a segment. */
export interface ReadRecord {
  readonly place: Place
  /** Undefined when it is damaged. */
  readonly info: RecordInfo | undefined
  readonly bytes: Buffer
}

/** Why there is no segment in a file: of a newer format, without any record, or unreadable. */
export type NoSegment = 'newer' | 'empty' | 'unreadable'

/** Called before what is damaged is cut off or passed over. */
export type Damaged = (found: FoundDamage) => Promise<void>

/**
 * One segment file and the marks of what has left it:
 *
 *   writing -> sealed -> removed, when all of its records have left
 *
 * A segment that a crash left without a trailer is read through once, then sealed.
 */
export class Segment {
  readonly number: number
  readonly salt: number
  readonly path: string
  readonly #disk: Disk
  readonly #folder: string
  readonly #marks: SegmentMarks
  #file: DiskFile | undefined
  #index: RecordIndex | undefined
  #trailer: Trailer | undefined
  readonly #left = new BitSet()
  readonly #passed = new Set<number>()
  #leftCount = 0
  #leftItems = 0
  #leftBytes = 0
  #count = 0
  #items = 0
  /** Where the records end. */
  #end = SEGMENT_HEADER_BYTES
  #fileBytes = 0
  /** Held by whatever reads or closes the file. */
  readonly #mutex = new Mutex()
  isSealed = false

  private constructor(disk: Disk, folder: string, number: number, salt: number) {
    this.#disk = disk
    this.#folder = folder
    this.number = number
    this.salt = salt
    this.path = `${folder}/${segmentName(number)}`
    this.#marks = new SegmentMarks(disk, `${folder}/${marksName(number)}`, salt)
  }

  static async create(disk: Disk, folder: string, number: number, salt: number): Promise<Segment> {
    const segment = new Segment(disk, folder, number, salt)
    segment.#file = await disk.open(segment.path, 'create')
    segment.#index = new RecordIndex(SEGMENT_HEADER_BYTES)
    segment.#fileBytes = SEGMENT_HEADER_BYTES
    try {
      await segment.#file.write([writeSegmentHeader(salt)], 0)
      // A later sync may lose one part of what it covers and keep another.
      await segment.#file.sync()
      await disk.syncFolder(folder)
      return segment
    } catch (error) {
      await segment.remove().catch(() => {})
      throw error
    }
  }

  /** One that exists. */
  static async open(
    disk: Disk,
    folder: string,
    number: number,
    damaged: Damaged,
  ): Promise<Segment | NoSegment> {
    const file = await disk.open(`${folder}/${segmentName(number)}`, 'write')
    let segment: Segment | undefined
    try {
      const header = readSegmentHeader(await readAt(file, 0, SEGMENT_HEADER_BYTES))
      if (typeof header !== 'object') {
        return header ?? (file.size > SEGMENT_HEADER_BYTES ? 'unreadable' : 'empty')
      }
      segment = new Segment(disk, folder, number, header.salt)
      await segment.#open(file, damaged)
      return segment
    } finally {
      // Whoever reads from it opens it again: there may be thousands.
      if (segment) await segment.rest()
      else await file.close()
    }
  }

  /** Of the disk, with what is still to be written about the records it has. */
  get storedBytes(): number {
    const sealed = this.#end + indexBytes(this.#count) + TRAILER_BYTES
    return Math.max(this.#fileBytes, sealed) + this.#count * MARK_BYTES
  }

  /** Where the next record goes. */
  get end(): number {
    return this.#end
  }

  get count(): number {
    return this.#count
  }

  /** What has not left yet. */
  get live(): { readonly requests: number; readonly items: number; readonly bytes: number } {
    const bytes = Math.max(0, this.#end - SEGMENT_HEADER_BYTES) - this.#count * HEADER_BYTES
    return {
      requests: this.#count - this.#leftCount,
      items: this.#items - this.#leftItems,
      bytes: bytes - this.#leftBytes,
    }
  }

  get isFinished(): boolean {
    return this.#leftCount === this.#count
  }

  /** Writes records behind the last. They count once `added` is called. */
  write(chunks: readonly Uint8Array[]): Promise<void> {
    const bytes = chunks.reduce((sum, { length }) => sum + length, 0)
    this.#fileBytes = Math.max(this.#fileBytes, this.#end + bytes)
    return this.#file!.write(chunks, this.#end)
  }

  sync(): Promise<void> {
    return this.#file!.sync()
  }

  /** Gives back what a write that failed may have left behind the last record. */
  async cut(): Promise<void> {
    await this.#file!.truncate(this.#end)
    this.#fileBytes = this.#end
  }

  /**
   * No more is written, and no trailer either: nothing is known of a file whose sync has failed.
   * What was safe before is read as long as it can be.
   */
  async abandon(): Promise<void> {
    this.isSealed = true
    await this.cut().catch(() => {})
  }

  /** Where a record lies that has been written, `size` bytes with its header. */
  added(size: number, items: number): Place {
    const place = { record: this.#count, offset: this.#end, size, items }
    this.#index!.push(size, items)
    this.#end += size
    this.#fileBytes = this.#end
    this.#items += items
    this.#count++
    return place
  }

  /** No more is written. Without room for the trailer it is read through when opened again. */
  async seal(): Promise<void> {
    this.isSealed = true
    const trailer = writeTrailer(this.#index!, this.#items, this.salt)
    const fileBytes = this.#end + trailer.length
    try {
      await this.#file!.write([trailer], this.#end)
      this.#fileBytes = fileBytes
      this.#trailer = readTrailer(trailer.subarray(-TRAILER_BYTES), this.salt, fileBytes)
    } catch {
      await this.cut().catch(() => {})
    }
  }

  /** It was taken out at once, so that reading goes over it. */
  pass({ record }: Place): void {
    this.#passed.add(record)
  }

  /** The first record from `record` on that waits to be read; `count` when there is none. */
  nextWaiting(record: number): number {
    let next = record
    while (next < this.#count && !this.#isWaiting(next)) next++
    return next
  }

  /**
   * Records that wait, from `first` on: as many as lie together and fit, but at least one. Their
   * bytes are those of `memory`, which is of the pool.
   */
  read(
    first: number,
    bytesMax: number,
    pool: BytePool,
  ): Promise<{ readonly records: readonly ReadRecord[]; readonly memory: Buffer }> {
    return this.#mutex.run(async () => {
      const file = await this.#opened()
      const index = await this.#loaded(file)
      const from = index.offset(first)
      const fits = (record: number) => index.offset(record + 1) - from <= bytesMax
      let next = first + 1
      while (next < this.#count && this.#isWaiting(next) && fits(next)) next++
      const size = index.offset(next) - from
      const memory = pool.take(size)
      const bytes = await readAt(file, from, size, memory)
      const records: ReadRecord[] = []
      for (let record = first; record < next; record++) {
        const place = placeOf(index, record)
        const at = place.offset - from
        const own = bytes.subarray(at, at + place.size)
        records.push({ place, info: readRecord(own, this.salt), bytes: own })
      }
      return { records, memory }
    })
  }

  /** One that the medium does not give back; rejects when it gives back nothing else either. */
  unreadable(record: number): Promise<ReadRecord> {
    return this.#mutex.run(async () => {
      const file = await this.#opened()
      const index = await this.#loaded(file)
      await readAt(file, 0, SEGMENT_HEADER_BYTES)
      return { place: placeOf(index, record), info: undefined, bytes: Buffer.alloc(0) }
    })
  }

  /** The record has left; `flush` writes that down. */
  leave(place: Place): void {
    if (this.#left.has(place.record)) return
    this.#mark(place)
    this.#marks.add(place.offset)
  }

  /** Writes down what has left. When it cannot, that is kept for the next time. */
  flush(): Promise<void> {
    return this.#marks.flush()
  }

  /** Its marks stay until it is gone for good: else all of it would be delivered again. */
  async remove(): Promise<void> {
    await this.close()
    await this.#disk.remove(this.path)
    await this.#disk.syncFolder(this.#folder)
    await this.#disk.remove(`${this.#folder}/${marksName(this.number)}`)
  }

  async close(): Promise<void> {
    await this.#marks.close()
    await this.#mutex.run(async () => {
      const file = this.#file
      this.#file = undefined
      await file?.close().catch(() => {})
    })
  }

  /** Lets go of what only reading and writing need. */
  async rest(): Promise<void> {
    await this.close()
    // Without a trailer the index would have to be made again.
    await this.#mutex.run(async () => {
      if (this.#trailer && !this.#file) this.#index = undefined
    })
  }

  async #open(file: DiskFile, damaged: Damaged): Promise<void> {
    this.#file = file
    this.#fileBytes = file.size
    const tail = await readAt(file, Math.max(0, file.size - TRAILER_BYTES), TRAILER_BYTES)
    const trailer = readTrailer(tail, this.salt, file.size)
    if (trailer) {
      this.#trailer = trailer
      this.#count = trailer.count
      this.#items = trailer.items
      this.#end = trailer.indexOffset
      this.isSealed = true
    } else {
      await this.#recover(file, damaged)
    }
    const offsets = await this.#marks.read()
    if (offsets.length === 0) return
    const index = await this.#loaded(file)
    for (const offset of offsets) {
      const record = index.recordAt(offset)
      if (record !== undefined && !this.#left.has(record)) this.#mark(placeOf(index, record))
    }
  }

  async #recover(file: DiskFile, damaged: Damaged): Promise<void> {
    const found = await this.#scan(file, file.size)
    for (const one of found.damages) await damaged(one)
    this.#index = found.index
    this.#count = found.index.count
    this.#items = found.items
    this.#end = found.index.end
    for (const record of found.bad) this.leave(placeOf(found.index, record))
    await this.cut()
    await this.seal()
  }

  async #loaded(file: DiskFile): Promise<RecordIndex> {
    this.#index ??= await this.#load(file)
    return this.#index
  }

  async #load(file: DiskFile): Promise<RecordIndex> {
    const trailer = this.#trailer!
    const bytes = await readAt(file, trailer.indexOffset, indexBytes(trailer.count))
    const index = readIndex(bytes, trailer)
    if (index) return index
    // The records say themselves where they are, as long as they can be read.
    const found = await this.#scan(file, trailer.indexOffset)
    found.index.fill(trailer.count, trailer.indexOffset)
    const lacking = found.bad[0] ?? found.index.count - 1
    found.index.addItems(lacking, Math.max(0, trailer.items - found.items))
    return found.index
  }

  async #scan(file: DiskFile, bytes: number): Promise<Found> {
    return findRecords(await readAt(file, 0, bytes), this.salt)
  }

  async #opened(): Promise<DiskFile> {
    this.#file ??= await this.#disk.open(this.path, 'write')
    return this.#file
  }

  #isWaiting(record: number): boolean {
    return !this.#left.has(record) && !this.#passed.has(record)
  }

  #mark({ record, size, items }: Place): void {
    this.#left.add(record)
    this.#passed.delete(record)
    this.#leftCount++
    this.#leftItems += items
    this.#leftBytes += size - HEADER_BYTES
  }
}

function placeOf(index: RecordIndex, record: number): Place {
  const offset = index.offset(record)
  return { record, offset, size: index.bytes(record), items: index.items(record) }
}
