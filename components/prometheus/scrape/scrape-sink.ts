import { encodeLabels, type SampleBatchBuilder, writeLabels } from '#pdata'
import { Writer } from '#wire'
import { Coarser } from './coarser.js'
import type { Series } from './exposition/series.js'
import {
  type Exemplar,
  type ExpositionSink,
  type HistogramSample,
  METRIC_TYPES,
  type Metadata,
  type Sample,
} from './exposition/sink.js'
import { HistogramWriter } from './histogram-writer.js'
import { addTargetLabels, type LabelLimits, labelFault, type NameScheme } from './sample-labels.js'
import type { SeriesTable } from './series-table.js'

/** What of the config says which samples there are. */
export interface SampleRules extends LabelLimits {
  readonly honor_labels: boolean
  readonly honor_timestamps: boolean
  readonly honor_metadata: boolean
  readonly track_timestamps_staleness: boolean
  readonly metric_name_validation_scheme: NameScheme
  /** 0 for none, in each. */
  readonly sample_limit: number
  readonly native_histogram_bucket_limit: number
  readonly native_histogram_min_bucket_factor: number
}

/** The whole scrape is refused. Its message is one line, without a full stop. */
export class ScrapeFault extends Error {
  override readonly name = 'ScrapeFault'
}

/** What a scrape had. */
export interface ScrapeCounts {
  /** Samples and histograms in the body. */
  scraped: number
  /** Those of them that were taken. */
  kept: number
  /** Those whose series are new. */
  added: number
  /** Those that were there before in the same scrape. */
  duplicates: number
  /** Classic histograms that could not be converted. */
  unconvertible: number
}

/**
 * Writes what one body holds to a builder. A series that was there before costs its value: its
 * label bytes are in the table.
 */
export class ScrapeSink implements ExpositionSink {
  readonly counts: ScrapeCounts = { scraped: 0, kept: 0, added: 0, duplicates: 0, unconvertible: 0 }
  readonly #builder: SampleBatchBuilder
  readonly #table: SeriesTable
  readonly #target: ReadonlyMap<string, string>
  readonly #rules: SampleRules
  readonly #timestampMs: number
  readonly #coarser: Coarser
  readonly #histograms = new HistogramWriter()
  readonly #texts: string[] = []
  readonly #writer = new Writer(1024)
  /** A series is open in the builder, begun to be counted then; NaN without one. */
  #created = Number.NaN
  #isOpen = false
  #isHistogram = false
  #openedAt = 0
  #family = { type: 0, family: '', help: '', unit: '' }

  constructor(
    builder: SampleBatchBuilder,
    table: SeriesTable,
    target: ReadonlyMap<string, string>,
    rules: SampleRules,
    timestampMs: number,
  ) {
    this.#builder = builder
    this.#table = table
    this.#target = target
    this.#rules = rules
    this.#timestampMs = timestampMs
    const { native_histogram_bucket_limit: bucketsMax } = rules
    this.#coarser = new Coarser(bucketsMax, rules.native_histogram_min_bucket_factor)
  }

  metadata({ kind, family, type, text }: Metadata): void {
    if (!this.#rules.honor_metadata) return
    if (this.#family.family !== family) {
      this.#endFamily()
      this.#family.family = family
    }
    if (kind === 'type') this.#family.type = METRIC_TYPES.indexOf(type)
    else if (kind === 'help') this.#family.help = text
    else this.#family.unit = text
  }

  sample({ series, value, timestampMs, startTimestampMs }: Sample): void {
    if (this.#begin(series, timestampMs, startTimestampMs)) {
      this.#builder.sample(value, this.#openedAt)
    }
  }

  histogram({ series, histogram, timestampMs, startTimestampMs }: HistogramSample): void {
    if (this.#begin(series, timestampMs, startTimestampMs)) {
      this.#isHistogram = true
      if (!this.#coarser.apply(histogram)) {
        const { native_histogram_bucket_limit: limit } = this.#rules
        const text = 'a native histogram has too many buckets'
        throw new ScrapeFault(`${text}, and native_histogram_bucket_limit is ${limit}`)
      }
      this.#builder.histogram(this.#histograms.write(histogram, this.#openedAt))
    }
  }

  /** Those of native histograms come again with each scrape: only their time tells them apart. */
  exemplar(exemplar: Exemplar): void {
    const { value, timestampMs } = exemplar
    if (!this.#isOpen || (this.#isHistogram && Number.isNaN(timestampMs))) return
    exemplar.labels(this.#texts)
    const at = Number.isNaN(timestampMs) ? this.#openedAt : timestampMs
    this.#builder.exemplar(encodeLabels(this.#texts), value, at)
  }

  unconvertible(): void {
    this.counts.unconvertible++
  }

  /** Throws a ScrapeFault where there was too much. */
  end(): void {
    this.#endSeries()
    this.#endFamily()
    const { sample_limit: limit } = this.#rules
    const { kept } = this.counts
    if (limit > 0 && kept > limit) {
      throw new ScrapeFault(`it has ${kept} samples, and sample_limit is ${limit}`)
    }
  }

  /** False where the sample is not taken; else its series is open. */
  #begin(series: Series, timestampMs: number, created: number): boolean {
    this.#endSeries()
    const { counts } = this
    const { honor_timestamps: honors, track_timestamps_staleness: tracks } = this.#rules
    counts.scraped++
    const table = this.#table
    const known = table.rowOf(series.ref)
    const row = known >= 0 ? known : table.add(series.ref, this.#labelsOf(series))
    const hasTime = honors && !Number.isNaN(timestampMs)
    if (!table.see(row) && !hasTime) {
      counts.duplicates++
      return false
    }
    if (!hasTime || tracks) table.track(row)
    counts.kept++
    if (series.isNew) counts.added++
    // From there on it only counts: the scrape is refused at its end.
    if (this.#rules.sample_limit > 0 && counts.kept > this.#rules.sample_limit) return false
    this.#builder.beginSeries(table.bytes, table.startOf(row), table.endOf(row))
    this.#isOpen = true
    this.#isHistogram = false
    this.#created = created
    this.#openedAt = hasTime ? timestampMs : this.#timestampMs
    return true
  }

  #labelsOf(series: Series): Uint8Array {
    const texts = this.#texts
    const { honor_labels: honors, metric_name_validation_scheme: scheme } = this.#rules
    series.labels(texts)
    addTargetLabels(texts, this.#target, honors)
    const fault = labelFault(texts, scheme, this.#rules)
    if (fault !== undefined) throw new ScrapeFault(fault)
    this.#writer.pos = 0
    writeLabels(texts, this.#writer)
    return this.#writer.written()
  }

  #endSeries(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#builder.endSeries(Number.isNaN(this.#created) ? 0 : this.#created)
  }

  #endFamily(): void {
    if (this.#family.family === '') return
    this.#endSeries()
    this.#builder.metadata(this.#family)
    this.#family = { type: 0, family: '', help: '', unit: '' }
  }
}
