/** A table of wrong configs, a fault each, with what check must say of it inside. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { checkSources } from '#config'
import { codesOf, type Diagnostic, type Fix, Source } from '#grammar'
import { sourceOfGolden, testGoldenDiagnostics } from './golden-diagnostics.js'
import { goldenOptions } from './golden-options.js'

const WRONG = join(dirname(fileURLToPath(import.meta.url)), 'wrong')
const NAMES = readdirSync(WRONG).sort()

/** A file that says so is checked for what Alloy would take, too. */
function check(source: Source): readonly Diagnostic[] {
  const strictAlloy = source.text.startsWith('// with --strict-alloy\n')
  const environment = { ...goldenOptions.environment, strictAlloy }
  return checkSources([source], { ...goldenOptions, environment }).diagnostics
}

const found = NAMES.map((name) => {
  const source = sourceOfGolden(join(WRONG, name))
  return { name, source, diagnostics: check(source) }
})
const all = found.flatMap(({ diagnostics }) => diagnostics)

describe('a wrong config is told about where it is wrong', () => {
  testGoldenDiagnostics(WRONG, check)
})

test('there are many', () => expect(NAMES.length).toBeGreaterThanOrEqual(120))

/** Codes that no file of a sensible size can show, and the tests that do. */
const ELSEWHERE = {
  'too-large': 'grammar/limits.test.ts',
  'expected-end': 'grammar/parse.test.ts',
  unreadable: 'test/golden/checks.test.ts',
  'start-failed': 'test/golden/diagnostics/runtime',
  // Of modules that are read from elsewhere, and of very many.
  'expansion-limit': 'test/golden/checks.test.ts',
  'not-imported': 'test/golden/checks.test.ts',
  'import-failed': 'test/golden/checks.test.ts',
  'import-stale': 'test/golden/checks.test.ts',
}

test('every code has a config', () => {
  const shown = new Set([...all.map(({ code }) => code), ...Object.keys(ELSEWHERE)])
  const codes = (['syntax', 'check', 'evaluate', 'runtime'] as const).flatMap(codesOf)
  expect([...shown].sort()).toEqual([...codes].sort())
})

test('no message speaks of kinds of tokens', () => {
  for (const { code, message, help = '', mark = '', notes } of all) {
    for (const text of [message, help, mark, ...notes.map((note) => note.message)]) {
      const ours = text.replace(/"[^"\n]*"|`[^`\n]*`|[\w.]+\.\w+/g, '')
      expect(ours, code).not.toMatch(/\b(?:token|identifier|literal|capsule|undefined)s?\b/)
      expect(ours, code).not.toMatch(/\n|\.$/)
    }
  }
})

describe('a help that is an edit', () => {
  for (const { name, source, diagnostics } of found) {
    const edits = diagnostics.filter(({ fix }) => fix !== undefined)
    if (edits.length === 0) continue
    test(`removes the fault of ${name}`, () => {
      for (const { code, message, fix } of edits) {
        const isSame = (one: Diagnostic) => one.code === code && one.message === message
        const left = check(edited(source, fix!)).filter(isSame).length
        expect(left, code).toBeLessThan(diagnostics.filter(isSame).length)
      }
    })
  }

  test('is one that an editor can make, where another name is meant', () => {
    const told = all.filter(({ help, mark }) => help?.startsWith('did you mean') && !mark)
    expect(told.length).toBeGreaterThan(10)
    for (const { fix, message } of told) expect(fix, message).toBeDefined()
  })
})

function edited(source: Source, { at, text }: Fix): Source {
  return new Source(source.name, source.text.slice(0, at.start) + text + source.text.slice(at.end))
}
