import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Permanent, type Verdict } from '#sdk'
import { FakeClock, FakeDisk, letterBatch, lettersOf } from '#support'
import { DiskStore } from './disk-store.js'
import {
  checkFiles,
  endpointFolder,
  findQueues,
  measureFiles,
  peekFiles,
  readWaiting,
} from './queue-files.js'
import { SEGMENT_HEADER_BYTES, writeSegmentHeader } from './segment-format.js'
import { dropFiles, moveFiles, repairFiles, requeueFiles, withStopped } from './stopped-queue.js'

const FILES = { component: 'a.b.c', signal: 'traces', folder: '/data/a.b.c' } as const
const OTHER = { component: 'a.b.d', signal: 'traces', folder: '/data/a.b.d' } as const
const QUEUE = `${FILES.folder}/queue/traces`
const DEAD = `${FILES.folder}/dead/traces`
const SEGMENT = `${QUEUE}/00000001.seg`
const BAD: Verdict = { reason: 'bad', at: 1 }
const PARTLY: Verdict = { reason: 'bad', at: 1, partly: 1 }

function world(disk = new FakeDisk()) {
  return { disk, clock: new FakeClock(), random: () => 0.5 }
}
type World = ReturnType<typeof world>

function open({ disk, clock, random }: World, folder: string): Promise<DiskStore> {
  const events = { damaged() {}, freed() {} }
  const sizes = { segmentBytes: 1024 * 1024, memoryBytes: 1024 }
  return DiskStore.open({ disk, clock, random, folder, ...sizes, events })
}

/** Letters in a folder, a batch each, with the first `left` of them delivered. */
async function fill(
  all: World,
  folder: string,
  letters: readonly string[],
  { left = 0, verdict }: { left?: number; verdict?: Verdict } = {},
): Promise<void> {
  const store = await open(all, folder)
  for (const one of letters) await store.append([letterBatch(one)], false, verdict)
  for (let n = 0; n < left; n++) store.done(store.next()!)
  await store.close()
}

async function lettersIn({ disk }: World, folder: string): Promise<string> {
  const waiting = await readWaiting(disk, folder, 100)
  return waiting.map(([, { batch }]) => lettersOf(batch)).join(' ')
}

/** Changes a byte of the content of the n-th record. */
function damage({ disk }: World, record: number): void {
  const bytes = Buffer.from(disk.content(SEGMENT)!)
  let at = bytes.indexOf('WREC')
  for (let n = 0; n < record; n++) at = bytes.indexOf('WREC', at + 4)
  bytes[at + 48 + 3]! ^= 0xff
  disk.put(SEGMENT, bytes)
}

describe('looking', () => {
  test('finds queues of components and in the folders of storage components', async () => {
    const all = world()
    await fill(all, QUEUE, ['a'])
    await fill(all, `/data/store.file.x/a.b.e/dead/logs`, ['b'])
    await fill(all, `${endpointFolder('/data/a.b.g', '../eu west')}/queue/samples`, ['b'])
    all.disk.put('/data/a.b.f/positions', Buffer.from('x'))
    expect(await findQueues(all.disk, '/data')).toEqual([
      FILES,
      {
        component: 'a.b.g',
        endpoint: '../eu west',
        signal: 'samples',
        folder: '/data/a.b.g/endpoints/%2E.%2Feu%20west',
      },
      { component: 'a.b.e', signal: 'logs', folder: '/data/store.file.x/a.b.e' },
    ])
    expect(await findQueues(all.disk, '/nowhere')).toEqual([])
  })

  test('measures what has not left', async () => {
    const all = world()
    await fill(all, QUEUE, ['aa', 'b', 'ccc'], { left: 1 })
    await fill(all, DEAD, ['zz'], { verdict: BAD })
    await all.clock.tick(2000)
    const content = await measureFiles(all.disk, all.clock, FILES)
    expect(content).toMatchObject({
      held: { requests: 2, items: 4, bytes: letterBatch('bccc').bytes },
      oldestMs: 2000,
      deadLetters: { requests: 1, items: 2 },
      quarantined: 0,
    })
    expect(content.storedBytes).toBe(all.disk.content(SEGMENT)!.length)
  })

  test('shows the oldest first, with what the destination said', async () => {
    const all = world()
    await fill(all, DEAD, ['a', 'b', 'c'], { verdict: PARTLY })
    const found = await peekFiles(all.disk, FILES, 'dead', 2)
    expect(found).toMatchObject([
      { items: 1, attempts: 0, cameAt: all.clock.now(), verdict: PARTLY },
      { items: 1 },
    ])
    expect(JSON.parse(found[1]!.toJson())).toMatchObject({
      resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'b' }] }] }],
    })
  })

  test('disturbs nobody who writes', async () => {
    const all = world()
    const store = await open(all, QUEUE)
    await store.append([letterBatch('a')])
    expect(await lettersIn(all, QUEUE)).toBe('a')
    // Half of a write that is under way.
    const bytes = all.disk.content(SEGMENT)!
    const file = await all.disk.open(SEGMENT, 'write')
    await file.write(
      [bytes.subarray(SEGMENT_HEADER_BYTES, SEGMENT_HEADER_BYTES + 34)],
      bytes.length,
    )
    await file.close()
    expect(await lettersIn(all, QUEUE)).toBe('a')
    expect(await checkFiles(all.disk, FILES)).toMatchObject([
      { records: 1, left: 0, flaws: [{ kind: 'torn', offset: bytes.length, bytes: 34 }] },
    ])
    expect(all.disk.content(SEGMENT)!.length).toBe(bytes.length + 34)
    await store.close()
    expect(all.disk.openCount).toBe(0)
  })
})

describe('checking', () => {
  test('names the damaged record, and repairing puts it aside', async () => {
    const all = world()
    await fill(all, QUEUE, ['a', 'bb', 'c'], { left: 1 })
    damage(all, 1)
    const [check] = await checkFiles(all.disk, FILES)
    expect(check).toMatchObject({ path: SEGMENT, part: 'queue', records: 3, left: 1 })
    expect(check!.flaws).toMatchObject([{ kind: 'record', items: 2 }])
    expect(await repairFiles(all, FILES)).toMatchObject([{ kind: 'record', items: 2 }])
    const [after] = await checkFiles(all.disk, FILES)
    expect(after).toMatchObject({ records: 3, left: 2, flaws: [] })
    expect(await lettersIn(all, QUEUE)).toBe('c')
    expect(await measureFiles(all.disk, all.clock, FILES)).toMatchObject({ quarantined: 1 })
  })

  test('goes by the records when the index is damaged', async () => {
    const all = world()
    await fill(all, QUEUE, ['a', 'b'])
    const bytes = Buffer.from(all.disk.content(SEGMENT)!)
    bytes[bytes.length - 28 - 1]! ^= 0xff
    all.disk.put(SEGMENT, bytes)
    expect(await lettersIn(all, QUEUE)).toBe('a b')
    expect(await checkFiles(all.disk, FILES)).toMatchObject([
      { records: 2, flaws: [{ kind: 'index' }] },
    ])
  })

  test('says when nothing can be read, or a newer version wrote it', async () => {
    const all = world()
    all.disk.put(SEGMENT, Buffer.alloc(100, 'nonsense'))
    const newer = writeSegmentHeader(1)
    newer.write('9', 7)
    newer.writeUInt32LE(crc32(newer.subarray(0, 12)), 12)
    all.disk.put(`${QUEUE}/00000002.seg`, newer)
    all.disk.put(`${QUEUE}/00000003.seg`, newer.subarray(0, 8))
    expect(await checkFiles(all.disk, FILES)).toMatchObject([
      { records: 0, flaws: [{ kind: 'header', bytes: 100 }], isNewer: false },
      { records: 0, flaws: [], isNewer: true },
      { records: 0, flaws: [{ kind: 'torn', bytes: 8 }], isNewer: false },
    ])
    expect(await lettersIn(all, QUEUE)).toBe('')
  })

  test('every changed byte of a record is found', async () => {
    const all = world()
    await fill(all, QUEUE, ['abc', 'def'])
    const bytes = all.disk.content(SEGMENT)!
    const end = bytes.lastIndexOf('WREC')
    for (let at = SEGMENT_HEADER_BYTES; at < end; at++) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= 0x40
      all.disk.put(SEGMENT, changed)
      const [check] = await checkFiles(all.disk, FILES)
      expect(check!.flaws, `byte ${at}`).toHaveLength(1)
      expect(await lettersIn(all, QUEUE)).toBe('def')
    }
  })
})

describe('dead letters', () => {
  test('go back into the queue; those taken in part stay unless forced', async () => {
    const all = world()
    await fill(all, QUEUE, ['q'])
    await fill(all, DEAD, ['a', 'b'], { verdict: BAD })
    await fill(all, DEAD, ['c'], { verdict: PARTLY })
    expect(await requeueFiles(all, FILES, false)).toMatchObject({
      moved: { requests: 2, items: 2 },
      partly: { requests: 1, items: 1 },
    })
    expect([await lettersIn(all, QUEUE), await lettersIn(all, DEAD)]).toEqual(['q a b', 'c'])
    expect(await requeueFiles(all, FILES, true)).toMatchObject({ moved: { requests: 1 } })
    expect([await lettersIn(all, QUEUE), await lettersIn(all, DEAD)]).toEqual(['q a b c', ''])
  })

  test('are in one place at least when the disk fails half-way', async () => {
    const reference = world()
    await fill(reference, DEAD, ['a', 'b', 'c'], { verdict: BAD })
    for (let fails = 0; fails < 40; fails++) {
      const all = world(reference.disk.crashed(() => 0.5, 'kill'))
      let calls = 0
      all.disk.before = (call, path) => {
        if (calls++ === fails) throw new Permanent(`no ${call} of ${path}`)
      }
      await requeueFiles(all, FILES, false).catch(() => {})
      all.disk.before = () => {}
      const there = `${await lettersIn(all, QUEUE)} ${await lettersIn(all, DEAD)}`
      for (const letter of 'abc') expect(there, `call ${fails}`).toContain(letter)
    }
  })
})

describe('another queue', () => {
  test('takes what waits and the dead letters, and the folders go', async () => {
    const all = world()
    await fill(all, QUEUE, ['a', 'b'], { left: 1 })
    await fill(all, DEAD, ['z'], { verdict: PARTLY })
    await fill(all, '/data/a.b.d/queue/traces', ['x'])
    const moved = await withStopped(all, OTHER, (adopt) => moveFiles(all, FILES, adopt))
    expect(moved).toMatchObject({ moved: { requests: 2, items: 2 }, isFull: false })
    expect(await lettersIn(all, '/data/a.b.d/queue/traces')).toBe('x b')
    expect(await peekFiles(all.disk, OTHER, 'dead', 9)).toMatchObject([{ verdict: PARTLY }])
    expect(await all.disk.list('/data')).toEqual(['a.b.d'])
    expect(all.disk.openCount).toBe(0)
  })

  test('that is full leaves the rest where it is', async () => {
    const all = world()
    await fill(all, QUEUE, ['a', 'b', 'c'])
    let room = 2
    const moved = await moveFiles(all, FILES, async () => room-- > 0)
    expect(moved).toMatchObject({ moved: { requests: 2 }, isFull: true })
    expect(await lettersIn(all, QUEUE)).toBe('c')
  })
})

describe('dropping', () => {
  test('deletes one part, its quarantine, and says how much', async () => {
    const all = world()
    await fill(all, QUEUE, ['aa', 'b'], { left: 1 })
    await fill(all, DEAD, ['z'], { verdict: BAD })
    all.disk.put(`${QUEUE}/quarantine/1-16.record`, Buffer.from('x'))
    expect(await dropFiles(all, FILES, 'queue')).toMatchObject({ requests: 1, items: 1 })
    expect(await lettersIn(all, DEAD)).toBe('z')
    expect(await dropFiles(all, FILES, 'dead')).toMatchObject({ requests: 1, items: 1 })
    expect(await all.disk.list('/data')).toEqual([])
    expect(await dropFiles(all, FILES, 'dead')).toMatchObject({ requests: 0 })
  })

  test('does nothing to a queue that is in use', async () => {
    const all = world()
    const store = await open(all, QUEUE)
    await store.append([letterBatch('a')])
    await expect(dropFiles(all, FILES, 'queue')).rejects.toThrow('in use')
    await expect(requeueFiles(all, FILES, false)).resolves.toMatchObject({ moved: { items: 0 } })
    await expect(moveFiles(all, FILES, async () => true)).rejects.toThrow('in use')
    expect(await lettersIn(all, QUEUE)).toBe('a')
    await store.close()
  })
})
