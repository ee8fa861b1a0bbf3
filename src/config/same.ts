import { Capsule } from '#sdk'

/**
 * Whether two decoded arguments mean the same. Consumers and handlers are the same when they are
 * one object.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (a instanceof Capsule) return a.same(b)
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]))
  }
  if (a instanceof Map && b instanceof Map) return sameEntries([...a], b)
  if (!isPlain(a) || !isPlain(b)) return false
  return sameEntries(Object.entries(a), new Map(Object.entries(b)))
}

function sameEntries(
  entries: readonly [unknown, unknown][],
  other: Map<unknown, unknown>,
): boolean {
  return (
    entries.length === other.size &&
    entries.every(([key, value]) => other.has(key) && sameValue(value, other.get(key)))
  )
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && value.constructor === Object
}
