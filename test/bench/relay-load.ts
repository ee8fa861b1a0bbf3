/** A process that sends 100-span requests over gRPC as fast as it is let. Started by relay.ts. */
import {
  GRPC_CLIENT_DEFAULTS,
  GrpcClient,
  type GrpcTarget,
  parseGrpcTarget,
  systemNetwork,
} from '#net'
import { systemClock } from '#sdk'
import { sampleRequest } from '#support'

const [port, connections, inFlight] = process.argv.slice(2).map(Number) as [number, number, number]
const SPANS = 100
const message = sampleRequest('traces', { items: SPANS })
const clients = Array.from(
  { length: connections },
  () =>
    new GrpcClient({
      ...GRPC_CLIENT_DEFAULTS,
      target: parseGrpcTarget(`127.0.0.1:${port}`) as GrpcTarget,
      compression: 'none',
      waitForReady: true,
      userAgent: 'bench',
      network: systemNetwork,
      clock: systemClock,
      random: Math.random,
    }),
)

let accepted = 0

async function send(requests: number): Promise<void> {
  let left = requests
  const worker = async (client: GrpcClient) => {
    while (left-- > 0) {
      const { code } = await client.call(
        '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        [message],
        { timeoutMs: 30_000 },
      )
      if (code !== 0) throw new Error(`refused with ${code}`)
      accepted += SPANS
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, n) => worker(clients[n % connections]!)))
}

function fail(error: unknown): never {
  throw error
}

process.on('message', (command: 'count' | { requests: number }) => {
  if (command === 'count') process.send?.(accepted)
  else send(command.requests).then(() => process.send?.(accepted), fail)
})
process.send?.('ready')
