import { Capsule, FunctionValue, Uint64, type Value } from '#sdk'

/** The types of the language. */
export type Kind =
  | 'null'
  | 'bool'
  | 'number'
  | 'string'
  | 'array'
  | 'object'
  | 'function'
  | 'capsule'

export function kindOf(value: Value): Kind {
  if (value === null) return 'null'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (isNumber(value)) return 'number'
  if (isArray(value)) return 'array'
  if (isObject(value)) return 'object'
  return value instanceof FunctionValue ? 'function' : 'capsule'
}

/** As the language names the type: `number`, `capsule("otelcol.Consumer")`. */
export function typeName(value: Value): string {
  return value instanceof Capsule ? `capsule("${value.capsule}")` : kindOf(value)
}

export function isNumber(value: Value): value is number | bigint | Uint64 {
  return typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint64
}

export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

export function isObject(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map
}
