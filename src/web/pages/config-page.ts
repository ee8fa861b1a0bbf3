import type { Context, Hono } from 'hono'
import { html } from 'hono/html'
import { diagnosticToJson, hasErrors, type JsonDiagnostic, type Source } from '#grammar'
import type { Graph, Receipt, Step } from '#graph'
import { Retryable } from '#sdk'
import { isFromAnotherSite } from '../other-sites.js'
import { type CodeLine, codeOf } from './code.js'
import { hiddenText, hidingOf } from './hidden-text.js'
import type { Html } from './html.js'
import { diffLines } from './line-diff.js'
import type { PageOptions } from './options.js'
import { stepsTable } from './reloads-page.js'
import { answerPage } from './shell.js'

/** Lines around a difference. */
const CONTEXT_LINES = 3
/** More is shown a part at a time. */
const LINES_MAX = 5000

export function addConfigPage(app: Hono, options: PageOptions): void {
  const { agent } = options
  app.get('/config', async (context) => {
    const body = html`<div id="config">${await bodyOf(options)}</div>`
    return answerPage(context, { title: 'Config', section: 'Config', agent, body })
  })

  app.post('/config/reload', async (context) => {
    if (isFromAnotherSite(context.req)) {
      return context.text('a page of another site may not reload this agent\n', 403)
    }
    return reload(context, options)
  })
}

async function reload(context: Context, options: PageOptions): Promise<Response> {
  try {
    const receipt = await options.agent.load('http')
    return context.html(await bodyOf(options, receiptNotice(receipt)))
  } catch (error) {
    if (!(error instanceof Retryable)) throw error
    const notice = html`<div class="notice unhealthy" role="status">Not reloaded:
      ${error.message}.</div>`
    return context.html(await bodyOf(options, notice))
  }
}

function receiptNotice({ ok, tookMs, steps, diagnostics }: Receipt): Html {
  if (ok) {
    const changed = steps.filter(({ action }) => action !== 'keep').length
    return html`<div class="notice healthy" role="status">Loaded in ${Math.round(tookMs)} ms;
      ${
        changed === 0
          ? 'nothing changed'
          : `${changed} of ${steps.length} components
        changed`
      }.</div>`
  }
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(diagnosticToJson)
  return html`<div class="notice unhealthy" role="status"><strong>Refused: what ran before runs
    on.</strong>
    ${errors.map(
      ({ file, line, message, help }) =>
        html`<div>${file}:${line}: ${message}${help ? `; ${help}` : ''}</div>`,
    )}</div>`
}

async function bodyOf(options: PageOptions, notice?: Html): Promise<Html> {
  const { graph, agent } = options
  const read = await options.read()
  const running = runningSources(graph)
  const isSame = areSame(read, running)
  const sources = isSame ? running : read
  const last = agent.history.findLast(({ ok }) => ok)
  // Checking a large config takes a while; what runs has been checked.
  const { steps, diagnostics } =
    isSame && last
      ? { steps: [], diagnostics: last.diagnostics }
      : await agent.plan(await options.check(sources))
  const faults = diagnostics.map(diagnosticToJson)
  const hiding = hidingOf(graph)
  const changes = steps.filter(({ action }) => action !== 'keep')
  return html`${notice ?? ''}
    <div class="bar"><h1>Config</h1><span class="muted mono">${sources
      .map(({ name }) => name)
      .join(', ')}</span>
    <span class="push"></span><button class="primary" hx-post="/config/reload" hx-target="#config"
      hx-disabled-elt="this">Reload</button></div>
    ${stateOf(isSame, faults, hasErrors(diagnostics), changes)}
    ${isSame || changes.length === 0 ? '' : html`<h2>Plan</h2>${stepsTable(changes)}`}
    ${
      isSame
        ? ''
        : html`<h2>Difference from what runs</h2>${differences(running, sources, (one) =>
            hiddenText(one, hiding),
          )}`
    }
    ${sources.map(
      (
        source,
      ) => html`${sources.length > 1 || !isSame ? html`<h2 class="mono">${source.name}</h2>` : ''}
      ${textOf(source, hiddenText(source, hiding), faults)}`,
    )}`
}

function stateOf(
  isSame: boolean,
  faults: readonly JsonDiagnostic[],
  isRefused: boolean,
  changes: readonly Step[],
): Html {
  const errors = faults.filter(({ severity }) => severity === 'error').length
  if (isRefused) {
    return html`<div class="notice unhealthy">${errors} ${errors === 1 ? 'error' : 'errors'}: a
      reload would be refused.
      ${linksTo(faults)}</div>`
  }
  const warnings =
    faults.length > 0
      ? html`<div class="notice degraded">${faults.length} ${
          faults.length === 1 ? 'warning' : 'warnings'
        }.${linksTo(faults)}</div>`
      : ''
  if (isSame) return html`<p class="muted">This is what runs.</p>${warnings}`
  return html`<div class="notice degraded">The text differs from what runs;
    ${
      changes.length === 0
        ? 'no component would change'
        : `a reload would change
      ${changes.length} ${changes.length === 1 ? 'component' : 'components'}`
    }.</div>${warnings}`
}

const LINKS_MAX = 10

function linksTo(faults: readonly JsonDiagnostic[]): readonly Html[] {
  return faults
    .slice(0, LINKS_MAX)
    .map(({ line, message }) => html`<div><a href="#L${line}">line ${line}</a>: ${message}</div>`)
}

function areSame(some: readonly Source[], others: readonly Source[]): boolean {
  const texts = new Map(others.map(({ name, text }) => [name, text]))
  return texts.size === some.length && some.every(({ name, text }) => texts.get(name) === text)
}

/** The texts behind what runs; files without a block are not among them. */
function runningSources(graph: Graph): readonly Source[] {
  const sources = new Map(graph.program.nodes.map(({ block }) => [block.source.name, block.source]))
  sources.delete('')
  return [...sources.values()]
}

function differences(
  now: readonly Source[],
  next: readonly Source[],
  shown: (source: Source) => string,
): readonly Html[] {
  const names = [...new Set([...now, ...next].map(({ name }) => name))]
  return names.flatMap((name) => {
    const [before, after] = [now, next].map((all) => {
      const source = all.find((one) => one.name === name)
      return source ? shown(source).split('\n') : []
    })
    const lines = diffLines(before!, after!)
    if (lines.every(({ kind }) => kind === 'same')) return []
    return [html`<p class="muted mono">${name}</p>${codeOf(nearChanges(lines))}`]
  })
}

function nearChanges(lines: ReturnType<typeof diffLines>): readonly CodeLine[] {
  const near = new Set<number>()
  for (const [index, { kind }] of lines.entries()) {
    if (kind === 'same') continue
    for (let at = index - CONTEXT_LINES; at <= index + CONTEXT_LINES; at++) near.add(at)
  }
  const shown: CodeLine[] = []
  for (const [index, { kind, text }] of lines.entries()) {
    if (near.has(index)) shown.push({ number: undefined, text, mark: kind })
    else if (shown.length > 0 && near.has(index - 1)) {
      shown.push({ number: undefined, text: '⋯', mark: 'left' })
    }
  }
  return shown
}

function textOf(source: Source, text: string, faults: readonly JsonDiagnostic[]): Html {
  const mine = faults.filter(({ file }) => file === source.name)
  const lines = text.replace(/\n$/, '').split('\n')
  const shown = lines.slice(0, LINES_MAX).map((line, index) => ({
    number: index + 1,
    text: line,
    faults: mine.filter((fault) => fault.line === index + 1),
  }))
  const cut =
    lines.length > LINES_MAX
      ? html`<p class="muted">${lines.length - LINES_MAX} further lines.</p>`
      : ''
  return html`${codeOf(shown)}${cut}`
}
