/** What the API says of the running graph, as plain JSON. No secret is in it. */
import { type Diagnostic, diagnosticToJson } from '#grammar'
import type { DrainReport, Graph, Instance, Receipt } from '#graph'
import type { Signal } from '#pdata'
import { Capsule, ExportedConsumer, ExportedHandler, FunctionValue, Uint64 } from '#sdk'
import { queuesOf } from './queue-views.js'

export function componentSummary(instance: Instance) {
  const { id, definition } = instance
  return {
    id,
    name: definition.name,
    // In a module: behind the module's id.
    label: id.slice(id.lastIndexOf('/') + definition.name.length + 2),
    kind: definition.kind,
    health: healthView(instance),
    ledger: Object.fromEntries(
      definition.signals.map((signal) => [signal, ledgerView(instance, signal)]),
    ),
  }
}

export async function componentDetail(graph: Graph, instance: Instance) {
  const node = graph.program.nodes.find((one) => one.id === instance.id)
  const { source, start } = node?.block ?? {}
  const dependants = graph.program.nodes.filter((one) => one.dependsOn.includes(instance.id))
  return {
    ...componentSummary(instance),
    about: instance.definition.about,
    arguments: shown(instance.values),
    exports: shown(instance.published),
    references: node?.dependsOn ?? [],
    referencedBy: dependants.map(({ id }) => id),
    sendsTo: instance.edges,
    resources: graph.resourcesOf(instance.id),
    queues: instance.queueing && (await queuesOf(instance)),
    place: source && { file: source.name, ...source.positionAt(start ?? 0) },
  }
}

export function graphView(graph: Graph) {
  const instances = graph.instances.filter(({ definition }) => definition.kind !== 'config')
  return {
    nodes: instances.map((instance) => ({
      id: instance.id,
      kind: instance.definition.kind,
      health: healthView(instance).state,
    })),
    edges: instances.flatMap(({ id, edges }) => edges.map((edge) => ({ from: id, ...edge }))),
    references: graph.program.nodes.flatMap(({ id, dependsOn }) =>
      dependsOn.map((to) => ({ from: id, to })),
    ),
  }
}

export function receiptView(receipt: Receipt) {
  const { at, steps, diagnostics, drained, ...rest } = receipt
  return {
    ...rest,
    at: new Date(at).toISOString(),
    steps,
    diagnostics: diagnosticsView(diagnostics),
    drained: receipt.ok ? drainView(drained) : undefined,
  }
}

export function diagnosticsView(diagnostics: readonly Diagnostic[]) {
  return diagnostics.map(diagnosticToJson)
}

function drainView(drained: DrainReport | undefined) {
  return drained
    ? { state: 'done', ...drained, balanced: drained.unbalanced.length === 0 }
    : { state: 'draining' }
}

function healthView(instance: Instance) {
  const { state, message, since } = instance.health()
  return { state, message, since: new Date(since).toISOString() }
}

function ledgerView(instance: Instance, signal: Signal) {
  const { entered, left, refused, dropped, blockedMs } = instance.ledger.counts(signal)
  const held = instance.held(signal)
  const lost = Object.fromEntries(dropped)
  return { entered, left, refused, held, dropped: lost, blockedMs: Math.round(blockedMs) }
}

/**
 * A decoded argument or an export in JSON; secrets show as "(secret)", consumers and handlers by
 * owner.
 */
function shown(value: unknown): unknown {
  if (value instanceof ExportedConsumer || value instanceof ExportedHandler) return value.owner
  if (value instanceof Capsule || value instanceof FunctionValue) return String(value)
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Uint64) return Number(value.value)
  if (Array.isArray(value)) return value.map(shown)
  if (value instanceof Map) return shownEntries([...value] as [string, unknown][])
  if (typeof value !== 'object' || value === null) return value
  return isPlain(value) ? shownEntries(Object.entries(value)) : String(value)
}

function shownEntries(entries: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(entries.map(([name, value]) => [name, shown(value)]))
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype
}
