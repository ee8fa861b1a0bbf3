import type { Hono } from 'hono'
import { html } from 'hono/html'
import type { Graph, Instance } from '#graph'
import { type Field, formatDuration, formatSize, type Schema } from '#sdk'
import type { LogLine } from '#telemetry'
import { age } from '../format.js'
import { queuesOf } from '../queue-views.js'
import { componentDetail } from '../views.js'
import { codeOf } from './code.js'
import { hiddenText, hidingOf } from './hidden-text.js'
import type { Html } from './html.js'
import { ledgerTable } from './ledger-page.js'
import type { PageOptions } from './options.js'
import { address, componentLink, healthOf, live, signalName } from './parts.js'
import { queueTable } from './queues-page.js'
import { answerPage, moment } from './shell.js'

const ERRORS_SHOWN = 20
const FIGURES = [
  ['in', 'In, items a second'],
  ['out', 'Out, items a second'],
  ['held', 'Held, items'],
] as const

export function addComponentPage(app: Hono, options: PageOptions): void {
  const { graph, agent, history } = options
  app.get('/components/:id', async (context) => {
    const id = context.req.param('id')
    const instance = graph.instances.find((one) => one.id === id)
    if (!instance) {
      const body = html`<div class="empty">There is no component ${id}.
        <a href="/components">All that run</a></div>`
      return answerPage(context, { title: id, section: 'Components', agent, body }, 404)
    }
    const body = await bodyOf(instance, options)
    return answerPage(context, { title: id, section: 'Components', agent, body, charts: true })
  })
  app.get('/api/v1/components/:id/history', (context) => {
    const id = context.req.param('id')
    const instance = graph.instances.find((one) => one.id === id)
    if (!instance) return context.json({ error: `there is no component ${id}` }, 404)
    return context.json(history.charts(instance))
  })
}

async function bodyOf(instance: Instance, options: PageOptions): Promise<Html> {
  const { graph, clock, errors } = options
  const { id, definition } = instance
  const detail = await componentDetail(graph, instance)
  const path = `/components/${encodeURIComponent(id)}`
  const hasLedger = definition.signals.length > 0
  const lines = errors.list(id).slice(0, ERRORS_SHOWN)
  const queues = await queuesOf(instance)
  const { message, since } = instance.health()
  return html`<h1 class="mono">${id}</h1>
    <p class="lead">${definition.about}</p>
    <div ${live('now', path, 3)}>
    <div class="bar">${healthOf(instance)}<span>${message}</span><span class="muted">for
      ${age(Math.max(0, clock.now() - since))}</span>
      <span class="push"><a class="button" href="${address('/', { focus: id })}">Around it</a>
      ${
        hasLedger ? html`<a class="button" href="${address('/tap', { of: id })}">Tap</a>` : ''
      }</span></div>
    ${hasLedger ? html`<h2>Ledger</h2>${ledgerTable([instance], options)}` : ''}
    ${queues.length > 0 ? html`<h2>Queues</h2>${queueTable(queues)}` : ''}
    </div>
    ${hasLedger ? chartsOf(path) : ''}
    <div class="columns apart">
    <section><h2>Arguments</h2>${valuesOf(detail.arguments, definition.schema)}
    <h2>Exports</h2>${valuesOf(detail.exports)}</section>
    <section><h2>Wiring</h2>${wiringOf(detail)}
    <h2>Warnings and errors</h2>${logOf(lines)}</section>
    </div>
    <h2>In the config</h2>${linesOf(graph, id)}`
}

function chartsOf(path: string): Html {
  const source = `/api/v1${path}/history`
  return html`<h2>The last ten minutes</h2><div class="charts">${FIGURES.map(
    ([figure, title]) =>
      html`<div><h3>${title}</h3><div class="chart" data-chart="${source}"
        data-figure="${figure}"></div></div>`,
  )}</div>`
}

type Detail = Awaited<ReturnType<typeof componentDetail>>

function wiringOf({ sendsTo, references, referencedBy, resources }: Detail): Html {
  const links = (ids: readonly string[]) =>
    ids.map((id, index) => html`${index > 0 ? ', ' : ''}${componentLink(id)}`)
  const sends = sendsTo.map(
    ({ to, signal }, index) =>
      html`${index > 0 ? ', ' : ''}${signalName(signal)} to ${componentLink(to)}`,
  )
  const fact = (name: string, content: unknown, there: boolean) =>
    there ? html`<dt>${name}</dt><dd>${content}</dd>` : ''
  return html`<dl class="facts">
    ${fact('sends', sends, sends.length > 0)}
    ${fact('refers to', links(references), references.length > 0)}
    ${fact('referred to by', links(referencedBy), referencedBy.length > 0)}
    ${fact('holds', resources.join(', '), resources.length > 0)}</dl>`
}

function logOf(lines: readonly LogLine[]): Html {
  if (lines.length === 0) return html`<p class="muted">None since the agent started.</p>`
  return html`<div class="scroll"><table><tbody>${lines.map(
    ({ at, level, message, fields }) => html`<tr><td class="nowrap">${moment(Date.parse(at))}</td>
    <td>${level}</td><td class="wide">${message}<div class="muted mono">${Object.entries(fields)
      .map(
        ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      )
      .join(' ')}</div></td></tr>`,
  )}</tbody></table></div>`
}

/** Nested values, a line each; what they hold of secrets is hidden already. */
function valuesOf(value: unknown, schema?: Schema): Html {
  const lines = valueLines(value, schema, 0)
  if (lines.length === 0) return html`<p class="muted">None.</p>`
  return html`<pre class="values">${lines.map(
    ({ depth, key, text }) =>
      html`${'  '.repeat(depth)}<span class="key">${key}</span>${
        text === '' ? '' : html` = ${text}`
      }\n`,
  )}</pre>`
}

interface ValueLine {
  readonly depth: number
  readonly key: string
  readonly text: string
}

const LINES_MAX = 500

function valueLines(
  value: unknown,
  schema: Schema | undefined,
  depth: number,
): readonly ValueLine[] {
  if (typeof value !== 'object' || value === null) return []
  const lines: ValueLine[] = []
  // Of repeated blocks each is an element.
  const inArray = Array.isArray(value) ? schema : undefined
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined || inner === null) continue
    const field = schema?.fields[key]
    const isFlat = Array.isArray(inner) && inner.every((one) => typeof one !== 'object')
    if (typeof inner === 'object' && !isFlat) {
      const below = valueLines(inner, field?.form === 'block' ? field.schema : inArray, depth + 1)
      lines.push({
        depth,
        key,
        text: below.length === 0 ? (Array.isArray(inner) ? '[]' : '{}') : '',
      })
      lines.push(...below)
    } else lines.push({ depth, key, text: valueText(inner, field) })
    if (lines.length > LINES_MAX) return [...lines, { depth, key: '…', text: '' }]
  }
  return lines
}

/** As one would write it in a config. */
function valueText(value: unknown, field: Field | undefined): string {
  const kind = field?.form === 'attribute' ? field.type.kind : undefined
  if (kind === 'duration' && typeof value === 'number') return JSON.stringify(formatDuration(value))
  if (kind === 'size' && typeof value === 'number') return JSON.stringify(formatSize(value))
  return JSON.stringify(value)
}

function linesOf(graph: Graph, id: string): Html {
  const block = graph.program.nodes.find((node) => node.id === id)?.block
  if (!block || block.source.name === '') return html`<p class="muted">It is not written there.</p>`
  const { source, start, end } = block
  const [first, last] = [source.lineAt(start), source.lineAt(Math.max(start, end - 1))]
  const all = hiddenText(source, hidingOf(graph)).split('\n')
  return html`<p class="muted"><a href="/config#L${first}">${source.name}:${first}</a></p>
    ${codeOf(all.slice(first - 1, last).map((text, index) => ({ number: first + index, text })))}`
}
