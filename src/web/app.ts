import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { hasErrors, Source } from '#grammar'
import { Retryable } from '#sdk'
import type { Registry } from '#telemetry'
import { healthReport } from './health-views.js'
import { ledgerReport } from './ledger-views.js'
import { isFromAnotherSite } from './other-sites.js'
import type { PageOptions } from './pages/options.js'
import { addPages } from './pages/pages.js'
import { addQueueRoutes } from './queue-routes.js'
import { addTapRoutes } from './tap/tap-routes.js'
import {
  componentDetail,
  componentSummary,
  diagnosticsView,
  graphView,
  receiptView,
} from './views.js'

export interface AppOptions extends PageOptions {
  readonly metrics: Registry
}

/** A config sent for a plan may be this large. */
const PLAN_BYTES_MAX = 10 * 1024 * 1024

const limitPlan = bodyLimit({
  maxSize: PLAN_BYTES_MAX,
  onError: (context) =>
    context.json({ error: `the request is larger than the limit of ${PLAN_BYTES_MAX} bytes` }, 413),
})

/** Before there is an answer: one whose headers change later is copied, megabytes and all. */
const setHeaders: MiddlewareHandler = (context, next) => {
  context.header('X-Content-Type-Options', 'nosniff')
  context.header('Cache-Control', 'no-store')
  return next()
}

/** The admin API and the pages as a node:http handler. Changing requests from other sites' pages are refused. */
export function adminApp(options: AppOptions): RequestListener {
  const { agent, graph, metrics } = options
  const app = new Hono()

  app.use(setHeaders)

  app.get('/-/ready', (context) =>
    agent.ready ? context.text('Weir is ready.\n') : context.text('Weir is not ready.\n', 503),
  )

  app.get('/-/healthy', (context) => {
    const ill = graph.instances.filter((instance) => instance.health().state === 'unhealthy')
    if (ill.length === 0) return context.text('All Weir components are healthy.\n')
    return context.text(`unhealthy components: ${ill.map(({ id }) => id).join(', ')}\n`, 500)
  })

  app.on(['GET', 'POST'], '/-/reload', async (context) => {
    if (isFromAnotherSite(context.req)) {
      return context.json({ error: 'a page of another site may not reload this agent' }, 403)
    }
    try {
      const receipt = await agent.load('http')
      return context.json(receiptView(receipt), receipt.ok ? 200 : 400)
    } catch (error) {
      if (!(error instanceof Retryable)) throw error
      return context.json({ error: error.message }, 503)
    }
  })

  app.get('/metrics', (context) => scraped(context, metrics))

  app.get('/api/v1/components', (context) => context.json(graph.instances.map(componentSummary)))

  addQueueRoutes(app, options)
  addTapRoutes(app, options)
  addPages(app, options)

  // Ids in modules have slashes, so what is below a component comes before.
  app.get('/api/v1/components/:id{.+}', async (context) => {
    const id = context.req.param('id')
    const instance = graph.instances.find((one) => one.id === id)
    if (!instance) return context.json({ error: `there is no component ${id}` }, 404)
    return context.json(await componentDetail(graph, instance))
  })

  app.get('/api/v1/health', (context) => context.json(healthReport(agent, graph)))
  app.get('/api/v1/ledger', (context) => context.json(ledgerReport(graph)))

  app.get('/api/v1/graph', (context) => context.json(graphView(graph)))
  app.get('/api/v1/reloads', (context) => context.json(agent.history.map(receiptView).reverse()))

  app.post('/api/v1/plan', limitPlan, async (context) => {
    const sources = sourcesOf(await context.req.text())
    if (!sources) {
      return context.json({ error: 'send {"files": [{"name": "...", "text": "..."}]}' }, 400)
    }
    const { steps, diagnostics } = await agent.plan(await options.check(sources))
    const status = hasErrors(diagnostics) ? 400 : 200
    return context.json({ steps, diagnostics: diagnosticsView(diagnostics) }, status)
  })

  app.notFound((context) => context.json({ error: `there is nothing at ${context.req.path}` }, 404))
  const answer = getRequestListener(app.fetch)
  return (request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error))
  }
}

async function scraped(context: Context, metrics: Registry): Promise<Response> {
  const open = (context.req.header('accept') ?? '').includes('application/openmetrics-text')
  const type = open
    ? 'application/openmetrics-text; version=1.0.0; charset=utf-8'
    : 'text/plain; version=0.0.4; charset=utf-8'
  const body = await metrics.encode(open ? 'openmetrics' : 'prometheus')
  return context.body(body, 200, { 'content-type': type })
}

/** Undefined for what is no request for a plan. */
function sourcesOf(body: string): readonly Source[] | undefined {
  try {
    const { files } = JSON.parse(body) as { files: readonly { name: unknown; text: unknown }[] }
    return files.map(({ name, text }) => {
      if (typeof name !== 'string' || typeof text !== 'string') throw new TypeError('no file')
      return new Source(name, text)
    })
  } catch {
    return undefined
  }
}
