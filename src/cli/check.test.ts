import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runWeir, temporaryFolder } from '../../test/support/cli.js'

const GOOD = 'otelcol.receiver.otlp "good" {\n  grpc { }\n  output { }\n}\n'
const FAULTY = 'otelcol.exporter.debug "out" {\n  verbositi = "basic"\n}\n'
const RECEIVER =
  'otelcol.receiver.otlp "in" {\n  grpc { }\n  output {\n    traces = [otelcol.exporter.otlp.a.input]\n  }\n}\n'
const exporter = (endpoint: string) =>
  `otelcol.exporter.otlp "a" {\n  client {\n    endpoint = ${endpoint}\n  }\n}\n${RECEIVER}`
const OLD = exporter('env("HOST")')
const EXPERIMENTAL = exporter('array.group_by([{a = "b:1"}], "a", true)[0]["a"]')
const OWN = exporter('if(sys.env("HOST") == "", "b:1", "c:1")')
const rendered = (name: string) => `\
error[unknown-attribute]: otelcol.exporter.debug has no attribute "verbositi"
  --> ${name}:2:3
   |
 2 |   verbositi = "basic"
   |   ^^^^^^^^^
   = help: did you mean "verbosity"?
`

describe('a config', () => {
  test('without faults gives no output', async () => {
    const file = join(temporaryFolder({ 'a.river': GOOD }), 'a.river')
    expect(await runWeir(['check', file])).toEqual({ code: 0, out: '', err: '' })
  })

  test('with a fault is shown with its line', async () => {
    const file = join(temporaryFolder({ 'a.river': FAULTY }), 'a.river')
    expect(await runWeir(['check', file])).toEqual({ code: 1, out: '', err: rendered(file) })
  })

  test('with a warning alone is fine', async () => {
    const { code, out, err } = await runWeir(['check', '-'], {
      input: OLD,
      variables: { HOST: 'tempo:4317' },
    })
    expect([code, out]).toEqual([0, ''])
    expect(err).toMatch(/^warning\[deprecated-function\].*\n +--> -:3:16\n/)
  })

  test('is seen with the variables of the host', async () => {
    const { code, err } = await runWeir(['check', '-'], { input: OLD, variables: { HOST: 'a/b' } })
    expect(code).toBe(1)
    expect(err).toContain('and got the string "a/b"')
  })

  test('may use what is experimental if told so', async () => {
    const input = EXPERIMENTAL
    const { code, err } = await runWeir(['check', '-'], { input })
    expect(code).toBe(1)
    expect(err).toContain('error[unstable]')
    const level = '--stability.level=experimental'
    expect(await runWeir(['check', level, '-'], { input })).toEqual({ code: 0, out: '', err: '' })
  })

  test('may use additions to the language, unless Alloy is to take it too', async () => {
    const input = OWN
    expect(await runWeir(['check', '-'], { input })).toEqual({ code: 0, out: '', err: '' })
    const { code, err } = await runWeir(['check', '--strict-alloy', '-'], { input })
    expect(code).toBe(1)
    expect(err).toMatch(/^error\[not-in-alloy\]: Alloy does not have the function if\n +--> -:3:16/)
  })

  test('is checked under the name of Alloy, too', async () => {
    expect((await runWeir(['validate', '-'], { input: FAULTY })).err).toBe(rendered('-'))
  })
})

describe('sources', () => {
  test('several files are told about together, each a config of its own', async () => {
    const folder = temporaryFolder({
      'a.river': FAULTY,
      'b.river': GOOD,
      'c.river': FAULTY,
      'd.river': GOOD,
    })
    const files = ['a', 'b', 'c', 'd'].map((name) => join(folder, `${name}.river`))
    const { code, err } = await runWeir(['check', ...files])
    expect(code).toBe(1)
    expect(err).toBe(`${rendered(files[0]!)}\n${rendered(files[2]!)}`)
  })

  test('a folder is one config, of its *.river and *.alloy files alone', async () => {
    const folder = temporaryFolder({
      'a.river': GOOD,
      'b.alloy': GOOD,
      'c.txt': 'no config',
      'deep/d.river': FAULTY,
    })
    const { code, err } = await runWeir(['check', folder])
    expect(code).toBe(1)
    expect(err.match(/^error.*/gm)).toEqual([
      'error[duplicate-component]: otelcol.receiver.otlp.good is declared twice',
    ])
    expect(err).toContain(`--> ${join(folder, 'b.alloy')}:1:1\n`)
    expect(err).toContain(`--> ${join(folder, 'a.river')}:1:1\n`)
  })

  test('a folder without configs says so', async () => {
    const folder = temporaryFolder({ 'a.txt': GOOD })
    const { code, err } = await runWeir(['check', folder])
    expect(code).toBe(1)
    expect(err).toBe(
      `error[unreadable]: there is no *.river or *.alloy file in ${folder}\n  --> ${folder}\n`,
    )
  })

  test('what cannot be read does not hide what is wrong in other files', async () => {
    const folder = temporaryFolder({ 'b.river': FAULTY })
    mkdirSync(join(folder, 'a.river'))
    const { code, err } = await runWeir(['check', folder])
    expect(code).toBe(1)
    const unread = join(folder, 'a.river')
    expect(err).toBe(
      `error[unreadable]: cannot read ${unread}: it is a folder\n  --> ${unread}\n\n${rendered(join(folder, 'b.river'))}`,
    )
  })

  test('standard input goes by the name -', async () => {
    expect(await runWeir(['check', '-'], { input: FAULTY })).toEqual({
      code: 1,
      out: '',
      err: rendered('-'),
    })
  })

  test('bytes that are no UTF-8 are marked', async () => {
    const file = join(temporaryFolder({ 'a.river': Buffer.from('// \xff\n', 'latin1') }), 'a.river')
    const { code, err } = await runWeir(['check', file])
    expect(code).toBe(1)
    expect(err).toContain(`error[invalid-utf8]: this is not UTF-8 text\n  --> ${file}:1:4\n`)
  })
})

describe('--json', () => {
  const json = async (...args: string[]) => {
    const { code, out, err } = await runWeir(['check', '--json', ...args], { input: FAULTY })
    expect(err).toBe('')
    return { code, diagnostics: JSON.parse(out) as unknown }
  }

  test('gives the same as data, on standard output', async () => {
    expect(await json('-')).toEqual({
      code: 1,
      diagnostics: [
        {
          file: '-',
          stage: 'check',
          code: 'unknown-attribute',
          severity: 'error',
          message: 'otelcol.exporter.debug has no attribute "verbositi"',
          line: 2,
          column: 3,
          endLine: 2,
          endColumn: 12,
          notes: [],
          help: 'did you mean "verbosity"?',
        },
      ],
    })
  })

  test('is one list for several files, and an empty one for none that is faulty', async () => {
    const folder = temporaryFolder({ 'a.river': FAULTY, 'b.river': GOOD })
    const [a, b] = [join(folder, 'a.river'), join(folder, 'b.river')]
    expect(await json(b)).toEqual({ code: 0, diagnostics: [] })
    expect(await json(a, b, join(folder, 'c.river'))).toMatchObject({
      code: 1,
      diagnostics: [
        { file: a, code: 'unknown-attribute' },
        { file: join(folder, 'c.river'), code: 'unreadable' },
      ],
    })
  })
})
