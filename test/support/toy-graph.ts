import { Graph, type Outcome, type Services } from '#graph'
import { FakeClock, fakeContext } from '#support'
import { Logger, Registry } from '#telemetry'
import { Journal, toyBatch, toyDefinitions, toyNode, toyProgram } from './toy-program.js'

/** A real graph of toy components in a fake world. */
export function toyGraph(overrides: Partial<Services> = {}) {
  const journal = new Journal()
  const clock = new FakeClock()
  const lines: string[] = []
  const logger = new Logger({ write: (line) => lines.push(line), flush() {} })
  const metrics = new Registry()
  const { network, files, disk, memory, budget } = fakeContext()
  const services: Services = {
    clock,
    random: () => 0.5,
    network,
    files,
    disk,
    memory,
    budget,
    logger,
    metrics,
    storagePath: '/nowhere',
    ...overrides,
  }
  const graph = new Graph(services, { drainMs: 1000 })
  const define = toyDefinitions(journal)
  /** source -> pass -> sink */
  const chain = (sinkText = '', passText = '') =>
    toyProgram(
      toyNode('sink', define.sink, { values: { text: sinkText } }),
      toyNode('pass', define.pass, { to: ['sink'], values: { text: passText } }),
      toyNode('source', define.source, { to: ['pass'] }),
    )
  const emit = (id = 'source', items = 1) => journal.intakes.get(id)!.deliver(toyBatch(items))
  const actions = (outcome: Outcome) =>
    outcome.ok ? outcome.steps.map(({ id, action }) => `${action} ${id}`) : 'refused'
  const find = (id: string) => graph.instances.find((instance) => instance.id === id)!
  return { journal, clock, disk, graph, metrics, logger, define, chain, emit, actions, find, lines }
}

/** The drain report of an outcome that must be good. */
export async function drainedOf(outcome: Outcome) {
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'))
  return outcome.drained
}
