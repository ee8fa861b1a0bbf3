import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { codesOf } from './codes.js'
import { format } from './format.js'
import { parseFile } from './parse.js'
import { NESTING_MAX } from './recovery.js'
import { SOURCE_SIZE_MAX, Source } from './source.js'
import { TREE_DEPTH_MAX } from './tree-depth.js'

const HERE = dirname(fileURLToPath(import.meta.url))
const README = readFileSync(join(HERE, 'README.md'), 'utf8')

test('the examples are valid and formatted again without loss', () => {
  const examples = [...README.matchAll(/```river\n([\s\S]*?)```/g)].map((match) => match[1]!)
  expect(examples.length).toBeGreaterThan(1)
  for (const example of examples) {
    const { file, diagnostics } = parseFile(new Source('README.md', example))
    expect(diagnostics).toEqual([])
    expect(parseFile(new Source('README.md', format(file))).diagnostics).toEqual([])
  }
})

test('the table has a line for every code, and no other', () => {
  const table = README.split('## Diagnostics')[1]!.split('\n## ')[0]!
  const lines = [...table.matchAll(/^\| ([a-z][a-z0-9-]*) \| \S.* \|$/gm)].map((match) => match[1]!)
  const documented = lines.filter((line) => line !== 'code')
  const codes = (['syntax', 'check', 'evaluate', 'runtime'] as const).flatMap(codesOf)
  expect([...documented].sort()).toEqual([...codes].sort())
})

test('the map names every file', () => {
  const files = readdirSync(HERE).filter((name) => /^[^.]+\.ts$/.test(name) && name !== 'index.ts')
  for (const file of files) expect(README).toContain(`\`${file}\``)
})

test('the limits are those of the code', () => {
  expect(README).toContain(`at most ${SOURCE_SIZE_MAX / 2 ** 20} MiB`)
  expect(README).toContain(`nest at most ${NESTING_MAX} deep`)
  expect(README).toContain(`at most\n${TREE_DEPTH_MAX} levels`)
})
