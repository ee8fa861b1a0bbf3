import {
  type Component,
  type Context,
  type Health,
  type HealthReporting,
  isExpected,
  messageOf,
  type Timer,
  type Watcher,
} from '#sdk'
import type { ImportKind } from './import-kind.js'
import type { ImportStore } from './import-store.js'

/** An import that is in use: looks for changes, and says how it is doing. */
export class ImportWatch implements Component, HealthReporting {
  readonly #context: Context
  readonly #kind: ImportKind
  readonly #values: object
  readonly #store: ImportStore
  readonly #stop = new AbortController()
  #timer: Timer | undefined
  #watcher: Watcher | undefined
  #looking: Promise<void> | undefined
  #askedAgain = false
  #failure: string | undefined
  /** What it brings now, where that has been told and not been loaded yet. */
  #toldOf: string | undefined
  #since: number

  constructor(context: Context, kind: ImportKind, values: object, store: ImportStore) {
    this.#context = context
    this.#kind = kind
    this.#values = values
    this.#store = store
    this.#since = context.clock.now()
  }

  async start(): Promise<void> {
    const { id, files } = this.#context
    const request = this.#store.requestOf(id)
    if (request) {
      this.#watcher = this.#kind.watch?.(this.#values, request, files, () => this.#again())
    }
    this.#next()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#timer?.cancel()
    await this.#watcher?.close()
  }

  /** What was imported last runs on whatever happens to the source. */
  health(): Health {
    const fault = this.#store.faultOf(this.#context.id)
    const since = this.#since
    if (this.#failure !== undefined) {
      const message = `cannot be read, what it brought last stays: ${this.#failure}`
      return { state: 'unhealthy', message, since }
    }
    if (fault === undefined) return { state: 'healthy', message: 'imported', since }
    return {
      state: 'unhealthy',
      message: `what it brings now is refused, what it brought last stays: ${fault}`,
      since,
    }
  }

  #next(): void {
    const everyMs = this.#kind.everyMs(this.#values)
    if (everyMs === undefined || this.#stop.signal.aborted) return
    this.#timer?.cancel()
    this.#timer = this.#context.clock.timer(everyMs, () => this.#again())
  }

  #again(): void {
    if (this.#stop.signal.aborted) return
    if (this.#looking) {
      this.#askedAgain = true
      return
    }
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined
      const isAsked = this.#askedAgain
      this.#askedAgain = false
      if (isAsked) this.#again()
      else this.#next()
    })
  }

  async #look(): Promise<void> {
    const { id, clock, log } = this.#context
    const was = this.#failure
    try {
      const hash = await this.#store.look(id, this.#stop.signal)
      this.#failure = undefined
      // Saying it at each look would put the load off for ever.
      if (hash !== undefined && hash !== this.#toldOf) this.#store.changed()
      this.#toldOf = hash
    } catch (error) {
      if (this.#stop.signal.aborted) return
      if (!isExpected(error)) this.#context.fail(error)
      this.#failure = messageOf(error)
      if (was !== this.#failure) {
        log.warn('cannot be read, what it brought last stays', { error: this.#failure })
      }
    }
    if ((was === undefined) !== (this.#failure === undefined)) this.#since = clock.now()
  }
}
