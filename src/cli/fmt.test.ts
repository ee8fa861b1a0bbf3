import { readFileSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runWeir, temporaryFolder } from '../../test/support/cli.js'

const UGLY = 'logging{\n   level="debug"\n}'
const PRETTY = 'logging {\n\tlevel = "debug"\n}\n'
const BROKEN = 'logging {\n  level = \n}\n'

describe('on standard output', () => {
  test('a file is printed as it should be, and left as it is', async () => {
    const file = join(temporaryFolder({ 'a.river': UGLY }), 'a.river')
    expect(await runWeir(['fmt', file])).toEqual({ code: 0, out: PRETTY, err: '' })
    expect(readFileSync(file, 'utf8')).toBe(UGLY)
  })
  const ends: readonly (readonly [string, string, string])[] = [
    ['no newline', 'a = 1', 'a = 1\n'],
    ['one', 'a = 1\n', 'a = 1\n'],
    ['many', 'a = 1\n\n\n\n', 'a = 1\n'],
    ['a carriage return', 'a = 1\r\n', 'a = 1\n'],
    ['a comment', 'a = 1\n// the end', 'a = 1\n// the end\n'],
    ['nothing at all', '', ''],
    ['nothing but newlines', '\n\n', ''],
  ]

  test.each(ends)('what ends in %s ends in one newline', async (_, input, out) => {
    expect(await runWeir(['fmt', '-'], { input })).toEqual({ code: 0, out, err: '' })
  })

  test('standard input is answered there, whatever the flags', async () => {
    expect(await runWeir(['fmt', '--write', '-'], { input: UGLY })).toEqual({
      code: 0,
      out: PRETTY,
      err: '',
    })
  })
})

describe('--write', () => {
  test('rewrites what is not formatted, and touches nothing else', async () => {
    const folder = temporaryFolder({ 'a.river': UGLY, 'b.alloy': PRETTY, 'c.txt': UGLY })
    const [a, b, c] = ['a.river', 'b.alloy', 'c.txt'].map((name) => join(folder, name))
    utimesSync(b!, 0, 0)
    expect(await runWeir(['fmt', '--write', folder])).toEqual({ code: 0, out: '', err: '' })
    expect(readFileSync(a!, 'utf8')).toBe(PRETTY)
    expect(statSync(b!).mtimeMs).toBe(0)
    expect(readFileSync(c!, 'utf8')).toBe(UGLY)
  })

  test('reaches the folders of a folder, but for hidden ones and packages', async () => {
    const names = ['a.river', 'deep/er/b.alloy', '.git/c.river', 'node_modules/d.river']
    const folder = temporaryFolder(Object.fromEntries(names.map((name) => [name, UGLY])))
    const paths = names.map((name) => join(folder, name))
    expect(await runWeir(['fmt', '-t', folder])).toEqual({
      code: 1,
      out: `${paths[0]}\n${paths[1]}\n`,
      err: '',
    })
    expect(await runWeir(['fmt', '-w', folder])).toEqual({ code: 0, out: '', err: '' })
    const texts = paths.map((path) => readFileSync(path, 'utf8'))
    expect(texts).toEqual([PRETTY, PRETTY, UGLY, UGLY])
    expect(await runWeir(['fmt', '-t', folder])).toEqual({ code: 0, out: '', err: '' })
  })

  test('a file with a syntax error stays as it is, and others are still written', async () => {
    const folder = temporaryFolder({ 'a.river': BROKEN, 'b.river': UGLY })
    const [a, b] = [join(folder, 'a.river'), join(folder, 'b.river')]
    const { code, out, err } = await runWeir(['fmt', '-w', a, b])
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^error\[expected-value\]: .*\n +--> .*a\.river:3:1\n/)
    expect(readFileSync(a, 'utf8')).toBe(BROKEN)
    expect(readFileSync(b, 'utf8')).toBe(PRETTY)
  })

  test('a file of another encoding stays as it is', async () => {
    const bytes = Buffer.from('// caf\xe9\na=1\n', 'latin1')
    const file = join(temporaryFolder({ 'a.river': bytes }), 'a.river')
    expect(await runWeir(['fmt', '-w', file])).toMatchObject({ code: 1, out: '' })
    expect(readFileSync(file)).toEqual(bytes)
  })

  test('written a second time, nothing changes', async () => {
    const file = join(temporaryFolder({ 'a.river': UGLY }), 'a.river')
    await runWeir(['fmt', '-w', file])
    expect(await runWeir(['fmt', '--test', file])).toEqual({ code: 0, out: '', err: '' })
  })
})

describe('--test', () => {
  test('names what would change, fails, and writes nothing', async () => {
    const folder = temporaryFolder({ 'a.river': UGLY, 'b.river': PRETTY })
    const a = join(folder, 'a.river')
    expect(await runWeir(['fmt', '--test', '-w', folder])).toEqual({
      code: 1,
      out: `${a}\n`,
      err: '',
    })
    expect(readFileSync(a, 'utf8')).toBe(UGLY)
  })

  test('a newline too few or too many is a change', async () => {
    for (const input of [PRETTY.trimEnd(), `${PRETTY}\n`]) {
      expect(await runWeir(['fmt', '-t', '-'], { input })).toMatchObject({ code: 1, out: '-\n' })
    }
    expect(await runWeir(['fmt', '-t', '-'], { input: PRETTY })).toMatchObject({ code: 0, out: '' })
  })

  test('a syntax error is no change, but a fault', async () => {
    const { code, out, err } = await runWeir(['fmt', '-t', '-'], { input: BROKEN })
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('error[expected-value]')
  })
})

test('what cannot be read is told, and the rest formatted', async () => {
  const folder = temporaryFolder({ 'a.river': UGLY })
  const [a, missing] = [join(folder, 'a.river'), join(folder, 'missing.river')]
  expect(await runWeir(['fmt', missing, a])).toEqual({
    code: 1,
    out: PRETTY,
    err: `error[unreadable]: cannot read ${missing}: no such file\n  --> ${missing}\n`,
  })
})
