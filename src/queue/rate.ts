import type { Clock } from '#sdk'

const SLOT_MS = 1000
const SLOTS = 10

/** How many of something there are a second, over the last ten. */
export class Rate {
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #slots = new Float64Array(SLOTS)
  #slot: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#startedAt = clock.monotonic()
    this.#slot = Math.floor(this.#startedAt / SLOT_MS)
  }

  add(amount: number): void {
    this.#roll()
    this.#slots[this.#slot % SLOTS]! += amount
  }

  get perSecond(): number {
    this.#roll()
    const seconds = (this.#clock.monotonic() - this.#startedAt) / 1000
    const sum = this.#slots.reduce((total, amount) => total + amount, 0)
    return sum / Math.min(SLOTS, Math.max(1, seconds))
  }

  #roll(): void {
    const now = Math.floor(this.#clock.monotonic() / SLOT_MS)
    const passed = Math.min(SLOTS, now - this.#slot)
    for (let n = 1; n <= passed; n++) this.#slots[(now - passed + n) % SLOTS] = 0
    this.#slot = now
  }
}
