import { FIELD, type Writer } from '#wire'
import { writeText } from './metric-tree.js'

const { NumberDataPoint, HistogramDataPoint, ExponentialHistogramDataPoint } = FIELD
const { SummaryDataPoint, ValueAtQuantile, Exemplar, Buckets } = FIELD

/** What the points of a series have alike. */
export interface PointHead {
  /** Name, value, name, value ... */
  readonly labels: readonly string[]
  readonly timeMs: number
  /** 0 for unknown. */
  readonly startMs: number
  readonly isStale: boolean
}

export interface ExemplarParts {
  readonly labels: readonly string[]
  readonly value: number
  readonly timeMs: number
}

/** Points of one data, whose field number is 1 everywhere. */
const POINTS = 1
const NO_RECORDED_VALUE = 1

export function writeNumber(
  writer: Writer,
  head: PointHead,
  value: number,
  exemplars: readonly ExemplarParts[],
): void {
  const body = writer.begin(POINTS, 2)
  writeHead(writer, head, NumberDataPoint)
  if (!head.isStale) {
    writer.tag(NumberDataPoint.asDouble, 1)
    writer.double(value)
  }
  writeExemplars(writer, NumberDataPoint.exemplars, exemplars)
  writer.end(body, 2)
}

/** Bounds of buckets with the counts up to each; `sum` is undefined where there is none. */
export interface HistogramParts {
  readonly buckets: readonly (readonly [bound: number, upTo: number])[]
  readonly count: number
  readonly sum: number | undefined
  readonly exemplars: readonly ExemplarParts[]
}

export function writeHistogram(writer: Writer, head: PointHead, parts: HistogramParts): void {
  const body = writer.begin(POINTS, 2)
  writeHead(writer, head, HistogramDataPoint)
  const bounds = parts.buckets
    .filter(([bound]) => Number.isFinite(bound))
    .sort(([one], [other]) => one - other)
  if (!head.isStale) {
    writeCount(writer, HistogramDataPoint.count, parts.count)
    if (parts.sum !== undefined) writeDouble(writer, HistogramDataPoint.sum, parts.sum)
    if (bounds.length > 0) {
      const counts = writer.begin(HistogramDataPoint.bucketCounts, 2)
      let below = 0
      for (const [, upTo] of [...bounds, [0, parts.count] as const]) {
        writer.fixed64(integer(upTo - below))
        below = Math.max(below, upTo)
      }
      writer.end(counts, 2)
    }
  }
  if (bounds.length > 0) {
    const packed = writer.begin(HistogramDataPoint.explicitBounds, 2)
    for (const [bound] of bounds) writer.double(bound)
    writer.end(packed, 2)
  }
  writeExemplars(writer, HistogramDataPoint.exemplars, parts.exemplars)
  writer.end(body, 2)
}

export interface SummaryParts {
  readonly quantiles: readonly (readonly [quantile: number, value: number])[]
  readonly count: number
  readonly sum: number
}

export function writeSummary(writer: Writer, head: PointHead, parts: SummaryParts): void {
  const body = writer.begin(POINTS, 2)
  writeHead(writer, head, SummaryDataPoint)
  if (!head.isStale) {
    writeCount(writer, SummaryDataPoint.count, parts.count)
    writeDouble(writer, SummaryDataPoint.sum, parts.sum)
  }
  const sorted = [...parts.quantiles].sort(([one], [other]) => one - other)
  for (const [quantile, value] of sorted) {
    const inner = writer.begin(SummaryDataPoint.quantileValues)
    writeDouble(writer, ValueAtQuantile.quantile, quantile)
    if (!head.isStale) writeDouble(writer, ValueAtQuantile.value, value)
    writer.end(inner)
  }
  writer.end(body, 2)
}

/** Counts of buckets from index `offset` on, as OTLP counts them. */
export interface SideParts {
  readonly offset: number
  readonly counts: readonly number[]
}

export interface ExponentialParts {
  readonly scale: number
  readonly count: number
  readonly sum: number | undefined
  readonly zeroCount: number
  readonly zeroThreshold: number
  readonly positive: SideParts
  readonly negative: SideParts
  readonly exemplars: readonly ExemplarParts[]
}

export function writeExponential(writer: Writer, head: PointHead, parts: ExponentialParts): void {
  const point = ExponentialHistogramDataPoint
  const body = writer.begin(POINTS, 2)
  writeHead(writer, head, point)
  if (!head.isStale) {
    writeCount(writer, point.count, parts.count)
    if (parts.sum !== undefined) writeDouble(writer, point.sum, parts.sum)
    writer.tag(point.scale, 0)
    writer.varint(zigzag(parts.scale))
    writeCount(writer, point.zeroCount, parts.zeroCount)
    writeDouble(writer, point.zeroThreshold, parts.zeroThreshold)
    writeSide(writer, point.positive, parts.positive)
    writeSide(writer, point.negative, parts.negative)
  }
  writeExemplars(writer, point.exemplars, parts.exemplars)
  writer.end(body, 2)
}

function writeSide(writer: Writer, number: number, { offset, counts }: SideParts): void {
  if (counts.length === 0) return
  const body = writer.begin(number, 2)
  writer.tag(Buckets.offset, 0)
  writer.varint(zigzag(offset))
  const packed = writer.begin(Buckets.bucketCounts, 2)
  for (const count of counts) writer.varint64(integer(count))
  writer.end(packed, 2)
  writer.end(body, 2)
}

function writeHead(
  writer: Writer,
  { labels, timeMs, startMs, isStale }: PointHead,
  point: { readonly attributes: number; readonly flags: number },
): void {
  for (let n = 0; n < labels.length; n += 2) {
    writeText(writer, point.attributes, labels[n]!, labels[n + 1]!)
  }
  writeTime(writer, NumberDataPoint.startTimeUnixNano, startMs)
  writeTime(writer, NumberDataPoint.timeUnixNano, timeMs)
  if (!isStale) return
  writer.tag(point.flags, 0)
  writer.varint(NO_RECORDED_VALUE)
}

function writeExemplars(writer: Writer, number: number, exemplars: readonly ExemplarParts[]): void {
  for (const { labels, value, timeMs } of exemplars) {
    const body = writer.begin(number)
    writeTime(writer, Exemplar.timeUnixNano, timeMs)
    writeDouble(writer, Exemplar.asDouble, value)
    for (let n = 0; n < labels.length; n += 2) {
      const [name, text] = [labels[n]!, labels[n + 1]!]
      if (name === 'trace_id' && /^[0-9a-f]{32}$/i.test(text)) {
        writer.field(Exemplar.traceId, Buffer.from(text, 'hex'))
      } else if (name === 'span_id' && /^[0-9a-f]{16}$/i.test(text)) {
        writer.field(Exemplar.spanId, Buffer.from(text, 'hex'))
      } else writeText(writer, Exemplar.filteredAttributes, name, text)
    }
    writer.end(body)
  }
}

/** Times before the epoch cannot be told. */
function writeTime(writer: Writer, number: number, timeMs: number): void {
  if (!(timeMs > 0)) return
  writer.tag(number, 1)
  writer.fixed64(BigInt(timeMs) * 1_000_000n)
}

function writeDouble(writer: Writer, number: number, value: number): void {
  writer.tag(number, 1)
  writer.double(value)
}

function writeCount(writer: Writer, number: number, value: number): void {
  writer.tag(number, 1)
  writer.fixed64(integer(value))
}

/** A count, which samples have as a number that may be anything. */
function integer(value: number): bigint {
  if (!(value > 0)) return 0n
  return value >= 2 ** 64 ? 2n ** 64n - 1n : BigInt(Math.round(value))
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}
