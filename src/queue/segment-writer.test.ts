import { describe, expect, test } from 'vitest'
import { BytePool } from '#pdata'
import { Retryable } from '#sdk'
import { type DiskCall, diskFailure, FakeClock, FakeDisk, letterBatch, lettersOf } from '#support'
import type { Segment } from './segment.js'
import { SegmentWriter, type Written } from './segment-writer.js'

function setUp(segmentBytes = 10_000) {
  const disk = new FakeDisk()
  const calls: DiskCall[] = []
  const fails = new Map<DiskCall, number>()
  disk.before = (call, path) => {
    calls.push(call)
    const left = fails.get(call) ?? 0
    fails.set(call, left - 1)
    if (left > 0) throw diskFailure(call, path, 'EIO')
  }
  const sealed: Segment[] = []
  const written: string[] = []
  const random = () => 0.5
  const writer = new SegmentWriter(
    { disk, clock: new FakeClock(), random, folder: '/q', segmentBytes },
    1,
    { began: () => {}, sealed: (segment) => sealed.push(segment) },
  )
  const note = (all: readonly Written[]) => {
    for (const { segment, place, info } of all) {
      written.push(`${segment.number}:${place.record} ${lettersOf(info.batch)}`)
    }
  }
  const append = (...texts: string[]) =>
    writer.append(
      texts.map((text) => ({ batch: letterBatch(text), cameAt: 0, attempts: 0 })),
      note,
    )
  const fail = (call: DiskCall, times = 1) => void fails.set(call, times)
  const count = (call: DiskCall) => calls.filter((one) => one === call).length
  const lettersIn = async (segment: Segment) =>
    (await segment.read(0, 1e6, new BytePool(0))).records
      .map(({ info }) => lettersOf(info!.batch))
      .join(' ')
  return { disk, writer, append, fail, count, sealed, written, lettersIn, calls }
}

test('many appends are one write and one sync, in order', async () => {
  const { append, count, written } = setUp()
  await append('first')
  const before = [count('write'), count('sync')]
  await Promise.all([append('a'), append('b', 'c'), append('d')])
  expect([count('write') - before[0]!, count('sync') - before[1]!]).toEqual([1, 1])
  expect(written).toEqual(['1:0 first', '1:1 a', '1:2 b', '1:3 c', '1:4 d'])
})

test('what comes during a sync is written after it', async () => {
  const { append, count, disk } = setUp()
  await append('first')
  const before = count('sync')
  const first = append('a')
  await Promise.resolve()
  await Promise.resolve()
  const later = [append('b'), append('c')]
  await Promise.all([first, ...later])
  expect(count('sync') - before).toBe(2)
  expect(disk.paths).toEqual(['/q/00000001.seg'])
})

test('a segment is finished at its size, and the next begins', async () => {
  const { append, written, sealed, writer } = setUp(200)
  for (const text of ['aaaa', 'bbbb', 'cccc', 'dddd']) await append(text)
  await writer.close()
  expect(written).toEqual(['1:0 aaaa', '1:1 bbbb', '2:0 cccc', '2:1 dddd'])
  expect(sealed.map(({ number, isSealed }) => [number, isSealed])).toEqual([
    [1, true],
    [2, true],
  ])
})

describe('failures', () => {
  const rows: readonly (readonly [string, DiskCall[], string[], string])[] = [
    ['of a write: cut off, the segment goes on', ['write'], ['1:0 a', '1:1 c'], 'a c'],
    [
      'of a write and the cut: no more is written to it',
      ['write', 'truncate'],
      ['1:0 a', '2:0 c'],
      'a',
    ],
    ['of a sync: no more is written to it', ['sync'], ['1:0 a', '2:0 c'], 'a'],
  ]
  for (const [name, calls, expected, firstSegment] of rows) {
    test(name, async () => {
      const { append, fail, written, sealed, writer, lettersIn } = setUp()
      await append('a')
      const segment = writer.segment!
      for (const call of calls) fail(call)
      const refused = await append('b').catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(Retryable)
      expect(refused).toMatchObject({ retryAfterMs: 5000 })
      await append('c')
      expect(written).toEqual(expected)
      expect(sealed.includes(segment)).toBe(firstSegment === 'a')
      expect(await lettersIn(segment)).toBe(firstSegment)
    })
  }

  test('a failed sync refuses all of its group, and is not tried again', async () => {
    const { append, fail, count, calls } = setUp()
    await append('a')
    fail('sync')
    const before = count('sync')
    const outcomes = await Promise.allSettled([append('b'), append('c')])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(count('sync') - before).toBe(1)
    expect(calls.at(-1)).toBe('truncate')
  })

  test('a segment that cannot be begun leaves nothing behind', async () => {
    const { append, fail, disk, written } = setUp()
    for (const call of ['write', 'sync', 'folder'] as const) {
      fail(call)
      await expect(append('a')).rejects.toThrow('EIO')
      expect([disk.paths, disk.openCount]).toEqual([[], 0])
    }
    await append('b')
    expect(written).toEqual(['4:0 b'])
  })

  test('a full disk refuses, and takes again when there is space', async () => {
    const { append, disk, written, writer } = setUp()
    await append('a')
    disk.capacity = disk.usedBytes + 20
    await expect(append('b')).rejects.toThrow('ENOSPC')
    expect(disk.content(writer.segment!.path)!.length).toBe(writer.segment!.end)
    disk.capacity = Number.POSITIVE_INFINITY
    await append('c')
    expect(written).toEqual(['1:0 a', '1:1 c'])
  })

  test('without room for the trailer a segment is finished all the same', async () => {
    const { append, disk, writer, sealed } = setUp()
    await append('a')
    const end = writer.segment!.end
    disk.capacity = disk.usedBytes
    await writer.close()
    expect(sealed).toHaveLength(1)
    expect(disk.content('/q/00000001.seg')!.length).toBe(end)
  })
})
