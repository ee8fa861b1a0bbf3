import type { Signal } from '#pdata'
import type { Labels } from '#sdk'
import type { MeterScope } from '#telemetry'
import type { Edge } from './edge.js'
import type { Instance } from './instance.js'

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
    () => withLedger(graph, itemSamples),
  )
  meter.observeMany(
    'weir_ledger_held_items',
    'gauge',
    'Items that were taken and have neither left nor been dropped.',
    () => withLedger(graph, (one, signal, labels) => [[labels, one.held(signal)]]),
  )
  meter.observeMany(
    'weir_ledger_oldest_seconds',
    'gauge',
    'How long the oldest of the held items have been held, at most.',
    () => withLedger(graph, (one, signal, labels) => [[labels, one.oldestMs(signal) / 1000]]),
  )
  meter.observeMany(
    'weir_ledger_blocked_seconds',
    'counter',
    'How long senders waited for room, summed.',
    () =>
      withLedger(graph, (one, signal, labels) => [
        [labels, one.ledger.counts(signal).blockedMs / 1000],
      ]),
  )
}

function observeEdges(meter: MeterScope, graph: Observed): void {
  meter.observeMany(
    'weir_edge_items',
    'counter',
    'Items that went from one component to another, and those that went back.',
    () =>
      edgesOf(graph).flatMap(([labels, { passed, refused }]): Sample[] => [
        [{ ...labels, outcome: 'passed' }, passed],
        [{ ...labels, outcome: 'refused' }, refused],
      ]),
  )
  meter.observeMany(
    'weir_edge_held_items',
    'gauge',
    'Items that one component has handed to another, which has not answered yet.',
    () => edgesOf(graph).map(([labels, { underWay }]): Sample => [labels, underWay.items]),
  )
}

/** Under the names that dashboards of OpenTelemetry Collectors use. */
function observeProcessors(meter: MeterScope, graph: Observed): void {
  const items = (count: (one: Instance, signal: Signal) => number) => () =>
    graph.instances
      .filter(({ definition }) => definition.name.startsWith('otelcol.processor.'))
      .flatMap((one) =>
        one.definition.signals.map((signal): Sample => {
          return [{ component_id: one.id, otel_signal: signal }, count(one, signal)]
        }),
      )
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

function edgesOf({ instances }: Observed): readonly (readonly [Labels, Edge])[] {
  return instances.flatMap(({ id, flows }) =>
    flows.map((edge) => [{ from: id, to: edge.to, signal: edge.signal }, edge] as const),
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
  samples: (instance: Instance, signal: Signal, labels: Labels) => readonly Sample[],
): readonly Sample[] {
  return instances
    .filter(({ definition }) => WITH_LEDGER.includes(definition.kind))
    .flatMap((one) =>
      one.definition.signals.flatMap((signal) =>
        samples(one, signal, { component_id: one.id, signal }),
      ),
    )
}

function itemSamples({ ledger }: Instance, signal: Signal, labels: Labels): readonly Sample[] {
  const { entered, left, refused, dropped } = ledger.counts(signal)
  return [
    // In the books refused items have not entered; a counter must not fall.
    [{ ...labels, outcome: 'entered' }, entered + refused],
    [{ ...labels, outcome: 'left' }, left],
    [{ ...labels, outcome: 'refused' }, refused],
    ...[...dropped].map(
      ([reason, items]): Sample => [{ ...labels, outcome: 'dropped', reason }, items],
    ),
  ]
}
