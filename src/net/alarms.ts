import type { Clock, Timer } from '#sdk'

/**
 * Deadlines of many, most of whom are done long before: one timer for all, set anew only when it
 * rings or when somebody is due earlier (a timer each costs a gRPC call 7 % more CPU,
 * bench/relay).
 */
export class Alarms<T> {
  readonly #clock: Clock
  readonly #ring: (due: T) => void
  /** When each is due, by the monotonic clock. */
  readonly #due = new Map<T, number>()
  #timer: Timer | undefined
  #ringsAt = Number.POSITIVE_INFINITY

  /** `ring` is told of each that is due, after it has been forgotten. */
  constructor(clock: Clock, ring: (due: T) => void) {
    this.#clock = clock
    this.#ring = ring
  }

  set(who: T, delayMs: number): void {
    const dueAt = this.#clock.monotonic() + delayMs
    this.#due.set(who, dueAt)
    if (dueAt < this.#ringsAt) this.#arm(dueAt)
  }

  delete(who: T): void {
    this.#due.delete(who)
  }

  /** Forgets all; may be set again. */
  clear(): void {
    this.#due.clear()
    this.#timer?.cancel()
    this.#timer = undefined
    this.#ringsAt = Number.POSITIVE_INFINITY
  }

  #arm(ringsAt: number): void {
    this.#timer?.cancel()
    this.#ringsAt = ringsAt
    this.#timer = this.#clock.timer(ringsAt - this.#clock.monotonic(), () => this.#check())
  }

  #check(): void {
    this.#timer = undefined
    this.#ringsAt = Number.POSITIVE_INFINITY
    const now = this.#clock.monotonic()
    let next = Number.POSITIVE_INFINITY
    const due: T[] = []
    for (const [who, dueAt] of this.#due) {
      if (dueAt <= now) due.push(who)
      else next = Math.min(next, dueAt)
    }
    for (const who of due) this.#due.delete(who)
    if (next < Number.POSITIVE_INFINITY) this.#arm(next)
    for (const who of due) this.#ring(who)
  }
}
