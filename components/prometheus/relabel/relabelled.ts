import { decodePairs, encodeLabels } from '#pdata'
import { LabelCache, labelsOf, type Rule, relabel } from '#relabel'
import type { Clock } from '#sdk'

/** What a series becomes: other label bytes, or one of these. */
export const UNCHANGED = 'unchanged'
export const DROPPED = 'dropped'
export type Outcome = Uint8Array | typeof UNCHANGED | typeof DROPPED

export interface CacheLimits {
  readonly entriesMax: number
  /** Results that nobody asked for for once to twice as long are forgotten; 0: none. */
  readonly ttlMs: number
  readonly seed: number
}

/** What rules make of label bytes, remembered by these bytes. */
export class Relabelled {
  readonly #rules: readonly Rule[]
  readonly #limits: CacheLimits
  readonly #clock: Clock
  #newer: LabelCache<Outcome>
  #older: LabelCache<Outcome> | undefined
  #turnedMs: number
  hits = 0
  misses = 0

  constructor(rules: readonly Rule[], limits: CacheLimits, clock: Clock) {
    this.#rules = rules
    this.#limits = limits
    this.#clock = clock
    this.#newer = this.#open()
    this.#turnedMs = clock.monotonic()
  }

  /** How many results are remembered. */
  get size(): number {
    return this.#newer.size + (this.#older?.size ?? 0)
  }

  /** Of the labels in `[start, end)`. */
  of(bytes: Uint8Array, start: number, end: number): Outcome {
    const known = this.#newer.get(bytes, start, end) ?? this.#fromOlder(bytes, start, end)
    if (known !== undefined) {
      this.hits++
      return known
    }
    this.misses++
    const outcome = this.#relabel(bytes, start, end)
    this.#newer.set(bytes, start, end, outcome)
    return outcome
  }

  forget(bytes: Uint8Array, start: number, end: number): void {
    this.#newer.delete(bytes, start, end)
    this.#older?.delete(bytes, start, end)
  }

  /** Now and then: forgets what is too old. */
  age(): void {
    const { ttlMs } = this.#limits
    if (ttlMs === 0) return
    const now = this.#clock.monotonic()
    const turns = Math.floor((now - this.#turnedMs) / ttlMs)
    if (turns === 0) return
    this.#older = turns === 1 ? this.#newer : undefined
    this.#newer = this.#open()
    this.#turnedMs += turns * ttlMs
  }

  #fromOlder(bytes: Uint8Array, start: number, end: number): Outcome | undefined {
    const old = this.#older?.get(bytes, start, end)
    if (old === undefined) return undefined
    this.#older!.delete(bytes, start, end)
    this.#newer.set(bytes, start, end, old)
    return old
  }

  #relabel(bytes: Uint8Array, start: number, end: number): Outcome {
    const pairs = decodePairs(bytes, start, end)
    const entries: (readonly [string, string])[] = []
    for (let n = 0; n < pairs.length; n += 2) entries.push([pairs[n]!, pairs[n + 1]!])
    const labels = labelsOf(entries)
    const changed = relabel(this.#rules, labels)
    if (changed === undefined || changed.length === 0) return DROPPED
    return changed === labels ? UNCHANGED : encodeLabels(changed)
  }

  #open(): LabelCache<Outcome> {
    return new LabelCache(this.#limits.entriesMax, this.#limits.seed)
  }
}
