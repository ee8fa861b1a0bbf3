import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findFiles } from './find-files.js'
import { systemFiles } from './system-files.js'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-find-'))
  for (const path of [
    'a/x.log',
    'a/y.txt',
    'a/.z.log',
    'b/c/x.log',
    'b/c/d/w.log',
    'e (1)/v.log',
  ]) {
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    writeFileSync(join(folder, path), path)
  }
  symlinkSync(join(folder, 'b/c'), join(folder, 'a/to-c'))
  symlinkSync(join(folder, 'a/x.log'), join(folder, 'a/to-x.log'))
  symlinkSync(join(folder, 'none'), join(folder, 'a/to-none.log'))
  symlinkSync(folder, join(folder, 'b/around'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ROWS: readonly (readonly [pattern: string, ...found: string[]])[] = [
  ['a/x.log', 'a/x.log'],
  ['a/none'],
  ['a'],
  ['none/*/x'],
  ['a/x.log/*'],
  ['a/*.log', 'a/.z.log', 'a/to-x.log', 'a/x.log'],
  ['a/*.{txt,md}', 'a/y.txt'],
  ['{a,b/c}/x.log', 'a/x.log', 'b/c/x.log'],
  ['*/*/x.log', 'a/to-c/x.log', 'b/c/x.log'],
  ['b/c/**', 'b/c/d/w.log', 'b/c/x.log'],
  ['b/c/**/*.log', 'b/c/d/w.log', 'b/c/x.log'],
  ['**/w.log', 'a/to-c/d/w.log', 'b/c/d/w.log'],
  ['**/d/**/w.log', 'a/to-c/d/w.log', 'b/c/d/w.log'],
  ['e (1)/*', 'e (1)/v.log'],
  ['b/../a/y.*', 'a/y.txt'],
]

test.each(ROWS)('%s', async (pattern, ...expected) => {
  const found = await findFiles(systemFiles, `${folder}/${pattern}`)
  expect(found.map((path) => path.slice(folder.length + 1)).sort()).toEqual(expected)
})

test('what is no pattern is refused', async () => {
  await expect(findFiles(systemFiles, '/a/{b')).rejects.toThrow('brace that is not closed')
})
