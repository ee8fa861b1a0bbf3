/**
 * The programs of examples/ send to a real agent, over each protocol they offer: spans, metrics and
 * log records reach the backend behind it. Needs go for the one in Go, and python3 with venv and
 * pip, which fetch what the programs pin.
 */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ExampleAgent } from '../support/example-agent.js'

const run = promisify(execFile)
const REQUIRED = process.env['WEIR_REQUIRE'] === '1'
const EXAMPLES = resolve(import.meta.dirname, '../../examples')
/** Modules and packages come over the network, once. */
const BUILD_MS = 600_000

let agent: ExampleAgent
let scratch: string
beforeAll(async () => {
  agent = await ExampleAgent.start()
  scratch = mkdtempSync(join(tmpdir(), 'weir-examples-'))
})
afterAll(async () => {
  await agent.stop()
  rmSync(scratch, { recursive: true, force: true })
})
beforeEach(() => agent.forget())

interface Program {
  readonly service: string
  readonly protocols: readonly string[]
  /** What must be on the machine, asked for its version. */
  readonly needs: readonly string[]
  /** Makes the program in the scratch folder. */
  build(): Promise<unknown>
  readonly command: () => readonly [string, ...string[]]
}

const BOTH = ['grpc', 'http/protobuf']
const folderOf = (name: string) => join(EXAMPLES, name)
const python = () => join(scratch, 'venv/bin/python')

const PROGRAMS: Readonly<Record<string, Program>> = {
  Node: {
    service: 'orders-node',
    protocols: [...BOTH, 'http/json'],
    needs: [process.execPath, '--version'],
    build: async () => {},
    command: () => [process.execPath, join(folderOf('node-sdk'), 'orders.mjs')],
  },
  Go: {
    service: 'orders-go',
    protocols: BOTH,
    needs: ['go', 'version'],
    build: () => {
      const options = { cwd: folderOf('go-sdk'), timeout: BUILD_MS }
      return run('go', ['build', '-mod=readonly', '-o', join(scratch, 'orders'), '.'], options)
    },
    command: () => [join(scratch, 'orders')],
  },
  Python: {
    service: 'orders-python',
    protocols: BOTH,
    needs: ['python3', '-c', 'import venv, ensurepip'],
    build: async () => {
      await run('python3', ['-m', 'venv', join(scratch, 'venv')], { timeout: BUILD_MS })
      const requirements = join(folderOf('python-sdk'), 'requirements.txt')
      const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '-r', requirements]
      await run(python(), install, { timeout: BUILD_MS })
    },
    command: () => [python(), join(folderOf('python-sdk'), 'orders.py')],
  },
}

describe.each(Object.entries(PROGRAMS))('the program in %s', (language, program) => {
  const isPresent = isThere(program.needs)
  beforeAll(async () => {
    if (isPresent) await program.build()
    else if (REQUIRED) throw new Error(`${program.needs[0]} is absent and WEIR_REQUIRE is set`)
    else process.stderr.write(`SKIPPED: the example in ${language} needs ${program.needs[0]}\n`)
  }, BUILD_MS)

  test.skipIf(!isPresent).each(program.protocols)('over %s', async (protocol) => {
    const [file, ...args] = program.command()
    const { stderr } = await run(file, args, { env: environment(protocol), timeout: 60_000 })
    expect(stderr).toBe('')
    await agent.until({ traces: 2, metrics: 2, logs: 1 })
    expectOrder(program.service)
  })
})

test('the exporters written down in code: a signal each', async () => {
  const script = join(folderOf('node-sdk'), 'send.mjs')
  await run(process.execPath, [script, agent.grpc, agent.http])
  await agent.until({ traces: 1, metrics: 1, logs: 1 })
  expect(agent.spans()).toMatchObject([{ name: 'GET /orders', service: 'example' }])
  expect(agent.metrics()).toMatchObject([{ name: 'orders', service: 'example' }])
  expect(agent.logs()).toMatchObject([{ body: 'order placed', service: 'example' }])
})

function isThere([file, ...args]: readonly string[]): boolean {
  try {
    execFileSync(file!, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What the SDKs read. */
function environment(protocol: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_ENDPOINT: protocol === 'grpc' ? agent.grpc : agent.http,
    OTEL_EXPORTER_OTLP_INSECURE: 'true',
  }
}

/** Every program tells the same. */
function expectOrder(service: string): void {
  const [root, child] = agent.spans().toSorted((a, b) => (a.name < b.name ? -1 : 1))
  expect(root).toMatchObject({
    service,
    version: '1.0.0',
    name: 'GET /orders',
    kind: SERVER,
    attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200n },
  })
  expect(child).toMatchObject({
    service,
    name: 'SELECT orders',
    kind: CLIENT,
    traceId: root!.traceId,
    parentSpanId: root!.spanId,
    attributes: { 'db.system.name': 'postgresql' },
    events: [{ name: 'cache miss', attributes: { key: 'orders:42' } }],
  })

  const [duration, orders] = agent.metrics().toSorted((a, b) => (a.name < b.name ? -1 : 1))
  expect(duration).toMatchObject({
    service,
    name: 'http.server.request.duration',
    unit: 's',
    points: [{ attributes: { 'http.request.method': 'GET' }, count: '1' }],
  })
  expect(orders).toMatchObject({
    service,
    name: 'orders',
    unit: '{order}',
    points: [{ attributes: { region: 'eu' }, value: 3 }],
  })

  expect(agent.logs()).toMatchObject([
    {
      service,
      body: 'order placed',
      severity: INFO,
      traceId: root!.traceId,
      spanId: root!.spanId,
      attributes: { 'order.id': 42n },
    },
  ])
}

/** SpanKind and SeverityNumber. */
const SERVER = 2
const CLIENT = 3
const INFO = 9
