import { endOfValue, endOfVarint, Writer } from '#wire'
import { Batch } from './batch.js'
import { countItems } from './count.js'

/** Field 1 of a request: a series, a stream, or what one resource has; and of those, who it is. */
const TAG = (1 << 3) | 2

/**
 * Deals series, streams or resources to so many batches by what they are, in order: all of one
 * series in one batch, in batches of one number always in the same. Empty ones are left out.
 */
export function dealBatch(batch: Batch, ways: number): readonly Batch[] {
  const writers = Array.from({ length: ways }, () => new Writer(batch.bytes / ways))
  for (const bytes of batch.chunks) {
    for (let pos = 0; pos < bytes.length; ) {
      const start = pos
      const value = endOfVarint(bytes, start)
      pos = endOfValue(bytes, value, bytes[start]! & 7)
      // What belongs to no series, such as metadata, may go anywhere.
      const way = bytes[start] === TAG ? hashOf(bytes, endOfVarint(bytes, value), pos) % ways : 0
      writers[way]!.raw(bytes, start, pos)
    }
  }
  const dealt = writers.map((writer) => writer.written()).filter(({ length }) => length > 0)
  return dealt.map((bytes) => {
    const { signal, client, gathering } = batch
    const items = countItems(signal, bytes)
    return new Batch(signal, [bytes], items, bytes.length, client, gathering)
  })
}

/** FNV-1a over the leading fields of number 1: labels, or the resource. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let pos = start; pos < end && bytes[pos] === TAG; ) {
    const next = endOfValue(bytes, pos + 1, 2)
    for (; pos < next; pos++) hash = Math.imul(hash ^ bytes[pos]!, 0x01000193)
  }
  // The low bits of FNV are weak.
  return (hash ^ (hash >>> 16)) >>> 0
}
