/** A real agent, started as systemd would, tells a socket how it is. Needs python3 and systemd. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { AgentProcess } from '../support/agent-process.js'

const REQUIRED = process.env['WEIR_REQUIRE'] === '1'
const CONFIG = 'otelcol.exporter.debug "a" { }\n'
const WATCHDOG_US = 3_000_000

/** Prints each notification on a line; a barrier is answered by closing what it carries. */
const SOCKET_PROGRAM = `
import os, socket, sys
name = sys.argv[1]
one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
one.bind('\\0' + name[1:] if name[0] == '@' else name)
print('bound', flush=True)
while True:
    text, handles, _, _ = socket.recv_fds(one, 65536, 4)
    for handle in handles: os.close(handle)
    if not text.startswith(b'BARRIER'): print(text.decode().replace('\\n', ' '), flush=True)
`

test.for(['a path', 'an abstract name'])('systemd hears of it all, through %s', async (kind, o) => {
  if (!has('python3') || !has('systemd-notify')) {
    if (REQUIRED) throw new Error('python3 or systemd-notify is absent and WEIR_REQUIRE is set')
    o.skip('python3 or systemd-notify is absent')
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'weir-notify-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = kind === 'a path' ? join(folder, 'socket') : `@weir-test-${process.pid}`
  const socket = new Heard(spawn('python3', ['-c', SOCKET_PROGRAM, path], { stdio: 'pipe' }))
  onTestFinished(() => socket.end())
  await socket.line(/^bound$/)

  const agent = await AgentProcess.start(CONFIG, {
    variables: { NOTIFY_SOCKET: path, WATCHDOG_USEC: String(WATCHDOG_US) },
  })
  onTestFinished(() => agent.kill())
  await socket.line(/^READY=1 STATUS=runs 1 component of load 1$/)
  await socket.line(/^WATCHDOG=1$/)

  writeFileSync(agent.config, `${CONFIG}otelcol.exporter.debug "b" { }\n`)
  await socket.line(/^RELOADING=1 MONOTONIC_USEC=\d+ STATUS=/)
  await socket.line(/^READY=1 STATUS=runs 2 components of load 2$/)

  writeFileSync(agent.config, 'nonsense "a" { }\n')
  await socket.line(/^READY=1 STATUS=runs 2 components; load 3 was refused: there is no component/)

  await agent.stop()
  await socket.line(/^STOPPING=1 EXTEND_TIMEOUT_USEC=45000000 STATUS=drains$/)
  expect(socket.lines.filter((line) => line.startsWith('STOPPING'))).toHaveLength(1)
})

/** The lines that a program prints, as they come. */
class Heard {
  readonly lines: string[] = []
  readonly #child: ChildProcess
  #wake: () => void = () => {}

  constructor(child: ChildProcess) {
    this.#child = child
    let rest = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n')
      rest = parts.pop()!
      this.lines.push(...parts)
      this.#wake()
    })
  }

  async line(pattern: RegExp): Promise<void> {
    while (!this.lines.some((line) => pattern.test(line))) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}

function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
