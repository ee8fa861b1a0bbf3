import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { Graph } from '#graph'
import { OTLP_SIGNALS, type OtlpSignal } from '#pdata'
import { cut, nanoseconds } from '../format.js'
import { type Item, matches } from '../tap/items.js'
import type { Html } from './html.js'
import type { PageOptions } from './options.js'
import { address, live } from './parts.js'
import { attributesCell, clock, keepsAny, recentItems } from './recent.js'
import { answerPage } from './shell.js'
import { waterfall } from './waterfall.js'

const ROWS_MAX = 200

export function addDataPage(app: Hono, { graph, agent }: PageOptions): void {
  app.get('/data', (context) => {
    const signal = OTLP_SIGNALS.find((one) => one === context.req.query('signal')) ?? 'traces'
    const filter = context.req.query('filter') ?? ''
    const here = address('/data', { signal, filter })
    const body = html`<div class="bar"><span class="tabs">${OTLP_SIGNALS.map(
      (one) =>
        html`<a href="${address('/data', { signal: one, filter })}"${
          one === signal
            ? html`
          aria-current="page"`
            : ''
        }>${NAMES[one]}</a>`,
    )}</span>
      <form class="bar" method="get" action="/data"><input type="hidden" name="signal"
        value="${signal}">
      <input type="search" name="filter" value="${filter}" placeholder="Words; -word leaves out"
        aria-label="Filter"></form></div>
      <div ${live('data', here, 2)}>${
        keepsAny(graph.instances) ? rowsOf(graph, signal, filter) : NOBODY_KEEPS
      }</div>`
    return answerPage(context, { title: NAMES[signal], section: 'Data', agent, body })
  })

  app.get('/data/traces/:id', (context) => {
    const id = context.req.param('id')
    const spans = recentItems(graph.instances, 'traces').filter(({ span }) => span?.traceId === id)
    const body = html`<div class="bar"><h1>Trace <span class="mono">${id}</span></h1>
      <a class="push" href="/data?signal=traces">All traces</a></div>
      ${
        spans.length > 0
          ? waterfall(spans)
          : html`<div class="empty">This trace is not among the
        last that came.</div>`
      }`
    return answerPage(context, { title: `Trace ${id}`, section: 'Data', agent, body })
  })
}

const NAMES = { traces: 'Traces', metrics: 'Metrics', logs: 'Logs' } as const

const NOBODY_KEEPS = html`<div class="empty">No component of this config keeps what passes.
  Wire something into <code>otelcol.exporter.debug</code>, and the last of it is shown here; or <a
    href="/tap">tap an edge</a> to see what flows now.</div>`

const NOTHING_YET = html`<div class="empty">Nothing has come yet. Send something, for example from
  another terminal:
  <pre>node examples/node-sdk/send.mjs</pre></div>`

function rowsOf(graph: Graph, signal: OtlpSignal, filter: string): Html {
  const items = recentItems(graph.instances, signal)
  if (items.length === 0) return NOTHING_YET
  const found = items.filter((item) => matches(item, filter))
  if (found.length === 0)
    return html`<div class="empty">Nothing of what came last is like that.</div>`
  if (signal === 'traces') return tracesTable(found, items)
  const shown = found.slice(0, ROWS_MAX)
  return html`<div class="scroll"><table><thead><tr><th>Time</th><th>Service</th>
    <th>${signal === 'logs' ? 'Severity' : 'Metric'}</th><th>${
      signal === 'logs' ? 'Message' : 'Values'
    }</th><th>Attributes</th></tr></thead>
    <tbody>${shown.map((item) => itemRow(item))}</tbody></table></div>${note(
      found.length,
      shown.length,
    )}`
}

function itemRow(item: Item): Html {
  const trace = item.attributes.find(([name]) => name === 'trace')?.[1]
  return html`<tr><td class="nowrap">${clock(item.at)}</td><td class="nowrap">${item.service}</td>
    <td class="strong nowrap">${item.title}</td><td class="text">${cut(item.text, 500)}${
      trace ? html` <a href="/data/traces/${trace}">trace</a>` : ''
    }</td>${attributesCell(item)}</tr>`
}

/** A trace by its root, or by the first of its spans that is there. */
function tracesTable(found: readonly Item[], all: readonly Item[]): Html {
  const ids = [...new Set(found.map(({ span }) => span!.traceId))].slice(0, ROWS_MAX)
  const byTrace = groupedByTrace(all)
  return html`<div class="scroll"><table><thead><tr><th>Time</th><th>Service</th><th>Trace</th>
    <th class="number">Spans</th><th class="number">Failed</th><th
      class="number">Took</th><th>Attributes</th></tr></thead><tbody>${ids.map((id) =>
        traceRow(id, byTrace.get(id) ?? []),
      )}</tbody></table></div>${note(ids.length, ids.length)}`
}

function traceRow(id: string, items: readonly Item[]): Html {
  const spans = items.map(({ span }) => span!)
  const root = items.find(({ span }) => span!.parentId === '') ?? items.at(-1)!
  const starts = spans.map(({ startNs }) => startNs)
  const ends = spans.map(({ endNs }) => endNs)
  const took = Number(
    ends.reduce((a, b) => (a > b ? a : b)) - starts.reduce((a, b) => (a < b ? a : b)),
  )
  const failed = spans.filter(({ isFailed }) => isFailed).length
  return html`<tr><td class="nowrap">${clock(root.at)}</td><td class="nowrap">${root.service}</td>
    <td class="strong"><a href="/data/traces/${id}">${root.title || id}</a></td><td
      class="number">${spans.length}</td>
    <td class="number${failed > 0 ? ' lost' : ' zero'}">${failed}</td><td
      class="number">${nanoseconds(Math.max(0, took))}</td>
    ${attributesCell(root)}</tr>`
}

function note(found: number, shown: number): Html {
  return html`<div class="pages">${shown < found ? `the newest ${shown} of ${found}` : `${found}`}
    among the last that came</div>`
}

function groupedByTrace(items: readonly Item[]): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const { traceId } = item.span!
    groups.set(traceId, [...(groups.get(traceId) ?? []), item])
  }
  return groups
}
