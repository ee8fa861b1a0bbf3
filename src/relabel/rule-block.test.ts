import { expect, test } from 'vitest'
import { attributes, defineExtension } from '#sdk'
import { checkBody } from '#support'
import { ruleBlocks } from './rule-block.js'

const component = defineExtension({
  name: 'test.relabel',
  stability: 'generally-available',
  about: 'Has rules.',
  schema: attributes({ rule: ruleBlocks() }),
  exports: {},
  create: () => ({ stop: async () => {} }),
})

/** The text a diagnostic marks, and what it says. */
function faults(rule: string): readonly string[] {
  return checkBody(component, `rule {\n${rule}\n}`).diagnostics.map(({ at, message }) => {
    return `${at.source.text.slice(at.start, at.end)}: ${message}`
  })
}

const ROWS: readonly (readonly [rule: string, ...faults: string[]])[] = [
  ['target_label = "a"'],
  ['target_label = "http.status"'],
  ['action = "drop"'],
  ['action = "hashmod"\nmodulus = 4\ntarget_label = "a"'],
  ['action = "labeldrop"\nregex = "a"'],
  ['action = "keepequal"\nsource_labels = ["a"]\ntarget_label = "b"'],
  ['action = "labelmap"\nregex = "a_(.*)"'],
  ['regex = null\nreplacement = null\ntarget_label = "a"'],
  ['', 'rule: the action "replace" needs target_label'],
  ['action = "uppercase"', 'rule: the action "uppercase" needs target_label'],
  [
    'action = "Keep"',
    `"Keep": "action" needs one of "replace", "keep", "drop", "keepequal", "dropequal", "hashmod", \
"labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase", and got the string "Keep"`,
  ],
  [
    'action = "keep"\nregex = "a(b"',
    '"a(b": "regex" needs an RE2 regular expression (error parsing regexp: missing closing ): ' +
      '`a(b`), and got the string "a(b"',
  ],
  [
    'action = "keep"\nregex = "(?=a)"',
    '"(?=a)": "regex" needs an RE2 regular expression (error parsing regexp: invalid or ' +
      'unsupported Perl syntax: `(?=`), and got the string "(?=a)"',
  ],
  ['action = "hashmod"\ntarget_label = "a"\nmodulus = 0', '0: hashmod needs a modulus above 0'],
  ['action = "hashmod"\ntarget_label = "a"', 'rule: hashmod needs a modulus above 0'],
  ['target_label = "$"', '"$": "$" is no name of a label that "replace" could set'],
  ['action = "labelmap"\nreplacement = "-$1"', '"-$1": "-$1" is no name of a label'],
  [
    'action = "lowercase"\ntarget_label = "a"\nreplacement = "x"',
    '"x": the action "lowercase" does not take replacement',
  ],
  [
    'action = "dropequal"\ntarget_label = "a"\nseparator = "-"',
    '"-": the action "dropequal" does not take separator',
  ],
  [
    'action = "labelkeep"\nsource_labels = []',
    '[]: the action "labelkeep" does not take source_labels',
  ],
]

test.each(ROWS)('%j', (rule, ...expected) => {
  expect(faults(rule)).toEqual(expected)
})
