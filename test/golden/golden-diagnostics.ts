import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { type Diagnostic, diagnosticToJson, readSource, type Source } from '#grammar'

/**
 * `// ERROR code "message"`, or WARNING; speaks of the line above it, with BELOW of the one
 * beneath.
 */
const EXPECTATION = /^[ \t]*\/\/ (?:ERROR|WARNING) (?:BELOW )?[a-z][a-z0-9-]* "/

/**
 * One test for each bad file of a folder: what `check` finds in it must be what the comments in it
 * say, line by line. UPDATE=1 writes the comments anew. The comments are no part of what is
 * checked, so they may stand inside an open string, and lines count without them.
 */
export function testGoldenDiagnostics(
  folder: string,
  check: (source: Source) => readonly Diagnostic[],
): void {
  const names = readdirSync(folder).filter((name) => name.endsWith('.river'))
  if (names.length === 0) throw new Error(`${folder} holds no files`)
  for (const name of names) {
    test(name, () => {
      const file = join(folder, name)
      // Some files are no UTF-8 on purpose: a line is a string of bytes here.
      const lines = readFileSync(file, 'latin1').split('\n')
      const source = sourceOf(name, lines)
      const should = annotated(lines, check(source))
      if (process.env['UPDATE'] === '1') writeFileSync(file, should.join('\n'), 'latin1')
      else expect(lines).toEqual(should)
      expect(should.length).toBeGreaterThan(lines.filter((line) => !EXPECTATION.test(line)).length)
    })
  }
}

/** What golden files of a folder are made to show: the codes, each with its messages. */
export function goldenCodes(
  folder: string,
  check: (source: Source) => readonly Diagnostic[],
): readonly { readonly code: string; readonly text: string }[] {
  return readdirSync(folder).flatMap((name) => {
    const source = sourceOf(name, readFileSync(join(folder, name), 'latin1').split('\n'))
    return check(source).map(({ code, message, help, notes }) => ({
      code,
      text: [message, help ?? '', ...notes.map((note) => note.message)].join('\n'),
    }))
  })
}

/** A golden file as it is checked: without the comments that say what is wrong with it. */
export function sourceOfGolden(path: string): Source {
  return sourceOf(basename(path), readFileSync(path, 'latin1').split('\n'))
}

function sourceOf(name: string, lines: readonly string[]): Source {
  const text = lines.filter((line) => !EXPECTATION.test(line)).join('\n')
  return readSource(name, Buffer.from(text, 'latin1'))
}

function annotated(lines: readonly string[], diagnostics: readonly Diagnostic[]): string[] {
  const kept = lines.filter((line) => !EXPECTATION.test(line))
  const found = diagnostics.map(diagnosticToJson)
  return kept.flatMap((line, index) => {
    const isLast = index === kept.length - 1
    const comments = found
      .filter((diagnostic) => diagnostic.line === index + 1)
      .map(({ severity, code, message }) => {
        const words = `// ${severity.toUpperCase()} ${isLast ? 'BELOW ' : ''}${code} `
        return Buffer.from(words + JSON.stringify(message)).toString('latin1')
      })
    return isLast ? [...comments, line] : [line, ...comments]
  })
}
