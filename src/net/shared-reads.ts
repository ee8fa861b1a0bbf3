import { Socket, type SocketConstructorOpts } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'

/** What one read takes at most. */
const READ_BYTES = 256 * 1024

let shared: Buffer | undefined

/**
 * The same connection, which reads into memory that all of them share: the bytes of a `data` event
 * are gone when its listeners return. A socket allocates 64 KiB for each read, and to collect that
 * garbage takes a relay a fifth of its CPU (bench/relay).
 *
 * Node offers this to connections that it makes, not to those that it accepts; so the handle moves
 * to a socket that is made for it. What is no plain socket, or has read already, stays as it is.
 */
export function shareReads(connection: Duplex): Duplex {
  const handle = handleOf(connection)
  if (!handle) return connection
  shared ??= Buffer.allocUnsafeSlow(READ_BYTES)
  const onread = {
    buffer: shared,
    callback: (count: number, bytes: Buffer) => {
      reader.emit('data', bytes.subarray(0, count))
      return true
    },
  }
  const { allowHalfOpen } = connection
  Object.assign(connection, { _handle: null })
  const reader = new Socket({ handle, allowHalfOpen, onread } as SocketConstructorOpts)
  reader.once('close', () => connection.destroy())
  connection.once('close', () => reader.destroy())
  return reader
}

function handleOf(connection: Duplex): object | null | undefined {
  const isPlain = connection instanceof Socket && !(connection instanceof TLSSocket)
  if (!isPlain || connection.bytesRead > 0) return undefined
  return (connection as { _handle?: object | null })._handle
}
