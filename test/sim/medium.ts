import type { Clock } from '#sdk'
import { type Deferred, deferred, sleep } from '#sdk'
import { type DiskCall, diskFailure, type FakeDisk } from '#support'

/** How a disk behaves for a while. */
export interface DiskMood {
  /** Chances of a call to fail. */
  readonly sync: number
  readonly write: number
  readonly read: number
  readonly slow: number
}

export const GOOD_DISK: DiskMood = { sync: 0, write: 0, read: 0, slow: 0 }

/** The disk of one process, which ends with it: at a call of its choice, or when told to. */
export class Medium {
  readonly disk: FakeDisk
  readonly #clock: Clock
  readonly #random: () => number
  readonly #died: Deferred = deferred()
  mood = GOOD_DISK
  /** Calls until it dies. */
  callsLeft = Number.POSITIVE_INFINITY
  /** By its own clock. */
  diedAt: number | undefined
  calls = 0

  constructor(disk: FakeDisk, clock: Clock, random: () => number) {
    this.disk = disk
    this.#clock = clock
    this.#random = random
    disk.before = (call, path) => this.#before(call, path)
  }

  get died(): Promise<void> {
    return this.#died.promise
  }

  get isDead(): boolean {
    return this.diedAt !== undefined
  }

  die(): void {
    this.diedAt ??= this.#clock.monotonic()
    this.#died.resolve()
  }

  async #before(call: DiskCall, path: string): Promise<void> {
    this.calls++
    if (!this.isDead && --this.callsLeft < 0) this.die()
    if (this.isDead) await new Promise(() => {})
    if (this.#random() < this.mood.slow) {
      await sleep(this.#clock, 100 * this.#random())
      if (this.isDead) await new Promise(() => {})
    }
    if (this.#random() < this.#failureOf(call)) throw diskFailure(call, path, 'EIO')
  }

  #failureOf(call: DiskCall): number {
    const { sync, write, read } = this.mood
    if (call === 'sync') return sync
    if (call === 'read') return read
    return call === 'open' ? 0 : write
  }
}
