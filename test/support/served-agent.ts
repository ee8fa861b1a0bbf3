import { expect, onTestFinished } from 'vitest'
import { checkSources, Registry, systemEnvironment } from '#config'
import { Source } from '#grammar'
import { Agent } from '#graph'
import { OTLP_SIGNALS } from '#pdata'
import { Delivery, LeftQueues } from '#queue'
import {
  attributes,
  block,
  boolean,
  defineExporter,
  defineExtension,
  integer,
  list,
  map,
  type Permanent,
  type Retryable,
  secret,
  string,
  type,
} from '#sdk'
import { AdminServer, adminApp, LedgerHistory } from '#web'
import { layOut, type Plan } from '../../src/web/graph/layout.js'
import { type AdminRequest, askAdmin } from './admin-request.js'
import { toyGraph } from './toy-graph.js'

/** Has arguments of every kind. */
const safe = defineExtension({
  name: 'toy.safe',
  stability: 'generally-available',
  about: 'Keeps things.',
  schema: attributes({
    password: secret({ about: 'A secret.' }),
    headers: map(type.stringOrSecret, { default: {}, about: 'Texts, some of them secret.' }),
    names: list(type.string(), { default: [], about: 'Texts.' }),
    limit: integer({ default: 5, about: 'A number.' }),
    inner: block(attributes({ text: string({ default: 'x', about: 'A text.' }) }), {
      absent: 'defaults',
      about: 'A block.',
    }),
  }),
  exports: { content: { kind: 'string' } },
  create: (context) => ({
    start: async () => context.publish({ content: 'published' }),
    stop: () => Promise.resolve(),
  }),
})

const RETRY = {
  enabled: true,
  initialMs: 1000,
  maxMs: 1000,
  multiplier: 2,
  randomization: 0,
  maxElapsedMs: 0,
  maxAgeMs: 0,
}

/** An exporter with real queues; `answer.failure` is what its destination says. */
function queueing(answer: { failure: Permanent | Retryable | undefined }) {
  return defineExporter({
    name: 'toy.queue',
    stability: 'generally-available',
    about: 'Queues, then delivers.',
    accepts: ['traces', 'metrics', 'logs'],
    schema: attributes({
      memory: boolean({ default: false, about: 'Queues in memory.' }),
      size: integer({ default: 100, about: 'Batches.' }),
    }),
    create: (context, { memory, size }) => {
      const limits = { size, sizer: 'requests', whenFull: 'refuse', waitForResult: false } as const
      const disk = memory ? undefined : { deadBytesMax: 1024 * 1024, storage: undefined }
      const queue = { batch: undefined, consumers: 1, disk }
      return new Delivery(
        context,
        {
          signals: OTLP_SIGNALS,
          advice: { full: '', elsewhere: '', inMemory: '' },
          observe() {},
          retry: RETRY,
          queue: { ...queue, limits: { ...limits, storedBytes: 1024 * 1024 } },
        },
        {
          open: () => Promise.resolve(),
          send: () =>
            answer.failure ? Promise.reject(answer.failure) : Promise.resolve(undefined),
          close: () => Promise.resolve(),
        },
      )
    },
  })
}

/** source -> sink */
export const GOOD = `toy.sink "out" {
  key = "port"
}

toy.source "in" {
  output {
    traces = [toy.sink.out.input]
  }
}
`

/** An agent of toy components behind a real socket; its config is what the test says. */
export async function servedAgent(text = GOOD) {
  const toys = toyGraph()
  const { graph, metrics, clock, logger, disk } = toys
  const destination: Parameters<typeof queueing>[0] = { failure: undefined }
  const options = {
    registry: new Registry([...Object.values(toys.define), safe, queueing(destination)]),
    stability: 'experimental',
    environment: systemEnvironment({}, 'v0'),
  } as const
  const check = async (sources: readonly Source[]) => checkSources(sources, options)
  const config = { text }
  const queues = async () => {
    const all = await Promise.all(
      graph.instances.map(async (one) => (await one.queueing?.queues()) ?? []),
    )
    return all.flat()
  }
  const orphans = new LeftQueues({
    disk,
    clock,
    random: () => 0.5,
    log: logger.with({}),
    roots: () => graph.storageFolders,
    running: queues,
  })
  const agent = new Agent({
    graph,
    settled: () => orphans.warn(),
    check: async () => check([new Source('config.river', config.text)]),
    clock,
    log: logger.with({}),
    meter: metrics.scope(),
  })
  const admin = new AdminServer()
  const history = new LedgerHistory(graph, clock)
  const read = async () => [new Source('config.river', config.text)]
  const pages = {
    clock,
    history,
    errors: logger.recent,
    layOut: async (plan: Plan) => layOut(plan),
    read,
  }
  admin.serve(adminApp({ agent, graph, metrics, orphans, check, ...pages }))
  const address = await admin.listen('127.0.0.1:0')
  onTestFinished(() => admin.close())
  const ask = (path: string, request?: AdminRequest) => askAdmin(address, path, request)
  const json = async (path: string, request?: AdminRequest) => {
    const { status, text: body, headers } = await ask(path, request)
    expect(headers['content-type']).toBe('application/json')
    return { status, body: JSON.parse(body) as unknown }
  }
  return { ...toys, agent, config, destination, history, ask, json }
}

/** As `servedAgent`, and the config has been loaded. */
export async function runningAgent(text = GOOD) {
  const all = await servedAgent(text)
  expect(await all.agent.load('start')).toMatchObject({ ok: true })
  return all
}
