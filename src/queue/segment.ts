import type { Disk, DiskFile } from '#sdk'
import { HEADER_BYTES, type RecordInfo, readRecord } from './record.js'
import { RecordIndex } from './record-index.js'
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
  writeMarks,
  writeSegmentHeader,
  writeTrailer,
} from './segment-format.js'

/** What was found wrong when a segment was opened or read. */
export interface Damage {
  readonly path: string
  readonly offset: number
  readonly bytes: number
  /**
   * "torn": the end of a write that a crash cut short, so nobody was told it is safe. "record": a
   * record that was whole once.
   */
  readonly kind: 'torn' | 'record'
  /** Undefined where its header is unreadable too. */
  readonly items: number | undefined
}

/** One record as it comes from a segment; undefined for a damaged one. */
export interface ReadRecord {
  readonly record: number
  readonly info: RecordInfo | undefined
  readonly bytes: Buffer
}

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
  readonly #disk: Disk
  readonly #folder: string
  #file: DiskFile | undefined
  #marksFile: DiskFile | undefined
  /** The file exists, open or not. */
  #hasMarksFile = false
  #marksEnd = 0
  #index: RecordIndex | undefined
  #trailer: Trailer | undefined
  /** One bit a record that has left. */
  #left = new Uint8Array(0)
  readonly #passed = new Set<number>()
  #leftCount = 0
  #leftItems = 0
  #leftBytes = 0
  #unwritten: number[] = []
  #writingMarks: Promise<void> | undefined
  #count = 0
  #items = 0
  /** Where the records end. */
  #end = SEGMENT_HEADER_BYTES
  #fileBytes = 0
  isSealed = false

  private constructor(disk: Disk, folder: string, number: number, salt: number) {
    this.#disk = disk
    this.#folder = folder
    this.number = number
    this.salt = salt
  }

  static async create(disk: Disk, folder: string, number: number, salt: number): Promise<Segment> {
    const segment = new Segment(disk, folder, number, salt)
    const file = await disk.open(segment.path, 'create')
    segment.#file = file
    segment.#index = new RecordIndex(SEGMENT_HEADER_BYTES)
    await file.write([writeSegmentHeader(salt)], 0)
    await disk.syncFolder(folder)
    segment.#fileBytes = SEGMENT_HEADER_BYTES
    return segment
  }

  /**
   * One that exists. Calls back for what is wrong with it; undefined when nothing in it can be
   * read. Rejects when it is of a newer format.
   */
  static async open(
    disk: Disk,
    folder: string,
    number: number,
    damaged: (damage: Damage, bytes: Buffer) => void,
  ): Promise<Segment | 'newer' | undefined> {
    const path = `${folder}/${segmentName(number)}`
    const file = await disk.open(path, 'write')
    const head = await readAt(file, 0, SEGMENT_HEADER_BYTES)
    const header = readSegmentHeader(head)
    if (header === undefined || header === 'newer') {
      await file.close()
      return header
    }
    const segment = new Segment(disk, folder, number, header.salt)
    segment.#file = file
    segment.#fileBytes = file.size
    const tail = await readAt(file, Math.max(0, file.size - TRAILER_BYTES), TRAILER_BYTES)
    const trailer = readTrailer(tail, header.salt, file.size)
    if (trailer) segment.#sealedWith(trailer)
    else await segment.#recover(damaged)
    await segment.#readMarks()
    return segment
  }

  get path(): string {
    return `${this.#folder}/${segmentName(this.number)}`
  }

  /** Of the file. */
  get fileBytes(): number {
    return this.#fileBytes
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
    const bytes = this.#end - SEGMENT_HEADER_BYTES - this.#count * HEADER_BYTES
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
    return this.#file!.write(chunks, this.#end)
  }

  sync(): Promise<void> {
    return this.#file!.sync()
  }

  /** Gives back what a write that failed may have left behind the last record. */
  cut(): Promise<void> {
    return this.#file!.truncate(this.#end)
  }

  /**
   * No more is written, and no trailer either: nothing is known of a file whose sync has failed.
   * What was safe before is read as long as it can be.
   */
  async abandon(): Promise<void> {
    this.isSealed = true
    await this.cut().catch(() => {})
  }

  /** The number of a record of so many bytes, header included, that has been written. */
  added(bytes: number, items: number): number {
    this.#index!.push(bytes, items)
    this.#end += bytes
    this.#fileBytes = this.#end
    this.#items += items
    return this.#count++
  }

  /** No more is written. Without room for the trailer it is read through when opened again. */
  async seal(): Promise<void> {
    this.isSealed = true
    const trailer = writeTrailer(this.#index!, this.#items, this.salt)
    try {
      await this.#file!.write([trailer], this.#end)
      this.#fileBytes = this.#end + trailer.length
      this.#trailer = readTrailer(trailer.subarray(-TRAILER_BYTES), this.salt, this.#fileBytes)
    } catch {
      await this.#file!.truncate(this.#end).catch(() => {})
    }
  }

  /** Where a record lies, its bytes, header included, and its items. Needs the index. */
  sizeOf(record: number) {
    const index = this.#index!
    return {
      offset: index.offset(record),
      bytes: index.bytes(record),
      items: index.items(record),
    }
  }

  hasLeft(record: number): boolean {
    return ((this.#left[record >> 3] ?? 0) & (1 << (record & 7))) !== 0
  }

  /** It was taken out at once, so that reading goes over it. */
  pass(record: number): void {
    this.#passed.add(record)
  }

  /** The first record from `record` on that waits to be read; `count` when there is none. */
  nextWaiting(record: number): number {
    let next = record
    while (next < this.#count && !this.#isWaiting(next)) next++
    return next
  }

  /** Makes sure the index is there. */
  async load(): Promise<void> {
    if (this.#index) return
    const file = await this.#opened()
    const trailer = this.#trailer!
    const bytes = await readAt(file, trailer.indexOffset, indexBytes(trailer.count))
    const index = readIndex(bytes, trailer)
    if (index?.count === trailer.count) this.#index = index
    else this.#index = (await this.#scan()).index
  }

  /**
   * Records that wait, from `first` on: as many as lie together and fit `bytesMax`, but at least
   * one. Needs the index.
   */
  async read(first: number, bytesMax: number): Promise<readonly ReadRecord[]> {
    const index = this.#index!
    const from = index.offset(first)
    const fits = (record: number) => index.offset(record + 1) - from <= bytesMax
    let next = first + 1
    while (next < this.#count && this.#isWaiting(next) && fits(next)) next++
    const bytes = await readAt(await this.#opened(), from, index.offset(next) - from)
    const records: ReadRecord[] = []
    for (let record = first; record < next; record++) {
      const at = index.offset(record) - from
      const own = bytes.subarray(at, at + index.bytes(record))
      records.push({ record, info: readRecord(own, this.salt), bytes: own })
    }
    return records
  }

  /** The record has left; `flush` writes that down. */
  leave(record: number, bytes: number, items: number): void {
    if (this.hasLeft(record)) return
    this.#mark(record, bytes, items)
    this.#unwritten.push(record)
  }

  /** Writes down what has left. When it cannot, that is kept for the next time. */
  async flush(): Promise<void> {
    if (this.#writingMarks) await this.#writingMarks
    if (this.#unwritten.length === 0 || (this.isSealed && this.isFinished)) return
    this.#writingMarks = this.#writeMarks()
    await this.#writingMarks
    this.#writingMarks = undefined
  }

  async remove(): Promise<void> {
    await this.close()
    await this.#disk.remove(this.path)
    await this.#disk.remove(`${this.#folder}/${marksName(this.number)}`)
  }

  async close(): Promise<void> {
    await this.#writingMarks
    const files = [this.#file, this.#marksFile]
    this.#file = undefined
    this.#marksFile = undefined
    for (const file of files) await file?.close().catch(() => {})
  }

  /** Lets go of what only reading needs. */
  async rest(): Promise<void> {
    if (!this.isSealed || !this.#trailer) return
    this.#index = undefined
    await this.close()
  }

  #isWaiting(record: number): boolean {
    return !this.hasLeft(record) && !this.#passed.has(record)
  }

  async #opened(): Promise<DiskFile> {
    this.#file ??= await this.#disk.open(this.path, 'write')
    return this.#file
  }

  #sealedWith(trailer: Trailer): void {
    this.#trailer = trailer
    this.#count = trailer.count
    this.#items = trailer.items
    this.#end = trailer.indexOffset
    this.isSealed = true
  }

  async #recover(damaged: (damage: Damage, bytes: Buffer) => void): Promise<void> {
    const { index, damages, items, bad } = await this.#scan()
    for (const { damage, bytes } of damages) damaged({ ...damage, path: this.path }, bytes)
    this.#index = index
    this.#count = index.count
    this.#items = items
    this.#end = index.end
    for (const record of bad) this.leave(record, index.bytes(record), index.items(record))
    await this.#file!.truncate(index.end)
    await this.seal()
  }

  async #scan() {
    const file = await this.#opened()
    const bytes = await readAt(file, 0, file.size)
    return findRecords(bytes, this.salt)
  }

  async #readMarks(): Promise<void> {
    const path = `${this.#folder}/${marksName(this.number)}`
    let file: DiskFile
    try {
      file = await this.#disk.open(path, 'write')
    } catch {
      // Nothing has left yet.
      return
    }
    const records = readMarks(await readAt(file, 0, file.size), this.salt)
    this.#marksFile = file
    this.#hasMarksFile = true
    this.#marksEnd = file.size - (file.size % MARK_ALIGNMENT)
    if (records.length === 0) return
    await this.load()
    for (const record of records) {
      if (record >= this.#count || this.hasLeft(record)) continue
      const { bytes, items } = this.sizeOf(record)
      this.#mark(record, bytes, items)
    }
  }

  #mark(record: number, bytes: number, items: number): void {
    const at = record >> 3
    if (at >= this.#left.length) {
      const larger = new Uint8Array(Math.max(64, at + 1, this.#left.length * 2))
      larger.set(this.#left)
      this.#left = larger
    }
    this.#left[at]! |= 1 << (record & 7)
    this.#leftCount++
    this.#leftItems += items
    this.#leftBytes += bytes - HEADER_BYTES
  }

  async #writeMarks(): Promise<void> {
    const records = this.#unwritten
    this.#unwritten = []
    const bytes = writeMarks(records, this.salt)
    try {
      const path = `${this.#folder}/${marksName(this.number)}`
      this.#marksFile ??= await this.#disk.open(path, this.#hasMarksFile ? 'write' : 'create')
      this.#hasMarksFile = true
      await this.#marksFile.write([bytes], this.#marksEnd)
      this.#marksEnd += bytes.length
    } catch {
      this.#unwritten = [...records, ...this.#unwritten]
    }
  }
}

const MARK_ALIGNMENT = 8

async function readAt(file: DiskFile, position: number, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(size)
  const read = await file.read(bytes, position)
  return bytes.subarray(0, read)
}
