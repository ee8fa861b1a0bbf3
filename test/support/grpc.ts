import { connect } from 'node:http2'
import * as grpc from '@grpc/grpc-js'
import {
  GRPC_CLIENT_DEFAULTS,
  GRPC_SERVER_DEFAULTS,
  GrpcClient,
  type GrpcClientOptions,
  type GrpcServerOptions,
  type GrpcTarget,
  grpcOffer,
  Listener,
  parseGrpcTarget,
  type Served,
  type Surroundings,
  systemNetwork,
} from '#net'
import { systemClock } from '#sdk'

export const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'

/** Real sockets and real time, in a world without chance. */
export const loopback = { network: systemNetwork, clock: systemClock, random: () => 0.5 }

export interface RunningServer {
  readonly listener: Listener
  readonly served: Served
  readonly port: number
}

/** Of servers: the hints they give are not stretched. */
export const NO_CHANCE = { random: () => 0 }

/** A gRPC server of ours on loopback, on a free port unless one is given. */
export async function startGrpcServer(
  options: Partial<GrpcServerOptions>,
  surroundings: Surroundings = loopback,
  at = 0,
): Promise<RunningServer> {
  const around = { ...surroundings, ...NO_CHANCE }
  const listener = await Listener.open(around, { host: '127.0.0.1', port: at })
  const served = listener.serve(grpcOffer(grpcServerOptions(options)))
  return { listener, served, port: (listener.address as { port: number }).port }
}

/** Echoes messages on the path of traces, unless told otherwise. */
export function grpcServerOptions(options: Partial<GrpcServerOptions> = {}): GrpcServerOptions {
  return {
    ...GRPC_SERVER_DEFAULTS,
    methods: new Map([[TRACES, async ({ message }) => Buffer.from(message)]]),
    onBug: (error) => {
      throw error
    },
    ...options,
  }
}

export function grpcClient(
  to: number | string,
  options: Partial<GrpcClientOptions> = {},
): GrpcClient {
  return new GrpcClient({
    ...GRPC_CLIENT_DEFAULTS,
    compression: 'none',
    target: parseGrpcTarget(typeof to === 'number' ? `127.0.0.1:${to}` : to) as GrpcTarget,
    userAgent: 'weir-test',
    ...loopback,
    ...options,
  })
}

const asBytes = (message: Buffer) => message

export interface GrpcJsAnswer {
  readonly code: number
  readonly message: string
  readonly response: Buffer | undefined
  readonly metadata: grpc.Metadata | undefined
}

/** A call by @grpc/grpc-js, with raw bytes. */
export function grpcJsCall(
  client: grpc.Client,
  path: string,
  message: Buffer,
  {
    headers = {},
    timeoutMs = 10_000,
  }: { headers?: Record<string, string>; timeoutMs?: number } = {},
): Promise<GrpcJsAnswer> {
  const metadata = new grpc.Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  const deadline = new Date(systemClock.now() + timeoutMs)
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      path,
      asBytes,
      asBytes,
      message,
      metadata,
      { deadline },
      (error, response) => {
        resolve({
          code: error?.code ?? 0,
          message: error?.details ?? '',
          response,
          metadata: error?.metadata,
        })
      },
    )
  })
}

export function grpcJsClient(port: number, options: grpc.ClientOptions = {}): grpc.Client {
  return new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), options)
}

/** A server by @grpc/grpc-js with one unary method, on raw bytes. */
export async function startGrpcJsServer(
  handle: grpc.handleUnaryCall<Buffer, Buffer>,
  options: grpc.ServerOptions = {},
): Promise<{ readonly server: grpc.Server; readonly port: number }> {
  const server = new grpc.Server(options)
  const method = {
    path: TRACES,
    requestStream: false,
    responseStream: false,
    requestSerialize: asBytes,
    requestDeserialize: asBytes,
    responseSerialize: asBytes,
    responseDeserialize: asBytes,
  }
  server.addService({ export: method }, { export: handle })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error)
      else resolve(bound)
    })
  })
  return { server, port }
}

export interface RawGrpcAnswer {
  /** Response headers and trailers together. */
  readonly headers: Record<string, unknown>
  readonly body: Buffer
  /** Of RST_STREAM; 0 without one. */
  readonly rstCode: number
}

/** A call with headers and DATA exactly as given; `:path` is that of traces unless given. */
export function rawGrpcCall(
  port: number,
  headers: Record<string, string>,
  chunks: readonly Uint8Array[],
): Promise<RawGrpcAnswer> {
  const session = connect(`http://127.0.0.1:${port}`)
  session.on('error', () => {})
  return new Promise((resolve) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': TRACES,
      'content-type': 'application/grpc',
      ...headers,
    })
    const got: Record<string, unknown> = {}
    const body: Buffer[] = []
    stream.on('response', (head) => Object.assign(got, head))
    stream.on('trailers', (trailers) => Object.assign(got, trailers))
    stream.on('data', (chunk: Buffer) => body.push(chunk))
    stream.on('error', () => {})
    stream.once('close', () => {
      session.close()
      resolve({ headers: got, body: Buffer.concat(body), rstCode: stream.rstCode })
    })
    for (const chunk of chunks) stream.write(chunk)
    stream.end()
  })
}

/** A message with its prefix. */
export function grpcMessage(bytes: Uint8Array, flag = 0): Buffer {
  const prefix = Buffer.alloc(5, flag)
  prefix.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([prefix, bytes])
}
