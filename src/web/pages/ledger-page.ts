import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { Graph, Instance } from '#graph'
import type { Signal } from '#pdata'
import { age, count, perSecond } from '../format.js'
import type { LedgerHistory } from '../history.js'
import { hasBooks } from '../ledger-views.js'
import type { Html } from './html.js'
import type { PageOptions } from './options.js'
import { address, componentLink, live, numberCell, paged, pageLinks, signalName } from './parts.js'
import { answerPage } from './shell.js'

export function addLedgerPage(app: Hono, options: PageOptions): void {
  const { graph, agent, history } = options
  app.get('/ledger', (context) => {
    const by = context.req.query('by') === 'edge' ? 'edge' : 'component'
    const q = context.req.query('q') ?? ''
    const isLosing = context.req.query('losing') === '1'
    const found = graph.instances
      .filter(hasBooks)
      .filter(({ id }) => id.includes(q.trim()))
      .filter((one) => !isLosing || one.definition.signals.some((signal) => lost(one, signal) > 0))
    const page = paged(found, context.req.query('page'), by === 'edge' ? 40 : 50)
    const here = (to: number) =>
      address('/ledger', { by, q, losing: isLosing ? 1 : undefined, page: to })
    const tab = (name: string, text: string) =>
      html`<a href="${address('/ledger', { by: name, q })}"${
        name === by
          ? html`
        aria-current="page"`
          : ''
      }>${text}</a>`
    const body = html`<div class="bar"><span class="tabs">${tab(
      'component',
      'By component',
    )}${tab('edge', 'By edge')}</span>
      <form class="bar" method="get" action="/ledger"><input type="hidden" name="by" value="${by}">
      <input type="search" name="q" value="${q}" placeholder="Part of a name" aria-label="Part of
        a name">
      <label><input type="checkbox" name="losing" value="1"${isLosing ? html` checked` : ''}>with
        losses only</label>
      <button>Show</button></form></div>
      <p class="lead">What became of every item: in = out + dropped + held. What went back to its
        sender is not lost: the sender has it${by === 'edge' ? ', and offers it again' : ''}.</p>
      <div ${live('ledger', here(page.page), 3)}>${
        by === 'component'
          ? ledgerTable(page.rows, { graph, history })
          : edgeTable(page.rows, { graph, history })
      }${pageLinks(page, 'components', here)}</div>`
    return answerPage(context, { title: 'Ledger', section: 'Ledger', agent, body })
  })
}

interface Books {
  readonly graph: Graph
  readonly history: LedgerHistory
}

export function ledgerTable(instances: readonly Instance[], { graph, history }: Books): Html {
  if (instances.length === 0) return html`<div class="empty">Nothing is like that.</div>`
  return html`<div class="scroll"><table><thead><tr><th>Component</th><th>Signal</th>
    <th class="number">Now</th><th class="number">In</th><th class="number">Out</th><th
      class="number">Held</th>
    <th class="number">Oldest</th><th class="number">Sent back</th><th
      class="number">Dropped</th><th>Why, and where it is
      set</th></tr></thead><tbody>${instances.flatMap((instance) =>
        signalsSeen(instance).map((signal, index) =>
          ledgerRow(instance, signal, index === 0, graph, history),
        ),
      )}</tbody></table></div>`
}

/** Those of which something came; the first where nothing came at all. */
function signalsSeen({ definition, ledger }: Instance): readonly Signal[] {
  const seen = definition.signals.filter((signal) => {
    const { entered, refused } = ledger.counts(signal)
    return entered + refused > 0
  })
  return seen.length > 0 ? seen : definition.signals.slice(0, 1)
}

const NOTHING_YET = html`<span class="muted nowrap">nothing yet</span>`

function ledgerRow(
  instance: Instance,
  signal: Signal,
  isFirst: boolean,
  graph: Graph,
  history: LedgerHistory,
): Html {
  const { id, ledger, definition } = instance
  const { entered, left, refused } = ledger.counts(signal)
  const held = instance.held(signal)
  const gone = lost(instance, signal)
  const rates = history.rates(id, signal)
  const now = definition.kind === 'exporter' ? rates.out : rates.in
  const isBalanced = entered === left + gone + held
  return html`<tr><td class="id">${
    isFirst ? componentLink(id) : ''
  }</td><td>${entered + refused > 0 ? signalName(signal) : NOTHING_YET}</td>
    ${numberCell(now, perSecond(now))}${numberCell(entered)}${numberCell(left)}${numberCell(held)}
    <td class="number">${held > 0 ? age(instance.oldestMs(signal)) : ''}</td>
    ${numberCell(refused)}<td class="number${gone > 0 ? ' lost' : ' zero'}">${count(gone)}</td>
    <td class="wide">${gone > 0 ? lossesOf(instance, signal, graph) : ''}${
      isBalanced
        ? ''
        : html`<span class="muted">${count(entered - left - gone - held)} under way</span>`
    }</td></tr>`
}

function edgeTable(instances: readonly Instance[], { graph, history }: Books): Html {
  const byId = new Map(graph.instances.map((one) => [one.id, one]))
  const rows = instances.flatMap(({ id, flows }) =>
    flows.map((flow) => {
      const { to, signal, passed, refused, underWay } = flow
      const end = byId.get(to)
      const now = history.rates(id, signal).out
      const gone = end ? lost(end, signal) : 0
      return html`<tr><td class="id">${componentLink(id)}</td><td
        class="id">${componentLink(to)}</td>
        <td>${signalName(signal)}</td>${numberCell(now, perSecond(now))}
        ${numberCell(passed + refused + underWay.items)}${numberCell(passed)}${numberCell(refused)}
        ${heldCell(underWay.items, underWay.oldestMs)}
        ${heldCell(end?.held(signal) ?? 0, end?.oldestMs(signal) ?? 0)}
        <td class="number${gone > 0 ? ' lost' : ' zero'}">${count(gone)}${
          end && gone > 0 ? html`<div class="why">${lossesOf(end, signal, graph)}</div>` : ''
        }</td>
        <td><a href="${address('/tap', { from: id, to, signal })}">tap</a></td></tr>`
    }),
  )
  if (rows.length === 0) return html`<div class="empty">Nothing here sends anything on.</div>`
  return html`<div class="scroll"><table><thead><tr><th>From</th><th>To</th><th>Signal</th>
    <th class="number">Now</th><th class="number">In</th><th class="number">Out</th><th
      class="number">Sent back</th><th class="number">Under way</th>
    <th class="number">Held at its end</th><th class="number">Dropped
      there</th><th></th></tr></thead><tbody>${rows}</tbody></table></div>`
}

/** How many, and for how long the oldest of them. */
function heldCell(items: number, oldestMs: number): Html {
  const oldest = items > 0 && oldestMs > 0 ? html`<div class="why">${age(oldestMs)}</div>` : ''
  return html`<td class="number${items === 0 ? ' zero' : ''}">${count(items)}${oldest}</td>`
}

/** How many of a component's items went for which reason, and its line of the config. */
function lossesOf({ id, ledger }: Instance, signal: Signal, graph: Graph): Html {
  const { dropped } = ledger.counts(signal)
  const reasons = [...dropped].map(([reason, items]) => `${count(items)} ${reason}`).join(', ')
  return html`${reasons} ${placeOf(graph, id)}`
}

function lost(instance: Instance, signal: Signal): number {
  let sum = 0
  for (const items of instance.ledger.counts(signal).dropped.values()) sum += items
  return sum
}

function placeOf(graph: Graph, id: string): Html | string {
  const block = graph.program.nodes.find((node) => node.id === id)?.block
  if (!block || block.source.name === '') return ''
  const line = block.source.lineAt(block.start)
  return html`<a href="/config#L${line}">${block.source.name}:${line}</a>`
}
