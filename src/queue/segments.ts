import type { Clock, Timer } from '#sdk'
import type { OpenedFolder } from './open-segments.js'
import type { Place, Segment } from './segment.js'

/** After a file could not be removed. */
const REMOVE_AGAIN_MS = 1000

/** The segments of a folder, oldest first, and those that are to go. */
export class Segments {
  readonly #clock: Clock
  readonly #freed: () => void
  readonly #all: Segment[]
  /** Of no use any more; they count until their files are gone. */
  readonly #finished: Set<Segment>
  readonly #sealedBytes = new Map<Segment, number>()
  /** Their marks have not been written down. */
  readonly #unmarked = new Set<Segment>()
  #removing: Promise<boolean> | undefined
  #again: Timer | undefined
  #resting: Promise<unknown> = Promise.resolve()
  /** Of all but the one that is written to. */
  sealedBytes = 0

  /** `freed` is called when files have gone. */
  constructor(clock: Clock, { segments, finished }: OpenedFolder, freed: () => void) {
    this.#clock = clock
    this.#all = [...segments]
    this.#finished = new Set(finished)
    this.#freed = freed
    for (const segment of [...segments, ...finished]) this.#countIn(segment)
    this.#removeSoon()
  }

  /** The next newer one. */
  after({ number }: Segment): Segment | undefined {
    return this.#all.find((one) => one.number > number)
  }

  began(segment: Segment): void {
    this.#all.push(segment)
  }

  /** `rests`: nothing reads it now. */
  sealed(segment: Segment, rests: boolean): void {
    this.#countIn(segment)
    if (segment.isFinished) this.#finish(segment)
    else if (rests) this.#resting = Promise.all([this.#resting, segment.rest()])
  }

  left(segment: Segment, place: Place): void {
    segment.leave(place)
    this.#unmarked.add(segment)
    if (segment.isSealed && segment.isFinished) this.#finish(segment)
  }

  /** Writes down what has left, in the background. */
  flush(): void {
    for (const segment of this.#unmarked) segment.flush().catch(() => {})
    this.#unmarked.clear()
  }

  /** Removes what is of no use; true when there was some. What cannot be removed is tried again. */
  removed(): Promise<boolean> {
    if (this.#finished.size === 0) return Promise.resolve(false)
    this.#removing ??= this.#remove()
    return this.#removing
  }

  async close(): Promise<void> {
    while (this.#removing) await this.#removing
    // What could not be removed may be by now; else its marks say that nothing in it waits.
    await this.removed()
    this.#again?.cancel()
    await this.#resting
    for (const segment of [...this.#all, ...this.#finished]) {
      await segment.flush()
      await segment.close()
    }
  }

  #countIn(segment: Segment): void {
    const { storedBytes } = segment
    this.#sealedBytes.set(segment, storedBytes)
    this.sealedBytes += storedBytes
  }

  #finish(segment: Segment): void {
    const at = this.#all.indexOf(segment)
    if (at >= 0) this.#all.splice(at, 1)
    // An abandoned one may be finished between its last write and its seal.
    if (!this.#sealedBytes.has(segment)) return
    this.#finished.add(segment)
    // A mark that is written while its file is removed would make it anew.
    this.#unmarked.delete(segment)
    this.#removeSoon()
  }

  /** In the background: what fails is tried again. */
  #removeSoon(): void {
    this.removed().catch(() => {})
  }

  async #remove(): Promise<boolean> {
    let removed = false
    for (const segment of this.#finished) {
      try {
        await segment.remove()
      } catch {
        this.#again?.cancel()
        this.#again = this.#clock.timer(REMOVE_AGAIN_MS, () => this.#removeSoon())
        continue
      }
      this.#finished.delete(segment)
      this.sealedBytes -= this.#sealedBytes.get(segment)!
      this.#sealedBytes.delete(segment)
      removed = true
      this.#freed()
    }
    // In the turn in which none was left: one that comes after begins anew.
    this.#removing = undefined
    return removed
  }
}
