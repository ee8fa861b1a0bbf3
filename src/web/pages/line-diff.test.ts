import { expect, test } from 'vitest'
import { diffLines } from './line-diff.js'

const MARKS = { same: ' ', gone: '-', added: '+' } as const
const diff = (before: string, after: string) =>
  diffLines([...before], [...after])
    .map(({ kind, text }) => MARKS[kind] + text)
    .join('')

const rows: readonly (readonly [string, string, string])[] = [
  ['', '', ''],
  ['abc', 'abc', ' a b c'],
  ['abc', 'axc', ' a-b+x c'],
  ['abc', 'abxc', ' a b+x c'],
  ['abc', 'ac', ' a-b c'],
  ['abcd', 'bcde', '-a b c d+e'],
  ['aa', 'aaa', ' a a+a'],
  ['', 'ab', '+a+b'],
  ['ab', '', '-a-b'],
]
for (const [before, after, shown] of rows) {
  test(`"${before}" to "${after}"`, () => expect(diff(before, after)).toBe(shown))
}

test('texts that share nothing, too large to be compared, are replaced whole', () => {
  const before = Array.from({ length: 3000 }, (_, index) => `a${index}`)
  const after = Array.from({ length: 3000 }, (_, index) => `b${index}`)
  const lines = diffLines(before, after)
  expect(lines).toHaveLength(6000)
  expect(lines[0]).toEqual({ kind: 'gone', text: 'a0' })
})
