import type { Signal } from '#pdata'
import type { Labels } from '#sdk'
import type { Edge } from './edge.js'
import type { Instance } from './instance.js'

/** Labels of the figures of one signal of a component. */
export interface LedgerLabels {
  readonly base: Labels
  readonly entered: Labels
  readonly left: Labels
  readonly refused: Labels
  readonly otel: Labels
  /** By reason. */
  readonly dropped: Map<string, Labels>
}

export interface EdgeLabels {
  readonly base: Labels
  readonly passed: Labels
  readonly refused: Labels
}

const OF_LEDGERS = new WeakMap<Instance, Map<Signal, LedgerLabels>>()
const OF_EDGES = new WeakMap<Edge, EdgeLabels>()

/** The same objects each time: who writes labels as text does that once for an object. */
export function ledgerLabels(instance: Instance, signal: Signal): LedgerLabels {
  let all = OF_LEDGERS.get(instance)
  if (!all) {
    all = new Map()
    OF_LEDGERS.set(instance, all)
  }
  let labels = all.get(signal)
  if (labels) return labels
  const base = { component_id: instance.id, signal }
  labels = {
    base,
    entered: { ...base, outcome: 'entered' },
    left: { ...base, outcome: 'left' },
    refused: { ...base, outcome: 'refused' },
    otel: { component_id: instance.id, otel_signal: signal },
    dropped: new Map(),
  }
  all.set(signal, labels)
  return labels
}

export function dropLabels({ base, dropped }: LedgerLabels, reason: string): Labels {
  let labels = dropped.get(reason)
  if (!labels) {
    labels = { ...base, outcome: 'dropped', reason }
    dropped.set(reason, labels)
  }
  return labels
}

/** As `ledgerLabels`. */
export function edgeLabels(from: string, edge: Edge): EdgeLabels {
  let labels = OF_EDGES.get(edge)
  if (labels) return labels
  const base = { from, to: edge.to, signal: edge.signal }
  labels = {
    base,
    passed: { ...base, outcome: 'passed' },
    refused: { ...base, outcome: 'refused' },
  }
  OF_EDGES.set(edge, labels)
  return labels
}
