import { encodeLabels, type SampleBatchBuilder } from '#pdata'
import type { SeriesTable } from './series-table.js'

const ALWAYS = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
] as const
const EXTRA = ['scrape_timeout_seconds', 'scrape_sample_limit', 'scrape_body_size_bytes'] as const

export type ReportName = (typeof ALWAYS)[number] | (typeof EXTRA)[number]

/** The series that each scrape adds of itself. */
export class Report {
  readonly #table: SeriesTable
  readonly #rows: readonly (readonly [name: ReportName, row: number])[]

  constructor(table: SeriesTable, target: ReadonlyMap<string, string>, withExtra: boolean) {
    this.#table = table
    const names = withExtra ? [...ALWAYS, ...EXTRA] : ALWAYS
    this.#rows = names.map((name) => {
      const labels = encodeLabels(['__name__', name, ...[...target].flat()])
      return [name, table.keep(labels)] as const
    })
  }

  /** The rows are taken: what a target writes under these names is a duplicate. */
  begin(): void {
    for (const [, row] of this.#rows) this.#table.see(row)
  }

  write(
    builder: SampleBatchBuilder,
    timestampMs: number,
    values: Readonly<Record<ReportName, number>>,
  ): void {
    for (const [name, row] of this.#rows) {
      this.#open(builder, row)
      builder.sample(values[name], timestampMs)
      builder.endSeries()
    }
  }

  /** The target is gone. */
  end(builder: SampleBatchBuilder, timestampMs: number): void {
    for (const [, row] of this.#rows) {
      this.#open(builder, row)
      builder.staleMarker(timestampMs)
      builder.endSeries()
    }
  }

  #open(builder: SampleBatchBuilder, row: number): void {
    const table = this.#table
    builder.beginSeries(table.bytes, table.startOf(row), table.endOf(row))
  }
}
