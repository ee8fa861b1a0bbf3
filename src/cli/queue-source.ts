import type { QueuePart } from '#sdk'
import type { MovedView, QueuedView, QueueView, TotalsView } from '#web'

/** Where queues are: in a running agent, or in the files of a stopped one. */
export interface QueueSource {
  list(): Promise<readonly QueueView[]>
  peek(queue: QueueView, part: QueuePart, options: PeekOptions): Promise<readonly QueuedView[]>
  requeue(queue: QueueView, options: RequeueOptions): Promise<MovedView>
  drop(queue: QueueView, part: QueuePart): Promise<TotalsView>
}

export interface PeekOptions {
  readonly count: number
  readonly withContent: boolean
}

export interface RequeueOptions {
  readonly force: boolean
  /** Another component, which takes all of it. */
  readonly to: string | undefined
}
