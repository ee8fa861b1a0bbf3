import { html } from 'hono/html'
import type { Instance } from '#graph'
import { OTLP_SIGNALS } from '#pdata'
import { cut } from '../format.js'
import type { Html } from './html.js'
import { signalName } from './parts.js'
import { attributesCell, clock, keepsAny, recentItems } from './recent.js'

const SHOWN = 10

/** What came last, below a graph; nothing where no component keeps that. */
export function latest(instances: readonly Instance[]): Html | string {
  if (!keepsAny(instances)) return ''
  const items = OTLP_SIGNALS.flatMap((signal) => recentItems(instances, signal).slice(0, SHOWN))
    .sort((a, b) => (b.at ?? 0) - (a.at ?? 0))
    .slice(0, SHOWN)
  if (items.length === 0) {
    return html`<h2>What came last</h2><div class="empty">Nothing has come yet. Send something,
      for example from another terminal:
      <pre>node examples/node-sdk/send.mjs</pre></div>`
  }
  return html`<h2>What came last</h2><div class="scroll"><table><tbody>${items.map((item) => {
    const title = item.span
      ? html`<a href="/data/traces/${item.span.traceId}">${item.title}</a>`
      : item.title
    return html`<tr><td class="nowrap">${clock(item.at)}</td><td>${signalName(item.signal)}</td>
      <td class="nowrap">${item.service}</td><td class="strong nowrap">${title}</td>
      <td class="text">${cut(item.text, 200)}</td>${attributesCell(item)}</tr>`
  })}</tbody></table></div><div class="pages"><a href="/data">All traces, metrics and logs that
    are kept</a></div>`
}
