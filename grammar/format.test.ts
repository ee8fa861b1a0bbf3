import { describe, expect, test } from 'vitest'
import { format } from './format.js'
import { parseFile } from './parse.js'
import { Source } from './source.js'

function formatted(text: string): string {
  const { file, diagnostics } = parseFile(new Source('test', text))
  expect(diagnostics).toEqual([])
  return format(file)
}

describe('layout', () => {
  test.each([
    [
      'attributes in a run are aligned',
      'a=1\nlonger = 2\n\nb = 3',
      'a      = 1\nlonger = 2\n\nb = 3',
    ],
    ['a value of several lines ends a run', 'a = [\n1]\nlonger = 2', 'a = [\n\t1]\nlonger = 2'],
    ['comments in a run are aligned', 'a = 1 // x\nbcd = 22 // y', 'a   = 1  // x\nbcd = 22 // y'],
    ['a block has an empty line before it', 'a = 1\nb { }\nc = 2', 'a = 1\n\nb { }\nc = 2'],
    ['a block on one line is spread', 'b "l" { c = 1 }', 'b "l" {\n\tc = 1\n}'],
    ['an empty label goes', 'b "" { }', 'b { }'],
    ['one empty line at most stays', 'a = 1\n\n\n\nb = 2', 'a = 1\n\nb = 2'],
    ['a list keeps its lines', 'a = [1,2,\n3]', 'a = [1, 2,\n\t3]'],
    [
      'a closing bracket on its own line gets a comma before',
      'a = [\n1,2,\n]',
      'a = [\n\t1, 2,\n]',
    ],
    ['fields are aligned', 'a = {\nb=1,\n"c d"=2,\n}', 'a = {\n\tb     = 1,\n\t"c d" = 2,\n}'],
    ['operators get blanks', 'a = -1+2*(3^4)', 'a = -1 + 2 * (3 ^ 4)'],
    ['widths count characters', 'é日 = 1\nabc = 2', 'é日  = 1\nabc = 2'],
    ['a file of Windows lines gets plain ones', 'a = 1\r\n// c\r\nb = 2\r\n', 'a = 1\n// c\nb = 2'],
    ['a byte order mark goes', '\uFEFFa = 1', 'a = 1'],
    ['nothing stays nothing', '\n\n', ''],
    ['comments alone stay', '\n// a\n\n\n/* b */\n', '// a\n\n/* b */'],
  ])('%s', (_, text, expected) => expect(formatted(text)).toBe(expected))
})

describe('what the peer would break', () => {
  test.each([
    ['tabs in a string', 'a = "x\ty"\nb = `x\ty`', 'a = "x\ty"\nb = `x\ty`'],
    ['white space in a raw string', 'a = `x  \n\ty\t\n`', 'a = `x  \n\ty\t\n`'],
    ['a call without arguments on two lines', 'a = f(\n)', 'a = f()'],
    ['a comment before a closing parenthesis', 'a = [f(1, // c\n), 2]', 'a = [f(1, // c\n), 2]'],
    ['a comment in a call that goes on', 'a = f(1, // c\n) + 2', 'a = f(1, // c\n) + 2'],
    ['a comment after a dot', 'a = b. // c\nd + 1', 'a = b. // c\nd + 1'],
    ['a comment in the name of a block', 'a. // c\nb { }', '// c\na.b { }'],
    ['escapes in a key', 'a = { "b\\"c" = 1 }', 'a = {"b\\"c" = 1}'],
    ['a raw key that needs its quotes', 'a = { `b"c` = 1, `d` = 2 }', 'a = {`b"c` = 1, "d" = 2}'],
    ['a dot after a number', 'a = 1 .b', 'a = 1 .b'],
  ])('%s', (_, text, expected) => {
    expect(formatted(text)).toBe(expected)
    expect(formatted(expected)).toBe(expected)
  })
})

test('a value moved to the line of its name joins the run at once', () => {
  expect(formatted('a =\n1\nlonger = 2')).toBe('a      = 1\nlonger = 2')
})
