/** Pieces that several pages have. */
import { html } from 'hono/html'
import type { Instance } from '#graph'
import type { Signal } from '#pdata'
import { count } from '../format.js'
import type { Html } from './html.js'

/** Where there is little room, ids break behind their dots. */
export function componentLink(id: string): Html {
  const parts = id.split(/(?<=[./])/).map((part) => html`${part}<wbr>`)
  return html`<a href="/components/${encodeURIComponent(id)}">${parts}</a>`
}

export function healthOf(instance: Instance): Html {
  const { state, message } = instance.health()
  return html`<span class="state ${state}" title="${message}">${state}</span>`
}

export function signalName(signal: Signal): Html {
  return html`<span class="signal ${signal}">${signal}</span>`
}

export function numberCell(value: number, shown = count(value)): Html {
  return html`<td class="number${value === 0 ? ' zero' : ''}">${shown}</td>`
}

/** How full something is, 0 to 1. */
export function gauge(part: number): Html {
  const level = part > 0.9 ? 'full' : part > 0.5 ? 'high' : 'low'
  const percent = Math.round(part * 100)
  return html`<progress class="${level}" max="100" value="${percent}">${percent} %</progress>
    ${percent} %`
}

export interface Paging<T> {
  readonly rows: readonly T[]
  readonly page: number
  readonly pages: number
  readonly total: number
}

const PAGE_ROWS = 50

/** `page` counts from 1, as the address has it. */
export function paged<T>(all: readonly T[], page: string | undefined, rows = PAGE_ROWS): Paging<T> {
  const pages = Math.max(1, Math.ceil(all.length / rows))
  const asked = Math.floor(Number(page ?? 1))
  const at = Math.min(pages, Math.max(1, Number.isFinite(asked) ? asked : 1))
  return { rows: all.slice((at - 1) * rows, at * rows), page: at, pages, total: all.length }
}

/** The address of a page with other parameters; those that are undefined or empty are left out. */
export function address(path: string, parameters: Readonly<Record<string, unknown>>): string {
  const query = Object.entries(parameters)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return query.length > 0 ? `${path}?${query.join('&')}` : path
}

/** `what` is what there is, in the plural. */
export function pageLinks(
  { page, pages, total }: Paging<unknown>,
  what: string,
  addressOf: (page: number) => string,
): Html {
  const link = (to: number, text: string) => html`<a href="${addressOf(to)}">${text}</a>`
  const [back, on] = [
    page > 1 && link(page - 1, 'Previous'),
    page < pages && link(page + 1, 'Next'),
  ]
  return html`<div class="pages">${count(total)} ${total === 1 ? what.replace(/s$/, '') : what}${
    pages > 1 ? html`<span>page ${page} of ${pages}</span>${back || ''}${on || ''}` : ''
  }</div>`
}

/** Asks for the same address again and takes over the part with that id. */
export function live(id: string, path: string, seconds: number): Html {
  return html`id="${id}" hx-get="${path}" hx-select="#${id}" hx-swap="outerHTML"
    hx-trigger="every ${seconds}s"`
}
