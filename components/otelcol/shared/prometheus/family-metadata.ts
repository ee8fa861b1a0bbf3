import { type FamilyMetadata, valueText } from '#pdata'
import { ENUMS, FIELD, FieldReader } from '#wire'
import { unitName } from './metric-name.js'
import { keyValueAt } from './origin.js'

const { Metric } = FIELD

/** The key of `Metric.metadata` that tells of which Prometheus type a metric once was. */
export const TYPE_KEY = 'prometheus.type'

/** Type of a family by the data it comes from. */
const TYPES: Readonly<Record<string, string>> = {
  counter: 'COUNTER',
  gauge: 'GAUGE',
  sum: 'GAUGE',
  histogram: 'HISTOGRAM',
  exponentialHistogram: 'HISTOGRAM',
  summary: 'SUMMARY',
}

/** Of the metric in `[start, end)`; `data` is what it holds, or `counter`. */
export function familyMetadata(
  bytes: Buffer,
  start: number,
  end: number,
  family: string,
  data: string,
): FamilyMetadata {
  let [help, was, unit] = ['', '', '']
  const reader = new FieldReader(bytes, start, end)
  while (reader.next()) {
    if (reader.number === Metric.description) {
      help = bytes.toString('utf8', reader.value, reader.end)
    } else if (reader.number === Metric.unit) {
      unit = bytes.toString('utf8', reader.value, reader.end)
    } else if (reader.number === Metric.metadata) {
      const { key, value } = keyValueAt(bytes, reader.value, reader.end)
      if (key === TYPE_KEY) was = valueText(value)
    }
  }
  return { type: typeNumber(typeName(data, was)), family, help, unit: unitName(unit) }
}

function typeName(data: string, was: string): string {
  if (data === 'gauge' && was === 'unknown') return 'UNKNOWN'
  if (data === 'sum' && (was === 'info' || was === 'stateset')) return was.toUpperCase()
  return TYPES[data] ?? 'UNKNOWN'
}

function typeNumber(name: string): number {
  return Math.max(0, ENUMS.MetricType.indexOf(name))
}
