import { type SampleBatch, SampleBatchBuilder } from '#pdata'
import type { Resource } from '#sdk'
import { SeriesCache } from './exposition/series-cache.js'
import { Report } from './report.js'
import { SeriesTable } from './series-table.js'

/** What is known of one target from scrape to scrape. */
export class TargetState {
  readonly cache = new SeriesCache()
  readonly table = new SeriesTable()
  readonly report: Report
  /** Settles once no scrape is under way. */
  idle: Promise<void> = Promise.resolve()
  /** Bytes of the last batch. */
  batchBytes = 4096
  #lastMs = 0

  constructor(labels: ReadonlyMap<string, string>, withExtra: boolean) {
    this.report = new Report(this.table, labels, withExtra)
  }

  /** A time after all that were given before. */
  timestamp(nowMs: number): number {
    this.#lastMs = Math.max(nowMs, this.#lastMs + 1)
    return this.#lastMs
  }

  /** Before anything else, and after a `rest`. */
  async wake(): Promise<void> {
    await Promise.all([this.cache.wake(), this.table.wake()])
  }

  /** Until the next scrape. */
  async rest(): Promise<void> {
    await Promise.all([this.cache.rest(), this.table.rest()])
  }

  /** Begins a scrape; `commit` or `abandon` ends it. */
  begin(): void {
    this.cache.begin()
    this.table.begin()
    this.report.begin()
  }

  /** The body was good: what is not there any more is stale. */
  commit(builder: SampleBatchBuilder, timestampMs: number): void {
    this.table.commit((row) => this.#endSeries(builder, row, timestampMs))
    this.cache.finish((ref) => this.table.forget(ref))
  }

  /** There was no good body: all is stale. */
  abandon(builder: SampleBatchBuilder, timestampMs: number): void {
    this.cache.abandon((ref) => this.table.forget(ref))
    this.table.abandon((row) => this.#endSeries(builder, row, timestampMs))
  }

  /** The target is gone. Undefined where it was never scraped. */
  async end(nowMs: number): Promise<SampleBatch | undefined> {
    if (this.#lastMs === 0) return undefined
    await this.wake()
    const builder = new SampleBatchBuilder(this.batchBytes)
    const timestampMs = this.timestamp(nowMs)
    this.table.abandon((row) => this.#endSeries(builder, row, timestampMs))
    this.report.end(builder, timestampMs)
    return builder.take()
  }

  #endSeries(builder: SampleBatchBuilder, row: number, timestampMs: number): void {
    const { table } = this
    builder.beginSeries(table.bytes, table.startOf(row), table.endOf(row))
    builder.staleMarker(timestampMs)
    builder.endSeries()
  }
}

/** The targets of a component, which outlive its instances. */
export class KnownTargets implements Resource {
  #states = new Map<string, TargetState>()
  #letGo: () => void = () => {}

  /**
   * One instance takes them from another, which is told to let go. Keeps the targets under `keys`
   * and gives back the others.
   */
  takeOver(keys: ReadonlySet<string>, letGo: () => void): readonly TargetState[] {
    this.#letGo()
    this.#letGo = letGo
    const gone = [...this.#states].filter(([key]) => !keys.has(key))
    for (const [key] of gone) this.#states.delete(key)
    return gone.map(([, state]) => state)
  }

  /** The one under `key`, or else a new one. */
  get(key: string, open: () => TargetState): TargetState {
    const state = this.#states.get(key) ?? open()
    this.#states.set(key, state)
    return state
  }

  close(): Promise<void> {
    this.#states.clear()
    return Promise.resolve()
  }
}
