import { sleep } from './clock.js'
import type { Component, Context, Health, HealthReporting } from './component.js'
import { Retryable } from './errors.js'
import { Poller } from './poller.js'
import type { Target } from './schema.js'

/** What was found; for the places that `faults` are of, what was found there before. */
export interface Found {
  readonly targets: readonly Target[]
  readonly faults: readonly string[]
}

/** How a component finds targets. */
export interface TargetFinder {
  /** Opens what is needed. Rejecting refuses the config; `close` is called all the same. */
  open?(search: TargetSearch): Promise<void>
  /** All there are now. Rejects with what health is to say; the last ones stay exported then. */
  find(stop: AbortSignal): Promise<Found>
  /** Works twice, and without `open`. */
  close?(giveUp: AbortSignal): Promise<void>
}

/** A start does not wait longer than this for the first targets. */
const FIRST_LOOK_MS = 5000

/** A component that exports `targets`: what it finds, again when that differs from the last. */
export class TargetSearch implements Component, HealthReporting {
  readonly #context: Context
  readonly #finder: TargetFinder
  readonly #poller: Poller
  #targets: readonly Target[] | undefined

  constructor(context: Context, intervalMs: number, finder: TargetFinder) {
    this.#context = context
    this.#finder = finder
    this.#poller = new Poller(context, intervalMs, (stop) => this.#look(stop))
  }

  async start(): Promise<void> {
    await this.#finder.open?.(this)
    const looked = new AbortController()
    const first = this.#poller.start().then(
      () => looked.abort(),
      () => looked.abort(),
    )
    await Promise.race([first, sleep(this.#context.clock, FIRST_LOOK_MS, looked.signal)])
    if (!this.#targets) this.#publish([])
  }

  async stop(giveUp: AbortSignal): Promise<void> {
    this.#poller.stop()
    await this.#finder.close?.(giveUp)
  }

  /** Something has changed: looks now. */
  again(): void {
    this.#poller.again()
  }

  health(): Health {
    return this.#poller.health()
  }

  async #look(stop: AbortSignal): Promise<string> {
    const { targets, faults } = await this.#finder.find(stop)
    if (!stop.aborted && !(this.#targets && areSame(targets, this.#targets))) this.#publish(targets)
    const [fault, ...others] = faults
    if (fault === undefined) return targets.length === 1 ? '1 target' : `${targets.length} targets`
    throw new Retryable(others.length > 0 ? `${fault}, and ${others.length} more` : fault)
  }

  #publish(targets: readonly Target[]): void {
    this.#targets = targets
    this.#context.publish({ targets })
  }
}

function areSame(some: readonly Target[], others: readonly Target[]): boolean {
  return some.length === others.length && some.every((one, n) => hasSame(one, others[n]!))
}

function hasSame(one: Target, other: Target): boolean {
  if (one.size !== other.size) return false
  for (const [name, value] of one) if (other.get(name) !== value) return false
  return true
}
