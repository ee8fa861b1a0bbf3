import type { Batch } from '#pdata'
import {
  type Context,
  type Moved,
  Permanent,
  type Queued,
  type QueuePart,
  type Totals,
  type Verdict,
} from '#sdk'
import { placeOf } from './disk-store.js'
import { KeptBatch } from './kept-batch.js'
import type { Queue, QueueLimits } from './queue.js'
import { folderOf, quarantinedIn, queuedOf, readWaiting } from './queue-files.js'
import { add, NOTHING, none } from './totals.js'

/** What can be done by hand with a queue that a component runs; the ledger hears of it. */
export class TendedQueue {
  readonly #context: Context
  readonly #queue: Queue
  readonly #limits: QueueLimits
  /** Of the component; undefined in memory. */
  readonly folder: string | undefined

  constructor(context: Context, queue: Queue, limits: QueueLimits, folder: string | undefined) {
    this.#context = context
    this.#queue = queue
    this.#limits = limits
    this.folder = folder
  }

  /** What the queue itself knows of a `QueueReport`. */
  async report() {
    const { signal, held, storedBytes, oldestMs, deadLetters } = this.#queue
    const { size, sizer, storedBytes: stored } = this.#limits
    const limit = (unit: string) => (unit === sizer ? finite(size) : undefined)
    return {
      signal,
      folder: this.folder,
      held,
      storedBytes,
      oldestMs,
      deadLetters: deadLetters?.totals ?? NOTHING,
      quarantined: this.folder ? await quarantinedIn(this.#context.disk, this.#files()) : 0,
      capacity: {
        requests: limit('requests'),
        items: limit('items'),
        bytes: limit('bytes'),
        storedBytes: finite(stored),
      },
    }
  }

  async peek(part: QueuePart, count: number): Promise<readonly Queued[]> {
    if (this.folder === undefined) {
      const { clock } = this.#context
      const first = part === 'queue' ? this.#queue.first(count) : []
      return first.map((one) => {
        if (one.batch instanceof KeptBatch) one.batch.lend()
        const cameAt = clock.now() - (clock.monotonic() - one.cameAt)
        return queuedOf({ ...one, cameAt, verdict: one.verdict })
      })
    }
    const tries = new Map<string | undefined, number>()
    if (part === 'queue') {
      for (const one of this.#queue.first(Number.POSITIVE_INFINITY)) {
        tries.set(placeOf(one), one.attempts)
      }
    }
    const found = await readWaiting(this.#context.disk, folderOf(this.#files(), part), count)
    return found.map(([place, info]) =>
      queuedOf({ ...info, attempts: tries.get(place) ?? info.attempts }),
    )
  }

  async requeue(force: boolean): Promise<Moved> {
    const moved = none()
    const partly = none()
    let isFull = false
    await this.#queue.deadLetters?.drain(async (batch, verdict) => {
      if (verdict?.partly !== undefined && !force) {
        add(partly, 1, batch.items, batch.bytes)
        return false
      }
      if (!(await this.#take(batch))) {
        isFull = true
        return 'enough'
      }
      add(moved, 1, batch.items, batch.bytes)
      return true
    })
    return { moved, partly, isFull }
  }

  /** See `Queueing.adopt`. */
  async adopt(batch: Batch, verdict: Verdict | undefined): Promise<boolean> {
    const { id } = this.#context
    if (!this.#queue.isDurable) {
      throw new Permanent(`${id} keeps its queue in memory, where nothing on disk may go`)
    }
    if (!verdict) return this.#take(batch)
    const dead = this.#queue.deadLetters
    if (!dead) throw new Permanent(`${id} keeps no dead letters`)
    if (!dead.fits(batch)) return false
    await dead.keep(batch, verdict)
    return true
  }

  async drop(part: QueuePart): Promise<Totals> {
    const { ledger } = this.#context
    const { signal, deadLetters } = this.#queue
    if (part === 'queue') {
      const gone = await this.#queue.discard(new Permanent('the queue was dropped by hand'))
      if (gone.items > 0) ledger.drop(signal, gone.items, 'dropped by hand')
      return gone
    }
    // They left the books when they were set aside.
    const gone = none()
    await deadLetters?.drain(async ({ items, bytes }) => {
      add(gone, 1, items, bytes)
      return true
    })
    return gone
  }

  /** False when there is no room now: nobody is to wait for it, and nothing to go for it. */
  async #take(batch: Batch): Promise<boolean> {
    const { ledger } = this.#context
    const { signal } = this.#queue
    const reservation = await this.#queue.reserveNow(batch)
    if (!reservation) return false
    ledger.enter(signal, batch.items)
    try {
      await this.#queue.put(batch)
      return true
    } catch (error) {
      ledger.refuse(signal, batch.items)
      throw error
    } finally {
      reservation.release()
    }
  }

  #files() {
    return { component: this.#context.id, signal: this.#queue.signal, folder: this.folder! }
  }
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}
