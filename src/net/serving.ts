import { type Deferred, deferred } from '#sdk'

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

/** Bytes of requests that a server holds at once: being read, or waiting for their answer. */
export class BytesUnderWay {
  #held = 0

  /**
   * For a request that holds `own` bytes already. False, and nothing is added, when `max` would be
   * exceeded; a request alone is never refused.
   */
  add(bytes: number, own: number, max: number): boolean {
    if (this.#held > own && this.#held + bytes > max) return false
    this.#held += bytes
    return true
  }

  remove(bytes: number): void {
    this.#held -= bytes
  }
}
