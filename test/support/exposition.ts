/** What a parser of expositions hands on, as plain objects. */
import type { NativeHistogram } from '../../components/prometheus/scrape/exposition/native-histogram.js'
import type {
  Exemplar,
  ExpositionSink,
  HistogramSample,
  Metadata,
  Sample,
} from '../../components/prometheus/scrape/exposition/sink.js'

export interface RecordedExemplar {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly timestampMs?: number
}

interface RecordedSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly timestampMs?: number
  readonly startTimestampMs?: number
  readonly exemplars: RecordedExemplar[]
}

export interface RecordedHistogram {
  readonly schema: number
  readonly count: number
  readonly sum: number
  readonly zeroThreshold: number
  readonly zeroCount: number
  readonly isFloat: boolean
  readonly isGauge: boolean
  readonly negativeSpans: readonly number[]
  readonly negative: readonly number[]
  readonly positiveSpans: readonly number[]
  readonly positive: readonly number[]
  readonly bounds: readonly number[]
}

export type RecordedEntry =
  | { readonly kind: 'help'; readonly family: string; readonly help: string }
  | { readonly kind: 'type'; readonly family: string; readonly type: string }
  | { readonly kind: 'unit'; readonly family: string; readonly unit: string }
  | ({ readonly kind: 'series'; readonly text: string; readonly value: number } & RecordedSeries)
  | ({ readonly kind: 'histogram'; readonly histogram: RecordedHistogram } & RecordedSeries)
  | { readonly kind: 'unconvertible'; readonly family: string; readonly reason: string }
  | { readonly kind: 'end' }

/** Keeps everything; asks for the labels of every series. */
export class RecordingSink implements ExpositionSink {
  readonly entries: RecordedEntry[] = []
  /** What the cache said of each series. */
  readonly refs: (readonly [ref: number, isNew: boolean])[] = []
  readonly #texts: string[] = []

  metadata({ kind, family, type, text }: Metadata): void {
    if (kind === 'help') this.entries.push({ kind, family, help: text })
    else if (kind === 'type') this.entries.push({ kind, family, type })
    else this.entries.push({ kind, family, unit: text })
  }

  sample(sample: Sample): void {
    const { bytes, start, end } = sample.series
    const text = bytes.toString('latin1', start, end)
    this.entries.push({ kind: 'series', text, value: sample.value, ...this.#series(sample) })
  }

  histogram(sample: HistogramSample): void {
    const histogram = recordedHistogram(sample.histogram)
    this.entries.push({ kind: 'histogram', histogram, ...this.#series(sample) })
  }

  exemplar(exemplar: Exemplar): void {
    const last = this.entries.at(-1)
    if (!last || !('exemplars' in last)) throw new Error('an exemplar of no sample')
    exemplar.labels(this.#texts)
    const { value, timestampMs } = exemplar
    const labels = recordOf(this.#texts)
    last.exemplars.push({ labels, value, ...(isTime(timestampMs) && { timestampMs }) })
  }

  unconvertible(family: string, reason: string): void {
    this.entries.push({ kind: 'unconvertible', family, reason })
  }

  end(): void {
    this.entries.push({ kind: 'end' })
  }

  #series({ series, timestampMs, startTimestampMs }: Sample | HistogramSample): RecordedSeries {
    series.labels(this.#texts)
    this.refs.push([series.ref, series.isNew])
    return {
      labels: recordOf(this.#texts),
      ...(isTime(timestampMs) && { timestampMs }),
      ...(isTime(startTimestampMs) && { startTimestampMs }),
      exemplars: [],
    }
  }
}

function isTime(ms: number): boolean {
  return !Number.isNaN(ms)
}

function recordOf(texts: readonly string[]): Record<string, string> {
  const record: Record<string, string> = Object.create(null)
  for (let n = 0; n < texts.length; n += 2) {
    if (texts[n]! in record) throw new Error(`the label ${texts[n]} is there twice`)
    record[texts[n]!] = texts[n + 1]!
  }
  return { ...record }
}

function recordedHistogram(histogram: NativeHistogram): RecordedHistogram {
  const { schema, count, sum, zeroThreshold, zeroCount, isFloat, isGauge } = histogram
  const { negative, positive, bounds, boundCount } = histogram
  return {
    ...{ schema, count, sum, zeroThreshold, zeroCount, isFloat, isGauge },
    negativeSpans: [...negative.spans.subarray(0, negative.spanCount * 2)],
    negative: [...negative.values.subarray(0, negative.valueCount)],
    positiveSpans: [...positive.spans.subarray(0, positive.spanCount * 2)],
    positive: [...positive.values.subarray(0, positive.valueCount)],
    bounds: [...bounds.subarray(0, boundCount)],
  }
}
