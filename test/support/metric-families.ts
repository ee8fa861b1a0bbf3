/** Metric families as objects, and what each exposition format makes of them. */
import protobuf from 'protobufjs'
import type { RecordedEntry, RecordedExemplar } from './exposition.js'

export interface FamilyExemplar {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly timestampMs?: number
}

/** A bucket or a quantile. */
export interface FamilyStep {
  readonly bound: number
  readonly value: number
  readonly exemplar?: FamilyExemplar
}

export interface FamilyMetric {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  readonly count: number
  readonly sum: number
  /** Bounds rise, the last bucket's is infinite. */
  readonly steps: readonly FamilyStep[]
  readonly exemplar?: FamilyExemplar
  readonly timestampMs?: number
  readonly startTimestampMs?: number
}

export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'summary' | 'unknown' | 'histogram' | 'gaugehistogram'
  readonly metrics: readonly FamilyMetric[]
}

/** Only these can be created and say so in a text. */
const CREATED: readonly Family['type'][] = ['counter', 'summary', 'histogram']

type SampleEntry = Extract<RecordedEntry, { kind: 'series' }>
type Line = Omit<SampleEntry, 'kind' | 'text'>

export function linesOf({ name, type, metrics }: Family): readonly Line[] {
  return metrics.flatMap((metric) => {
    const { timestampMs, startTimestampMs } = metric
    const line = (
      suffix: string,
      value: number,
      more: object,
      exemplar?: FamilyExemplar,
    ): Line => ({
      labels: { __name__: name + suffix, ...metric.labels, ...more },
      value,
      ...(timestampMs !== undefined && { timestampMs }),
      ...(CREATED.includes(type) && startTimestampMs !== undefined && { startTimestampMs }),
      exemplars: exemplar ? [exemplar as RecordedExemplar] : [],
    })
    if (type === 'counter') return [line('', metric.value, {}, metric.exemplar)]
    if (type === 'gauge' || type === 'unknown') return [line('', metric.value, {})]
    const suffix = type === 'summary' ? '' : '_bucket'
    const label = type === 'summary' ? 'quantile' : 'le'
    return [
      line('_count', metric.count, {}),
      line('_sum', metric.sum, {}),
      ...metric.steps.map(({ bound, value, exemplar }) =>
        line(
          suffix,
          value,
          { [label]: boundText(bound) },
          type === 'summary' ? undefined : exemplar,
        ),
      ),
    ]
  })
}

export interface TextStyle {
  /** Between tokens where the format lets one choose. */
  readonly blank: string
  readonly isOpenMetrics: boolean
}

export function printFamilies(families: readonly Family[], style: TextStyle): string {
  const { isOpenMetrics } = style
  const lines = families.flatMap((family) => {
    const name = isPlain(family.name) ? family.name : quoted(family.name)
    const word = family.type === 'unknown' && !isOpenMetrics ? 'untyped' : family.type
    const help = family.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
    const head = [`# HELP ${name} ${isOpenMetrics ? help.replaceAll('"', '\\"') : help}`]
    if (isOpenMetrics || word !== 'gaugehistogram') head.push(`# TYPE ${name} ${word}`)
    const rows = family.metrics.flatMap((metric) => {
      const of = linesOf({ ...family, metrics: [metric] })
      const printed = of.map((line) => printLine(line, style))
      const { startTimestampMs } = of[0]!
      if (!isOpenMetrics || startTimestampMs === undefined) return printed
      const labels = { __name__: `${family.name}_created`, ...metric.labels }
      return [...printed, `${seriesText(labels, '')} ${seconds(startTimestampMs)}`]
    })
    return [...head, ...rows]
  })
  return `${[...lines, ...(isOpenMetrics ? ['# EOF'] : [])].join('\n')}\n`
}

function printLine(line: Line, { isOpenMetrics, blank }: TextStyle): string {
  const space = isOpenMetrics ? ' ' : blank || ' '
  const time = line.timestampMs
  const parts = [seriesText(line.labels, isOpenMetrics ? '' : blank), numberText(line.value)]
  if (time !== undefined) parts.push(isOpenMetrics ? seconds(time) : String(time))
  const [exemplar] = line.exemplars
  if (!isOpenMetrics || !exemplar) return parts.join(space)
  const { labels, value, timestampMs } = exemplar
  parts.push('#', seriesText(labels, '') || '{}', numberText(value))
  if (timestampMs !== undefined) parts.push(seconds(timestampMs))
  return parts.join(' ')
}

function seriesText(labels: Readonly<Record<string, string>>, blank: string): string {
  const { __name__: name = '', ...rest } = labels
  const inBraces = name !== '' && !isPlain(name) ? [quoted(name)] : []
  for (const [label, value] of Object.entries(rest)) {
    const key = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) ? label : quoted(label)
    inBraces.push(`${key}${blank}=${blank}${quoted(value)}`)
  }
  const before = isPlain(name) ? name : ''
  return inBraces.length > 0
    ? `${before}{${blank}${inBraces.join(`${blank},${blank}`)}${blank}}`
    : before
}

function isPlain(name: string): boolean {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)
}

function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  return `"${escaped}"`
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value).replace('Infinity', 'Inf')
}

function boundText(bound: number): string {
  if (bound === Infinity) return '+Inf'
  return Number.isInteger(bound) ? `${bound}.0` : String(bound)
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

const SCHEMA = protobuf
  .parse(`
  syntax = "proto3";
  message Timestamp { int64 seconds = 1; int32 nanos = 2; }
  message LabelPair { string name = 1; string value = 2; }
  message Exemplar { repeated LabelPair label = 1; double value = 2; Timestamp timestamp = 3; }
  message Number { double value = 1; Exemplar exemplar = 2; Timestamp start_timestamp = 3; }
  message Quantile { double quantile = 1; double value = 2; }
  message Summary {
    uint64 sample_count = 1; double sample_sum = 2; repeated Quantile quantile = 3;
    Timestamp start_timestamp = 4;
  }
  message Bucket {
    uint64 cumulative_count = 1; double upper_bound = 2; Exemplar exemplar = 3;
    double cumulative_count_float = 4;
  }
  message BucketSpan { sint32 offset = 1; uint32 length = 2; }
  message Histogram {
    uint64 sample_count = 1; double sample_sum = 2; repeated Bucket bucket = 3;
    double sample_count_float = 4; sint32 schema = 5; double zero_threshold = 6;
    uint64 zero_count = 7; double zero_count_float = 8;
    repeated BucketSpan negative_span = 9; repeated sint64 negative_delta = 10;
    repeated double negative_count = 11; repeated BucketSpan positive_span = 12;
    repeated sint64 positive_delta = 13; repeated double positive_count = 14;
    Timestamp start_timestamp = 15; repeated Exemplar exemplars = 16;
  }
  message Metric {
    repeated LabelPair label = 1; Number gauge = 2; Number counter = 3; Summary summary = 4;
    Number untyped = 5; int64 timestamp_ms = 6; Histogram histogram = 7;
  }
  message MetricFamily {
    string name = 1; string help = 2; int32 type = 3; repeated Metric metric = 4;
    string unit = 5;
  }
`)
  .root.lookupType('MetricFamily')

/** One message behind its length; fields by their names in camel case. */
export function encodeFamily(family: object): Buffer {
  return Buffer.from(SCHEMA.encodeDelimited(SCHEMA.fromObject(family)).finish())
}

const TYPE_NUMBERS: readonly Family['type'][] = [
  'counter',
  'gauge',
  'summary',
  'unknown',
  'histogram',
  'gaugehistogram',
]

export function encodeFamilies(families: readonly Family[]): Buffer {
  return Buffer.concat(
    families.map(({ name, help, type, metrics }) =>
      encodeFamily({
        ...{ name, help, type: TYPE_NUMBERS.indexOf(type) },
        metric: metrics.map((metric) => metricMessage(type, metric)),
      }),
    ),
  )
}

function metricMessage(type: Family['type'], metric: FamilyMetric): object {
  const { value, count, sum, steps, timestampMs = 0, startTimestampMs } = metric
  const start = startTimestampMs === undefined ? {} : { startTimestamp: time(startTimestampMs) }
  const base = { label: pairs(metric.labels), timestampMs }
  switch (type) {
    case 'gauge':
      return { ...base, gauge: { value } }
    case 'unknown':
      return { ...base, untyped: { value } }
    case 'counter':
      return { ...base, counter: { value, ...exemplarField(metric.exemplar), ...start } }
    case 'summary': {
      const quantile = steps.map((step) => ({ quantile: step.bound, value: step.value }))
      return { ...base, summary: { sampleCount: count, sampleSum: sum, quantile, ...start } }
    }
    default: {
      const bucket = steps.map((step) => ({
        cumulativeCount: step.value,
        upperBound: step.bound,
        ...exemplarField(step.exemplar),
      }))
      const histogram = { sampleCount: count, sampleSum: sum, bucket }
      return { ...base, histogram: type === 'histogram' ? { ...histogram, ...start } : histogram }
    }
  }
}

function exemplarField(exemplar: FamilyExemplar | undefined): object {
  if (!exemplar) return {}
  const { labels, value, timestampMs } = exemplar
  const timestamp = timestampMs === undefined ? {} : { timestamp: time(timestampMs) }
  return { exemplar: { label: pairs(labels), value, ...timestamp } }
}

function pairs(labels: Readonly<Record<string, string>>): object[] {
  return Object.entries(labels).map(([name, value]) => ({ name, value }))
}

function time(ms: number): object {
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 }
}
