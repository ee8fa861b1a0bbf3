/**
 * Segment files with damage of every kind: whatever the bytes, a folder opens, its records come
 * out, and no record is missing but those that were hit. WEIR_SEED takes another run.
 */
import { expect, test } from 'vitest'
import { FakeClock, FakeDisk, letterBatch, lettersOf, randomFrom } from '#support'
import { DiskStore } from '../../src/queue/disk-store.js'
import { findRecords } from '../../src/queue/recovery.js'
import { SEGMENT_HEADER_BYTES } from '../../src/queue/segment-format.js'

const ROUNDS = 600
const seed = Number(process.env['WEIR_SEED'] ?? 1)
const FOLDER = '/q'
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP'
/** More reads than that for so few records would be a loop. */
const FETCHES_MAX = 500

function optionsOn(disk: FakeDisk) {
  return {
    ...{ disk, clock: new FakeClock(), random: randomFrom(7), folder: FOLDER },
    ...{ segmentBytes: 1500, memoryBytes: 0 },
    events: { damaged: () => {}, freed: () => {} },
  }
}

/** Some segments that are sealed, one that a crash left, and marks. */
async function sample(): Promise<FakeDisk> {
  const disk = new FakeDisk()
  const options = optionsOn(disk)
  const store = await DiskStore.open(options)
  for (const letter of LETTERS) await store.append([letterBatch(letter)])
  for (let n = 0; n < 5; n++) {
    await store.fetch()
    store.done(store.next()!)
  }
  await options.clock.tick(10)
  return disk.crashed(() => 0, 'kill')
}

/** All that comes out, each letter once. */
async function readAll(disk: FakeDisk): Promise<Set<string>> {
  const store = await DiskStore.open(optionsOn(disk))
  const letters = new Set<string>()
  for (let fetches = 0; await store.fetch(); fetches++) {
    if (fetches > FETCHES_MAX) expect.fail('reads without an end')
    for (let next = store.next(); next; next = store.next()) letters.add(lettersOf(next.batch))
  }
  expect(store.waiting).toEqual({ requests: 0, items: 0, bytes: 0 })
  await store.close()
  expect(disk.openCount).toBe(0)
  return letters
}

interface Hit {
  readonly path: string
  readonly bytes: Buffer
  /** What was changed, in places of the sound file. */
  readonly from: number
  readonly to: number
  /** What lies behind is elsewhere now, as no medium does: marks may meet other records. */
  readonly isShift?: boolean
}

function damage(disk: FakeDisk, random: () => number): Hit {
  const below = (limit: number) => Math.floor(random() * limit)
  const paths = disk.paths.filter((path) => /\.(seg|done)$/.test(path))
  const path = paths[below(paths.length)]!
  const bytes = disk.content(path)!
  const from = below(bytes.length)
  const size = Math.min(bytes.length - from, 1 + below(random() < 0.5 ? 4 : 200))
  const before = bytes.subarray(0, from)
  const behind = bytes.subarray(from + size)
  switch (below(5)) {
    case 0:
      bytes[from]! ^= 1 << below(8)
      return { path, bytes, from, to: from + 1 }
    case 1:
      for (let at = from; at < from + size; at++) bytes[at] = below(256)
      return { path, bytes, from, to: from + size }
    case 2:
      return { path, bytes: Buffer.from(before), from, to: Number.POSITIVE_INFINITY }
    case 3:
      return { path, bytes: Buffer.concat([before, behind]), from, to: from + size, isShift: true }
    default: {
      const copied = bytes.subarray(below(bytes.length)).subarray(0, size)
      return {
        path,
        bytes: Buffer.concat([before, copied, bytes.subarray(from)]),
        from,
        to: from + 1,
        isShift: true,
      }
    }
  }
}

/** The letters of records of a sound file that the hit left alone. */
function untouched(disk: FakeDisk, hits: readonly Hit[]): string {
  let letters = ''
  for (const path of disk.paths.filter((one) => one.endsWith('.seg'))) {
    const bytes = disk.content(path)!
    const own = hits.filter((hit) => hit.path === path)
    // Without any header nothing can be told apart: the file is set aside as it is.
    if (own.some(({ from }) => from < SEGMENT_HEADER_BYTES)) continue
    const isMarked = disk.content(path.replace('.seg', '.done')) !== undefined
    const shifted = own.find(({ isShift }) => isShift && isMarked)?.from ?? bytes.length
    const { index } = findRecords(bytes, bytes.readUInt32LE(8))
    for (let record = 0; record < index.count; record++) {
      const begin = index.offset(record)
      const end = begin + index.bytes(record)
      if (end > shifted || own.some(({ from, to }) => from < end && to > begin)) continue
      letters += lettersOf({ chunks: [bytes.subarray(begin, end)] } as never)
    }
  }
  return letters
}

function missing(expected: string, found: ReadonlySet<string>, left: string): string[] {
  return [...expected].filter((letter) => !found.has(letter) && !left.includes(letter))
}

test(`only what was hit is missing (seed ${seed})`, async () => {
  const random = randomFrom(seed)
  const sound = await sample()
  const left = LETTERS.slice(0, 5)
  let lost = 0
  for (let round = 0; round < ROUNDS; round++) {
    const disk = sound.crashed(() => 0, 'kill')
    const hits: Hit[] = []
    for (let faults = 1 + Math.floor(random() * 2); faults > 0; faults--) {
      const hit = damage(sound, random)
      if (hits.some(({ path }) => path === hit.path)) continue
      hits.push(hit)
      disk.put(hit.path, hit.bytes)
    }
    const found = await readAll(disk)
    const where = `seed ${seed} round ${round}: ${hits.map(({ path, from, to }) => [path, from, to])}`
    expect(missing(untouched(sound, hits), found, left), where).toEqual([])
    if (found.size < LETTERS.length - left.length) lost++
  }
  // Damage that never costs anything would be none.
  expect(lost).toBeGreaterThan(ROUNDS / 10)
})

test('a reader that stops at the first damage would be noticed', async () => {
  const random = randomFrom(seed)
  const sound = await sample()
  for (let round = 0; round < 200; round++) {
    const disk = sound.crashed(() => 0, 'kill')
    const hit = damage(sound, random)
    disk.put(hit.path, hit.bytes.subarray(0, hit.from))
    const found = await readAll(disk)
    if (missing(untouched(sound, [hit]), found, LETTERS.slice(0, 5)).length > 0) return
  }
  expect.fail('200 rounds found nothing')
})
