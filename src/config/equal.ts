import { FunctionValue, OptionalSecret, Secret, type Value } from '#sdk'
import { isArray, isNumber, isObject } from './kind.js'
import { type NumberValue, toFloat, toInt64 } from './numbers.js'

/**
 * `==`: deep; 3 == 3.0; values of different types and functions never; consumers when they are one.
 */
export function valuesEqual(a: Value, b: Value): boolean {
  if (isNumber(a)) return isNumber(b) && numbersEqual(a, b)
  if (isArray(a)) {
    return (
      isArray(b) && a.length === b.length && a.every((item, index) => valuesEqual(item, b[index]!))
    )
  }
  if (isObject(a)) return isObject(b) && objectsEqual(a, b)
  if (a instanceof Secret) return b instanceof Secret && a.equals(b)
  if (a instanceof OptionalSecret) {
    return b instanceof OptionalSecret && a.isSecret === b.isSecret && a.text === b.text
  }
  return a === b && !(a instanceof FunctionValue)
}

/** A float makes it floats; else signed, so that 18446744073709551615 == -1, as Alloy has it. */
function numbersEqual(a: NumberValue, b: NumberValue): boolean {
  if (typeof a === 'number' || typeof b === 'number') return toFloat(a) === toFloat(b)
  return toInt64(a) === toInt64(b)
}

function objectsEqual(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a) {
    const other = b.get(key)
    if (other === undefined || !valuesEqual(value, other)) return false
  }
  return true
}
