import type { Clock } from './clock.js'

const WINDOW_MS = 5000
const HINT_MIN_MS = 1000
const HINT_MAX_MS = 30_000

/** How fast something empties, so that who is refused is told when it makes sense to come back. */
export class DrainRate {
  readonly #clock: Clock
  #windowAt: number
  #bytes = 0
  #bytesBefore = 0
  /** Of those who were told to come back, in this window. */
  #expectedBytes = 0
  #drainedAt: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#windowAt = clock.monotonic()
    this.#drainedAt = this.#windowAt
  }

  add(bytes: number): void {
    this.#roll()
    this.#bytes += bytes
    this.#drainedAt = this.#clock.monotonic()
  }

  /**
   * For room of so many bytes; who asks next hears a later time, as the first will be back by then.
   * While nothing leaves, as long as that has been so.
   */
  retryAfterMs(bytes: number): number {
    this.#roll()
    const now = this.#clock.monotonic()
    const recent = this.#bytes + this.#bytesBefore
    if (recent > 0) this.#expectedBytes += bytes
    const wait = recent > 0 ? (this.#expectedBytes / recent) * WINDOW_MS : now - this.#drainedAt
    return Math.round(Math.min(HINT_MAX_MS, Math.max(HINT_MIN_MS, wait)))
  }

  #roll(): void {
    const now = this.#clock.monotonic()
    const passed = now - this.#windowAt
    if (passed < WINDOW_MS) return
    this.#bytesBefore = passed < 2 * WINDOW_MS ? this.#bytes : 0
    this.#bytes = 0
    this.#expectedBytes = 0
    this.#windowAt = now
  }
}
