import { FIELD, Writer } from '#wire'
import type { Buckets, NativeHistogram } from './exposition/native-histogram.js'

const H = FIELD.NativeHistogram
const { offset: OFFSET, length: LENGTH } = FIELD.BucketSpan

/** `ResetHint.GAUGE`. */
const HINT_GAUGE = 3

/** Twice a larger number need not be exact. */
const EXACT_MAX = 2 ** 51

/**
 * Writes native histograms as remote write has them:
 *
 *      1  countInt        uint64   or  2  countFloat      double
 *      3  sum             double
 *      4  schema          sint32
 *      5  zeroThreshold   double
 *      6  zeroCountInt    uint64   or  7  zeroCountFloat  double
 *      8  negativeSpans   messages: 1 offset sint32, 2 length uint32
 *      9  negativeDeltas  sint64   or 10  negativeCounts  double
 *     11  positiveSpans
 *     12  positiveDeltas  sint64   or 13  positiveCounts  double
 *     14  resetHint       enum
 *     15  timestamp       int64
 *     16  customValues    double
 */
export class HistogramWriter {
  readonly #writer = new Writer(1024)

  /** The bytes are good until the next one is written. */
  write(histogram: NativeHistogram, timestampMs: number): Uint8Array {
    const writer = this.#writer
    const { isFloat, positive, negative } = histogram
    writer.pos = 0
    if (isFloat) this.#double(H.countFloat, histogram.count)
    else this.#count(H.countInt, histogram.count)
    this.#double(H.sum, histogram.sum)
    writer.tag(H.schema, 0)
    writer.varint(zigzag(histogram.schema))
    this.#double(H.zeroThreshold, histogram.zeroThreshold)
    if (isFloat) this.#double(H.zeroCountFloat, histogram.zeroCount)
    else this.#count(H.zeroCountInt, histogram.zeroCount)
    this.#spans(H.negativeSpans, negative)
    this.#values(isFloat, H.negativeDeltas, H.negativeCounts, negative)
    this.#spans(H.positiveSpans, positive)
    this.#values(isFloat, H.positiveDeltas, H.positiveCounts, positive)
    if (histogram.isGauge) {
      writer.tag(H.resetHint, 0)
      writer.varint(HINT_GAUGE)
    }
    writer.tag(H.timestamp, 0)
    writer.int64(timestampMs)
    this.#doubles(H.customValues, histogram.bounds, histogram.boundCount)
    return writer.written()
  }

  #count(field: number, value: number): void {
    this.#writer.tag(field, 0)
    if (value <= Number.MAX_SAFE_INTEGER) this.#writer.varint(value)
    else this.#writer.varint64(BigInt(value))
  }

  #double(field: number, value: number): void {
    this.#writer.tag(field, 1)
    this.#writer.double(value)
  }

  #spans(field: number, { spans, spanCount }: Buckets): void {
    const writer = this.#writer
    for (let n = 0; n < spanCount; n++) {
      const body = writer.begin(field)
      writer.tag(OFFSET, 0)
      writer.varint(zigzag(spans[n * 2]!))
      writer.tag(LENGTH, 0)
      writer.varint(spans[n * 2 + 1]! >>> 0)
      writer.end(body)
    }
  }

  #values(isFloat: boolean, deltas: number, counts: number, buckets: Buckets): void {
    const { values, valueCount } = buckets
    if (isFloat) {
      this.#doubles(counts, values, valueCount)
      return
    }
    if (valueCount === 0) return
    const writer = this.#writer
    const body = writer.begin(deltas)
    for (let n = 0; n < valueCount; n++) {
      const delta = values[n]!
      if (Math.abs(delta) <= EXACT_MAX) writer.varint(zigzag(delta))
      else writer.varint64(bigZigzag(BigInt(delta)))
    }
    writer.end(body)
  }

  #doubles(field: number, values: Float64Array, count: number): void {
    if (count === 0) return
    const writer = this.#writer
    writer.tag(field, 2)
    writer.varint(count * 8)
    for (let n = 0; n < count; n++) writer.double(values[n]!)
  }
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

function bigZigzag(value: bigint): bigint {
  return value < 0n ? -2n * value - 1n : 2n * value
}
