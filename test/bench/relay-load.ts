/**
 * A process that sends 100-span requests over gRPC, as fast as it is let or at a pace. Started by
 * processes.ts.
 */
import {
  GRPC_CLIENT_DEFAULTS,
  GrpcClient,
  type GrpcTarget,
  parseGrpcTarget,
  systemNetwork,
} from '#net'
import { systemClock } from '#sdk'
import { sampleRequest } from '#support'

const [port, connections, inFlight] = process.argv.slice(2, 5).map(Number) as [
  number,
  number,
  number,
]
const SPANS = 100
const TICK_MS = 10
const message = sampleRequest('traces', { items: SPANS })
const clients = Array.from(
  { length: connections },
  () =>
    new GrpcClient({
      ...GRPC_CLIENT_DEFAULTS,
      target: parseGrpcTarget(`127.0.0.1:${port}`) as GrpcTarget,
      compression: process.argv[5] === 'gzip' ? 'gzip' : 'none',
      waitForReady: true,
      userAgent: 'bench',
      network: systemNetwork,
      clock: systemClock,
      random: Math.random,
    }),
)

let spans = 0
let times: number[] = []

async function sendOne(client: GrpcClient): Promise<void> {
  const sentAt = performance.now()
  const { code, message: reason } = await client.call(
    '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    [message],
    { timeoutMs: 30_000 },
  )
  if (code !== 0) throw new Error(`refused with ${code}: ${reason}`)
  times.push(performance.now() - sentAt)
  spans += SPANS
}

async function sendAll(requests: number): Promise<void> {
  let left = requests
  const worker = async (client: GrpcClient) => {
    while (left-- > 0) await sendOne(client)
  }
  await Promise.all(Array.from({ length: inFlight }, (_, n) => worker(clients[n % connections]!)))
}

async function sendPaced(requests: number, perSecond: number): Promise<void> {
  const work: Promise<void>[] = []
  const startedAt = performance.now()
  while (work.length < requests) {
    const due = ((performance.now() - startedAt) / 1000) * perSecond
    while (work.length < Math.min(due, requests)) {
      work.push(sendOne(clients[work.length % connections]!))
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  await Promise.all(work)
}

function fail(error: unknown): never {
  throw error
}

process.on('message', ({ requests, perSecond }: { requests: number; perSecond?: number }) => {
  times = []
  const work = perSecond === undefined ? sendAll(requests) : sendPaced(requests, perSecond)
  work.then(() => {
    const p99Ms = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0
    process.send?.({ spans, p99Ms })
  }, fail)
})
process.send?.('ready')
