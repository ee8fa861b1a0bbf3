/**
 * io.prometheus.client.Metric: label = 1, gauge = 2, counter = 3, summary = 4, untyped = 5,
 * timestamp_ms = 6, histogram = 7. What a message says twice holds as it was said last, and
 * messages that are there twice are merged.
 *
 *     Gauge, Untyped    value = 1
 *     Counter           value = 1, exemplar = 2, start_timestamp = 3
 *     Summary           sample_count = 1, sample_sum = 2, quantile = 3, start_timestamp = 4
 *     Quantile          quantile = 1, value = 2
 *     Histogram         sample_count = 1, sample_sum = 2, bucket = 3, sample_count_float = 4,
 *                       schema = 5, zero_threshold = 6, zero_count = 7, zero_count_float = 8,
 *                       negative_span, _delta, _count = 9, 10, 11, positive_span, _delta, _count =
 *                       12, 13, 14, start_timestamp = 15, exemplars = 16
 *     Bucket            cumulative_count = 1, upper_bound = 2, exemplar = 3,
 *                       cumulative_count_float = 4
 *     BucketSpan        offset = 1, length = 2
 *     Timestamp         seconds = 1, nanos = 2
 */
import type { NativeHistogram } from './native-histogram.js'
import { ProtobufLabels } from './protobuf-labels.js'
import { ProtobufNative } from './protobuf-native.js'
import type { ProtobufReader } from './protobuf-reader.js'

/** A bucket of a classic histogram or a quantile of a summary. */
export interface Step {
  /** The upper bound or the quantile. */
  bound: number
  /** The count up to the bound, or the value. */
  value: number
  /** Where an Exemplar message lies; -1 where there is none. */
  exemplar: number
  exemplarEnd: number
}

export class ProtobufMetric {
  readonly labels = new ProtobufLabels()
  /** Of a counter, gauge or untyped metric. */
  value = 0
  count = 0
  sum = 0
  /** Milliseconds since 1970; 0 says nothing. */
  timestampMs = 0
  startTimestampMs = 0
  /** Used again; only the first `stepCount` are of this metric. */
  readonly steps: Step[] = []
  stepCount = 0
  /** Where Exemplar messages of a counter or a native histogram lie, start and end by turns. */
  readonly exemplars: number[] = []
  readonly native = new ProtobufNative()

  read(reader: ProtobufReader): void {
    this.#clear(reader.bytes)
    while (reader.field()) {
      switch (reader.number) {
        case 1:
          this.labels.read(reader)
          break
        case 2:
        case 3:
        case 5:
          this.#readSimple(reader)
          break
        case 4:
          this.#readSummary(reader)
          break
        case 6:
          this.timestampMs = reader.int64()
          break
        case 7:
          this.#readHistogram(reader)
          break
        default:
          reader.skip()
      }
    }
    if (this.native.countFloat !== 0) this.count = this.native.countFloat
  }

  /** The native histogram; spans that do not fit the buckets fail. */
  copyNative(into: NativeHistogram, reader: ProtobufReader): void {
    into.clear()
    into.count = this.count
    into.sum = this.sum
    this.native.copy(into, reader)
  }

  #clear(bytes: Buffer): void {
    this.labels.clear(bytes)
    this.value = 0
    this.count = 0
    this.sum = 0
    this.timestampMs = 0
    this.startTimestampMs = 0
    this.stepCount = 0
    this.exemplars.length = 0
    this.native.clear()
  }

  #readSimple(reader: ProtobufReader): void {
    const outer = reader.enter()
    while (reader.field()) {
      if (reader.number === 1) this.value = reader.double()
      else if (reader.number === 2) {
        this.exemplars.length = 0
        this.#readExemplar(reader)
      } else if (reader.number === 3) this.startTimestampMs = readTimestamp(reader)
      else reader.skip()
    }
    reader.leave(outer)
  }

  #readExemplar(reader: ProtobufReader): void {
    const outer = reader.enter()
    this.exemplars.push(reader.pos, reader.end)
    reader.leave(outer)
  }

  #readSummary(reader: ProtobufReader): void {
    const outer = reader.enter()
    while (reader.field()) {
      if (reader.number === 1) this.count = reader.uint64()
      else if (reader.number === 2) this.sum = reader.double()
      else if (reader.number === 3) this.#readQuantile(reader)
      else if (reader.number === 4) this.startTimestampMs = readTimestamp(reader)
      else reader.skip()
    }
    reader.leave(outer)
  }

  #readQuantile(reader: ProtobufReader): void {
    const step = this.#step()
    const outer = reader.enter()
    while (reader.field()) {
      if (reader.number === 1) step.bound = reader.double()
      else if (reader.number === 2) step.value = reader.double()
      else reader.skip()
    }
    reader.leave(outer)
  }

  #readHistogram(reader: ProtobufReader): void {
    const outer = reader.enter()
    while (reader.field()) {
      if (reader.number === 1) this.count = reader.uint64()
      else if (reader.number === 2) this.sum = reader.double()
      else if (reader.number === 3) this.#readBucket(reader)
      else if (reader.number === 15) this.startTimestampMs = readTimestamp(reader)
      else if (reader.number === 16) this.#readExemplar(reader)
      else this.native.read(reader)
    }
    reader.leave(outer)
  }

  #readBucket(reader: ProtobufReader): void {
    const step = this.#step()
    let float = 0
    const outer = reader.enter()
    while (reader.field()) {
      if (reader.number === 1) step.value = reader.uint64()
      else if (reader.number === 2) step.bound = reader.double()
      else if (reader.number === 3) {
        const end = reader.enter()
        step.exemplar = reader.pos
        step.exemplarEnd = reader.end
        reader.leave(end)
      } else if (reader.number === 4) float = reader.double()
      else reader.skip()
    }
    reader.leave(outer)
    if (float !== 0) step.value = float
  }

  #step(): Step {
    let step = this.steps[this.stepCount]
    if (step === undefined) {
      step = { bound: 0, value: 0, exemplar: -1, exemplarEnd: -1 }
      this.steps.push(step)
    }
    this.stepCount++
    step.bound = 0
    step.value = 0
    step.exemplar = -1
    return step
  }
}

/** Milliseconds; anything smaller is cut off. */
export function readTimestamp(reader: ProtobufReader): number {
  let seconds = 0
  let nanos = 0
  const outer = reader.enter()
  while (reader.field()) {
    if (reader.number === 1) seconds = reader.int64()
    else if (reader.number === 2) nanos = reader.int32()
    else reader.skip()
  }
  reader.leave(outer)
  return seconds * 1000 + Math.trunc(nanos / 1e6)
}
