/** What the API says of queues, as plain JSON; the command line says the same of files. */
import type { Instance } from '#graph'
import type { Moved, QueueContent, Queued, QueueReport, Totals } from '#sdk'

export type QueueState = 'running' | 'orphaned' | 'stopped'

export type QueueView = ReturnType<typeof queueView>
export type QueuedView = ReturnType<typeof queuedView>
export type MovedView = ReturnType<typeof movedView>
export type TotalsView = ReturnType<typeof totalsView>

/** The queues of one component, for the API. */
export async function queuesOf({ id, queueing }: Instance) {
  const reports = (await queueing?.queues()) ?? []
  return reports.map((report) => queueView(id, 'running', report))
}

/** A queue of a component, or one that was left behind; only a running one has figures. */
export function queueView(
  component: string,
  state: QueueState,
  queue: QueueContent & Partial<QueueReport>,
) {
  const { signal, endpoint, held, deadLetters, capacity, folder } = queue
  return {
    component,
    endpoint,
    signal,
    state,
    durability: folder === undefined ? ('memory' as const) : ('disk' as const),
    folder,
    ...totalsView(held),
    storedBytes: queue.storedBytes,
    capacity: capacity && {
      batches: capacity.requests,
      items: capacity.items,
      bytes: capacity.bytes,
      storedBytes: capacity.storedBytes,
    },
    oldestMs: Math.round(queue.oldestMs),
    deadLetters: totalsView(deadLetters),
    quarantined: queue.quarantined,
    figures: figuresOf(queue),
  }
}

function figuresOf(queue: Partial<QueueReport>) {
  if (queue.concurrency === undefined) return undefined
  return {
    retried: queue.retried,
    inPerSecond: queue.inPerSecond,
    outPerSecond: queue.outPerSecond,
    concurrency: queue.concurrency,
    blockedForMs: Math.round(queue.blockedForMs ?? 0),
    refused: queue.refused,
  }
}

export function totalsView({ requests, items, bytes }: Totals) {
  return { batches: requests, items, bytes }
}

export function queuedView(queued: Queued, withContent: boolean) {
  const { cameAt, attempts, items, bytes, verdict } = queued
  return {
    came: new Date(cameAt).toISOString(),
    attempts,
    items,
    bytes,
    reason: verdict?.reason,
    refused: verdict && new Date(verdict.at).toISOString(),
    partly: verdict?.partly,
    content: withContent ? (JSON.parse(queued.toJson()) as unknown) : undefined,
  }
}

export function movedView({ moved, partly, isFull }: Moved) {
  return { moved: totalsView(moved), partly: totalsView(partly), isFull }
}
