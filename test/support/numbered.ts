/** Items that carry a number, so that a test can tell which are lost and which came twice. */
import type { OtlpSignal } from '#wire'
import { decodeRequest, encodeRequest, type Plain } from './otlp-oracle.js'

/** One request of an item for each number; `extraBytes` make the request as much larger. */
export function numberedRequest(
  signal: OtlpSignal,
  numbers: readonly number[],
  extraBytes = 0,
): Buffer {
  const attributes = [{ key: 'extra', value: { stringValue: 'x'.repeat(extraBytes) } }]
  const resource = extraBytes > 0 ? { resource: { attributes } } : {}
  switch (signal) {
    case 'traces':
      return encodeRequest(signal, {
        resourceSpans: [{ ...resource, scopeSpans: [{ spans: numbers.map(spanNamed) }] }],
      })
    case 'logs':
      return encodeRequest(signal, {
        resourceLogs: [{ ...resource, scopeLogs: [{ logRecords: numbers.map(recordNamed) }] }],
      })
    case 'metrics':
      return encodeRequest(signal, {
        resourceMetrics: [{ ...resource, scopeMetrics: [{ metrics: numbers.map(gaugeNamed) }] }],
      })
  }
}

/** The numbers in a request, in its order. */
export function numbersIn(signal: OtlpSignal, bytes: Buffer): readonly number[] {
  const body = decodeRequest(signal, bytes)
  const numbers: number[] = []
  const [resources, scopes, items, name] = NAMES[signal]
  for (const resource of (body[resources] ?? []) as Plain[]) {
    for (const scope of (resource[scopes] ?? []) as Plain[]) {
      for (const item of (scope[items] ?? []) as Plain[]) numbers.push(Number(item[name]))
    }
  }
  return numbers
}

const NAMES = {
  traces: ['resourceSpans', 'scopeSpans', 'spans', 'name'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics', 'name'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords', 'severityText'],
} as const

function spanNamed(number: number): Plain {
  const id = number.toString(16)
  return {
    name: String(number),
    traceId: Buffer.from(id.padStart(32, '0'), 'hex'),
    spanId: Buffer.from(id.padStart(15, '0').padStart(16, '1'), 'hex'),
  }
}

function recordNamed(number: number): Plain {
  return { severityText: String(number), body: { stringValue: 'numbered' } }
}

function gaugeNamed(number: number): Plain {
  return { name: String(number), gauge: { dataPoints: [{ asInt: String(number) }] } }
}
