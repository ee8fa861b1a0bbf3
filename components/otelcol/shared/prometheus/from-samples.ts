import { Batch, decodePairs, metadataOf, type SampleBatch, SampleReader } from '#pdata'
import { decodeMessage, Writer } from '#wire'
import { fromNative } from './from-native.js'
import { unitCode } from './metric-name.js'
import {
  type ExemplarParts,
  type PointHead,
  writeExponential,
  writeHistogram,
  writeNumber,
} from './metric-points.js'
import { encodeTree, type MetricNode, type ResourceNode, type ScopeNode } from './metric-tree.js'
import { OpenPoints } from './open-points.js'
import { readSeries, type Series } from './series.js'
import { type SeriesKind, SeriesKinds, typeWord } from './series-kind.js'

/** What became of the samples of one batch. */
export interface Metrics {
  readonly metrics: Batch<'metrics'>
  /** Samples and histograms by the reason they were dropped for. */
  readonly dropped: ReadonlyMap<string, number>
}

const INFO_LABELS = new Set(['job', 'instance'])

/**
 * Prometheus samples as OTLP metrics, by the OpenTelemetry specification "Prometheus and
 * OpenMetrics Compatibility". What belongs together, such as the buckets of a histogram or
 * `target_info` and what it tells of, must be in one batch; nothing is remembered.
 */
export function metricsFromSamples(batch: SampleBatch, scope: string): Metrics {
  return new Translation(batch, scope).run()
}

class Translation {
  readonly #batch: SampleBatch
  readonly #ownScope: string
  readonly #kinds: SeriesKinds
  readonly #series: readonly Series[]
  readonly #resources = new Map<string, ResourceNode>()
  readonly #dropped = new Map<string, number>()
  readonly #open: OpenPoints
  readonly #created = new Map<string, number>()
  #points = 0

  constructor(batch: SampleBatch, ownScope: string) {
    this.#batch = batch
    this.#ownScope = ownScope
    this.#kinds = new SeriesKinds(metadataOf(batch))
    const series: Series[] = []
    const reader = new SampleReader(batch)
    while (reader.nextSeries()) {
      const one = readSeries(decodePairs(reader.bytes, reader.labelsStart, reader.labelsEnd))
      this.#kinds.see(one.name, one.le !== undefined, one.quantile !== undefined)
      series.push(one)
    }
    this.#series = series
    this.#open = new OpenPoints((reason, samples) => this.#drop(reason, samples))
  }

  run(): Metrics {
    this.#findCreated()
    const reader = new SampleReader(this.#batch)
    for (let n = 0; reader.nextSeries(); n++) this.#one(reader, this.#series[n]!)
    this.#points += this.#open.finish()
    const bytes = encodeTree(this.#resources.values())
    const chunks = bytes.length === 0 ? [] : [bytes]
    const { client } = this.#batch
    const metrics = new Batch('metrics', chunks, this.#points, bytes.length, client)
    return { metrics, dropped: this.#dropped }
  }

  /** When counters began, where a series of its own says so, in seconds. */
  #findCreated(): void {
    if (!this.#series.some(({ name }) => name.endsWith('_created'))) return
    const reader = new SampleReader(this.#batch)
    for (const series of this.#series) {
      reader.nextSeries()
      const { kind, part, family } = this.#kinds.kindOf(series.name, false, false)
      if (kind !== 'counter' || part !== 'created') continue
      while (reader.nextPoint()) {
        const createdMs = Math.round(reader.value * 1000)
        if (Number.isFinite(createdMs)) this.#created.set(keyOf(family, series), createdMs)
      }
    }
  }

  #one(reader: SampleReader, series: Series): void {
    const resource = this.#resourceOf(series)
    const { name } = series
    // They tell of what others belong to, and are no points of their own.
    if (name === 'target_info') {
      for (const [label, value] of series.labels) {
        if (!INFO_LABELS.has(label)) resource.attributes.set(label, value)
      }
      return
    }
    const scope = this.#scopeOf(resource, series)
    if (name === 'otel_scope_info') {
      for (const [label, value] of series.labels) scope.attributes.set(label, value)
      return
    }
    const kind = this.#kinds.kindOf(name, series.le !== undefined, series.quantile !== undefined)
    const exemplars = exemplarsOf(reader)
    const labels = attributesOf(series, kind)
    const isCounter = kind.kind === 'counter'
    // Told beforehand, and no point.
    if (isCounter && kind.part === 'created') return
    const created = isCounter ? this.#created.get(keyOf(kind.family, series)) : undefined
    const startMs = created ?? reader.createdTimestampMs
    while (reader.nextPoint()) {
      const { kind: point, timestampMs: timeMs } = reader
      if (point === 'exemplar') continue
      const mine = exemplars.splice(0)
      const head = { labels, timeMs, startMs, isStale: point === 'sample' && reader.isStale }
      if (kind.kind === 'drop') this.#drop('gauge histogram', 1)
      else if (point === 'histogram') this.#native(scope, series, head, mine, reader)
      else this.#sample(scope, series, kind, head, mine, reader.value)
    }
  }

  #sample(
    scope: ScopeNode,
    series: Series,
    kind: SeriesKind,
    head: PointHead,
    exemplars: readonly ExemplarParts[],
    value: number,
  ): void {
    if (kind.part === 'value') {
      const data = kind.kind === 'gauge' ? 'gauge' : 'sum'
      const { points } = this.#metricOf(scope, kind.family, data, kind.kind === 'counter')
      writeNumber(points, head, value, kind.kind === 'counter' ? exemplars : [])
      this.#points++
    } else {
      const data = kind.kind === 'summary' ? 'summary' : 'histogram'
      const { points } = this.#metricOf(scope, kind.family, data, false)
      this.#open.add(points, data, kind.part, head, series, value, exemplars)
    }
  }

  #native(
    scope: ScopeNode,
    { name }: Series,
    head: PointHead,
    exemplars: readonly ExemplarParts[],
    reader: SampleReader,
  ): void {
    const point = reader.bytes.subarray(reader.pointBody, reader.pointEnd)
    const isStale = reader.isStaleHistogram
    const native = fromNative(decodeMessage('NativeHistogram', point))
    if ('reason' in native) {
      this.#drop(native.reason, 1)
      return
    }
    this.#points++
    const whole = { ...head, isStale }
    if ('exponential' in native) {
      const { points } = this.#metricOf(scope, name, 'exponentialHistogram', false)
      writeExponential(points, whole, { ...native.exponential, exemplars })
    } else {
      const { points } = this.#metricOf(scope, name, 'histogram', false)
      writeHistogram(points, whole, { ...native.histogram, exemplars })
    }
  }

  #drop(reason: string, samples: number): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + samples)
  }

  #resourceOf({ job, instance }: Series): ResourceNode {
    const key = JSON.stringify([job, instance])
    let resource = this.#resources.get(key)
    if (!resource) {
      const attributes = new Map<string, string>()
      if (job !== '') attributes.set('service.name', job)
      if (instance !== '') attributes.set('service.instance.id', instance)
      const [, host, port] = /^(.+):(\d{1,5})$/.exec(instance) ?? []
      if (host !== undefined && port !== undefined) {
        attributes.set('server.address', host)
        attributes.set('server.port', port)
      }
      resource = { attributes, scopes: new Map() }
      this.#resources.set(key, resource)
    }
    return resource
  }

  #scopeOf({ scopes }: ResourceNode, { scopeName, scopeVersion }: Series): ScopeNode {
    const isOwn = scopeName === '' && scopeVersion === ''
    const key = JSON.stringify([scopeName, scopeVersion])
    let scope = scopes.get(key)
    if (!scope) {
      const name = isOwn ? this.#ownScope : scopeName
      scope = { name, version: scopeVersion, attributes: new Map(), metrics: new Map() }
      scopes.set(key, scope)
    }
    return scope
  }

  #metricOf(
    { metrics }: ScopeNode,
    name: string,
    data: MetricNode['data'],
    isMonotonic: boolean,
  ): MetricNode {
    const key = `${data}${isMonotonic ? '+' : ''} ${name}`
    let metric = metrics.get(key)
    if (!metric) {
      const about = this.#kinds.aboutOf(name)
      metric = {
        ...{ name, data, isMonotonic, help: about?.help ?? '', unit: unitCode(about?.unit ?? '') },
        type: about ? typeWord(about.type).toLowerCase() : '',
        points: new Writer(256),
      }
      metrics.set(key, metric)
    }
    return metric
  }
}

function keyOf(family: string, { job, instance, scopeName, scopeVersion, labels }: Series): string {
  return JSON.stringify([family, job, instance, scopeName, scopeVersion, ...labels])
}

/** `le` and `quantile` are no attributes where the point says the same. */
function attributesOf({ labels, le, quantile }: Series, { part }: SeriesKind): readonly string[] {
  const found = labels.flat()
  if (le !== undefined && part !== 'bucket') found.push('le', le)
  if (quantile !== undefined && part !== 'quantile') found.push('quantile', quantile)
  return found
}

/** All of a series, from a reader that then begins with its points anew. */
function exemplarsOf(reader: SampleReader): ExemplarParts[] {
  const found: ExemplarParts[] = []
  while (reader.nextPoint()) {
    if (reader.kind !== 'exemplar') continue
    const point = reader.bytes.subarray(reader.pointBody, reader.pointEnd)
    const { labels, value } = decodeMessage('SeriesExemplar', point) as {
      readonly labels: readonly { readonly name?: string; readonly value?: string }[]
      readonly value?: number
    }
    found.push({
      labels: labels.flatMap(({ name = '', value = '' }) => [name, value]),
      value: value ?? 0,
      timeMs: reader.timestampMs,
    })
  }
  reader.rewindSeries()
  return found
}
