import { STALE_HIGH, STALE_LOW } from '#pdata'
import { endOfVarint, FIELD, FieldReader, readSint32, readUint64, Writer } from '#wire'
import { double, type Point } from './point.js'

const { ExponentialHistogramDataPoint: POINT, Buckets, NativeHistogram, BucketSpan } = FIELD

/** Schemas that Prometheus knows. */
const SCHEMA_MIN = -4
const SCHEMA_MAX = 8
const ZERO_THRESHOLD = 1e-128
/** Runs of so many empty buckets are written out, longer ones skipped by a new span. */
const EMPTY_RUN_MAX = 2
/** No number is in a bucket beyond this at any schema. */
const OFFSET_MAX = 2 ** 30
/** Shifting further changes nothing. */
const SHIFT_MAX = 40

/**
 * Exponential histograms as native ones (compatibility specification, Exponential Histograms). The
 * bucket at index i of OTLP is bucket i + 1 of Prometheus, for they are told by their lower and by
 * their upper bounds.
 */
export class NativeHistograms {
  /** The last that was written. */
  readonly writer = new Writer(1024)
  readonly #deltas = new Writer(256)
  readonly #reader = new FieldReader(new Uint8Array(), 0, 0)
  /** Offset and length of each span. */
  #spans = new Int32Array(64)
  #spanCount = 0
  /** The bucket that is open: where it is, and what is in it. */
  #index = 0
  #count = 0
  /** The bucket written last. */
  #lastIndex = 0
  #lastCount = 0

  /** Why it cannot be one; undefined once it is in `writer`. */
  write(point: Point): string | undefined {
    const { bytes, at } = point
    const scale = at[POINT.scale]! < 0 ? 0 : readSint32(bytes, at[POINT.scale]!)
    if (scale < SCHEMA_MIN) return 'scale below range'
    const { writer } = this
    writer.pos = 0
    if (point.isStale) this.#stale()
    else {
      const schema = Math.min(scale, SCHEMA_MAX)
      writer.tag(NativeHistogram.countInt, 0)
      writer.varint64(fixed64(bytes, at[POINT.count]!))
      const sum = at[POINT.sum]!
      if (sum >= 0) {
        writer.tag(NativeHistogram.sum, 1)
        writer.raw(bytes, sum, sum + 8)
      }
      writer.tag(NativeHistogram.schema, 0)
      sint64(writer, schema)
      writer.tag(NativeHistogram.zeroThreshold, 1)
      writer.double(double(bytes, at[POINT.zeroThreshold]!) || ZERO_THRESHOLD)
      writer.tag(NativeHistogram.zeroCountInt, 0)
      writer.varint64(fixed64(bytes, at[POINT.zeroCount]!))
      const shift = Math.min(scale - schema, SHIFT_MAX)
      const { positiveSpans, positiveDeltas, negativeSpans, negativeDeltas } = NativeHistogram
      const isInRange =
        this.#buckets(point, POINT.negative, shift, negativeSpans, negativeDeltas) &&
        this.#buckets(point, POINT.positive, shift, positiveSpans, positiveDeltas)
      if (!isInRange) return 'bucket offset out of range'
    }
    const { timeMs } = point
    if (timeMs !== 0) {
      writer.tag(NativeHistogram.timestamp, 0)
      writer.int64(timeMs)
    }
    return undefined
  }

  /** Says by its sum that the series has ended. */
  #stale(): void {
    const { writer } = this
    writer.tag(NativeHistogram.countInt, 0)
    writer.varint(0)
    writer.tag(NativeHistogram.sum, 1)
    writer.fixed32(STALE_LOW)
    writer.fixed32(STALE_HIGH)
  }

  /** One side. False where its buckets are nowhere. */
  #buckets(point: Point, side: number, shift: number, spans: number, deltas: number): boolean {
    const start = point.at[side]!
    if (start < 0) return true
    const end = point.ends[side]!
    const { bytes } = point
    const reader = this.#reader
    let offset = 0
    reader.reset(bytes, start, end)
    while (reader.next()) {
      if (reader.number === Buckets.offset) offset = readSint32(bytes, reader.value)
    }
    if (Math.abs(offset) > OFFSET_MAX) return false
    this.#spanCount = 0
    this.#deltas.pos = 0
    this.#count = this.#lastCount = 0
    let index = offset
    reader.reset(bytes, start, end)
    while (reader.next()) {
      if (reader.number !== Buckets.bucketCounts) continue
      for (let at = reader.value; at < reader.end; at = endOfVarint(bytes, at)) {
        this.#add(Math.floor(index++ / 2 ** shift) + 1, countAt(bytes, at))
      }
    }
    this.#close()
    this.#writeSide(spans, deltas)
    return true
  }

  #add(index: number, count: number): void {
    if (count === 0) return
    if (index === this.#index) {
      this.#count += count
      return
    }
    this.#close()
    this.#index = index
    this.#count = count
  }

  /** The open bucket is complete. */
  #close(): void {
    if (this.#count === 0) return
    const index = this.#index
    const gap = index - this.#lastIndex - 1
    if (this.#spanCount === 0) this.#addSpan(index)
    else if (gap > EMPTY_RUN_MAX) this.#addSpan(gap)
    else {
      for (let n = 0; n < gap; n++) this.#addBucket(0)
    }
    this.#addBucket(this.#count)
    this.#lastIndex = index
    this.#count = 0
  }

  #addSpan(offset: number): void {
    const at = this.#spanCount++ * 2
    if (at === this.#spans.length) {
      const larger = new Int32Array(at * 2)
      larger.set(this.#spans)
      this.#spans = larger
    }
    this.#spans[at] = offset
    this.#spans[at + 1] = 0
  }

  #addBucket(count: number): void {
    sint64(this.#deltas, count - this.#lastCount)
    this.#lastCount = count
    this.#spans[this.#spanCount * 2 - 1]!++
  }

  #writeSide(spans: number, deltas: number): void {
    const { writer } = this
    for (let n = 0; n < this.#spanCount; n++) {
      const body = writer.begin(spans)
      writer.tag(BucketSpan.offset, 0)
      sint64(writer, this.#spans[n * 2]!)
      writer.tag(BucketSpan.length, 0)
      writer.varint(this.#spans[n * 2 + 1]!)
      writer.end(body)
    }
    if (this.#spanCount > 0) writer.field(deltas, this.#deltas.bytes, 0, this.#deltas.pos)
  }
}

function fixed64(bytes: Buffer, at: number): bigint {
  return at < 0 ? 0n : bytes.readBigUInt64LE(at)
}

/** The number nearest to a varint; nearly all are one byte. */
function countAt(bytes: Buffer, at: number): number {
  const byte = bytes[at]!
  return byte < 128 ? byte : Number(readUint64(bytes, at))
}

function sint64(writer: Writer, value: number): void {
  if (Math.abs(value) < 2 ** 51) writer.varint(value < 0 ? -2 * value - 1 : 2 * value)
  else {
    const int = BigInt.asIntN(64, BigInt(value))
    writer.varint64(BigInt.asUintN(64, (int << 1n) ^ (int >> 63n)))
  }
}
