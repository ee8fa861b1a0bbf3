/** What lines of both text formats have in common: a series, a value, who is told of them. */
import { NormalBounds } from './bounds.js'
import { OPEN_BRACE, SPACE, TAB } from './characters.js'
import { LabelScanner, UNFINISHED } from './label-scanner.js'
import { NumberReader } from './number-reader.js'
import type { ExpositionOptions } from './options.js'
import { type LabelSource, Series } from './series.js'
import type { SeriesCache } from './series-cache.js'
import { type ExpositionSink, METRIC_TYPES, type Metadata, type MetricType } from './sink.js'
import { unescapeQuoted } from './text-escapes.js'
import { TextLine } from './text-line.js'
import { TextPool } from './text-pool.js'

export class TextLines implements LabelSource {
  readonly line = new TextLine()
  readonly numbers = new NumberReader()
  readonly scanner: LabelScanner
  readonly sink: ExpositionSink
  readonly pool = new TextPool()
  /** Of the last TYPE and UNIT, whichever family they were of: so does Prometheus. */
  type: MetricType = 'unknown'
  #unit = ''
  readonly #cache: SeriesCache | undefined
  readonly #typeAndUnitLabels: boolean
  readonly #isStrict: boolean
  readonly #sample = {
    series: new Series(this),
    value: 0,
    timestampMs: Number.NaN,
    startTimestampMs: Number.NaN,
  }
  /** What the labels depend on besides the bytes of the series. */
  #key = 1
  readonly #bounds = new NormalBounds()
  #start = 0
  #end = 0
  #isKnown = false
  #isScanned = false

  constructor(sink: ExpositionSink, options: ExpositionOptions, isStrict: boolean) {
    this.sink = sink
    this.#cache = options.cache
    this.#typeAndUnitLabels = options.typeAndUnitLabels ?? false
    this.#isStrict = isStrict
    this.scanner = new LabelScanner(this.line, {
      isStrict,
      isSeries: true,
      allowsNameLabel: this.#typeAndUnitLabels,
    })
  }

  metadata(metadata: Metadata): void {
    if (metadata.kind !== 'help') {
      if (metadata.kind === 'type') this.type = metadata.type
      else this.#unit = metadata.text
      this.#key = METRIC_TYPES.indexOf(this.type) + 1
      if (this.#typeAndUnitLabels) this.#key |= hashOf(this.#unit) << 4
    }
    this.sink.metadata(metadata)
  }

  /** Where the series at `pos` ends, or UNFINISHED. What the cache expects is not looked into. */
  series(pos: number): number {
    this.#start = pos
    const { line } = this
    const size = this.#cache?.peek(line.bytes, pos, line.limit, this.#key) ?? 0
    this.#isKnown = size > 0 && this.#isEnd(pos + size)
    this.#isScanned = false
    if (this.#isKnown) this.#end = pos + size
    else this.#scan()
    return this.#end
  }

  /** The name, from the scanner: also of a series that was not looked into. */
  scanned(): LabelScanner {
    if (!this.#isScanned) this.#scan()
    return this.scanner
  }

  /** The metric's name of what was scanned. */
  name(): string {
    const { name, nameEnd, isNameEscaped } = this.scanned()
    const text = this.pool.text(this.line.bytes, name, nameEnd)
    return isNameEscaped ? unescapeQuoted(text) : text
  }

  emit(value: number, timestampMs: number, startTimestampMs: number): void {
    const sample = this.#sample
    const { series } = sample
    series.bytes = this.line.bytes
    series.start = this.#start
    series.end = this.#end
    if (this.#cache) this.#enter(this.#cache, series)
    sample.value = value
    sample.timestampMs = timestampMs
    sample.startTimestampMs = startTimestampMs
    this.sink.sample(sample)
  }

  labels(into: string[]): void {
    const scanner = this.scanned()
    into.push('__name__', this.name())
    if (this.#typeAndUnitLabels) {
      if (this.type !== 'unknown') into.push('__type__', this.type)
      if (this.#unit !== '') into.push('__unit__', this.#unit)
    }
    const bound = BOUND_LABEL[this.type]
    for (let n = 0; n < scanner.count; n++) {
      const value = scanner.valueOf(n, this.pool)
      if (value === '') continue
      const name = scanner.nameOf(n, this.pool)
      if (this.#typeAndUnitLabels && this.#isSaid(name)) continue
      into.push(name, name === bound ? this.#bounds.of(value) : value)
    }
  }

  #scan(): void {
    this.#end = this.scanner.series(this.#start)
    this.#isScanned = this.#end !== UNFINISHED
  }

  #enter(cache: SeriesCache, series: Series): void {
    if (this.#isKnown) cache.take()
    else {
      const key = this.#typeAndUnitLabels || this.scanner.hasBound ? this.#key : 0
      cache.find(series.bytes, series.start, series.end, key)
    }
    series.ref = cache.ref
    series.isNew = cache.isNew
  }

  /** Whether a series may end there: a name goes on with its braces. */
  #isEnd(pos: number): boolean {
    const { bytes } = this.line
    if (this.#isStrict) return bytes[pos] === SPACE
    if (bytes[pos] !== SPACE && bytes[pos] !== TAB) return false
    return bytes[this.scanner.blanks(pos)] !== OPEN_BRACE
  }

  #isSaid(name: string): boolean {
    if (name === '__name__') return true
    if (name === '__type__') return this.type !== 'unknown'
    return name === '__unit__' && this.#unit !== ''
  }
}

const BOUND_LABEL: Partial<Record<MetricType, string>> = { histogram: 'le', summary: 'quantile' }

function hashOf(text: string): number {
  let hash = 0
  for (let n = 0; n < text.length; n++) hash = (Math.imul(hash, 31) + text.charCodeAt(n)) & 0xffffff
  return hash
}
