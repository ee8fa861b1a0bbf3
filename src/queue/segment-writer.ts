import { type Clock, type Deferred, type Disk, deferred, Retryable } from '#sdk'
import { type RecordInfo, writeRecord } from './record.js'
import { type Place, Segment } from './segment.js'

/** A batch that is to be written; with `id`, as a copy of another record. */
export type NewRecord = Omit<RecordInfo, 'id'> & { readonly id?: bigint | undefined }

/** Where it lies now, durably. */
export interface Written {
  readonly segment: Segment
  readonly place: Place
  readonly info: RecordInfo
}

export interface SegmentWriterEvents {
  began(segment: Segment): void
  sealed(segment: Segment): void
}

interface Pending {
  readonly infos: readonly NewRecord[]
  readonly bytes: number
  /** Called in the order of writing, before anything else can happen to them. */
  readonly written: (written: readonly Written[]) => void
  readonly outcome: Deferred
}

/** One write and one sync take at most this much, or one append. */
const GROUP_BYTES_MAX = 8 * 1024 * 1024
/** What a sender that was refused for the disk's sake is asked to wait at least. */
const DISK_RETRY_MS = 5000

/**
 * Appends to the newest segment. What comes while a sync is under way is written and synced
 * together after it (group commit).
 */
export class SegmentWriter {
  readonly #disk: Disk
  readonly #folder: string
  readonly #random: () => number
  readonly #segmentBytes: number
  readonly #events: SegmentWriterEvents
  readonly #idBase: bigint
  #ids = 0
  #nextNumber: number
  #pending: Pending[] = []
  #running: Promise<void> | undefined
  #segment: Segment | undefined

  constructor(
    options: {
      readonly disk: Disk
      readonly clock: Clock
      readonly random: () => number
      readonly folder: string
      readonly segmentBytes: number
    },
    firstNumber: number,
    events: SegmentWriterEvents,
  ) {
    this.#disk = options.disk
    this.#folder = options.folder
    this.#random = options.random
    this.#segmentBytes = options.segmentBytes
    this.#nextNumber = firstNumber
    this.#events = events
    this.#idBase = BigInt(Math.floor(options.random() * 2 ** 32)) << 32n
  }

  /** Being written to; its records are safe, but it has no trailer. */
  get segment(): Segment | undefined {
    return this.#segment
  }

  /** Resolves once all are durable; rejects with `Retryable`, and then none was written. */
  append(
    infos: readonly NewRecord[],
    written: (written: readonly Written[]) => void,
  ): Promise<void> {
    const bytes = infos.reduce((sum, { batch }) => sum + batch.bytes, 0)
    const outcome = deferred()
    this.#pending.push({ infos, bytes, written, outcome })
    this.#running ??= this.#run()
    return outcome.promise
  }

  /** Ends the newest segment between two writes; false while one is under way. */
  async finish(): Promise<boolean> {
    if (this.#running || !this.#segment) return false
    this.#running = this.#finish().then(() => this.#run())
    await this.#running
    return true
  }

  /** Writes what is pending and seals the segment. */
  async close(): Promise<void> {
    await this.#running
    await this.#finish()
  }

  async #run(): Promise<void> {
    // Others of this turn come along.
    await Promise.resolve()
    while (this.#pending.length > 0) await this.#commit(this.#takeGroup())
    this.#running = undefined
  }

  #takeGroup(): readonly Pending[] {
    const max = Math.min(GROUP_BYTES_MAX, this.#segmentBytes)
    let bytes = 0
    let count = 0
    for (const pending of this.#pending) {
      bytes += pending.bytes
      if (count > 0 && bytes > max) break
      count++
    }
    return this.#pending.splice(0, count)
  }

  async #commit(group: readonly Pending[]): Promise<void> {
    try {
      this.#segment ??= await this.#begin()
      const segment = this.#segment
      const chunks: Uint8Array[] = []
      const encoded = group.map(({ infos }) => infos.map((info) => this.#encode(info, chunks)))
      await this.#store(segment, chunks)
      for (const [n, { written }] of group.entries()) {
        written(encoded[n]!.map(({ info, size }) => addTo(segment, size, info)))
      }
    } catch (error) {
      const refusal = new Retryable((error as Error).message, {
        cause: (error as Error).cause,
        retryAfterMs: DISK_RETRY_MS,
      })
      for (const { outcome } of group) outcome.reject(refusal)
      return
    }
    for (const { outcome } of group) outcome.resolve()
    if (this.#segment && this.#segment.end >= this.#segmentBytes) await this.#finish()
  }

  async #begin(): Promise<Segment> {
    const salt = Math.floor(this.#random() * 2 ** 32)
    const segment = await Segment.create(this.#disk, this.#folder, this.#nextNumber++, salt)
    this.#events.began(segment)
    return segment
  }

  #encode(record: NewRecord, chunks: Uint8Array[]): { info: RecordInfo; size: number } {
    const info = { ...record, id: record.id ?? this.#idBase + BigInt(this.#ids++) }
    let size = 0
    for (const part of writeRecord(info, this.#segment!.salt)) {
      chunks.push(part)
      size += part.length
    }
    return { info, size }
  }

  async #store(segment: Segment, chunks: readonly Uint8Array[]): Promise<void> {
    try {
      await segment.write(chunks)
    } catch (error) {
      // Half a record would be found torn; where it cannot be cut off, nothing may follow it.
      await segment.cut().catch(() => this.#abandon(segment))
      throw error
    }
    try {
      await segment.sync()
    } catch (error) {
      // A second sync would succeed and mean nothing: the kernel may have dropped the pages.
      await this.#abandon(segment)
      throw error
    }
  }

  async #abandon(segment: Segment): Promise<void> {
    await segment.abandon()
    this.#ended(segment)
  }

  async #finish(): Promise<void> {
    const segment = this.#segment
    if (!segment) return
    await segment.seal()
    this.#ended(segment)
  }

  /** In one turn: at any moment it counts once, here or among the sealed. */
  #ended(segment: Segment): void {
    this.#segment = undefined
    this.#events.sealed(segment)
  }
}

function addTo(segment: Segment, size: number, info: RecordInfo): Written {
  return { segment, place: segment.added(size, info.batch.items), info }
}
