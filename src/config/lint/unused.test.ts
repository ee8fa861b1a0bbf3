import { expect, test } from 'vitest'
import { parseFile, Source } from '#grammar'
import { unusedArguments } from './unused.js'

test('arguments that a module never reads are told about, in modules of modules too', () => {
  const { file } = parseFile(
    new Source(
      'test.river',
      `declare "outer" {
  argument "used" { }
  argument "unused" { }
  declare "inner" {
    argument "used" { }
    argument "other" { }
    test.out "a" { x = argument.other.value }
  }
  test.out "a" { x = [argument.used.value] }
}
argument "outside" { }`,
    ),
  )
  const told = unusedArguments([file])
  expect(told.map(({ at, message }) => `${at.source.lineAt(at.start)}: ${message}`)).toEqual([
    '3: nothing uses the argument "unused"',
    '5: nothing uses the argument "used"',
  ])
})
