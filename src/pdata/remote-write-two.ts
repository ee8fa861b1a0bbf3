import { endOfValue, FIELD, FieldReader, viewOf, Writer } from '#wire'
import type { SampleBatch } from './batch.js'
import { PairReader } from './labels.js'
import { PairRefs } from './pair-refs.js'
import type { FamilyMetadata } from './sample-batch-builder.js'
import { SampleReader } from './sample-reader.js'
import { SeriesBefore } from './series-before.js'
import { SymbolTable } from './symbol-table.js'

const { WriteRequestV2, TimeSeriesV2, SeriesExemplarV2, MetadataV2 } = FIELD
const { Sample, NativeHistogram, SeriesExemplar } = FIELD

/**
 * A batch as remote-write 2.0 has it (`io.prometheus.write.v2.Request`, 2.0-rc.4): labels as
 * references to symbols, help, type and unit with each series, and when its counting began with
 * each of its samples. `familyOf` knows metrics by name. Empty where there is no series.
 */
export function encodeWriteTwo(
  batch: SampleBatch,
  familyOf: (metric: string) => FamilyMetadata | undefined,
): readonly Uint8Array[] {
  return new Encoder(familyOf).run(batch)
}

/** With ten labels and a sample, a series is about 40 bytes. */
const LENGTH_BYTES = 1

/** What a metric's series have in common; undefined where nothing is known. */
type Family = { readonly type: number; readonly helpRef: number; readonly unitRef: number }

class Encoder {
  readonly #familyOf: (metric: string) => FamilyMetadata | undefined
  readonly #symbols = new SymbolTable(WriteRequestV2.symbols)
  readonly #writer = new Writer(64 * 1024)
  readonly #refs = new PairRefs(this.#symbols)
  readonly #before = new SeriesBefore()
  readonly #exemplarRefs = new PairRefs(this.#symbols)
  readonly #metricName = this.#symbols.refOfText('__name__')
  readonly #pairs = new PairReader(new Uint8Array(0))
  /** Of the memory that the series lies in. */
  #bytes: Buffer = Buffer.alloc(0)
  #view = viewOf(this.#bytes)
  /** By the symbol of the metric's name. */
  readonly #families = new Map<number, Family | undefined>()
  #lastMetric = -1
  #lastFamily: Family | undefined

  constructor(familyOf: (metric: string) => FamilyMetadata | undefined) {
    this.#familyOf = familyOf
  }

  run(batch: SampleBatch): readonly Uint8Array[] {
    const reader = new SampleReader(batch)
    while (reader.nextSeries()) this.#series(reader)
    if (this.#writer.pos === 0) return []
    return [this.#symbols.written(), this.#writer.written()]
  }

  #series(reader: SampleReader): void {
    const writer = this.#writer
    const { bytes, labelsStart, labelsEnd } = reader
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = viewOf(bytes)
    }
    const body = writer.begin(WriteRequestV2.timeseries, LENGTH_BYTES)
    const family = this.#labels(TimeSeriesV2.labelsRefs, bytes, labelsStart, labelsEnd)
    const createdMs = reader.createdTimestampMs
    while (reader.nextPoint()) {
      const { kind, pointBody, pointEnd } = reader
      if (kind === 'exemplar') {
        this.#exemplar(reader)
        continue
      }
      const isSample = kind === 'sample'
      const point = writer.begin(isSample ? TimeSeriesV2.samples : TimeSeriesV2.histograms)
      if (isSample) writer.words(this.#view, pointBody, pointEnd)
      else writer.raw(bytes, pointBody, pointEnd)
      if (createdMs !== 0) {
        writer.tag(isSample ? Sample.startTimestamp : NativeHistogram.startTimestamp, 0)
        writer.int64(createdMs)
      }
      writer.end(point)
    }
    if (family) this.#metadata(family)
    const { pos } = writer
    writer.end(body, LENGTH_BYTES)
    // Where the length took more bytes than were kept for it, all has moved.
    this.#before.refsAt += writer.pos - pos
  }

  /** Writes references to names and values; says of which family the metric is. */
  #labels(field: number, bytes: Buffer, start: number, end: number): Family | undefined {
    const writer = this.#writer
    const refs = this.#refs
    const before = this.#before
    const body = writer.begin(field)
    let pos = start
    let place = before.common(this.#view, start, end)
    if (place > 0) {
      pos += before.pairEnd(place)
      writer.words(writer.view, before.refsAt, before.refsAt + before.refsEnd(place))
    }
    before.next(this.#view, start, end, place)
    let family = before.metricPlace < 0 ? undefined : this.#lastFamily
    for (; pos < end; place++) {
      const size = bytes[pos + 1]!
      const next = size < 128 ? pos + 2 + size : endOfValue(bytes, pos + 1, 2)
      this.#pair(refs, place, pos, next)
      if (refs.name === this.#metricName) {
        family = this.#family(refs.value, bytes, pos, next)
        before.metricPlace = place
      }
      pos = next
      before.add(pos - start, writer.pos - body)
    }
    const size = writer.pos - body
    writer.end(body)
    before.refsAt = writer.pos - size
    return family
  }

  /** Of the pair that is the field in `[start, end)`. */
  #pair(refs: PairRefs, place: number, start: number, end: number): void {
    if (!refs.isAsBefore(place, this.#view, start, end)) {
      const pairs = this.#pairs
      pairs.reset(this.#bytes, start, end)
      pairs.next()
      refs.look(place, this.#view, start, end, pairs)
    }
    this.#writer.varint(refs.name)
    this.#writer.varint(refs.value)
  }

  /** `[start, end)` is the pair of the name. */
  #family(metric: number, bytes: Buffer, start: number, end: number): Family | undefined {
    if (metric === this.#lastMetric) return this.#lastFamily
    if (!this.#families.has(metric)) {
      const pairs = this.#pairs
      pairs.reset(bytes, start, end)
      pairs.next()
      const { valueStart, valueEnd } = pairs
      this.#families.set(metric, this.#find(bytes.toString('utf8', valueStart, valueEnd)))
    }
    this.#lastMetric = metric
    this.#lastFamily = this.#families.get(metric)
    return this.#lastFamily
  }

  #find(metric: string): Family | undefined {
    const found = this.#familyOf(metric)
    if (!found) return undefined
    const { type, help, unit } = found
    const symbols = this.#symbols
    return { type, helpRef: symbols.refOfText(help), unitRef: symbols.refOfText(unit) }
  }

  #exemplar({ bytes, pointBody, pointEnd }: SampleReader): void {
    const writer = this.#writer
    const body = writer.begin(TimeSeriesV2.exemplars)
    const refs = writer.begin(SeriesExemplarV2.labelsRefs)
    const fields = new FieldReader(bytes, pointBody, pointEnd)
    for (let place = 0; fields.next(); ) {
      if (fields.number !== SeriesExemplar.labels) continue
      this.#pair(this.#exemplarRefs, place++, fields.start, fields.end)
    }
    writer.end(refs)
    fields.reset(bytes, pointBody, pointEnd)
    // Value and time have the same numbers in both.
    while (fields.next()) {
      if (fields.number !== SeriesExemplar.labels) writer.raw(bytes, fields.start, fields.end)
    }
    writer.end(body)
  }

  #metadata({ type, helpRef, unitRef }: Family): void {
    const writer = this.#writer
    const body = writer.begin(TimeSeriesV2.metadata)
    if (type !== 0) {
      writer.tag(MetadataV2.type, 0)
      writer.varint(type)
    }
    if (helpRef !== 0) {
      writer.tag(MetadataV2.helpRef, 0)
      writer.varint(helpRef)
    }
    if (unitRef !== 0) {
      writer.tag(MetadataV2.unitRef, 0)
      writer.varint(unitRef)
    }
    writer.end(body)
  }
}
