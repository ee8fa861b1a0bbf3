/** Small requests as tests write them, and what is left of their attributes. */
import { type AttributeValue, type Batch, decodeValue, encodeValue, type OtlpSignal } from '#pdata'
import {
  decodeMessage,
  decodeRequest,
  encodeMessage,
  encodeRequest,
  type Plain,
} from './otlp-oracle.js'

export type Attrs = Readonly<Record<string, AttributeValue>>

/** Items under one resource and one scope. */
export interface Group {
  readonly resource?: Attrs
  readonly scope?: Plain
  /** Spans, log records or metrics; `attrs` stands for the attributes of each. */
  readonly items: readonly (Plain & { readonly attrs?: Attrs })[]
}

const NAMES = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
} as const

export function attributesFrom(attrs: Attrs = {}): Plain[] {
  return Object.entries(attrs).map(([key, value]) => ({
    key,
    value: decodeMessage('AnyValue', encodeValue(value)),
  }))
}

export function attributesTo(list: readonly Plain[] = []): Attrs {
  return Object.fromEntries(
    list.map(({ key, value }) => [key, decodeValue(encodeMessage('AnyValue', value ?? {}))]),
  )
}

export function encodeGroups(signal: OtlpSignal, groups: readonly Group[]): Buffer {
  const [resources, scopes, records] = NAMES[signal]
  const encoded = groups.map(({ resource, scope, items }) => {
    const list = items.map(({ attrs, ...item }) => ({ ...item, attributes: attributesFrom(attrs) }))
    return {
      resource: { attributes: attributesFrom(resource) },
      [scopes]: [{ scope, [records]: list }],
    }
  })
  return encodeRequest(signal, { [resources]: encoded })
}

/** The items of each resource. */
export function groupsOf(signal: OtlpSignal, batch: Batch): { resource: Attrs; items: Plain[] }[] {
  const [resources, scopes, records] = NAMES[signal]
  const request = decodeRequest(signal, Buffer.concat(batch.chunks))
  return (request[resources] as Plain[]).map((one) => ({
    resource: attributesTo(one['resource']?.attributes),
    items: (one[scopes] as Plain[]).flatMap((scope) => scope[records] as Plain[]),
  }))
}
