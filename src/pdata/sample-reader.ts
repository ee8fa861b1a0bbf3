import { asBuffer, endOfValue, endOfVarint, FIELD, FieldReader, readInt64, readUint32 } from '#wire'
import type { SampleBatch } from './batch.js'
import { type FamilyMetadata, STALE_HIGH, STALE_LOW } from './sample-batch-builder.js'

const { WriteRequest, TimeSeries, Sample, SeriesExemplar, NativeHistogram, MetricMetadata } = FIELD
const LABEL_TAG = (TimeSeries.labels << 3) | 2
const VALUE_TAG = (Sample.value << 3) | 1
const TIMESTAMP_TAG = Sample.timestamp << 3

export type PointKind = 'sample' | 'histogram' | 'exemplar'

/**
 * Walks over the series of a batch and what is in each, forwards, without an object for any:
 *
 *     const reader = new SampleReader(batch)
 *     while (reader.nextSeries()) {
 *       // reader.bytes, reader.labelsStart, reader.labelsEnd
 *       while (reader.nextPoint()) {
 *         if (reader.kind === 'sample') ... reader.value, reader.timestampMs
 *       }
 *     }
 *
 * All positions are in `bytes`, and good until the next series.
 */
export class SampleReader {
  readonly #chunks: readonly Uint8Array[]
  #chunk = 0
  #pos = 0
  /** The chunk that the series lies in. */
  bytes: Buffer = NO_BYTES
  /** Label bytes, which lie first in a series. */
  labelsStart = 0
  labelsEnd = 0
  /** Of the series: all that is no label lies in `[labelsEnd, seriesEnd)`. */
  seriesEnd = 0
  kind: PointKind = 'sample'
  /** The point as a field of the series, and where its message lies: `[pointBody, pointEnd)`. */
  pointStart = 0
  pointBody = 0
  pointEnd = 0
  #point = 0
  /** Of a sample; -1 where its value is 0. */
  #valueAt = -1
  #timestampMs = 0

  constructor({ chunks }: SampleBatch) {
    this.#chunks = chunks
  }

  /** False behind the last. */
  nextSeries(): boolean {
    for (;;) {
      while (this.#pos >= this.bytes.length) {
        const chunk = this.#chunks[this.#chunk++]
        if (!chunk) return false
        this.bytes = asBuffer(chunk)
        this.#pos = 0
      }
      const start = this.#pos
      const value = endOfVarint(this.bytes, start)
      const tag = this.bytes[start]!
      this.#pos = endOfValue(this.bytes, value, tag & 7)
      if (tag !== SERIES_TAG) continue
      this.#enter(endOfVarint(this.bytes, value), this.#pos)
      return true
    }
  }

  #enter(start: number, end: number): void {
    const { bytes } = this
    this.labelsStart = start
    this.seriesEnd = end
    let pos = start
    while (pos < end && bytes[pos] === LABEL_TAG) {
      const size = bytes[pos + 1]!
      pos = size < 128 ? pos + 2 + size : endOfValue(bytes, pos + 1, 2)
    }
    this.labelsEnd = pos
    this.#point = pos
  }

  /** The next sample, histogram or exemplar of the series; false behind its last. */
  nextPoint(): boolean {
    const { bytes, seriesEnd } = this
    while (this.#point < seriesEnd) {
      const start = this.#point
      const value = endOfVarint(bytes, start)
      const tag = bytes[start]!
      const end = endOfValue(bytes, value, tag & 7)
      this.#point = end
      const kind = tag < 128 ? KINDS[tag] : undefined
      if (kind === undefined) continue
      this.kind = kind
      this.pointStart = start
      this.pointBody = endOfVarint(bytes, value)
      this.pointEnd = end
      if (kind === 'sample') this.#readSample()
      return true
    }
    return false
  }

  /** `nextPoint` begins again with the first of the series. */
  rewindSeries(): void {
    this.#point = this.labelsEnd
  }

  #readSample(): void {
    const { bytes, pointEnd } = this
    let pos = this.pointBody
    this.#valueAt = -1
    this.#timestampMs = 0
    while (pos < pointEnd) {
      const tag = bytes[pos]!
      const value = tag < 128 ? pos + 1 : endOfVarint(bytes, pos)
      if (tag === VALUE_TAG) this.#valueAt = value
      else if (tag === TIMESTAMP_TAG) this.#timestampMs = readInt64(bytes, value)
      pos = endOfValue(bytes, value, tag & 7)
    }
  }

  /** Of a sample. A NaN may have lost which one it was; see `isStale`. */
  get value(): number {
    return this.#valueAt < 0 ? 0 : this.bytes.readDoubleLE(this.#valueAt)
  }

  /** Of a sample: it says that the series has ended. */
  get isStale(): boolean {
    const { bytes } = this
    const at = this.#valueAt
    return (
      at >= 0 && bytes.readUInt32LE(at + 4) === STALE_HIGH && bytes.readUInt32LE(at) === STALE_LOW
    )
  }

  /** Of a histogram: its sum says that the series has ended. */
  get isStaleHistogram(): boolean {
    const { bytes } = this
    const reader = new FieldReader(bytes, this.pointBody, this.pointEnd)
    let isStale = false
    while (reader.next()) {
      if (reader.number !== NativeHistogram.sum) continue
      const at = reader.value
      isStale = bytes.readUInt32LE(at + 4) === STALE_HIGH && bytes.readUInt32LE(at) === STALE_LOW
    }
    return isStale
  }

  /** Of a point of any kind; 0 for none. */
  get timestampMs(): number {
    if (this.kind === 'sample') return this.#timestampMs
    const { timestamp } = this.kind === 'histogram' ? NativeHistogram : SeriesExemplar
    return int64In(this.bytes, this.pointBody, this.pointEnd, timestamp)
  }

  /** When the counting of the series began; 0 for unknown. */
  get createdTimestampMs(): number {
    return int64In(this.bytes, this.labelsEnd, this.seriesEnd, TimeSeries.createdTimestamp)
  }
}

const NO_BYTES = Buffer.alloc(0)
const SERIES_TAG = (WriteRequest.timeseries << 3) | 2

/** By the tag of a series' field. */
const KINDS: readonly (PointKind | undefined)[] = Array.from({ length: 128 }, (_, tag) => {
  if (tag === ((TimeSeries.samples << 3) | 2)) return 'sample'
  if (tag === ((TimeSeries.histograms << 3) | 2)) return 'histogram'
  return tag === ((TimeSeries.exemplars << 3) | 2) ? 'exemplar' : undefined
})

/** The last value of a field; 0 without one. */
function int64In(bytes: Buffer, start: number, end: number, number: number): number {
  let found = 0
  for (let pos = start; pos < end; ) {
    const tag = readUint32(bytes, pos)
    const value = endOfVarint(bytes, pos)
    if (tag === number << 3) found = readInt64(bytes, value)
    pos = endOfValue(bytes, value, tag & 7)
  }
  return found
}

/** The metadata of all metric families of a batch. */
export function metadataOf({ chunks }: SampleBatch): readonly FamilyMetadata[] {
  const found: FamilyMetadata[] = []
  for (const chunk of chunks) {
    const bytes = asBuffer(chunk)
    const reader = new FieldReader(bytes, 0, bytes.length)
    while (reader.next()) {
      if (reader.number === WriteRequest.metadata) {
        found.push(readMetadata(bytes, reader.value, reader.end))
      }
    }
  }
  return found
}

function readMetadata(bytes: Buffer, start: number, end: number): FamilyMetadata {
  const found = { type: 0, family: '', help: '', unit: '' }
  const reader = new FieldReader(bytes, start, end)
  while (reader.next()) {
    const { number, value, end } = reader
    if (number === MetricMetadata.type) found.type = readUint32(bytes, value)
    else if (number === MetricMetadata.metricFamilyName)
      found.family = bytes.toString('utf8', value, end)
    else if (number === MetricMetadata.help) found.help = bytes.toString('utf8', value, end)
    else if (number === MetricMetadata.unit) found.unit = bytes.toString('utf8', value, end)
  }
  return found
}
