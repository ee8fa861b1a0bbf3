import type { Batch } from '#pdata'
import { type Deferred, deferred, type Reservation, type Totals } from '#sdk'
import type { QueueLimits, Sizer } from './queue.js'

const NO_LIMITS: QueueLimits = {
  size: Number.POSITIVE_INFINITY,
  sizer: 'requests',
  storedBytes: Number.POSITIVE_INFINITY,
  whenFull: 'refuse',
  waitForResult: false,
}

/** What may still come to a queue: its limits, and what has been promised of them. */
export class Room {
  readonly #held: () => Totals
  readonly #storedBytes: () => number
  readonly #reserved = { requests: 0, items: 0, bytes: 0 }
  #reservedStored = 0
  #waiting: Deferred[] = []
  #limits = NO_LIMITS

  constructor(held: () => Totals, storedBytes: () => number) {
    this.#held = held
    this.#storedBytes = storedBytes
  }

  get limits(): QueueLimits {
    return this.#limits
  }

  set limits(limits: QueueLimits) {
    this.#limits = limits
    this.changed()
  }

  /** `storedBytes`: what the store needs for it. */
  has(batch: Batch, storedBytes: number): boolean {
    if (!this.canStore(storedBytes)) return false
    const { size, sizer } = this.#limits
    const held = this.#held()
    // What would never fit is taken alone, so that no sender waits for ever.
    if (held.requests + this.#reserved.requests === 0) return true
    return held[sizer] + this.#reserved[sizer] + sizeOf(batch, sizer) <= size
  }

  reserve(batch: Batch, storedBytes: number): Reservation {
    this.#add(1, batch, storedBytes)
    let released = false
    return {
      release: () => {
        if (released) return
        released = true
        this.#add(-1, batch, storedBytes)
        this.changed()
      },
    }
  }

  /** Of the store alone, for what is held already. */
  keep(storedBytes: number): (() => void) | undefined {
    if (!this.canStore(storedBytes)) return undefined
    this.#reservedStored += storedBytes
    return () => {
      this.#reservedStored -= storedBytes
      this.changed()
    }
  }

  /** Which limit a batch of this size meets, for whoever is refused. */
  fullBy(batch: Batch): string {
    const { size, sizer, storedBytes } = this.#limits
    const isHeldFull = this.#held()[sizer] + this.#reserved[sizer] + sizeOf(batch, sizer) > size
    return isHeldFull ? `${size} ${sizer}` : `${storedBytes} bytes stored`
  }

  /** Resolves when there may be more. */
  async wait(): Promise<void> {
    const room = deferred()
    this.#waiting.push(room)
    await room.promise
  }

  changed(): void {
    for (const waiter of this.#waiting.splice(0)) waiter.resolve()
  }

  canStore(bytes: number): boolean {
    return this.#storedBytes() + this.#reservedStored + bytes <= this.#limits.storedBytes
  }

  #add(sign: 1 | -1, batch: Batch, storedBytes: number): void {
    this.#reserved.requests += sign
    this.#reserved.items += sign * batch.items
    this.#reserved.bytes += sign * batch.bytes
    this.#reservedStored += sign * storedBytes
  }
}

function sizeOf(batch: Batch, sizer: Sizer): number {
  return sizer === 'requests' ? 1 : batch[sizer]
}
