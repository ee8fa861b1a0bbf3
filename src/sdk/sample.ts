import { Batch, type Signal, splitBatchBytes } from '#pdata'

/** A copy of a batch, or of its head, for people to look at. */
export interface Sample {
  readonly signal: Signal
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Of the whole batch. */
  readonly items: number
  readonly bytes: number
  /** Whole requests, as in a batch; fewer than it had where it was large. */
  readonly chunks: readonly Uint8Array[]
}

/** A larger chunk is not cut: that would hold up the data. */
const CUT_MAX = 512 * 1024

/** Copies as much of a batch as fits into `bytesMax`; nothing of one that begins with a giant. */
export function sampleOf(batch: Batch, at: number, bytesMax: number): Sample {
  const { signal, items, bytes } = batch
  const chunks: Uint8Array[] = []
  let left = bytesMax
  for (const chunk of batch.chunks) {
    if (chunk.length > left) break
    chunks.push(Uint8Array.from(chunk))
    left -= chunk.length
  }
  const first = batch.chunks[0]
  if (chunks.length === 0 && first && first.length <= CUT_MAX) {
    const head = splitBatchBytes(new Batch(signal, [first], items, first.length), bytesMax)[0]
    for (const chunk of head?.chunks ?? []) {
      if (chunk.length > left) break
      chunks.push(Uint8Array.from(chunk))
      left -= chunk.length
    }
  }
  return { signal, at, items, bytes, chunks }
}
