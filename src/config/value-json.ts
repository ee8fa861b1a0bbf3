import { OptionalSecret, Secret, Uint64, type Value } from '#sdk'
import { isArray, isObject, typeName } from './kind.js'
import { textOfNumber } from './numbers.js'

/**
 * A value as JSON text, keys sorted by their bytes. Whole numbers keep all their digits; NaN and
 * the infinities are strings, as are secrets: "(secret)".
 */
export function valueToJson(value: Value): string {
  if (isArray(value)) return `[${value.map(valueToJson).join(',')}]`
  if (isObject(value)) {
    const fields = sortedKeys(value).map((key) => {
      return `${JSON.stringify(key)}:${valueToJson(value.get(key)!)}`
    })
    return `{${fields.join(',')}}`
  }
  if (typeof value === 'number') return jsonOfFloat(value) ?? JSON.stringify(textOfNumber(value))
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Uint64) return String(value.value)
  if (value === null || typeof value === 'boolean' || typeof value === 'string') {
    return JSON.stringify(value)
  }
  if (value instanceof Secret || value instanceof OptionalSecret) return JSON.stringify(`${value}`)
  return JSON.stringify(typeName(value))
}

/** Go's spelling of a float in JSON; undefined for those that JSON lacks. */
export function jsonOfFloat(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined
  return Object.is(value, -0) ? '-0' : String(value)
}

export function sortedKeys(object: ReadonlyMap<string, unknown>): readonly string[] {
  return [...object.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}
