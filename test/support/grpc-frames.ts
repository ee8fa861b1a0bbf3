/** A gRPC server of ours and raw clients of it, which end with the test that starts them. */
import { expect, onTestFinished } from 'vitest'
import type { GrpcServerOptions, Surroundings } from '#net'
import { grpcMessage, loopback, type RunningServer, startGrpcServer, TRACES } from './grpc.js'
import { FLAG, FRAME, FrameClient, frame, grpcHeaders, headerBlock } from './http2-frames.js'

/** How `expect.poll` waits for what comes over a socket. */
export const eventually = { interval: 5, timeout: 5000 }

/** See `startGrpcServer`. */
export async function serveGrpc(
  options: Partial<GrpcServerOptions> = {},
  surroundings: Partial<Surroundings> = {},
): Promise<RunningServer> {
  const server = await startGrpcServer(options, { ...loopback, ...surroundings })
  onTestFinished(() => server.listener.close(AbortSignal.abort()))
  return server
}

/** One that has said nothing yet. */
export function frameClient({ port }: RunningServer): FrameClient {
  const client = new FrameClient(port)
  onTestFinished(() => void client.socket.destroy())
  return client
}

/** HEADERS of a call, with `more` of them. */
export function callHeaders(stream: number, more: Record<string, string> = {}, flags = 0): Buffer {
  const block = headerBlock({ ...grpcHeaders(TRACES), ...more })
  return frame(FRAME.headers, FLAG.endHeaders | flags, stream, block)
}

/** DATA, the last of its stream unless flags say otherwise. */
export function callData(stream: number, bytes: Buffer, flags: number = FLAG.endStream): Buffer {
  return frame(FRAME.data, flags, stream, bytes)
}

/** All that a client sends for one call. */
export function wholeCall(stream: number, more: Record<string, string> = {}): Buffer {
  return Buffer.concat([callHeaders(stream, more), callData(stream, grpcMessage(Buffer.from('x')))])
}

/** One call, up to its answer. */
export async function callOn(
  client: FrameClient,
  more: Record<string, string> = {},
): Promise<void> {
  const id = client.newStream()
  client.send(wholeCall(id, more))
  await expect.poll(() => client.of(FRAME.headers, id).length, eventually).toBe(2)
}
