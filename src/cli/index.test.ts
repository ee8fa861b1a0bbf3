import { describe, expect, test } from 'vitest'
import { runWeir } from '../../test/support/cli.js'

const COMMANDS = [
  ...['run', 'check', 'fmt', 'eval', 'explain', 'plan', 'graph', 'queue', 'lsp'],
  ...['init', 'doctor', 'tap', 'top', 'support-bundle', 'service', 'completion'],
]

test('the version is that of the host', async () => {
  expect(await runWeir(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' })
})

describe('help', () => {
  test('names every command', async () => {
    const { code, out, err } = await runWeir(['--help'])
    expect([code, err]).toEqual([0, ''])
    const named = [...out.matchAll(/^ {2}([a-z][a-z-]*)[ |].*\S/gm)].map((match) => match[1])
    expect(named).toEqual([...COMMANDS, 'help'])
  })

  test.each(COMMANDS)('of %s names its options, and each of them says what for', async (name) => {
    const { code, out, err } = await runWeir([name, '--help'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(new RegExp(`^Usage: weir ${name}`))
    const options = out.split('\nOptions:\n')[1]!
    for (const [line] of options.matchAll(/^ {2}-.*$/gm))
      expect(line).toMatch(/^ {2}-\S.* {2,}\S|>$/)
  })

  test('is what a call without a command gets, as an error', async () => {
    const { code, out, err } = await runWeir([])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^Usage: weir \[options\] \[command\]\n/)
  })
})

describe('wrong usage exits with 2, and says what is right', () => {
  const rows: readonly (readonly [string, readonly string[], string, string])[] = [
    ['unknown command', ['bogus'], "unknown command 'bogus'", 'weir <command>'],
    ['misspelt command', ['chek', 'a'], '(Did you mean check?)', 'weir <command>'],
    ['unknown global option', ['--colour'], "unknown option '--colour'", 'weir <command>'],
    [
      'unknown option',
      ['fmt', '--wirte', 'a'],
      '(Did you mean --write?)',
      'weir fmt [options] <path...>',
    ],
    ['no path', ['check'], "missing required argument 'path'", 'weir check [options] <path...>'],
    ['two paths', ['run', 'a', 'b'], 'Expected 1 argument but got 2', 'weir run [options] <path>'],
    [
      'no expression',
      ['eval'],
      'an expression, --repl or --batch is needed',
      'weir eval [options] [expression]',
    ],
    [
      'no such choice',
      ['graph', '-f', 'svg', 'a'],
      'Allowed choices are dot, mermaid, json',
      'weir graph [options] <path>',
    ],
    [
      'no such stability',
      ['check', '--stability.level=stable', 'a'],
      'Allowed choices are generally-available, public-preview, experimental',
      'weir check [options] <path...>',
    ],
    [
      'no duration',
      ['run', '--feature.component-shutdown-deadline=30', 'a'],
      'write a duration such as "30s"',
      'weir run [options] <path>',
    ],
    [
      'a duration below zero',
      ['run', '--feature.component-shutdown-deadline=-1s', 'a'],
      'write a duration such as "30s"',
      'weir run [options] <path>',
    ],
  ]

  test.each(rows)('%s', async (_, args, message, usage) => {
    const { code, out, err } = await runWeir(args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^error: /)
    expect(err).toContain(message)
    expect(err).toContain(`\nusage: ${usage}\n`)
  })
})
