/** Values as messages show them. A secret is never shown, and nothing is shown at length. */
import {
  CONSUMER_CAPSULES,
  ExportedConsumer,
  ExportedHandler,
  ExportedRules,
  FunctionValue,
  OptionalSecret,
  Secret,
  type Value,
} from '#sdk'
import { isArray, isNumber, isObject, type Kind, kindOf, typeName } from './kind.js'
import { textOfNumber } from './numbers.js'
import { Unknown } from './unknown.js'

const SHOWN_LENGTH = 60

/** A type as it reads after "must be". Of capsules, expressions can only make secrets. */
const NOUNS: Readonly<Record<Kind, string>> = {
  null: 'null',
  bool: 'true or false',
  number: 'a number',
  string: 'a string',
  array: 'a list',
  object: 'an object',
  function: 'a function',
  capsule: 'a secret',
}

export function nounOf(kind: Kind): string {
  return NOUNS[kind]
}

/** What a value is, without its content: "a number". */
export function describeKind(value: Value): string {
  if (value instanceof Unknown) return value.kind === undefined ? 'a value' : nounOf(value.kind)
  const kind = kindOf(value)
  if (kind === 'bool') return 'a bool'
  if (kind !== 'capsule') return nounOf(kind)
  if (value instanceof OptionalSecret && !value.isSecret) return nounOf('string')
  if (value instanceof ExportedConsumer) {
    return `the ${CONSUMER_CAPSULES[value.capsule].exported} of ${value.owner}`
  }
  if (value instanceof ExportedHandler) return `the handler of ${value.owner}`
  if (value instanceof ExportedRules) return String(value)
  return value instanceof Secret || value instanceof OptionalSecret
    ? 'a secret'
    : `a ${typeName(value)}`
}

/** What a value is, with its content where that is short: 'the string "many"', 'the number 5'. */
export function describeValue(value: Value): string {
  const isText = value instanceof OptionalSecret && !value.isSecret
  if (isText || typeof value === 'string') return `the string ${showValue(value)}`
  if (typeof value === 'boolean') return String(value)
  if (isNumber(value)) return `the number ${showValue(value)}`
  if (value instanceof FunctionValue) return `the function ${value.name}`
  return describeKind(value)
}

/** As one would write it in a config, cut to about `length` characters. */
export function showValue(value: Value, length = SHOWN_LENGTH): string {
  const parts: string[] = []
  let room = length
  const write = (text: string) => {
    if (room > 0) parts.push(text.length > room ? `${text.slice(0, room)}…` : text)
    room -= text.length
  }
  const show = (one: Value): void => {
    if (room <= 0) return
    if (isArray(one)) showAll('[', one, ']', show)
    else if (isObject(one)) {
      showAll('{', one, '}', ([key, inner]: readonly [string, Value]) => {
        write(`${/^[a-z_]\w*$/i.test(key) ? key : JSON.stringify(key)} = `)
        show(inner)
      })
    } else write(showLeaf(one, room))
  }
  const showAll = <T>(open: string, items: Iterable<T>, close: string, each: (item: T) => void) => {
    write(open)
    let first = true
    for (const item of items) {
      if (room <= 0) return
      if (!first) write(', ')
      first = false
      each(item)
    }
    write(close)
  }
  show(value)
  return parts.join('')
}

function showLeaf(value: Value, room: number): string {
  if (typeof value === 'string') {
    const shown = JSON.stringify(value.slice(0, room))
    return value.length > room ? `${shown}…` : shown
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (isNumber(value)) return textOfNumber(value)
  if (value instanceof FunctionValue) return value.name
  if (value instanceof OptionalSecret && !value.isSecret) return showLeaf(value.text, room)
  return value instanceof Secret || value instanceof OptionalSecret ? '(secret)' : typeName(value)
}
