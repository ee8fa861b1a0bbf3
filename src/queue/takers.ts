import { type Deferred, deferred } from '#sdk'

/** Those who wait for data, first come, first served. */
export class Takers {
  #waiting: Deferred[] = []
  /** How often something was offered: whoever looked before that looks again. */
  offers = 0

  /** Wakes one, which wakes the next when there is more. */
  offer(): void {
    this.offers++
    this.#waiting.shift()?.resolve()
  }

  /** Resolves when something is offered, or `stop` aborts. */
  async turn(stop: AbortSignal): Promise<void> {
    if (stop.aborted) return
    const turn = deferred()
    this.#waiting.push(turn)
    const wake = () => {
      // It must not be woken for data later, in place of one that still waits.
      this.#waiting = this.#waiting.filter((one) => one !== turn)
      turn.resolve()
    }
    stop.addEventListener('abort', wake, { once: true })
    await turn.promise
    stop.removeEventListener('abort', wake)
  }
}
