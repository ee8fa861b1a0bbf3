import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { systemMemory } from '#sdk'
import { runWeir, temporaryFolder } from '../../test/support/cli.js'

const receiver = (name: string) =>
  `otelcol.receiver.otlp "${name}" {\n  grpc { endpoint = "127.0.0.1:0" }\n  output { }\n}\n`
const CONFIG = receiver('out')
const OTHER = receiver('other')
const ANY_PORT = '--server.http.listen-addr=127.0.0.1:0'

/** The log of an agent: lines can be waited for. */
class LogLines {
  readonly lines: string[] = []
  flushed = false
  readonly #waiting = new Map<RegExp, (line: string) => void>()
  write(line: string): void {
    this.lines.push(line)
    for (const [pattern, resolve] of this.#waiting) {
      if (!pattern.test(line)) continue
      this.#waiting.delete(pattern)
      resolve(line)
    }
  }
  flush(): void {
    this.flushed = true
  }
  /** The first line that fits, from now on or from before. */
  line(pattern: RegExp): Promise<string> {
    const written = this.lines.find((line) => pattern.test(line))
    if (written !== undefined) return Promise.resolve(written)
    return new Promise((resolve) => this.#waiting.set(pattern, resolve))
  }
}

/** Runs a config until `signal('SIGTERM')`, which the end of the test gives at the latest. */
function start(text: string, flags: readonly string[] = [ANY_PORT, '--no-config.watch']) {
  const file = join(temporaryFolder({ 'a.river': text }), 'a.river')
  const log = new LogLines()
  const handlers: (readonly [readonly NodeJS.Signals[], () => void])[] = []
  const signal = (name: NodeJS.Signals) => {
    for (const [names, callback] of handlers) if (names.includes(name)) callback()
  }
  const ended = runWeir(['run', ...flags, file], {
    log,
    onSignal: (names, callback) => void handlers.push([names, callback]),
  })
  onTestFinished(async () => {
    signal('SIGTERM')
    await ended
  })
  const admin = async () => /admin=(\S+)/.exec(await log.line(/msg=ready/))![1]!
  return { file, log, signal, ended, admin }
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url, { headers: { connection: 'close' } })
  await response.text()
  return response.status
}

describe('a good config', () => {
  test('runs until it is asked to stop, and then ends well', async () => {
    const { admin, signal, ended, log, file } = start(CONFIG)
    const url = await admin()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/)
    expect(await statusOf(`${url}/-/ready`)).toBe(200)
    expect(await log.line(/msg=ready/)).toContain(`config=${file} `)
    expect(log.lines.join('')).toMatch(/msg="config loaded" load=1 trigger=start .*created=5 /)
    signal('SIGTERM')
    signal('SIGINT')
    expect(await ended).toEqual({ code: 0, out: '', err: '' })
    expect(log.lines.at(-1)).toMatch(/msg=stopped drainMs=\d+ droppedItems=0\n$/)
    expect(log.flushed).toBe(true)
    await expect(statusOf(`${url}/-/ready`)).rejects.toThrow('fetch failed')
  })

  test('is loaded again on SIGHUP', async () => {
    const { admin, signal, log, file } = start(CONFIG)
    const url = await admin()
    writeFileSync(file, OTHER)
    signal('SIGHUP')
    expect(await log.line(/msg="config loaded" load=2/)).toContain('trigger=signal')
    expect(await statusOf(`${url}/api/v1/components/otelcol.receiver.otlp.other`)).toBe(200)
    expect(await statusOf(`${url}/api/v1/components/otelcol.receiver.otlp.out`)).toBe(404)
  })

  test('runs on when what is loaded again is faulty', async () => {
    const { admin, signal, log, file } = start(CONFIG)
    const url = await admin()
    writeFileSync(file, 'nonsense "a" { }')
    signal('SIGHUP')
    expect(await log.line(/msg="config refused/)).toContain(`first="${file}:1:1: there is no comp`)
    expect(await statusOf(`${url}/api/v1/components/otelcol.receiver.otlp.out`)).toBe(200)
  })

  test('is planned against by the other command', async () => {
    const { admin, file } = start(CONFIG)
    const url = await admin()
    writeFileSync(file, OTHER)
    expect(await runWeir(['plan', '--agent', url, file])).toEqual({
      code: 0,
      out: `\
+ create otelcol.receiver.otlp.other
    opens listener 127.0.0.1:0
- remove otelcol.receiver.otlp.out
    closes listener 127.0.0.1:0
4 kept, 1 created, 0 replaced, 1 removed
`,
      err: '',
    })
    writeFileSync(file, 'nonsense "a" { }')
    const { code, out } = await runWeir(['plan', '--agent', url, file])
    expect(code).toBe(1)
    expect(out).toContain(`error: ${file}:1:1: there is no component "nonsense"`)
  })

  test('with warnings tells them and runs', async () => {
    const old =
      'otelcol.exporter.otlp "a" {\n  client {\n    endpoint = join(["a:1"], "")\n  }\n}\n'
    const { admin, signal, ended } = start(old)
    await admin()
    signal('SIGINT')
    const { code, err } = await ended
    expect(code).toBe(0)
    expect(err).toMatch(/^warning\[deprecated-function\]/m)
  })
})

describe('the memory budget', () => {
  const gauge = async (url: string, name: string) => {
    const response = await fetch(`${url}/metrics`, { headers: { connection: 'close' } })
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await response.text())?.[1])
  }

  test('is what the flag says', async () => {
    const { admin } = start(CONFIG, [ANY_PORT, '--no-config.watch', '--memory.budget=64MiB'])
    const url = await admin()
    expect(await gauge(url, 'weir_memory_budget_bytes')).toBe(64 * 1024 ** 2)
    expect(await gauge(url, 'weir_memory_budget_used_bytes')).toBe(0)
  })

  test('is a quarter of what the process may have otherwise', async () => {
    const { admin } = start(CONFIG)
    const bytes = await gauge(await admin(), 'weir_memory_budget_bytes')
    expect(bytes).toBe(Math.floor(systemMemory.totalBytes() / 4))
  })

  test.each(['much', '1KiB', '-5MiB'])('cannot be %s', async (size) => {
    const { code, err } = await runWeir(['run', `--memory.budget=${size}`, 'a.river'])
    expect(code).toBe(2)
    expect(err).toContain('write a size of at least 1MiB, such as "512MiB".')
  })
})

describe('what cannot run ends at once with an error', () => {
  test('a storage path that cannot be used', async () => {
    const folder = temporaryFolder({ taken: 'a file' })
    const path = join(folder, 'taken', 'data')
    const config = 'otelcol.exporter.otlp "a" {\n  client {\n    endpoint = "a:1"\n  }\n}\n'
    const { code, err } = await start(config, [ANY_PORT, `--storage.path=${path}`]).ended
    expect(code).toBe(1)
    expect(err).toContain('error[start-failed]: otelcol.exporter.otlp.a did not start: ')
    const where = `${path}/otelcol.exporter.otlp.a`
    expect(err).toContain(`its queue cannot be kept in ${where}: cannot make the folder ${where}`)
    expect(err).toContain(': part of the path is no folder; make that possible, give another')
    expect(err).toContain('--storage.path, or write sending_queue { durability = "memory" }\n')
  })

  test('a faulty config', async () => {
    const { ended, file, log } = start('otelcol.exporter.debug { }\n')
    expect(await ended).toEqual({
      code: 1,
      out: '',
      err: `\
error[label-missing]: otelcol.exporter.debug needs a label
  --> ${file}:1:1
   |
 1 | otelcol.exporter.debug { }
   | ^^^^^^^^^^^^^^^^^^^^^^
   = help: write otelcol.exporter.debug "a_name" { ... }
error: ${file} was not started
`,
    })
    expect(log.lines.join('')).not.toContain('msg=ready')
  })

  test('no config', async () => {
    const missing = join(temporaryFolder(), 'a.river')
    const { code, err } = await runWeir(['run', ANY_PORT, missing])
    expect(code).toBe(1)
    expect(err).toBe(
      `error[unreadable]: cannot read ${missing}: no such file\n  --> ${missing}\nerror: ${missing} was not started\n`,
    )
  })

  test('a component that does not start', async () => {
    const { ended } = start('local.file "a" {\n  filename = "/nowhere/at/all"\n}\n')
    const { code, err } = await ended
    expect(code).toBe(1)
    expect(err).toMatch(
      /^error\[start-failed\]: local\.file\.a did not start: cannot read \/nowhere\/at\/all: no such file\n/m,
    )
  })

  test('an admin address that is taken', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const { port } = other.address() as { port: number }
    const { ended, log } = start(CONFIG, [`--server.http.listen-addr=127.0.0.1:${port}`])
    expect(await ended).toEqual({
      code: 1,
      out: '',
      err: `error: cannot listen on 127.0.0.1:${port}: address in use; choose another with --server.http.listen-addr\n`,
    })
    expect(log.lines.join('')).not.toContain('msg=ready')
  })

  test('an admin address that is none', async () => {
    const { ended } = start(CONFIG, ['--server.http.listen-addr=localhost'])
    expect(await ended).toMatchObject({
      code: 1,
      err: 'error: "localhost" is no address; write host:port\n',
    })
  })
})
