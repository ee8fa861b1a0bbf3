/** Which part of the running graph a page draws, and what stands in it. */
import type { Graph, Instance } from '#graph'
import type { Signal } from '#pdata'
import type { QueueReport } from '#sdk'
import { count, perSecond } from '../format.js'
import type { LedgerHistory } from '../history.js'

export interface Node {
  readonly id: string
  /** Above the name, in small: the component's, without its label. */
  readonly kind: string
  readonly name: string
  readonly figures: string
  readonly health: 'healthy' | 'degraded' | 'unhealthy'
  readonly message: string
  readonly href: string
  /** Neighbours that are not drawn. */
  readonly hidden: number
}

/** What flows of one signal between two nodes. */
export interface Flow {
  readonly signal: Signal
  /** Items a second. */
  readonly rate: number
  /** How full the queue at its end is, 0 to 1; undefined where there is none. */
  readonly fill: number | undefined
}

export interface Edge {
  readonly from: string
  readonly to: string
  /** Empty where one only refers to the other. */
  readonly flows: readonly Flow[]
}

export interface Picture {
  readonly nodes: readonly Node[]
  readonly edges: readonly Edge[]
}

/** Wires between components, without figures. */
export interface Wires {
  readonly instances: ReadonlyMap<string, Instance>
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    readonly signals: readonly Signal[]
  }[]
}

/** Found anew only after a load, or when exports have changed: large graphs have many. */
const found = new WeakMap<Graph, { readonly state: string; readonly edges: Wires['edges'] }>()

export function wiresOf(graph: Graph): Wires {
  const shown = graph.instances.filter(({ definition }) => definition.kind !== 'config')
  const instances = new Map(shown.map((one) => [one.id, one]))
  const state = `${graph.program.hash} ${graph.evaluations}`
  const kept = found.get(graph)
  if (kept?.state === state) return { instances, edges: kept.edges }
  const edges = findEdges(graph, instances)
  found.set(graph, { state, edges })
  return { instances, edges }
}

function findEdges(graph: Graph, instances: ReadonlyMap<string, Instance>): Wires['edges'] {
  const edges = new Map<string, { from: string; to: string; signals: Signal[] }>()
  for (const { id: from, edges: far } of instances.values()) {
    for (const { to, signal } of far) {
      const key = `${from} ${to}`
      const edge = edges.get(key) ?? { from, to, signals: [] }
      edges.set(key, edge)
      edge.signals.push(signal)
    }
  }
  for (const { id, dependsOn } of graph.program.nodes) {
    for (const used of dependsOn) {
      const isData = edges.has(`${id} ${used}`)
      if (isData || !instances.has(id) || !instances.has(used)) continue
      edges.set(`${used} ${id}`, { from: used, to: id, signals: [] })
    }
  }
  return [...edges.values()]
}

/** A component and those at most `depth` steps away, nearest first, at most `max`. */
export function around(
  wires: Wires,
  focus: string,
  depth: number,
  max: number,
): ReadonlySet<string> {
  const next = neighbours(wires)
  const found = new Set([focus])
  let ring = [focus]
  for (let step = 0; step < depth; step++) {
    const further: string[] = []
    for (const id of ring.flatMap((one) => next.get(one) ?? [])) {
      if (found.has(id)) continue
      if (found.size >= max) return found
      found.add(id)
      further.push(id)
    }
    ring = further
  }
  return found
}

export interface Figures {
  readonly history: LedgerHistory
  /** Of components with queues. */
  readonly queues: ReadonlyMap<string, readonly QueueReport[]>
}

/** What is drawn of `ids`, component by component. */
export function pictureOf(wires: Wires, ids: ReadonlySet<string>, figures: Figures): Picture {
  const next = neighbours(wires)
  const nodes = [...ids].flatMap((id) => {
    const instance = wires.instances.get(id)
    if (!instance) return []
    const hidden = (next.get(id) ?? []).filter((one) => !ids.has(one)).length
    return [nodeOf(instance, hidden, figures)]
  })
  const edges = wires.edges
    .filter(({ from, to }) => ids.has(from) && ids.has(to))
    .map(({ from, to, signals }) => ({
      from,
      to,
      flows: signals.map((signal) => ({
        signal,
        rate: figures.history.rates(from, signal).out,
        fill: fillOf(figures.queues.get(to), signal),
      })),
    }))
  return { nodes, edges }
}

/** All of a large graph: one node for all components of a name. */
export function summaryOf(wires: Wires, { history }: Figures): Picture {
  const groups = new Map<string, Instance[]>()
  for (const instance of wires.instances.values()) {
    const { name } = instance.definition
    const members = groups.get(name)
    if (members) members.push(instance)
    else groups.set(name, [instance])
  }
  const nodes = [...groups].map(([name, members]) => {
    const worst = WORST.find((state) => members.some((one) => one.health().state === state))
    const ill = members.filter((one) => one.health().state !== 'healthy').length
    return {
      id: name,
      kind: members.length === 1 ? '1 component' : `${members.length} components`,
      name,
      figures: ill === 0 ? 'all healthy' : `${ill} not healthy`,
      health: worst ?? 'healthy',
      message: '',
      href: `/components?q=${encodeURIComponent(name)}`,
      hidden: 0,
    } as const
  })
  return { nodes, edges: summedEdges(wires, history) }
}

const WORST = ['unhealthy', 'degraded', 'healthy'] as const

function summedEdges({ instances, edges }: Wires, history: LedgerHistory): readonly Edge[] {
  const summed = new Map<string, { from: string; to: string; rates: Map<Signal, number> }>()
  for (const { from, to, signals } of edges) {
    const [a, b] = [instances.get(from)!.definition.name, instances.get(to)?.definition.name]
    if (b === undefined || a === b) continue
    const edge = summed.get(`${a} ${b}`) ?? { from: a, to: b, rates: new Map() }
    summed.set(`${a} ${b}`, edge)
    for (const signal of signals) {
      const rate = history.rates(from, signal).out
      edge.rates.set(signal, (edge.rates.get(signal) ?? 0) + rate)
    }
  }
  return [...summed.values()].map(({ from, to, rates }) => ({
    from,
    to,
    flows: [...rates].map(([signal, rate]) => ({ signal, rate, fill: undefined })),
  }))
}

function nodeOf(instance: Instance, hidden: number, { history }: Figures): Node {
  const { id, definition } = instance
  const { state, message } = instance.health()
  const sum = { in: 0, out: 0, dropped: 0, held: 0 }
  for (const signal of definition.signals) {
    const rates = history.rates(id, signal)
    sum.in += rates.in
    sum.out += rates.out
    sum.dropped += rates.dropped
    sum.held += instance.held(signal)
  }
  return {
    id,
    kind: definition.name,
    name: id.slice(definition.name.length + 1),
    figures: figuresText(definition.kind, sum),
    health: state,
    message: state === 'healthy' ? '' : message,
    href: `/components/${encodeURIComponent(id)}`,
    hidden,
  }
}

function figuresText(
  kind: string,
  sum: {
    readonly in: number
    readonly out: number
    readonly dropped: number
    readonly held: number
  },
): string {
  if (kind === 'extension') return ''
  const parts = [kind === 'exporter' ? `${perSecond(sum.out)} sent` : `${perSecond(sum.in)} in`]
  if (sum.held > 0) parts.push(`${count(sum.held)} held`)
  if (sum.dropped > 0) parts.push(`${perSecond(sum.dropped)} dropped`)
  return parts.join(' · ')
}

/** By whatever limit is nearest. */
export function fillOf(
  queues: readonly QueueReport[] | undefined,
  signal: Signal,
): number | undefined {
  const queue = queues?.find((one) => one.signal === signal)
  if (!queue) return undefined
  const { held, storedBytes, capacity } = queue
  const parts = [
    capacity.requests && held.requests / capacity.requests,
    capacity.items && held.items / capacity.items,
    capacity.bytes && held.bytes / capacity.bytes,
    // Space comes back in larger pieces: an empty queue has some too.
    held.requests > 0 && capacity.storedBytes ? storedBytes / capacity.storedBytes : 0,
  ]
  return Math.min(1, Math.max(...parts.map((part) => part ?? 0)))
}

function neighbours({ edges }: Wires): ReadonlyMap<string, readonly string[]> {
  const next = new Map<string, string[]>()
  const add = (from: string, to: string) => {
    const list = next.get(from)
    if (list) list.push(to)
    else next.set(from, [to])
  }
  for (const { from, to } of edges) {
    add(from, to)
    add(to, from)
  }
  return next
}
