/** `string.*` */
import { changeCase, Secret } from '#sdk'
import { failure } from '../fault.js'
import { LIMITS } from '../limits.js'
import { define } from './definition.js'
import { format } from './format/format.js'
import { anything, pattern, rest, text, texts } from './parameters.js'
import { holdsSecret, withoutSecrets } from './secrets.js'

const INPUT = text('text', 'The string to look at.')

export const stringFunctions = [
  define({
    name: 'string.format',
    about: 'Fills values into a text, with the verbs of Go such as %s, %d, %q and %v.',
    parameters: [
      text('format', 'The text, with a verb for each value.'),
      rest(anything('values', 'What the verbs print; with a secret among them the result is one.')),
    ],
    result: 'any',
    call: ([template, values]) => {
      if (!values.some(holdsSecret)) return format(template, values.map(withoutSecrets))
      return new Secret(format(template, values.map(withoutSecrets)))
    },
  }),
  define({
    name: 'string.join',
    about: 'One string of many, with a separator between them.',
    parameters: [texts('items', 'The strings.'), text('separator', 'What stands between them.')],
    result: 'string',
    call: ([items, separator]) => {
      const separators = Math.max(items.length - 1, 0) * separator.length
      checkLength(items.reduce((sum, item) => sum + item.length, separators))
      return items.join(separator)
    },
  }),
  define({
    name: 'string.matches',
    about:
      'Whether a regular expression matches anywhere in a string; ^ and $ hold it to all of it.',
    parameters: [INPUT, pattern('pattern', 'The expression, in the syntax of RE2.')],
    result: 'bool',
    inAlloy: false,
    call: ([input, regex]) => regex.test(input),
  }),
  define({
    name: 'string.replace',
    about: 'The string with every occurrence of one text replaced by another.',
    parameters: [
      INPUT,
      text('old', 'What is replaced; "" stands before each character and at the end.'),
      text('new', 'What takes its place.'),
    ],
    result: 'string',
    call: ([input, old, replacement]) => {
      const parts = old === '' ? ['', ...input, ''] : input.split(old)
      checkLength(input.length + (parts.length - 1) * (replacement.length - old.length))
      return parts.join(replacement)
    },
  }),
  define({
    name: 'string.split',
    about: 'The parts of a string between separators.',
    parameters: [INPUT, text('separator', 'What stands between parts; "" parts all characters.')],
    result: 'array',
    call: ([input, separator]) => (separator === '' ? [...input] : input.split(separator)),
  }),
  define({
    name: 'string.to_lower',
    about: 'The string in lower case.',
    parameters: [INPUT],
    result: 'string',
    call: ([input]) => changeCase(input, 'lower'),
  }),
  define({
    name: 'string.to_upper',
    about: 'The string in upper case.',
    parameters: [INPUT],
    result: 'string',
    call: ([input]) => changeCase(input, 'upper'),
  }),
  define({
    name: 'string.trim',
    about: 'The string without the given characters at its start and end.',
    parameters: [INPUT, text('characters', 'Each of them is removed, in any order.')],
    result: 'string',
    call: ([input, characters]) => {
      const unwanted = new Set(characters)
      return trimWhere(input, (character) => unwanted.has(character))
    },
  }),
  define({
    name: 'string.trim_prefix',
    about: 'The string without a text it starts with.',
    parameters: [INPUT, text('prefix', 'Removed once, if it is there.')],
    result: 'string',
    call: ([input, prefix]) => (input.startsWith(prefix) ? input.slice(prefix.length) : input),
  }),
  define({
    name: 'string.trim_suffix',
    about: 'The string without a text it ends with.',
    parameters: [INPUT, text('suffix', 'Removed once, if it is there.')],
    result: 'string',
    call: ([input, suffix]) =>
      input.endsWith(suffix) ? input.slice(0, input.length - suffix.length) : input,
  }),
  define({
    name: 'string.trim_space',
    about: 'The string without white space at its start and end.',
    parameters: [INPUT],
    result: 'string',
    call: ([input]) => trimWhere(input, (character) => /\p{White_Space}/u.test(character)),
  }),
]

function trimWhere(input: string, isUnwanted: (character: string) => boolean): string {
  const characters = [...input]
  const start = characters.findIndex((character) => !isUnwanted(character))
  if (start < 0) return ''
  const end = characters.findLastIndex((character) => !isUnwanted(character))
  return characters.slice(start, end + 1).join('')
}

function checkLength(length: number): void {
  if (length > LIMITS.textLength) throw failure([], LIMITS.textTooLong)
}
