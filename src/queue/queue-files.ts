/**
 * Queues as they lie on disk, only looked at: `ROOT/COMPONENT/{queue,dead}/SIGNAL`, and for
 * components with several destinations `ROOT/COMPONENT/endpoints/ENDPOINT/{queue,dead}/SIGNAL`.
 */
import { SIGNALS, type Signal } from '#pdata'
import {
  type Clock,
  type Disk,
  type QueueContent,
  type Queued,
  type QueueName,
  type QueuePart,
  systemCodeOf,
} from '#sdk'
import { requestToJson } from '#wire'
import { QUARANTINE } from './quarantine.js'
import type { RecordInfo } from './record.js'
import { type Flaw, isFlaw, SegmentFile } from './segment-file.js'
import { segmentNumber } from './segment-format.js'
import { add, none } from './totals.js'

/** The files of one queue and its dead letters. */
export interface QueueFiles extends QueueName {
  readonly component: string
  /** Of the component, or of one endpoint of it. */
  readonly folder: string
}

/** What a read through one segment found. */
export interface SegmentCheck {
  readonly path: string
  readonly part: QueuePart
  readonly records: number
  /** Of them, delivered or set aside. */
  readonly left: number
  readonly flaws: readonly Flaw[]
  /** Written by a newer version of the agent, and not looked into. */
  readonly isNewer: boolean
}

export const PARTS: readonly QueuePart[] = ['queue', 'dead']

/** What peeking reads of the disk at most, but for one record. */
const PEEK_BYTES_MAX = 8 * 1024 * 1024

const ENDPOINTS = 'endpoints'

/** The folder of one endpoint, in that of its component. */
export function endpointFolder(folder: string, endpoint: string): string {
  // A dot in front would make it hidden, or the folder above.
  return `${folder}/${ENDPOINTS}/${encodeURIComponent(endpoint).replace(/^\./, '%2E')}`
}

export function folderOf({ folder, signal }: QueueFiles, part: QueuePart): string {
  return `${folder}/${part}/${signal}`
}

/**
 * All queues under a folder that components keep files in; those under the folder of an
 * otelcol.storage.file in it, too.
 */
export async function findQueues(disk: Disk, root: string): Promise<readonly QueueFiles[]> {
  const found: QueueFiles[] = []
  for (const component of await listed(disk, root)) {
    const folder = `${root}/${component}`
    found.push(...(await queuesOf(disk, component, folder)))
    for (const name of await listed(disk, folder)) {
      // Ids have dots; the folders of a queue have none.
      if (name.includes('.')) found.push(...(await queuesOf(disk, name, `${folder}/${name}`)))
    }
  }
  return found
}

/** Its own, and those of its endpoints. */
async function queuesOf(
  disk: Disk,
  component: string,
  folder: string,
): Promise<readonly QueueFiles[]> {
  const found = await signalsIn(disk, folder)
  const own = found.map((signal) => ({ component, signal, folder }))
  const ofEndpoints: QueueFiles[] = []
  for (const name of await listed(disk, `${folder}/${ENDPOINTS}`)) {
    const endpoint = endpointOf(name)
    const inner = `${folder}/${ENDPOINTS}/${name}`
    for (const signal of await signalsIn(disk, inner)) {
      ofEndpoints.push({ component, endpoint, signal, folder: inner })
    }
  }
  return [...own, ...ofEndpoints]
}

/** Nobody but us makes these folders; what was made by hand has the name that it shows. */
function endpointOf(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

async function signalsIn(disk: Disk, folder: string): Promise<readonly Signal[]> {
  const names = await listed(disk, folder)
  const signals = new Set<string>()
  for (const part of PARTS) {
    if (!names.includes(part)) continue
    for (const name of await listed(disk, `${folder}/${part}`)) signals.add(name)
  }
  return SIGNALS.filter((signal) => signals.has(signal))
}

/** Reads indexes and marks, and no data unless a segment has no index. */
export async function measureFiles(
  disk: Disk,
  clock: Clock,
  files: QueueFiles,
): Promise<QueueContent> {
  const queue = await measurePart(disk, folderOf(files, 'queue'))
  const dead = await measurePart(disk, folderOf(files, 'dead'))
  return {
    signal: files.signal,
    endpoint: files.endpoint,
    held: queue.totals,
    storedBytes: queue.storedBytes,
    oldestMs: queue.oldestAt === undefined ? 0 : Math.max(0, clock.now() - queue.oldestAt),
    deadLetters: dead.totals,
    quarantined: await quarantinedIn(disk, files),
  }
}

/** Records that were set aside because they could not be read. */
export async function quarantinedIn(disk: Disk, files: QueueFiles): Promise<number> {
  let count = 0
  for (const part of PARTS) {
    const names = await listed(disk, `${folderOf(files, part)}/${QUARANTINE}`)
    // A torn end was never acknowledged.
    count += names.filter((name) => !name.endsWith('.torn')).length
  }
  return count
}

/** What waits in the folder of one part. */
export async function measurePart(disk: Disk, folder: string) {
  const totals = none()
  let storedBytes = 0
  let oldestAt: number | undefined
  await eachSegment(disk, folder, async (segment) => {
    if (!(segment instanceof SegmentFile)) return true
    const { requests, items, bytes } = segment.waiting
    add(totals, requests, items, bytes)
    storedBytes += segment.bytes
    const [first] = oldestAt === undefined ? segment.records() : []
    const oldest = first === undefined ? undefined : await segment.read(first)
    if (oldest && !isFlaw(oldest)) oldestAt = oldest.cameAt
    return true
  })
  return { totals, storedBytes, oldestAt }
}

/** The oldest that have not left, with their numbers in the files as `placeOf` has them. */
export async function readWaiting(
  disk: Disk,
  folder: string,
  count: number,
): Promise<readonly (readonly [string, RecordInfo])[]> {
  const found: (readonly [string, RecordInfo])[] = []
  let bytes = 0
  await eachSegment(disk, folder, async (segment, number) => {
    if (!(segment instanceof SegmentFile)) return true
    for (const record of segment.records()) {
      if (found.length >= count || bytes >= PEEK_BYTES_MAX) return false
      const info = await segment.read(record)
      if (isFlaw(info)) continue
      bytes += info.batch.bytes
      found.push([`${number} ${record}`, info])
    }
    return true
  })
  return found
}

export function queuedOf({ batch, cameAt, attempts, verdict }: Omit<RecordInfo, 'id'>): Queued {
  const { signal, items, bytes, chunks } = batch
  return { cameAt, attempts, items, bytes, verdict, toJson: () => requestToJson(signal, chunks) }
}

export async function peekFiles(
  disk: Disk,
  files: QueueFiles,
  part: QueuePart,
  count: number,
): Promise<readonly Queued[]> {
  const found = await readWaiting(disk, folderOf(files, part), count)
  return found.map(([, info]) => queuedOf(info))
}

/** Reads every record that has not left. Changes nothing, so that a running agent may write on. */
export async function checkFiles(disk: Disk, files: QueueFiles): Promise<readonly SegmentCheck[]> {
  const checks: SegmentCheck[] = []
  for (const part of PARTS) {
    const folder = folderOf(files, part)
    await eachSegment(disk, folder, async (segment, _, path) => {
      const isNewer = segment === 'newer'
      if (segment instanceof SegmentFile) {
        const flaws = [...segment.flaws]
        for (const record of segment.records()) {
          const read = await segment.read(record)
          if (isFlaw(read)) flaws.push(read)
        }
        const { count: records, leftCount: left } = segment
        checks.push({ path, part, records, left, flaws, isNewer })
      } else {
        checks.push({ path, part, records: 0, left: 0, flaws: isNewer ? [] : [segment], isNewer })
      }
      return true
    })
  }
  return checks
}

/** Until `look` resolves with false. */
async function eachSegment(
  disk: Disk,
  folder: string,
  look: (segment: SegmentFile | Flaw | 'newer', number: number, path: string) => Promise<boolean>,
): Promise<void> {
  for (const name of await listed(disk, folder)) {
    const number = name.endsWith('.seg') ? segmentNumber(name) : undefined
    const segment = number === undefined ? undefined : await SegmentFile.open(disk, folder, number)
    if (number === undefined || segment === undefined) continue
    try {
      if (!(await look(segment, number, `${folder}/${name}`))) return
    } finally {
      if (segment instanceof SegmentFile) await segment.close()
    }
  }
}

/** None where there is no folder, or it is a file. */
async function listed(disk: Disk, folder: string): Promise<readonly string[]> {
  try {
    return await disk.list(folder)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOTDIR') return []
    throw error
  }
}
