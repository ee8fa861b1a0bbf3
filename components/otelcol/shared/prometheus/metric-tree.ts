import { encodeValue } from '#pdata'
import { FIELD, Writer } from '#wire'

const { ExportMetricsServiceRequest, ResourceMetrics, ScopeMetrics, Resource, Metric } = FIELD
const { InstrumentationScope, KeyValue, AnyValue } = FIELD

/** What a metric is, and its points as fields of its data. */
export interface MetricNode {
  readonly name: string
  readonly data: 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram' | 'summary'
  readonly isMonotonic: boolean
  readonly help: string
  readonly unit: string
  /** As `prometheus.type` has it; '' where nothing is known. */
  readonly type: string
  readonly points: Writer
}

export interface ScopeNode {
  readonly name: string
  readonly version: string
  readonly attributes: Map<string, string>
  readonly metrics: Map<string, MetricNode>
}

export interface ResourceNode {
  readonly attributes: Map<string, string>
  readonly scopes: Map<string, ScopeNode>
}

const CUMULATIVE = 2

/** The request; what has no points is left out. */
export function encodeTree(resources: Iterable<ResourceNode>): Buffer {
  const writer = new Writer(64 * 1024)
  for (const { attributes, scopes } of resources) {
    const filled = [...scopes.values()].filter(({ metrics }) =>
      [...metrics.values()].some(hasPoints),
    )
    if (filled.length === 0) continue
    const envelope = writer.begin(ExportMetricsServiceRequest.resourceMetrics, 3)
    const resource = writer.begin(ResourceMetrics.resource, 2)
    for (const [key, value] of attributes) writeText(writer, Resource.attributes, key, value)
    writer.end(resource, 2)
    for (const scope of filled) writeScope(writer, scope)
    writer.end(envelope, 3)
  }
  return writer.copy()
}

/** Of what was dropped there is the metric still. */
function hasPoints({ points }: MetricNode): boolean {
  return points.pos > 0
}

function writeScope(writer: Writer, { name, version, attributes, metrics }: ScopeNode): void {
  const envelope = writer.begin(ResourceMetrics.scopeMetrics, 3)
  const scope = writer.begin(ScopeMetrics.scope)
  if (name !== '') writer.string(InstrumentationScope.name, name)
  if (version !== '') writer.string(InstrumentationScope.version, version)
  for (const [key, value] of attributes) {
    writeText(writer, InstrumentationScope.attributes, key, value)
  }
  writer.end(scope)
  for (const metric of metrics.values()) if (hasPoints(metric)) writeMetric(writer, metric)
  writer.end(envelope, 3)
}

function writeMetric(writer: Writer, metric: MetricNode): void {
  const { name, help, unit, type, data, points } = metric
  const envelope = writer.begin(ScopeMetrics.metrics, 2)
  writer.string(Metric.name, name)
  if (help !== '') writer.string(Metric.description, help)
  if (unit !== '') writer.string(Metric.unit, unit)
  const body = writer.begin(Metric[data], 2)
  writer.raw(points.bytes, 0, points.pos)
  if (data !== 'gauge' && data !== 'summary') {
    writer.tag(FIELD.Sum.aggregationTemporality, 0)
    writer.varint(CUMULATIVE)
  }
  if (metric.isMonotonic) {
    writer.tag(FIELD.Sum.isMonotonic, 0)
    writer.varint(1)
  }
  writer.end(body, 2)
  if (type !== '') writeText(writer, Metric.metadata, 'prometheus.type', type)
  writer.end(envelope, 2)
}

/** A KeyValue; a port is a number. */
export function writeText(writer: Writer, number: number, key: string, text: string): void {
  const body = writer.begin(number)
  writer.string(KeyValue.key, key)
  const value = writer.begin(KeyValue.value)
  if (key === 'server.port') writer.raw(encodeValue(BigInt(text)))
  else writer.string(AnyValue.stringValue, text)
  writer.end(value)
  writer.end(body)
}
