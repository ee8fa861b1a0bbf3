import { normalize, REQUEST, type Signal, scanRequest } from '#wire'
import { Batch, type ClientInfo } from './batch.js'

/**
 * Checks what came from outside and counts it. Keeps `bytes`: they must not change afterwards.
 * Throws `MalformedData`, and then nothing was taken. No bytes are a valid, empty request.
 */
export function receiveBatch<S extends Signal>(
  signal: S,
  bytes: Uint8Array,
  client?: ClientInfo,
): Batch<S> {
  const scanned = scanRequest(signal, bytes)
  if (scanned.regular) return batchOf(signal, bytes, scanned.items, client)
  const normal = normalize(REQUEST[signal], bytes)
  return batchOf(signal, normal, scanRequest(signal, normal).items, client)
}

function batchOf<S extends Signal>(
  signal: S,
  bytes: Uint8Array,
  items: number,
  client?: ClientInfo,
): Batch<S> {
  return new Batch(signal, bytes.length === 0 ? [] : [bytes], items, bytes.length, client)
}

/**
 * One batch with the data of all, in order. Copies nothing. There must be at least one, and all of
 * one signal. Where their clients differ the result has none: nobody's data goes out under
 * another's name.
 */
export function joinBatches<S extends Signal>(batches: readonly Batch<S>[]): Batch<S> {
  const [first, ...others] = batches
  if (!first) throw new Error('bug: no batches to join')
  if (others.length === 0) return first
  let items = 0
  let bytes = 0
  const chunks: Uint8Array[] = []
  for (const batch of batches) {
    if (batch.signal !== first.signal) {
      throw new Error(`bug: ${batch.signal} joined to ${first.signal}`)
    }
    items += batch.items
    bytes += batch.bytes
    for (const chunk of batch.chunks) chunks.push(chunk)
  }
  const client = others.every((batch) => batch.client === first.client) ? first.client : undefined
  const trace = batches.find((batch) => batch.trace)?.trace
  return new Batch(first.signal, chunks, items, bytes, client, undefined, trace)
}
