import { type Batch, LAYOUT, type SampleBatch, SampleBatchBuilder } from '#pdata'
import { asBuffer, FIELD, FieldReader, readUint32 } from '#wire'
import { familyMetadata } from './family-metadata.js'
import { type FamilyNames, KnownNames } from './family-names.js'
import type { NameKind } from './metric-name.js'
import type { SampleOptions } from './options.js'
import { readScope, readTarget, type Scope, type Target } from './origin.js'
import { PlainPoints } from './plain-points.js'
import {
  EXPONENTIAL_POINT,
  HISTOGRAM_POINT,
  NUMBER_POINT,
  Point,
  type PointLayout,
  SUMMARY_POINT,
} from './point.js'
import { PointSamples } from './point-samples.js'
import { KnownPlans } from './series-labels.js'

const { ExportMetricsServiceRequest, ResourceMetrics, ScopeMetrics, Metric, Sum } = FIELD

const POINT_TAG = (LAYOUT.points << 3) | 2
const UNSPECIFIED = 0
const DELTA = 1

/** Resources, or scopes of a resource, that are remembered at most. */
const ORIGINS_MAX = 1000

type Data = 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram' | 'summary'

const DATA_BY_NUMBER: (Data | undefined)[] = []
for (const data of ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const) {
  DATA_BY_NUMBER[Metric[data]] = data
}

const POINT_LAYOUTS: Readonly<Record<Data, PointLayout>> = {
  gauge: NUMBER_POINT,
  sum: NUMBER_POINT,
  histogram: HISTOGRAM_POINT,
  exponentialHistogram: EXPONENTIAL_POINT,
  summary: SUMMARY_POINT,
}

/** What became of the data points of one batch. */
export interface Translated {
  readonly samples: SampleBatch
  /** Data points by the reason they were dropped for. */
  readonly dropped: ReadonlyMap<string, number>
}

/**
 * OTLP metrics as Prometheus samples, by the OpenTelemetry specification "Prometheus and
 * OpenMetrics Compatibility": from bytes to bytes, without an object for a data point. What it
 * remembers of names, resources and sets of keys only saves time, and is bounded.
 */
export class SamplesFromMetrics {
  readonly #options: SampleOptions
  readonly #builder = new SampleBatchBuilder(64 * 1024)
  readonly #points = new PointSamples(this.#builder)
  readonly #plain: PlainPoints
  readonly #point = new Point()
  readonly #names: KnownNames
  #plans = new KnownPlans()
  readonly #targets = new Map<string, Target>()
  #dropped = new Map<string, number>()
  /** The info series that this batch is due, by their labels. */
  readonly #infos = new Map<string, { readonly labels: Buffer; timeMs: number }>()
  #families = new Set<string>()
  #newestMs = 0
  readonly #metricReader = new FieldReader(new Uint8Array(), 0, 0)
  /** Of the metric that is being read. */
  #temporality = UNSPECIFIED
  #isMonotonic = false

  /** JavaScript alone gives the same (`byScript`), in three times the time. */
  constructor(options: SampleOptions, byScript = false) {
    this.#options = options
    this.#plain = new PlainPoints(this.#builder, byScript)
    this.#names = new KnownNames(options.add_metric_suffixes)
  }

  translate(batch: Batch<'metrics'>): Translated {
    this.#dropped = new Map()
    this.#families = new Set()
    this.#infos.clear()
    this.#plain.begin()
    for (const chunk of batch.chunks) this.#request(asBuffer(chunk))
    this.#plain.flush()
    for (const { labels, timeMs } of this.#infos.values()) {
      this.#builder.beginSeries(labels)
      this.#builder.sample(1, timeMs)
      this.#builder.endSeries()
    }
    return { samples: this.#builder.take(batch.client), dropped: this.#dropped }
  }

  /** Forgets what it remembers. */
  forget(): void {
    this.#targets.clear()
    this.#plans = new KnownPlans()
  }

  #request(bytes: Buffer): void {
    const reader = new FieldReader(bytes, 0, bytes.length)
    while (reader.next()) {
      if (reader.number === ExportMetricsServiceRequest.resourceMetrics) {
        this.#resource(bytes, reader.value, reader.end)
      }
    }
  }

  #resource(bytes: Buffer, start: number, end: number): void {
    const options = this.#options
    const [body, bodyEnd] = fieldIn(bytes, start, end, LAYOUT.resource)
    const target = remembered(this.#targets, bytes, body, bodyEnd, () =>
      readTarget(bytes, body, bodyEnd, options),
    )
    const reader = new FieldReader(bytes, start, end)
    let newestMs = 0
    while (reader.next()) {
      if (reader.number !== ResourceMetrics.scopeMetrics) continue
      this.#newestMs = 0
      this.#scope(bytes, reader.value, reader.end, target)
      newestMs = Math.max(newestMs, this.#newestMs)
    }
    if (options.include_target_info) this.#due(target.info, newestMs)
  }

  #scope(bytes: Buffer, start: number, end: number, target: Target): void {
    const options = this.#options
    const [body, bodyEnd] = fieldIn(bytes, start, end, LAYOUT.scope)
    const scope = remembered(target.scopes, bytes, body, bodyEnd, () =>
      readScope(bytes, body, bodyEnd, target, options, this.#plans),
    )
    const reader = new FieldReader(bytes, start, end)
    while (reader.next()) {
      if (reader.number !== ScopeMetrics.metrics) continue
      this.#metric(bytes, reader.value, reader.end, scope)
    }
    if (options.include_scope_info) this.#due(scope.info, this.#newestMs)
  }

  /** Info series have the time of the newest point they tell of; without one there is none. */
  #due(labels: Buffer | undefined, timeMs: number): void {
    if (!labels || timeMs === 0) return
    // Several resources may have the same labels.
    const key = labels.toString('latin1')
    const info = this.#infos.get(key)
    if (!info) this.#infos.set(key, { labels, timeMs })
    else if (info.timeMs < timeMs) info.timeMs = timeMs
  }

  #metric(bytes: Buffer, start: number, end: number, scope: Scope): void {
    let [name, nameEnd, unit, unitEnd] = [start, start, start, start]
    let data: Data | undefined
    let [dataStart, dataEnd] = [0, 0]
    const reader = this.#metricReader
    reader.reset(bytes, start, end)
    while (reader.next()) {
      const { number, value, end } = reader
      if (number === Metric.name) {
        name = value
        nameEnd = end
      } else if (number === Metric.unit) {
        unit = value
        unitEnd = end
      } else if (DATA_BY_NUMBER[number]) {
        data = DATA_BY_NUMBER[number]
        dataStart = value
        dataEnd = end
      }
    }
    if (!data) return
    const count = this.#readData(bytes, dataStart, dataEnd)
    if (count === 0) return
    const isCounter = data === 'sum' && this.#isMonotonic
    const kind: NameKind = isCounter ? 'counter' : data === 'gauge' ? 'gauge' : 'other'
    const names = this.#names.find(bytes, name, nameEnd, unit, unitEnd, kind)
    const reason = reasonAgainst(data, this.#temporality)
    if (!names || reason !== undefined) {
      this.#drop(reason ?? 'no name', count)
      return
    }
    this.#data(bytes, dataStart, dataEnd, data, isCounter, scope, names)
    if (!this.#options.honor_metadata || this.#families.has(names.family)) return
    this.#families.add(names.family)
    const type = isCounter ? 'counter' : data
    this.#plain.flush()
    this.#builder.metadata(familyMetadata(bytes, start, end, names.family, type))
  }

  /**
   * What a Sum says of all its points, and how many those are. Histograms have the temporality at
   * the same number.
   */
  #readData(bytes: Buffer, start: number, end: number): number {
    this.#temporality = UNSPECIFIED
    this.#isMonotonic = false
    let count = 0
    const reader = this.#metricReader
    reader.reset(bytes, start, end)
    while (reader.next()) {
      const { number, value, wire } = reader
      if (number === LAYOUT.points) count++
      else if (wire !== 0) continue
      else if (number === Sum.aggregationTemporality) this.#temporality = readUint32(bytes, value)
      else if (number === Sum.isMonotonic) this.#isMonotonic = readUint32(bytes, value) !== 0
    }
    return count
  }

  #data(
    bytes: Buffer,
    start: number,
    end: number,
    data: Data,
    isCounter: boolean,
    { common }: Scope,
    names: FamilyNames,
  ): void {
    const layout = POINT_LAYOUTS[data]
    const point = this.#point
    const points = this.#points
    const isNumber = layout === NUMBER_POINT
    if (isNumber) common.plans.none.begin(names)
    const reader = this.#metricReader
    for (let pos = start; pos < end; pos = reader.end) {
      const isPoint = bytes[pos] === POINT_TAG
      if (isNumber && isPoint)
        pos = this.#plain.write(bytes, pos, end, common, names.plain, isCounter)
      reader.reset(bytes, pos, end)
      if (!reader.next()) break
      if (reader.number !== LAYOUT.points) continue
      this.#plain.flush()
      point.read(bytes, reader.value, reader.end, layout)
      let reason: string | undefined
      if (data === 'histogram') points.histogram(point, common, names)
      else if (data === 'summary') points.summary(point, common, names)
      else if (data === 'exponentialHistogram') reason = points.exponential(point, common, names)
      else points.number(point, common, names, isCounter)
      if (reason === undefined) this.#newestMs = Math.max(this.#newestMs, point.timeMs)
      else this.#drop(reason, 1)
    }
    if (!isNumber) return
    common.plans.none.end(names)
    this.#newestMs = Math.max(this.#newestMs, this.#plain.takeNewest())
  }

  #drop(reason: string, points: number): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + points)
  }
}

function reasonAgainst(data: Data, temporality: number): string | undefined {
  if (data === 'gauge' || data === 'summary') return undefined
  if (temporality === DELTA) return 'delta temporality'
  return temporality === UNSPECIFIED ? 'unspecified temporality' : undefined
}

/** Where the last body of a field lies; nothing where there is none. */
function fieldIn(
  bytes: Buffer,
  start: number,
  end: number,
  number: number,
): readonly [number, number] {
  let found: readonly [number, number] = [start, start]
  const reader = new FieldReader(bytes, start, end)
  while (reader.next()) if (reader.number === number) found = [reader.value, reader.end]
  return found
}

/** What was read of the same bytes before. */
function remembered<T>(
  known: Map<string, T>,
  bytes: Buffer,
  start: number,
  end: number,
  read: () => T,
): T {
  const key = bytes.toString('latin1', start, end)
  let found = known.get(key)
  if (found === undefined) {
    if (known.size >= ORIGINS_MAX) known.clear()
    found = read()
    known.set(key, found)
  }
  return found
}
