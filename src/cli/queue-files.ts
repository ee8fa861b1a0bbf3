import { resolve } from 'node:path'
import {
  checkFiles,
  dropFiles,
  endpointFolder,
  findQueues,
  measureFiles,
  moveFiles,
  peekFiles,
  type QueueFiles,
  type QueueWorld,
  requeueFiles,
  withStopped,
} from '#queue'
import { folderOfId, lockHolder, type QueuePart, splitId } from '#sdk'
import {
  type MovedView,
  movedView,
  type QueuedView,
  type QueueView,
  queuedView,
  queueView,
  type TotalsView,
  totalsView,
} from '#web'
import type { PeekOptions, QueueSource, RequeueOptions } from './queue-source.js'
import { Refusal } from './refusal.js'

/** The queues of an agent that does not run: its files, each folder locked while it is changed. */
export class StoppedQueues implements QueueSource {
  readonly #world: QueueWorld
  readonly root: string

  constructor(world: QueueWorld, storagePath: string) {
    this.#world = world
    this.root = resolve(storagePath)
  }

  async list(): Promise<readonly QueueView[]> {
    const { disk, clock } = this.#world
    const views: QueueView[] = []
    for (const files of await findQueues(disk, this.root)) {
      const content = { ...(await measureFiles(disk, clock, files)), folder: files.folder }
      views.push(queueView(files.component, 'stopped', content))
    }
    return views
  }

  /** The process that runs any of the queues. */
  async holder(): Promise<string | undefined> {
    for (const files of await findQueues(this.#world.disk, this.root)) {
      const pid = await holderOf(files)
      if (pid !== undefined) return pid
    }
    return undefined
  }

  /** Reads all records; see `checkFiles`. */
  async check(queue: QueueView) {
    const files = filesOf(queue)
    const isLive = (await holderOf(files)) !== undefined
    return { isLive, segments: await checkFiles(this.#world.disk, files) }
  }

  async peek(
    queue: QueueView,
    part: QueuePart,
    { count, withContent }: PeekOptions,
  ): Promise<readonly QueuedView[]> {
    const found = await peekFiles(this.#world.disk, filesOf(queue), part, count)
    return found.map((one) => queuedView(one, withContent))
  }

  async requeue(queue: QueueView, { force, to }: RequeueOptions): Promise<MovedView> {
    const files = filesOf(queue)
    if (to === undefined) return movedView(await requeueFiles(this.#world, files, force))
    const named = splitId(to)
    if (!named) {
      throw new Refusal(`"${to}" is no component`, 'write one such as otelcol.exporter.otlp.tempo')
    }
    const { id: component, rest: endpoint } = named
    const own = `${this.root}/${folderOfId(component)}`
    const folder = endpoint === undefined ? own : endpointFolder(own, endpoint)
    if (folder === files.folder) throw new Refusal(`${to} has that queue already`)
    const target = { component, endpoint, signal: files.signal, folder }
    const moved = await withStopped(this.#world, target, (adopt) =>
      moveFiles(this.#world, files, adopt),
    )
    return movedView(moved)
  }

  async drop(queue: QueueView, part: QueuePart): Promise<TotalsView> {
    return totalsView(await dropFiles(this.#world, filesOf(queue), part))
  }
}

export function filesOf({ component, endpoint, signal, folder }: QueueView): QueueFiles {
  return { component, endpoint, signal, folder: folder! }
}

async function holderOf({ folder, signal }: QueueFiles): Promise<string | undefined> {
  return (
    (await lockHolder(`${folder}/queue/${signal}/lock`)) ??
    (await lockHolder(`${folder}/dead/${signal}/lock`))
  )
}
