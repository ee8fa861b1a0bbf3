import dagre from '@dagrejs/dagre'

/** Pixels. */
export interface Box {
  readonly id: string
  readonly width: number
  readonly height: number
}

/** Width and height are those of its label. */
export interface Line {
  readonly from: string
  readonly to: string
  readonly width: number
  readonly height: number
}

export interface Plan {
  readonly boxes: readonly Box[]
  readonly lines: readonly Line[]
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** Points of boxes and labels are their centres. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly boxes: Readonly<Record<string, Point>>
  /** In the order of the plan's. */
  readonly lines: readonly { readonly points: readonly Point[]; readonly label: Point }[]
}

const MARGIN = 12

/** Left to right by layers. 60 boxes take 300 ms: not for the event loop that data flows on. */
export function layOut({ boxes, lines }: Plan): Layout {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({
    rankdir: 'LR',
    nodesep: 22,
    edgesep: 18,
    ranksep: 20,
    marginx: MARGIN,
    marginy: MARGIN,
  })
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height })
  for (const { from, to, width, height } of lines) {
    graph.setEdge(from, to, { width, height, labelpos: 'c' })
  }
  dagre.layout(graph)
  const whole = graph.graph() as { width?: number; height?: number }
  return {
    width: Math.ceil(whole.width ?? 0),
    height: Math.ceil(whole.height ?? 0),
    boxes: Object.fromEntries(boxes.map(({ id }) => [id, pointOf(graph.node(id) as Point)])),
    lines: lines.map(({ from, to }) => {
      const edge = graph.edge(from, to) as unknown as Point & { points: readonly Point[] }
      return { points: edge.points.map(pointOf), label: pointOf(edge) }
    }),
  }
}

function pointOf({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) }
}
