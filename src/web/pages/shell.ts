import type { Context } from 'hono'
import { html } from 'hono/html'
import type { Agent } from '#graph'
import { count } from '../format.js'
import type { Html } from './html.js'

/** Everything comes from here, nothing is inline: what telemetry says can never run as script. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const SECTIONS = [
  ['Graph', '/'],
  ['Components', '/components'],
  ['Data', '/data'],
  ['Tap', '/tap'],
  ['Ledger', '/ledger'],
  ['Queues', '/queues'],
  ['Config', '/config'],
  ['Reloads', '/reloads'],
] as const

export type Section = (typeof SECTIONS)[number][0]

export interface Shell {
  readonly title: string
  readonly section: Section
  readonly agent: Agent
  readonly body: Html
  /** Loads what charts need. */
  readonly charts?: boolean
}

export function answerPage(
  context: Context,
  shell: Shell,
  status: 200 | 404 = 200,
): Response | Promise<Response> {
  context.header('content-security-policy', POLICY)
  context.header('referrer-policy', 'same-origin')
  context.header('x-frame-options', 'DENY')
  return context.html(document(shell), status)
}

/** htmx would write a style element, and could evaluate expressions. */
const HTMX = JSON.stringify({
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
})

function document({ title, section, agent, body, charts }: Shell): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="htmx-config" content="${HTMX}">
<title>${title} · Weir</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/weir.css">
${
  charts
    ? html`<link rel="stylesheet" href="/assets/uplot.css"><script src="/assets/uplot.js"
  defer></script>`
    : ''
}
<script src="/assets/htmx.js" defer></script>
<script src="/assets/weir.js" type="module"></script>
</head>
<body>
<header>
<a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="20" height="20">Weir</a>
<nav>${SECTIONS.map(
    ([name, path]) =>
      html`<a href="${path}"${name === section ? html` aria-current="page"` : ''}>${name}</a>`,
  )}</nav>
${statusOf(agent)}
</header>
<main>${body}</main>
</body>
</html>`
}

/** What is most urgent about the agent as a whole. */
function statusOf(agent: Agent): Html {
  const last = agent.history.at(-1)
  const poll = html`hx-get="/reloads" hx-select="#status" hx-trigger="every 5s" hx-swap="outerHTML"`
  if (!agent.ready) {
    return html`<a id="status" ${poll} class="status degraded" href="/reloads">not ready</a>`
  }
  if (last && !last.ok) {
    return html`<a id="status" ${poll} class="status unhealthy" href="/config">new config refused;
      the old one runs</a>`
  }
  const { ill } = agent
  if (ill.length > 0) {
    return html`<a id="status" ${poll} class="status ${ill[0]!.health().state}"
      href="/components?health=ill">${count(ill.length)} not healthy</a>`
  }
  return html`<a id="status" ${poll} class="status healthy" href="/reloads">running · load
    ${last?.number ?? 0}</a>`
}

/** The moment, for the browser to write in its own time zone. */
export function moment(ms: number): Html {
  const text = new Date(ms).toISOString()
  return html`<time datetime="${text}">${text.slice(0, 19).replace('T', ' ')}</time>`
}
