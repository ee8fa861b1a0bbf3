import { type AttributeValue, decodeValue, encodeLabels, valueText } from '#pdata'
import { FIELD, FieldReader } from '#wire'
import { labelName } from './label-name.js'
import type { SampleOptions } from './options.js'
import { CommonLabels, type KnownPlans } from './series-labels.js'

const { Resource, InstrumentationScope, KeyValue } = FIELD

const SERVICE_NAME = 'service.name'
const SERVICE_NAMESPACE = 'service.namespace'
const SERVICE_INSTANCE = 'service.instance.id'
const IDENTIFYING: readonly string[] = [SERVICE_NAME, SERVICE_NAMESPACE, SERVICE_INSTANCE]

/** What a resource gives to the series of its points. */
export interface Target {
  /** `job` and `instance`, and other attributes where they are to be labels. */
  readonly labels: ReadonlyMap<string, string>
  /** Labels of `target_info`; undefined for a resource without attributes. */
  readonly info: Buffer | undefined
  readonly scopes: Map<string, Scope>
}

/** What a scope of a resource gives to the series of its points. */
export interface Scope {
  readonly common: CommonLabels
  /** Labels of `otel_scope_info`; undefined for a scope that says nothing of itself. */
  readonly info: Buffer | undefined
}

/** Of the resource body in `[start, end)`. */
export function readTarget(
  bytes: Buffer,
  start: number,
  end: number,
  options: SampleOptions,
): Target {
  const attributes = attributesIn(bytes, start, end, Resource.attributes)
  const identity = new Map<string, string>()
  const [name = '', namespace = ''] = [SERVICE_NAME, SERVICE_NAMESPACE].map((key) =>
    attributes.get(key),
  )
  // A namespace alone names no job.
  if (name !== '') identity.set('job', namespace === '' ? name : `${namespace}/${name}`)
  const instance = attributes.get(SERVICE_INSTANCE) ?? ''
  if (instance !== '') identity.set('instance', instance)
  const others = options.keep_identifying_resource_attributes
    ? attributes
    : new Map([...attributes].filter(([key]) => !IDENTIFYING.includes(key)))
  const info = new Map([...labelsOf(others), ...identity])
  const labels = options.resource_to_telemetry_conversion
    ? new Map([...labelsOf(attributes), ...identity])
    : identity
  return {
    labels,
    info: info.size > 0 ? infoLabels('target_info', info) : undefined,
    scopes: new Map(),
  }
}

/** Of the scope body in `[start, end)`. */
export function readScope(
  bytes: Buffer,
  start: number,
  end: number,
  target: Target,
  options: SampleOptions,
  plans: KnownPlans,
): Scope {
  let [name, version] = ['', '']
  const reader = new FieldReader(bytes, start, end)
  while (reader.next()) {
    const { number, value, end } = reader
    if (number === InstrumentationScope.name) name = bytes.toString('utf8', value, end)
    else if (number === InstrumentationScope.version) version = bytes.toString('utf8', value, end)
  }
  const own = new Map([
    ['otel_scope_name', name],
    ['otel_scope_version', version],
  ])
  const attributes = labelsOf(attributesIn(bytes, start, end, InstrumentationScope.attributes))
  const isSilent = name === '' && version === '' && attributes.size === 0
  const identity = ['job', 'instance'].flatMap((label): [string, string][] => {
    const value = target.labels.get(label)
    return value === undefined ? [] : [[label, value]]
  })
  const common = options.include_scope_labels ? [...target.labels, ...own] : target.labels
  return {
    common: new CommonLabels(new Map(common), plans),
    info: isSilent
      ? undefined
      : infoLabels('otel_scope_info', new Map([...attributes, ...own, ...identity])),
  }
}

/** As text by key; of a key that comes twice the first counts. */
function attributesIn(
  bytes: Buffer,
  start: number,
  end: number,
  number: number,
): Map<string, string> {
  const found = new Map<string, string>()
  const reader = new FieldReader(bytes, start, end)
  while (reader.next()) {
    if (reader.number !== number) continue
    const { key, value } = keyValueAt(bytes, reader.value, reader.end)
    if (!found.has(key)) found.set(key, valueText(value))
  }
  return found
}

/** Key and value of the KeyValue in `[start, end)`. */
export function keyValueAt(
  bytes: Buffer,
  start: number,
  end: number,
): { readonly key: string; readonly value: AttributeValue } {
  let key = ''
  let value: AttributeValue = null
  const reader = new FieldReader(bytes, start, end)
  while (reader.next()) {
    if (reader.number === KeyValue.key) key = bytes.toString('utf8', reader.value, reader.end)
    else if (reader.number === KeyValue.value) value = decodeValue(bytes, reader.value, reader.end)
  }
  return { key, value }
}

/** Values whose keys become the same label are joined, in the order of the keys. */
export function labelsOf(attributes: ReadonlyMap<string, string>): Map<string, string> {
  const labels = new Map<string, string>()
  const sorted = [...attributes].sort(([one], [other]) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  )
  for (const [key, text] of sorted) {
    const name = labelName(key)
    if (name === '' || name === '__name__') continue
    const before = labels.get(name)
    labels.set(name, before === undefined ? text : `${before};${text}`)
  }
  return labels
}

function infoLabels(name: string, labels: ReadonlyMap<string, string>): Buffer {
  return encodeLabels([...[...labels].flat(), '__name__', name])
}
