/** A component as the graph runs it, set up by a body that a test writes, in a world of its own. */
import { onTestFinished } from 'vitest'
import { type Batch, receiveBatch, SIGNALS, type Signal } from '#pdata'
import {
  type Consumer,
  type Definition,
  ExportedHandler,
  type Handle,
  type HandlerPower,
  Ledger,
  type Powers,
  type Value,
} from '#sdk'
import { Logger } from '#telemetry'
import { Instance, type Services } from '../../src/graph/instance.js'
import { Outlet } from '../../src/graph/outlet.js'
import { ResourcePool } from '../../src/graph/resource-pool.js'
import { outcomeOf } from '../contract/rig.js'
import { StubConsumer } from '../contract/subject.js'
import { World } from '../contract/world.js'
import { argumentsOf } from './component-body.js'
import { sampleRequest } from './otlp.js'

/**
 * What `test.auth.all.handler` is: does nothing and lets everybody in, until the test says
 * otherwise.
 */
class StubAuth extends ExportedHandler implements Handle<HandlerPower> {
  current: Powers['client-auth'] & Powers['server-auth'] = {
    authenticate: () => Promise.resolve(),
    check: () => Promise.resolve(new Map()),
  }
}

/**
 * Starts and activates it; it is stopped when the test ends. The body may name
 * `test.sink.all.input`, `test.samples.all.receiver`, `test.entries.all.receiver` and
 * `test.auth.all.handler`.
 */
export async function runComponent(
  definition: Definition,
  body: string,
  world = new World(new Map()),
  overrides: Partial<Services> = {},
) {
  const sink = new StubConsumer('test.sink.all', 'otelcol.Consumer')
  const samples = new StubConsumer('test.samples.all', 'MetricsReceiver')
  const entries = new StubConsumer('test.entries.all', 'LogsReceiver')
  const auth = new StubAuth('test.auth.all', ['client-auth', 'server-auth'])
  const exports = new Map<string, ReadonlyMap<string, Value>>([
    [sink.owner, new Map([['input', sink]])],
    [samples.owner, new Map([['receiver', samples]])],
    [entries.owner, new Map([['receiver', entries]])],
    [auth.owner, new Map([['handler', auth]])],
  ])
  const values = argumentsOf(definition, body, (id) => exports.get(id))
  const lines: string[] = []
  const logger = new Logger({ write: (line) => void lines.push(line), flush() {} })
  const services = { ...world.services(), random: () => 0.5, logger, ...overrides }
  const ledger = new Ledger()
  const bugs: unknown[] = []
  const events = { published() {}, failed: (_: Instance, error: unknown) => void bugs.push(error) }
  const node = { id: `${definition.name}.a`, definition }
  const instance = new Instance(node, values, ledger, new ResourcePool(), services, events)
  onTestFinished(async () => {
    await outcomeOf(world, instance.stop(AbortSignal.abort()))
  })
  await instance.start()
  instance.activate()
  const upstream = new Outlet(outputsTo(instance), new Ledger())
  return {
    world,
    clock: world.clock,
    instance,
    ledger,
    sink,
    samples,
    entries,
    auth,
    /** What it logged, a text a line. */
    lines,
    bugs,
    /** As a receiver does: keeps room, then hands on. */
    give: (batch: Batch) => upstream.deliver(batch),
    figures: () => figuresIn(world.metrics.render('prometheus')),
  }
}

/** A batch of `items` items; another one for each seed. */
export function batchOf(signal: Signal, items = 3, seed = 1): Batch {
  return receiveBatch(signal, sampleRequest(signal, { items, resources: 1, attributes: 2, seed }))
}

function outputsTo(consumer: Consumer) {
  const outputs = SIGNALS.map((signal) => [signal, [consumer]] as const)
  return Object.fromEntries(outputs) as unknown as Record<Signal, readonly Consumer[]>
}

/** Values by name and labels, without the component's. */
function figuresIn(text: string): Readonly<Record<string, number>> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => {
      const [name, value] = line.replace(/component_id="[^"]*",?/, '').split(/ (?=\S+$)/)
      return [name!.replace('{}', ''), Number(value)]
    }),
  )
}
