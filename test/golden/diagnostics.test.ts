/** Bad configs with the diagnostics they must give inside. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { codesOf, parseFile, type Source } from '#grammar'
import { goldenCodes, testGoldenDiagnostics } from './golden-diagnostics.js'

const SYNTAX = join(dirname(fileURLToPath(import.meta.url)), 'diagnostics/syntax')
const syntaxOf = (source: Source) => parseFile(source).diagnostics

describe('syntax errors are found where the golden files say', () => {
  testGoldenDiagnostics(SYNTAX, syntaxOf)
})

/** Codes that no file of a sensible size can show, and the test that does. */
const ELSEWHERE = { 'too-large': 'grammar/limits.test.ts', 'expected-end': 'grammar/parse.test.ts' }

test('every syntax code has a golden file', () => {
  const shown = goldenCodes(SYNTAX, syntaxOf).map(({ code }) => code)
  const codes = new Set([...shown, ...Object.keys(ELSEWHERE)])
  expect([...codes].sort()).toEqual([...codesOf('syntax')].sort())
})

test('no message speaks of kinds of tokens', () => {
  const kinds = /\b[A-Z]{4,}\b|\b\w*[a-z][A-Z]\w*\b|\b(?:token|identifier|literal)s?\b/
  for (const { code, text } of goldenCodes(SYNTAX, syntaxOf)) {
    const ours = text.replace(/"[^"\n]*"|`[^`\n]*`/g, '').replaceAll('UTF-8', '')
    expect(ours, code).not.toMatch(kinds)
  }
})
