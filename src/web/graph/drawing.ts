/** A picture as SVG. Styles come from the style sheet alone: the page's policy allows no others. */
import { html, raw } from 'hono/html'
import { cut, perSecond } from '../format.js'
import type { Html } from '../pages/html.js'
import type { Layout, Plan, Point } from './layout.js'
import type { Edge, Flow, Node, Picture } from './picture.js'

const NODE_HEIGHT = 58
const NODE_WIDTH_MIN = 150
const NODE_WIDTH_MAX = 290
/** Of the fonts that the style sheet names. */
const NAME_CHARACTER = 7.9
const SMALL_CHARACTER = 6.3
const NODE_PADDING = 28
const LABEL_WIDTH = 100
const LABEL_PADDING = 8
const LABEL_LINE = 15
const GAUGE_WIDTH = 60
/** A picture of at most this width shrinks a little where the window is narrower. */
const FITS_MAX = 1700
/** Between the lines of several signals. */
const FLOW_GAP = 4
/** Between lines at one side of a box, and the height that they may take. */
const PORT_GAP = 16
const PORT_ROOM = 38

export function planOf({ nodes, edges }: Picture): Plan {
  return {
    boxes: nodes.map((node) => ({ id: node.id, width: widthOf(node), height: NODE_HEIGHT })),
    lines: edges.map(({ from, to, flows }) => ({
      from,
      to,
      width: flows.length > 0 ? LABEL_WIDTH : 20,
      height: Math.max(1, flows.length) * LABEL_LINE + (hasGauge(flows) ? 8 : 0),
    })),
  }
}

export function draw({ nodes, edges }: Picture, layout: Layout, focus?: string): Html {
  const { width, height } = layout
  const routes = routesOf({ nodes, edges }, layout)
  return html`<svg class="graph${width <= FITS_MAX ? ' fits' : ''}" width="${width}"
    height="${height}" viewBox="0 0 ${width} ${height}"
    role="img" aria-label="Components and what flows between them">
    ${edges.map((edge, index) => drawLines(edge, routes[index]!))}
    ${edges.map((edge, index) => drawLabel(edge, layout.lines[index]!.label))}
    ${nodes.map((node) => drawNode(node, layout.boxes[node.id]!, node.id === focus))}
  </svg>`
}

/** Figures of the moment do not move boxes: the width is that of names alone. */
function widthOf({ kind, name }: Node): number {
  const text = Math.max(kind.length * SMALL_CHARACTER, name.length * NAME_CHARACTER)
  return Math.ceil(Math.min(NODE_WIDTH_MAX, Math.max(NODE_WIDTH_MIN, text + NODE_PADDING)))
}

function drawNode(node: Node, { x, y }: Point, isFocus: boolean): Html {
  const width = widthOf(node)
  const [left, top] = [x - width / 2, y - NODE_HEIGHT / 2]
  const characters = Math.floor((width - NODE_PADDING) / NAME_CHARACTER)
  const small = Math.floor((width - NODE_PADDING) / SMALL_CHARACTER)
  const classes = `node ${node.health}${isFocus ? ' focus' : ''}`
  return html`<a href="${node.href}" class="${classes}" id="node-${node.id}">
    <title>${node.id}${node.message ? `: ${node.message}` : ''}</title>
    <rect class="card" x="${left}" y="${top}" width="${width}" height="${NODE_HEIGHT}" rx="6" />
    <rect class="state" x="${left}" y="${top + 8}" width="4" height="${NODE_HEIGHT - 16}" rx="2" />
    <text class="kind" x="${left + 14}" y="${top + 17}">${cut(node.kind, small)}</text>
    <text class="name" x="${left + 14}" y="${top + 34}">${cut(node.name, characters)}</text>
    <text class="figures" x="${left + 14}" y="${top + 50}">${cut(
      node.message || node.figures,
      small,
    )}</text>
    ${
      node.hidden > 0
        ? html`<text class="hidden" x="${left + width - 8}" y="${top + 17}">+${node.hidden}</text>`
        : ''
    }
  </a>`
}

function drawLines({ from, to, flows }: Edge, points: readonly Point[]): Html {
  if (flows.length === 0) {
    return html`<g class="edge reference"><path d="${pathOf(points, 0)}" /></g>`
  }
  const middle = (flows.length - 1) / 2
  return html`<a class="edge" href="${tapOf(from, to)}"><title>${from} → ${to}</title>${flows.map(
    ({ signal, rate }, index) =>
      html`<path class="${signal}${rate > 0 ? '' : ' idle'}" d="${pathOf(
        points,
        (index - middle) * FLOW_GAP,
      )}" />`,
  )}</a>`
}

/** Above all lines, so that none runs through it. */
function drawLabel({ from, to, flows }: Edge, { x, y }: Point): Html | string {
  if (flows.length === 0) return ''
  const texts = flows.map(({ rate }) => (rate > 0 ? perSecond(rate) : ''))
  const longest = Math.max(...flows.map(({ signal }, index) => `${signal} ${texts[index]}`.length))
  const [isGauged, room] = [hasGauge(flows), hasGauge(flows) ? GAUGE_WIDTH : 0]
  const width = Math.max(longest * SMALL_CHARACTER, room) + LABEL_PADDING
  const height = flows.length * LABEL_LINE + (isGauged ? 8 : 0)
  const top = y - ((flows.length - 1) / 2) * LABEL_LINE + (isGauged ? 0 : 4)
  return html`<a class="edge" href="${tapOf(from, to)}"><title>${from} → ${to}: look at what
    flows</title>
    <rect class="back" x="${x - width / 2}" y="${y - height / 2 - 1}" width="${width}"
      height="${height + 2}" rx="3" />
    ${flows.map(
      ({ signal, rate }, index) =>
        html`<text class="${signal}${rate > 0 ? '' : ' idle'}" x="${x}" y="${
          top + index * LABEL_LINE
        }">${signal}
        <tspan>${texts[index]}</tspan></text>`,
    )}${drawGauge(flows, { x, y }, top + (flows.length - 1) * LABEL_LINE + 5)}</a>`
}

function tapOf(from: string, to: string): string {
  return `/tap?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`
}

/** The fullest of the queues at the end of an edge. */
function drawGauge(flows: readonly Flow[], { x }: Point, y: number): Html | string {
  if (!hasGauge(flows)) return ''
  const fill = Math.max(...flows.map((flow) => flow.fill ?? 0))
  const level = fill > 0.9 ? 'full' : fill > 0.5 ? 'high' : 'low'
  const [left, width] = [x - GAUGE_WIDTH / 2, Math.max(fill > 0 ? 2 : 0, fill * GAUGE_WIDTH)]
  return html`<g class="gauge ${level}"><title>queue ${Math.round(fill * 100)} % full</title>
    <rect class="room" x="${left}" y="${y}" width="${GAUGE_WIDTH}" height="4" rx="2" />
    <rect class="used" x="${left}" y="${y}" width="${width.toFixed(1)}" height="4" rx="2" /></g>`
}

function hasGauge(flows: readonly Flow[]): boolean {
  return flows.some(({ fill }) => fill !== undefined)
}

/** Level at every point, so that lines leave and reach boxes at a right angle. */
function pathOf(points: readonly Point[], shift: number): Html {
  const parts = points.map(({ x, y }, index) => {
    const before = points[index - 1]
    const at = y + shift
    if (!before) return `M${x} ${at}`
    const middle = (before.x + x) / 2
    return `C${middle} ${before.y + shift} ${middle} ${at} ${x} ${at}`
  })
  return raw(parts.join('')) as Html
}

/**
 * Lines from the right side of one box to the left side of the next. Several at one side are spread
 * over it in the order of their other ends, so that they do not cross there.
 */
function routesOf(
  { nodes, edges }: Picture,
  { boxes, lines }: Layout,
): readonly (readonly Point[])[] {
  const width = new Map(nodes.map((node) => [node.id, widthOf(node)]))
  const spread = (side: 'from' | 'to') => {
    const places = new Map<Edge, number>()
    for (const { id } of nodes) {
      const mine = edges
        .map((edge, index) => ({ edge, next: lines[index]!.points.at(side === 'from' ? 1 : -2)! }))
        .filter(({ edge }) => edge[side] === id)
        .sort((a, b) => a.next.y - b.next.y)
      const step = Math.min(PORT_GAP, PORT_ROOM / Math.max(1, mine.length - 1))
      for (const [index, { edge }] of mine.entries()) {
        places.set(edge, boxes[id]!.y + (index - (mine.length - 1) / 2) * step)
      }
    }
    return places
  }
  const [starts, ends] = [spread('from'), spread('to')]
  return edges.map((edge, index) => {
    const { from, to } = edge
    return [
      { x: boxes[from]!.x + width.get(from)! / 2, y: starts.get(edge)! },
      ...lines[index]!.points.slice(1, -1),
      { x: boxes[to]!.x - width.get(to)! / 2, y: ends.get(edge)! },
    ]
  })
}
