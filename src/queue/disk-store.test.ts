import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Permanent, Retryable } from '#sdk'
import { diskFailure, FakeClock, FakeDisk, letterBatch, lettersOf, settle } from '#support'
import { DiskStore, type DiskStoreOptions } from './disk-store.js'
import type { Damage } from './quarantine.js'
import type { Stored } from './store.js'

const NO_ROOM = () => undefined
const ROOM = () => () => {}

function world(options: Partial<DiskStoreOptions> = {}, disk = new FakeDisk()) {
  const clock = new FakeClock()
  const damages: Damage[] = []
  let freed = 0
  const open = (on = disk) =>
    DiskStore.open({
      disk: on,
      clock,
      random: () => 0.5,
      folder: '/q',
      segmentBytes: 200,
      memoryBytes: 1e6,
      events: { damaged: (damage) => damages.push(damage), freed: () => freed++ },
      ...options,
    })
  return { disk, clock, damages, open, freed: () => freed }
}

async function putAll(store: DiskStore, letters: string): Promise<void> {
  for (const letter of letters) await store.append([letterBatch(letter)])
}

/** All that waits, in order, left as taken. */
async function takeAll(store: DiskStore): Promise<Stored[]> {
  const taken: Stored[] = []
  while (await store.fetch()) {
    for (let next = store.next(); next; next = store.next()) taken.push(next)
  }
  return taken
}

function text(taken: readonly Stored[]): string {
  return taken.map(({ batch }) => lettersOf(batch)).join('')
}

const ALL = 'abcdefghijklmnopqrstuvwxyz'

describe('order', () => {
  const rows = [
    ['all in memory', 1e6],
    ['one in memory, the others cold', 0],
    ['some of each', 2000],
  ] as const
  for (const [name, memoryBytes] of rows) {
    test(name, async () => {
      const { open } = world({ memoryBytes })
      const store = await open()
      await putAll(store, ALL)
      expect(store.waiting).toMatchObject({ requests: 26, items: 26 })
      expect(text(await takeAll(store))).toBe(ALL)
      expect(store.waiting).toEqual({ requests: 0, items: 0, bytes: 0 })
      await putAll(store, 'xyz')
      expect(text(await takeAll(store))).toBe('xyz')
      await store.close()
    })

    test(`${name}: after a restart, oldest first, what has left aside`, async () => {
      const { open, clock } = world({ memoryBytes })
      const store = await open()
      await putAll(store, ALL)
      const taken = await takeAll(store)
      for (const one of taken.filter((_, n) => n % 3 === 0)) store.done(one)
      await clock.tick(10)
      await store.close()
      const again = await open()
      expect(again.waiting.requests).toBe(17)
      expect(text(await takeAll(again))).toBe('bcefhiklnoqrtuwxz')
      await again.close()
    })
  }

  test('what is read while more is written comes in order', async () => {
    const { open } = world({ memoryBytes: 0 })
    const store = await open()
    let read = ''
    for (const letter of ALL) {
      await putAll(store, letter)
      if (read.length % 2 === 0) await store.fetch()
      const next = store.next()
      if (next) read += lettersOf(next.batch)
    }
    expect(read + text(await takeAll(store))).toBe(ALL)
    await store.close()
  })

  test('memory besides the disk is bounded', async () => {
    const { open } = world({ memoryBytes: 1200 })
    const store = await open()
    await putAll(store, ALL)
    let atHand = 0
    while (store.next()) atHand++
    expect(atHand).toBe(2)
    await store.close()
  })
})

describe('space', () => {
  test('comes back by the segment, and all of it in the end', async () => {
    const { open, disk, clock, freed } = world()
    const store = await open()
    await putAll(store, ALL)
    const full = store.storedBytes
    expect(disk.usedUnder('/q/')).toBeLessThanOrEqual(full)
    const taken = await takeAll(store)
    for (const one of taken.slice(0, 10)) store.done(one)
    await clock.tick(10)
    expect(store.storedBytes).toBeLessThan(full)
    expect(freed()).toBeGreaterThan(1)
    for (const one of taken.slice(10)) store.done(one)
    await clock.tick(10)
    while (await store.reclaim(NO_ROOM));
    expect([store.storedBytes, disk.usedUnder('/q/')]).toEqual([0, 0])
    await store.close()
    expect([disk.openCount, clock.pending]).toEqual([0, 0])
  })

  test('never takes more than it says', async () => {
    const { open, disk, clock } = world()
    const store = await open()
    for (const letter of ALL) {
      await putAll(store, letter)
      expect(disk.usedUnder('/q/')).toBeLessThanOrEqual(store.storedBytes)
      if (letter > 'f') store.done(store.next()!)
      await clock.tick(10)
      expect(disk.usedUnder('/q/')).toBeLessThanOrEqual(store.storedBytes)
    }
    await store.close()
  })

  test('a batch takes at most what sizeOf says', async () => {
    const { open } = world()
    const store = await open()
    const client = { metadata: new Map([['a', ['b']]]), auth: new Map(), address: '::1' }
    for (const batch of [letterBatch('abc'), letterBatch('a', client)]) {
      const before = store.storedBytes
      await store.append([batch])
      expect(store.storedBytes - before).toBeLessThanOrEqual(store.sizeOf(batch))
    }
    await store.close()
  })

  test('a file that cannot be removed counts, and is removed later', async () => {
    const { open, disk, clock } = world()
    const store = await open()
    await putAll(store, 'abc')
    disk.before = (call, path) => {
      if (call === 'remove') throw diskFailure('remove', path, 'EIO')
    }
    for (const one of await takeAll(store)) store.done(one)
    await clock.tick(10)
    expect(store.storedBytes).toBeGreaterThan(0)
    disk.before = () => {}
    await clock.tick(1000)
    await store.reclaim(NO_ROOM)
    expect(store.storedBytes).toBe(0)
    await store.close()
  })

  test('what is tried for ever moves to the end, durably, when its segment is wanted', async () => {
    const { open, disk, clock } = world({ segmentBytes: 2000 })
    const store = await open()
    await putAll(store, ALL + ALL)
    const [late, ...others] = await takeAll(store)
    for (const one of others.slice(0, -1)) store.done(one)
    await clock.tick(10)
    const before = store.storedBytes
    expect(await store.reclaim(NO_ROOM)).toBe(false)
    expect(await store.reclaim(ROOM)).toBe(true)
    expect(store.storedBytes).toBeLessThan(before)
    await clock.tick(10)
    const crashed = await open(disk.crashed(() => 0.5, 'kill'))
    expect(text(await takeAll(crashed))).toBe('za')
    store.done(late!)
    store.done(others.at(-1)!)
    while (await store.reclaim(NO_ROOM));
    expect(store.storedBytes).toBe(0)
    await store.close()
  })
})

describe('a crash', () => {
  test('keeps what has left away, once that is written down', async () => {
    const { open, disk, clock } = world()
    const store = await open()
    await putAll(store, 'abcdef')
    store.done(store.next()!)
    store.done(store.next()!)
    const before = await open(disk.crashed(() => 0.5, 'kill'))
    expect(text(await takeAll(before))).toBe('abcdef')
    await clock.tick(10)
    const after = await open(disk.crashed(() => 0.5, 'kill'))
    expect(text(await takeAll(after))).toBe('cdef')
  })

  test('marks go on after their file was closed', async () => {
    const { open, disk, clock } = world({ memoryBytes: 0 })
    const store = await open()
    await putAll(store, ALL)
    const taken = await takeAll(store)
    for (const one of [taken[0]!, taken[4]!]) {
      store.done(one)
      await clock.tick(10)
    }
    store.done(taken[1]!)
    await clock.tick(10)
    const crashed = await open(disk.crashed(() => 0.5, 'kill'))
    expect(text(await takeAll(crashed))).toBe('cdfghijklmnopqrstuvwxyz')
  })

  test('lost marks cost repeats and nothing else', async () => {
    const { open, disk, clock } = world()
    const store = await open()
    await putAll(store, 'abcdef')
    store.done(store.next()!)
    await clock.tick(10)
    await store.close()
    for (const path of disk.paths) if (path.endsWith('.done')) await disk.remove(path)
    const again = await open()
    expect(text(await takeAll(again))).toBe('abcdef')
    await again.close()
  })

  test('a copy of marks without their segment is removed', async () => {
    const { open, disk } = world()
    disk.put('/q/00000007.done', Buffer.from('x'))
    const store = await open()
    expect(disk.paths).toEqual([])
    await putAll(store, 'a')
    expect(disk.paths).toEqual(['/q/00000008.seg'])
    await store.close()
  })

  test('a segment without a header holds nothing, or goes to the quarantine', async () => {
    const { open, disk, damages } = world()
    disk.put('/q/00000001.seg', Buffer.alloc(0))
    disk.put('/q/00000002.seg', Buffer.alloc(500))
    const store = await open()
    expect(damages).toMatchObject([{ kind: 'segment', path: '/q/00000002.seg' }])
    expect(disk.paths).toEqual(['/q/quarantine/00000002.segment'])
    await store.close()
  })

  test('numbers above eight digits are in order', async () => {
    const { open, disk } = world()
    const store = await open()
    await putAll(store, 'ab')
    await store.close()
    await disk.rename('/q/00000001.seg', '/q/99999999.seg')
    const second = await open()
    await putAll(second, 'cd')
    await second.close()
    expect(disk.paths).toEqual(['/q/100000000.seg', '/q/99999999.seg'])
    const third = await open()
    expect(text(await takeAll(third))).toBe('abcd')
    await third.close()
  })
})

describe('damage', () => {
  async function damaged(at: number) {
    const set = world()
    const store = await set.open()
    await putAll(store, 'abcdef')
    await store.close()
    set.disk.damage('/q/00000001.seg', at, 1)
    return { ...set, store: await set.open() }
  }

  test('of a record: it alone is missing, its bytes are kept', async () => {
    const { store, damages, disk } = await damaged(32 + 48 + 2)
    expect(text(await takeAll(store))).toBe('bcdef')
    expect(damages).toMatchObject([{ kind: 'record', offset: 32, items: 1 }])
    expect(disk.paths.at(-1)).toMatch(/^\/q\/quarantine\/00000001-32-[0-9a-f]{8}\.record$/)
    expect(store.waiting).toEqual({ requests: 0, items: 0, bytes: 0 })
    await store.close()
    expect(disk.openCount).toBe(0)
  })

  for (const [name, back] of [
    ['trailer', 5],
    ['index', 40],
  ] as const) {
    test(`of the ${name}: nothing is missing`, async () => {
      const { disk } = await damaged(0)
      const size = disk.content('/q/00000001.seg')!.length
      const { store, damages } = await damaged(size - back)
      expect(text(await takeAll(store))).toBe('abcdef')
      expect(damages.filter(({ kind }) => kind === 'record')).toEqual([])
      await store.close()
    })
  }

  test('of the index and a header: the counts agree all the same', async () => {
    const set = world()
    const store = await set.open()
    await putAll(store, 'abcdef')
    await store.close()
    const size = set.disk.content('/q/00000001.seg')!.length
    set.disk.damage('/q/00000001.seg', size - 40, 1)
    set.disk.damage('/q/00000001.seg', 33, 1)
    const again = await set.open()
    expect(again.waiting.items).toBe(6)
    expect(text(await takeAll(again))).toBe('bcdef')
    expect(again.waiting).toEqual({ requests: 0, items: 0, bytes: 0 })
    await again.close()
  })

  describe('a device that fails to read', () => {
    /** `isBad`: what cannot be read, by its place in the file. */
    async function failing(isBad: (position: number) => boolean) {
      const set = world({ memoryBytes: 0 })
      const { disk } = set
      const open = disk.open.bind(disk)
      let fails = true
      disk.open = async (path, mode) => {
        const file = await open(path, mode)
        const read = async (into: Uint8Array, position: number) => {
          if (fails && isBad(position)) throw diskFailure('read', path, 'EIO')
          return file.read(into, position)
        }
        return { ...file, read }
      }
      const store = await set.open()
      await putAll(store, 'abc')
      expect(lettersOf(store.next()!.batch)).toBe('a')
      const heal = () => {
        fails = false
      }
      return { ...set, store, heal }
    }
    const second = 32 + 48 + letterBatch('a').bytes

    test('one sector for good costs its record, after ten tries', async () => {
      const { store, damages } = await failing((position) => position === second)
      for (let n = 0; n < 9; n++) await expect(store.fetch()).rejects.toThrow('EIO')
      expect(text(await takeAll(store))).toBe('c')
      expect(damages).toMatchObject([{ kind: 'record', offset: second, items: 1 }])
      expect(store.waiting).toEqual({ requests: 0, items: 0, bytes: 0 })
      await store.close()
    })

    test('one that reads nothing for a long time costs nothing', async () => {
      const { store, damages, heal } = await failing(() => true)
      for (let n = 0; n < 50; n++) await expect(store.fetch()).rejects.toThrow('EIO')
      heal()
      expect(text(await takeAll(store))).toBe('bc')
      expect(damages).toEqual([])
      await store.close()
    })
  })

  test('a file of the quarantine that a crash left unsafe is written again', async () => {
    const found = async (before?: string) => {
      const { open, disk } = world()
      let store = await open()
      await putAll(store, 'abc')
      await store.close()
      disk.damage('/q/00000001.seg', 32 + 48 + 2, 1)
      if (before !== undefined) disk.put(before, Buffer.alloc(0))
      store = await open()
      await takeAll(store)
      await store.close()
      const paths = disk.paths.filter((path) => path.includes('quarantine'))
      return paths.map((path) => [path, disk.content(path)])
    }
    const kept = await found()
    expect(kept).toHaveLength(1)
    expect(await found(kept[0]![0] as string)).toEqual(kept)
  })

  test('the quarantine is bounded', async () => {
    const { open, disk } = world()
    for (let n = 0; n < 80; n++) disk.put(`/q/${String(n).padStart(8, '0')}.seg`, Buffer.alloc(99))
    const store = await open()
    expect(disk.paths).toHaveLength(64)
    await store.close()
  })

  test('a newer format is left alone', async () => {
    const { open, disk } = world()
    const header = Buffer.alloc(32)
    header.write('WEIRSEG9')
    header.writeUInt32LE(crc32(header.subarray(0, 12)), 12)
    disk.put('/q/00000001.seg', header)
    await expect(open()).rejects.toBeInstanceOf(Permanent)
    expect([disk.paths, disk.openCount]).toEqual([['/q/00000001.seg'], 0])
  })
})

describe('one at a time', () => {
  test('a folder in use is refused, and free after the end', async () => {
    const { open } = world()
    const store = await open()
    await expect(open()).rejects.toBeInstanceOf(Retryable)
    await store.close()
    await store.close()
    await (await open()).close()
  })

  test('nothing is written after the end', async () => {
    const { open, disk, clock } = world()
    const store = await open()
    await putAll(store, 'ab')
    const taken = store.next()!
    await store.close()
    store.done(taken)
    await expect(store.append([letterBatch('c')])).rejects.toBeInstanceOf(Retryable)
    await expect(store.replace(taken, [letterBatch('c')])).rejects.toBeInstanceOf(Retryable)
    expect([disk.openCount, clock.pending]).toEqual([0, 0])
  })

  test('an end while appends and reads are under way keeps what it said is safe', async () => {
    const { open, disk } = world({ memoryBytes: 0 })
    const store = await open()
    await putAll(store, 'abc')
    store.next()
    const fetching = store.fetch()
    const appending = store.append([letterBatch('d')])
    await Promise.all([store.close(), fetching, appending])
    expect(disk.openCount).toBe(0)
    const again = await open()
    expect(text(await takeAll(again))).toBe('abcd')
    await again.close()
  })
})

describe('changes of place', () => {
  test('parts take the place of the whole, also after a crash', async () => {
    const { open, disk, clock } = world({ memoryBytes: 0 })
    const store = await open()
    await store.append([letterBatch('ab')])
    await putAll(store, 'c')
    const parts = await store.replace(store.next()!, [letterBatch('a'), letterBatch('b')])
    expect(text(parts)).toBe('ab')
    expect(text(await takeAll(store))).toBe('c')
    await clock.tick(10)
    const crashed = await open(disk.crashed(() => 0.5, 'kill'))
    expect(text(await takeAll(crashed))).toBe('cab')
    await store.close()
  })

  test('what is put back waits at the end, with its verdict', async () => {
    const { open } = world()
    const store = await open()
    await store.append([letterBatch('a')], false, { reason: 'bad', at: 1 })
    await putAll(store, 'b')
    await store.putBack(store.next()!)
    const taken = await takeAll(store)
    expect([text(taken), taken[1]!.verdict]).toEqual(['ba', { reason: 'bad', at: 1 }])
    await store.close()
  })
})

test('ages survive a restart, and a clock that went back makes nothing older', async () => {
  const { open, clock, disk } = world()
  const store = await open()
  await putAll(store, 'a')
  await clock.tick(5000)
  await store.close()
  const again = await open()
  expect(clock.monotonic() - (await takeAll(again))[0]!.cameAt).toBe(5000)
  await again.close()
  const early = world({}, disk)
  const third = await DiskStore.open({
    ...{ disk, random: () => 0.5, folder: '/q', segmentBytes: 200, memoryBytes: 0 },
    clock: new FakeClock(1_600_000_000_000),
    events: { damaged: () => {}, freed: () => {} },
  })
  expect((await takeAll(third))[0]!.cameAt).toBe(0)
  await third.close()
  await settle()
  expect(early.damages).toEqual([])
})
