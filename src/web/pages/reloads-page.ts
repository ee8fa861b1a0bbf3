import type { Hono } from 'hono'
import { html } from 'hono/html'
import { diagnosticToJson } from '#grammar'
import type { Action, Receipt, Step } from '#graph'
import { count } from '../format.js'
import type { Html } from './html.js'
import type { PageOptions } from './options.js'
import { componentLink } from './parts.js'
import { answerPage, moment } from './shell.js'

const STEPS_MAX = 200
const TRIGGERS = {
  start: 'start',
  file: 'the file changed',
  signal: 'SIGHUP',
  http: 'asked for',
  import: 'an import changed',
} as const

export function addReloadsPage(app: Hono, { agent }: PageOptions): void {
  app.get('/reloads', (context) => {
    const body = html`<p class="lead">The last loads of the config, newest first.</p>
      ${[...agent.history].reverse().map(receiptOf)}`
    return answerPage(context, { title: 'Reloads', section: 'Reloads', agent, body })
  })
}

function receiptOf(receipt: Receipt): Html {
  const { number, at, trigger, ok, tookMs, steps, diagnostics, hash } = receipt
  const of = (action: Action) => steps.filter((step) => step.action === action).length
  const counts = (['create', 'replace', 'remove', 'keep'] as const)
    .map((action) => [of(action), PAST[action]] as const)
    .filter(([steps]) => steps > 0)
    .map(([steps, verb]) => `${count(steps)} ${verb}`)
  const changed = steps.filter(({ action }) => action !== 'keep')
  return html`<details${ok ? '' : html` open`}><summary><span class="state ${
    ok ? 'healthy' : 'unhealthy'
  }">${ok ? 'loaded' : 'refused'}</span>
    <span>#${number}</span><span>${moment(at)}</span><span class="muted">${TRIGGERS[trigger]}</span>
    <span>${counts.join(', ')}</span><span class="muted">${Math.round(tookMs)} ms</span></summary>
    <div><p class="muted mono">sha256 ${hash.slice(0, 16)}…</p>
    ${diagnostics
      .map(diagnosticToJson)
      .map(
        ({ file, line, column, severity, message, help }) =>
          html`<div class="notice ${
            severity === 'error' ? 'unhealthy' : 'degraded'
          }"><code>${file}:${line}:${column}</code> ${message}${
            help ? html`<div class="muted">Help: ${help}</div>` : ''
          }</div>`,
      )}
    ${drainOf(receipt)}
    ${
      changed.length > 0
        ? stepsTable(changed)
        : ok
          ? html`<p class="muted">No component
      changed.</p>`
          : ''
    }</div></details>`
}

const PAST = { create: 'created', replace: 'replaced', remove: 'removed', keep: 'kept' } as const

function drainOf({ ok, drained, steps }: Receipt): Html | string {
  if (!ok || steps.every(({ action }) => action === 'keep' || action === 'create')) return ''
  if (!drained) return html`<p>What it replaced still drains.</p>`
  const { instances, drainMs, droppedItems, unbalanced } = drained
  return html`<p>Drained ${instances} ${instances === 1 ? 'component' : 'components'} in
    ${Math.round(drainMs)} ms;
    ${
      droppedItems === 0
        ? 'nothing was dropped'
        : html`<span class="lost">${count(droppedItems)}
      items were dropped</span>`
    };
    ${
      unbalanced.length === 0
        ? 'the ledger balances'
        : html`<span class="lost">the ledger of
      ${unbalanced.join(', ')} does not balance</span>`
    }.</p>`
}

export function stepsTable(steps: readonly Step[]): Html {
  const more =
    steps.length > STEPS_MAX ? html`<p class="muted">${steps.length - STEPS_MAX} more.</p>` : ''
  return html`<div
    class="scroll"><table><thead><tr><th>Step</th><th>Component</th><th>Touches</th></tr></thead>
    <tbody>${steps.slice(0, STEPS_MAX).map(
      ({ id, action, touches }) => html`<tr><td>${action}</td>
      <td class="id">${action === 'remove' ? id : componentLink(id)}</td><td
        class="wide">${touches.join(', ')}</td></tr>`,
    )}</tbody></table></div>${more}`
}
