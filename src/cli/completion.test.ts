import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { runWeir, temporaryFolder } from '../../test/support/cli.js'

async function scriptOf(shell: string): Promise<string> {
  const { code, out, err } = await runWeir(['completion', shell])
  expect([code, err]).toEqual([0, ''])
  return out
}

describe('bash', () => {
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['commands', ['weir', 'che'], ['check']],
    ['subcommands', ['weir', 'queue', ''], ['ls', 'fsck', 'peek', 'requeue', 'drop', '--help']],
    ['options', ['weir', 'run', '--storage'], ['--storage.path']],
    ['options after an argument', ['weir', 'run', 'a.river', '--mem'], ['--memory.budget']],
    ['options of a subcommand', ['weir', 'queue', 'peek', '--de'], ['--dead']],
    ['choices', ['weir', 'graph', '--format', ''], ['dot', 'mermaid', 'json']],
    ['choices behind =', ['weir', 'graph', '--format', '=', 'm'], ['mermaid']],
    ['all choices behind =', ['weir', 'graph', '--format', '='], ['dot', 'mermaid', 'json']],
    ['files after an option that takes a value', ['weir', 'run', '--storage.path', ''], []],
    ['nothing that there is not', ['weir', 'queue', 'x'], []],
  ]
  test.each(rows)('completes %s', async (_, words, expected) => {
    const ask =
      'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _weir; ' + `printf "%s\\n" "\${COMPREPLY[@]}"`
    const file = `${temporaryFolder({ 'weir.bash': await scriptOf('bash') })}/weir.bash`
    const out = execFileSync('bash', ['-c', `. ${file}; ${ask}`, 'bash', ...words], {
      encoding: 'utf8',
    })
    expect(out.split('\n').filter((line) => line !== '')).toEqual(expected)
  })
})

describe.each(['bash', 'zsh', 'fish'])('the script for %s', (shell) => {
  test('has every command and option', async () => {
    const script = await scriptOf(shell)
    const { out } = await runWeir(['--help'])
    const commands = [...out.matchAll(/^ {2}([a-z][a-z-]*)[ |].*\S/gm)].map((match) => match[1]!)
    for (const name of commands.filter((one) => one !== 'help')) {
      expect(script).toMatch(new RegExp(`\\b${name}\\b`))
      const help = (await runWeir([name, '--help'])).out
      for (const [, option] of help.matchAll(/^ {2}(?:-\w, )?--(\S+)/gm)) {
        expect(script).toContain(option)
      }
    }
  })

  test('is one that the shell can read', async ({ skip }) => {
    const file = `${temporaryFolder({ script: await scriptOf(shell) })}/script`
    try {
      execFileSync(shell, ['-n', file], { stdio: 'pipe' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      skip(`${shell} is absent`)
    }
  })
})

test.each([[['completion']], [['completion', 'tcsh']]])('%j is wrong usage', async (args) => {
  const { code, out, err } = await runWeir(args)
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain('usage: weir completion [options] <shell>')
})
