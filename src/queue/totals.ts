import type { Totals } from '#sdk'

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
