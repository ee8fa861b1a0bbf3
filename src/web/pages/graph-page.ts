import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { Graph } from '#graph'
import type { QueueReport } from '#sdk'
import { count, cut, perSecond } from '../format.js'
import { draw, planOf } from '../graph/drawing.js'
import { Layouts } from '../graph/layouts.js'
import { around, pictureOf, summaryOf, type Wires, wiresOf } from '../graph/picture.js'
import type { LedgerHistory } from '../history.js'
import type { Html } from './html.js'
import { latest } from './latest.js'
import type { PageOptions } from './options.js'
import { address, componentLink, healthOf, live } from './parts.js'
import { answerPage } from './shell.js'

/** A larger graph is drawn summed up by name, and around one component. */
const DRAWN_MAX = 60
const AROUND_MAX = 40
const DEPTH_DEFAULT = 2
const DEPTH_MAX = 6
const LISTED = 12

export function addGraphPage(app: Hono, options: PageOptions): void {
  const { graph, agent, history } = options
  const layouts = new Layouts(options.layOut)
  app.get('/', async (context) => {
    const wires = wiresOf(graph)
    const focus = context.req.query('focus') || undefined
    const depth = Math.min(
      DEPTH_MAX,
      Math.max(1, Number(context.req.query('depth')) || DEPTH_DEFAULT),
    )
    const isKnown = focus !== undefined && wires.instances.has(focus)
    const isSummed = !isKnown && wires.instances.size > DRAWN_MAX
    const ids = isKnown
      ? around(wires, focus, depth, AROUND_MAX)
      : new Set(isSummed ? [] : wires.instances.keys())
    const figures = { history, queues: await queuesOf(graph, ids) }
    const picture = isSummed ? summaryOf(wires, figures) : pictureOf(wires, ids, figures)
    const layout = await layouts.of(planOf(picture))
    const here = address('/', { focus, depth: focus === undefined ? undefined : depth })
    const body = html`${headOf(wires, focus, depth, isKnown)}
      <div ${live('graph', here, 2)}>
      <div class="canvas">${picture.nodes.length > 0 ? draw(picture, layout, focus) : NOTHING}</div>
      ${
        isSummed ? lists(wires, history) : latest(graph.instances.filter(({ id }) => ids.has(id)))
      }</div>`
    return answerPage(context, { title: 'Graph', section: 'Graph', agent, body })
  })
}

const NOTHING = html`<p class="muted">This config has no components.</p>`

function headOf(wires: Wires, focus: string | undefined, depth: number, isKnown: boolean): Html {
  const all = [...wires.instances.values()]
  const ill = all.filter((one) => one.health().state !== 'healthy').length
  const total = html`<span>${count(all.length)} components, ${
    ill === 0 ? 'all healthy' : html`<a href="/components?health=ill">${ill} not healthy</a>`
  }</span>`
  if (focus !== undefined && !isKnown) {
    return html`<div class="notice degraded">There is no component ${focus}; this is the whole
      graph.</div>`
  }
  if (focus === undefined) {
    if (all.length <= DRAWN_MAX) return html`<div class="bar muted">${total}</div>`
    return html`<div class="bar"><form class="bar" method="get" action="/components">
      <input type="search" name="q" placeholder="Find a component" aria-label="Find a component">
      </form><span class="muted">${total}; drawn by component name</span></div>`
  }
  const step = (to: number, text: string) =>
    html`<a class="button" href="${address('/', { focus, depth: to })}">${text}</a>`
  return html`<div class="bar"><h1>Around ${componentLink(focus)}</h1>
    <span class="muted">${depth} ${depth === 1 ? 'step' : 'steps'} away</span>
    ${depth > 1 ? step(depth - 1, 'Nearer') : ''}${
      depth < DEPTH_MAX ? step(depth + 1, 'Further') : ''
    }
    <a class="push" href="/">The whole graph</a></div>`
}

/** What to look at first in a graph that is too large to be drawn. */
function lists({ instances }: Wires, history: LedgerHistory): Html {
  const all = [...instances.values()]
  const ill = all.filter((one) => one.health().state !== 'healthy').slice(0, LISTED)
  const busy = all
    .map((one) => {
      const rates = one.definition.signals.map((signal) => history.rates(one.id, signal))
      return { one, rate: rates.reduce((sum, { in: came, out }) => sum + Math.max(came, out), 0) }
    })
    .filter(({ rate }) => rate > 0)
    .sort((a, b) => b.rate - a.rate)
    .slice(0, LISTED)
  const around = (id: string) =>
    html`<td class="nowrap"><a href="${address('/', { focus: id })}">around it</a></td>`
  return html`<div class="columns apart">
    <section><h2>Not healthy</h2>${
      ill.length === 0
        ? html`<p class="muted">Every component is healthy.</p>`
        : html`<div class="scroll"><table><tbody>${ill.map(
            (one) => html`<tr><td>${healthOf(one)}</td><td class="id">${componentLink(one.id)}</td>
            <td>${cut(one.health().message, 120)}</td>${around(one.id)}</tr>`,
          )}</tbody></table></div>`
    }</section>
    <section><h2>Busiest now</h2>${
      busy.length === 0
        ? html`<p class="muted">Nothing flows.</p>`
        : html`<div class="scroll"><table><tbody>${busy.map(
            ({ one, rate }) => html`<tr><td class="id wide">${componentLink(one.id)}</td>
            <td class="number">${perSecond(rate)}</td>${around(one.id)}</tr>`,
          )}</tbody></table></div>`
    }</section></div>`
}

async function queuesOf(
  graph: Graph,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly QueueReport[]>> {
  const queues = new Map<string, readonly QueueReport[]>()
  for (const { id, queueing } of graph.instances) {
    if (queueing && ids.has(id)) queues.set(id, await queueing.queues())
  }
  return queues
}
