/** prometheus.receive_http behind the remote_write of Prometheus itself. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemNetwork } from '#net'
import { decodePairs, metadataOf, type SampleBatch, SampleReader } from '#pdata'
import { systemClock } from '#sdk'
import definition from '../../components/prometheus/receive_http/receive-http.js'
import { freePort } from '../support/agent-process.js'
import { MetricsBackend, programOf, type Sampled } from '../support/metrics-backend.js'
import { runComponent } from '../support/running-component.js'

const SOON = { interval: 200, timeout: 60_000 }

const EXPOSITION = (scrape: number) => `# HELP requests_total Requests, "all" of them.
# TYPE requests_total counter
requests_total{code="200",path="/a\\nb"} ${scrape * 3}
requests_total{code="500",path="ä"} ${scrape / 3}
# TYPE temperature gauge
temperature -${scrape}.125
endless +Inf
nothing NaN
# TYPE duration_seconds histogram
duration_seconds_bucket{le="0.1"} ${scrape}
duration_seconds_bucket{le="+Inf"} ${scrape * 2}
duration_seconds_sum ${scrape * 0.7}
duration_seconds_count ${scrape * 2}
`

test('it passes on what Prometheus has', { timeout: 120_000 }, async ({ skip }) => {
  const program = programOf('prometheus', { skip })
  const target = await exposing()
  const port = await freePort()
  const body = `forward_to = [test.samples.all.receiver]
    append_metadata = true
    http {
      listen_port = ${port}
    }`
  const overrides = { network: systemNetwork, clock: systemClock }
  const { samples, ledger } = await runComponent(definition, body, undefined, overrides)
  const config = `global:
  scrape_interval: 500ms
  external_labels: { cluster: eu }
remote_write:
  - url: http://127.0.0.1:${port}/api/v1/metrics/write
    queue_config: { batch_send_deadline: 200ms }
    metadata_config: { send_interval: 1s }
scrape_configs:
  - job_name: e2e
    static_configs: [{ targets: ["127.0.0.1:${target}"] }]
`
  const prometheus = await MetricsBackend.start('prometheus', program, { config })
  onTestFinished(() => prometheus.stop())

  const taken = () => new Set(samples.taken.flatMap((batch) => linesOf(batch as SampleBatch)))
  const isUp = (line: string) => line.includes('__name__="up"')
  await expect.poll(() => [...taken()].filter(isUp).length, SOON).toBeGreaterThan(8)
  const there: readonly History[] = await prometheus.query('{job="e2e"}[5m]')
  const wanted = there.flatMap(({ metric, values = [] }) =>
    values.map(([seconds, value]) => {
      const labels = Object.entries({ ...metric, cluster: 'eu' })
      return lineOf(labels, Math.round(seconds * 1000), numberOf(value))
    }),
  )
  expect(wanted.length).toBeGreaterThan(8 * 12)
  const missing = () => {
    const came = taken()
    return wanted.filter((line) => !came.has(line))
  }
  await expect.poll(() => missing(), SOON).toEqual([])
  const latest = Math.max(...there.flatMap(({ values = [] }) => values.map(([at]) => at * 1000)))
  const known = new Set(wanted)
  expect([...taken()].filter((line) => timeOf(line) <= latest && !known.has(line))).toEqual([])

  const families = () => samples.taken.flatMap((batch) => metadataOf(batch as SampleBatch))
  const requests = { family: 'requests_total', type: 1, help: 'Requests, "all" of them.', unit: '' }
  await expect.poll(() => families(), SOON).toContainEqual(requests)
  expect(ledger.counts('samples')).toMatchObject({ refused: 0, dropped: new Map() })
})

/** Of a query for a range of time. */
interface History extends Sampled {
  readonly values?: readonly (readonly [seconds: number, value: string])[]
}

/** A target of Prometheus; its values change with each scrape. */
async function exposing(): Promise<number> {
  let scrapes = 0
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(EXPOSITION(++scrapes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

function linesOf(batch: SampleBatch): readonly string[] {
  const lines: string[] = []
  const reader = new SampleReader(batch)
  while (reader.nextSeries()) {
    const { bytes, labelsStart, labelsEnd } = reader
    const pairs = decodePairs(bytes, labelsStart, labelsEnd)
    const labels = pairs.flatMap((name, n) => (n % 2 === 0 ? [[name, pairs[n + 1]!] as const] : []))
    while (reader.nextPoint()) {
      if (!reader.isStale) lines.push(lineOf(labels, reader.timestampMs, reader.value))
    }
  }
  return lines
}

function lineOf(labels: readonly (readonly [string, string])[], at: number, value: number): string {
  const texts = labels.map(([name, text]) => `${name}=${JSON.stringify(text)}`)
  return `${texts.sort().join(',')} ${value}@${at}`
}

function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'))
}

function timeOf(line: string): number {
  return Number(/@(\d+)$/.exec(line)?.[1])
}
