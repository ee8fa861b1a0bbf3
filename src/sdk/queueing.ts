/** Queues that somebody may look into and put right. */
import type { Batch, Signal } from '#pdata'

/** How much there is of something. */
export interface Totals {
  readonly requests: number
  readonly items: number
  readonly bytes: number
}

/** Why a batch lies among the dead letters. */
export interface Verdict {
  /** What the destination said. */
  readonly reason: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /**
   * How many it refused; it took the others, and sending the batch again would double them.
   */
  readonly partly?: number
}

/** What waits to be delivered, or what was refused for good. */
export type QueuePart = 'queue' | 'dead'

/** Which of a component's queues. */
export interface QueueName {
  readonly signal: Signal
  /** Of a component with several destinations, the one it is for. */
  readonly endpoint?: string | undefined
}

/** As people write it: `COMPONENT/SIGNAL` or `COMPONENT/ENDPOINT/SIGNAL`. */
export function queueText(queue: QueueName & { readonly component: string }): string {
  const { component, endpoint, signal } = queue
  return endpoint === undefined ? `${component}/${signal}` : `${component}/${endpoint}/${signal}`
}

/** What a queue holds, wherever it is. */
export interface QueueContent extends QueueName {
  readonly held: Totals
  /** Of the disk or the memory; more than is held, as space comes back in larger pieces. */
  readonly storedBytes: number
  /** Since the oldest came; 0 when there is none. */
  readonly oldestMs: number
  readonly deadLetters: Totals
  /** Records that could not be read and were set aside. */
  readonly quarantined: number
}

/** A queue of a running component. */
export interface QueueReport extends QueueContent {
  /** Its files lie in `queue/SIGNAL` and `dead/SIGNAL` of it. Undefined in memory. */
  readonly folder: string | undefined
  /** Undefined where nothing limits that. */
  readonly capacity: {
    readonly requests: number | undefined
    readonly items: number | undefined
    readonly bytes: number | undefined
    readonly storedBytes: number | undefined
  }
  /** Deliveries that had to be tried again. */
  readonly retried: number
  /** Items a second, over the last seconds. */
  readonly inPerSecond: number
  readonly outPerSecond: number
  /** Deliveries of the component that may be under way at once now. */
  readonly concurrency: number
  /** How long the sender that has waited longest for room has; 0 when none waits. */
  readonly blockedForMs: number
  /** Items that found no room. */
  readonly refused: number
}

/** One batch in a queue. */
export interface Queued {
  /** Milliseconds since the epoch. */
  readonly cameAt: number
  readonly attempts: number
  readonly items: number
  readonly bytes: number
  readonly verdict: Verdict | undefined
  /** As JSON; a signal of OTLP as OTLP/JSON. */
  toJson(): string
}

/** What became of batches that were to be moved. */
export interface Moved {
  readonly moved: Totals
  /** Dead letters of which the destination took a part; they stay unless told otherwise. */
  readonly partly: Totals
  /** The others found no room and stay where they are. */
  readonly isFull: boolean
}

/**
 * Optional: a component whose data waits in queues. All reject with `Permanent` for what it has
 * none of, and with `Retryable` when the disk fails; nothing is lost then.
 */
export interface Queueing {
  queues(): Promise<readonly QueueReport[]>
  /** The oldest, at most `count`; they stay. */
  peek(queue: QueueName, part: QueuePart, count: number): Promise<readonly Queued[]>
  /** Dead letters go back into the queue, each durable there before it leaves the others. */
  requeue(queue: QueueName, options: { readonly force: boolean }): Promise<Moved>
  /**
   * Takes over what another component left behind, for its queue or with a verdict for its dead
   * letters. Resolves with true once it is durable, with false when there is no room.
   */
  adopt(batch: Batch, verdict: Verdict | undefined, endpoint?: string): Promise<boolean>
  /** Deletes what waits and is not under way, or the dead letters; counted in the ledger. */
  drop(queue: QueueName, part: QueuePart): Promise<Totals>
}
