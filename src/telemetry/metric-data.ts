import { type api, metrics, type resources } from '@opentelemetry/sdk-node'
import type { Clock } from '#sdk'
import type { MetricFamily } from './registry.js'
import type { Point } from './series.js'

/** What the metrics are of. */
interface Measured {
  readonly clock: Pick<Clock, 'now'>
  readonly startedAt: number
  readonly registry: { families(): readonly MetricFamily[] }
}

/** The registry as readers of the SDK ask for it: what is gone from it is gone from there. */
export class RegistryProducer implements metrics.MetricProducer {
  readonly #measured: Measured
  readonly #resource: resources.Resource

  constructor(measured: Measured, resource: resources.Resource) {
    this.#measured = measured
    this.#resource = resource
  }

  collect(): Promise<metrics.CollectionResult> {
    const { clock, registry, startedAt } = this.#measured
    const times = { startTime: hrTime(startedAt), endTime: hrTime(clock.now()) }
    const all = registry.families().map((family) => metricData(family, times))
    const scopeMetrics = [{ scope: { name: 'weir' }, metrics: all }]
    const resourceMetrics = { resource: this.#resource, scopeMetrics }
    return Promise.resolve({ resourceMetrics, errors: [] })
  }
}

interface Times {
  readonly startTime: api.HrTime
  readonly endTime: api.HrTime
}

function metricData({ name, kind, about, points }: MetricFamily, times: Times): metrics.MetricData {
  const common = {
    descriptor: { name, description: about, unit: unitOf(name), valueType: DOUBLE },
    aggregationTemporality: metrics.AggregationTemporality.CUMULATIVE,
  }
  if (kind === 'histogram') {
    const dataPoints = points.map((point) => ({
      ...times,
      attributes: point.labels,
      value: histogram(point),
    }))
    return { ...common, dataPointType: metrics.DataPointType.HISTOGRAM, dataPoints }
  }
  const dataPoints = points.map((point) => ({
    ...times,
    attributes: point.labels,
    value: 'value' in point ? point.value : 0,
  }))
  return kind === 'gauge'
    ? { ...common, dataPointType: metrics.DataPointType.GAUGE, dataPoints }
    : { ...common, dataPointType: metrics.DataPointType.SUM, isMonotonic: true, dataPoints }
}

/** `ValueType.DOUBLE` of the API, which has it as an enum. */
const DOUBLE: api.ValueType = 1

function histogram(point: Point): metrics.Histogram {
  const { bounds, counts, sum } =
    'bounds' in point ? point : { bounds: [], counts: [0], sum: point.value }
  return {
    buckets: { boundaries: [...bounds], counts: [...counts] },
    count: counts.reduce((all, one) => all + one, 0),
    sum,
  }
}

/** In UCUM, by what the name ends in. */
function unitOf(name: string): string {
  if (name.endsWith('_seconds')) return 's'
  return name.endsWith('_bytes') ? 'By' : ''
}

function hrTime(ms: number): api.HrTime {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)]
}
