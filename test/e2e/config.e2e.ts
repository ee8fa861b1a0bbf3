/** Configs of a real agent: how faults are told, and how changed files are found. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AgentProcess, weir } from '../support/agent-process.js'

const GOOD = 'otelcol.exporter.debug "a" { }\n'

const FAULTY = `otelcol.receiver.otlp "in" {
  grpc { }
  output {
    metrics = [otelcol.processor.batch.traces_only.input]
    traces  = [otelcol.exporter.otlp.nowhere.input]
  }
}

otelcol.processor.batch "traces_only" {
  timout = "5s"
  output { traces = [otelcol.exporter.otlp.out.input] }
}

otelcol.processor.batch "one" {
  output { traces = [otelcol.processor.batch.two.input] }
}

otelcol.processor.batch "two" {
  output { traces = [otelcol.processor.batch.one.input] }
}

otelcol.exporter.otlp "out" {
  client {
    endpoint = "tempo:4317"
    keepalive {
      ping_wait = ["5s"]
    }
  }
}
`

describe('a config with many faults', () => {
  const expected = [
    ['wrong-signal', 4, 16],
    ['unknown-reference', 5, 16],
    ['unknown-attribute', 10, 3],
    ['cycle', 15, 22],
    ['wrong-type', 26, 19],
  ]

  test('check tells all in one run, with carets', async () => {
    const { code, err, out } = await weir(['check', '-'], { input: FAULTY })
    expect([code, out]).toEqual([1, ''])
    for (const [fault, line, column] of expected) {
      expect(err).toMatch(new RegExp(`error\\[${fault}\\]: .*\\n +--> -:${line}:${column}\\n`))
    }
    expect(err).toContain('= help: did you mean "timeout"?')
    expect(err.match(/^error/gm)).toHaveLength(expected.length)
  })

  test('check --json tells the same as data', async () => {
    const { code, out } = await weir(['check', '--json', '-'], { input: FAULTY })
    const faults = JSON.parse(out) as {
      code: string
      line: number
      column: number
      stage: string
    }[]
    expect(code).toBe(1)
    expect(faults.map(({ code, line, column }) => [code, line, column])).toEqual(expected)
    expect(new Set(faults.map(({ stage }) => stage))).toEqual(new Set(['check']))
  })

  test('run starts nothing', async () => {
    const { code, err } = await weir(['run', '-'], { input: FAULTY })
    expect(code).toBe(1)
    expect(err.match(/^error\[/gm)).toHaveLength(expected.length)
  })

  test('a reload answers 400, and the old pipeline runs on', async () => {
    const agent = await AgentProcess.start(GOOD)
    try {
      agent.write(FAULTY)
      const { status, body } = await agent.reload()
      expect(status).toBe(400)
      expect(body.diagnostics.map(({ code, line, column }) => [code, line, column])).toEqual(
        expected,
      )
      const ids = (await agent.components()).map(({ id }) => id)
      expect(ids).toContain('otelcol.exporter.debug.a')
      const metrics = await (await agent.get('/metrics')).text()
      expect(metrics).toContain('weir_config_last_load_successful 0')
      expect(agent.log.match(/config refused/g)).toHaveLength(1)
      agent.write(GOOD)
      expect((await agent.reload()).status).toBe(200)
      await agent.stop()
    } finally {
      agent.kill()
    }
  })
})

describe('what only the start shows', () => {
  const rows: readonly (readonly [string, (port: number) => string, RegExp])[] = [
    [
      'a port in use',
      (port) => `otelcol.receiver.otlp "in" {
        grpc { endpoint = "127.0.0.1:${port}" }
        output { }
      }`,
      /otelcol.receiver.otlp.in did not start: cannot listen on 127.0.0.1:\d+: .*in use.*\n +--> .*config.river:1:1/,
    ],
    [
      'a file that is not there',
      () => 'local.file "f" { filename = "/does/not/exist" }',
      /local.file.f did not start: cannot read \/does\/not\/exist: no such file/,
    ],
    [
      'a certificate that is none',
      () => `otelcol.receiver.otlp "in" {
        http {
          endpoint = "127.0.0.1:0"
          tls {
            cert_pem = "nonsense"
            key_pem  = "nonsense"
          }
        }
        output { }
      }`,
      /otelcol.receiver.otlp.in did not start: .*cert_pem/,
    ],
  ]
  for (const [name, text, message] of rows) {
    test(name, async () => {
      const taken = createServer()
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
      const { port } = taken.address() as { port: number }
      const agent = await AgentProcess.start(text(port), { ready: false })
      expect(await agent.exited()).toBe(1)
      expect(agent.log).toMatch(message)
      taken.close()
      rmSync(agent.folder, { recursive: true })
    })
  }

  test('an admin address in use', async () => {
    const agent = await AgentProcess.start(GOOD)
    const { code, err } = await weir([
      'run',
      `--server.http.listen-addr=${agent.admin.replace('http://', '')}`,
      agent.config,
    ])
    expect(code).toBe(1)
    expect(err).toMatch(/cannot listen on 127.0.0.1:\d+: address in use/)
    expect(err).toContain('--server.http.listen-addr')
    await agent.stop()
  })
})

describe('a changed file is found', () => {
  const CHANGED = 'otelcol.exporter.debug "b" { }\n'
  const isChanged = (agent: AgentProcess) => async () =>
    (await agent.components()).some(({ id }) => id === 'otelcol.exporter.debug.b')

  test('written in place', async () => {
    const agent = await AgentProcess.start(GOOD)
    agent.write(CHANGED)
    await agent.until('the reload', isChanged(agent))
    await agent.stop()
  })

  test('replaced by rename', async () => {
    const agent = await AgentProcess.start(GOOD)
    for (const text of [CHANGED, GOOD, CHANGED]) {
      writeFileSync(join(agent.folder, '.new'), text)
      renameSync(join(agent.folder, '.new'), agent.config)
      await agent.until('the reload', async () => (await isChanged(agent)()) === (text === CHANGED))
    }
    await agent.stop()
  })

  test('swapped by symlink, as Kubernetes mounts do it', async () => {
    const agent = await AgentProcess.start(GOOD)
    const { folder, config } = agent
    const mount = (name: string, text: string) => {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'config.river'), text)
      symlinkSync(name, join(folder, '.tmp'))
      renameSync(join(folder, '.tmp'), join(folder, '..data'))
    }
    mount('one', GOOD)
    rmSync(config)
    symlinkSync('..data/config.river', config)
    mount('two', CHANGED)
    await agent.until('the reload', isChanged(agent))
    mount('three', GOOD)
    await agent.until('the reload', async () => !(await isChanged(agent)()))
    await agent.stop()
  })

  test('SIGHUP loads it too, and a broken file changes nothing', async () => {
    const agent = await AgentProcess.start(GOOD, { flags: ['--no-config.watch'] })
    agent.write('otelcol.')
    agent.signal('SIGHUP')
    await agent.until('the refusal', () => agent.log.includes('config refused'))
    agent.write(CHANGED)
    agent.signal('SIGHUP')
    await agent.until('the reload', isChanged(agent))
    await agent.stop()
  })
})

test('a folder of files is one config', async () => {
  const agent = await AgentProcess.start(GOOD)
  const folder = join(agent.folder, 'many')
  mkdirSync(folder)
  writeFileSync(join(folder, 'a.river'), 'otelcol.exporter.debug "a" { }\n')
  writeFileSync(join(folder, 'b.alloy'), 'otelcol.exporter.debug "a" { }\n')
  writeFileSync(join(folder, 'notes.txt'), 'not River')
  const { code, err } = await weir(['check', folder])
  expect(code).toBe(1)
  expect(err).toContain('otelcol.exporter.debug.a is declared twice')
  expect(err).toContain(`${join(folder, 'b.alloy')}:1:1`)
  await agent.stop()
})
