import { type Budget, type Clock, type Deferred, deferred, MemoryBudget } from '#sdk'
import { Code, StatusError } from './status.js'

/** What a listener gives to whoever serves it. */
export interface Served {
  /** The requests that were given to its handlers and are not answered yet. */
  readonly underWay: number
  /**
   * Takes no more requests, unless a successor serves already: until there is one, requests are
   * refused as retryable. Resolves when those under way are answered, or `giveUp` aborts.
   */
  drain(giveUp: AbortSignal): Promise<void>
}

/** The time that one set of handlers serves a listener. */
export class Tenure {
  #underWay = 0
  #idle: Deferred | undefined

  get underWay(): number {
    return this.#underWay
  }

  /** A request goes to its handlers. */
  begin(): void {
    this.#underWay++
  }

  /** It was answered, or its connection is gone. */
  end(): void {
    if (--this.#underWay === 0) this.#idle?.resolve()
  }

  /** Resolves when no request is under way, or `giveUp` aborts. */
  async idle(giveUp: AbortSignal): Promise<void> {
    if (this.#underWay === 0 || giveUp.aborted) return
    this.#idle ??= deferred()
    const { promise, resolve } = this.#idle
    const quit = () => resolve()
    giveUp.addEventListener('abort', quit, { once: true })
    await promise
    giveUp.removeEventListener('abort', quit)
  }
}

/**
 * Bytes of requests that a server holds at once, being read or waiting for their answer; they count
 * in the budget of the process, too.
 */
export class BytesUnderWay {
  readonly #budget: Budget
  #held = 0

  constructor(clock: Clock, budget: Budget | undefined) {
    this.#budget = budget ?? MemoryBudget.unlimited(clock)
  }

  /**
   * For a request that announces so many bytes. Throws as `add` would for all of them; they count
   * as they come, so that who only announces takes nothing from others.
   */
  expect(bytes: number, own: number, max: number): void {
    this.#refuse(bytes, this.#fits(bytes, own, max), this.#budget.hasRoom(bytes, own))
  }

  /**
   * For a request that holds `own` bytes already. Throws, and nothing is added, when `max` or the
   * budget would be exceeded; a request alone is never refused.
   */
  add(bytes: number, own: number, max: number): void {
    const fits = this.#fits(bytes, own, max)
    this.#refuse(bytes, fits, fits && this.#budget.take(bytes, own))
    this.#held += bytes
  }

  remove(bytes: number): void {
    if (bytes === 0) return
    this.#held -= bytes
    this.#budget.give(bytes)
  }

  #fits(bytes: number, own: number, max: number): boolean {
    return this.#held <= own || this.#held + bytes <= max
  }

  #refuse(bytes: number, fits: boolean, hasRoom: boolean): void {
    if (fits && hasRoom) return
    const what = fits ? 'the memory budget is used up' : 'too many bytes under way'
    throw overloaded(what, this.#budget.retryAfterMs(bytes))
  }
}

/** What a sender is told to wait while there are too many calls. */
const OVERLOAD_DELAY_MS = 1000

export function overloaded(what: string, retryDelayMs = OVERLOAD_DELAY_MS): StatusError {
  return new StatusError(Code.UNAVAILABLE, `${what}; try again later`, { retryDelayMs })
}
