import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkOptions } from '../../test/contract/registry.js'
import { temporaryFolder } from '../../test/support/cli.js'
import type { RunProgram } from './run-program.js'
import { type InstallOptions, install, uninstall } from './service.js'

const ROOT = resolve(import.meta.dirname, '../..')
const UNIT = 'etc/systemd/system/weir.service'
const OPTIONS: InstallOptions = { start: true, drainMs: 30_000 }

/** A machine below a folder, whose programs end as told and write down what they were asked. */
function machine(codes: Readonly<Record<string, number>> = {}) {
  const systemRoot = temporaryFolder()
  const asked: string[] = []
  let out = ''
  const runProgram: RunProgram = async (program, args) => {
    const command = [program, ...args].join(' ')
    asked.push(command)
    const code = Object.entries(codes).find(([start]) => command.startsWith(start))?.[1] ?? 0
    const log = program === 'journalctl' ? 'error: a port is taken\n' : ''
    return { code, out: log, err: code === 0 ? '' : 'Job failed.\nmore\n' }
  }
  const io = {
    out(text: string) {
      out += text
    },
    err() {},
    input: async () => Buffer.alloc(0),
    color: false,
  }
  const host = {
    version: '1',
    random: () => 0,
    variables: {},
    onSignal() {},
    pid: 1,
    monotonicUs: () => 0n,
    runProgram,
    command: ['/opt/weir/weir'],
    root: ROOT,
  }
  const world = { host, io, systemRoot, checkOptions: checkOptions('generally-available') }
  const has = (path: string) => existsSync(join(systemRoot, path))
  return { systemRoot, asked, world, has, told: () => out }
}

/** What a fresh machine answers. */
const FRESH = {
  'getent passwd': 2,
  'systemctl is-active': 3,
  'systemctl is-enabled': 1,
} as const

describe('install', () => {
  test('makes user, files and unit, and waits until the agent is ready', async () => {
    const { asked, world, has, told } = machine(FRESH)
    await install(OPTIONS, world)
    expect(asked).toEqual([
      'systemctl is-active --quiet weir.service',
      'getent passwd weir',
      'systemd-sysusers',
      'systemctl daemon-reload',
      'systemctl is-enabled --quiet weir.service',
      'systemctl enable weir.service',
      'systemctl restart weir.service',
    ])
    expect([UNIT, 'etc/weir/config.river', 'etc/default/weir'].every(has)).toBe(true)
    expect(told()).toContain('weir runs and is ready')
  })

  test('with --no-start enables it only', async () => {
    const { asked, world, told } = machine(FRESH)
    await install({ ...OPTIONS, start: false }, world)
    expect(asked.at(-1)).toBe('systemctl enable weir.service')
    expect(told()).not.toContain('ready')
  })

  test('with --dry-run runs nothing', async () => {
    const { asked, world, has, told } = machine(FRESH)
    await install({ ...OPTIONS, dryRun: true }, world)
    expect(asked).toEqual([])
    expect(has('etc')).toBe(false)
    expect(told()).toContain('would run systemctl restart weir.service\n')
  })

  const UNDONE = {
    start: [
      'systemctl restart weir.service',
      'journalctl -u weir.service -n 10 -o cat --no-pager',
      'systemctl stop weir.service',
      'systemctl disable weir.service',
      'systemctl daemon-reload',
      'userdel weir',
    ],
    enable: ['systemctl enable weir.service', 'systemctl daemon-reload', 'userdel weir'],
    user: ['systemd-sysusers'],
  }
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ['the start', 'systemctl restart', UNDONE.start],
    ['enabling', 'systemctl enable', UNDONE.enable],
    ['making the user', 'systemd-sysusers', UNDONE.user],
  ]
  test.each(rows)('takes all back when %s fails', async (_, command, calls) => {
    const { asked, world, has } = machine({ ...FRESH, [command]: 1 })
    await expect(install(OPTIONS, world)).rejects.toThrow(
      new RegExp(`^did not run ${command}[^:]*: Job failed\\.[^]*; all is as it was$`),
    )
    expect(asked.slice(-calls.length)).toEqual(calls)
    expect(has('etc')).toBe(false)
  })

  test('that fails shows what the agent said', async () => {
    const { world } = machine({ ...FRESH, 'systemctl restart': 1 })
    await expect(install(OPTIONS, world)).rejects.toThrow('\n  error: a port is taken')
  })

  test('over one that runs brings that back when it fails', async () => {
    const { systemRoot, world, asked, has } = machine()
    await install(OPTIONS, world)
    writeFileSync(join(systemRoot, UNIT), 'the old unit')
    const failing = machine({ 'systemctl restart': 1 })
    const broken = { ...failing.world, systemRoot }
    await expect(install(OPTIONS, broken)).rejects.toThrow('all is as it was')
    expect(readFileSync(join(systemRoot, UNIT), 'utf8')).toBe('the old unit')
    expect(failing.asked).not.toContain('userdel weir')
    expect(failing.asked).not.toContain('systemctl disable weir.service')
    expect(failing.asked.slice(-2)).toEqual([
      'systemctl daemon-reload',
      'systemctl start weir.service',
    ])
    expect(has('etc/weir/config.river')).toBe(true)
    expect(asked).toContain('systemctl restart weir.service')
  })

  test('without systemd says so', async () => {
    const { world, has } = machine()
    const host: typeof world.host = {
      ...world.host,
      runProgram: () => Promise.reject(new Error('cannot run systemctl: it is not installed')),
    }
    await expect(install(OPTIONS, { ...world, host })).rejects.toThrow('it is not installed')
    expect(has('etc')).toBe(false)
  })
})

describe('uninstall', () => {
  test('stops and removes the unit; config and data stay', async () => {
    const { world, asked, has, told } = machine()
    await install(OPTIONS, world)
    asked.length = 0
    await uninstall({}, world)
    expect(asked).toEqual(['systemctl disable --now weir.service', 'systemctl daemon-reload'])
    expect([has(UNIT), has('etc/weir/config.river')]).toEqual([false, true])
    expect(told()).toContain('/etc/weir and /var/lib/weir stay')
  })

  test('--purge removes those, too', async () => {
    const { world, has } = machine()
    await install(OPTIONS, world)
    await uninstall({ purge: true }, world)
    expect(['etc/weir', 'etc/default/weir', 'var/lib/weir'].some(has)).toBe(false)
  })

  test('--dry-run removes nothing', async () => {
    const { world, has, told } = machine()
    await install(OPTIONS, world)
    await uninstall({ dryRun: true }, world)
    expect(has(UNIT)).toBe(true)
    expect(told()).toContain('would run systemctl disable --now weir.service')
  })

  test('that fails brings the unit back', async () => {
    const { world, systemRoot, has } = machine()
    await install(OPTIONS, world)
    const failing = { ...machine({ 'systemctl daemon-reload': 1 }).world, systemRoot }
    await expect(uninstall({}, failing)).rejects.toThrow('did not run systemctl daemon-reload')
    expect(has(UNIT)).toBe(true)
  })

  test('of nothing says so; of a package, what to do', async () => {
    const { world, systemRoot } = machine()
    await expect(uninstall({}, world)).rejects.toThrow('there is no service')
    await install(OPTIONS, world)
    const packaged = join(systemRoot, 'usr/lib/systemd/system/weir.service')
    rmSync(join(systemRoot, UNIT))
    mkdirSync(dirname(packaged), { recursive: true })
    writeFileSync(packaged, '')
    await expect(uninstall({}, world)).rejects.toThrow('the service came with a package')
  })
})
