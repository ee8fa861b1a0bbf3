/**
 * examples/lgtm.river between the OpenTelemetry SDK and a real Prometheus, a Loki sink and an OTLP
 * sink: what was sent is there, also when the agent was killed while all of them were away.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { systemNetwork } from '#net'
import { AgentProcess, freePort } from '../support/agent-process.js'
import { type LokiPush, lokiSink } from '../support/loki-sink.js'
import { MetricsBackend, programOf, type Sampled } from '../support/metrics-backend.js'
import { OtlpSink } from '../support/otlp-sink.js'

const run = promisify(execFile)
const PROGRAM = join(import.meta.dirname, 'lgtm-program.mjs')
const EXAMPLE = resolve(import.meta.dirname, '../../examples/lgtm.river')
const SOON = { interval: 100, timeout: 60_000 }
const LINES = 10

/** The example with ports of this test. */
async function setUp() {
  const ports = {
    ...{ grpc: await freePort(), http: await freePort() },
    ...{ tempo: await freePort(), mimir: await freePort(), loki: await freePort() },
  }
  const replaced = [
    ['http://localhost:9009/api/v1/push', `http://127.0.0.1:${ports.mimir}/api/v1/write`],
    ['http://localhost:3100/', `http://127.0.0.1:${ports.loki}/`],
    ['localhost:4417', `127.0.0.1:${ports.tempo}`],
    ['grpc { }', `grpc { endpoint = "127.0.0.1:${ports.grpc}" }`],
    ['http { }', `http { endpoint = "127.0.0.1:${ports.http}" }`],
  ] as const
  let config = readFileSync(EXAMPLE, 'utf8')
  for (const [from, to] of replaced) {
    expect(config).toContain(from)
    config = config.replace(from, to)
  }
  return { ports, config }
}

async function backendsAt(ports: Awaited<ReturnType<typeof setUp>>['ports'], program: string) {
  return {
    mimir: await MetricsBackend.start('prometheus', program, { port: ports.mimir }),
    loki: await lokiSink(systemNetwork, { host: '127.0.0.1', port: ports.loki }),
    tempo: await new OtlpSink().start(ports.tempo),
  }
}

test.for([{ killed: false }, { killed: true }])(
  'metrics, logs and traces arrive; the agent killed before: $killed',
  { timeout: 240_000 },
  async ({ killed }, context) => {
    const program = programOf('prometheus', context)
    const { ports, config } = await setUp()
    let backends = killed ? undefined : await backendsAt(ports, program)
    let agent = await AgentProcess.start(config)
    try {
      await run(process.execPath, [PROGRAM, `http://127.0.0.1:${ports.http}`])
      if (killed) {
        await agent.crash()
        backends = await backendsAt(ports, program)
        agent = await agent.again()
      }
      const { mimir, loki, tempo } = backends!
      await expect.poll(() => linesOf(loki.pushes).length, SOON).toBe(LINES)
      await expect.poll(() => tempo.items('traces').length, SOON).toBe(1)
      await expect.poll(() => seriesOf(mimir, 'target_info'), SOON).toHaveLength(1)
      await expectMetrics(mimir)
      expectLogs(loki.pushes)
      expect(tempo.items('traces')[0]).toMatchObject({ item: { name: 'checkout' } })
      await agent.stop()
    } finally {
      agent.kill()
      await backends?.mimir.stop()
      await backends?.tempo.stop()
    }
  },
)

const IDENTITY = {
  ...{ job: 'e2e/shop', instance: 'one' },
  ...{ otel_scope_name: 'lgtm', otel_scope_version: '1.0' },
}

/** Without the name, and sorted by the value. */
async function seriesOf(mimir: MetricsBackend, query: string) {
  const found = await mimir.query(query)
  return found.toSorted((a, b) => Number(a.value?.[1]) - Number(b.value?.[1])).map(plain)
}

function plain({ metric, value }: Sampled) {
  const { __name__, ...labels } = metric
  return [labels, value?.[1]]
}

async function expectMetrics(mimir: MetricsBackend): Promise<void> {
  const rows: readonly (readonly [string, readonly unknown[]])[] = [
    ['orders_total', [[{ ...IDENTITY, region: 'eu' }, '42']]],
    ['open_carts', [[IDENTITY, '-3']]],
    ['cpu_load_percent', [[IDENTITY, '0.75']]],
    ['duration_seconds_sum', [[{ ...IDENTITY, http_route: '/b' }, '35.5']]],
    ['duration_seconds_count', [[{ ...IDENTITY, http_route: '/b' }, '4']]],
    [
      'duration_seconds_bucket',
      [
        [{ ...IDENTITY, http_route: '/b', le: '1' }, '1'],
        [{ ...IDENTITY, http_route: '/b', le: '10' }, '3'],
        [{ ...IDENTITY, http_route: '/b', le: '+Inf' }, '4'],
      ],
    ],
    ['histogram_count(wait_milliseconds)', [[IDENTITY, '4']]],
    ['histogram_sum(wait_milliseconds)', [[IDENTITY, '15']]],
    [
      'sum by (job, instance, deployment_environment) (target_info)',
      [[{ job: 'e2e/shop', instance: 'one', deployment_environment: 'test' }, '1']],
    ],
  ]
  for (const [query, expected] of rows) {
    await expect.poll(() => seriesOf(mimir, query), { ...SOON, message: query }).toEqual(expected)
  }
}

interface Line {
  readonly labels: string
  readonly line: Readonly<Record<string, unknown>>
}

function linesOf(pushes: readonly LokiPush[]): readonly Line[] {
  return pushes.flatMap(({ streams }) =>
    streams.flatMap(({ labels, entries }) =>
      (entries as { line: string }[]).map(({ line }) => ({
        labels: labels as string,
        line: JSON.parse(line) as Line['line'],
      })),
    ),
  )
}

function expectLogs(pushes: readonly LokiPush[]): void {
  const lines = linesOf(pushes)
  const labels = '{exporter="OTLP", instance="one", job="e2e/shop", level="WARN", region="eu"}'
  expect(new Set(lines.map((one) => one.labels))).toEqual(new Set([labels]))
  expect(lines.map(({ line }) => line['body'])).toEqual(
    Array.from({ length: LINES }, (_, n) => `line ${n}`),
  )
  expect(lines[7]?.line).toMatchObject({ severity: 'WARN', attributes: { n: 7 } })
}
