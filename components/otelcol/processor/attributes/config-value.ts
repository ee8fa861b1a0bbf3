import type { AttributeValue } from '#pdata'
import { compileRe2, messageOf, Uint64, type Value } from '#sdk'

/**
 * A value of the config as an attribute holds it; undefined for what it can not hold, such as
 * secrets.
 */
export function toAttributeValue(value: Value): AttributeValue | undefined {
  if (value instanceof Uint64) {
    return value.value < 2n ** 63n ? value.value : undefined
  }
  if (Array.isArray(value)) {
    const items = value.map(toAttributeValue)
    return items.includes(undefined) ? undefined : (items as AttributeValue[])
  }
  if (value instanceof Map) {
    const pairs = new Map<string, AttributeValue>()
    for (const [key, one] of value as ReadonlyMap<string, Value>) {
      const held = toAttributeValue(one)
      if (held === undefined) return undefined
      pairs.set(key, held)
    }
    return pairs
  }
  const isPlain = value === null || typeof value !== 'object'
  return isPlain && typeof value !== 'function' ? (value as AttributeValue) : undefined
}

export function isSameValue(a: AttributeValue, b: AttributeValue): boolean {
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    return a.every((one, index) => isSameValue(one, b[index]))
  }
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false
    return [...a].every(([key, one]) => b.has(key) && isSameValue(one, b.get(key)))
  }
  return a === b
}

/** What is wrong with a regular expression; undefined for a good one. */
export function regexFault(pattern: string): string | undefined {
  try {
    compileRe2(pattern)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}
