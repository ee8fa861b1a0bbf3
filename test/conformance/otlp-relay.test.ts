/**
 * Row 65 of the reference on OTLP: without a queue between, a backend's code reaches the first
 * sender.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Code, codeName, httpStatusOf, type Listener, StatusError, systemNetwork } from '#net'
import type { Batch } from '#pdata'
import { type Component, type Consumer, type Resource, systemClock } from '#sdk'
import {
  allComponents,
  argumentsOf,
  fakeContext,
  grpcMessage,
  httpClient,
  otlpRoute,
  rawGrpcCall,
  sampleRequest,
  startGrpcServer,
  startHttpServer,
  TRACES,
} from '#support'

const components = await allComponents()

type Protocol = 'grpc' | 'http'

const PROTO = sampleRequest('traces', { items: 3, resources: 1 })
/** What the backends answer. */
let answer: number = Code.OK
const failing = () => Promise.reject(new StatusError(answer, 'from the backend'))
const cleanUp: (() => Promise<unknown>)[] = []
const ports = new Map<string, number>()
const client = httpClient()

function definition(name: string) {
  return components.find((one) => one.name === name)!
}

async function start(name: string, body: string, intake?: (batch: Batch) => Promise<void>) {
  const listeners: Listener[] = []
  const context = fakeContext({
    network: systemNetwork,
    clock: systemClock,
    resources: {
      lease: async <R extends Resource>(_: string, open: () => Promise<R>) => {
        const resource = await open()
        listeners.push(resource as unknown as Listener)
        return resource
      },
    },
  })
  const next = { signals: new Set(['traces']), deliver: intake, refusal: () => undefined }
  const values = argumentsOf(definition(name), body)
  const component: Component & Partial<Consumer> & { activate?(): void } = definition(name).create(
    context,
    values as never,
    next as never,
  )
  await component.start?.()
  component.activate?.()
  cleanUp.push(async () => {
    await component.stop(AbortSignal.abort())
    await Promise.all(listeners.map((listener) => listener.close()))
  })
  return { component, listeners }
}

beforeAll(async () => {
  const grpc = await startGrpcServer({ methods: new Map([[TRACES, failing]]) })
  const http = await startHttpServer({ routes: new Map([['/v1/traces', otlpRoute(failing)]]) })
  cleanUp.push(
    () => grpc.listener.close(AbortSignal.abort()),
    () => http.listener.close(AbortSignal.abort()),
  )
  const once = 'retry_on_failure { enabled = false }\nsending_queue { enabled = false }'
  const exporters = {
    grpc: await start(
      'otelcol.exporter.otlp',
      `client {
         endpoint = "http://127.0.0.1:${grpc.port}"
       }
       ${once}`,
    ),
    http: await start(
      'otelcol.exporter.otlphttp',
      `client {
         endpoint = "http://127.0.0.1:${http.port}"
       }
       ${once}`,
    ),
  }
  for (const to of ['grpc', 'http'] as const) {
    const { component } = exporters[to]
    const { listeners } = await start(
      'otelcol.receiver.otlp',
      'grpc { endpoint = "127.0.0.1:0" }\nhttp { endpoint = "127.0.0.2:0" }\noutput { }',
      (batch) => component.consume!(batch),
    )
    const [first, second] = listeners.map(({ address }) => (address as { port: number }).port)
    ports.set(`grpc ${to}`, first!)
    ports.set(`http ${to}`, second!)
  }
})

afterAll(async () => {
  await client.close(AbortSignal.abort())
  for (const close of cleanUp.reverse()) await close()
})

/** The gRPC code, or HTTP status, that a sender sees. */
async function send(from: Protocol, port: number): Promise<number> {
  if (from === 'grpc') {
    const { headers } = await rawGrpcCall(port, {}, [grpcMessage(PROTO)])
    return Number(headers['grpc-status'])
  }
  const { status } = await client.request({
    method: 'POST',
    url: new URL(`http://127.0.0.2:${port}/v1/traces`),
    headers: { 'content-type': 'application/x-protobuf' },
    body: [PROTO],
    timeoutMs: 5000,
  })
  return status
}

const CODES = Object.values(Code).filter((code) => code !== Code.OK)

/** What an HTTP backend's status turns into, as a code. */
const VIA_HTTP: Readonly<Record<number, number>> = {
  503: Code.UNAVAILABLE,
  500: Code.UNKNOWN,
  429: Code.RESOURCE_EXHAUSTED,
  400: Code.INVALID_ARGUMENT,
  401: Code.UNAUTHENTICATED,
  403: Code.PERMISSION_DENIED,
  404: Code.UNIMPLEMENTED,
}

describe.each([
  ['grpc', 'grpc'],
  ['grpc', 'http'],
  ['http', 'grpc'],
  ['http', 'http'],
] as const)('row 65: %s in, %s out', (from, to) => {
  it.each(CODES.map((code) => [codeName(code), code] as const))('%s', async (_, code) => {
    answer = code
    const seen = to === 'grpc' ? code : VIA_HTTP[httpStatusOf(code)]!
    const expected = from === 'grpc' ? seen : httpStatusOf(seen)
    expect(await send(from, ports.get(`${from} ${to}`)!)).toBe(expected)
  })
})
