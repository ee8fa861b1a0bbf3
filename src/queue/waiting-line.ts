import { type Caller, type Deferred, deferred, Retryable } from '#sdk'

/**
 * Senders that wait for room, in the order they came. Only the first looks for it, so that small
 * batches do not keep a large one waiting for ever.
 */
export class WaitingLine {
  readonly #behind: Deferred[] = []
  #isTaken = false

  /** Somebody waits: who comes now is not the next. */
  get isTaken(): boolean {
    return this.#isTaken
  }

  /**
   * Runs `work` when all who came before are served or have left. Rejects, and leaves, as soon as
   * `caller` is gone; `work` hears of that by `left`.
   */
  async wait<T>(caller: Caller | undefined, work: (left: AbortSignal) => Promise<T>): Promise<T> {
    const left = caller?.hangUp ?? NEVER
    if (this.#isTaken) await this.#queueUp(left)
    this.#isTaken = true
    try {
      refuseIfGone(left)
      return await work(left)
    } finally {
      this.#next()
    }
  }

  async #queueUp(left: AbortSignal): Promise<void> {
    refuseIfGone(left)
    const turn = deferred()
    this.#behind.push(turn)
    const leave = () => {
      const at = this.#behind.indexOf(turn)
      if (at < 0) return
      this.#behind.splice(at, 1)
      turn.reject(goneError())
    }
    left.addEventListener('abort', leave, { once: true })
    try {
      await turn.promise
    } finally {
      left.removeEventListener('abort', leave)
    }
  }

  /** The line stays taken for whoever is next, so that nobody gets in between. */
  #next(): void {
    const next = this.#behind.shift()
    this.#isTaken = next !== undefined
    next?.resolve()
  }
}

const NEVER = new AbortController().signal

export function refuseIfGone(left: AbortSignal): void {
  if (left.aborted) throw goneError()
}

/** Nobody hears of it. */
function goneError(): Retryable {
  return new Retryable('the sender did not wait for room in the queue')
}
