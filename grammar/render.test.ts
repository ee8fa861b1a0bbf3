import { describe, expect, test } from 'vitest'
import { diagnose } from './codes.js'
import { diagnosticToJson } from './diagnostic-json.js'
import { parseFile } from './parse.js'
import { renderDiagnostics } from './render.js'
import { Source, type Span } from './source.js'

const plain = { color: false }

/** The first place of `part` in a source of that text. */
function spanOf(text: string, part: string, name = 'gateway.river'): Span {
  const start = text.indexOf(part)
  return { source: new Source(name, text), start, end: start + part.length }
}

function rendered(text: string, part: string, message = 'it is wrong'): string {
  return renderDiagnostics([diagnose('unreadable', spanOf(text, part), { message })], plain)
}

test('a diagnostic shows its line, a mark and help', () => {
  const text = `${'\n'.repeat(13)}  timout = "5s"\n`
  const component = 'otelcol.processor.batch'
  const facts = { owner: component, component, name: 'timout', near: 'timeout', inside: [] }
  const diagnostic = diagnose('unknown-attribute', spanOf(text, 'timout'), facts)
  expect(renderDiagnostics([diagnostic], plain)).toBe(`\
error[unknown-attribute]: otelcol.processor.batch has no attribute "timout"
  --> gateway.river:14:3
   |
14 |   timout = "5s"
   |   ^^^^^^
   = help: did you mean "timeout"?
`)
})

test('the mark and notes at other places stand beside their marks', () => {
  const text = 'a {\n  b = many\n}\n'
  const other = spanOf(`${'\n'.repeat(99)}b = 1`, 'b', 'module.river')
  const at = spanOf(text, 'many')
  const diagnostic = {
    ...diagnose('unreadable', at, { message: 'it is wrong' }),
    mark: 'this gave 5',
    notes: [
      { message: 'set here', at: other },
      { message: 'and that is why', at },
    ],
  }
  expect(renderDiagnostics([diagnostic], plain)).toBe(`\
error[unreadable]: it is wrong
   --> gateway.river:2:7
    |
  2 |   b = many
    |       ^^^^ this gave 5
   --> module.river:100:1
    |
100 | b = 1
    | ^ set here
    = note: and that is why
`)
})

test('several are parted by an empty line, none is nothing', () => {
  const { diagnostics } = parseFile(new Source('a.river', 'a = [1 2]\nb = ]\n'))
  expect(renderDiagnostics(diagnostics, plain)).toBe(`\
error[missing-comma]: a \`,\` is missing after this element
  --> a.river:1:7
   |
 1 | a = [1 2]
   |       ^
   = help: add a \`,\`; the last element needs one if \`]\` is on a later line

error[expected-value]: expected a value, and found \`]\`
  --> a.river:2:5
   |
 2 | b = ]
   |     ^
`)
  expect(renderDiagnostics([], plain)).toBe('')
})

test('what the end of the file lacks is shown with its start', () => {
  const { diagnostics } = parseFile(new Source('a.river', 'a {\n  b = 1 +\n\n'))
  expect(renderDiagnostics(diagnostics, plain)).toBe(`\
error[expected-value]: expected a value, and found the end of the file
  --> a.river:4:1
   |
 4 |
   | ^
  --> a.river:2:9
   |
 2 |   b = 1 +
   |         ^ nothing follows this
`)
})

test('a span of several lines is drawn at the left, and cut in its middle', () => {
  expect(rendered('a = b {\n\tc = 1\n} + 2\n', 'b {\n\tc = 1\n}')).toBe(`\
error[unreadable]: it is wrong
  --> gateway.river:1:5
   |
 1 |   a = b {
   |  _____^
 2 | |     c = 1
 3 | | } + 2
   | |_^
`)
  const long = `x {\n${Array.from({ length: 9 }, (_, index) => `  a${index}\n`).join('')}}`
  expect(rendered(long, long)).toBe(`\
error[unreadable]: it is wrong
  --> gateway.river:1:1
   |
 1 |   x {
   |  _^
 2 | |   a0
 3 | |   a1
 4 | |   a2
...  |
10 | |   a8
11 | | }
   | |_^
`)
})

test('of a source without text only the name is shown', () => {
  expect(rendered('', '')).toBe('error[unreadable]: it is wrong\n  --> gateway.river\n')
})

describe('the mark stands under what it marks', () => {
  const markOf = (text: string, part: string) => rendered(text, part).split('\n').slice(3, 5)
  test.each([
    ['behind tabs', '\ta\t= 1', '1', ['     a    = 1', '            ^']],
    ['under a tab', 'a\tb', '\t', [' a    b', '  ^^^^']],
    ['behind wide characters', '日本 x', 'x', [' 日本 x', '      ^']],
    ['under wide characters', 'a 日本', '日本', [' a 日本', '   ^^^^']],
    ['behind combining ones', 'e\u0301 x', 'x', [' e\u0301 x', '   ^']],
    ['behind emoji', '😀 x', 'x', [' 😀 x', '    ^']],
    ['behind a byte order mark at the start', '\uFEFFa b', 'b', [' a b', '   ^']],
    ['for no characters at all', 'ab', '', [' ab', ' ^']],
  ])('%s', (_, text, part, lines) => {
    expect(markOf(text, part)).toEqual([` 1 |${lines[0]}`, `   |${lines[1]}`])
  })

  test('in a long line, cut around it', () => {
    const [line, mark] = markOf(`${'a'.repeat(500)}MARK${'b'.repeat(500)}`, 'MARK') as [
      string,
      string,
    ]
    expect(line).toMatch(/^ 1 \| \.\.\.a{40}MARKb{76}\.\.\.$/)
    expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('MARK')
  })

  test('in a long line, cut where the mark is longer', () => {
    const [line, mark] = markOf(`a${'m'.repeat(500)}`, 'm'.repeat(500)) as [string, string]
    expect(line).toBe(` 1 | a${'m'.repeat(119)}...`)
    expect(mark).toBe(`   |  ${'^'.repeat(119)}`)
  })
})

test('nothing of a source or a message acts on the terminal', () => {
  const text = 'a = "\x1b[31m\u202Eb\r"'
  const shown = rendered(text, 'a', 'no \x1b[0m here')
  expect(shown).toContain('error[unreadable]: no \uFFFD[0m here\n')
  expect(shown).toContain(' 1 | a = "\uFFFD[31m\uFFFDb\uFFFD"\n')
})

test('colours dress the text and change nothing of it', () => {
  const { diagnostics } = parseFile(new Source('a.river', 'a b\nc = d {\n\n}\n'))
  const coloured = renderDiagnostics(diagnostics, { color: true })
  expect(coloured).toContain('\x1b[1;31merror[incomplete-statement]\x1b[0m')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours.
  const bare = coloured.replace(/\x1b\[[\d;]*m/g, '')
  expect(bare).toBe(renderDiagnostics(diagnostics, plain))
  const warning = diagnose('shadowed-name', spanOf('a', 'a'), { name: 'a' })
  expect(renderDiagnostics([warning], { color: true })).toContain('\x1b[1;33mwarning')
})

test('as JSON: lines and byte columns from 1, the end behind the mark, the mark as a note', () => {
  const text = 'x = "é" 日本\n'
  const diagnostic = {
    ...diagnose('unknown-name', spanOf(text, '日本'), { name: '日本', near: undefined }),
    mark: 'this one',
    notes: [{ message: 'defined here', at: spanOf('a\nb', 'b', 'other.river') }],
  }
  expect(diagnosticToJson(diagnostic)).toEqual({
    file: 'gateway.river',
    stage: 'evaluate',
    code: 'unknown-name',
    severity: 'error',
    message: 'there is no "日本" here',
    line: 1,
    column: 10,
    endLine: 1,
    endColumn: 16,
    notes: [
      { message: 'this one', file: 'gateway.river', line: 1, column: 10 },
      { message: 'defined here', file: 'other.river', line: 2, column: 1 },
    ],
    help: 'put a text in double quotes',
  })
  expect(diagnosticToJson({ ...diagnostic, help: undefined })).not.toHaveProperty('help')
})
