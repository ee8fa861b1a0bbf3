import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { queueText, systemClock, systemDisk, type Verdict } from '#sdk'
import { letterBatch } from '#support'
import type { QueueView } from '#web'
import { runWeir, temporaryFolder } from '../../test/support/cli.js'
import { DiskStore } from '../queue/disk-store.js'

const OUT = 'otelcol.exporter.otlp.out'
const NEW = 'otelcol.exporter.otlp.new'
const BAD: Verdict = { reason: 'the span has no trace id', at: 1_700_000_000_000 }

function open(folder: string): Promise<DiskStore> {
  const sizes = { segmentBytes: 1024 * 1024, memoryBytes: 1024 }
  const events = { damaged() {}, freed() {} }
  const outside = { disk: systemDisk, clock: systemClock, random: () => 0.5 }
  return DiskStore.open({ ...outside, ...sizes, folder, events })
}

/** A storage path with batches of letters in these folders. */
async function storage(content: Readonly<Record<string, readonly string[]>> = {}) {
  const root = temporaryFolder()
  for (const [folder, letters] of Object.entries(content)) {
    const store = await open(join(root, folder))
    for (const one of letters) {
      const isPartly = one !== one.toLowerCase()
      const verdict = isPartly ? { ...BAD, partly: 1 } : BAD
      await store.append([letterBatch(one)], false, folder.includes('/dead/') ? verdict : undefined)
    }
    await store.close()
  }
  const queue = (...args: readonly string[]) =>
    runWeir(['queue', args[0]!, '--storage.path', root, ...args.slice(1)])
  const list = async () => {
    const { out } = await queue('ls', '--json')
    const queues = JSON.parse(out) as readonly QueueView[]
    return queues.map(({ items, deadLetters, ...one }) => [
      queueText(one),
      items,
      deadLetters.items,
    ])
  }
  return { root, queue, list }
}

const FILLED = { [`${OUT}/queue/traces`]: ['ab', 'c'], [`${OUT}/dead/traces`]: ['x', 'YZ'] }

describe('ls', () => {
  test('lists what is there', async () => {
    const { queue } = await storage({ ...FILLED, [`${OUT}/queue/logs`]: [] })
    const { code, out, err } = await queue('ls')
    expect([code, err]).toEqual([0, ''])
    const [head, ...rows] = out.trimEnd().split('\n')
    expect(head).toMatch(/^QUEUE +STATE +BATCHES +ITEMS +BYTES +STORED +OLDEST +DEAD +QUAR$/)
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatch(
      /^otelcol\.exporter\.otlp\.out\/traces +stopped +2 +3 +27 B +\d+ B +\S+ +3 items +-$/,
    )
    expect(rows[1]).toMatch(/\/logs +stopped +0 +0 +0 B +0 B +- +- +-$/)
  })

  test('tells programs the same', async () => {
    const { queue, root } = await storage(FILLED)
    expect(JSON.parse((await queue('ls', '--json')).out)).toMatchObject([
      {
        component: OUT,
        signal: 'traces',
        state: 'stopped',
        folder: join(root, OUT),
        batches: 2,
        items: 3,
        deadLetters: { batches: 2, items: 3 },
        quarantined: 0,
      },
    ])
  })

  test('says so when there are none', async () => {
    const { queue } = await storage()
    expect(await queue('ls')).toEqual({ code: 0, out: 'no queues\n', err: '' })
  })
})

describe('fsck', () => {
  const segment = (root: string) => join(root, OUT, 'queue/traces/00000001.seg')

  test('finds nothing where nothing is wrong', async () => {
    const { queue, root } = await storage(FILLED)
    const { code, out } = await queue('fsck')
    expect(code).toBe(0)
    expect(out).toBe(
      `${OUT}/traces\n` +
        `  ${segment(root)}: 2 records, 0 left\n` +
        `  ${join(root, OUT, 'dead/traces/00000001.seg')}: 2 records, 0 left\n`,
    )
  })

  test('names what is damaged, repairs it, and then finds nothing', async () => {
    const { queue, root, list } = await storage(FILLED)
    const bytes = readFileSync(segment(root))
    bytes[bytes.indexOf('WREC') + 50]! ^= 0xff
    writeFileSync(segment(root), bytes)
    const first = await queue('fsck', `${OUT}/traces`, '--json')
    expect(first.code).toBe(1)
    expect(JSON.parse(first.out)).toMatchObject([
      {
        live: false,
        segments: [
          { part: 'queue', records: 2, left: 0, damaged: [{ kind: 'record', items: 2 }] },
          { part: 'dead', damaged: [] },
        ],
        repaired: [],
      },
    ])
    const second = await queue('fsck', OUT, '--repair')
    expect(second.code).toBe(1)
    expect(second.out).toMatch(/damaged record at 32, 66 B, 2 items\n/)
    expect(second.out).toMatch(/put into quarantine: .*00000001\.seg at 32\n/)
    expect(await queue('fsck')).toMatchObject({ code: 0 })
    expect(await list()).toEqual([[`${OUT}/traces`, 1, 3]])
    expect(readdirSync(join(root, OUT, 'queue/traces/quarantine'))).toEqual([
      expect.stringMatching(/^00000001-32-[0-9a-f]{8}\.record$/),
    ])
  })

  test('cuts off the end of a write that was cut short, which is no damage', async () => {
    const { queue, root } = await storage({ [`${OUT}/queue/traces`]: ['a'] })
    const bytes = readFileSync(segment(root))
    const half = bytes.subarray(0, bytes.indexOf('WREC') + 20)
    writeFileSync(
      segment(root),
      Buffer.concat([bytes.subarray(0, bytes.indexOf('WIDX') - 8), half]),
    )
    const { code, out } = await queue('fsck', '--repair')
    expect(code).toBe(0)
    expect(out).toContain('a write that was cut short, never acknowledged')
    expect(out).toContain('  cut off: ')
    expect((await queue('fsck')).out).not.toContain('torn')
  })

  test('looks at a queue in use, and repairs nothing there', async () => {
    const { queue, root } = await storage({ [`${OUT}/queue/traces`]: ['a'] })
    const store = await open(join(root, OUT, 'queue/traces'))
    await store.append([letterBatch('b')])
    const { code, out } = await queue('fsck')
    expect(code).toBe(0)
    expect(out).toContain(`${OUT}/traces (in use by a running agent)\n`)
    const bytes = readFileSync(segment(root))
    bytes[bytes.indexOf('WREC') + 50]! ^= 0xff
    writeFileSync(segment(root), bytes)
    const refused = await queue('fsck', '--repair')
    expect(refused.code).toBe(1)
    expect(refused.err).toMatch(/^error: .* is in use by this process\n$/)
    await store.close()
  })
})

describe('peek', () => {
  test('shows what waits, oldest first', async () => {
    const { queue } = await storage(FILLED)
    const { code, out } = await queue('peek', `${OUT}/traces`, '-n', '1')
    expect(code).toBe(0)
    expect(out).toMatch(/^otelcol\S+\/traces\n\d{4}-\S+Z {2}2 items, 18 B\n$/)
  })

  test('shows dead letters with the reason', async () => {
    const { queue } = await storage(FILLED)
    const { out } = await queue('peek', OUT, '--dead')
    expect(out).toContain('refused 2023-11-14T22:13:20.000Z: the span has no trace id\n')
    expect(out).toContain('the destination took all but 1 item\n')
  })

  test('gives programs the content as OTLP/JSON', async () => {
    const { queue } = await storage(FILLED)
    const { out } = await queue('peek', OUT, '--json', '-n', '1')
    expect(JSON.parse(out)).toMatchObject([
      {
        component: OUT,
        signal: 'traces',
        items: 2,
        content: { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'a' }] }] }, {}] },
      },
    ])
  })

  test.each(['0', '-1', 'x', '1.5'])('refuses to show %s', async (count) => {
    const { queue } = await storage(FILLED)
    expect(await queue('peek', OUT, `--count=${count}`)).toMatchObject({ code: 2 })
  })
})

describe('requeue', () => {
  test('puts dead letters back, and those taken in part only by force', async () => {
    const { queue, list } = await storage(FILLED)
    expect(await queue('requeue', OUT)).toEqual({
      code: 0,
      err: '',
      out: `\
${OUT}/traces: 1 item in 1 batch went back into the queue
  2 items in 1 batch stay: the destination took a part of each, which would arrive twice
  = help: --force sends them all the same
`,
    })
    expect(await list()).toEqual([[`${OUT}/traces`, 4, 2]])
    await queue('requeue', OUT, '--force')
    expect(await list()).toEqual([[`${OUT}/traces`, 6, 0]])
  })

  test('gives all of a queue to another component', async () => {
    const { queue, list, root } = await storage(FILLED)
    const { code, out } = await queue('requeue', `${OUT}/traces`, '--to', NEW)
    expect([code, out]).toEqual([0, `${OUT}/traces: 6 items in 4 batches went to ${NEW}\n`])
    expect(await list()).toEqual([[`${NEW}/traces`, 3, 3]])
    expect(readdirSync(root)).toEqual([NEW])
  })

  test.each([
    [OUT, `${OUT} has that queue already`],
    ['../../etc', '"../../etc" is no component'],
  ])('not to %s', async (to, error) => {
    const { queue, list } = await storage(FILLED)
    const { code, err } = await queue('requeue', OUT, '--to', to)
    expect(code).toBe(1)
    expect(err).toContain(`error: ${error}`)
    expect(await list()).toEqual([[`${OUT}/traces`, 3, 3]])
  })
})

describe('drop', () => {
  test('refuses without --yes', async () => {
    const { queue, list } = await storage(FILLED)
    expect(await queue('drop', OUT)).toEqual({
      code: 2,
      out: '',
      err: `error: without --yes nothing is deleted: what waits of ${OUT}/traces, 3 items in 2 batches\n`,
    })
    expect(await list()).toEqual([[`${OUT}/traces`, 3, 3]])
  })

  test('deletes what waits, or the dead letters, and says how much', async () => {
    const { queue, list, root } = await storage(FILLED)
    expect(await queue('drop', OUT, '--yes')).toMatchObject({
      code: 0,
      out: `${OUT}/traces: deleted what waits, 3 items in 2 batches\n`,
    })
    expect(await list()).toEqual([[`${OUT}/traces`, 0, 3]])
    const { out } = await queue('drop', OUT, '--dead', '--yes')
    expect(out).toBe(`${OUT}/traces: deleted dead letters, 3 items in 2 batches\n`)
    expect(readdirSync(root)).toEqual([])
  })
})

test('queues of endpoints go by their names', async () => {
  const { queue, list, root } = await storage({
    [`${OUT}/endpoints/eu/queue/samples`]: ['ab'],
    [`${OUT}/endpoints/us/queue/samples`]: ['c'],
  })
  expect(await list()).toEqual([
    [`${OUT}/eu/samples`, 2, 0],
    [`${OUT}/us/samples`, 1, 0],
  ])
  expect((await queue('peek', `${OUT}/us/samples`)).out).toMatch(
    /^\S+\/us\/samples\n\S+ {2}1 item,/,
  )
  expect((await queue('requeue', `${OUT}/us/samples`, '--to', `${NEW}/eu`)).code).toBe(0)
  expect((await queue('drop', `${OUT}/eu/samples`, '--yes')).code).toBe(0)
  expect(await list()).toEqual([[`${NEW}/eu/samples`, 1, 0]])
  expect(readdirSync(root)).toEqual([NEW])
})

describe('a queue that is not there', () => {
  test.each([
    ['peek', `${OUT}/trace`, `did you mean "${OUT}/traces"?`],
    ['requeue', 'otelcol.exporter.otlp.ut', `did you mean "${OUT}"?`],
    ['fsck', 'nonsense', 'weir queue ls lists all'],
  ])('%s %s', async (command, name, help) => {
    const { queue } = await storage(FILLED)
    expect(await queue(command, name)).toEqual({
      code: 1,
      out: '',
      err: `error: there is no queue ${name}\n  = help: ${help}\n`,
    })
  })
})

describe('an agent that runs', () => {
  test('is asked, and named when it cannot be', async () => {
    const { queue, root } = await storage(FILLED)
    const store = await open(join(root, OUT, 'queue/traces'))
    const { code, err } = await queue('ls', '--agent', '127.0.0.1:1')
    await store.close()
    expect(code).toBe(1)
    expect(err).toMatch(/^error: cannot ask the agent at 127\.0\.0\.1:1: /)
    expect(err).toContain(
      `  = help: process ${process.pid} runs the queues: name its admin address`,
    )
  })

  test('is asked where it is said to be', async () => {
    const { code, err } = await runWeir(['queue', 'ls', '--agent', 'http://user:word@127.0.0.1:1'])
    expect(code).toBe(1)
    expect(err).toMatch(/^error: cannot ask the agent at http:\/\/127\.0\.0\.1:1: /)
  })
})

test('wrong usage says what is right', async () => {
  const { code, err } = await runWeir(['queue', 'peek'])
  expect(code).toBe(2)
  expect(err).toContain('usage: weir queue peek [options] <queue>')
})
