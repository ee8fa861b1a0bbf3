import { FIELD, sizeOfVarint, Writer } from '#wire'
import { Batch, type ClientInfo, type SampleBatch } from './batch.js'

const { WriteRequest, TimeSeries, Sample, SeriesExemplar, MetricMetadata } = FIELD

/**
 * The bits of the NaN that says that a series has ended. As a number it need not keep them, so it
 * is never one here.
 */
export const STALE_LOW = 2
export const STALE_HIGH = 0x7ff0_0000

const SAMPLE_BYTES = 18
/**
 * Chunks are hardly larger than this. Larger memory comes from the system each time, page by page,
 * which costs more than to fill it.
 */
const CHUNK_BYTES = 96 * 1024

/** What a metric family is, as `WriteRequest` has it. */
export interface FamilyMetadata {
  /** A number of `ENUMS.MetricType`; 0 for unknown. */
  readonly type: number
  readonly family: string
  readonly help: string
  readonly unit: string
}

/**
 * Writes samples as a batch, without an object for any. Labels are label bytes in canonical form
 * (`encodeLabels`), times milliseconds since the epoch.
 *
 *     builder.beginSeries(labels)
 *     builder.sample(0.5, now)
 *     builder.endSeries()
 *     const batch = builder.take()
 */
export class SampleBatchBuilder {
  readonly #writer: Writer
  #items = 0
  /** Of the open series: where it begins, where its body does, and where its points do. */
  #start = 0
  #body = 0
  #points = 0
  #lengthBytes = 1
  /** Where the chunks of the batch end, but for the last. */
  readonly #ends: number[] = []

  /** `capacity` in bytes is a first guess. */
  constructor(capacity = 4096) {
    this.#writer = new Writer(capacity)
  }

  /** Samples and histograms so far. */
  get items(): number {
    return this.#items
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#writer.pos
  }

  /** `more` is a guess at the bytes of labels that are to follow (`addLabels`). */
  beginSeries(labels: Uint8Array, start = 0, end = labels.length, more = 0): void {
    const writer = this.#writer
    this.#start = writer.pos
    // Most have one sample.
    this.#lengthBytes = sizeOfVarint(end - start + more + SAMPLE_BYTES)
    this.#body = writer.begin(WriteRequest.timeseries, this.#lengthBytes)
    writer.raw(labels, start, end)
    this.#points = writer.pos
  }

  /** Begins a series whose labels are written to the result, until `endLabels`. */
  openSeries(): Writer {
    const writer = this.#writer
    this.#start = writer.pos
    // As long as the one before, most likely.
    this.#body = writer.begin(WriteRequest.timeseries, this.#lengthBytes)
    return writer
  }

  endLabels(): void {
    this.#points = this.#writer.pos
  }

  /** Label bytes behind those the series has. Before its first point. */
  addLabels(labels: Uint8Array, start = 0, end = labels.length): void {
    this.#writer.raw(labels, start, end)
    this.#points = this.#writer.pos
  }

  sample(value: number, timestampMs: number): void {
    const writer = this.#writer
    const body = writer.begin(TimeSeries.samples)
    // What is absent is 0; -0 is another number.
    if (!Object.is(value, 0)) {
      writer.tag(Sample.value, 1)
      writer.double(value)
    }
    this.#endSample(body, timestampMs)
  }

  /** Says that the series has ended. */
  staleMarker(timestampMs: number): void {
    const writer = this.#writer
    const body = writer.begin(TimeSeries.samples)
    writer.tag(Sample.value, 1)
    writer.fixed32(STALE_LOW)
    writer.fixed32(STALE_HIGH)
    this.#endSample(body, timestampMs)
  }

  #endSample(body: number, timestampMs: number): void {
    if (timestampMs !== 0) {
      this.#writer.tag(Sample.timestamp, 0)
      this.#writer.int64(timestampMs)
    }
    this.#writer.end(body)
    this.#items++
  }

  /** An encoded NativeHistogram, its timestamp in it. */
  histogram(bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.#writer.field(TimeSeries.histograms, bytes, start, end)
    this.#items++
  }

  /** With label bytes of its own. */
  exemplar(labels: Uint8Array, value: number, timestampMs: number): void {
    const writer = this.#writer
    const body = writer.begin(TimeSeries.exemplars)
    writer.raw(labels)
    writer.tag(SeriesExemplar.value, 1)
    writer.double(value)
    if (timestampMs !== 0) {
      writer.tag(SeriesExemplar.timestamp, 0)
      writer.int64(timestampMs)
    }
    writer.end(body)
  }

  /**
   * Whole fields of another series as they are, such as all that is behind its labels; `items` are
   * the samples and histograms among them.
   */
  copy(bytes: Uint8Array, start: number, end: number, items: number): void {
    this.#writer.raw(bytes, start, end)
    this.#items += items
  }

  /** Whole series, encoded as fields of a request, with so many samples in them. */
  copySeries(bytes: Uint8Array, start: number, end: number, items: number): void {
    this.#writer.raw(bytes, start, end)
    this.#items += items
    this.#closeChunk(this.#writer.pos)
  }

  /** Drops a series in which there is nothing. 0 for a counter whose beginning is not known. */
  endSeries(createdTimestampMs = 0): void {
    const writer = this.#writer
    if (writer.pos === this.#points) {
      writer.pos = this.#start
      return
    }
    if (createdTimestampMs !== 0) {
      writer.tag(TimeSeries.createdTimestamp, 0)
      writer.int64(createdTimestampMs)
    }
    const size = writer.pos - this.#body
    writer.end(this.#body, this.#lengthBytes)
    this.#lengthBytes = sizeOfVarint(size)
    this.#closeChunk(writer.pos)
  }

  /** A chunk ends where the next series would make it too large. */
  #closeChunk(end: number): void {
    const start = this.#ends[this.#ends.length - 1] ?? 0
    if (end - start > CHUNK_BYTES) this.#ends.push(end)
  }

  /** Not within a series. */
  metadata({ type, family, help, unit }: FamilyMetadata): void {
    const writer = this.#writer
    const body = writer.begin(WriteRequest.metadata)
    if (type !== 0) {
      writer.tag(MetricMetadata.type, 0)
      writer.varint(type)
    }
    writer.string(MetricMetadata.metricFamilyName, family)
    if (help !== '') writer.string(MetricMetadata.help, help)
    if (unit !== '') writer.string(MetricMetadata.unit, unit)
    writer.end(body)
  }

  /** The batch, in memory that the next series is written into; then begins anew. */
  lend(client?: ClientInfo): SampleBatch {
    const bytes = this.#writer.written()
    return this.#take(bytes.length === 0 ? [] : [bytes], client)
  }

  /** The batch, in memory of its own; then begins anew. Not within a series. */
  take(client?: ClientInfo): SampleBatch {
    const { bytes, pos } = this.#writer
    const chunks: Buffer[] = []
    for (let n = 0, start = 0; start < pos; n++) {
      const end = this.#ends[n] ?? pos
      const chunk = Buffer.allocUnsafeSlow(end - start)
      bytes.copy(chunk, 0, start, end)
      chunks.push(chunk)
      start = end
    }
    return this.#take(chunks, client)
  }

  #take(chunks: readonly Uint8Array[], client: ClientInfo | undefined): SampleBatch {
    const items = this.#items
    const bytes = this.#writer.pos
    this.#writer.pos = 0
    this.#items = 0
    this.#ends.length = 0
    return new Batch('samples', chunks, items, bytes, client)
  }
}
