/** What became of the data, as plain JSON: per component, per edge, and what was lost where. */
import type { Graph, Instance } from '#graph'
import type { Signal } from '#pdata'
import { placeOf } from './places.js'

export function ledgerReport(graph: Graph) {
  const instances = graph.instances.filter(hasBooks)
  const components = instances.map((instance) => ({
    id: instance.id,
    kind: instance.definition.kind,
    place: placeOf(graph, instance),
    signals: signalsOf(instance),
  }))
  return {
    balanced: components.every(({ signals }) =>
      Object.values(signals).every(({ balanced }) => balanced),
    ),
    components,
    edges: instances.flatMap(edgesOf),
    drops: components.flatMap(({ id, place, signals }) =>
      Object.entries(signals).flatMap(([signal, { dropped }]) =>
        Object.entries(dropped).map(([reason, items]) => ({
          component: id,
          place,
          signal,
          reason,
          items,
        })),
      ),
    ),
  }
}

function ledgerView(instance: Instance, signal: Signal) {
  const { entered, left, refused, dropped, blockedMs } = instance.ledger.counts(signal)
  const held = instance.held(signal)
  return {
    entered,
    left,
    refused,
    held,
    dropped: Object.fromEntries(dropped),
    oldestMs: Math.round(instance.oldestMs(signal)),
    blockedMs: Math.round(blockedMs),
    balanced: held === instance.ledger.held(signal),
  }
}

export function signalsOf(instance: Instance) {
  return Object.fromEntries(
    instance.definition.signals.map((signal) => [signal, ledgerView(instance, signal)]),
  )
}

/** What goes over each edge; `offered` is all that was handed over, what is under way included. */
export function edgesOf({ id, flows }: Instance) {
  return flows.map(({ to, signal, passed, refused, underWay }) => ({
    from: id,
    to,
    signal,
    offered: passed + refused + underWay.items,
    passed,
    refused,
    held: underWay.items,
    oldestMs: Math.round(underWay.oldestMs),
  }))
}

/** Root blocks only where they send something. */
export function hasBooks({ definition, flows }: Instance): boolean {
  if (definition.kind === 'config') return flows.length > 0
  return definition.signals.length > 0
}
