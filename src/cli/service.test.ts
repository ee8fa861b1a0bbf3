import { existsSync, lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runWeir, temporaryFolder } from '../../test/support/cli.js'
import type { RunProgram } from './run-program.js'
import { unitText } from './service-files.js'
import { doAll, linkStep, programStep, removeStep, type Step, writeStep } from './undoable.js'

const TEMPLATE = readFileSync(join(import.meta.dirname, '../../systemd/weir.service'), 'utf8')
const OURS = ['/usr/bin/node', '/opt/weir/dist/weir/main.js']

describe('the unit', () => {
  const line = (text: string, name: string) =>
    text.split('\n').find((one) => one.startsWith(`${name}=`))
  const rows: readonly (readonly [string, readonly string[], number, string, string])[] = [
    ['starts this program', OURS, 30_000, '/usr/bin/node /opt/weir/dist/weir/main.js run ', '45'],
    ['waits for the drain', OURS, 120_000, '=120000ms ', '135'],
    ['rounds up', OURS, 1500, '=1500ms ', '17'],
    ['quotes blanks', ['/opt/my weir/weir'], 30_000, '"/opt/my weir/weir" run ', '45'],
    ['lets nothing stand for more', ['/opt/50%$x/weir'], 30_000, '/opt/50%%$$x/weir run ', '45'],
  ]
  test.each(rows)('%s', (_, command, drainMs, start, stop) => {
    const text = unitText(TEMPLATE, { command, drainMs })
    expect(line(text, 'ExecStart')).toContain(start)
    expect(line(text, 'TimeoutStopSec')).toBe(`TimeoutStopSec=${stop}`)
  })

  test.each(['/home/me/weir', '/root/weir', '/tmp/x/weir'])('cannot start %s', (program) => {
    expect(() => unitText(TEMPLATE, { command: [program], drainMs: 1 })).toThrow(
      `the service could not see ${program}`,
    )
  })
})

describe('steps', () => {
  const failing: Step = { says: 'fail', do: () => Promise.reject(new Error('no')) }
  const content = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)

  test('are told as they are done', async () => {
    const folder = temporaryFolder()
    const told: string[] = []
    await doAll([writeStep(join(folder, 'a/b'), 'x', 0o640)], (line) => told.push(line))
    expect(told).toEqual([`write ${folder}/a/b`])
    expect(content(join(folder, 'a/b'))).toBe('x')
    expect(statSync(join(folder, 'a/b')).mode & 0o777).toBe(0o640)
  })

  test('are taken back, newest first, when one fails', async () => {
    const folder = temporaryFolder({ old: 'before', gone: 'here' })
    const ran: string[] = []
    const run: RunProgram = async (program) => {
      ran.push(program)
      return { code: 0, out: '', err: '' }
    }
    const steps = [
      writeStep(join(folder, 'old'), 'after'),
      writeStep(join(folder, 'new/deep/file'), 'x'),
      linkStep(join(folder, 'link'), 'old'),
      removeStep(join(folder, 'gone')),
      programStep(run, ['on'], () => run('off', [])),
      failing,
    ]
    const told: string[] = []
    await expect(doAll(steps, (line) => told.push(line))).rejects.toThrow(
      'did not fail: no; all is as it was',
    )
    expect(ran).toEqual(['on', 'off'])
    expect(content(join(folder, 'old'))).toBe('before')
    expect(content(join(folder, 'gone'))).toBe('here')
    expect(existsSync(join(folder, 'new'))).toBe(false)
    expect(existsSync(join(folder, 'link'))).toBe(false)
    expect(told.slice(5)).toEqual([
      'undo: run on',
      `undo: remove ${folder}/gone`,
      `undo: link ${folder}/link`,
      `undo: write ${folder}/new/deep/file`,
      `undo: write ${folder}/old`,
    ])
  })

  test('that cannot be taken back are named, and the others are taken back', async () => {
    const folder = temporaryFolder()
    const stuck: Step = { says: 'stick', do: async () => () => Promise.reject(new Error('stuck')) }
    const steps = [writeStep(join(folder, 'a'), 'x'), stuck, failing]
    await expect(doAll(steps, () => {})).rejects.toThrow('not undone: stick (stuck)')
    expect(existsSync(join(folder, 'a'))).toBe(false)
  })

  test('say what a program said', async () => {
    const run: RunProgram = async () => ({ code: 4, out: '', err: 'No such unit\nmore\n' })
    await expect(doAll([programStep(run, ['systemctl', 'x'])], () => {})).rejects.toThrow(
      'did not run systemctl x: No such unit; all is as it was',
    )
  })
})

describe('install --root', () => {
  test('writes what boots with the image, and starts no program', async () => {
    const root = temporaryFolder()
    const { code, out, err } = await runWeir(['service', 'install', '--root', root])
    expect([code, err]).toEqual([0, ''])
    const paths = [
      'etc/sysusers.d/weir.conf',
      'etc/default/weir',
      'etc/weir/config.river',
      'etc/systemd/system/weir.service',
    ]
    for (const path of paths) {
      expect(out).toContain(`write ${root}/${path}\n`)
      expect(lstatSync(join(root, path)).isFile()).toBe(true)
    }
    const link = join(root, 'etc/systemd/system/multi-user.target.wants/weir.service')
    expect(readlinkSync(link)).toBe('/etc/systemd/system/weir.service')
    const again = await runWeir(['service', 'install', '--root', root, '--program', '/usr/bin/w'])
    expect(again).toMatchObject({ code: 0 })
    expect(again.out).not.toContain('config.river')
    const unit = readFileSync(join(root, 'etc/systemd/system/weir.service'), 'utf8')
    expect(unit).toContain('ExecStart=/usr/bin/w run ')
  })

  test('takes a config over, once it is checked', async () => {
    const root = temporaryFolder({
      good: 'otelcol.exporter.debug "a" { }\n',
      bad: 'nonsense "a" { }\n',
    })
    const good = ['service', 'install', '--root', root, '--config', join(root, 'good')]
    expect(await runWeir(good)).toMatchObject({ code: 0 })
    const config = join(root, 'etc/weir/config.river')
    expect(readFileSync(config, 'utf8')).toContain('exporter.debug')

    const bad = await runWeir([...good.slice(0, -1), join(root, 'bad')])
    expect(bad.code).toBe(1)
    expect(bad.err).toContain('error[unknown-component]')
    expect(bad.err).toContain('could not run; nothing was changed')

    const first = ['--config', join(import.meta.dirname, '../../systemd/config.river')]
    const other = await runWeir(['service', 'install', '--root', root, ...first])
    expect(other.err).toBe(
      `error: there is another config at ${config}\n  = help: leave --config out to keep it, or replace it with --force\n`,
    )
    const forced = await runWeir(['service', 'install', '--root', root, ...first, '--force'])
    expect(forced.code).toBe(0)
    expect(readFileSync(config, 'utf8')).toContain('otelcol.receiver.otlp')
  })

  test('--dry-run changes nothing', async () => {
    const root = temporaryFolder()
    const { code, out } = await runWeir(['service', 'install', '--root', root, '--dry-run'])
    expect(code).toBe(0)
    expect(out).toContain(`would write ${root}/etc/weir/config.river\n`)
    expect(existsSync(join(root, 'etc'))).toBe(false)
  })

  test('of what the unit hides says so', async () => {
    const args = ['service', 'install', '--root', temporaryFolder(), '--program', '/home/me/weir']
    const { code, err } = await runWeir(args)
    expect(code).toBe(1)
    expect(err).toContain('error: the service could not see /home/me/weir')
  })
})

describe('status and logs', () => {
  const rows: readonly (readonly [readonly string[], string, number, number])[] = [
    [['status'], 'systemctl status --no-pager weir.service', 0, 0],
    [['status'], 'systemctl status --no-pager weir.service', 3, 1],
    [['logs'], 'journalctl -u weir.service --no-pager -n 100', 0, 0],
    [['logs', '-f', '-n', '5'], 'journalctl -u weir.service --no-pager -n 5 -f', 0, 0],
  ]
  test.each(rows)('%j runs %s', async (args, expected, ends, code) => {
    const asked: unknown[] = []
    const runProgram: RunProgram = async (program, given, options) => {
      asked.push([[program, ...given].join(' '), options])
      return { code: ends, out: '', err: '' }
    }
    expect(await runWeir(['service', ...args], { runProgram })).toEqual({ code, out: '', err: '' })
    expect(asked).toEqual([[expected, { attached: true }]])
  })

  test('need systemd', async () => {
    const runProgram: RunProgram = () => Promise.reject(new Error('cannot run systemctl: absent'))
    expect(await runWeir(['service', 'status'], { runProgram })).toEqual({
      code: 1,
      out: '',
      err: 'error: cannot run systemctl: absent\n  = help: this machine has no systemd\n',
    })
  })
})
