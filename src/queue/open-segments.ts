import { Permanent } from '#sdk'
import type { DiskStoreOptions } from './disk-store.js'
import type { Damage, Quarantine } from './quarantine.js'
import { Segment } from './segment.js'
import { marksName, segmentName, segmentNumber } from './segment-format.js'

/** What a folder holds. */
export interface OpenedFolder {
  /** Oldest first. */
  readonly segments: readonly Segment[]
  /** All that their records had is gone, but the files are still there. */
  readonly finished: readonly Segment[]
  /** No file has this number or a higher one. */
  readonly nextNumber: number
}

/** Opens all segments of a folder; what cannot be read goes to the quarantine. */
export async function openSegments(
  options: DiskStoreOptions,
  quarantine: Quarantine,
): Promise<OpenedFolder> {
  const { disk, folder } = options
  const names = new Set(await disk.list(folder))
  const numbers = new Set([...names].map(segmentNumber).filter((one) => one !== undefined))
  const segments: Segment[] = []
  for (const number of [...numbers].sort((a, b) => a - b)) {
    if (names.has(segmentName(number))) {
      const segment = await openSegment(options, quarantine, number)
      if (segment) segments.push(segment)
    } else {
      // Its segment was removed before it.
      await disk.remove(`${folder}/${marksName(number)}`)
    }
  }
  return {
    segments: segments.filter(({ isFinished }) => !isFinished),
    finished: segments.filter(({ isFinished }) => isFinished),
    nextNumber: Math.max(0, ...numbers) + 1,
  }
}

async function openSegment(
  { disk, folder, events }: DiskStoreOptions,
  quarantine: Quarantine,
  number: number,
): Promise<Segment | undefined> {
  const path = `${folder}/${segmentName(number)}`
  const segment = await Segment.open(disk, folder, number, async ({ bytes, ...found }) => {
    const damage = { ...found, path, bytes: bytes.length }
    await quarantine.keep(damage, bytes)
    events.damaged(damage)
  })
  if (segment instanceof Segment) {
    await segment.flush()
    await segment.rest()
    return segment
  }
  if (segment === 'newer') {
    const help = 'run that one, or move the folder away'
    throw new Permanent(`${folder} was written by a newer version of the agent; ${help}`)
  }
  if (segment === 'unreadable') {
    const damage: Damage = { path, offset: 0, bytes: 0, kind: 'segment', items: undefined }
    await quarantine.move(damage)
    events.damaged(damage)
  } else {
    // A crash came before its first record.
    await disk.remove(path)
  }
  await disk.remove(`${folder}/${marksName(number)}`)
  return undefined
}
