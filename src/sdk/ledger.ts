import { perSignal, type Signal } from '#pdata'

/** Counts of one signal through one component. At rest `entered = left + dropped + held`. */
export interface LedgerCounts {
  readonly entered: number
  /** Passed on, or delivered. */
  readonly left: number
  /** Sent back to the sender, who still has them; not part of the balance. */
  readonly refused: number
  readonly dropped: ReadonlyMap<string, number>
  /** Milliseconds that senders waited for room, summed. */
  readonly blockedMs: number
}

/** Nothing is lost in silence: what became of every item that came to one component. */
export class Ledger {
  readonly #entered = perSignal(() => 0)
  readonly #left = perSignal(() => 0)
  readonly #refused = perSignal(() => 0)
  readonly #blockedMs = perSignal(() => 0)
  readonly #dropped = perSignal(() => new Map<string, number>())

  enter(signal: Signal, items: number): void {
    this.#entered[signal] += items
  }

  leave(signal: Signal, items: number): void {
    this.#left[signal] += items
  }

  /** For items that had entered and go back to their sender. */
  refuse(signal: Signal, items: number): void {
    this.#entered[signal] -= items
    this.#refused[signal] += items
  }

  /** For items that found no room before they entered. */
  turnAway(signal: Signal, items: number): void {
    this.#refused[signal] += items
  }

  /** For items that stay on disk: they enter again where that is opened next. */
  putAway(signal: Signal, items: number): void {
    this.#entered[signal] -= items
  }

  /** A sender waited for room. */
  block(signal: Signal, ms: number): void {
    this.#blockedMs[signal] += ms
  }

  /**
   * `reason` is a short fixed phrase such as "filtered" or "shutdown": it becomes a metric label.
   */
  drop(signal: Signal, items: number, reason: string): void {
    const dropped = this.#dropped[signal]
    dropped.set(reason, (dropped.get(reason) ?? 0) + items)
  }

  counts(signal: Signal): LedgerCounts {
    return {
      entered: this.#entered[signal],
      left: this.#left[signal],
      refused: this.#refused[signal],
      dropped: this.#dropped[signal],
      blockedMs: this.#blockedMs[signal],
    }
  }

  /** Items that entered and have neither left nor been dropped, by the books alone. */
  held(signal: Signal): number {
    let held = this.#entered[signal] - this.#left[signal]
    for (const items of this.#dropped[signal].values()) held -= items
    return held
  }
}
