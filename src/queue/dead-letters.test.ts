import { describe, expect, test } from 'vitest'
import { diskFailure, FakeClock, FakeDisk, letterBatch, lettersOf } from '#support'
import { DeadLetters } from './dead-letters.js'

const ROOMY = 1e6

function world(bytesMax = ROOMY) {
  const disk = new FakeDisk()
  const clock = new FakeClock()
  const forgotten: number[] = []
  const open = () =>
    DeadLetters.open(
      {
        ...{ disk, clock, random: () => 0.5, folder: '/d', segmentBytes: 500, memoryBytes: 0 },
        events: { damaged: () => {}, freed: () => {} },
      },
      bytesMax,
      (items) => forgotten.push(items),
    )
  return { disk, clock, forgotten, open }
}

async function drained(dead: DeadLetters): Promise<string[]> {
  const lines: string[] = []
  await dead.drain(async (batch, verdict) => {
    const { reason, partly } = verdict!
    lines.push(`${lettersOf(batch)}: ${reason}${partly === undefined ? '' : ` (${partly})`}`)
    return true
  })
  return lines
}

test('keeps batches with what the destination said, over a restart', async () => {
  const { open, disk, clock } = world()
  const dead = await open()
  await dead.add(letterBatch('a'), 'bad name', undefined)
  await dead.add(letterBatch('bcd'), 'too old', 2)
  expect(dead.totals).toMatchObject({ requests: 2, items: 4 })
  await dead.close()
  const again = await open()
  expect(await drained(again)).toEqual(['a: bad name', 'bcd: too old (2)'])
  expect(again.totals.requests).toBe(0)
  await again.close()
  expect([disk.openCount, clock.pending]).toEqual([0, 0])
  const third = await open()
  expect(third.totals.requests).toBe(0)
  await third.close()
})

test('one that nobody takes stays, and so do those behind it', async () => {
  const { open } = world()
  const dead = await open()
  for (const letter of 'abc') await dead.add(letterBatch(letter), 'no', undefined)
  let calls = 0
  const failing = dead.drain(async () => {
    if (++calls === 2) throw new Error('the queue is full')
    return true
  })
  await expect(failing).rejects.toThrow('the queue is full')
  expect((await drained(dead)).sort()).toEqual(['b: no', 'c: no'])
  await dead.close()
})

describe('at its limit', () => {
  const LIMIT = 40_000

  test('the oldest make room, are counted, and the limit holds', async () => {
    const { open, disk, forgotten } = world(LIMIT)
    const dead = await open()
    for (let n = 0; n < 200; n++) {
      await dead.add(letterBatch('x'.repeat(50)), `no ${n}`, undefined)
      expect(disk.usedUnder('/d/')).toBeLessThanOrEqual(LIMIT)
    }
    const kept = await drained(dead)
    expect(kept.length * 50 + forgotten.reduce((sum, items) => sum + items, 0)).toBe(200 * 50)
    expect(kept.at(-1)).toBe(`${'x'.repeat(50)}: no 199`)
    await dead.close()
  })

  test('several at once keep it too', async () => {
    const { open, disk } = world(LIMIT)
    const dead = await open()
    for (let round = 0; round < 20; round++) {
      const adds = [1, 2, 3, 4].map(() => dead.add(letterBatch('y'.repeat(60)), 'no', undefined))
      await Promise.all(adds)
      expect(disk.usedUnder('/d/')).toBeLessThanOrEqual(LIMIT)
    }
    await dead.close()
  })

  test('what is larger than all of it does not fit, and a long reason is cut', async () => {
    const { open } = world(10_000)
    const dead = await open()
    expect([dead.fits(letterBatch('a')), dead.fits(letterBatch('a'.repeat(2000)))]).toEqual([
      true,
      false,
    ])
    await dead.add(letterBatch('a'), '"'.repeat(5000), undefined)
    expect((await drained(dead))[0]).toHaveLength(3 + 1024)
    await dead.close()
  })
})

test('a disk that fails rejects, and what was there stays', async () => {
  const { open, disk } = world()
  const dead = await open()
  await dead.add(letterBatch('a'), 'no', undefined)
  disk.before = (call, path) => {
    if (call === 'write') throw diskFailure('write', path, 'ENOSPC')
  }
  await expect(dead.add(letterBatch('b'), 'no', undefined)).rejects.toThrow('ENOSPC')
  disk.before = () => {}
  expect(await drained(dead)).toEqual(['a: no'])
  await dead.close()
})
