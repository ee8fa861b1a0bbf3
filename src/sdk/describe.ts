/**
 * A schema in words and as JSON: what messages, `weir explain`, the README tables and editors show.
 */
import { CONSUMER_CAPSULES, capsuleOf } from './capsules.js'
import type { HandlerPower } from './component.js'
import type { ExportShape } from './define.js'
import { formatDuration, formatSize } from './quantity.js'
import type { Field, Schema, TypeShape } from './schema.js'

const HANDLERS: Readonly<Record<HandlerPower, string>> = {
  'client-auth': 'a handler that puts credentials on requests',
  'server-auth': 'a handler that checks the credentials of senders',
  storage: 'a handler of otelcol.storage.file',
}

/** What a value must be, as it reads after "needs": "a whole number from 1 to 10". */
export function describeType(shape: TypeShape): string {
  switch (shape.kind) {
    case 'string':
      return shape.oneOf ? `one of ${shape.oneOf.map((one) => `"${one}"`).join(', ')}` : 'a string'
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `a whole number${range(shape.min, shape.max, String)}`
    case 'number':
      return `a number${range(shape.min, shape.max, String)}`
    case 'duration':
      return `a duration such as "1m30s"${range(shape.min, shape.max, formatDuration)}`
    case 'size':
      return `a size such as "4MiB"${range(shape.min, shape.max, formatSize)}`
    case 'secret':
    case 'string-or-secret':
      return 'a string or a secret'
    case 'list':
      return shape.item.kind === 'consumer'
        ? CONSUMER_CAPSULES[capsuleOf(shape.item.signal)].several
        : `a list, each ${item(shape)}`
    case 'map':
      return `an object, each value ${item(shape)}`
    case 'consumer':
      return CONSUMER_CAPSULES[capsuleOf(shape.signal)].about
    case 'handler':
      return `${HANDLERS[shape.power]}, such as otelcol.auth.basic.default.handler`
    case 'relabel-rules':
      return 'relabelling rules, such as discovery.relabel.default.rules'
    case 'any':
      return 'a value'
  }
}

function item(shape: TypeShape & { readonly kind: 'list' | 'map' }): string {
  return describeType(shape.item)
}

function range(min: number, max: number, show: (value: number) => string): string {
  const lowest = min > Number.MIN_SAFE_INTEGER && (min !== 0 || show === String)
  const highest = max < Number.MAX_SAFE_INTEGER
  if (lowest && highest) return ` from ${show(min)} to ${show(max)}`
  if (lowest) return `, ${show(min)} or more`
  return highest ? `, at most ${show(max)}` : ''
}

/** A type in a word or two, for tables. */
export function nameOfType(shape: TypeShape): string {
  switch (shape.kind) {
    case 'boolean':
      return 'bool'
    case 'integer':
      return 'int'
    case 'string-or-secret':
      return 'string or secret'
    case 'consumer':
      return capsuleOf(shape.signal)
    case 'handler':
      return 'otelcol.Handler'
    case 'relabel-rules':
      return 'relabel.Rules'
    case 'list':
    case 'map':
      return `${shape.kind}(${nameOfType(shape.item)})`
    case 'string':
    case 'number':
    case 'duration':
    case 'size':
    case 'secret':
    case 'any':
      return shape.kind
  }
}

/** An export in a word or two, for tables. */
export function nameOfExport(shape: ExportShape): string {
  return shape.kind === 'consumer' ? shape.capsule : shape.kind
}

/** One body of a component: its own (path empty) or that of a nested block. */
export interface BodyDescription {
  /** Names of blocks from the outermost: ["grpc", "keepalive"]. */
  readonly path: readonly string[]
  readonly about: string
  readonly required: boolean
  readonly repeated: boolean
  readonly attributes: readonly AttributeDescription[]
}

export interface AttributeDescription {
  readonly name: string
  readonly type: string
  /** As one would write it; undefined when leaving it out has a meaning of its own. */
  readonly default: string | undefined
  readonly required: boolean
  readonly about: string
  readonly deprecated: string | undefined
}

/** The body and all nested ones, depth first in the order they are declared. */
export function describeSchema(schema: Schema): readonly BodyDescription[] {
  const bodies: BodyDescription[] = []
  const walk = (body: Schema, head: Omit<BodyDescription, 'attributes'>) => {
    const attributes = Object.entries(body.fields).flatMap(([name, field]) =>
      field.form === 'attribute' ? [describeAttribute(name, field)] : [],
    )
    bodies.push({ ...head, attributes })
    for (const [name, field] of Object.entries(body.fields)) {
      const { about } = field
      if (field.form === 'block') {
        const { required, repeated } = field
        walk(field.schema, { path: [...head.path, name], about, required, repeated })
      } else if (field.form === 'variants') {
        for (const [kind, variant] of Object.entries(field.variants)) {
          const path = [...head.path, `${name}.${kind}`]
          walk(variant, { path, about, required: false, repeated: true })
        }
      }
    }
  }
  walk(schema, { path: [], about: '', required: false, repeated: false })
  return bodies
}

function describeAttribute(
  name: string,
  field: Field & { form: 'attribute' },
): AttributeDescription {
  const { type, defaultText, required, about, deprecated } = field
  return { name, type: nameOfType(type), default: defaultText, required, about, deprecated }
}

/** The arguments of a component as a JSON schema (2020-12), for editors and generators. */
export function jsonSchemaOf(schema: Schema): Record<string, unknown> {
  const properties: Record<string, unknown> = {}
  const required: string[] = []
  for (const [name, field] of Object.entries(schema.fields)) {
    if (field.form === 'label') continue
    properties[name] = { description: field.about, ...jsonFieldOf(field) }
    if ('required' in field && field.required) required.push(name)
  }
  const additionalProperties = schema.entries ? jsonTypeOf(schema.entries) : false
  return { type: 'object', properties, required, additionalProperties }
}

function jsonFieldOf(field: Exclude<Field, { form: 'label' }>): Record<string, unknown> {
  switch (field.form) {
    case 'attribute': {
      const { type, defaultText, deprecated } = field
      return {
        ...jsonTypeOf(type),
        ...(defaultText === undefined ? {} : { default: JSON.parse(defaultText) as unknown }),
        ...(deprecated === undefined ? {} : { deprecated: true }),
      }
    }
    case 'block': {
      const one = jsonSchemaOf(field.schema)
      return field.repeated ? { type: 'array', items: one } : one
    }
    case 'variants': {
      const kinds = Object.entries(field.variants).map(([kind, variant]) => [
        kind,
        jsonSchemaOf(variant),
      ])
      return { type: 'array', items: { type: 'object', properties: Object.fromEntries(kinds) } }
    }
  }
}

function jsonTypeOf(shape: TypeShape): Record<string, unknown> {
  switch (shape.kind) {
    case 'string':
      return shape.oneOf ? { type: 'string', enum: shape.oneOf } : { type: 'string' }
    case 'integer':
    case 'number': {
      const bound = (value: number) => (Number.isSafeInteger(value) ? value : undefined)
      return { type: shape.kind, minimum: bound(shape.min), maximum: bound(shape.max) }
    }
    case 'boolean':
      return { type: 'boolean' }
    case 'list':
      return { type: 'array', items: jsonTypeOf(shape.item) }
    case 'map':
      return { type: 'object', additionalProperties: jsonTypeOf(shape.item) }
    case 'duration':
    case 'size':
    case 'secret':
    case 'string-or-secret':
    case 'consumer':
    case 'handler':
    case 'relabel-rules':
      return { type: 'string', format: nameOfType(shape) }
    case 'any':
      return {}
  }
}
