import type { Signal } from '#pdata'
import type { Labels } from '#sdk'
import type { MeterScope } from '#telemetry'
import type { Instance } from './instance.js'
import { dropLabels, edgeLabels, type LedgerLabels, ledgerLabels } from './metric-labels.js'

/** What there is to tell of a graph. */
interface Observed {
  readonly instances: readonly Instance[]
  readonly evaluations: number
}

type Sample = readonly [Labels, number]

const HEALTH = ['healthy', 'degraded', 'unhealthy'] as const
const WITH_LEDGER: readonly string[] = ['receiver', 'processor', 'exporter']

/** Figures of the running components, read when scraped. */
export function observeGraph(meter: MeterScope, graph: Observed): void {
  meter.observeMany(
    'weir_component_controller_running_components',
    'gauge',
    'Running components by health.',
    () => byHealth(graph.instances),
  )
  meter.observeCounter(
    'weir_component_evaluations',
    'How often arguments of components were worked out.',
    () => graph.evaluations,
  )
  observeLedgers(meter, graph)
  observeEdges(meter, graph)
  observeProcessors(meter, graph)
}

function observeLedgers(meter: MeterScope, graph: Observed): void {
  meter.observeMany(
    'weir_ledger_items',
    'counter',
    'What became of items: entered = left + refused + dropped + held.',
    () => withLedger(graph, addItems),
  )
  meter.observeMany(
    'weir_ledger_held_items',
    'gauge',
    'Items that were taken and have neither left nor been dropped.',
    () => withLedger(graph, (to, one, signal, { base }) => to.push([base, one.held(signal)])),
  )
  meter.observeMany(
    'weir_ledger_oldest_seconds',
    'gauge',
    'How long the oldest of the held items have been held, at most.',
    () =>
      withLedger(graph, (to, one, signal, { base }) =>
        to.push([base, one.oldestMs(signal) / 1000]),
      ),
  )
  meter.observeMany(
    'weir_ledger_blocked_seconds',
    'counter',
    'How long senders waited for room, summed.',
    () =>
      withLedger(graph, (to, { ledger }, signal, { base }) =>
        to.push([base, ledger.counts(signal).blockedMs / 1000]),
      ),
  )
}

function observeEdges(meter: MeterScope, graph: Observed): void {
  meter.observeMany(
    'weir_edge_items',
    'counter',
    'Items that went from one component to another, and those that went back.',
    () => {
      const samples: Sample[] = []
      for (const { id, flows } of graph.instances) {
        for (const edge of flows) {
          const labels = edgeLabels(id, edge)
          samples.push([labels.passed, edge.passed], [labels.refused, edge.refused])
        }
      }
      return samples
    },
  )
  meter.observeMany(
    'weir_edge_held_items',
    'gauge',
    'Items that one component has handed to another, which has not answered yet.',
    () =>
      graph.instances.flatMap(({ id, flows }) =>
        flows.map((edge): Sample => [edgeLabels(id, edge).base, edge.underWay.items]),
      ),
  )
}

/** Under the names that dashboards of OpenTelemetry Collectors use. */
function observeProcessors(meter: MeterScope, graph: Observed): void {
  const items = (count: (one: Instance, signal: Signal) => number) => () =>
    withLedger(graph, (to, one, signal, { otel }) => {
      if (one.definition.name.startsWith('otelcol.processor.')) to.push([otel, count(one, signal)])
    })
  meter.observeMany(
    'otelcol_processor_incoming_items',
    'counter',
    'Items that came to a processor.',
    items(({ ledger }, signal) => ledger.counts(signal).entered + ledger.counts(signal).refused),
  )
  meter.observeMany(
    'otelcol_processor_outgoing_items',
    'counter',
    'Items that a processor passed on.',
    items(({ ledger }, signal) => ledger.counts(signal).left),
  )
}

function byHealth(instances: readonly Instance[]): readonly Sample[] {
  const states = instances.map((instance) => instance.health().state)
  return HEALTH.map((state) => [
    { health_type: state },
    states.filter((one) => one === state).length,
  ])
}

function withLedger(
  { instances }: Observed,
  add: (to: Sample[], instance: Instance, signal: Signal, labels: LedgerLabels) => void,
): readonly Sample[] {
  const samples: Sample[] = []
  for (const one of instances) {
    const { kind, signals } = one.definition
    if (!WITH_LEDGER.includes(kind)) continue
    for (const signal of signals) add(samples, one, signal, ledgerLabels(one, signal))
  }
  return samples
}

function addItems(to: Sample[], { ledger }: Instance, signal: Signal, labels: LedgerLabels): void {
  const { entered, left, refused, dropped } = ledger.counts(signal)
  // In the books refused items have not entered; a counter must not fall.
  to.push([labels.entered, entered + refused], [labels.left, left], [labels.refused, refused])
  for (const [reason, items] of dropped) to.push([dropLabels(labels, reason), items])
}
