import { describe, expect, test } from 'vitest'
import { FakeClock } from '#support'
import { Notifier } from './notify.js'
import type { ProgramOptions } from './run-program.js'

const SOCKET = { NOTIFY_SOCKET: '/run/notify', PATH: '/usr/bin', SECRET: 'not for others' }
const PID = 77

/** A notifier over a program that writes down what it is called with. */
function notifier(
  variables: Readonly<Record<string, string>>,
  answer: (call: number) => Promise<number> = async () => 0,
) {
  const clock = new FakeClock(0, 2)
  const sent: string[] = []
  const options: (ProgramOptions | undefined)[] = []
  const warnings: string[] = []
  const log = {
    debug() {},
    info() {},
    warn: (message: string, fields?: Readonly<Record<string, unknown>>) =>
      void warnings.push(`${message}: ${String(fields?.['error'])}`),
    error() {},
    enabled: () => true,
  }
  const one = new Notifier({
    run: async (program, args, given) => {
      sent.push(`${program} ${args.join(' ')}`)
      options.push(given)
      return { code: await answer(sent.length), out: '', err: '' }
    },
    variables,
    pid: PID,
    clock,
    monotonicUs: () => 5_000_123n,
    log,
  })
  return { one, clock, sent, options, warnings }
}

describe('what systemd hears', () => {
  type Do = (one: Notifier) => void
  const rows: readonly (readonly [string, Do, string])[] = [
    ['of the start', (one) => one.ready('runs 4 blocks'), 'READY=1 STATUS=runs 4 blocks'],
    [
      'of a reload',
      (one) => one.reloading(),
      'RELOADING=1 MONOTONIC_USEC=5000123 STATUS=loads its config',
    ],
    [
      'of the stop',
      (one) => one.stopping(45_000),
      'STOPPING=1 EXTEND_TIMEOUT_USEC=45000000 STATUS=drains',
    ],
    ['is one line', (one) => one.ready(' a\n\tb\n'), 'READY=1 STATUS=a b'],
    ['is short', (one) => one.ready('x'.repeat(999)), `READY=1 STATUS=${'x'.repeat(300)}`],
  ]
  test.each(rows)('%s', async (_, act, expected) => {
    const { one, sent, options } = notifier(SOCKET)
    act(one)
    await one.close()
    expect(sent).toEqual([`systemd-notify ${expected}`])
    expect(options[0]?.variables).toEqual({ NOTIFY_SOCKET: '/run/notify', PATH: '/usr/bin' })
  })

  test('comes one behind the other', async () => {
    let release = () => {}
    const held = new Promise<number>((resolve) => {
      release = () => resolve(0)
    })
    const { one, sent } = notifier(SOCKET, (call) => (call === 1 ? held : Promise.resolve(0)))
    one.ready('a')
    one.ready('b')
    await Promise.resolve()
    expect(sent).toHaveLength(1)
    release()
    await one.close()
    expect(sent.map((line) => line.at(-1))).toEqual(['a', 'b'])
  })

  test('is nothing where systemd did not start the agent', async () => {
    const { one, clock, sent } = notifier({ WATCHDOG_USEC: '3000000' })
    one.watch()
    one.ready('a')
    one.reloading()
    await clock.tick(10_000)
    one.stopping(1)
    await one.close()
    expect(sent).toEqual([])
    expect(clock.pending).toBe(0)
  })
})

describe('the watchdog', () => {
  const pings = (sent: readonly string[]) => sent.filter((line) => line.includes('WATCHDOG=1'))
  const rows: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
    ['every third of its deadline', { WATCHDOG_USEC: '3000000' }, 4],
    ['of this process', { WATCHDOG_USEC: '3000000', WATCHDOG_PID: String(PID) }, 4],
    ['not of another process', { WATCHDOG_USEC: '3000000', WATCHDOG_PID: '78' }, 0],
    ['not where the unit asks for none', {}, 0],
    ['not for what is no number', { WATCHDOG_USEC: 'soon' }, 0],
  ]
  test.each(rows)('is pinged %s', async (_, variables, expected) => {
    const { one, clock, sent } = notifier({ ...SOCKET, ...variables })
    one.watch()
    await clock.tick(4500)
    expect(pings(sent)).toHaveLength(expected)
    await one.close()
    await clock.tick(9000)
    expect(pings(sent)).toHaveLength(expected)
    expect(clock.pending).toBe(0)
  })

  test('is pinged while the agent drains', async () => {
    const { one, clock, sent } = notifier({ ...SOCKET, WATCHDOG_USEC: '3000000' })
    one.watch()
    one.stopping(30_000)
    await clock.tick(2500)
    expect(pings(sent)).toHaveLength(2)
    await one.close()
  })

  test('waits for one ping before the next', async () => {
    const { one, clock, sent } = notifier({ ...SOCKET, WATCHDOG_USEC: '3000000' }, () => {
      return new Promise(() => {})
    })
    one.watch()
    await clock.tick(9000)
    expect(pings(sent)).toHaveLength(1)
  })
})

describe('a notification that fails', () => {
  test('is warned of once, until one goes through again', async () => {
    const codes = [1, 1, 0, 1]
    const { one, warnings } = notifier(SOCKET, async (call) => codes[call - 1]!)
    for (const status of ['a', 'b', 'c', 'd']) one.ready(status)
    await one.close()
    const warning = 'cannot notify systemd: systemd-notify ended with 1'
    expect(warnings).toEqual([warning, warning])
  })

  test('stops nothing where the program is missing', async () => {
    const { one, warnings } = notifier(SOCKET, async () => {
      throw new Error('cannot run systemd-notify: it is not installed')
    })
    one.ready('a')
    await one.close()
    expect(warnings).toEqual([
      'cannot notify systemd: cannot run systemd-notify: it is not installed',
    ])
  })
})
