/** A process that takes OTLP over gRPC and counts the spans. Started by processes.ts. */
import { GRPC_SERVER_DEFAULTS, grpcOffer, Listener, systemNetwork } from '#net'
import { receiveBatch } from '#pdata'
import { systemClock } from '#sdk'

let spans = 0
const listener = await Listener.open(
  { network: systemNetwork, clock: systemClock, random: Math.random },
  { host: '127.0.0.1', port: Number(process.argv[2]) },
)
listener.serve(
  grpcOffer({
    ...GRPC_SERVER_DEFAULTS,
    messageBytesMax: 64 * 1024 * 1024,
    methods: new Map([
      [
        '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        ({ message }) => {
          spans += receiveBatch('traces', message).items
          return Promise.resolve(new Uint8Array())
        },
      ],
    ]),
    onBug: (error) => {
      throw error
    },
  }),
)
process.on('message', () => process.send?.(spans))
process.send?.('ready')
