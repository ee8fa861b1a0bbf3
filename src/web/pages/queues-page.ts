import type { Hono } from 'hono'
import { html } from 'hono/html'
import { SIGNALS } from '#pdata'
import type { Queued } from '#sdk'
import { age, bytes, count, cut, perSecond } from '../format.js'
import { type QueueView, queuesOf, queueView } from '../queue-views.js'
import type { Html } from './html.js'
import type { PageOptions } from './options.js'
import {
  address,
  componentLink,
  gauge,
  live,
  numberCell,
  paged,
  pageLinks,
  signalName,
} from './parts.js'
import { answerPage, moment } from './shell.js'

const PEEKED = 20
const CONTENT_MAX = 20_000
/** A batch that is larger is not decoded for a page. */
const DECODED_MAX = 256 * 1024

export function addQueuesPage(app: Hono, options: PageOptions): void {
  const { graph, agent, orphans } = options
  app.get('/queues', async (context) => {
    const running = (await Promise.all(graph.instances.map(queuesOf))).flat()
    const left = (await orphans.list()).map((one) => queueView(one.component, 'orphaned', one))
    const all = paged([...running, ...left], context.req.query('page'))
    const here = (to: number) => address('/queues', { page: to })
    const body = html`<p class="lead">What waits to be delivered, and what destinations refused
      for good.</p>
      <p id="answer"></p><div ${live('queues', here(all.page), 3)}>${
        all.total > 0
          ? html`${queueTable(all.rows)}${pageLinks(all, 'queues', here)}`
          : html`<div class="empty">No component of this config has a queue: exporters to a
            network have.</div>`
      }</div>`
    return answerPage(context, { title: 'Queues', section: 'Queues', agent, body })
  })

  app.get('/queues/:component/:signal', async (context) => {
    const { component, signal } = context.req.param()
    const endpoint = context.req.query('endpoint')
    const part = context.req.query('part') === 'dead' ? 'dead' : 'queue'
    const queueing = graph.instances.find(({ id }) => id === component)?.queueing
    const known = SIGNALS.find((one) => one === signal)
    const left = (await orphans.list()).find(
      (one) => one.component === component && one.signal === known && one.endpoint === endpoint,
    )
    const title = [component, endpoint, signal].filter((one) => one !== undefined).join('/')
    if (!known || (!queueing && !left)) {
      const body = html`<div class="empty">There is no queue ${title}. <a href="/queues">All
        queues</a></div>`
      return answerPage(context, { title, section: 'Queues', agent, body }, 404)
    }
    const found = await (queueing?.peek({ signal: known, endpoint }, part, PEEKED) ??
      left!.peek(part, PEEKED))
    const tab = (name: string, text: string) =>
      html`<a href="${address(context.req.path, { endpoint, part: name })}"${
        name === part
          ? html`
        aria-current="page"`
          : ''
      }>${text}</a>`
    const body = html`<div class="bar"><h1 class="mono">${title}</h1>
      <span class="tabs">${tab('queue', 'Waiting')}${tab('dead', 'Dead letters')}</span>
      <a class="push" href="/queues">All queues</a></div>
      ${batches(found, part)}`
    return answerPage(context, { title, section: 'Queues', agent, body })
  })
}

function batches(found: readonly Queued[], part: 'queue' | 'dead'): Html {
  if (found.length === 0) {
    return html`<div class="empty">${
      part === 'dead' ? 'No destination refused anything for good.' : 'Nothing waits.'
    }</div>`
  }
  return html`<p class="muted">The oldest ${found.length}.</p>${found.map(
    (one) => html`<details><summary><span>${moment(one.cameAt)}</span>
    <span>${count(one.items)} items</span><span class="muted">${bytes(one.bytes)}</span>
    <span class="muted">${one.attempts} ${one.attempts === 1 ? 'attempt' : 'attempts'}</span>
    ${one.verdict ? html`<span class="lost">${cut(one.verdict.reason, 200)}</span>` : ''}</summary>
    <div><pre>${contentOf(one)}</pre></div></details>`,
  )}`
}

function contentOf(one: Queued): string {
  if (one.bytes > DECODED_MAX) {
    return `too large to be shown; weir queue peek --json shows it`
  }
  return cut(JSON.stringify(JSON.parse(one.toJson()), null, 2), CONTENT_MAX)
}

export function queueTable(queues: readonly QueueView[]): Html {
  return html`<div class="scroll"><table><thead><tr><th>Component</th><th>Signal</th><th>Where</th>
    <th class="number">Batches</th><th class="number">Items</th><th
      class="number">Bytes</th><th>Full</th>
    <th class="number">Oldest</th><th class="number">In</th><th class="number">Out</th>
    <th class="number">Dead
      letters</th><th></th></tr></thead><tbody>${queues.map(queueRow)}</tbody></table></div>`
}

function queueRow(queue: QueueView): Html {
  const { component, endpoint, signal, state, durability, capacity, deadLetters, figures } = queue
  const path = `/queues/${encodeURIComponent(component)}/${signal}`
  const fill = Math.max(
    part(queue.batches, capacity?.batches),
    part(queue.items, capacity?.items),
    part(queue.bytes, capacity?.bytes),
    queue.batches > 0 ? part(queue.storedBytes, capacity?.storedBytes) : 0,
  )
  return html`<tr><td class="id">${state === 'running' ? componentLink(component) : component}</td>
    <td>${signalName(signal)}${
      endpoint === undefined ? '' : html` <span class="muted">to ${endpoint}</span>`
    }</td><td class="muted">${state === 'orphaned' ? 'left behind' : durability}</td>
    <td class="number"><a href="${address(path, { endpoint })}">${count(queue.batches)}</a></td>
    ${numberCell(queue.items)}
    ${numberCell(queue.bytes, bytes(queue.bytes))}<td class="nowrap">${
      capacity ? gauge(fill) : ''
    }</td>
    <td class="number">${queue.oldestMs > 0 ? age(queue.oldestMs) : ''}</td>
    <td class="number">${figures ? perSecond(figures.inPerSecond ?? 0) : ''}</td>
    <td class="number">${figures ? perSecond(figures.outPerSecond ?? 0) : ''}</td>
    <td class="number">${
      deadLetters.batches > 0
        ? html`<a class="lost" href="${address(path, { endpoint, part: 'dead' })}">${count(
            deadLetters.batches,
          )}</a>`
        : '0'
    }</td><td class="nowrap">${
      deadLetters.batches > 0 && state === 'running' ? deadButtons(queue) : ''
    }</td></tr>`
}

function deadButtons({ component, endpoint, signal }: QueueView): Html {
  const api = `/api/v1/queues/${encodeURIComponent(component)}/${signal}`
  return html`<button data-post="${address(`${api}/requeue`, { endpoint })}"
      data-answer="#answer">Send again</button>
    <button data-post="${address(`${api}/drop`, { endpoint, dead: '1' })}" data-answer="#answer"
    data-ask="Delete the dead letters of ${component}/${signal}? They are gone
      then.">Delete</button>`
}

function part(value: number, of: number | undefined): number {
  return of === undefined || of === 0 ? 0 : Math.min(1, value / of)
}
