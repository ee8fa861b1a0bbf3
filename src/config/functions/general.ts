/** Functions that belong to no family. */
import { join, normalize, sep } from 'node:path'
import { OptionalSecret, Secret, type Value } from '#sdk'
import { isArray, isNumber, isObject } from '../kind.js'
import { toFloat } from '../numbers.js'
import { Unknown } from '../unknown.js'
import { define } from './definition.js'
import { anything, flag, rest, sensitive, text } from './parameters.js'

/** `evaluate` calls it only for the faults of its condition. */
export const ifFunction = define({
  name: 'if',
  about: 'The second value if the condition holds, else the third; only that one is evaluated.',
  parameters: [
    flag('condition', 'What decides.'),
    anything('then', 'The result if it is true.'),
    anything('otherwise', 'The result if it is false.'),
  ],
  result: 'any',
  inAlloy: false,
  call: ([condition, then, otherwise]) => (condition ? then : otherwise),
})

export const generalFunctions = [
  ifFunction,
  define({
    name: 'coalesce',
    about: 'The first value that is not null, empty, 0 or false; else the last one.',
    parameters: [rest(anything('values', 'What to choose from.'))],
    result: 'any',
    call: ([values]) => values.find((value) => !isEmpty(value)) ?? values.at(-1) ?? null,
  }),
  define({
    name: 'convert.nonsensitive',
    about: 'The plain string of a secret; it is no longer hidden anywhere.',
    parameters: [sensitive('secret', 'The secret.')],
    result: 'string',
    call: ([secret]) => secret,
  }),
  define({
    name: 'file.path_join',
    about: 'One cleaned path of many parts, with the separator of the operating system.',
    parameters: [rest(text('parts', 'The parts; empty ones are left out.'))],
    result: 'string',
    call: ([parts]) => joinPath(parts.filter((part) => part !== '')),
  }),
  define({
    name: 'sys.env',
    about: 'The value of an environment variable; "" when it is not set.',
    parameters: [text('name', 'The name of the variable.')],
    result: 'string',
    call: ([name], { environment, lenient }) =>
      environment.env(name) ?? (lenient ? new Unknown('string') : ''),
  }),
]

function isEmpty(value: Value): boolean {
  if (value === null || value === false || value === '') return true
  if (isNumber(value)) return toFloat(value) === 0
  if (isArray(value)) return value.length === 0
  if (isObject(value)) return value.size === 0
  if (value instanceof Secret) return value.reveal() === ''
  return value instanceof OptionalSecret && value.text === '' && !value.isSecret
}

/** Unlike Node's join, without a separator at the end. */
function joinPath(parts: readonly string[]): string {
  if (parts.length === 0) return ''
  const path = normalize(join(...parts))
  return path.length > sep.length && path.endsWith(sep) && !/^[a-z]:.$/i.test(path)
    ? path.slice(0, -sep.length)
    : path
}
