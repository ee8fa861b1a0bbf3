/** Requests in OTLP/JSON as text for people. */
import type { OtlpSignal } from '#pdata'

type Tree = { readonly [name: string]: unknown }

/** A line per span, data point's metric or log record: what it is, and its attributes. */
export function itemLines(signal: OtlpSignal, request: Tree): readonly string[] {
  const [resources, scopes, items] = NAMES[signal]
  const lines: string[] = []
  for (const resource of trees(request[resources])) {
    const attributes = (resource['resource'] as Tree | undefined)?.['attributes']
    const service = attributesText(attributes, ['service.name'])
    for (const scope of trees(resource[scopes])) {
      for (const item of trees(scope[items])) lines.push(LINES[signal](item) + service)
    }
  }
  return lines
}

const NAMES = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
} as const

const LINES: Readonly<Record<OtlpSignal, (item: Tree) => string>> = {
  traces: ({ name = '', traceId = '', spanId = '', attributes }) =>
    `span ${name} trace=${traceId} span=${spanId}${attributesText(attributes)}`,
  metrics: (metric) => `metric ${metric['name'] ?? ''}${pointsText(metric)}`,
  logs: ({ severityText = '', severityNumber = '', body, attributes }) =>
    `log ${severityText || severityNumber} ${valueText(body)}${attributesText(attributes)}`,
}

const POINTS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']

function pointsText(metric: Tree): string {
  const data = POINTS.map((kind) => metric[kind] as Tree | undefined).find(Boolean)
  return trees(data?.['dataPoints'])
    .map((point) => {
      const value = point['asInt'] ?? point['asDouble'] ?? distributionText(point)
      return ` [${value}${attributesText(point['attributes'])}]`
    })
    .join('')
}

/** A count of 0 is not written in OTLP/JSON; a sum may not be known. */
function distributionText({ count = 0, sum }: Tree): string {
  return sum === undefined ? `count=${count}` : `count=${count} sum=${sum}`
}

/** Every field, a line each, indented by depth. */
export function detailedText(value: unknown, indent = ''): string {
  const lines: string[] = []
  for (const [name, field] of Object.entries(value as Tree)) {
    const list = Array.isArray(field) ? field : [field]
    for (const [index, one] of list.entries()) {
      const title = `${indent}${name}${Array.isArray(field) ? ` #${index}` : ''}`
      if (isTree(one) && 'key' in one)
        lines.push(`${title}: ${one['key']} = ${valueText(one['value'])}`)
      else if (isTree(one)) lines.push(title, ...fieldLines(one, indent))
      else lines.push(`${title}: ${one}`)
    }
  }
  return lines.join('\n')
}

/** An empty message has none. */
function fieldLines(message: Tree, indent: string): readonly string[] {
  return Object.keys(message).length > 0 ? [detailedText(message, `${indent}  `)] : []
}

function attributesText(attributes: unknown, only?: readonly string[]): string {
  return trees(attributes)
    .filter(({ key }) => !only || only.includes(String(key)))
    .map(({ key, value }) => ` ${key}=${valueText(value)}`)
    .join('')
}

/** The one field of an AnyValue, as JSON; numbers, which OTLP/JSON may quote, without quotes. */
function valueText(value: unknown): string {
  const [kind, content] = isTree(value) ? (Object.entries(value)[0] ?? []) : []
  switch (kind) {
    case undefined:
      return ''
    case 'intValue':
    case 'doubleValue':
      return String(content)
    case 'arrayValue':
      return `[${trees((content as Tree)['values'])
        .map(innerText)
        .join(', ')}]`
    case 'kvlistValue': {
      const pairs = trees((content as Tree)['values']).map(
        ({ key, value: inner }) => `${JSON.stringify(key ?? '')}: ${innerText(inner)}`,
      )
      return `{${pairs.join(', ')}}`
    }
    default:
      return JSON.stringify(content)
  }
}

function innerText(value: unknown): string {
  return valueText(value) || 'null'
}

function trees(value: unknown): readonly Tree[] {
  return Array.isArray(value) ? value.filter(isTree) : []
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
