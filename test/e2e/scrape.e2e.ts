/**
 * prometheus.scrape beside a real Prometheus that scrapes the same targets: what Weir sends to
 * another Prometheus and to VictoriaMetrics are the series and values that Prometheus has itself.
 * Bounds are no whole numbers: le="1" is le="1.0" to Weir, as to Prometheus from 3.0 on.
 */
import { createServer, type Server } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { AgentProcess, freePort } from '../support/agent-process.js'
import { MetricsBackend, programOf, type Sampled } from '../support/metrics-backend.js'

const SOON = { interval: 200, timeout: 60_000 }
const TEXT = `# HELP requests_total All requests, "quoted" \\\\ and in\\ntwo lines.
# TYPE requests_total counter
requests_total{code="200",path="/a b"} 1027
requests_total{code="400",path="C:\\\\DIR\\"x\\"\\n"} 3
# TYPE temperature gauge
temperature -4.5e-3
temperature{job="own",instance="own"} NaN
temperature{at="infinity"} +Inf
# TYPE took histogram
took_bucket{le="0.1"} 1
took_bucket{le="1.5"} 4
took_bucket{le="+Inf"} 5
took_sum 7.25
took_count 5
# TYPE size summary
size{quantile="0.5"} 10
size{quantile="0.99"} 100
size_sum 1234
size_count 17
untyped_thing{empty="",street="yes"} 1
`
const OPEN_METRICS = `# HELP open_requests All.
# TYPE open_requests counter
# UNIT open_requests requests
open_requests_total{code="200"} 9 # {trace_id="abc"} 0.5
open_requests_created{code="200"} 1700000000.5
# TYPE info_of info
info_of_info{version="1.2"} 1
# TYPE feature stateset
feature{feature="a"} 1
feature{feature="b"} 0
# EOF
`

interface Target {
  readonly port: number
  isBroken: boolean
  readonly server: Server
}

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function target(): Promise<Target> {
  const one: Target = { port: await freePort(), isBroken: false, server: createServer() }
  one.server.on('request', (request, response) => {
    if (request.url === '/open') {
      response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0')
      response.end(OPEN_METRICS)
      return
    }
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    // In the first line: Prometheus forgets the markers of series that come before the fault.
    response.end(one.isBroken ? `broken{\n${TEXT}` : TEXT)
  })
  await new Promise<void>((done) => one.server.listen(one.port, '127.0.0.1', done))
  closing.push(() => {
    one.server.closeAllConnections()
    one.server.close()
  })
  return one
}

function prometheusConfig(port: number): string {
  const job = (path: string, honor: boolean) => `
  - job_name: ${path.slice(1)}
    metrics_path: ${path}
    honor_labels: ${honor}
    static_configs: [{ targets: ['127.0.0.1:${port}'], labels: { env: test } }]`
  return `global: { scrape_interval: 1s }
scrape_configs:${job('/text', false)}${job('/honored', true)}${job('/open', false)}
`
}

function weirConfig(port: number, urls: readonly string[]): string {
  const job = (path: string, honor: boolean) => `
    prometheus.scrape "${path.slice(1)}" {
      targets         = [{__address__ = "127.0.0.1:${port}", env = "test"}]
      forward_to      = [prometheus.remote_write.out.receiver]
      job_name        = "${path.slice(1)}"
      metrics_path    = "${path}"
      honor_labels    = ${honor}
      scrape_interval = "1s"
      scrape_timeout  = "1s"
    }`
  const endpoints = urls.map(
    (url, index) => `
      endpoint {
        name = "out-${index}"
        url  = "${url}/api/v1/write"
        queue_config { batch_send_deadline = "100ms" }
      }`,
  )
  return `${job('/text', false)}${job('/honored', true)}${job('/open', false)}
    prometheus.remote_write "out" {${endpoints.join('')}
    }`
}

/** Those of /open, and what is told of each scrape. */
const BROKEN_SERIES = 5 + 3 * 3

/** Times differ from scrape to scrape. */
const ALL = '{env="test",__name__!~"scrape_duration_seconds|scrape_series_added"}'

async function seriesOf(backend: MetricsBackend, query = ALL): Promise<readonly string[]> {
  return (await backend.query(query)).map(lineOf).sort()
}

function lineOf({ metric, value }: Sampled): string {
  const labels = Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1))
  return `${JSON.stringify(labels)} ${Number(value?.[1].replace('Inf', 'Infinity'))}`
}

test('the series are those that Prometheus has', { timeout: 300_000 }, async (context) => {
  const programs = {
    prometheus: programOf('prometheus', context),
    victoria: programOf('victoria-metrics', context),
  }
  const scraped = await target()
  const start = async (...args: Parameters<typeof MetricsBackend.start>) => {
    const backend = await MetricsBackend.start(...args)
    closing.push(() => backend.stop())
    return backend
  }
  const config = prometheusConfig(scraped.port)
  const oracle = await start('prometheus', programs.prometheus, { config })
  const taken = await start('prometheus', programs.prometheus)
  const victoria = await start('victoria-metrics', programs.victoria)
  const agent = await AgentProcess.start(weirConfig(scraped.port, [taken.url, victoria.url]))
  closing.push(() => agent.kill())

  await expect.poll(() => seriesOf(oracle, 'up{env="test"} == 1'), SOON).toHaveLength(3)
  const expected = await seriesOf(oracle)
  expect(expected.length).toBeGreaterThan(40)
  await expect.poll(() => seriesOf(taken), SOON).toEqual(expected)
  // It has no NaN of its own.
  const numbers = expected.filter((line) => !line.endsWith('NaN'))
  await expect.poll(() => seriesOf(victoria), SOON).toEqual(numbers)

  scraped.isBroken = true
  await expect.poll(() => seriesOf(oracle), SOON).toHaveLength(BROKEN_SERIES)
  await expect.poll(() => seriesOf(taken), SOON).toEqual(await seriesOf(oracle))
  await agent.stop()
})
