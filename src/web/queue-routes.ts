import type { Context, Hono } from 'hono'
import type { Graph } from '#graph'
import { type Batch, SIGNALS } from '#pdata'
import {
  type Moved,
  Permanent,
  type QueueContent,
  type Queued,
  type Queueing,
  type QueueName,
  type QueuePart,
  queueText,
  Retryable,
  type Totals,
  type Verdict,
} from '#sdk'
import { isFromAnotherSite } from './other-sites.js'
import { movedView, queuedView, queuesOf, queueView, totalsView } from './queue-views.js'

/** A queue on disk that no component runs. */
export interface Orphan extends QueueContent {
  readonly component: string
  readonly folder: string
  peek(part: QueuePart, count: number): Promise<readonly Queued[]>
  drop(part: QueuePart): Promise<Totals>
  moveTo(adopt: (batch: Batch, verdict: Verdict | undefined) => Promise<boolean>): Promise<Moved>
}

export interface QueueRoutesOptions {
  readonly graph: Graph
  /** Queues that were left behind; they are looked for each time. */
  readonly orphans: { list(): Promise<readonly Orphan[]> }
}

const PEEK_DEFAULT = 10
const PEEK_MAX = 1000

/** Everything under /api/v1/queues. */
export function addQueueRoutes(app: Hono, options: QueueRoutesOptions): void {
  app.get('/api/v1/queues', async (context) => {
    const running = await Promise.all(options.graph.instances.map(queuesOf))
    const orphans = await options.orphans.list()
    return context.json([
      ...running.flat(),
      ...orphans.map((one) => queueView(one.component, 'orphaned', one)),
    ])
  })

  const path = '/api/v1/queues/:component/:signal' as const

  app.on('POST', `${path}/*`, async (context, next) => {
    if (!isFromAnotherSite(context.req)) return next()
    return context.json({ error: 'a page of another site may not change queues' }, 403)
  })

  app.get(`${path}/peek`, (context) =>
    answered(context, async () => {
      const { part, tended } = await asked(context, options)
      const count = countOf(context.req.query('n'))
      const found = await tended.peek(part, count)
      return found.map((one) => queuedView(one, isSet(context, 'content')))
    }),
  )

  app.post(`${path}/requeue`, (context) =>
    answered(context, async () => {
      const to = context.req.query('to')
      if (to !== undefined) return movedView(await adoptBy(context, options, to))
      const { tended } = await asked(context, options)
      return movedView(await tended.requeue(isSet(context, 'force')))
    }),
  )

  app.post(`${path}/drop`, (context) =>
    answered(context, async () => {
      const { part, tended } = await asked(context, options)
      return { dropped: totalsView(await tended.drop(part)) }
    }),
  )
}

interface Tended {
  peek(part: QueuePart, count: number): Promise<readonly Queued[]>
  requeue(force: boolean): Promise<Moved>
  drop(part: QueuePart): Promise<Totals>
}

/** What a request names: a component's queue, or one that was left under that name. */
async function asked(
  context: Context,
  options: QueueRoutesOptions,
): Promise<{ readonly part: QueuePart; readonly tended: Tended }> {
  const named = namedIn(context)
  const part = isSet(context, 'dead') ? 'dead' : 'queue'
  const queueing = options.graph.instances.find(({ id }) => id === named.component)?.queueing
  const isRunning = queueing && (await queueing.queues()).some((one) => isSame(one, named))
  if (isRunning && !isSet(context, 'orphaned')) return { part, tended: running(queueing, named) }
  const orphan = await orphanOf(named, options)
  return {
    part,
    tended: {
      peek: (which, count) => orphan.peek(which, count),
      drop: (which) => orphan.drop(which),
      requeue: () =>
        Promise.reject(
          new Permanent(`no component runs ${queueText(named)}; say to which one it is to go`),
        ),
    },
  }
}

function running(queueing: Queueing, queue: QueueName): Tended {
  return {
    peek: (part, count) => queueing.peek(queue, part, count),
    requeue: (force) => queueing.requeue(queue, { force }),
    drop: (part) => queueing.drop(queue, part),
  }
}

async function adoptBy(context: Context, options: QueueRoutesOptions, to: string): Promise<Moved> {
  const orphan = await orphanOf(namedIn(context), options)
  const [component, ...rest] = to.split('/')
  const endpoint = rest.length > 0 ? rest.join('/') : undefined
  const queueing = options.graph.instances.find(({ id }) => id === component)?.queueing
  if (!queueing) throw new Unknown(`there is no component ${component} with a queue`)
  return orphan.moveTo((batch, verdict) => queueing.adopt(batch, verdict, endpoint))
}

interface Named extends QueueName {
  readonly component: string
}

async function orphanOf(named: Named, { orphans, graph }: QueueRoutesOptions): Promise<Orphan> {
  const { component } = named
  const isIt = (one: Orphan) => one.component === component && isSame(one, named)
  const found = (await orphans.list()).find(isIt)
  if (found) return found
  const isRunning = graph.instances.some(({ id, queueing }) => id === component && queueing)
  throw isRunning
    ? new Permanent(`${queueText(named)} is in use; only what was left behind can be moved`)
    : new Unknown(`there is no queue ${queueText(named)}`)
}

function namedIn(context: Context): Named {
  const { component = '', signal = '' } = context.req.param() as Record<string, string>
  const endpoint = context.req.query('endpoint')
  const known = SIGNALS.find((one) => one === signal)
  if (!known) throw new Unknown(`there is no queue ${component}/${signal}`)
  return { component, endpoint, signal: known }
}

function isSame(one: QueueName, other: QueueName): boolean {
  return one.signal === other.signal && one.endpoint === other.endpoint
}

/** What a request names is not there. */
class Unknown extends Error {}

async function answered(context: Context, work: () => Promise<object>): Promise<Response> {
  try {
    return context.json(await work())
  } catch (error) {
    if (error instanceof Unknown) return context.json({ error: error.message }, 404)
    if (error instanceof Permanent) return context.json({ error: error.message }, 409)
    if (error instanceof Retryable) return context.json({ error: error.message }, 503)
    throw error
  }
}

function isSet(context: Context, name: string): boolean {
  const value = context.req.query(name)
  return value !== undefined && value !== '' && value !== '0' && value !== 'false'
}

function countOf(text: string | undefined): number {
  const count = Number(text ?? PEEK_DEFAULT)
  return Number.isInteger(count) ? Math.min(PEEK_MAX, Math.max(0, count)) : PEEK_DEFAULT
}
