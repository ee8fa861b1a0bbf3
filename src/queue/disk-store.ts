import { type Batch, BytePool } from '#pdata'
import {
  type BudgetShare,
  type Clock,
  type Disk,
  type DiskLock,
  MemoryBudget,
  Retryable,
  systemCodeOf,
  type Timer,
  type Verdict,
} from '#sdk'
import { KeptBatch, POOL_BYTES_MAX } from './kept-batch.js'
import { type OpenedFolder, openSegments } from './open-segments.js'
import { type Damage, Quarantine } from './quarantine.js'
import { HEADER_BYTES, type RecordInfo, recordBytesOf } from './record.js'
import type { Place, ReadRecord, Segment } from './segment.js'
import { RECORD_EXTRA_BYTES, SEGMENT_EXTRA_BYTES } from './segment-format.js'
import { type NewRecord, SegmentWriter, type Written } from './segment-writer.js'
import { Segments } from './segments.js'
import { Fifo, type KeepRoom, type Store, type Stored } from './store.js'
import { add, none } from './totals.js'

export interface DiskStoreOptions {
  readonly disk: Disk
  readonly clock: Clock
  /** From 0 up to, not including, 1. */
  readonly random: () => number
  /** Its own; made where it is missing, and locked. */
  readonly folder: string
  /** A segment is finished at this size; space comes back segment by segment. */
  readonly segmentBytes: number
  /** Batches are kept in memory besides up to this, so that they need not be read again. */
  readonly memoryBytes: number
  readonly memory?: BudgetShare
  readonly events: DiskStoreEvents
}

export interface DiskStoreEvents {
  /** Something cannot be read; its bytes lie in the folder "quarantine" now. */
  damaged(damage: Damage): void
  /** There is more room than before. */
  freed(): void
}

interface DiskStored extends Stored {
  readonly id: bigint
  /** Where its only copy lies, or its newest. */
  segment: Segment
  place: Place
}

/** Names a record of the files, for whoever reads them besides. */
export function placeOf(stored: Stored): string | undefined {
  const { segment, place } = stored as Partial<DiskStored>
  return segment && place && `${segment.number} ${place.record}`
}

/** Read at once from disk; larger records alone. */
const READ_BYTES = 256 * 1024
/** What a record in memory takes besides its bytes. */
const MEMORY_EXTRA_BYTES = 512
/** What has left is written down this long after, all of it together. */
const MARKS_EVERY_MS = 10
/**
 * So often in a row, a second apart, a device may fail to read a record before that counts as
 * damaged; and never while it reads nothing else either, as one that is away for a while does.
 */
const READ_TRIES = 10
/** What is moved to free a segment is at most this part of it. */
const MOVED_PART = 1 / 4

/**
 * Batches in segment files, oldest first:
 *
 *   out (taken) | front (in memory too) | cold (on disk only) | being written
 *
 * What is appended goes to the front while nothing is cold and memory suffices, else it stays
 * cold; cold ones come to the front by reading, when the front is used up.
 */
export class DiskStore implements Store {
  readonly isDurable = true
  readonly memory: BudgetShare
  readonly waiting = none()
  readonly #options: DiskStoreOptions
  readonly #lock: DiskLock
  readonly #quarantine: Quarantine
  readonly #segments: Segments
  readonly #writer: SegmentWriter
  readonly #front = new Fifo<DiskStored>()
  readonly #out = new Set<DiskStored>()
  readonly #pool = new BytePool(POOL_BYTES_MAX)
  #frontBytes = 0
  /** Where the cold ones begin. */
  #cold: { segment: Segment; record: number } | undefined
  #fetching: Promise<void> | undefined
  #moving: Promise<boolean> | undefined
  #readFailures = 0
  #marksTimer: Timer | undefined
  #isClosed = false

  private constructor(
    options: DiskStoreOptions,
    lock: DiskLock,
    quarantine: Quarantine,
    opened: OpenedFolder,
  ) {
    this.#options = options
    this.memory = options.memory ?? MemoryBudget.unlimited(options.clock).share()
    this.#lock = lock
    this.#quarantine = quarantine
    this.#segments = new Segments(options.clock, opened, () => options.events.freed())
    for (const { live } of opened.segments) {
      add(this.waiting, live.requests, live.items, live.bytes)
    }
    const [first] = opened.segments
    if (first) this.#cold = { segment: first, record: 0 }
    this.#writer = new SegmentWriter(options, opened.nextNumber, {
      began: (segment) => this.#segments.began(segment),
      sealed: (segment) => this.#segments.sealed(segment, this.#cold?.segment !== segment),
    })
  }

  /**
   * Opens what the folder holds. Rejects with `Permanent` when it is of a newer format, and with
   * `Retryable` when it cannot be used or is in use.
   */
  static async open(options: DiskStoreOptions): Promise<DiskStore> {
    const { disk, folder } = options
    await disk.makeFolder(folder)
    const lock = await disk.lock(`${folder}/lock`)
    try {
      const quarantine = new Quarantine(disk, folder)
      return new DiskStore(options, lock, quarantine, await openSegments(options, quarantine))
    } catch (error) {
      await lock.unlock()
      throw error
    }
  }

  get storedBytes(): number {
    return this.#segments.sealedBytes + (this.#writer.segment?.storedBytes ?? 0)
  }

  get oldestAt(): number | undefined {
    return this.#front.peek()?.cameAt
  }

  first(count: number): readonly DiskStored[] {
    return this.#front.first(count)
  }

  sizeOf(batch: Batch): number {
    return recordBytesOf(batch) + RECORD_EXTRA_BYTES + SEGMENT_EXTRA_BYTES
  }

  async append(batches: readonly Batch[], lasting = false, verdict?: Verdict): Promise<void> {
    const cameAt = this.#options.clock.now()
    await this.#write(
      batches.map((batch) => ({ batch, cameAt, attempts: 0, verdict })),
      (written) => {
        for (const one of written) this.#arrived(one, lasting)
      },
    )
  }

  next(): DiskStored | undefined {
    const entry = this.#front.shift()
    if (!entry) return undefined
    this.#frontBytes -= memoryBytesOf(entry)
    add(this.waiting, -1, -entry.place.items, -entry.bytes)
    this.#out.add(entry)
    return entry
  }

  async fetch(): Promise<boolean> {
    if (this.#front.length === 0 && this.#cold && !this.#isClosed) {
      this.#fetching ??= this.#fetch().finally(() => {
        this.#fetching = undefined
      })
      await this.#fetching
    }
    return this.#front.length > 0
  }

  done(stored: Stored): void {
    const one = stored as DiskStored
    this.#out.delete(one)
    this.memory.add(-one.bytes)
    // Whoever opens the folder next delivers it again.
    if (!this.#isClosed) this.#left(one)
  }

  async replace(stored: Stored, parts: readonly Batch[]): Promise<readonly Stored[]> {
    const one = stored as DiskStored
    const { cameAt, attempts } = one
    const records = parts.map((batch) => ({
      batch,
      cameAt: this.#epoch(cameAt),
      attempts,
      verdict: undefined,
    }))
    let taken: readonly DiskStored[] = []
    await this.#write(records, (written) => {
      taken = written.map((part) => this.#takenOut(part, cameAt))
      this.#out.delete(one)
      this.memory.add(-one.bytes)
      this.#left(one)
    })
    return taken
  }

  /** Puts a copy of what was taken out at the end, where it waits again. */
  async putBack(stored: Stored): Promise<void> {
    const one = stored as DiskStored
    await this.#write([this.#recordOf(one)], ([copy]) => {
      this.#arrived(copy!, true)
      this.#out.delete(one)
      this.memory.add(-one.bytes)
      this.#left(one)
    })
  }

  async reclaim(keepRoom: KeepRoom): Promise<boolean> {
    if (await this.#segments.removed()) return true
    const { segment } = this.#writer
    if (segment?.isFinished && segment.count > 0 && (await this.#writer.finish())) {
      return this.#segments.removed()
    }
    this.#moving ??= this.#moveLast(keepRoom).finally(() => {
      this.#moving = undefined
    })
    return this.#moving
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#marksTimer?.cancel()
    try {
      await this.#writer.close()
      await this.#fetching?.catch(() => {})
      this.memory.close()
      await this.#segments.close()
    } finally {
      await this.#lock.unlock()
    }
  }

  async #write(
    records: readonly NewRecord[],
    written: (written: readonly Written[]) => void,
  ): Promise<void> {
    if (this.#isClosed) throw new Retryable('the agent is shutting down')
    await this.#writer.append(records, written)
  }

  #arrived(written: Written, lasting: boolean): void {
    const stored = this.#storedOf(written, this.#options.clock.monotonic())
    add(this.waiting, 1, stored.place.items, stored.bytes)
    if (this.#cold) return
    const bytes = this.#frontBytes + memoryBytesOf(stored)
    const isTooMuch = bytes > this.#options.memoryBytes || this.memory.isTight()
    if (this.#front.length > 0 && isTooMuch) {
      this.#cold = { segment: stored.segment, record: stored.place.record }
    } else {
      this.#toFront(
        lasting ? stored : { ...stored, batch: KeptBatch.copyOf(stored.batch, this.#pool) },
      )
    }
  }

  #takenOut(written: Written, cameAt: number): DiskStored {
    const stored = this.#storedOf(written, cameAt)
    stored.segment.pass(stored.place)
    this.#out.add(stored)
    this.memory.add(stored.bytes)
    return stored
  }

  #storedOf({ segment, place, info }: Written, cameAt: number): DiskStored {
    return storedOf(segment, place, info, cameAt)
  }

  #toFront(stored: DiskStored): void {
    this.#front.push(stored)
    this.#frontBytes += memoryBytesOf(stored)
    this.memory.add(stored.bytes)
  }

  async #fetch(): Promise<void> {
    while (this.#front.length === 0 && this.#cold && !this.#isClosed) {
      const { segment, record } = this.#cold
      const first = segment.nextWaiting(record)
      if (first < segment.count) {
        const { records, memory } = await this.#read(segment, first)
        for (const read of records) await this.#came(segment, read)
        if (memory) this.#pool.give(memory)
        continue
      }
      const next = this.#segments.after(segment)
      this.#cold = next && { segment: next, record: 0 }
      if (segment.isSealed) await segment.rest()
    }
  }

  async #read(
    segment: Segment,
    first: number,
  ): Promise<{ readonly records: readonly ReadRecord[]; readonly memory?: Buffer }> {
    try {
      const read = await segment.read(first, this.#readFailures === 0 ? READ_BYTES : 0, this.#pool)
      this.#readFailures = 0
      return read
    } catch (error) {
      if (systemCodeOf(error) !== 'EIO' || ++this.#readFailures < READ_TRIES) throw error
      const unreadable = await segment.unreadable(first)
      this.#readFailures = 0
      return { records: [unreadable] }
    }
  }

  async #came(segment: Segment, { place, info, bytes }: ReadRecord): Promise<void> {
    this.#cold = { segment, record: place.record + 1 }
    if (info) {
      const kept = { ...info, batch: KeptBatch.copyOf(info.batch, this.#pool) }
      this.#toFront(storedOf(segment, place, kept, this.#monotonic(info.cameAt)))
      return
    }
    const { offset, size, items } = place
    add(this.waiting, -1, -items, HEADER_BYTES - size)
    const damage: Damage = { path: segment.path, offset, bytes: size, kind: 'record', items }
    await this.#quarantine.keep(damage, bytes)
    this.#options.events.damaged(damage)
    this.#left({ segment, place })
  }

  #left({ segment, place }: Pick<DiskStored, 'segment' | 'place'>): void {
    this.#segments.left(segment, place)
    if (this.#marksTimer || this.#isClosed) return
    this.#marksTimer = this.#options.clock.timer(MARKS_EVERY_MS, () => {
      this.#marksTimer = undefined
      this.#segments.flush()
    })
  }

  /**
   * A few batches that are tried again and again keep a segment whose others have left long ago:
   * copies at the end let it go. False when that would not pay, or there is no room for them.
   */
  async #moveLast(keepRoom: KeepRoom): Promise<boolean> {
    for (const [segment, last] of this.#outBySegment()) {
      let bytes = SEGMENT_EXTRA_BYTES
      for (const { place } of last) bytes += place.size + RECORD_EXTRA_BYTES
      const pays = bytes <= segment.storedBytes * MOVED_PART
      if (!pays || !segment.isSealed || segment.live.requests > last.length) continue
      const release = keepRoom(bytes)
      if (!release) continue
      try {
        const records = last.map((one) => this.#recordOf(one))
        await this.#write(records, (copies) => {
          for (const [n, copy] of copies.entries()) this.#moved(last[n]!, copy)
        })
      } catch {
        // What cannot be written now stays where it is.
        return false
      } finally {
        release()
      }
      return this.#segments.removed()
    }
    return false
  }

  #outBySegment(): Map<Segment, DiskStored[]> {
    const bySegment = new Map<Segment, DiskStored[]>()
    for (const one of this.#out) {
      const others = bySegment.get(one.segment)
      if (others) others.push(one)
      else bySegment.set(one.segment, [one])
    }
    return bySegment
  }

  #moved(one: DiskStored, { segment, place }: Written): void {
    segment.pass(place)
    // It may have left while it was copied.
    this.#left(this.#out.has(one) ? { segment: one.segment, place: one.place } : { segment, place })
    one.segment = segment
    one.place = place
  }

  /** It is written while the batch may leave. */
  #recordOf({ batch, cameAt, attempts, verdict, id }: DiskStored): NewRecord {
    if (batch instanceof KeptBatch) batch.lend()
    return { batch, cameAt: this.#epoch(cameAt), attempts, verdict, id }
  }

  #monotonic(epochMs: number): number {
    const { clock } = this.#options
    return clock.monotonic() - Math.max(0, clock.now() - epochMs)
  }

  #epoch(monotonicMs: number): number {
    const { clock } = this.#options
    return clock.now() - (clock.monotonic() - monotonicMs)
  }
}

function storedOf(segment: Segment, place: Place, info: RecordInfo, cameAt: number): DiskStored {
  const { batch, attempts, verdict, id } = info
  const bytes = place.size - HEADER_BYTES
  return { batch, bytes, cameAt, attempts, verdict, id, segment, place }
}

function memoryBytesOf({ bytes }: DiskStored): number {
  return bytes + MEMORY_EXTRA_BYTES
}
