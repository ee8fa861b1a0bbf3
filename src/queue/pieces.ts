/** Batches that were divided in memory: their whole stays stored until all pieces have left. */
import { KeptBatch, recycle } from './kept-batch.js'
import type { Store, Stored } from './store.js'

/** What failed may still be on its way out somewhere. */
export function lend(entries: readonly Stored[]): void {
  for (const { batch, whole } of entries) {
    if (batch instanceof KeptBatch) batch.lend()
    if (whole) whole.isLent = true
  }
}

/** It is stored no longer; a piece, with the last of its whole. */
export function leave(entry: Stored, store: Store): void {
  const { whole } = entry
  if (!whole) return store.done(entry)
  whole.pieces--
  if (whole.pieces > 0) return
  for (const one of whole.stored) {
    store.done(one)
    if (!whole.isLent) recycle(one.batch)
  }
}
