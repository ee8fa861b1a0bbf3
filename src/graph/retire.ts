import { setMaxListeners } from 'node:events'
import type { Program } from '#config'
import { SIGNALS } from '#pdata'
import type { Clock } from '#sdk'
import type { Instance } from './instance.js'

/** What became of instances that were stopped. */
export interface DrainReport {
  readonly instances: number
  readonly drainMs: number
  /** Items that could not be delivered in time, each counted in its component's ledger. */
  readonly droppedItems: number
  /** Ids of components that are gone and whose ledger does not balance: a bug. */
  readonly unbalanced: readonly string[]
}

/**
 * Stops instances, each after those that send to it have stopped, within `drainMs` in all.
 * `program` is the one they belong to.
 */
export async function retire(
  instances: readonly Instance[],
  program: Program,
  clock: Clock,
  drainMs: number,
): Promise<Omit<DrainReport, 'unbalanced'>> {
  if (instances.length === 0) return { instances: 0, drainMs: 0, droppedItems: 0 }
  const startedAt = clock.monotonic()
  const before = dropped(instances)
  const deadline = new AbortController()
  // As many as there are instances.
  setMaxListeners(0, deadline.signal)
  const timer = clock.timer(drainMs, () => deadline.abort())
  const byId = new Map(instances.map((instance) => [instance.id, instance]))
  const stopped = new Map<string, Promise<void>>()
  for (const { id } of program.nodes.toReversed()) {
    const instance = byId.get(id)
    if (!instance) continue
    const senders = program.nodes.filter((node) => node.dependsOn.includes(id))
    const first = Promise.all(senders.flatMap((node) => stopped.get(node.id) ?? []))
    stopped.set(
      id,
      first.then(() => instance.stop(deadline.signal)),
    )
  }
  await Promise.all(stopped.values())
  timer.cancel()
  return {
    instances: instances.length,
    drainMs: clock.monotonic() - startedAt,
    droppedItems: dropped(instances) - before,
  }
}

function dropped(instances: readonly Instance[]): number {
  let items = 0
  for (const { ledger } of instances) {
    for (const signal of SIGNALS) {
      for (const count of ledger.counts(signal).dropped.values()) items += count
    }
  }
  return items
}
