import { type Damage, type Flaw, type QueueWorld, repairFiles, type SegmentCheck } from '#queue'
import { queueText, roundSize } from '#sdk'
import type { QueueView } from '#web'
import type { ExitCode, Io } from './io.js'
import { filesOf, type StoppedQueues } from './queue-files.js'

export interface FsckOptions {
  readonly repair: boolean
  readonly json: boolean
}

interface Checked {
  readonly queue: QueueView
  /** An agent writes to it: the last bytes may be half a write. */
  readonly isLive: boolean
  readonly segments: readonly SegmentCheck[]
  readonly repaired: readonly Damage[]
}

/** Reads every record. Fails when one is damaged, repaired or not. */
export async function fsck(
  queues: readonly QueueView[],
  source: StoppedQueues,
  world: QueueWorld,
  { repair, json }: FsckOptions,
  io: Io,
): Promise<ExitCode> {
  const all: Checked[] = []
  for (const queue of queues) {
    const { isLive, segments } = await source.check(queue)
    const isFlawed = segments.some(({ flaws }) => flaws.length > 0)
    const repaired = repair && isFlawed ? await repairFiles(world, filesOf(queue)) : []
    all.push({ queue, isLive, segments, repaired })
  }
  io.out(json ? `${JSON.stringify(all.map(asJson), undefined, 2)}\n` : all.map(asText).join(''))
  const isDamaged = all.some(({ segments }) => segments.some((one) => damagesOf(one).length > 0))
  return isDamaged ? 1 : 0
}

/** A torn end is no damage: nobody was told that it is safe. */
function damagesOf({ flaws }: SegmentCheck): readonly Flaw[] {
  return flaws.filter(({ kind }) => kind !== 'torn')
}

function asJson({ queue, isLive, segments, repaired }: Checked) {
  const { component, signal } = queue
  return {
    component,
    signal,
    live: isLive,
    segments: segments.map((one) => ({
      path: one.path,
      part: one.part,
      records: one.records,
      left: one.left,
      newer: one.isNewer,
      damaged: damagesOf(one),
      torn: one.flaws.find(({ kind }) => kind === 'torn'),
    })),
    repaired: repaired.map(({ path, offset, bytes, kind, items }) => ({
      path,
      offset,
      bytes,
      kind,
      items,
    })),
  }
}

function asText({ queue, isLive, segments, repaired }: Checked): string {
  const lines = [`${queueText(queue)}${isLive ? ' (in use by a running agent)' : ''}`]
  for (const one of segments) {
    lines.push(`  ${one.path}: ${one.records} records, ${one.left} left`)
    if (one.isNewer) lines.push('    written by a newer version of the agent; not looked into')
    for (const flaw of one.flaws) lines.push(`    ${flawText(flaw, isLive)}`)
  }
  if (segments.length === 0) lines.push('  empty')
  for (const { path, offset, kind } of repaired) {
    const what = kind === 'torn' ? 'cut off' : 'put into quarantine'
    lines.push(`  ${what}: ${path} at ${offset}`)
  }
  return `${lines.join('\n')}\n`
}

function flawText({ kind, offset, bytes, items }: Flaw, isLive: boolean): string {
  const where = `at ${offset}, ${roundSize(bytes)}`
  if (kind === 'torn') {
    const why = isLive ? 'a write under way' : 'a write that was cut short, never acknowledged'
    return `torn end ${where}: ${why}`
  }
  if (kind === 'header') return `damaged: nothing in the file can be read (${roundSize(bytes)})`
  if (kind === 'index') return `damaged index ${where}: the records are read without it`
  return `damaged record ${where}, ${items === undefined ? 'items unknown' : `${items} items`}`
}
