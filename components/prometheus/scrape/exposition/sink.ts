/** What a parser hands on. All objects are used again: they hold during the call and no longer. */
import type { NativeHistogram } from './native-histogram.js'
import type { Series } from './series.js'

export const METRIC_TYPES = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
] as const
export type MetricType = (typeof METRIC_TYPES)[number]

/** One thing said of a metric family. */
export interface Metadata {
  readonly kind: 'type' | 'help' | 'unit'
  /** As written, which in OpenMetrics is without `_total`, `_bucket` and the like. */
  readonly family: string
  /** Of the kind `type`; `unknown` in all others. */
  readonly type: MetricType
  /** The help or the unit; empty for the kind `type`. */
  readonly text: string
}

/** One value of one series. Times are in milliseconds since 1970, NaN where nothing is said. */
export interface Sample {
  readonly series: Series
  readonly value: number
  readonly timestampMs: number
  /** When the counting began: from a `_created` line or the protobuf field. */
  readonly startTimestampMs: number
}

/** One native histogram of one series; times as those of a sample. */
export interface HistogramSample {
  readonly series: Series
  readonly histogram: NativeHistogram
  readonly timestampMs: number
  readonly startTimestampMs: number
}

/** An example of what was observed, such as a trace. */
export interface Exemplar {
  readonly value: number
  /** Milliseconds since 1970; NaN where nothing is said. */
  readonly timestampMs: number
  /** Writes name, value, name, value and so on, as written. */
  labels(into: string[]): void
}

/**
 * Takes what is parsed, in the order of the body. A thrown error ends the parse and reaches the
 * caller of `push` or `end`.
 */
export interface ExpositionSink {
  metadata(metadata: Metadata): void
  sample(sample: Sample): void
  histogram(histogram: HistogramSample): void
  /** Of the sample or histogram handed on before it. */
  exemplar(exemplar: Exemplar): void
  /**
   * A classic histogram that was to become a native one cannot: its counts do not add up. It comes
   * as samples only where these are kept.
   */
  unconvertible(family: string, reason: string): void
  /** The body was whole. */
  end(): void
}
