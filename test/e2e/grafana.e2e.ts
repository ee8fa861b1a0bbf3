/**
 * What dashboards and alert rules ask for is what a running agent tells; promtool understands every
 * query, and the rules fire when they should. Needs promtool, of Debian's package `prometheus` or
 * named by WEIR_PROMTOOL.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Plain } from '#support'
import { AgentProcess, freePort } from '../support/agent-process.js'
import { labelsIn, metricsIn } from '../support/promql.js'

const REQUIRED = process.env['WEIR_REQUIRE'] === '1'
const GRAFANA = resolve(import.meta.dirname, '../../examples/grafana')
const RULES = join(GRAFANA, 'rules/anonymous/weir.yaml')
const promtool = process.env['WEIR_PROMTOOL'] ?? 'promtool'
const isPresent = isThere()

/** What whoever scrapes adds, and what only Prometheus knows. */
const ADDED = ['job', 'instance', 'le']
const OF_SCRAPER = ['up']
/** Labels that series have once something happened. */
const LATER = ['reason']

let agent: AgentProcess
let told: ReadonlyMap<string, ReadonlySet<string>>
beforeAll(async () => {
  agent = await AgentProcess.start(await everyFamily())
  told = seriesIn(await (await agent.get('/metrics')).text())
})
afterAll(async () => {
  await agent?.stop()
})

const queries = [...queriesOfDashboards(), ...queriesOfRules()]

test('there are queries', () => expect(queries.length).toBeGreaterThan(40))

describe.each(queries)('%s', (_place, query) => {
  test('names metrics and labels of the agent', () => {
    const metrics = metricsIn(query).filter((name) => !OF_SCRAPER.includes(name))
    if (metrics.length === 0) return
    const labels = new Set([...ADDED, ...LATER])
    for (const metric of metrics) {
      expect([...told.keys()]).toContain(metric)
      for (const label of told.get(metric)!) labels.add(label)
    }
    for (const label of labelsIn(query)) expect([...labels]).toContain(label)
  })
})

test.skipIf(!isPresent && !REQUIRED)('promtool understands every query', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-promtool-'))
  const file = join(folder, 'rules.yaml')
  const rules = queries.map(([, query], n) => ({ record: `q${n}`, expr: withTimes(query) }))
  writeFileSync(file, stringify({ groups: [{ name: 'queries', rules }] }))
  run('check', 'rules', file)
  rmSync(folder, { recursive: true })
})

test.skipIf(!isPresent && !REQUIRED)('alerts fire when they should, and not else', () => {
  run('check', 'rules', RULES)
  run('test', 'rules', join(GRAFANA, 'rules/weir.test.yaml'))
})

function isThere(): boolean {
  try {
    execFileSync(promtool, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    process.stderr.write('SKIPPED: rules and queries need promtool, or WEIR_PROMTOOL\n')
    return false
  }
}

function run(...args: readonly string[]): void {
  execFileSync(promtool, args, { stdio: 'pipe' })
}

/** A component of each family, so that all the metrics are there. */
async function everyFamily(): Promise<string> {
  const nobody = `http://127.0.0.1:${await freePort()}`
  return `
    otelcol.receiver.otlp "in" {
      grpc { endpoint = "127.0.0.1:${await freePort()}" }
      output {
        traces  = [otelcol.exporter.otlp.traces.input]
        metrics = [otelcol.exporter.prometheus.samples.input]
        logs    = [otelcol.exporter.loki.entries.input]
      }
    }
    otelcol.exporter.otlp "traces" { client { endpoint = "${nobody}" } }
    otelcol.exporter.prometheus "samples" { forward_to = [prometheus.remote_write.out.receiver] }
    otelcol.exporter.loki "entries" { forward_to = [loki.write.out.receiver] }
    prometheus.remote_write "out" { endpoint { url = "${nobody}" } }
    loki.write "out" { endpoint { url = "${nobody}" } }
    prometheus.scrape "self" {
      targets    = []
      forward_to = [prometheus.remote_write.out.receiver]
    }
  `
}

/** The labels of each metric of an exposition, by its name. */
function seriesIn(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const line of text.split('\n')) {
    const [, name, labels] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? []
    if (!name) continue
    const known = found.get(name) ?? new Set()
    for (const [, label] of (labels ?? '').matchAll(/(\w+)="/g)) known.add(label!)
    found.set(name, known)
  }
  return found
}

function queriesOfDashboards(): readonly (readonly [string, string])[] {
  const files = readdirSync(join(GRAFANA, 'dashboards'))
  return files.flatMap((file) => {
    const board = JSON.parse(readFileSync(join(GRAFANA, 'dashboards', file), 'utf8')) as Plain
    const asked = (board['panels'] as readonly Plain[]).flatMap(({ title, targets = [] }) =>
      (targets as readonly Plain[]).map(
        ({ refId, expr }) => [`${file}: ${title} ${refId}`, expr as string] as const,
      ),
    )
    const marks = (board['annotations'].list as readonly Plain[]).map(
      ({ name, expr }) => [`${file}: ${name}`, expr as string] as const,
    )
    return [...asked, ...marks]
  })
}

function queriesOfRules(): readonly (readonly [string, string])[] {
  const { groups } = parse(readFileSync(RULES, 'utf8')) as Plain
  return (groups as readonly Plain[]).flatMap((group) =>
    (group['rules'] as readonly Plain[]).map(({ alert, expr }) => [alert, expr] as const),
  )
}

/** As Grafana fills them in. */
function withTimes(query: string): string {
  return query.replaceAll('$__rate_interval', '1m').replaceAll('$__range', '1h')
}
