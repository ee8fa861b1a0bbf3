import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { Graph, Instance } from '#graph'
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
import { answerPage, moment } from './shell.js'

/** A larger graph is drawn summed up by name, and around one component. */
const DRAWN_MAX = 60
const AROUND_MAX = 40
const DEPTH_DEFAULT = 2
const DEPTH_MAX = 6
const LISTED = 8
const MESSAGE_MAX = 300

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
      ${illOf(agent.ill.filter(({ id }) => isSummed || ids.has(id)))}
      ${
        isSummed ? busiest(wires, history) : latest(graph.instances.filter(({ id }) => ids.has(id)))
      }</div>`
    return answerPage(context, { title: 'Graph', section: 'Graph', agent, body })
  })
}

const NOTHING = html`<p class="muted">This config has no components.</p>`

function headOf(wires: Wires, focus: string | undefined, depth: number, isKnown: boolean): Html {
  const all = [...wires.instances.values()]
  const ill = all.filter((one) => one.health().state !== 'healthy').length
  const total = html`<span>${count(all.length)} ${all.length === 1 ? 'component' : 'components'}, ${
    ill === 0 ? 'all healthy' : illLink(ill)
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

const illLink = (ill: number) =>
  html`<a href="/components?health=ill">${count(ill)} not healthy</a>`

/** What is not well, why, and what to do; nothing where all is. */
function illOf(ill: readonly Instance[]): Html | '' {
  if (ill.length === 0) return ''
  const rest = ill.length - LISTED
  return html`<h2>Not healthy</h2><div class="scroll"><table><tbody>${ill
    .slice(0, LISTED)
    .map((one) => {
      const { message, since, help } = one.health()
      return html`<tr><td>${healthOf(one)}</td><td class="id">${componentLink(one.id)}</td>
        <td class="text wide">${cut(message, MESSAGE_MAX)}${
          help ? html`<div class="why">${help}</div>` : ''
        }</td><td class="nowrap muted">since ${moment(since)}</td>
        <td class="nowrap">${aroundLink(one.id)}</td></tr>`
    })}</tbody></table></div>${rest > 0 ? html`<p>${illLink(ill.length)}</p>` : ''}`
}

function aroundLink(id: string): Html {
  return html`<a href="${address('/', { focus: id })}">around it</a>`
}

/** What to look at first in a graph that is too large to be drawn. */
function busiest({ instances }: Wires, history: LedgerHistory): Html {
  const busy = [...instances.values()]
    .map((one) => {
      const rates = one.definition.signals.map((signal) => history.rates(one.id, signal))
      return { one, rate: rates.reduce((sum, { in: came, out }) => sum + Math.max(came, out), 0) }
    })
    .filter(({ rate }) => rate > 0)
    .sort((a, b) => b.rate - a.rate)
    .slice(0, LISTED)
  if (busy.length === 0) return html`<h2>Busiest now</h2><p class="muted">Nothing flows.</p>`
  return html`<h2>Busiest now</h2><div class="scroll"><table><tbody>${busy.map(
    ({ one, rate }) => html`<tr><td class="id wide">${componentLink(one.id)}</td>
      <td class="number">${perSecond(rate)}</td><td class="nowrap">${aroundLink(one.id)}</td></tr>`,
  )}</tbody></table></div>`
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
