import { parseBound } from './bounds.js'
import { CustomBuckets } from './custom-buckets.js'
import { NativeHistogram } from './native-histogram.js'
import { type LabelSource, Series } from './series.js'
import type { SeriesCache } from './series-cache.js'
import type {
  Exemplar,
  ExpositionSink,
  HistogramSample,
  Metadata,
  MetricType,
  Sample,
} from './sink.js'

const PART = /^(.+)_(bucket|sum|count)$/s

/** Where the samples of classic histograms pass by on their way to a sink. */
export interface ConversionOptions {
  readonly keepClassicHistograms?: boolean
  readonly cache?: SeriesCache
}

/**
 * Collects the samples of each classic histogram of a text, and hands on one native histogram when
 * another metric begins. It takes a family's name from its TYPE.
 */
export class ClassicHistograms implements ExpositionSink, LabelSource {
  readonly #sink: ExpositionSink
  readonly #keeps: boolean
  readonly #cache: SeriesCache | undefined
  readonly #buckets = new CustomBuckets()
  readonly #result: { -readonly [F in keyof HistogramSample]: HistogramSample[F] }
  #type: MetricType = 'unknown'
  #family = ''
  /** The labels of the histogram being collected, also as one text; empty while there is none. */
  #labels: string[] = []
  #metric = ''
  #exemplars: KeptExemplar[] = []
  readonly #labelsOfSample: string[] = []
  /** The last sample was a part of a histogram. */
  #wasPart = false

  constructor(sink: ExpositionSink, { keepClassicHistograms, cache }: ConversionOptions) {
    this.#sink = sink
    this.#keeps = keepClassicHistograms ?? false
    this.#cache = cache
    this.#result = {
      series: new Series(this),
      histogram: new NativeHistogram(),
      timestampMs: Number.NaN,
      startTimestampMs: Number.NaN,
    }
  }

  metadata(metadata: Metadata): void {
    this.#finish()
    if (metadata.kind === 'type') {
      this.#type = metadata.type
      this.#family = metadata.family
    }
    this.#sink.metadata(metadata)
  }

  sample(sample: Sample): void {
    this.#wasPart = this.#type === 'histogram' && this.#collect(sample)
    if (!this.#wasPart || this.#keeps) this.#sink.sample(sample)
  }

  exemplar(exemplar: Exemplar): void {
    if (this.#wasPart) this.#exemplars.push(new KeptExemplar(exemplar))
    if (!this.#wasPart || this.#keeps) this.#sink.exemplar(exemplar)
  }

  histogram(histogram: HistogramSample): void {
    this.#finish()
    this.#sink.histogram(histogram)
  }

  unconvertible(family: string, reason: string): void {
    this.#sink.unconvertible(family, reason)
  }

  end(): void {
    this.#finish()
    this.#sink.end()
  }

  labels(into: string[]): void {
    into.push(...this.#labels)
  }

  /** Whether it is a part of the family's histograms. */
  #collect(sample: Sample): boolean {
    const labels = this.#labelsOfSample
    sample.series.labels(labels)
    const name = labels[1]!
    const [, family, part] = PART.exec(name) ?? []
    if (family !== this.#family) {
      // When it was created says nothing of another metric.
      if (name !== `${this.#family}_created`) this.#finish()
      return false
    }
    const bound = takeBound(labels)
    if (part === 'bucket' && (bound === undefined || Number.isNaN(bound))) return false
    labels[1] = family
    this.#begin(labels, sample)
    if (part === 'bucket') this.#buckets.bucket(bound!, sample.value)
    else if (part === 'sum') this.#buckets.sum(sample.value)
    else this.#buckets.count(sample.value)
    return true
  }

  #begin(labels: readonly string[], { timestampMs, startTimestampMs }: Sample): void {
    const metric = labels.join('\xff')
    if (metric === this.#metric) return
    this.#finish()
    this.#metric = metric
    this.#labels = [...labels]
    this.#result.timestampMs = timestampMs
    this.#result.startTimestampMs = startTimestampMs
  }

  #finish(): void {
    if (this.#metric === '') return
    const result = this.#result
    const fault = this.#buckets.convert(result.histogram)
    if (fault !== undefined) this.#sink.unconvertible(this.#labels[1]!, fault)
    else {
      this.#identify(result.series)
      this.#sink.histogram(result)
      for (const exemplar of this.#exemplars) this.#sink.exemplar(exemplar)
    }
    this.#metric = ''
    this.#exemplars = []
    this.#buckets.clear()
  }

  #identify(series: Series): void {
    series.bytes = Buffer.from(this.#metric)
    series.start = 0
    series.end = series.bytes.length
    if (this.#cache === undefined) return
    this.#cache.findApart(series.bytes, 0, series.end)
    series.ref = this.#cache.ref
    series.isNew = this.#cache.isNew
  }
}

class KeptExemplar implements Exemplar {
  readonly value: number
  readonly timestampMs: number
  readonly #labels: string[] = []

  constructor(exemplar: Exemplar) {
    this.value = exemplar.value
    this.timestampMs = exemplar.timestampMs
    exemplar.labels(this.#labels)
  }

  labels(into: string[]): void {
    into.length = 0
    into.push(...this.#labels)
  }
}

/** Takes `le` out. */
function takeBound(labels: string[]): number | undefined {
  for (let n = 2; n < labels.length; n += 2) {
    if (labels[n] !== 'le') continue
    const [, text] = labels.splice(n, 2)
    return parseBound(text!)
  }
  return undefined
}
