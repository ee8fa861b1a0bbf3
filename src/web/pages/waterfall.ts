import { html } from 'hono/html'
import { cut, nanoseconds } from '../format.js'
import type { Item } from '../tap/items.js'
import type { Html } from './html.js'

const WIDTH = 1120
const NAMES_WIDTH = 380
const ROW = 24
const INDENT = 14
const DEPTH_MAX = 12
const ROWS_MAX = 500
const SCALE_PARTS = 4

/** The spans of a trace under each other, children below their parents, along the time. */
export function waterfall(items: readonly Item[]): Html {
  const rows = inOrder(items).slice(0, ROWS_MAX)
  const spans = items.map(({ span }) => span!)
  const start = spans.reduce(
    (least, { startNs }) => (startNs < least ? startNs : least),
    spans[0]!.startNs,
  )
  const end = spans.reduce((most, { endNs }) => (endNs > most ? endNs : most), spans[0]!.endNs)
  const total = Math.max(1, Number(end - start))
  const at = (ns: bigint) => NAMES_WIDTH + (Number(ns - start) / total) * (WIDTH - NAMES_WIDTH - 90)
  const height = (rows.length + 1) * ROW + 6
  return html`<div class="canvas"><svg class="waterfall" width="${WIDTH}" height="${height}"
    viewBox="0 0 ${WIDTH} ${height}">
    ${Array.from({ length: SCALE_PARTS + 1 }, (_, part) => {
      const ns = (total / SCALE_PARTS) * part
      const x = NAMES_WIDTH + (part / SCALE_PARTS) * (WIDTH - NAMES_WIDTH - 90)
      return html`<line class="grid" x1="${x}" x2="${x}" y1="${ROW - 4}" y2="${height}" />
        <text class="took" x="${x}" y="${ROW - 10}">${nanoseconds(Math.round(ns))}</text>`
    })}
    ${rows.map(({ item, depth }, index) => rowOf(item, depth, (index + 1) * ROW, at))}</svg></div>
    ${
      rows.length < items.length
        ? html`<p class="muted">${items.length - rows.length} further
      spans.</p>`
        : ''
    }`
}

function rowOf(item: Item, depth: number, y: number, at: (ns: bigint) => number): Html {
  const { span, title, service, attributes } = item
  const left = at(span!.startNs)
  const width = Math.max(2, at(span!.endNs) - left)
  const indent = Math.min(depth, DEPTH_MAX) * INDENT
  const room = Math.floor((NAMES_WIDTH - indent - 10) / 7)
  const name = cut(title, Math.max(8, room - Math.min(service.length, 18) - 1))
  const about = attributes.map(([key, value]) => `${key} = ${value}`).join('\n')
  return html`<g class="${span!.isFailed ? 'failed' : ''}"><title>${service} ${title}:
    ${item.text}\n${about}</title>
    <rect class="row" x="0" y="${y}" width="${WIDTH}" height="${ROW}" />
    <text x="${indent + 4}" y="${y + 16}">${name} <tspan class="service">${cut(
      service,
      18,
    )}</tspan></text>
    <rect class="span" x="${left.toFixed(1)}" y="${y + 6}" width="${width.toFixed(1)}"
      height="${ROW - 12}" rx="2" />
    <text class="took" x="${(left + width + 6).toFixed(1)}" y="${y + 16}">${item.text}</text></g>`
}

interface Row {
  readonly item: Item
  readonly depth: number
}

/** Depth first, by start; a span whose parent is not there stands at the top. */
function inOrder(items: readonly Item[]): readonly Row[] {
  const ids = new Set(items.map(({ span }) => span!.spanId))
  const children = new Map<string, Item[]>()
  for (const item of items) {
    const { parentId, spanId } = item.span!
    const under = ids.has(parentId) && parentId !== spanId ? parentId : ''
    children.set(under, [...(children.get(under) ?? []), item])
  }
  const rows: Row[] = []
  const seen = new Set<Item>()
  const walk = (parent: string, depth: number) => {
    const below = (children.get(parent) ?? []).sort((a, b) =>
      a.span!.startNs < b.span!.startNs ? -1 : 1,
    )
    for (const item of below) {
      // Spans that name each other as parents would never end.
      if (seen.has(item) || depth > items.length) continue
      seen.add(item)
      rows.push({ item, depth })
      if (item.span!.spanId !== '') walk(item.span!.spanId, depth + 1)
    }
  }
  walk('', 0)
  for (const item of items) if (!seen.has(item)) rows.push({ item, depth: 0 })
  return rows
}
