/** Lets one at a time do its work, in the order they asked. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve()

  /** Settles as `work` does, which begins when all before it have ended, however they did. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }

  /** Resolves when all that have asked so far have ended. */
  async idle(): Promise<void> {
    await this.#last
  }
}
