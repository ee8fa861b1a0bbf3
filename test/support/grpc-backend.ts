import { GRPC_SERVER_DEFAULTS, type GrpcMethod, type GrpcRequest, grpcOffer, Listener } from '#net'
import { OTLP_SIGNALS } from '#pdata'
import type { World } from '../contract/world.js'
import { backendClock, backendTls, onBackendBug } from './backend.js'
import type { Certificate } from './http-certificates.js'
import { GRPC_PATHS } from './otlp-names.js'

/**
 * An OTLP server on "tempo:4317", over TLS with a certificate. What comes in is kept; then `answer`
 * says what becomes of it.
 */
export async function grpcBackendIn(world: World, certificate?: Certificate) {
  const requests: GrpcRequest[] = []
  const messages: Buffer[] = []
  const take: GrpcMethod = (request) => {
    requests.push(request)
    // The server lets go of the message when it has answered.
    messages.push(Buffer.from(request.message))
    return backend.answer(request)
  }
  const methods = new Map(OTLP_SIGNALS.map((signal) => [GRPC_PATHS[signal], take]))
  const tls = certificate && (await backendTls(world, certificate))
  const surroundings = { network: world.network, clock: backendClock, random: () => 0 }
  const listener = await Listener.open(surroundings, { host: 'tempo', port: 4317 })
  listener.serve(grpcOffer({ ...GRPC_SERVER_DEFAULTS, methods, tls, onBug: onBackendBug }))
  const backend = {
    requests,
    messages,
    answer: async (_: GrpcRequest): Promise<Uint8Array> => Buffer.alloc(0),
    close: () => listener.close(AbortSignal.abort()),
  }
  return backend
}
