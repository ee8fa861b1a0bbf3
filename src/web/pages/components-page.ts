import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { Instance } from '#graph'
import { cut, perSecond } from '../format.js'
import type { LedgerHistory } from '../history.js'
import type { Html } from './html.js'
import type { PageOptions } from './options.js'
import { address, componentLink, healthOf, live, numberCell, paged, pageLinks } from './parts.js'
import { answerPage } from './shell.js'

const HEALTHS = [
  ['', 'any health'],
  ['ill', 'not healthy'],
  ['healthy', 'healthy'],
  ['degraded', 'degraded'],
  ['unhealthy', 'unhealthy'],
] as const

export function addComponentsPage(app: Hono, { graph, agent, history }: PageOptions): void {
  app.get('/components', (context) => {
    const q = context.req.query('q') ?? ''
    const health = context.req.query('health') ?? ''
    const found = graph.instances.filter((one) => isFound(one, q, health))
    const page = paged(found, context.req.query('page'))
    const here = (to: number) => address('/components', { q, health, page: to })
    const body = html`
      <form class="bar" method="get" action="/components" hx-get="/components" hx-select="#list"
        hx-target="#list" hx-swap="outerHTML" hx-push-url="true"
        hx-trigger="input changed delay:250ms, change, submit">
      <input type="search" name="q" value="${q}" placeholder="Part of a name" aria-label="Part of
        a name">
      <select name="health" aria-label="Health">${HEALTHS.map(
        ([value, text]) =>
          html`<option value="${value}"${value === health ? html` selected` : ''}>${text}</option>`,
      )}</select></form>
      <div ${live('list', here(page.page), 5)}>${table(page.rows, history)}
      ${pageLinks(page, 'components', here)}</div>`
    return answerPage(context, { title: 'Components', section: 'Components', agent, body })
  })
}

function isFound(instance: Instance, q: string, health: string): boolean {
  if (!instance.id.toLowerCase().includes(q.trim().toLowerCase())) return false
  if (health === '') return true
  const { state } = instance.health()
  return health === 'ill' ? state !== 'healthy' : state === health
}

function table(instances: readonly Instance[], history: LedgerHistory): Html {
  if (instances.length === 0) return html`<div class="empty">No component is like that.</div>`
  return html`<div class="scroll"><table><thead><tr><th>Component</th><th>Health</th>
    <th class="number">In</th><th class="number">Out</th><th class="number">Held</th>
    <th class="number">Dropped</th><th>What it says</th></tr></thead>
    <tbody>${instances.map((one) => row(one, history))}</tbody></table></div>`
}

function row(instance: Instance, history: LedgerHistory): Html {
  const { id, definition, ledger } = instance
  let [came, out, held, dropped] = [0, 0, 0, 0]
  for (const signal of definition.signals) {
    const rates = history.rates(id, signal)
    came += rates.in
    out += rates.out
    held += instance.held(signal)
    for (const items of ledger.counts(signal).dropped.values()) dropped += items
  }
  const hasLedger = definition.signals.length > 0
  const cells = hasLedger
    ? [
        numberCell(came, perSecond(came)),
        numberCell(out, perSecond(out)),
        numberCell(held),
        numberCell(dropped),
      ]
    : html`<td></td><td></td><td></td><td></td>`
  return html`<tr><td class="id">${componentLink(id)}</td><td>${healthOf(instance)}</td>${cells}
    <td class="wide muted">${cut(instance.health().message, 160)}</td></tr>`
}
