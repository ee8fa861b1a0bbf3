/** A receiver and an exporter as a config wires them, between real sockets and a fake disk. */
import { onTestFinished } from 'vitest'
import { checkSources } from '#config'
import { Source } from '#grammar'
import { Graph, type Services } from '#graph'
import { Code, type GrpcRequest, StatusError } from '#net'
import { receiveBatch } from '#pdata'
import { checkOptions } from '../contract/registry.js'
import { live, outcomeOf } from '../contract/rig.js'
import { World } from '../contract/world.js'
import { grpcBackendIn } from './grpc-backend.js'
import { type Exchange, grpcSender, httpExchange, SENT_ITEMS } from './otlp-senders.js'

const EXPORTER = 'otelcol.exporter.otlp.out'

/** OTLP in, and out to "tempo:4317", which the test plays. */
export function relayConfig(exporter = ''): string {
  return `otelcol.receiver.otlp "in" {
  grpc { }
  http { }
  output { traces = [${EXPORTER}.input] }
}
otelcol.exporter.otlp "out" {
  client {
    endpoint    = "http://tempo:4317"
    compression = "none"
  }
  ${exporter}
}
`
}

export async function startPipeline(config: string, overrides: Partial<Services> = {}) {
  const world = new World(new Map())
  const backend = await grpcBackendIn(world)
  const services = { ...world.services(), ...overrides }
  const graph = new Graph(services, { drainMs: 1000 })
  const load = (text: string) => {
    const source = new Source('config.river', text)
    return graph.apply(checkSources([source], checkOptions('experimental')).program!)
  }
  onTestFinished(async () => {
    backend.answer = take
    world.fake.disk.before = () => {}
    await outcomeOf(world, graph.shutdown())
    await backend.close()
  })
  const grpc = grpcSender(world.network)
  const http = (exchange: Exchange = {}) => httpExchange(world.network, exchange)
  let acknowledged = 0
  let delivered = 0
  const take = async ({ message }: GrpcRequest) => {
    delivered += receiveBatch('traces', message).items
    return Buffer.alloc(0)
  }
  backend.answer = take
  return {
    world,
    backend,
    graph,
    load,
    started: await load(config),
    budget: services.budget,
    http,
    grpc,
    /** True when it was taken. */
    send: async () => {
      const isTaken = (await grpc()).code === Code.OK
      if (isTaken) acknowledged += SENT_ITEMS
      return isTaken
    },
    exporter: () => graph.instances.find(({ id }) => id === EXPORTER)!,
    /** The backend takes nothing until `arrive`. */
    leave: () => {
      backend.answer = () => Promise.reject(new StatusError(Code.UNAVAILABLE, 'away'))
    },
    /** The backend is there again; resolves when it has all that was acknowledged, and no more. */
    arrive: async () => {
      backend.answer = take
      await live(world, 'the rest', () => delivered >= acknowledged)
      return { acknowledged, delivered }
    },
  }
}
