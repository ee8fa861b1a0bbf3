/** The unit and what it promises: the deadlines fit, systemd accepts it, and little is exposed. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseDuration } from '#sdk'
import { runWeir } from './support/cli.js'

const UNIT = resolve(import.meta.dirname, '../systemd/weir.service')
const REQUIRED = process.env['WEIR_REQUIRE'] === '1'
const EXPOSURE_MAX = 2

const text = readFileSync(UNIT, 'utf8')
const hasTool = run('systemd-analyze', ['--version']).code === 0

test('systemd waits for longer than the agent drains', () => {
  const drain = /--feature\.component-shutdown-deadline=(\S+)/.exec(text)?.[1]
  const stopSeconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1])
  expect(stopSeconds * 1000).toBe(parseDuration(drain!)! + 15_000)
})

test('V8 may run what it compiles, and nothing else is allowed that need not be', () => {
  expect(text).not.toMatch(/^MemoryDenyWriteExecute=/m)
  for (const line of [
    'CapabilityBoundingSet=',
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'SystemCallFilter=@system-service',
    'StateDirectory=weir',
    'User=weir',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
})

test.each(['check', 'fmt --test'])(
  '%s has nothing to say about the first config',
  async (words) => {
    const path = resolve(UNIT, '../config.river')
    expect(await runWeir([...words.split(' '), path])).toEqual({ code: 0, out: '', err: '' })
  },
)

describe.each(['verify', 'security'])('systemd-analyze %s', (check) => {
  test('is content', ({ skip }) => {
    if (!hasTool) {
      if (REQUIRED) throw new Error('systemd-analyze is absent and WEIR_REQUIRE is set')
      skip('systemd-analyze is absent: apt-get install systemd')
      return
    }
    const unit = copyThatRunsHere()
    if (check === 'verify') {
      expect(run('systemd-analyze', ['verify', '--man=no', unit])).toEqual({ code: 0, text: '' })
      return
    }
    const answer = run('systemd-analyze', ['security', '--offline=true', '--no-pager', unit])
    const exposure = /Overall exposure level for \S+: ([\d.]+)/.exec(answer.text)?.[1]
    expect(Number(exposure), answer.text).toBeLessThanOrEqual(EXPOSURE_MAX)
  })
})

/** `verify` wants the program that is started to be there. */
function copyThatRunsHere(): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-unit-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'weir.service')
  writeFileSync(path, text.replace(/^(ExecStart=)\S+/m, `$1${process.execPath}`))
  return path
}

function run(program: string, args: readonly string[]): { code: number; text: string } {
  try {
    const stdout = execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' })
    return { code: 0, text: stdout }
  } catch (error) {
    const { status, stdout, stderr } = error as {
      status?: number | null
      stdout?: string
      stderr?: string
    }
    return { code: status ?? 127, text: `${stdout ?? ''}${stderr ?? ''}` }
  }
}
