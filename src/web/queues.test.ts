import { describe, expect, test } from 'vitest'
import { Permanent, Retryable } from '#sdk'
import { letterBatch, settle } from '#support'
import { runningAgent } from '../../test/support/served-agent.js'

const QUEUE = 'toy.queue "out" { }'
const PATH = '/api/v1/queues/toy.queue.out/traces'
const DISK = '/nowhere/toy.queue.out'
const POST = { method: 'POST' } as const

/** An agent whose destination is away, with these letters in its queue, a batch each. */
async function withQueue(letters: readonly string[] = [], text = QUEUE) {
  const all = await runningAgent(text)
  all.destination.failure = new Retryable('away')
  const put = async (batches: readonly string[]) => {
    for (const one of batches) await all.find('toy.queue.out').consume(letterBatch(one))
    await settle()
  }
  await put(letters)
  /** Loads another config and waits until what it replaced has drained. */
  const reload = async (next: string) => {
    all.config.text = next
    const receipt = await all.agent.load('http')
    expect(receipt.ok).toBe(true)
    for (let turn = 0; receipt.drained === undefined && turn < 20; turn++) {
      await all.clock.tick(100)
    }
    await settle()
  }
  const traces = async () => {
    const { body } = await all.json('/api/v1/queues')
    const queues = body as readonly { component: string; signal: string; state: string }[]
    return queues.filter(({ signal }) => signal === 'traces')
  }
  return { ...all, put, reload, traces }
}

/** As `withQueue`, with what a destination refuses for good among the dead letters. */
async function withDeadLetters(letters: readonly string[]) {
  const all = await withQueue()
  all.destination.failure = new Permanent('the trace id is all zeros', { code: 9 })
  await all.put(letters)
  return all
}

describe('/api/v1/queues', () => {
  test('tells of each queue what it holds and how it goes', async () => {
    const { traces, clock } = await withQueue(['ab', 'c'])
    await clock.tick(500)
    expect(await traces()).toEqual([
      {
        component: 'toy.queue.out',
        signal: 'traces',
        state: 'running',
        durability: 'disk',
        folder: DISK,
        batches: 2,
        items: 3,
        bytes: letterBatch('abc').bytes,
        storedBytes: expect.any(Number) as number,
        capacity: { batches: 100, storedBytes: 1024 * 1024 },
        oldestMs: 500,
        deadLetters: { batches: 0, items: 0, bytes: 0 },
        quarantined: 0,
        figures: {
          retried: 2,
          inPerSecond: 3,
          outPerSecond: 0,
          concurrency: expect.any(Number) as number,
          blockedForMs: 0,
          refused: 0,
        },
      },
    ])
  })

  test('has them in the detail of the component, too, and none for others', async () => {
    const { json } = await withQueue([], `${QUEUE}\ntoy.sink "none" { }`)
    const { body } = await json('/api/v1/components/toy.queue.out')
    expect((body as { queues: unknown }).queues).toMatchObject([
      { signal: 'traces' },
      { signal: 'metrics' },
      { signal: 'logs' },
    ])
    expect((await json('/api/v1/components/toy.sink.none')).body).not.toHaveProperty('queues')
  })

  test('counts what found no room', async () => {
    const { find, traces } = await withQueue(['a'], 'toy.queue "out" {\n size = 1\n}')
    await expect(find('toy.queue.out').reserve(letterBatch('b'))).rejects.toThrow('full')
    expect(await traces()).toMatchObject([{ figures: { refused: 1 } }])
  })
})

describe('peek', () => {
  test('shows what waits, oldest first', async () => {
    const { json } = await withQueue(['ab', 'c'])
    const { status, body } = await json(`${PATH}/peek?n=1`)
    expect(status).toBe(200)
    expect(body).toEqual([
      { came: '2023-11-14T22:13:20.000Z', attempts: 1, items: 2, bytes: letterBatch('ab').bytes },
    ])
    expect((await json(`${PATH}/peek`)).body).toMatchObject([{ items: 2 }, { items: 1 }])
  })

  test('shows the content as OTLP/JSON where that is asked for', async () => {
    const { json } = await withQueue(['a'])
    expect((await json(`${PATH}/peek?content=1`)).body).toMatchObject([
      { content: { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'a' }] }] }] } },
    ])
  })

  test('shows what waits in memory', async () => {
    const { json } = await withQueue(['a', 'bc'], 'toy.queue "out" {\n memory = true\n}')
    expect((await json(`${PATH}/peek`)).body).toMatchObject([
      { attempts: 1, items: 1 },
      { attempts: 1, items: 2 },
    ])
  })

  test('shows dead letters with what the destination said', async () => {
    const { json } = await withDeadLetters(['ab'])
    expect((await json(`${PATH}/peek?dead=1`)).body).toMatchObject([
      {
        items: 2,
        reason: 'the trace id is all zeros',
        refused: '2023-11-14T22:13:20.000Z',
      },
    ])
  })

  test.each(['toy.queue.none/traces', 'toy.queue.out/profiles'])('404: %s', async (name) => {
    const { json } = await withQueue()
    expect(await json(`/api/v1/queues/${name}/peek`)).toEqual({
      status: 404,
      body: { error: `there is no queue ${name}` },
    })
  })
})

describe('requeue', () => {
  test('sends dead letters again, and the ledger has them once more', async () => {
    const { json, destination, find, traces } = await withDeadLetters(['ab', 'c'])
    expect(await traces()).toMatchObject([{ batches: 0, deadLetters: { items: 3 } }])
    destination.failure = undefined
    const { status, body } = await json(`${PATH}/requeue`, POST)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      moved: { batches: 2, items: 3 },
      partly: { batches: 0 },
      isFull: false,
    })
    await settle()
    expect(await traces()).toMatchObject([{ batches: 0, deadLetters: { items: 0 } }])
    const { entered, left, dropped } = find('toy.queue.out').ledger.counts('traces')
    expect({ entered, left, dropped }).toEqual({
      entered: 6,
      left: 3,
      dropped: new Map([['set aside', 3]]),
    })
  })

  test('stops at a full queue, and loses nothing', async () => {
    const { json, put, destination, traces } = await withQueue([], 'toy.queue "out" {\nsize = 2\n}')
    destination.failure = new Permanent('no', { code: 9 })
    for (const one of ['a', 'b', 'c']) await put([one])
    destination.failure = new Retryable('away')
    const { body } = await json(`${PATH}/requeue`, POST)
    expect(body).toMatchObject({ moved: { batches: 2 }, isFull: true })
    expect(await traces()).toMatchObject([{ batches: 2, deadLetters: { batches: 1 } }])
  })
})

describe('drop', () => {
  test('deletes what waits, and the ledger says so', async () => {
    const { json, find, traces } = await withQueue(['ab', 'c'])
    expect((await json(`${PATH}/drop`, POST)).body).toMatchObject({
      dropped: { batches: 2, items: 3 },
    })
    expect(await traces()).toMatchObject([{ batches: 0 }])
    const { ledger } = find('toy.queue.out')
    expect(ledger.counts('traces').dropped).toEqual(new Map([['dropped by hand', 3]]))
    expect(ledger.held('traces')).toBe(0)
  })

  test('deletes dead letters and nothing else', async () => {
    const { json, put, destination, traces } = await withDeadLetters(['ab'])
    destination.failure = new Retryable('away')
    await put(['c'])
    const { body } = await json(`${PATH}/drop?dead=1`, POST)
    expect(body).toMatchObject({ dropped: { items: 2 } })
    expect(await traces()).toMatchObject([{ batches: 1, deadLetters: { batches: 0 } }])
  })
})

test.each(['requeue', 'drop'])('%s is for POST, and not for pages of other sites', async (what) => {
  const { ask, json, traces } = await withQueue(['a'])
  expect((await ask(`${PATH}/${what}`)).status).toBe(404)
  for (const site of ['cross-site', 'same-site']) {
    const headers = { 'sec-fetch-site': site }
    expect(await json(`${PATH}/${what}`, { ...POST, headers })).toEqual({
      status: 403,
      body: { error: 'a page of another site may not change queues' },
    })
  }
  expect(await traces()).toMatchObject([{ batches: 1 }])
})

describe('a queue that no component runs any more', () => {
  const RENAMED = 'toy.queue "other" { }'

  test('is kept, listed, and warned of once with the next step', async () => {
    const { reload, traces, lines } = await withQueue(['ab', 'c'])
    await reload(RENAMED)
    expect(await traces()).toMatchObject([
      { component: 'toy.queue.other', state: 'running' },
      { component: 'toy.queue.out', state: 'orphaned', batches: 2, items: 3, folder: DISK },
    ])
    const warnings = () => lines.filter((line) => line.includes('belongs to no component'))
    expect(warnings()).toHaveLength(1)
    expect(warnings()[0]).toContain('weir queue requeue toy.queue.out/traces --to COMPONENT')
    await reload(`${RENAMED}\ntoy.sink "more" { }`)
    expect(warnings()).toHaveLength(1)
  })

  test('goes on under its old name', async () => {
    const { reload, traces, destination } = await withQueue(['ab'])
    await reload(RENAMED)
    destination.failure = undefined
    await reload(QUEUE)
    expect(await traces()).toMatchObject([{ component: 'toy.queue.out', batches: 0 }])
  })

  test('is orphaned too when the component queues in memory now', async () => {
    const { reload, traces, json } = await withQueue(['ab'])
    await reload('toy.queue "out" {\n memory = true\n}')
    expect(await traces()).toMatchObject([
      { component: 'toy.queue.out', state: 'running', durability: 'memory', batches: 0 },
      { component: 'toy.queue.out', state: 'orphaned', batches: 1 },
    ])
    expect((await json(`${PATH}/peek`)).body).toEqual([])
    expect((await json(`${PATH}/peek?orphaned=1`)).body).toMatchObject([{ items: 2 }])
    expect(await json(`${PATH}/requeue?to=toy.queue.out`, POST)).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('in memory') as string },
    })
    expect(await traces()).toMatchObject([{ batches: 0 }, { batches: 1 }])
  })

  test('is taken over by another, and leaves no folder', async () => {
    const { reload, traces, json, find, destination, disk, put } = await withQueue()
    destination.failure = new Permanent('no', { code: 9 })
    await put(['z'])
    destination.failure = new Retryable('away')
    await put(['ab', 'c'])
    await reload(RENAMED)
    const { status, body } = await json(`${PATH}/requeue?to=toy.queue.other`, POST)
    expect(status).toBe(200)
    expect(body).toMatchObject({ moved: { batches: 3, items: 4 }, isFull: false })
    expect(await traces()).toMatchObject([
      { component: 'toy.queue.other', batches: 2, deadLetters: { batches: 1 } },
    ])
    expect(find('toy.queue.other').isBalanced).toBe(true)
    expect(disk.paths.filter((path) => path.startsWith(`${DISK}/`))).toEqual([])
    expect((await json('/api/v1/queues/toy.queue.other/traces/peek?dead=1')).body).toMatchObject([
      { reason: 'no' },
    ])
  })

  test('is deleted when somebody says so', async () => {
    const { reload, traces, json } = await withQueue(['ab'])
    await reload(RENAMED)
    expect((await json(`${PATH}/drop`, POST)).body).toMatchObject({ dropped: { items: 2 } })
    expect(await traces()).toMatchObject([{ component: 'toy.queue.other' }])
  })

  const faults: readonly (readonly [string, string, number, string])[] = [
    ['of one that runs', '/toy.queue.other/traces/requeue?to=toy.queue.other', 409, 'in use'],
    ['to nobody', '/toy.queue.out/traces/requeue', 409, 'no component runs'],
    [
      'to one that is not there',
      '/toy.queue.out/traces/requeue?to=toy.queue.no',
      404,
      'toy.queue.no',
    ],
    ['of none', '/toy.queue.no/traces/requeue?to=toy.queue.other', 404, 'no queue'],
  ]
  test.each(faults)('is not moved: %s', async (_, path, status, error) => {
    const { reload, traces, json } = await withQueue(['ab'])
    await reload(RENAMED)
    expect(await json(`/api/v1/queues${path}`, POST)).toEqual({
      status,
      body: { error: expect.stringContaining(error) as string },
    })
    expect(await traces()).toMatchObject([{ batches: 0 }, { batches: 1 }])
  })
})
