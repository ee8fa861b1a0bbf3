import type { Clock, Timer } from '#sdk'
import type { Stored } from './store.js'

/** Entries that leave, or have left, as one. */
export interface Group {
  readonly entries: readonly Stored[]
  readonly attempts: number
  /** Not to be taken before this has left. */
  readonly next?: Group | undefined
}

/** What waits to be tried again stays in memory, and stops fresh data from this on. */
export const DELAYED_GROUPS_MAX = 64
const DELAYED_BYTES_MAX = 32 * 1024 * 1024

/** What waits for its time to be tried again. */
export class Delayed {
  readonly #clock: Clock
  readonly #isTight: () => boolean
  readonly #ready: (group: Group) => void
  readonly #timers = new Map<Group, Timer>()
  #bytes = 0

  /** `isTight`: nothing should wait in memory that need not. `ready`: the time of one has come. */
  constructor(clock: Clock, isTight: () => boolean, ready: (group: Group) => void) {
    this.#clock = clock
    this.#isTight = isTight
    this.#ready = ready
  }

  get groups(): readonly Group[] {
    return [...this.#timers.keys()]
  }

  get isEmpty(): boolean {
    return this.#timers.size === 0
  }

  get isFull(): boolean {
    const bytesMax = this.#isTight() ? 0 : DELAYED_BYTES_MAX
    return this.#timers.size >= DELAYED_GROUPS_MAX || this.#bytes > bytesMax
  }

  add(group: Group, delayMs: number): void {
    const bytes = bytesOf(group)
    const timer = this.#clock.timer(delayMs, () => {
      this.#timers.delete(group)
      this.#bytes -= bytes
      this.#ready(group)
    })
    this.#timers.set(group, timer)
    this.#bytes += bytes
  }

  /** The time of all has come; oldest first. */
  wake(): void {
    const byAge = (a: Group, b: Group) => a.entries[0]!.cameAt - b.entries[0]!.cameAt
    for (const group of this.clear().toSorted(byAge)) this.#ready(group)
  }

  /** All of them; none comes back by itself any more. */
  clear(): readonly Group[] {
    const { groups } = this
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
    this.#bytes = 0
    return groups
  }
}

function bytesOf({ entries }: Group): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0)
}
