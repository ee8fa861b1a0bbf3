/**
 * The page of examples/browser-sdk in a real Chromium: what it sends passes the preflight requests
 * of the browser, and pages of other origins do not. Needs the program, of Debian's package
 * `chromium` or named by WEIR_CHROMIUM.
 */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { freePort } from '../support/agent-process.js'
import { ExampleAgent } from '../support/example-agent.js'

const run = promisify(execFile)
const REQUIRED = process.env['WEIR_REQUIRE'] === '1'
const ROOT = resolve(import.meta.dirname, '../..')
const EXAMPLE = join(ROOT, 'examples/browser-sdk')
const program = find()

let agent: ExampleAgent
let browser: Browser | undefined
let site: Server
let port: number
let scratch: string

beforeAll(async () => {
  if (!program) {
    if (REQUIRED) throw new Error('chromium is absent and WEIR_REQUIRE is set')
    process.stderr.write('SKIPPED: the example in a page needs chromium, or WEIR_CHROMIUM\n')
    return
  }
  scratch = mkdtempSync(join(tmpdir(), 'weir-browser-'))
  port = await freePort()
  agent = await ExampleAgent.start([`http://localhost:${port}`])
  site = await serve(port, await bundled())
  browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] })
})
afterAll(async () => {
  if (!program) return
  await browser?.close()
  site.close()
  rmSync(scratch, { recursive: true, force: true })
  await agent.stop()
})
beforeEach(() => agent?.forget())

test.skipIf(!program)('a page sends spans, metrics and logs', async () => {
  const { page, preflights, faults } = await order(`http://localhost:${port}/`)
  await page.waitForFunction("document.querySelector('output').value === 'sent'")
  await page.close()
  expect(faults).toEqual([])
  expect(preflights.toSorted()).toEqual(['/v1/logs', '/v1/metrics', '/v1/traces'])

  await agent.until({ traces: 2, metrics: 2, logs: 1 })
  const [root, child] = agent.spans().toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
  const sender = { service: 'orders-browser', version: '1.0.0' }
  expect(root).toMatchObject({ ...sender, name: 'click order', attributes: { 'url.path': '/' } })
  expect(child).toMatchObject({
    name: 'GET /orders',
    kind: CLIENT,
    traceId: root!.traceId,
    parentSpanId: root!.spanId,
    attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200n },
  })
  const metrics = agent.metrics().toSorted((a, b) => (a.name < b.name ? -1 : 1))
  expect(metrics).toMatchObject([
    { ...sender, name: 'http.client.request.duration', unit: 's', points: [{ count: '1' }] },
    { ...sender, name: 'orders', points: [{ attributes: { region: 'eu' }, value: 3 }] },
  ])
  expect(agent.logs()).toMatchObject([
    {
      ...sender,
      body: 'order placed',
      traceId: root!.traceId,
      spanId: root!.spanId,
      attributes: { 'order.id': 42n },
    },
  ])
})

test.skipIf(!program)('a page of an origin that is not allowed sends nothing', async () => {
  const { page, preflights, faults } = await order(`http://127.0.0.1:${port}/`)
  const refused = () => faults.filter((text) => text.includes('blocked by CORS policy'))
  // The SDK tries again; that of each signal is refused once at least.
  await expect.poll(() => refused().length, { timeout: 30_000 }).toBeGreaterThanOrEqual(3)
  await page.close()
  expect(new Set(preflights)).toEqual(new Set(['/v1/logs', '/v1/metrics', '/v1/traces']))
  expect(agent.spans()).toEqual([])
  expect(agent.metrics()).toEqual([])
  expect(agent.logs()).toEqual([])
})

/** Orders in the page; what the browser asks for and complains about is added to the lists. */
async function order(address: string) {
  const page = await browser!.newPage()
  const preflights: string[] = []
  const faults: string[] = []
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  session.on('Network.requestWillBeSent', ({ request }) => {
    if (request.method === 'OPTIONS') preflights.push(new URL(request.url).pathname)
  })
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(address)
  await page.click('button')
  return { page, preflights, faults }
}

/** As the README of the example says, to another folder. */
async function bundled(): Promise<string> {
  const { scripts } = JSON.parse(readFileSync(join(EXAMPLE, 'package.json'), 'utf8')) as {
    readonly scripts: { readonly build: string }
  }
  const [name, ...args] = scripts.build.split(' ')
  const bundle = join(scratch, args.pop()!)
  await run(join(ROOT, 'node_modules/.bin', name!), [...args, bundle], { cwd: EXAMPLE })
  return readFileSync(bundle, 'utf8')
}

/** The page, told where the agent is, and its script. */
async function serve(port: number, script: string): Promise<Server> {
  const page = readFileSync(join(EXAMPLE, 'index.html'), 'utf8')
  const html = page.replace('http://127.0.0.1:4318', agent.http)
  expect(html).not.toBe(page)
  const server = createServer(({ url }, response) => {
    const isPage = url === '/'
    response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript')
    response.end(isPage ? html : script)
  })
  await new Promise<void>((done) => server.listen(port, done))
  return server
}

function find(): string | undefined {
  for (const name of [process.env['WEIR_CHROMIUM'], 'chromium', '/usr/bin/chromium']) {
    if (!name) continue
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' })
      return name.includes('/') ? name : execFileSync('which', [name], { encoding: 'utf8' }).trim()
    } catch {}
  }
  return undefined
}

/** SpanKind. */
const CLIENT = 3
