import type { Context, Hono } from 'hono'
import { stream } from 'hono/streaming'
import type { Graph } from '#graph'
import { SIGNALS } from '#pdata'
import type { Clock } from '#sdk'
import { isFromAnotherSite } from '../other-sites.js'
import { type Seen, type SeenUpdate, TapSession, type Wish } from './tap-session.js'

const RATE_DEFAULT = 20
const RATE_MAX = 500
/** Who taps at the same time. */
const SESSIONS_MAX = 10
/** Updates that wait for a slow reader; more are left out and counted. */
const WAITING_MAX = 100

/**
 * `GET /api/v1/tap?from=&to=&of=&signal=&filter=&rate=`: what flows now, until the reader goes; a
 * JSON object a line, or events where `Accept` asks for `text/event-stream`.
 */
export function addTapRoutes(app: Hono, { graph, clock }: { graph: Graph; clock: Clock }): void {
  let sessions = 0
  app.get('/api/v1/tap', (context) => {
    if (isFromAnotherSite(context.req)) return context.json({ error: 'not for other sites' }, 403)
    const wish = wishOf(context)
    const unknown = [wish.from, wish.to, wish.of].find(
      (id) => id !== undefined && !isThere(graph, id),
    )
    if (unknown) return context.json({ error: `there is no component ${unknown}` }, 404)
    if (sessions >= SESSIONS_MAX) {
      return context.json({ error: `${SESSIONS_MAX} readers are tapping already` }, 503)
    }
    const isEvents = (context.req.header('accept') ?? '').includes('text/event-stream')
    const type = isEvents ? 'text/event-stream' : 'application/x-ndjson'
    context.header('content-type', `${type}; charset=utf-8`)
    return stream(context, async (output) => {
      sessions++
      try {
        await pump(graph, clock, wish, isEvents, output)
      } finally {
        sessions--
      }
    })
  })
}

type Output = Parameters<Parameters<typeof stream>[1]>[0]

/** Until the reader goes. */
async function pump(graph: Graph, clock: Clock, wish: Wish, isEvents: boolean, output: Output) {
  const waiting: SeenUpdate[] = []
  let lost = 0
  let wake = () => {}
  const session = new TapSession(graph, clock, wish, (update) => {
    if (waiting.length < WAITING_MAX) waiting.push(update)
    else lost += update.skipped + update.seen.length
    wake()
  })
  output.onAbort(() => {
    session.stop()
    wake()
  })
  session.start()
  try {
    // Headers go out with the first bytes: the reader learns that it is connected.
    await output.write(isEvents ? ': tapping\n\n' : '')
    while (!output.aborted) {
      const update = waiting.shift()
      if (!update) {
        await new Promise<void>((resolve) => (wake = resolve))
        continue
      }
      const lines = linesOf({ ...update, skipped: update.skipped + lost })
      lost = 0
      await output.write(
        lines.map((line) => (isEvents ? `data: ${line}\n\n` : `${line}\n`)).join(''),
      )
    }
  } finally {
    session.stop()
  }
}

function linesOf({ seen, skipped }: SeenUpdate): readonly string[] {
  const lines = seen.map((one) => JSON.stringify(seenView(one)))
  return skipped > 0 ? [...lines, JSON.stringify({ skipped })] : lines
}

function seenView({ from, to, item }: Seen) {
  const { signal, at, service, title, text, attributes, span } = item
  return {
    from,
    to,
    signal,
    at: at === undefined ? undefined : new Date(at).toISOString(),
    service,
    title,
    text,
    attributes: attributes.map(([name, value]) => ({ name, value })),
    traceId: span?.traceId,
    spanId: span?.spanId,
  }
}

export function wishOf(context: Context): Wish {
  const given = (name: string) => context.req.query(name) || undefined
  const rate = Number(given('rate') ?? RATE_DEFAULT)
  return {
    from: given('from'),
    to: given('to'),
    of: given('of'),
    signal: SIGNALS.find((one) => one === given('signal')),
    filter: given('filter') ?? '',
    rate: Number.isFinite(rate) ? Math.min(RATE_MAX, Math.max(1, Math.round(rate))) : RATE_DEFAULT,
  }
}

function isThere(graph: Graph, id: string): boolean {
  return graph.instances.some((one) => one.id === id)
}
