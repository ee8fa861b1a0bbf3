import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { Graph } from '#graph'
import { SIGNALS } from '#pdata'
import { wishOf } from '../tap/tap-routes.js'
import type { Wish } from '../tap/tap-session.js'
import type { Html } from './html.js'
import type { PageOptions } from './options.js'
import { address, componentLink } from './parts.js'
import { answerPage } from './shell.js'

/** Of more components the browser is not told all the names. */
const NAMES_MAX = 500

export function addTapPage(app: Hono, { graph, agent }: PageOptions): void {
  app.get('/tap', (context) => {
    const wish = wishOf(context)
    const isAsked = [wish.from, wish.to, wish.of].some((one) => one !== undefined)
    const body = html`${formOf(graph, wish)}
      ${isAsked || context.req.query('all') === '1' ? stage(wish) : CHOOSE}`
    return answerPage(context, { title: 'Tap', section: 'Tap', agent, body })
  })
}

const CHOOSE = html`<div class="empty">What flows now, as it flows: name a component, or click an
  edge of the <a href="/">graph</a>.
  Nothing is looked at, and nothing costs anything, while this page is closed. <a
    href="/tap?all=1">Tap every edge</a></div>`

function formOf(graph: Graph, { from, to, of, signal, filter, rate }: Wish): Html {
  const named = graph.instances.filter(({ definition }) => definition.signals.length > 0)
  const edge = from !== undefined || to !== undefined
  return html`<form class="bar" method="get" action="/tap">
    ${
      edge
        ? html`<input type="hidden" name="from" value="${from ?? ''}"><input type="hidden"
          name="to" value="${to ?? ''}">
        <span>${from ? componentLink(from) : 'anything'} → ${
          to ? componentLink(to) : 'anything'
        }</span>`
        : html`<label>At <input type="text" name="of" value="${of ?? ''}" list="names"
          placeholder="a component" autocomplete="off"></label>
        <datalist id="names">${named.slice(0, NAMES_MAX).map(
          ({ id }) => html`<option
          value="${id}"></option>`,
        )}</datalist>`
    }
    <select name="signal" aria-label="Signal"><option value="">all signals</option>${SIGNALS.map(
      (one) => html`<option value="${one}"${one === signal ? html` selected` : ''}>${one}</option>`,
    )}</select>
    <input type="search" name="filter" value="${filter}" placeholder="Words; -word leaves out"
      aria-label="Filter">
    <label>at most <select name="rate">${[5, 20, 100, 500].map(
      (one) => html`<option value="${one}"${one === rate ? html` selected` : ''}>${one}</option>`,
    )}</select> a second</label>
    <button class="primary">Tap</button>${
      edge ? html`<a href="/tap">another place</a>` : ''
    }</form>`
}

function stage(wish: Wish): Html {
  const source = address('/api/v1/tap', { ...wish })
  return html`<section data-tap="${source}"><div class="bar"><button type="button"
    data-pause>Pause</button>
    <span class="muted" data-tap-state>connecting</span></div>
    <div
      class="scroll"><table><thead><tr><th>Time</th><th>Signal</th><th>Service</th><th>What</th>
      <th></th><th>Attributes</th><th>Edge</th></tr></thead>
    <tbody></tbody></table></div></section>`
}
