import type { SampleBatchBuilder } from '#pdata'
import { FIELD, FieldReader } from '#wire'
import { Exemplars } from './exemplars.js'
import type { FamilyNames } from './family-names.js'
import { NativeHistograms } from './native-histogram.js'
import { decimalText } from './number-text.js'
import { double, NumberList, type Point, signed64, unsigned64 } from './point.js'
import { type CommonLabels, labelPair, SeriesLabels } from './series-labels.js'

const { NumberDataPoint, HistogramDataPoint, SummaryDataPoint, ValueAtQuantile } = FIELD

/** Texts of bounds and quantiles at most. */
const TEXTS_MAX = 10_000

/** Writes the series of one data point after another. */
export class PointSamples {
  readonly #builder: SampleBatchBuilder
  readonly #labels = new SeriesLabels()
  readonly #exemplars = new Exemplars()
  readonly #native = new NativeHistograms()
  readonly #counts = new NumberList()
  readonly #bounds = new NumberList()
  readonly #values = new NumberList()
  readonly #reader = new FieldReader(new Uint8Array(), 0, 0)
  /** Label pairs by the number that they tell. */
  readonly #pairs = {
    le: new Map<number, Buffer>(),
    quantile: new Map<number, Buffer>(),
  }

  constructor(builder: SampleBatchBuilder) {
    this.#builder = builder
  }

  number(point: Point, common: CommonLabels, names: FamilyNames, isCounter: boolean): void {
    const builder = this.#builder
    this.#labels.writeTo(builder.openSeries(), point, common, 'none', names.plain)
    builder.endLabels()
    const { bytes, at } = point
    const { asInt, asDouble } = NumberDataPoint
    const value = at[asInt]! < 0 ? double(bytes, at[asDouble]!) : signed64(bytes, at[asInt]!)
    this.#sample(point, value)
    if (!isCounter) {
      builder.endSeries()
      return
    }
    for (let n = 0; n < point.exemplarCount; n++) this.#exemplars.write(point, n, builder)
    builder.endSeries(createdMs(point))
  }

  histogram(point: Point, common: CommonLabels, names: FamilyNames): void {
    const { bytes, start, end, at } = point
    const { count, sum, bucketCounts, explicitBounds } = HistogramDataPoint
    this.#labels.write(point, common, 'le')
    this.#plain(point, names.count, unsigned64(bytes, at[count]!))
    // One that has ended has no sum any more, and its series ends all the same.
    if (at[sum]! >= 0 || point.isStale) this.#plain(point, names.sum, double(bytes, at[sum]!))
    const [counts, bounds] = [this.#counts, this.#bounds]
    counts.read(bytes, start, end, bucketCounts, unsigned64)
    bounds.read(bytes, start, end, explicitBounds, double)
    let total = 0
    let under = Number.NEGATIVE_INFINITY
    const buckets = Math.min(bounds.length, point.isStale ? bounds.length : counts.length)
    for (let n = 0; n < buckets; n++) {
      const bound = bounds.values[n]!
      total += point.isStale ? 0 : counts.values[n]!
      // What is not above the bound before it is no bound; +Inf is the last, below.
      if (!(bound > under) || bound === Number.POSITIVE_INFINITY) continue
      this.#bucket(point, names.bucket, under, bound, total)
      under = bound
    }
    this.#bucket(
      point,
      names.bucket,
      under,
      Number.POSITIVE_INFINITY,
      unsigned64(bytes, at[count]!),
    )
  }

  /** Why not; undefined where it was written. */
  exponential(point: Point, common: CommonLabels, names: FamilyNames): string | undefined {
    const native = this.#native
    const reason = native.write(point)
    if (reason !== undefined) return reason
    const builder = this.#builder
    this.#labels.writeTo(builder.openSeries(), point, common, 'none', names.plain)
    builder.endLabels()
    builder.histogram(native.writer.bytes, 0, native.writer.pos)
    for (let n = 0; n < point.exemplarCount; n++) this.#exemplars.write(point, n, builder)
    builder.endSeries(createdMs(point))
    return undefined
  }

  summary(point: Point, common: CommonLabels, names: FamilyNames): void {
    const { bytes, at } = point
    const { count, sum } = SummaryDataPoint
    this.#readQuantiles(point)
    this.#labels.write(point, common, 'quantile')
    this.#plain(point, names.count, unsigned64(bytes, at[count]!))
    this.#plain(point, names.sum, double(bytes, at[sum]!))
    const [quantiles, values] = [this.#bounds, this.#values]
    for (let n = 0; n < quantiles.length; n++) {
      const quantile = quantiles.values[n]!
      // Of a quantile that comes twice the first counts.
      if (quantiles.values.indexOf(quantile) < n) continue
      this.#begin(names.plain, this.#pairOf('quantile', quantile))
      this.#sample(point, values.values[n]!)
      this.#builder.endSeries(createdMs(point))
    }
  }

  #readQuantiles({ bytes, start, end }: Point): void {
    const [quantiles, values] = [this.#bounds, this.#values]
    quantiles.length = values.length = 0
    const points = new FieldReader(bytes, start, end)
    while (points.next()) {
      if (points.number !== SummaryDataPoint.quantileValues) continue
      const reader = this.#reader
      let [quantile, value] = [0, 0]
      reader.reset(bytes, points.value, points.end)
      while (reader.next()) {
        if (reader.number === ValueAtQuantile.quantile) quantile = double(bytes, reader.value)
        else if (reader.number === ValueAtQuantile.value) value = double(bytes, reader.value)
      }
      quantiles.push(quantile)
      values.push(value)
    }
  }

  /** A series of count or sum. */
  #plain(point: Point, name: Buffer, value: number): void {
    this.#begin(name)
    this.#sample(point, value)
    this.#builder.endSeries(createdMs(point))
  }

  /** Exemplars belong to the bucket that their value falls into. */
  #bucket(point: Point, name: Buffer, under: number, bound: number, count: number): void {
    const builder = this.#builder
    const isLast = bound === Number.POSITIVE_INFINITY
    this.#begin(name, this.#pairOf('le', bound))
    this.#sample(point, count)
    for (let n = 0; n < point.exemplarCount; n++) {
      const value = this.#exemplars.valueOf(point, n)
      const isBelow = !(value > under) && under !== Number.NEGATIVE_INFINITY
      if (Number.isNaN(value) ? isLast : !isBelow && value <= bound) {
        this.#exemplars.write(point, n, builder)
      }
    }
    builder.endSeries(createdMs(point))
  }

  /** With name and extra label put into their gaps. */
  #begin(name: Buffer, extra?: Buffer): void {
    const { bytes, nameAt, extraAt, end } = this.#labels
    const builder = this.#builder
    const more = name.length + (extra?.length ?? 0) + end - nameAt
    builder.beginSeries(bytes, 0, nameAt, more)
    builder.addLabels(name)
    builder.addLabels(bytes, nameAt, extraAt)
    if (extra) builder.addLabels(extra)
    builder.addLabels(bytes, extraAt, end)
  }

  #sample(point: Point, value: number): void {
    if (point.isStale) this.#builder.staleMarker(point.timeMs)
    else this.#builder.sample(value, point.timeMs)
  }

  #pairOf(label: 'le' | 'quantile', value: number): Buffer {
    const pairs = this.#pairs[label]
    let pair = pairs.get(value)
    if (!pair) {
      if (pairs.size >= TEXTS_MAX) pairs.clear()
      // For a Map both zeros are one key.
      pair = labelPair(label, decimalText(value === 0 ? 0 : value))
      pairs.set(value, pair)
    }
    return pair
  }
}

/** A start behind the point itself says nothing. */
function createdMs(point: Point): number {
  const { startMs, timeMs } = point
  return startMs <= timeMs ? startMs : 0
}
