/** Totals that are being counted. */
export interface Sum {
  requests: number
  items: number
  bytes: number
}

export function add(sum: Sum, requests: number, items: number, bytes: number): void {
  sum.requests += requests
  sum.items += items
  sum.bytes += bytes
}
