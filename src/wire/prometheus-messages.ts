/**
 * Prometheus remote-write 1.0 (`prometheus.WriteRequest`) and 2.0 (2.0-rc.4,
 * `io.prometheus.write.v2.Request`), as tables. What both have alike is there once: `Sample` and
 * `NativeHistogram` have their `startTimestamp` from 2.0. Names that OTLP or the other version has
 * too are made different.
 */
import { count, double, int64, items, many, oneof, text } from './fields.js'

/** With the names of 1.0; 2.0 has the same numbers. */
export const PROMETHEUS_ENUMS: Readonly<Record<'MetricType' | 'ResetHint', readonly string[]>> = {
  MetricType: [
    ...['UNKNOWN', 'COUNTER', 'GAUGE', 'HISTOGRAM', 'GAUGEHISTOGRAM', 'SUMMARY', 'INFO'],
    'STATESET',
  ],
  ResetHint: ['UNKNOWN', 'YES', 'NO', 'GAUGE'],
}

const shared = {
  /** Times are milliseconds since the epoch. */
  Sample: { value: double(1), timestamp: int64(2), startTimestamp: int64(3) },
  NativeHistogram: {
    countInt: oneof(1, 'uint64', 'count'),
    countFloat: oneof(2, 'double', 'count'),
    sum: double(3),
    schema: { number: 4, type: 'sint32' },
    zeroThreshold: double(5),
    zeroCountInt: oneof(6, 'uint64', 'zeroCount'),
    zeroCountFloat: oneof(7, 'double', 'zeroCount'),
    negativeSpans: many(8, 'BucketSpan'),
    negativeDeltas: many(9, 'sint64'),
    negativeCounts: many(10, 'double'),
    positiveSpans: many(11, 'BucketSpan'),
    positiveDeltas: many(12, 'sint64'),
    positiveCounts: many(13, 'double'),
    resetHint: { number: 14, type: 'ResetHint' },
    timestamp: int64(15),
    customValues: many(16, 'double'),
    startTimestamp: int64(17),
  },
  BucketSpan: { offset: { number: 1, type: 'sint32' }, length: count(2) },
} as const

const one = {
  WriteRequest: { timeseries: many(1, 'TimeSeries'), metadata: many(3, 'MetricMetadata') },
  TimeSeries: {
    labels: { ...many(1, 'Label'), first: true },
    samples: items(2, 'Sample'),
    exemplars: { ...many(3, 'SeriesExemplar'), companion: true },
    histograms: items(4, 'NativeHistogram'),
    /**
     * Ours, and not for senders of 1.0: when the counting began, 0 for unknown. The highest number
     * that the scan's bits for known fields have room for.
     */
    createdTimestamp: int64(31),
  },
  Label: { name: text(1), value: text(2) },
  SeriesExemplar: { labels: many(1, 'Label'), value: double(2), timestamp: int64(3) },
  MetricMetadata: {
    type: { number: 1, type: 'MetricType' },
    metricFamilyName: text(2),
    help: text(4),
    unit: text(5),
  },
} as const

const two = {
  WriteRequestV2: {
    symbols: { ...many(4, 'string'), first: true },
    timeseries: many(5, 'TimeSeriesV2'),
  },
  TimeSeriesV2: {
    labelsRefs: { ...many(1, 'uint32'), first: true },
    samples: items(2, 'Sample'),
    histograms: items(3, 'NativeHistogram'),
    exemplars: { ...many(4, 'SeriesExemplarV2'), companion: true },
    metadata: { number: 5, type: 'MetadataV2' },
    /** Until 2.0-rc.3; since then each sample has its own. */
    createdTimestamp: int64(6),
  },
  SeriesExemplarV2: { labelsRefs: many(1, 'uint32'), value: double(2), timestamp: int64(3) },
  MetadataV2: {
    type: { number: 1, type: 'MetricType' },
    helpRef: count(3),
    unitRef: count(4),
  },
} as const

export const PROMETHEUS = { ...shared, ...one, ...two } as const
