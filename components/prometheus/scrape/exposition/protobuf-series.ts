import { Writer } from '#wire'
import { formatBound } from './bounds.js'
import type { ExpositionOptions } from './options.js'
import type { ProtobufLabels } from './protobuf-labels.js'
import type { ProtobufReader } from './protobuf-reader.js'
import { type LabelSource, Series } from './series.js'
import type { SeriesCache } from './series-cache.js'
import type { MetricType } from './sink.js'
import type { TextPool } from './text-pool.js'

/** For the cache: what is known under no key is known under any. */
const ANY_KEY = 1

/** In no UTF-8, so it parts names and values. */
const SEPARATOR = Uint8Array.of(0xff)

/**
 * The series of a protobuf metric. Its bytes are the name, and for each label a separator, its
 * name, a separator and its value.
 */
export class ProtobufSeries implements LabelSource {
  readonly series = new Series(this)
  readonly #labels: ProtobufLabels
  readonly #pool: TextPool
  readonly #cache: SeriesCache | undefined
  readonly #typeAndUnitLabels: boolean
  readonly #writer = new Writer()
  #family = ''
  #type: MetricType = 'unknown'
  #unit = ''
  #suffix = ''
  /** `le` or `quantile`, or empty. */
  #boundLabel = ''
  #bound = ''

  constructor(labels: ProtobufLabels, pool: TextPool, options: ExpositionOptions) {
    this.#labels = labels
    this.#pool = pool
    this.#cache = options.cache
    this.#typeAndUnitLabels = options.typeAndUnitLabels ?? false
  }

  family(name: string, type: MetricType, unit: string): void {
    this.#family = name
    this.#type = type
    this.#unit = unit
  }

  /** Checks the labels of the metric that comes next. */
  check(reader: ProtobufReader): void {
    this.#labels.checkUnique(reader, this.#pool)
    if (!this.#typeAndUnitLabels && this.#labels.has('__name__', this.#pool)) {
      reader.fail('the metric has a name already')
    }
  }

  /** Makes `series` one of the metric's: `bound` is that of a quantile or bucket. */
  identify(reader: ProtobufReader, suffix: string, boundLabel: string, bound: number): void {
    this.#suffix = suffix
    this.#boundLabel = boundLabel
    const writer = this.#writer
    writer.pos = 0
    this.#text(this.#family)
    this.#text(suffix)
    if (this.#typeAndUnitLabels) {
      if (this.#type !== 'unknown') this.#pair('__type__', this.#type)
      if (this.#unit !== '') this.#pair('__unit__', this.#unit)
    }
    this.#labels.write(writer, SEPARATOR)
    if (boundLabel !== '') {
      if (this.#labels.has(boundLabel, this.#pool)) {
        reader.fail(`the label "${boundLabel}" is there twice`)
      }
      this.#bound = formatBound(bound)
      this.#pair(boundLabel, this.#bound)
    }
    const { series } = this
    series.bytes = writer.bytes
    series.end = writer.pos
    if (this.#cache) this.#enter(this.#cache)
  }

  labels(into: string[]): void {
    into.push('__name__', this.#family + this.#suffix)
    if (this.#typeAndUnitLabels) {
      if (this.#type !== 'unknown') into.push('__type__', this.#type)
      if (this.#unit !== '') into.push('__unit__', this.#unit)
    }
    const labels = this.#labels
    for (let n = 0; n < labels.count; n++) {
      const value = labels.value(n, this.#pool)
      if (value === '') continue
      const name = labels.name(n, this.#pool)
      if (!this.#typeAndUnitLabels || !this.#isSaid(name)) into.push(name, value)
    }
    if (this.#boundLabel !== '') into.push(this.#boundLabel, this.#bound)
  }

  #enter(cache: SeriesCache): void {
    const { series } = this
    const { bytes, end } = series
    if (cache.peek(bytes, 0, end + 1, ANY_KEY) === end) cache.take()
    else cache.find(bytes, 0, end, 0)
    series.ref = cache.ref
    series.isNew = cache.isNew
  }

  #pair(name: string, value: string): void {
    this.#writer.raw(SEPARATOR)
    this.#text(name)
    this.#writer.raw(SEPARATOR)
    this.#text(value)
  }

  #text(text: string): void {
    const writer = this.#writer
    writer.reserve(text.length * 3)
    writer.pos += writer.bytes.write(text, writer.pos)
  }

  #isSaid(name: string): boolean {
    if (name === '__name__') return true
    if (name === '__type__') return this.#type !== 'unknown'
    return name === '__unit__' && this.#unit !== ''
  }
}
