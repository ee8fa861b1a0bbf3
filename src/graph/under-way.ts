import type { Clock } from '#sdk'

/**
 * Items under way, and for how long the oldest of them have been. Nothing is kept for each call, so
 * the age is a limit from above: calls are told apart by generations, and thought to end in the
 * order in which they began.
 */
export class UnderWay {
  readonly #clock: Pick<Clock, 'monotonic'>
  items = 0
  #begun = 0
  #ended = 0
  /** Calls that have not ended began then or later. */
  #oldestAt = 0
  /** The first call of the younger generation, and when that began. */
  #youngerFrom = 0
  #youngerAt = 0

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  begin(items: number): void {
    this.items += items
    if (this.#begun === this.#ended) this.#youngerAt = this.#clock.monotonic()
    if (this.#ended >= this.#youngerFrom) {
      this.#oldestAt = this.#youngerAt
      this.#youngerFrom = this.#begun + 1
      this.#youngerAt = this.#clock.monotonic()
    }
    this.#begun++
  }

  end(items: number): void {
    this.items -= items
    this.#ended++
  }

  /** 0 when nothing is under way. */
  get oldestMs(): number {
    if (this.#begun === this.#ended) return 0
    const since = this.#ended >= this.#youngerFrom ? this.#youngerAt : this.#oldestAt
    return this.#clock.monotonic() - since
  }
}
