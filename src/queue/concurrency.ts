import { type Clock, type Deferred, deferred } from '#sdk'

const START = 4
const SHRINK_EVERY_MS = 1000
/** A try that takes so much longer than the fastest of late shows that the far side queues. */
const SLOW_FACTOR = 3
const SLOW_MS = 100
/** How fast the fastest time is forgotten, a try. */
const FORGET = 1.002

/**
 * How many tries may be under way at once: one more for each round that goes well, half as many
 * after a refusal, a tenth fewer when answers become slow (additive increase, multiplicative
 * decrease).
 */
export class Concurrency {
  readonly #clock: Clock
  readonly #max: number
  #limit: number
  #underWay = 0
  #fastestMs = Number.POSITIVE_INFINITY
  #shrunkAt = Number.NEGATIVE_INFINITY
  #waiting: Deferred[] = []

  constructor(clock: Clock, max: number) {
    this.#clock = clock
    this.#max = Math.max(1, max)
    this.#limit = Math.min(START, this.#max)
  }

  /** Whole tries; 1 up to the most there may be. */
  get limit(): number {
    return Math.floor(this.#limit)
  }

  /** Waits for a turn, in order; false when `stop` aborts first. */
  async begin(stop: AbortSignal): Promise<boolean> {
    while (this.#underWay >= this.limit && !stop.aborted) {
      const turn = deferred()
      this.#waiting.push(turn)
      const quit = () => turn.resolve()
      stop.addEventListener('abort', quit, { once: true })
      await turn.promise
      stop.removeEventListener('abort', quit)
    }
    if (stop.aborted) return false
    this.#underWay++
    return true
  }

  /** `isTaken`: the far side took it, or refused it for what it is. */
  end(isTaken: boolean, tookMs: number): void {
    const wasFull = this.#underWay >= this.limit
    if (!isTaken) this.#shrink(0.5)
    else if (this.#isSlow(tookMs)) this.#shrink(0.9)
    else if (wasFull) this.#limit = Math.min(this.#max, this.#limit + 1 / this.#limit)
    this.leave()
  }

  /** Ends a turn in which nothing was tried. */
  leave(): void {
    this.#underWay--
    for (const turn of this.#waiting.splice(0, this.limit - this.#underWay)) turn.resolve()
  }

  #isSlow(tookMs: number): boolean {
    this.#fastestMs = Math.min(this.#fastestMs * FORGET, tookMs)
    return tookMs > this.#fastestMs * SLOW_FACTOR + SLOW_MS
  }

  #shrink(factor: number): void {
    const now = this.#clock.monotonic()
    if (now - this.#shrunkAt < SHRINK_EVERY_MS) return
    this.#shrunkAt = now
    this.#limit = Math.max(1, this.#limit * factor)
  }
}
