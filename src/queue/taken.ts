/** Entries of a queue that were taken out; of pieces in memory the whole stays stored. */
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
  if (!whole) store.done(entry)
  else if (--whole.pieces === 0) {
    for (const one of whole.stored) {
      store.done(one)
      if (!whole.isLent) recycle(one.batch)
    }
  }
}

/** When the first of them came, or at `earlier`; undefined without any. */
export function firstOf(
  entries: readonly Stored[],
  earlier: number | undefined,
): number | undefined {
  let first = earlier
  for (const { cameAt } of entries) if (first === undefined || cameAt < first) first = cameAt
  return first
}
