/** The pages of a real agent in a real Chromium: each of them, reload, tap, credentials, policy. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AgentProcess, freePort, weir } from '../support/agent-process.js'
import { openChromium, watchedPage } from '../support/chromium.js'

const browser = await openChromium()
if (!browser) process.stderr.write('pages.e2e: skipped, there is no Chromium\n')
const run = describe.skipIf(!browser)
afterAll(() => browser?.close())

/** Tests run only where there is one. */
const chromium = browser as Browser

const configOf = (httpPort: number, extra = '') => `
otelcol.receiver.otlp "default" {
  http { endpoint = "127.0.0.1:${httpPort}" }
  output {
    traces = [otelcol.processor.batch.default.input]
    metrics = [otelcol.processor.batch.default.input]
    logs = [otelcol.processor.batch.default.input]
  }
}
otelcol.processor.batch "default" {
  timeout = "20ms"
  output {
    traces = [otelcol.exporter.debug.default.input]
    metrics = [otelcol.exporter.debug.default.input]
    logs = [otelcol.exporter.debug.default.input, otelcol.exporter.otlphttp.away.input]
  }
}
otelcol.exporter.debug "default" { }
otelcol.auth.bearer "away" { token = "s3cret-token" }
otelcol.exporter.otlphttp "away" {
  client {
    endpoint = "http://127.0.0.1:9"
    auth = otelcol.auth.bearer.away.handler
  }
}
${extra}`

const HOSTILE = '<img src=x onerror=alert(1)>'
const TRACE = '0af7651916cd43dd8448eb211c80319c'

/** A trace of two spans, a log record and a metric. */
async function send(port: number, word = 'order placed'): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n
  const time = (ms: number) => String(now - BigInt(ms) * 1_000_000n)
  const name = { key: 'service.name', value: { stringValue: 'shop' } }
  const resource = { attributes: [name, { key: 'note', value: { stringValue: HOSTILE } }] }
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const address = `http://127.0.0.1:${port}/v1/${path}`
    const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) })
    expect(answer.status).toBe(200)
  }
  const root = { traceId: TRACE, spanId: '00f067aa0ba902b7', name: 'GET /orders', kind: 2 }
  const child = { ...root, spanId: '00f067aa0ba902b8', parentSpanId: root.spanId, name: 'SELECT' }
  const spans = [
    { ...root, startTimeUnixNano: time(90), endTimeUnixNano: time(0) },
    { ...child, startTimeUnixNano: time(60), endTimeUnixNano: time(30), status: { code: 2 } },
  ]
  await post('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })
  const record = { timeUnixNano: time(0), severityText: 'INFO', body: { stringValue: word } }
  await post('logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] })
  const point = { timeUnixNano: time(0), asInt: '42' }
  const metrics = [{ name: 'orders', sum: { aggregationTemporality: 2, dataPoints: [point] } }]
  await post('metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] })
}

run('an agent with data', () => {
  let agent: AgentProcess
  let httpPort: number
  beforeAll(async () => {
    httpPort = await freePort()
    agent = await AgentProcess.start(configOf(httpPort))
    await send(httpPort)
  })
  afterAll(async () => {
    await agent?.stop().finally(() => agent.kill())
  })

  /** Where, and what has to be there in the end. */
  const pages: readonly (readonly [string, RegExp])[] = [
    ['/', /5 components, 1 not healthy[\s\S]*GET \/orders/],
    [
      '/?focus=otelcol.processor.batch.default&depth=1',
      /Around otelcol\.processor\.batch\.default/,
    ],
    ['/components', /otelcol\.exporter\.otlphttp\.away[\s\S]*degraded/],
    ['/components?q=batch', /otelcol\.processor\.batch\.default/],
    ['/components/otelcol.auth.bearer.away', /\(secret\)/],
    ['/components/otelcol.exporter.otlphttp.away', /The last ten minutes[\s\S]*cannot deliver/],
    ['/components/nothing', /There is no component nothing/],
    ['/data', /GET \/orders/],
    ['/data?signal=metrics', /orders\s+42/],
    ['/data?signal=logs', /order placed/],
    ['/data?signal=logs&filter=-order', /Nothing of what came last is like that/],
    [`/data/traces/${TRACE}`, /SELECT shop[\s\S]*30\.0 ms failed/],
    ['/tap', /What flows now/],
    ['/ledger', /otelcol\.receiver\.otlp\.default/],
    ['/ledger?by=edge', /otelcol\.exporter\.debug\.default/],
    ['/queues', /otelcol\.exporter\.otlphttp\.away/],
    ['/queues/otelcol.exporter.otlphttp.away/logs', /1 items/],
    ['/queues/otelcol.exporter.otlphttp.away/logs?part=dead', /No destination refused/],
    ['/config', /token = "\(secret\)"/],
    ['/reloads', /loaded[\s\S]*#1/],
  ]
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`shows every page, ${colorScheme}`, async () => {
      const { page, faults } = await watchedPage(chromium, { colorScheme })
      for (const [path, wanted] of pages) {
        await page.goto(agent.admin + path)
        await expect
          .poll(() => page.evaluate('document.body.innerText'), { timeout: 15_000, message: path })
          .toMatch(wanted)
        expect(await page.content()).not.toContain('s3cret-token')
        const overflow = 'document.documentElement.scrollWidth - window.innerWidth'
        expect(await page.evaluate(overflow), path).toBeLessThanOrEqual(0)
      }
      // The browser tells of what is not there.
      expect(faults.filter((one) => !one.includes('404'))).toEqual([])
      await page.close()
    })
  }

  test('draws charts', async () => {
    const { page, faults } = await watchedPage(chromium)
    await page.goto(`${agent.admin}/components/otelcol.processor.batch.default`)
    await page.waitForSelector('.chart canvas')
    expect(await page.locator('.chart canvas').count()).toBe(3)
    expect(faults).toEqual([])
    await page.close()
  })

  test('follows what changes without being asked', async () => {
    const { page, faults } = await watchedPage(chromium)
    await page.goto(`${agent.admin}/data?signal=logs`)
    await send(httpPort, 'came later')
    await page.waitForSelector('text=came later')
    expect(faults).toEqual([])
    await page.close()
  })

  test('taps an edge, with a filter, and stops when the page goes', async () => {
    const { page, faults } = await watchedPage(chromium)
    await page.goto(`${agent.admin}/`)
    await page.locator('.graph a.edge text.logs').first().click()
    await page.waitForURL(/\/tap\?from=/)
    await page.fill('input[name=filter]', 'wanted')
    await page.click('button.primary')
    await page.waitForSelector('text=0 shown')
    await send(httpPort, 'left out')
    await send(httpPort, 'wanted <b>bold</b>')
    await page.waitForSelector('text=wanted <b>bold</b>')
    expect(await page.locator('[data-tap] tbody tr').count()).toBe(1)
    expect(faults).toEqual([])
    await page.close()
  })

  test('taps for programs, a line an item', async () => {
    const abort = new AbortController()
    const { signal } = abort
    const path = '/api/v1/tap?of=otelcol.exporter.debug.default&signal=traces'
    const answer = await fetch(agent.admin + path, { signal })
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson')
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
    await send(httpPort)
    let text = ''
    while (!text.includes('SELECT')) text += (await reader.read()).value ?? ''
    const first = JSON.parse(text.split('\n')[0]!) as Record<string, unknown>
    expect(first).toMatchObject({
      from: 'otelcol.processor.batch.default',
      to: 'otelcol.exporter.debug.default',
      signal: 'traces',
      title: 'GET /orders',
      traceId: TRACE,
    })
    abort.abort()
    expect((await agent.get('/api/v1/tap?of=nothing')).status).toBe(404)
  })

  test('taps on the command line, and ends when its reader does', async () => {
    const id = 'otelcol.exporter.debug.default'
    const tap = ['tap', id, '--agent', agent.admin, '--signal', 'traces', '--json']
    const one = weir([...tap, '--limit', '1', '--filter', 'GET'])
    const head = weir(tap, { readsLines: 1 })
    let isDone = false
    const both = Promise.all([one, head]).finally(() => (isDone = true))
    await agent.until('what is tapped', async () => {
      await send(httpPort)
      return isDone
    })
    for (const { code, out } of await both) {
      expect(code).toBe(0)
      expect(JSON.parse(out.split('\n')[0]!)).toMatchObject({ to: id, title: 'GET /orders' })
    }
    const { code, err } = await weir(['tap', 'default', '--agent', agent.admin])
    expect(code).toBe(1)
    expect(err).toContain('= help: did you mean "')
  })

  test('reloads a good and a broken config', async () => {
    const { page, faults } = await watchedPage(chromium)
    const quiet = await AgentProcess.start(configOf(await freePort()), {
      flags: ['--no-config.watch'],
    })
    const port = await freePort()
    quiet.write(configOf(port, 'otelcol.exporter.debug "more" { }'))
    await page.goto(`${quiet.admin}/config`)
    await page.waitForSelector('text=The text differs from what runs')
    await page.waitForSelector('.line.added >> text=otelcol.exporter.debug "more"')
    await page.waitForSelector('td:has-text("create")')
    await page.click('button:text("Reload")')
    await page.waitForSelector('.notice.healthy >> text=Loaded in')
    quiet.write(configOf(port, 'otelcol.exporter.debug "more" { verbosty = "x" }'))
    await page.reload()
    await page.waitForSelector('text=a reload would be refused')
    await page.waitForSelector('.line.faulty')
    await page.click('button:text("Reload")')
    await page.waitForSelector('text=what ran before runs on')
    await page.waitForSelector('text=did you mean "verbosity"?')
    await page.goto(`${quiet.admin}/reloads`)
    await page.waitForSelector('text=refused')
    expect(faults).toEqual([])
    await page.close()
    await quiet.stop()
  })

  test('answers no page of another site, and no other name of this machine', async () => {
    const evil = { origin: 'http://evil.example' }
    const post = (path: string, headers: Record<string, string>) =>
      fetch(agent.admin + path, { method: 'POST', headers }).then(({ status }) => status)
    expect(await post('/-/reload', evil)).toBe(403)
    expect(await post('/config/reload', evil)).toBe(403)
    expect(await post('/config/reload', { 'sec-fetch-site': 'cross-site' })).toBe(403)
    const { page } = await watchedPage(chromium)
    const port = new URL(agent.admin).port
    const answer = await page.goto(`http://weir.localhost:${port}/`)
    expect(answer?.status()).toBe(200)
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'")
    await page.close()
  })
})

run('credentials', () => {
  const auth = (filter: string) => `http {
  auth {
    basic {
      username = "ann"
      password = "p4ssword"
    }
    ${filter}
  }
}`
  const open = auth('filter {\n paths = ["/-/"]\n authenticate_matching_paths = false\n }')

  test('are asked for, and the pages work with them', async () => {
    const agent = await AgentProcess.start(configOf(await freePort(), open))
    expect((await agent.get('/')).status).toBe(401)
    expect((await agent.get('/assets/weir.js')).status).toBe(401)
    const httpCredentials = { username: 'ann', password: 'p4ssword' }
    const { page, faults } = await watchedPage(chromium, { httpCredentials })
    await page.goto(`${agent.admin}/tap?all=1`)
    await page.waitForSelector('text=0 shown')
    await page.goto(`${agent.admin}/`)
    await page.waitForSelector('svg.graph')
    expect(faults.filter((one) => !one.includes('401'))).toEqual([])
    await page.close()
    await agent.stop('ann:p4ssword')
  })

  test('have to be there where other machines can reach the pages', async () => {
    const port = await freePort()
    const config = configOf(await freePort())
    const address = `--server.http.listen-addr=0.0.0.0:${port}`
    const { code, err } = await weir(['run', address, '-'], { input: config })
    expect(code).toBe(1)
    expect(err).toContain('other machines can reach the admin address')
  })
})

run('many components', () => {
  const COUNT = 500
  test(`${COUNT} are drawn summed up, found, and seen from near`, async () => {
    const parts = Array.from(
      { length: COUNT / 2 },
      (_, n) => `otelcol.processor.batch "b${n}" {
  output { traces = [otelcol.exporter.debug.d${n}.input] }
}
otelcol.exporter.debug "d${n}" { }`,
    )
    const agent = await AgentProcess.start(parts.join('\n'))
    const { page, faults } = await watchedPage(chromium)
    await page.goto(`${agent.admin}/`)
    await page.waitForSelector('text=500 components')
    expect(await page.locator('.graph .node').count()).toBe(2)
    await page.fill('input[name=q]', 'debug.d77')
    await page.press('input[name=q]', 'Enter')
    await page.click('td.id a')
    await page.click('text=Around it')
    await page.waitForSelector('.node.focus')
    expect(await page.locator('.graph .node').count()).toBe(2)
    await page.goto(`${agent.admin}/components?page=10`)
    await page.waitForSelector('text=page 10 of')
    expect(faults).toEqual([])
    await page.close()
    await agent.stop()
  })
})
