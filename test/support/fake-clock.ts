import type { Clock, Timer } from '#sdk'

interface Waiting {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

const TURNS = 5

/** Time that passes only when a test says so. */
export class FakeClock implements Clock {
  #now = 0
  #order = 0
  readonly #waiting = new Set<Waiting>()
  readonly #startedAt: number
  readonly #turns: number

  /**
   * `startedAt`: since the epoch. `turns`: of the event loop that follow from each timer; one is
   * enough where nothing is real.
   */
  constructor(startedAt = 1_700_000_000_000, turns = TURNS) {
    this.#startedAt = startedAt
    this.#turns = turns
  }

  now(): number {
    return this.#startedAt + this.#now
  }

  monotonic(): number {
    return this.#now
  }

  timer(delayMs: number, callback: () => void): Timer {
    const waiting = { at: this.#now + delayMs, order: this.#order++, callback }
    this.#waiting.add(waiting)
    return { cancel: () => this.#waiting.delete(waiting) }
  }

  /** Timers that have neither run nor been cancelled. */
  get pending(): number {
    return this.#waiting.size
  }

  /** Lets time pass, timer by timer, with everything that follows from each. */
  async tick(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle(this.#turns)
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#waiting.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
      await settle(this.#turns)
    }
    this.#now = end
    await settle(this.#turns)
  }

  #next(end: number): Waiting | undefined {
    let first: Waiting | undefined
    for (const one of this.#waiting) {
      if (one.at > end) continue
      if (!first || one.at < first.at || (one.at === first.at && one.order < first.order))
        first = one
    }
    return first
  }
}

/** Lets promises that can settle do so. */
export async function settle(turns = TURNS): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}
