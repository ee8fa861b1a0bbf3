import type { Signal } from '#pdata'
import {
  type Log,
  type Moved,
  type QueueContent,
  type Queued,
  type QueuePart,
  queueText,
  type Totals,
} from '#sdk'
import { findQueues, measureFiles, peekFiles, type QueueFiles } from './queue-files.js'
import { type Adopt, dropFiles, moveFiles, type QueueWorld } from './stopped-queue.js'

export interface LeftQueuesOptions extends QueueWorld {
  readonly log: Log
  /** Folders that components keep files in now. */
  readonly roots: () => readonly string[]
  /** Queues that components run now. */
  readonly running: () => Promise<
    readonly { readonly folder: string | undefined; readonly signal: Signal }[]
  >
}

/** A queue on disk that no component runs: it was removed or renamed, or queues elsewhere now. */
export interface LeftQueue extends QueueContent {
  readonly component: string
  /** Of the component that there was. */
  readonly folder: string
  peek(part: QueuePart, count: number): Promise<readonly Queued[]>
  drop(part: QueuePart): Promise<Totals>
  /** All of it, dead letters too; `adopt` is that of the component that takes it. */
  moveTo(adopt: Adopt): Promise<Moved>
}

/** What was left behind while the agent runs. It is kept until somebody says what to do with it. */
export class LeftQueues {
  readonly #options: LeftQueuesOptions
  /** Folders stay known when what gave them is gone. */
  readonly #roots = new Set<string>()
  #warnedOf: ReadonlySet<string> = new Set()

  constructor(options: LeftQueuesOptions) {
    this.#options = options
  }

  /** Those that hold anything. */
  async list(): Promise<readonly LeftQueue[]> {
    const { disk, clock, roots, running } = this.#options
    for (const root of roots()) this.#roots.add(root)
    const own = new Set((await running()).map(keyOf))
    const left = new Map<string, LeftQueue>()
    for (const root of this.#roots) {
      for (const files of await findQueues(disk, root)) {
        if (own.has(keyOf(files)) || left.has(keyOf(files))) continue
        const content = await measureFiles(disk, clock, files)
        const { held, deadLetters, quarantined } = content
        if (held.requests + deadLetters.requests + quarantined === 0) continue
        left.set(keyOf(files), { ...content, ...this.#withPowers(files) })
      }
    }
    return [...left.values()]
  }

  /** Says once of each that it is there and what can be done. */
  async warn(): Promise<void> {
    const left = await this.list()
    for (const one of left) {
      if (this.#warnedOf.has(keyOf(one))) continue
      const name = queueText(one)
      this.#options.log.warn('a queue on disk belongs to no component; it is kept', {
        queue: name,
        items: one.held.items,
        deadLetters: one.deadLetters.items,
        path: one.folder,
        help: `weir queue requeue ${name} --to COMPONENT, or weir queue drop ${name}`,
      })
    }
    this.#warnedOf = new Set(left.map(keyOf))
  }

  #withPowers(files: QueueFiles) {
    const { disk } = this.#options
    return {
      ...files,
      peek: (part: QueuePart, count: number) => peekFiles(disk, files, part, count),
      drop: (part: QueuePart) => dropFiles(this.#options, files, part),
      moveTo: (adopt: Adopt) => moveFiles(this.#options, files, adopt),
    }
  }
}

function keyOf(queue: { readonly folder: string | undefined; readonly signal: Signal }): string {
  return `${queue.folder} ${queue.signal}`
}
