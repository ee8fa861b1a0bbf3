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
const NAME_CHARACTER = 7.4
const SMALL_CHARACTER = 6.3
const NODE_PADDING = 28
const LABEL_WIDTH = 96
const LABEL_LINE = 15
const GAUGE_WIDTH = 60
/** Between the lines of several signals. */
const FLOW_GAP = 4

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
  return html`<svg class="graph" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"
    role="img" aria-label="Components and what flows between them">
    ${edges.map((edge, index) => drawEdge(edge, layout.lines[index]!))}
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
    <text class="figures" x="${left + 14}" y="${top + 50}">${cut(node.message || node.figures, small)}</text>
    ${
      node.hidden > 0
        ? html`<text class="hidden" x="${left + width - 8}" y="${top + 17}">+${node.hidden}</text>`
        : ''
    }
  </a>`
}

function drawEdge({ from, to, flows }: Edge, { points, label }: Layout['lines'][number]): Html {
  if (flows.length === 0) {
    return html`<g class="edge reference"><path d="${pathOf(points, 0)}" /></g>`
  }
  const middle = (flows.length - 1) / 2
  const top = label.y - middle * LABEL_LINE + 4 - (hasGauge(flows) ? 4 : 0)
  const lines = flows.map(
    ({ signal, rate }, index) =>
      html`<path class="${signal}${rate > 0 ? '' : ' idle'}" d="${pathOf(points, (index - middle) * FLOW_GAP)}" />`,
  )
  const labels = flows.map(
    ({ signal, rate }, index) =>
      html`<text class="${signal}${rate > 0 ? '' : ' idle'}" x="${label.x}" y="${top + index * LABEL_LINE}">${signal}${
        rate > 0 ? html` <tspan>${perSecond(rate)}</tspan>` : ''
      }</text>`,
  )
  const height = flows.length * LABEL_LINE + (hasGauge(flows) ? 8 : 0)
  const tap = `/tap?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`
  return html`<a class="edge" href="${tap}"><title>${from} → ${to}: look at what flows</title>
    ${lines}
    <rect class="back" x="${label.x - LABEL_WIDTH / 2}" y="${label.y - height / 2 - 1}"
      width="${LABEL_WIDTH}" height="${height + 2}" rx="3" />
    ${labels}${drawGauge(flows, label, top + (flows.length - 1) * LABEL_LINE + 5)}</a>`
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

/** Through the middles of the stretches between the points, which bend it. */
function pathOf(points: readonly Point[], shift: number): Html {
  const at = ({ x, y }: Point) => `${x} ${y + shift}`
  const middle = (a: Point, b: Point) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
  const [first, ...rest] = points
  const last = rest.at(-1)
  if (!first || !last) return html``
  const bends = rest.slice(0, -1).map((point, index) => {
    return `Q${at(point)} ${at(middle(point, rest[index + 1]!))}`
  })
  return raw(`M${at(first)} L${at(middle(first, rest[0]!))} ${bends.join(' ')} L${at(last)}`) as Html
}
