import { tooLarge } from './grpc-frames.js'
import { Code, StatusError } from './status.js'

/** A body that is not what its encoding says, or is cut off. */
export function corrupt(encoding: string, reason: string, cause?: unknown): StatusError {
  return new StatusError(Code.INVALID_ARGUMENT, `${encoding}: ${reason}`, { cause })
}

/** More than `limit` bytes would come out. */
export function expandsTooFar(limit: number): StatusError {
  return tooLarge('decompressed body', undefined, limit)
}

/** zlib takes no limit of 0. */
export function within(limit: number, bytes: Uint8Array): Uint8Array {
  if (bytes.length > limit) throw expandsTooFar(limit)
  return bytes
}
