import { type Batch, BytePool } from '#pdata'
import { type BudgetShare, type Clock, MemoryBudget } from '#sdk'
import { KeptBatch, POOL_BYTES_MAX } from './kept-batch.js'
import { Fifo, type Store, type Stored } from './store.js'
import { add, none } from './totals.js'

/** What it holds is lost with the process. */
export class MemoryStore implements Store {
  readonly isDurable = false
  readonly waiting = none()
  readonly #clock: Clock
  readonly memory: BudgetShare
  readonly #entries = new Fifo<Stored>()
  readonly #pool = new BytePool(POOL_BYTES_MAX)
  #storedBytes = 0

  constructor(clock: Clock, memory?: BudgetShare) {
    this.#clock = clock
    this.memory = memory ?? MemoryBudget.unlimited(clock).share()
  }

  get storedBytes(): number {
    return this.#storedBytes
  }

  get oldestAt(): number | undefined {
    return this.#entries.peek()?.cameAt
  }

  first(count: number): readonly Stored[] {
    return this.#entries.first(count)
  }

  sizeOf({ bytes }: Batch): number {
    return bytes
  }

  append(batches: readonly Batch[], lasting = false): Promise<void> {
    const cameAt = this.#clock.monotonic()
    for (const one of batches) {
      const batch = lasting ? one : KeptBatch.copyOf(one, this.#pool)
      this.#entries.push({ batch, bytes: batch.bytes, cameAt, attempts: 0 })
      add(this.waiting, 1, batch.items, batch.bytes)
      this.#hold(batch.bytes)
    }
    return Promise.resolve()
  }

  next(): Stored | undefined {
    const entry = this.#entries.shift()
    if (!entry) return undefined
    add(this.waiting, -1, -entry.batch.items, -entry.bytes)
    return entry
  }

  fetch(): Promise<boolean> {
    return Promise.resolve(this.#entries.length > 0)
  }

  done({ bytes }: Stored): void {
    this.#hold(-bytes)
  }

  replace(stored: Stored, parts: readonly Batch[]): Promise<readonly Stored[]> {
    this.done(stored)
    return Promise.resolve(
      parts.map((batch) => {
        this.#hold(batch.bytes)
        return { ...stored, batch, bytes: batch.bytes }
      }),
    )
  }

  reclaim(): Promise<boolean> {
    return Promise.resolve(false)
  }

  close(): Promise<void> {
    this.memory.close()
    return Promise.resolve()
  }

  #hold(bytes: number): void {
    this.#storedBytes += bytes
    this.memory.add(bytes)
  }
}
