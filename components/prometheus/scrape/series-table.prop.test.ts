import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SeriesTable } from './series-table.js'

const REFS = 12

/** One scrape: the labels of each ref, by number, and whether they are tracked. */
const scrape = fc.record({
  sets: fc.array(fc.option(fc.nat(9), { nil: undefined }), { minLength: REFS, maxLength: REFS }),
  tracked: fc.array(fc.boolean(), { minLength: REFS, maxLength: REFS }),
  isGood: fc.boolean(),
})

const labelsOf = (set: number) => Buffer.from(`labels ${'x'.repeat(set * 40)} ${set}`)

test('tells once what is not there any more, whatever comes and goes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(scrape, { maxLength: 30 }), async (scrapes) => {
      const table = new SeriesTable()
      const report = table.keep(labelsOf(9))
      /** The set behind each ref, and the sets that are there. */
      const known = new Map<number, number>()
      let there = new Set<number>()
      for (const { sets, tracked, isGood } of scrapes) {
        await table.rest()
        await table.wake()
        table.begin()
        const now = new Set<number>()
        const seen = new Set<number>()
        for (const [ref, set] of sets.entries()) {
          const before = known.get(ref)
          // A ref that leads to other labels was given back first, as the cache does.
          if (set === undefined || (before !== undefined && before !== set)) continue
          const row = table.rowOf(ref) >= 0 ? table.rowOf(ref) : table.add(ref, labelsOf(set))
          known.set(ref, set)
          expect(table.bytes.subarray(table.startOf(row), table.endOf(row))).toEqual(labelsOf(set))
          expect(table.see(row)).toBe(!seen.has(set))
          seen.add(set)
          if (tracked[ref]) {
            table.track(row)
            now.add(set)
          }
        }
        const stale: string[] = []
        const note = (row: number) =>
          stale.push(table.bytes.toString('latin1', table.startOf(row), table.endOf(row)))
        if (isGood) table.commit(note)
        else table.abandon(note)
        const gone = [...there].filter((set) => !isGood || !now.has(set))
        expect(stale.sort()).toEqual(gone.map((set) => labelsOf(set).toString('latin1')).sort())
        there = isGood ? now : new Set()
        for (const [ref, set] of known) {
          if (seen.has(set) && sets[ref] === set) continue
          table.forget(ref)
          table.forget(ref)
          known.delete(ref)
          expect(table.rowOf(ref)).toBe(-1)
        }
        expect(table.size).toBe(new Set([9, ...known.values()]).size)
        expect(table.keep(labelsOf(9))).toBe(report)
      }
    }),
    { seed: 5, numRuns: 60 },
  )
})
