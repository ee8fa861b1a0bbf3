import {
  GRPC_SERVER_DEFAULTS,
  type GrpcMethod,
  type GrpcRequest,
  grpcOffer,
  Listener,
  ServerTls,
} from '#net'
import { SIGNALS } from '#pdata'
import type { World } from '../contract/world.js'
import { FakeClock } from './fake-clock.js'
import type { Certificate } from './http-certificates.js'
import { GRPC_PATHS } from './otlp-names.js'

/** Over there time stands still. */
const clock = new FakeClock()

/**
 * An OTLP server on "tempo:4317", over TLS with a certificate. What comes in is kept; then `answer`
 * says what becomes of it.
 */
export async function grpcBackendIn({ network, fake }: World, certificate?: Certificate) {
  const requests: GrpcRequest[] = []
  const messages: Buffer[] = []
  const take: GrpcMethod = (request) => {
    requests.push(request)
    // The server lets go of the message when it has answered.
    messages.push(Buffer.from(request.message))
    return backend.answer(request)
  }
  const methods = new Map(SIGNALS.map((signal) => [GRPC_PATHS[signal], take]))
  const tls = certificate && (await loadTls(certificate))
  const surroundings = { network, clock, random: () => 0.5 }
  const listener = await Listener.open(surroundings, { host: 'tempo', port: 4317 })
  listener.serve(grpcOffer({ ...GRPC_SERVER_DEFAULTS, methods, tls, onBug }))
  const backend = {
    requests,
    messages,
    answer: async (_: GrpcRequest): Promise<Uint8Array> => Buffer.alloc(0),
    close: () => listener.close(AbortSignal.abort()),
  }
  return backend

  async function loadTls({ cert: cert_pem, key }: Certificate): Promise<ServerTls> {
    const { files, log, contents } = fake
    contents.set('/backend.key', key)
    return ServerTls.load({ cert_pem, key_file: '/backend.key' }, { files, clock, log })
  }
}

function onBug(error: unknown): void {
  throw error
}
