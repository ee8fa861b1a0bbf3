import { expect, test } from 'vitest'
import { Glob } from './glob.js'

const ROWS: readonly (readonly [pattern: string, yes: string, no: string])[] = [
  ['/a/b', '/a/b', '/a /a/b/ a/b /a/b/c'],
  ['/a/*', '/a/b /a/.b /a/b.c', '/a /a/b/c'],
  ['/a/?.log', '/a/b.log /a/é.log /a/😀.log', '/a/.log /a/bb.log'],
  ['/a/[b-d]', '/a/b /a/d', '/a/a /a/bc'],
  ['/a/[!b-d]', '/a/a', '/a/b'],
  ['/a/[^b]', '/a/a', '/a/b'],
  ['/a/[]x]', '/a/] /a/x', '/a/y'],
  ['/a/[\\]\\-x]', '/a/] /a/- /a/x', '/a/y'],
  ['/a/{b,c*}.log', '/a/b.log /a/c.log /a/cc.log', '/a/bb.log /a/.log'],
  ['/a/{b,{c,d}}', '/a/b /a/d', '/a/{c'],
  ['/{a,b/c}/d', '/a/d /b/c/d', '/b/d'],
  ['/{a/{b,c},d}/*', '/a/b/x /a/c/x /d/x', '/a/x'],
  ['/a/{,b}', '/a/ /a/b', '/a'],
  ['/a/**', '/a /a/b /a/b/c', '/ab /b'],
  ['/a/**/c', '/a/c /a/b/c /a/b/b/c', '/a/b /a/bc /c'],
  ['/**/*.log', '/x.log /a/x.log /a/b/x.log', '/a/x'],
  ['/**/a/**/b', '/a/b /x/a/y/b /a/a/b/b', '/a /b/a'],
  ['/a**b', '/ab /axb', '/a/b'],
  ['/a/\\*', '/a/*', '/a/b'],
  ['/a/\\{b', '/a/{b', '/a/b'],
  ['/a/b (1)+.log', '/a/b (1)+.log', '/a/b 1.log'],
  ['/a/$^|x', '/a/$^|x', '/a/x'],
]

test.each(ROWS)('%s', (pattern, yes, no) => {
  const glob = new Glob(pattern)
  const separator = pattern.includes(' ') ? '\n' : ' '
  if (separator === ' ') {
    for (const path of yes.split(' ')) expect(glob.matches(path), path).toBe(true)
    for (const path of no.split(' ')) expect(glob.matches(path), path).toBe(false)
  } else {
    expect([glob.matches(yes), glob.matches(no)]).toEqual([true, false])
  }
})

const FAULTS: readonly (readonly [pattern: string, fault: string])[] = [
  ['/a/[b', 'the pattern /a/[b has a bracket that is not closed'],
  ['/a/{b', 'the pattern /a/{b has a brace that is not closed'],
  ['/a/*\\', 'the pattern *\\ ends in a backslash'],
  ['/a/[z-a]', 'the pattern [z-a] has a range that is none'],
  [
    `/${'{a,b/c}'.repeat(20)}`,
    `the pattern /${'{a,b/c}'.repeat(20)} stands for more than 1000 paths`,
  ],
]

test.each(FAULTS)('%s is refused', (pattern, fault) => {
  expect(() => new Glob(pattern)).toThrow(fault)
})

test('no pattern takes long over folders', () => {
  const glob = new Glob(`${'/**/a'.repeat(30)}/b`)
  expect(glob.matches('/a'.repeat(300))).toBe(false)
})
