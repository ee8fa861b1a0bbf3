/**
 * io.prometheus.client.MetricFamily: name = 1, help = 2, type = 3, metric = 4, unit = 5. It comes
 * as a text would have it: summaries and classic histograms as one sample for each of their lines.
 */
import { BucketCompactor } from './compact-buckets.js'
import { CustomBuckets } from './custom-buckets.js'
import { NativeHistogram } from './native-histogram.js'
import type { ExpositionOptions } from './options.js'
import { ProtobufExemplar } from './protobuf-exemplar.js'
import { ProtobufMetric } from './protobuf-metric.js'
import { ProtobufReader } from './protobuf-reader.js'
import { ProtobufSeries } from './protobuf-series.js'
import type { ExpositionSink, Metadata, MetricType } from './sink.js'
import { TextPool } from './text-pool.js'

const TYPES: readonly MetricType[] = [
  'counter',
  'gauge',
  'summary',
  'unknown',
  'histogram',
  'gaugehistogram',
]

export class ProtobufFamily {
  readonly #sink: ExpositionSink
  readonly #options: ExpositionOptions
  readonly #reader = new ProtobufReader()
  readonly #metric = new ProtobufMetric()
  readonly #series: ProtobufSeries
  readonly #exemplar: ProtobufExemplar
  readonly #pool = new TextPool()
  readonly #metrics: number[] = []
  readonly #histogram = new NativeHistogram()
  readonly #compactor = new BucketCompactor()
  readonly #buckets = new CustomBuckets()
  #name = ''
  #help = ''
  #unit = ''
  #type: MetricType = 'unknown'
  #base = 0
  readonly #sample
  readonly #histogramSample

  constructor(sink: ExpositionSink, options: ExpositionOptions) {
    this.#sink = sink
    this.#options = options
    this.#series = new ProtobufSeries(this.#metric.labels, this.#pool, options)
    this.#exemplar = new ProtobufExemplar(this.#pool)
    const { series } = this.#series
    const times = { timestampMs: Number.NaN, startTimestampMs: Number.NaN }
    this.#sample = { series, value: 0, ...times }
    this.#histogramSample = { series, histogram: this.#histogram, ...times }
  }

  /** Parses the message in `[start, end)`; `base` is how far `bytes[0]` is in the body. */
  parse(bytes: Buffer, start: number, end: number, base: number): void {
    const reader = this.#reader
    this.#base = base
    reader.open(bytes, start, end, base)
    this.#readFields(start)
    if (this.#metrics.length === 0) return
    if (this.#name === '') reader.fail('a metric family has no name', start)
    this.#tell('help', this.#help)
    if (this.#unit !== '') this.#tell('unit', this.#unit)
    this.#tell('type', '')
    this.#series.family(this.#name, this.#type, this.#unit)
    for (let n = 0; n < this.#metrics.length; n += 2) {
      reader.open(bytes, this.#metrics[n]!, this.#metrics[n + 1]!, base)
      this.#metric.read(reader)
      this.#series.check(reader)
      this.#emit()
    }
  }

  #readFields(start: number): void {
    const reader: ProtobufReader = this.#reader
    this.#name = ''
    this.#help = ''
    this.#unit = ''
    this.#metrics.length = 0
    let type = 0
    while (reader.field()) {
      switch (reader.number) {
        case 1:
          this.#name = this.#text('the name of a metric family')
          break
        case 2:
          this.#help = this.#text('a help')
          break
        case 3:
          type = reader.int32()
          break
        case 4: {
          const outer = reader.enter()
          this.#metrics.push(reader.pos, reader.end)
          reader.leave(outer)
          break
        }
        case 5:
          this.#unit = this.#text('a unit')
          break
        default:
          reader.skip()
      }
    }
    const known = TYPES[type]
    if (known === undefined) reader.fail(`there is no metric type ${type}`, start)
    this.#type = known
  }

  #text(what: string): string {
    const reader = this.#reader
    reader.text(what)
    return this.#pool.text(reader.bytes, reader.textStart, reader.textEnd)
  }

  #tell(kind: Metadata['kind'], text: string): void {
    const type = kind === 'type' ? this.#type : 'unknown'
    this.#sink.metadata({ kind, family: this.#name, type, text })
  }

  #emit(): void {
    const metric = this.#metric
    switch (this.#type) {
      case 'summary':
        this.#emitSteps('', 'quantile')
        return
      case 'histogram':
      case 'gaugehistogram':
        this.#emitHistogram()
        return
      default:
        this.#emitSample('', metric.value)
        if (this.#type === 'counter') this.#emitExemplars(metric.exemplars, false)
    }
  }

  #emitHistogram(): void {
    const metric = this.#metric
    const { ignoreNativeHistograms, keepClassicHistograms, convertClassicHistograms } =
      this.#options
    if (metric.native.isThere && !ignoreNativeHistograms) {
      metric.copyNative(this.#histogram, this.#reader)
      this.#compactor.compact(this.#histogram.negative, this.#histogram.isFloat, 0)
      this.#compactor.compact(this.#histogram.positive, this.#histogram.isFloat, 0)
      this.#emitNative()
      if (keepClassicHistograms && metric.stepCount > 0) this.#emitSteps('_bucket', 'le')
      return
    }
    if (keepClassicHistograms || !convertClassicHistograms) this.#emitSteps('_bucket', 'le')
    if (convertClassicHistograms) this.#convert()
  }

  #convert(): void {
    const metric = this.#metric
    this.#buckets.clear()
    this.#buckets.count(metric.count)
    this.#buckets.sum(metric.sum)
    for (let n = 0; n < metric.stepCount; n++) {
      this.#buckets.bucket(metric.steps[n]!.bound, metric.steps[n]!.value)
    }
    const fault = this.#buckets.convert(this.#histogram)
    if (fault === undefined) this.#emitNative()
    else this.#sink.unconvertible(this.#name, fault)
  }

  #emitNative(): void {
    const metric = this.#metric
    this.#histogram.isGauge = this.#type === 'gaugehistogram'
    this.#series.identify(this.#reader, '', '', 0)
    this.#histogramSample.timestampMs = metric.timestampMs || Number.NaN
    this.#histogramSample.startTimestampMs = metric.startTimestampMs || Number.NaN
    this.#sink.histogram(this.#histogramSample)
    if (metric.exemplars.length > 0) this.#emitExemplars(metric.exemplars, true)
    else for (let n = 0; n < metric.stepCount; n++) this.#emitStepExemplar(n, true)
  }

  /** Count, sum, and a sample for each quantile or bucket. */
  #emitSteps(suffix: string, label: string): void {
    const { count, sum, steps, stepCount } = this.#metric
    this.#emitSample('_count', count)
    this.#emitSample('_sum', sum)
    for (let n = 0; n < stepCount; n++) {
      const step = steps[n]!
      this.#emitSample(suffix, step.value, label, step.bound)
      if (label !== 'le') continue
      this.#emitStepExemplar(n, false)
      if (step.bound === Infinity) return
    }
    if (label === 'le') this.#emitSample(suffix, count, label, Infinity)
  }

  #emitSample(suffix: string, value: number, label = '', bound = 0): void {
    const sample = this.#sample
    this.#series.identify(this.#reader, suffix, label, bound)
    sample.value = value
    sample.timestampMs = this.#metric.timestampMs || Number.NaN
    sample.startTimestampMs = this.#metric.startTimestampMs || Number.NaN
    this.#sink.sample(sample)
  }

  #emitStepExemplar(n: number, needsTime: boolean): void {
    const { exemplar, exemplarEnd } = this.#metric.steps[n]!
    if (exemplar >= 0) this.#emitExemplar(exemplar, exemplarEnd, needsTime)
  }

  #emitExemplars(places: readonly number[], needTime: boolean): void {
    for (let n = 0; n < places.length; n += 2) {
      this.#emitExemplar(places[n]!, places[n + 1]!, needTime)
    }
  }

  /** Those of native histograms must have a time, and are passed over without one. */
  #emitExemplar(start: number, end: number, needsTime: boolean): void {
    this.#exemplar.read(this.#reader.bytes, start, end, this.#base)
    if (needsTime && Number.isNaN(this.#exemplar.timestampMs)) return
    this.#sink.exemplar(this.#exemplar)
  }
}
