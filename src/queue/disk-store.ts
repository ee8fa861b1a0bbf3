import type { Batch } from '#pdata'
import {
  type Clock,
  type Disk,
  type DiskLock,
  Permanent,
  Retryable,
  type Timer,
  type Verdict,
} from '#sdk'
import { HEADER_BYTES } from './record.js'
import { type Damage, type ReadRecord, Segment } from './segment.js'
import { segmentNumber } from './segment-format.js'
import { SegmentWriter, type Written } from './segment-writer.js'
import { Fifo, type Store, type Stored } from './store.js'

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
  readonly events: DiskStoreEvents
}

export interface DiskStoreEvents {
  /** A record or a torn end; the bytes of a record lie in the folder "quarantine" now. */
  damaged(damage: Damage): void
  /** There is more room than before. */
  freed(): void
}

interface DiskStored extends Stored {
  readonly segment: Segment
  readonly record: number
}

/** Names a record of the files, for whoever reads them besides. */
export function placeOf(stored: Stored): string | undefined {
  const { segment, record } = stored as Partial<DiskStored>
  return segment && `${segment.number} ${record}`
}

/** Read at once from disk; larger records alone. */
const READ_BYTES = 1024 * 1024
/** What has left is written down this long after, all of it together. */
const MARKS_EVERY_MS = 10
export const QUARANTINE = 'quarantine'

/**
 * Batches in segment files, oldest first:
 *
 *   front (in memory too) | cold (on disk only) | being written
 *
 * What is appended goes to the front while nothing is cold and memory suffices, else it stays
 * cold; cold ones come to the front by reading, when the front is used up.
 */
export class DiskStore implements Store {
  readonly isDurable = true
  readonly #options: DiskStoreOptions
  readonly #lock: DiskLock
  readonly #segments: Segment[]
  readonly #writer: SegmentWriter
  readonly #front = new Fifo<DiskStored>()
  readonly waiting = { requests: 0, items: 0, bytes: 0 }
  #sealedBytes = 0
  #frontBytes = 0
  /** Where the cold ones begin. */
  #cold: { segment: Segment; record: number } | undefined
  #fetching: Promise<void> | undefined
  #marksTimer: Timer | undefined
  readonly #background = new Set<Promise<void>>()
  #isClosed = false

  private constructor(options: DiskStoreOptions, lock: DiskLock, segments: Segment[]) {
    this.#options = options
    this.#lock = lock
    this.#segments = segments
    for (const { live, fileBytes } of segments) {
      this.#count(live.requests, live.items, live.bytes)
      this.#sealedBytes += fileBytes
    }
    const first = segments[0]
    if (first && this.waiting.requests > 0) this.#cold = { segment: first, record: 0 }
    this.#writer = new SegmentWriter(options, (segments.at(-1)?.number ?? 0) + 1, {
      began: (segment) => this.#segments.push(segment),
      sealed: (segment) => this.#sealed(segment),
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
      const segments = await openSegments(options)
      return new DiskStore(options, lock, segments)
    } catch (error) {
      await lock.unlock()
      throw error
    }
  }

  get storedBytes(): number {
    return this.#sealedBytes + (this.#writer.segment?.fileBytes ?? 0)
  }

  get oldestAt(): number | undefined {
    return this.#front.peek()?.cameAt
  }

  first(count: number): readonly DiskStored[] {
    return this.#front.first(count)
  }

  append(batches: readonly Batch[], verdict?: Verdict): Promise<void> {
    if (this.#isClosed) return Promise.reject(closedError())
    const cameAt = this.#options.clock.now()
    return this.#writer.append(
      batches.map((batch) => ({ batch, cameAt, attempts: 0, verdict })),
      (written) => {
        for (const one of written) this.#arrived(one)
      },
    )
  }

  next(): DiskStored | undefined {
    const entry = this.#front.shift()
    if (!entry) return undefined
    this.#frontBytes -= entry.bytes
    this.#count(-1, -entry.batch.items, -entry.bytes)
    return entry
  }

  fetch(): Promise<void> {
    if (this.#front.length > 0 || !this.#cold || this.#isClosed) return Promise.resolve()
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined
    })
    return this.#fetching
  }

  done(stored: Stored): void {
    const { segment, record, bytes, batch } = stored as DiskStored
    segment.leave(record, bytes + HEADER_BYTES, batch.items)
    this.#left(segment)
  }

  async replace(stored: Stored, parts: readonly Batch[]): Promise<readonly Stored[]> {
    const { clock } = this.#options
    const cameAt = clock.now() - (clock.monotonic() - stored.cameAt)
    const { attempts } = stored
    let taken: readonly DiskStored[] = []
    await this.#writer.append(
      parts.map((batch) => ({ batch, cameAt, attempts, verdict: undefined })),
      (written) => {
        for (const { segment, record } of written) segment.pass(record)
        taken = written.map((one) => this.#storedOf(one))
      },
    )
    this.done(stored)
    return taken
  }

  /** Puts a copy of what was taken out at the end, where it waits again. */
  async putBack(stored: Stored): Promise<void> {
    await this.append([stored.batch], stored.verdict)
    this.done(stored)
  }

  async reclaim(): Promise<boolean> {
    const segment = this.#writer.segment
    if (!segment || !segment.isFinished || segment.count === 0) return false
    return this.#writer.finish()
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#marksTimer?.cancel()
    await this.#writer.close()
    await this.#fetching?.catch(() => {})
    for (const segment of [...this.#segments]) {
      await segment.flush()
      await segment.close()
    }
    await Promise.all(this.#background)
    await this.#lock.unlock()
  }

  #arrived(written: Written): void {
    const { segment, record, info } = written
    const bytes = written.bytes - HEADER_BYTES
    this.#count(1, info.batch.items, bytes)
    if (this.#cold) return
    if (this.#front.length > 0 && this.#frontBytes + bytes > this.#options.memoryBytes) {
      this.#cold = { segment, record }
      return
    }
    this.#toFront(this.#storedOf(written))
  }

  #storedOf({ segment, record, bytes, info }: Written): DiskStored {
    const { batch, attempts, verdict } = info
    const cameAt = this.#monotonic(info.cameAt)
    return { batch, bytes: bytes - HEADER_BYTES, cameAt, attempts, verdict, segment, record }
  }

  #toFront(stored: DiskStored): void {
    this.#front.push(stored)
    this.#frontBytes += stored.bytes
  }

  async #fetch(): Promise<void> {
    while (this.#front.length === 0 && this.#cold && !this.#isClosed) {
      const { segment, record } = this.#cold
      await segment.load()
      const first = segment.nextWaiting(record)
      if (first < segment.count) {
        for (const read of await segment.read(first, READ_BYTES)) await this.#came(segment, read)
        continue
      }
      const next = this.#segments.find(({ number }) => number > segment.number)
      this.#cold = next && { segment: next, record: 0 }
      await segment.rest()
    }
  }

  async #came(segment: Segment, { record, info, bytes }: ReadRecord): Promise<void> {
    if (info) {
      const { batch, attempts, verdict } = info
      const cameAt = this.#monotonic(info.cameAt)
      const size = bytes.length - HEADER_BYTES
      this.#toFront({ batch, bytes: size, cameAt, attempts, verdict, segment, record })
    } else {
      const { offset, items } = segment.sizeOf(record)
      this.#count(-1, -items, HEADER_BYTES - bytes.length)
      const { path } = segment
      const damage = { path, offset, bytes: bytes.length, kind: 'record', items } as const
      await quarantine(this.#options, damage, bytes)
      segment.leave(record, bytes.length, items)
      this.#left(segment)
    }
    this.#cold = { segment, record: record + 1 }
  }

  #left(segment: Segment): void {
    if (segment.isSealed && segment.isFinished) this.#drop(segment)
    else this.#markSoon()
  }

  #sealed(segment: Segment): void {
    this.#sealedBytes += segment.fileBytes
    if (segment.isFinished) this.#drop(segment)
    else if (this.#cold?.segment !== segment) this.#later(segment.rest())
  }

  #drop(segment: Segment): void {
    const at = this.#segments.indexOf(segment)
    if (at < 0) return
    this.#segments.splice(at, 1)
    this.#sealedBytes -= segment.fileBytes
    if (this.#cold?.segment === segment) {
      const next = this.#segments[at]
      this.#cold = next && { segment: next, record: 0 }
    }
    this.#later(segment.remove().then(() => this.#options.events.freed()))
  }

  #markSoon(): void {
    if (this.#marksTimer || this.#isClosed) return
    this.#marksTimer = this.#options.clock.timer(MARKS_EVERY_MS, () => {
      this.#marksTimer = undefined
      for (const segment of this.#segments) this.#later(segment.flush())
    })
  }

  /** What nobody waits for but `close`. A file that cannot be removed is opened again some day. */
  #later(work: Promise<void>): void {
    const settled = work.catch(() => {}).then(() => void this.#background.delete(settled))
    this.#background.add(settled)
  }

  #count(requests: number, items: number, bytes: number): void {
    this.waiting.requests += requests
    this.waiting.items += items
    this.waiting.bytes += bytes
  }

  #monotonic(epochMs: number): number {
    const { clock } = this.#options
    return clock.monotonic() - Math.max(0, clock.now() - epochMs)
  }
}

async function openSegments(options: DiskStoreOptions): Promise<Segment[]> {
  const { disk, folder } = options
  const names = await disk.list(folder)
  const segments: Segment[] = []
  for (const name of names) {
    const number = segmentNumber(name)
    if (number === undefined) continue
    if (name.endsWith('.done')) {
      // Its segment was removed before it.
      if (!names.includes(name.replace('.done', '.seg'))) await disk.remove(`${folder}/${name}`)
      continue
    }
    const segment = await openSegment(options, number)
    if (segment?.isFinished) await segment.remove()
    else if (segment) segments.push(segment)
  }
  return segments
}

async function openSegment(
  options: DiskStoreOptions,
  number: number,
): Promise<Segment | undefined> {
  const found: (readonly [Damage, Buffer])[] = []
  const segment = await Segment.open(options.disk, options.folder, number, (damage, bytes) =>
    found.push([damage, bytes]),
  )
  if (segment === 'newer') {
    throw new Permanent(
      `${options.folder} was written by a newer version of the agent; run that one, or move the folder away`,
    )
  }
  for (const [damage, bytes] of found) await quarantine(options, damage, bytes)
  await segment?.rest()
  return segment
}

/** Keeps the bytes for whoever wants to look; a disk that takes no more does not stop the others. */
async function quarantine(
  { disk, folder, events }: DiskStoreOptions,
  damage: Damage,
  bytes: Buffer,
): Promise<void> {
  if (damage.kind === 'record') {
    const segment = damage.path.slice(damage.path.lastIndexOf('/') + 1).replace('.seg', '')
    try {
      await disk.makeFolder(`${folder}/${QUARANTINE}`)
      const file = await disk.open(
        `${folder}/${QUARANTINE}/${segment}-${damage.offset}.record`,
        'create',
      )
      await file.write([bytes], 0)
      await file.close()
    } catch {
      // It has been there since an earlier start, or there is no room.
    }
  }
  events.damaged(damage)
}

function closedError(): Retryable {
  return new Retryable('the agent is shutting down')
}
