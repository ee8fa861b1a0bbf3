import type { Totals } from '#sdk'
import type { Stored } from './store.js'

/** Totals that are being counted. */
export interface Sum {
  requests: number
  items: number
  bytes: number
}

export const NOTHING: Totals = { requests: 0, items: 0, bytes: 0 }

/** To count from. */
export function none(): Sum {
  return { ...NOTHING }
}

export function add(sum: Sum, requests: number, items: number, bytes: number): void {
  sum.requests += requests
  sum.items += items
  sum.bytes += bytes
}

/** The pieces are what was whole before: as many requests as there are pieces. */
export function exchange(sum: Sum, whole: readonly Stored[], pieces: readonly Stored[]): void {
  for (const { batch, bytes } of whole) add(sum, -1, -batch.items, -bytes)
  for (const { batch, bytes } of pieces) add(sum, 1, batch.items, bytes)
}
