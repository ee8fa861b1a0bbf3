/**
 * The queue on disk, its senders and its destination, through crashes and failing disks. A seed
 * that fails is printed and fails again: WEIR_SEED=N runs it alone and prints what happened,
 * WEIR_SIM_SEEDS=N runs seeds 1 to N.
 */
import { describe, expect, test } from 'vitest'
import type { Disk, DiskFile } from '#sdk'
import type { FakeDisk } from '#support'
import { Run } from './run.js'

const COUNT = Number(process.env['WEIR_SIM_SEEDS'] ?? 250)
const ALONE = process.env['WEIR_SEED']
const CANARY_SEEDS = 300

test(`nothing is lost, and nothing comes twice without a cause (${ALONE ?? COUNT})`, async () => {
  const first = ALONE ? Number(ALONE) : 1
  const last = ALONE ? first : COUNT
  const failed: string[] = []
  const repeats = new Map<string, number>()
  let crashes = 0
  for (let seed = first; seed <= last; seed++) {
    const outcome = await new Run(seed).outcome()
    crashes += outcome.crashes
    for (const [cause, count] of outcome.repeats) {
      repeats.set(cause, (repeats.get(cause) ?? 0) + count)
    }
    if (ALONE) process.stdout.write(`${outcome.trace.join('\n')}\n`)
    const { faults } = outcome
    if (faults.length > 0) failed.push(`seed ${seed}: ${faults.slice(0, 4).join('; ')}`)
  }
  expect(failed.slice(0, 10), `${failed.length} seeds of ${COUNT} fail`).toEqual([])
  if (ALONE) return
  // A simulation in which nothing goes wrong would show nothing.
  expect(crashes).toBeGreaterThan(COUNT)
  expect(repeats.size).toBeGreaterThan(4)
}, 3_600_000)

describe('the simulation notices', () => {
  const rows: readonly (readonly [string, (disk: FakeDisk) => void, RegExp])[] = [
    ['a store that acknowledges before its data is safe', forgetSyncs, /items lost/],
    ['a store that deletes a segment early', deleteEarly, /items lost/],
    ['a store that forgets its marks', forgetMarks, /was delivered 2 times/],
    ['a store that ignores its limit', (disk) => doubleFiles(disk), /bytes stored/],
  ]
  for (const [name, breakIt, fault] of rows) {
    test(name, async () => {
      for (let seed = 1; seed <= CANARY_SEEDS; seed++) {
        const { faults } = await new Run(seed, breakIt).outcome()
        if (faults.some((one) => fault.test(one))) return
      }
      expect.fail(`${CANARY_SEEDS} seeds found nothing`)
    }, 60_000)
  }
})

type Open = Disk['open']

function changeFiles(disk: FakeDisk, change: (file: DiskFile, path: string) => DiskFile): void {
  const open: Open = disk.open.bind(disk)
  disk.open = async (path, mode) => change(await open(path, mode), path)
}

function forgetSyncs(disk: FakeDisk): void {
  changeFiles(disk, (file) => ({ ...file, sync: async () => {} }))
}

/** With the first mark, as if no other record were in it. */
function deleteEarly(disk: FakeDisk): void {
  changeFiles(disk, (file, path) =>
    path.endsWith('.done')
      ? { ...file, write: () => disk.remove(path.replace('.done', '.seg')) }
      : file,
  )
}

function forgetMarks(disk: FakeDisk): void {
  changeFiles(disk, (file, path) =>
    path.endsWith('.done') ? { ...file, write: async () => {} } : file,
  )
}

/** Beside each segment lies as much again that nobody counts. */
function doubleFiles(disk: FakeDisk): void {
  changeFiles(disk, (file, path) => ({
    ...file,
    write: async (chunks, position) => {
      await file.write(chunks, position)
      const bytes = disk.content(path)!
      if (path.endsWith('.seg')) disk.put(`${path}.copy`, bytes)
    },
  }))
}
