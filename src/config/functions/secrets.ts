/** What a secret feeds is a secret: for functions that write whole values into a text. */
import { OptionalSecret, Secret, type Value } from '#sdk'
import { isArray, isObject } from '../kind.js'

/** Whether a secret is in it. */
export function holdsSecret(value: Value): boolean {
  if (isArray(value)) return value.some(holdsSecret)
  if (isObject(value)) return [...value.values()].some(holdsSecret)
  return value instanceof Secret || (value instanceof OptionalSecret && value.isSecret)
}

/** The value with plain strings for secrets: whoever calls makes the result a secret again. */
export function withoutSecrets(value: Value): Value {
  if (isArray(value)) return value.map(withoutSecrets)
  if (isObject(value)) {
    return new Map([...value].map(([name, inner]) => [name, withoutSecrets(inner)]))
  }
  if (value instanceof Secret) return value.reveal()
  return value instanceof OptionalSecret ? value.text : value
}
