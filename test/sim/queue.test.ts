/**
 * The queue on disk, its senders and its destination, through crashes and failing disks. A seed that
 * fails is printed and fails again: WEIR_SEED=N runs it alone, WEIR_SIM_SEEDS=N runs more.
 */
import { expect, test } from 'vitest'
import type { FakeDisk } from '#support'
import { Run } from './run.js'

const COUNT = Number(process.env['WEIR_SIM_SEEDS'] ?? 200)
const ALONE = process.env['WEIR_SEED']

test(`nothing is lost and nothing is doubled without a cause (${ALONE ?? COUNT})`, async () => {
  const first = ALONE ? Number(ALONE) : 1
  const last = ALONE ? first : COUNT
  const totals = new Map<string, number>()
  const failed: string[] = []
  let crashes = 0
  let items = 0
  for (let seed = first; seed <= last; seed++) {
    const outcome = await new Run(seed).outcome()
    if (outcome.faults.length > 0)
      failed.push(`seed ${seed}: ${outcome.faults.slice(0, 4).join('; ')}`)
    for (const [cause, count] of outcome.repeats)
      totals.set(cause, (totals.get(cause) ?? 0) + count)
    if (ALONE) process.stdout.write(outcome.trace.join('\n'))
    crashes += outcome.crashes
    items += outcome.items
  }
  process.stdout.write(
    `${items} items, ${crashes} crashes, repeats ${JSON.stringify([...totals])}\n`,
  )
  expect(failed.slice(0, 10), `${failed.length} seeds`).toEqual([])
}, 3_600_000)

void (0 as unknown as FakeDisk)
