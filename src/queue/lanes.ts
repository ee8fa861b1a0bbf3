import { dealBatch, joinBatches, splitBatch } from '#pdata'
import type { Group } from './delayed.js'
import type { LaneLimits } from './queue.js'
import type { Stored } from './store.js'

/** A group and those that follow it in its lane. */
export function chainOf(group: Group): readonly Group[] {
  const chain: Group[] = []
  for (let one: Group | undefined = group; one; one = one.next) chain.push(one)
  return chain
}

/** One behind the other, and `next` behind the last. */
export function chained(groups: readonly Group[], next?: Group): Group {
  return groups.reduceRight<Group | undefined>(
    (after, group) => (after ? { ...group, next: after } : group),
    next,
  )!
}

/** Dealing reads all labels: so few requests go one after the other, and more wait meanwhile. */
const CHAIN_MAX = 8

/**
 * Divides what leaves next into lanes, as many as it needs: all data of one series is in one, in
 * order, so lanes may be delivered side by side. Each is a chain of deliveries. The pieces are in
 * memory alone; what they are of stays stored until all have left.
 */
export function lanesOf(
  entries: readonly Stored[],
  { lanesMax, itemsMax }: LaneLimits,
): readonly Group[] {
  const [first] = entries
  const { attempts } = first!
  const items = itemsOf(entries)
  if (items <= itemsMax) return [{ entries, attempts }]
  const batch = joinBatches(entries.map((one) => one.batch))
  const lanes = items <= itemsMax * CHAIN_MAX ? 1 : Math.min(lanesMax, Math.ceil(items / itemsMax))
  const whole = { stored: entries, pieces: 0, isLent: false }
  const cameAt = Math.min(...entries.map((one) => one.cameAt))
  const dealt = lanes === 1 ? [batch] : dealBatch(batch, lanes)
  return dealt.map((lane) => {
    const pieces = splitBatch(lane, itemsMax)
    whole.pieces += pieces.length
    return chained(
      pieces.map((piece) => {
        const stored = { ...first!, batch: piece, bytes: piece.bytes, cameAt, whole }
        return { entries: [stored], attempts }
      }),
    )
  })
}

export function itemsOf(entries: readonly Stored[]): number {
  return entries.reduce((sum, { batch }) => sum + batch.items, 0)
}
