import { expect, test } from 'vitest'
import { Template } from './template.js'

/** Of `(?P<first>a)(b)(c)?` on "ab". */
const GROUPS = ['ab', 'a', 'b', undefined]
const NAMES = { first: 1 }

const ROWS: readonly (readonly [template: string, text: string])[] = [
  ['', ''],
  ['plain', 'plain'],
  ['$0-$1-$2', 'ab-a-b'],
  ['$', '$'],
  ['a$', 'a$'],
  ['$$1', '$1'],
  ['$$$1', '$a'],
  ['$-$1', '$-a'],
  // What did not match, and what there is not.
  ['<$3>', '<>'],
  ['<$9>', '<>'],
  ['<$none>', '<>'],
  // A name is as long as it can be.
  ['$1x', ''],
  ['$first', 'a'],
  ['$first_', ''],
  ['$1_$2', 'b'],
  // Numbers have no zeros before them and not too many digits.
  ['<$01>', '<>'],
  ['<$1000000000>', '<>'],
  ['$é', ''],
]

test.each(ROWS)('%j gives %j', (template, text) => {
  expect(new Template(template, NAMES).expand(GROUPS)).toBe(text)
})

const BRACED: readonly (readonly [inside: string, text: string])[] = [
  ['{1}x', 'ax'],
  ['{first}x', 'ax'],
  ['{none}x', 'x'],
  ['{1', `\${1`],
  ['{}', `\${}`],
  ['{1-2}', `\${1-2}`],
]

test.each(BRACED)('a dollar sign before %j gives %j', (inside, text) => {
  expect(new Template(`$${inside}`, NAMES).expand(GROUPS)).toBe(text)
})
