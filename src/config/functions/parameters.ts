/**
 * The kinds of parameters: what each takes, and how arguments are converted, as Alloy converts
 * them.
 */
import { compileRe2, messageOf, OptionalSecret, Secret, type Value } from '#sdk'
import { isArray, isNumber, isObject, type Kind } from '../kind.js'
import { textOfNumber } from '../numbers.js'
import type { Parameter, Refuse } from './definition.js'

/** Makes the parameters of one kind; each has its own name and sentence. */
function parameter<T>(
  type: string,
  expected: string,
  accepts: readonly Kind[],
  convert: (value: Value, refuse: Refuse, expected: string) => T,
): (name: string, about: string) => Parameter<T> {
  return (name, about) => ({
    name,
    about,
    type,
    expected,
    accepts,
    presence: 'required',
    convert: (value, refuse) => convert(value, refuse, expected),
  })
}

/** A string, also from a number or null (""); no secret. */
export const text = parameter(
  'string',
  'a string',
  ['string', 'number', 'null', 'capsule'],
  (value, refuse, expected) => textOf(value) ?? refuse([], expected, value),
)

/** A list of strings, each converted as `text` does; null is an empty list. */
export const texts = parameter(
  'list of strings',
  'a list of strings',
  ['array', 'null'],
  (value, refuse, expected): readonly string[] => {
    if (value === null) return []
    if (!isArray(value)) return refuse([], expected, value)
    return value.map((item, index) => textOf(item) ?? refuse([index], 'a string', item))
  },
)

/** The text of a string or a secret; null is "". */
export const sensitive = parameter(
  'string or secret',
  'a string or a secret',
  ['string', 'null', 'capsule'],
  (value, refuse, expected) => {
    if (value instanceof Secret) return value.reveal()
    if (value instanceof OptionalSecret) return value.text
    return typeof value === 'string' ? value : value === null ? '' : refuse([], expected, value)
  },
)

export const list = parameter('list', 'a list', ['array'], (value, refuse, expected) =>
  isArray(value) ? value : refuse([], expected, value),
)

export const objects = parameter(
  'list of objects',
  'a list of objects',
  ['array'],
  (value, refuse, expected): readonly ReadonlyMap<string, Value>[] => {
    if (!isArray(value)) return refuse([], expected, value)
    return value.map((item, index) => (isObject(item) ? item : refuse([index], 'an object', item)))
  },
)

export const object = parameter('object', 'an object', ['object'], (value, refuse, expected) =>
  isObject(value) ? value : refuse([], expected, value),
)

/** At least one string; nothing is converted. */
export const keys = parameter(
  'list of strings',
  'a list of strings',
  ['array'],
  (value, refuse, expected): readonly string[] => {
    if (!isArray(value)) return refuse([], expected, value)
    if (value.length === 0) return refuse([], 'a list of at least one string', value)
    return value.map((item, index) =>
      typeof item === 'string' ? item : refuse([index], 'a string', item),
    )
  },
)

/** A string; nothing is converted. */
export const key = parameter('string', 'a string', ['string'], (value, refuse, expected) =>
  typeof value === 'string' ? value : refuse([], expected, value),
)

/** A list or an object. */
export const collection = parameter(
  'list or object',
  'a list or an object',
  ['array', 'object'],
  (value, refuse, expected) =>
    isArray(value) || isObject(value) ? value : refuse([], expected, value),
)

/** The source of a regular expression; decodes to the compiled one. */
export const pattern = parameter(
  'RE2 pattern',
  'an RE2 regular expression',
  ['string'],
  (value, refuse, expected) => {
    if (typeof value !== 'string') return refuse([], expected, value)
    try {
      return compileRe2(value)
    } catch (error) {
      return refuse([], `${expected} (${messageOf(error)})`, value)
    }
  },
)

export const flag = parameter('bool', 'true or false', ['bool'], (value, refuse, expected) =>
  typeof value === 'boolean' ? value : refuse([], expected, value),
)

export const anything = parameter('any', 'a value', [], (value) => value)

export function optional<T>(required: Parameter<T>): Parameter<T, 'optional'> {
  return { ...required, presence: 'optional' }
}

/** All further arguments. */
export function rest<T>(required: Parameter<T>): Parameter<T, 'rest'> {
  return { ...required, presence: 'rest' }
}

function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (isNumber(value)) return textOfNumber(value)
  return value instanceof OptionalSecret && !value.isSecret ? value.text : undefined
}
