/** The standard library: what every expression can use. */
import type { Value } from '#sdk'
import type { Environment } from '../environment.js'
import { arrayFunctions } from './arrays.js'
import type { FunctionDefinition, LibraryFunction } from './definition.js'
import { encodingFunctions } from './encoding.js'
import { generalFunctions } from './general.js'
import { jsonPathFunction } from './json-path/json-path.js'
import { stringFunctions } from './strings.js'

/** Names of before there were families. */
const ALIASES: readonly (readonly [string, string])[] = [
  ['base64_decode', 'encoding.from_base64'],
  ['concat', 'array.concat'],
  ['env', 'sys.env'],
  ['format', 'string.format'],
  ['join', 'string.join'],
  ['json_decode', 'encoding.from_json'],
  ['nonsensitive', 'convert.nonsensitive'],
  ['replace', 'string.replace'],
  ['split', 'string.split'],
  ['to_lower', 'string.to_lower'],
  ['to_upper', 'string.to_upper'],
  ['trim', 'string.trim'],
  ['trim_prefix', 'string.trim_prefix'],
  ['trim_space', 'string.trim_space'],
  ['trim_suffix', 'string.trim_suffix'],
  ['yaml_decode', 'encoding.from_yaml'],
]

const CONSTANTS = 'constants'

const library = new Map<string, LibraryFunction>()
for (const one of [
  ...arrayFunctions,
  ...encodingFunctions,
  ...generalFunctions,
  ...stringFunctions,
  jsonPathFunction,
]) {
  library.set(one.name, one)
}
for (const [name, target] of ALIASES) library.set(name, library.get(target)!.renamed(name))

/** Every function by its name, such as "string.join"; deprecated names too. */
export const functions: ReadonlyMap<string, FunctionDefinition> = new Map(
  [...library].map(([name, { definition }]) => [name, definition]),
)

/** Functions without a family, and the families as objects of functions. */
const roots = new Map<string, Value>()
for (const [name, one] of library) {
  const [family = '', member] = name.split('.')
  if (member === undefined) roots.set(name, one)
  else
    roots.set(
      family,
      new Map([...((roots.get(family) as Map<string, Value>) ?? []), [member, one]]),
    )
}

/** What expressions can name without a component: functions, families of them and `constants`. */
export const libraryRoots: readonly string[] = [...roots.keys(), CONSTANTS]

export function libraryValue(name: string, environment: Environment): Value | undefined {
  return name === CONSTANTS ? environment.constants : roots.get(name)
}
