import {
  asBuffer,
  ENUMS,
  FIELD,
  FieldReader,
  normalize,
  readInt64,
  readUint32,
  SCANNED,
  scanRequest,
  Writer,
} from '#wire'
import type { ClientInfo } from './batch.js'
import { encodeLabels } from './labels.js'
import { faultOfLabels, type ReceivedWrite, type WriteOptions } from './receive-write.js'
import { ReceivedSymbols } from './received-symbols.js'
import { type FamilyMetadata, SampleBatchBuilder } from './sample-batch-builder.js'
import type { PointKind } from './sample-reader.js'

const { WriteRequestV2, TimeSeriesV2, SeriesExemplarV2, MetadataV2 } = FIELD
const { TimeSeries, Sample, NativeHistogram } = FIELD

/**
 * A `Request` of remote-write 2.0 (2.0-rc.4, and what senders of rc.3 call the created timestamp)
 * as a batch. Labels may come in any order. Throws `MalformedData` for what is no such message.
 */
export function receiveWriteTwo(
  bytes: Uint8Array,
  options: WriteOptions,
  client?: ClientInfo,
): ReceivedWrite {
  const { regular } = scanRequest('samples v2', bytes)
  const normal = regular ? bytes : normalize(SCANNED['samples v2'], bytes)
  return new Decoder(asBuffer(normal), options).run(client)
}

class Decoder {
  readonly #bytes: Buffer
  readonly #options: WriteOptions
  readonly #builder: SampleBatchBuilder
  readonly #symbols: ReceivedSymbols
  readonly #labels = new Writer(1024)
  readonly #point = new Writer(256)
  readonly #fields: FieldReader
  readonly #inner: FieldReader
  /** Of the series: references to names and values, and the message about its metric. */
  readonly #refs: number[] = []
  #metadata = { type: 0, help: 0, unit: 0 }
  /** When the counting began of what is written now; 0 for unknown. */
  #startMs = 0
  readonly #families = new Map<string, FamilyMetadata>()
  /** References to names of metrics whose family is noted. */
  readonly #noted = new Set<number>()
  readonly #counts: Record<PointKind, number> = { sample: 0, histogram: 0, exemplar: 0 }
  #refused = 0
  #reason: string | undefined

  constructor(bytes: Buffer, options: WriteOptions) {
    this.#bytes = bytes
    this.#options = options
    this.#builder = new SampleBatchBuilder(bytes.length * 2)
    this.#symbols = new ReceivedSymbols(bytes)
    this.#fields = new FieldReader(bytes, 0, 0)
    this.#inner = new FieldReader(bytes, 0, 0)
  }

  run(client: ClientInfo | undefined): ReceivedWrite {
    const request = new FieldReader(this.#bytes, 0, this.#bytes.length)
    while (request.next()) {
      const { number, value, end } = request
      if (number === WriteRequestV2.symbols) this.#symbols.add(value, end)
      else if (number === WriteRequestV2.timeseries) this.#series(value, end)
    }
    for (const family of this.#families.values()) this.#builder.metadata(family)
    return {
      batch: this.#builder.take(client),
      counts: this.#counts,
      refused: this.#refused,
      reason: this.#reason,
    }
  }

  #series(start: number, end: number): void {
    const [created, points] = this.#head(start, end)
    const labels = this.#labelBytes()
    if (!labels) {
      this.#refused += points
      return
    }
    if (this.#options.metadata) this.#noteFamily(this.#symbols.metricOf(this.#refs))
    this.#startMs = created
    this.#builder.beginSeries(labels)
    this.#points(start, end, labels)
    this.#builder.endSeries(this.#startMs)
  }

  /** Reads all but the points; says when it was created, and how many items there are. */
  #head(start: number, end: number): [created: number, points: number] {
    const fields = this.#fields
    this.#refs.length = 0
    this.#metadata = { type: 0, help: 0, unit: 0 }
    let created = 0
    let points = 0
    fields.reset(this.#bytes, start, end)
    while (fields.next()) {
      const { number, value } = fields
      if (number === TimeSeriesV2.labelsRefs) this.#symbols.readRefs(this.#refs, value, fields.end)
      else if (number === TimeSeriesV2.createdTimestamp) created = readInt64(this.#bytes, value)
      else if (number === TimeSeriesV2.metadata) this.#readMetadata(value, fields.end)
      else if (number === TimeSeriesV2.samples || number === TimeSeriesV2.histograms) points++
    }
    return [created, points]
  }

  #readMetadata(start: number, end: number): void {
    const inner = this.#inner
    inner.reset(this.#bytes, start, end)
    while (inner.next()) {
      const value = readUint32(this.#bytes, inner.value)
      if (inner.number === MetadataV2.type) this.#metadata.type = value
      else if (inner.number === MetadataV2.helpRef) this.#metadata.help = value
      else if (inner.number === MetadataV2.unitRef) this.#metadata.unit = value
    }
  }

  /** Label bytes of the series, good until the next one; undefined where they break the model. */
  #labelBytes(): Uint8Array | undefined {
    const symbols = this.#symbols
    const { help, unit } = this.#metadata
    if (!symbols.arePairs(this.#refs) || !symbols.has(help) || !symbols.has(unit)) {
      this.#reason ??= 'a series refers to symbols that are not there'
      return undefined
    }
    const isPlain = !this.#options.typeAndUnitLabels && symbols.metricOf(this.#refs) !== 0
    if (isPlain && symbols.areSorted(this.#refs)) return this.#written()
    const pairs = this.#refs.map((ref) => symbols.text(ref))
    const fault = faultOfLabels(pairs)
    if (fault === undefined) return encodeLabels([...pairs, ...this.#typeAndUnit()])
    this.#reason ??= fault
    return undefined
  }

  #written(): Uint8Array {
    this.#labels.pos = 0
    this.#symbols.writeLabels(this.#refs, this.#labels)
    return this.#labels.written()
  }

  #typeAndUnit(): string[] {
    if (!this.#options.typeAndUnitLabels) return []
    const { type, unit } = this.#metadata
    const name = type === 0 ? '' : (ENUMS.MetricType[type] ?? '').toLowerCase()
    return ['__type__', name, '__unit__', this.#symbols.text(unit)]
  }

  #points(start: number, end: number, labels: Uint8Array): void {
    const fields = this.#fields
    fields.reset(this.#bytes, start, end)
    while (fields.next()) {
      const { number, value } = fields
      if (number === TimeSeriesV2.samples) {
        this.#began(value, fields.end, Sample.startTimestamp, labels)
        this.#copy('sample', Sample.startTimestamp, fields)
      } else if (number === TimeSeriesV2.histograms) {
        this.#began(value, fields.end, NativeHistogram.startTimestamp, labels)
        this.#copy('histogram', NativeHistogram.startTimestamp, fields)
      }
    }
    fields.reset(this.#bytes, start, end)
    while (fields.next()) {
      if (fields.number === TimeSeriesV2.exemplars) this.#exemplar(fields.value, fields.end)
    }
  }

  /** A batch has the time with the series: points that began at different ones are series of it. */
  #began(start: number, end: number, number: number, labels: Uint8Array): void {
    const inner = this.#inner
    inner.reset(this.#bytes, start, end)
    let startMs = 0
    while (inner.next()) if (inner.number === number) startMs = readInt64(this.#bytes, inner.value)
    if (startMs === 0 || startMs === this.#startMs) return
    this.#builder.endSeries(this.#startMs)
    this.#builder.beginSeries(labels)
    this.#startMs = startMs
  }

  /** Its fields have the same numbers in both versions, but for the one that is left out. */
  #copy(kind: 'sample' | 'histogram', without: number, { value, end }: FieldReader): void {
    const writer = this.#point
    const inner = this.#inner
    writer.pos = 0
    const number = kind === 'sample' ? TimeSeries.samples : TimeSeries.histograms
    const body = writer.begin(number, kind === 'sample' ? 1 : 2)
    inner.reset(this.#bytes, value, end)
    while (inner.next()) {
      if (inner.number !== without) writer.raw(this.#bytes, inner.start, inner.end)
    }
    writer.end(body, kind === 'sample' ? 1 : 2)
    this.#builder.copy(writer.bytes, 0, writer.pos, 1)
    this.#counts[kind]++
  }

  #exemplar(start: number, end: number): void {
    const inner = this.#inner
    const symbols = this.#symbols
    const refs = this.#refs
    refs.length = 0
    let value = 0
    let timestampMs = 0
    inner.reset(this.#bytes, start, end)
    while (inner.next()) {
      const { number } = inner
      if (number === SeriesExemplarV2.labelsRefs) symbols.readRefs(refs, inner.value, inner.end)
      else if (number === SeriesExemplarV2.value) value = this.#bytes.readDoubleLE(inner.value)
      else if (number === SeriesExemplarV2.timestamp) {
        timestampMs = readInt64(this.#bytes, inner.value)
      }
    }
    if (!symbols.arePairs(refs)) {
      this.#reason ??= 'labels of an exemplar refer to symbols that are not there'
      return
    }
    const labels = symbols.areSorted(refs)
      ? this.#written()
      : encodeLabels(refs.map((ref) => symbols.text(ref)))
    this.#builder.exemplar(labels, value, timestampMs)
    this.#counts.exemplar++
  }

  /** What is known of a metric goes with its family, as in 1.0. */
  #noteFamily(metric: number): void {
    const { type, help, unit } = this.#metadata
    if ((type === 0 && help === 0 && unit === 0) || this.#noted.has(metric)) return
    this.#noted.add(metric)
    const symbols = this.#symbols
    const family = familyOf(symbols.text(metric), ENUMS.MetricType[type])
    if (this.#families.has(family)) return
    this.#families.set(family, { type, family, help: symbols.text(help), unit: symbols.text(unit) })
  }
}

const SUFFIXES: Readonly<Record<string, RegExp>> = {
  HISTOGRAM: /_(bucket|count|sum)$/,
  GAUGEHISTOGRAM: /_(bucket|gcount|gsum)$/,
  SUMMARY: /_(count|sum)$/,
}

/** A metric may be a part of its family, as `x_bucket` is of the histogram `x`. */
function familyOf(metric: string, type = ''): string {
  const suffix = SUFFIXES[type]
  return suffix ? metric.replace(suffix, '') : metric
}
