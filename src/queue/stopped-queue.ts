/** What can be done with a queue that no component runs. Its folders are locked meanwhile. */
import { dirname } from 'node:path'
import type { Batch } from '#pdata'
import type { Clock, Disk, Moved, QueuePart, Totals, Verdict } from '#sdk'
import { DiskStore } from './disk-store.js'
import { type Damage, QUARANTINE } from './quarantine.js'
import { folderOf, measurePart, PARTS, type QueueFiles } from './queue-files.js'
import { segmentNumber } from './segment-format.js'
import { add, none } from './totals.js'

/** The outside, as far as files need it. */
export interface QueueWorld {
  readonly disk: Disk
  readonly clock: Clock
  readonly random: () => number
}

/** Takes one batch over; true once it is durable, false when there is no room. */
export type Adopt = (batch: Batch, verdict: Verdict | undefined) => Promise<boolean>

const SEGMENT_BYTES = 64 * 1024 * 1024

/** Dead letters go back into the queue; those taken in part only by force. */
export async function requeueFiles(
  world: QueueWorld,
  files: QueueFiles,
  force: boolean,
): Promise<Moved> {
  if (!(await exists(world, files, 'dead'))) return { moved: none(), partly: none(), isFull: false }
  return withStore(world, files, 'dead', (dead) =>
    withStore(world, files, 'queue', async (queue) => {
      const partly = none()
      const { moved } = await drain(dead, async (batch, verdict) => {
        if (verdict?.partly === undefined || force) {
          await queue.append([batch])
          return true
        }
        add(partly, 1, batch.items, batch.bytes)
        return 'stays'
      })
      return { moved, partly, isFull: false }
    }),
  )
}

/** All that waits and all dead letters go to another queue, oldest first. */
export async function moveFiles(
  world: QueueWorld,
  files: QueueFiles,
  adopt: Adopt,
): Promise<Moved> {
  const moved = none()
  let isFull = false
  for (const part of PARTS) {
    if (isFull || !(await exists(world, files, part))) continue
    const outcome = await withStore(world, files, part, (store) => drain(store, adopt))
    add(moved, outcome.moved.requests, outcome.moved.items, outcome.moved.bytes)
    isFull = outcome.isFull
  }
  if (!isFull) await removeFolders(world, files)
  return { moved, partly: none(), isFull }
}

/** The queue of a component that does not run, for `moveFiles` to put into. */
export function withStopped<T>(
  world: QueueWorld,
  files: QueueFiles,
  work: (adopt: Adopt) => Promise<T>,
): Promise<T> {
  return withStore(world, files, 'queue', (queue) =>
    withStore(world, files, 'dead', (dead) =>
      work(async (batch, verdict) => {
        await (verdict ? dead.append([batch], false, verdict) : queue.append([batch]))
        return true
      }),
    ),
  )
}

/** Deletes one part, with what is in quarantine beside it. */
export async function dropFiles(
  world: QueueWorld,
  files: QueueFiles,
  part: QueuePart,
): Promise<Totals> {
  if (!(await exists(world, files, part))) return none()
  let gone: Totals
  const { disk } = world
  const folder = folderOf(files, part)
  const lock = await disk.lock(`${folder}/lock`)
  try {
    gone = (await measurePart(disk, folder)).totals
    // A segment goes before the marks that say what has left it.
    for (const name of (await disk.list(folder)).toReversed()) {
      if (segmentNumber(name) !== undefined) await disk.remove(`${folder}/${name}`)
    }
    const quarantine = `${folder}/${QUARANTINE}`
    for (const name of await disk.list(quarantine)) await disk.remove(`${quarantine}/${name}`)
    await disk.remove(quarantine)
    await disk.syncFolder(folder)
  } finally {
    await lock.unlock()
  }
  await removeFolders(world, files)
  return gone
}

/** Puts what cannot be read into quarantine and cuts torn ends off; resolves with what that was. */
export async function repairFiles(
  world: QueueWorld,
  files: QueueFiles,
): Promise<readonly Damage[]> {
  const damages: Damage[] = []
  for (const part of PARTS) {
    if (!(await exists(world, files, part))) continue
    await withStore(world, files, part, readAll, (damage) => damages.push(damage))
  }
  return damages
}

/** What is taken out and not done is there again after `close`. */
async function readAll(store: DiskStore): Promise<void> {
  while (store.waiting.requests > 0) {
    await store.fetch()
    if (!store.next()) return
  }
}

async function drain(
  store: DiskStore,
  take: (batch: Batch, verdict: Verdict | undefined) => Promise<boolean | 'stays'>,
): Promise<{ readonly moved: Totals; readonly isFull: boolean }> {
  const moved = none()
  while (store.waiting.requests > 0) {
    await store.fetch()
    const stored = store.next()
    if (!stored) break
    const { batch, verdict } = stored
    const taken = await take(batch, verdict)
    if (taken === false) return { moved, isFull: true }
    if (taken === 'stays') continue
    store.done(stored)
    add(moved, 1, batch.items, batch.bytes)
  }
  return { moved, isFull: false }
}

async function withStore<T>(
  world: QueueWorld,
  files: QueueFiles,
  part: QueuePart,
  work: (store: DiskStore) => Promise<T>,
  damaged: (damage: Damage) => void = () => {},
): Promise<T> {
  const store = await DiskStore.open({
    ...world,
    folder: folderOf(files, part),
    segmentBytes: SEGMENT_BYTES,
    memoryBytes: 0,
    events: { damaged, freed() {} },
  })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function exists({ disk }: QueueWorld, files: QueueFiles, part: QueuePart): Promise<boolean> {
  return (await disk.list(folderOf(files, part))).length > 0
}

/** Folders without files say nothing; one that is in use again meanwhile stays. */
async function removeFolders({ disk }: QueueWorld, files: QueueFiles): Promise<void> {
  const { folder, endpoint } = files
  const own = PARTS.flatMap((part) => [folderOf(files, part), `${folder}/${part}`])
  // That of an endpoint lies in one for all of them, and that in the component's.
  const around = endpoint === undefined ? [] : [dirname(folder), dirname(dirname(folder))]
  for (const one of [...own, folder, ...around]) {
    try {
      if ((await disk.list(one)).length === 0) await disk.remove(one)
    } catch {
      // Not empty any more.
    }
  }
}
