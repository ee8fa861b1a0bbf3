import { expect, onTestFinished } from 'vitest'
import { checkSources, Registry, systemEnvironment } from '#config'
import { Source } from '#grammar'
import { Agent } from '#graph'
import { attributes, block, defineExtension, integer, list, map, secret, string, type } from '#sdk'
import { AdminServer, adminApp } from '#web'
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
  const { graph, metrics, clock, logger } = toys
  const options = {
    registry: new Registry([...Object.values(toys.define), safe]),
    stability: 'experimental',
    environment: systemEnvironment({}, 'v0'),
  } as const
  const check = (sources: readonly Source[]) => checkSources(sources, options)
  const config = { text }
  const agent = new Agent({
    graph,
    check: async () => check([new Source('config.river', config.text)]),
    clock,
    log: logger.with({}),
    meter: metrics.scope(),
  })
  const admin = new AdminServer()
  admin.serve(adminApp({ agent, graph, metrics, check }))
  const address = await admin.listen('127.0.0.1:0')
  onTestFinished(() => admin.close())
  const ask = (path: string, request?: AdminRequest) => askAdmin(address, path, request)
  const json = async (path: string, request?: AdminRequest) => {
    const { status, text: body, headers } = await ask(path, request)
    expect(headers['content-type']).toBe('application/json')
    return { status, body: JSON.parse(body) as unknown }
  }
  return { ...toys, agent, config, ask, json }
}

/** As `servedAgent`, and the config has been loaded. */
export async function runningAgent(text = GOOD) {
  const all = await servedAgent(text)
  expect(await all.agent.load('start')).toMatchObject({ ok: true })
  return all
}
