import { describe, expect, test } from 'vitest'
import type { HttpAnswer } from '#net'
import type { Batch } from '#pdata'
import { checkBody } from '#support'
import { live } from '../../../test/contract/rig.js'
import { World } from '../../../test/contract/world.js'
import { batchOf, runComponent } from '../../../test/support/running-component.js'
import {
  linesBatch,
  WRITE_TYPE_2,
  type WriteRequest,
  writeSink,
} from '../../../test/support/write-sink.js'
import definition from './remote-write.js'

const URL_LINE = 'url = "http://mimir:9009/api/v1/push"'

const endpoint = (body = '') => `endpoint {\n${URL_LINE}\nname = "m"\n${body}\n}`

/** The component and a server that it reaches. */
async function writing(body = endpoint(), world = new World(new Map())) {
  const sink = await writeSink(world)
  const rig = await runComponent(definition, body, world)
  const delivered = (items: number) =>
    live(world, 'a delivery', () => rig.ledger.counts('samples').left === items)
  const failed = () => live(world, 'a failure', () => rig.instance.health().state === 'degraded')
  const idle = () => live(world, 'an end', () => rig.instance.held('samples') === 0)
  return { ...rig, sink, delivered, failed, idle }
}

type Writing = Awaited<ReturnType<typeof writing>>

const BATCH = linesBatch(['up{job="a"} 1@1000', 'up{job="b"} 0.5@1000', 'up{job="b"} -2@2000'])
const LINES = ['up{job="a"} 1@1000', 'up{job="b"} 0.5@1000', 'up{job="b"} -2@2000']

describe('a request of 1.0', () => {
  test('has the samples, and says what it is', async () => {
    const { sink, give, delivered } = await writing()
    await give(BATCH)
    await delivered(3)
    const [request] = sink.requests
    expect(request!.lines).toEqual(LINES)
    expect(request!.header('content-type')).toBe('application/x-protobuf')
    expect(request!.header('content-encoding')).toBe('snappy')
    expect(request!.header('x-prometheus-remote-write-version')).toBe('0.1.0')
    expect(request!.header('user-agent')).toBe('weir')
  })

  test('has all that a sender gave but times of creation, which are ours', async () => {
    const { sink, give, delivered } = await writing(endpoint('send_native_histograms = true'))
    const batch = batchOf('samples', 50)
    await give(batch)
    await delivered(50)
    const decoded = JSON.stringify(sink.requests[0]!.decoded)
    expect(decoded).toContain('exemplars')
    expect(decoded).not.toContain('createdTimestamp')
  })

  const rows: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
    ['headers', 'headers = { "X-Scope-OrgID" = "team-a" }', [['x-scope-orgid', 'team-a']]],
    ['http_headers', 'http_headers = { "X-A" = ["b"] }', [['x-a', 'b']]],
    [
      'headers never over those of the protocol',
      'headers = { "Content-Type" = "text/plain" }',
      [['content-type', 'application/x-protobuf']],
    ],
    [
      'a user and a password',
      'basic_auth { username = "u"\n password = "p" }',
      [['authorization', `Basic ${Buffer.from('u:p').toString('base64')}`]],
    ],
    ['a token', 'bearer_token = "abc"', [['authorization', 'Bearer abc']]],
  ]
  for (const [name, body, headers] of rows) {
    test(`carries ${name}`, async () => {
      const { sink, give, delivered } = await writing(endpoint(body))
      await give(BATCH)
      await delivered(3)
      for (const [header, value] of headers) {
        expect(sink.requests[0]!.header(header)).toBe(value)
      }
    })
  }
})

describe('labels', () => {
  const rule = (body: string) => endpoint(`write_relabel_config {\n${body}\n}`)
  const rows: readonly (readonly [string, string, readonly string[], number?])[] = [
    [
      'external ones go to series that have none of that name',
      `external_labels = { cluster = "eu", job = "none" }\n${endpoint()}`,
      LINES.map((line) => line.replace('job', 'cluster="eu",job')),
    ],
    [
      'rules see external ones',
      `external_labels = { cluster = "eu" }\n${rule('action = "labeldrop"\nregex = "job|cluster"')}`,
      ['up 1@1000', 'up 0.5@1000', 'up -2@2000'],
    ],
    [
      'what a rule drops is counted',
      rule('action = "drop"\nsource_labels = ["job"]\nregex = "b"'),
      LINES.slice(0, 1),
      2,
    ],
  ]
  for (const [name, body, lines, dropped = 0] of rows) {
    test(name, async () => {
      const { sink, give, delivered, ledger, figures } = await writing(body)
      await give(BATCH)
      await give(BATCH)
      await delivered(2 * lines.length)
      expect(sink.taken).toEqual([...lines, ...lines])
      const expected = dropped > 0 ? new Map([['filtered', 2 * dropped]]) : new Map()
      expect(ledger.counts('samples').dropped).toEqual(expected)
      const name = 'prometheus_remote_storage_samples_dropped_total'
      const [, counted] = Object.entries(figures()).find(([one]) => one.startsWith(name))!
      expect(counted).toBe(2 * dropped)
    })
  }

  test('a batch of which nothing is left is no request', async () => {
    const { sink, give, idle, ledger } = await writing(rule('action = "drop"\nregex = ".*"'))
    await give(BATCH)
    await idle()
    expect(sink.requests).toEqual([])
    expect(ledger.counts('samples').dropped).toEqual(new Map([['filtered', 3]]))
  })
})

describe('what goes besides', () => {
  const kinds = (sink: Writing['sink']) => {
    const text = JSON.stringify(sink.requests.map(({ decoded }) => decoded))
    return ['histograms', 'exemplars', 'metadata'].filter((one) => text.includes(`"${one}"`))
  }
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['', ['exemplars', 'metadata']],
    ['send_native_histograms = true', ['histograms', 'exemplars', 'metadata']],
    ['send_exemplars = false', ['metadata']],
    ['metadata_config { send = false }', ['exemplars']],
  ]
  for (const [body, expected] of rows) {
    test(`${body || 'by default'}: ${expected.join(', ')}`, async () => {
      const { sink, give, idle, ledger } = await writing(endpoint(body))
      await give(batchOf('samples', 30))
      await idle()
      const { left, dropped } = ledger.counts('samples')
      expect(left + (dropped.get('filtered') ?? 0)).toBe(30)
      expect(kinds(sink)).toEqual(expected)
    })
  }

  test('metadata is sent when it is new, has changed, or was not sent for long', async () => {
    const { sink, give, delivered, clock } = await writing()
    const about = (help: string): Batch =>
      linesBatch(['up 1@1000'], [{ metricFamilyName: 'up', type: 2, help }])
    const sent: (readonly string[])[] = []
    let items = 0
    for (const [help, waitMs] of [
      ['Up.', 0],
      ['Up.', 0],
      ['Is up.', 0],
      ['Is up.', 30_000],
      ['Is up.', 60_000],
    ] as const) {
      await clock.tick(waitMs)
      await give(about(help))
      await delivered(++items)
      sent.push(sink.requests.at(-1)!.metadata)
    }
    expect(sent).toEqual([['up 2 Up. '], [], ['up 2 Is up. '], [], ['up 2 Is up. ']])
  })
})

describe('an answer', () => {
  const text = (body: string): Partial<HttpAnswer> => ({ body: Buffer.from(body) })
  type Fate = 'again' | 'set aside'
  const rows: readonly (readonly [number, Partial<HttpAnswer>, Fate, string])[] = [
    [429, text('slow down'), 'again', '429: slow down'],
    [500, text('oops'), 'again', '500: oops'],
    [501, {}, 'again', '501'],
    [503, { headers: { 'retry-after': '7' } }, 'again', '503'],
    [400, text(' bad\n'), 'set aside', '400: bad'],
    [401, {}, 'set aside', '401'],
    [404, {}, 'set aside', '404'],
    [409, text('x'.repeat(600)), 'set aside', `409: ${'x'.repeat(500)}`],
  ]
  for (const [status, answer, fate, message] of rows) {
    test(`${status} is ${fate === 'again' ? 'tried again' : 'for good'}`, async () => {
      const all = await writing()
      all.sink.answer = async () => ({ status, ...answer })
      await all.give(linesBatch(['up 1@1000']))
      await all.failed()
      expect(all.instance.health().message).toContain(`mimir:9009/api/v1/push answered ${message}`)
      all.sink.answer = async () => ({ status: 200 })
      await all.idle()
      const { left, dropped } = all.ledger.counts('samples')
      expect([left, dropped.get('set aside') ?? 0]).toEqual(fate === 'again' ? [1, 0] : [0, 1])
    })
  }

  test('429 is for good where the config says so', async () => {
    const all = await writing(endpoint('queue_config { retry_on_http_429 = false }'))
    all.sink.answer = async () => ({ status: 429 })
    await all.give(BATCH)
    await all.idle()
    expect(all.ledger.counts('samples').dropped).toEqual(new Map([['set aside', 3]]))
    expect(all.sink.requests).toHaveLength(1)
  })

  test('with Retry-After is waited for', async () => {
    const all = await writing()
    all.sink.answer = async () => ({ status: 503, headers: { 'retry-after': '60' } })
    await all.give(BATCH)
    await all.failed()
    all.sink.answer = async () => ({ status: 204 })
    const from = all.clock.monotonic()
    await all.delivered(3)
    expect(all.clock.monotonic() - from).toBeGreaterThan(50_000)
  })

  test('400 costs the bad series alone', async () => {
    const all = await writing()
    const isBad = ({ lines }: WriteRequest) => lines.some((line) => line.startsWith('bad'))
    all.sink.answer = async (request) => ({ status: isBad(request) ? 400 : 204 })
    const lines = Array.from({ length: 20 }, (_, n) => `${n === 13 ? 'bad' : `m${n}`} ${n}@1000`)
    await all.give(linesBatch(lines))
    await all.idle()
    const good = lines.filter((line) => !line.startsWith('bad'))
    expect(all.sink.taken).toEqual(good)
    const [queue] = await all.instance.queueing!.queues()
    expect(queue!.deadLetters.items).toBe(1)
  })
})

describe('2.0', () => {
  const TWO = endpoint(
    'protobuf_message = "io.prometheus.write.v2.Request"\nsend_native_histograms = true',
  )
  const wrote = (samples: number): HttpAnswer => ({
    status: 204,
    headers: { 'x-prometheus-remote-write-samples-written': String(samples) },
  })
  const versions = ({ sink }: Writing) =>
    sink.requests.map(({ header }) => header('x-prometheus-remote-write-version'))

  test('has the samples, and says what it is', async () => {
    const all = await writing(TWO)
    all.sink.answer = async ({ lines }) => wrote(lines.length)
    await all.give(BATCH)
    await all.delivered(3)
    expect(all.sink.taken).toEqual(LINES)
    expect(versions(all)).toEqual(['2.0.0'])
    expect(all.sink.requests[0]!.header('content-type')).toBe(WRITE_TYPE_2)
  })

  test('has help, type and unit with each series, also when they came earlier', async () => {
    const all = await writing(TWO)
    all.sink.answer = async ({ lines }) => wrote(lines.length)
    const about = { metricFamilyName: 'x', type: 3, help: 'An x.', unit: 'seconds' }
    await all.give(linesBatch(['x_sum 1@1000', 'y 1@1000'], [about]))
    await all.delivered(2)
    await all.give(linesBatch(['x_bucket{le="1"} 1@2000']))
    await all.delivered(3)
    expect(all.sink.requests.map(({ metadata }) => metadata)).toEqual([
      ['x_sum 3 An x. seconds', 'y 0  '],
      ['x_bucket 3 An x. seconds'],
    ])
  })

  const unknown: readonly (readonly [string, HttpAnswer])[] = [
    ['415', { status: 415 }],
    ['2xx without a word of what was written', { status: 204 }],
  ]
  for (const [name, answer] of unknown) {
    test(`${name}: it gets 1.0, from then on`, async () => {
      const all = await writing(TWO)
      all.sink.answer = async ({ header }) =>
        header('content-type') === WRITE_TYPE_2 ? answer : { status: 204 }
      await all.give(BATCH)
      await all.delivered(3)
      await all.give(BATCH)
      await all.delivered(6)
      expect(versions(all)).toEqual(['2.0.0', '0.1.0', '0.1.0'])
      expect(all.lines.join()).toContain('does not know remote-write 2.0')
    })
  }

  test('a part that was not written is counted and set aside with the reason', async () => {
    const all = await writing(TWO)
    all.sink.answer = async () => ({ ...wrote(2), status: 400, body: Buffer.from('too old') })
    await all.give(BATCH)
    await all.idle()
    const { left, dropped } = all.ledger.counts('samples')
    expect([left, dropped]).toEqual([2, new Map([['rejected by the destination', 1]])])
    const [queue] = await all.instance.queueing!.queues()
    const [letter] = await all.instance.queueing!.peek(queue!, 'dead', 1)
    expect(letter!.verdict).toMatchObject({ partly: 1 })
    expect(letter!.verdict!.reason).toContain('too old')
  })

  test('with nothing written, 400 costs the bad series alone', async () => {
    const all = await writing(TWO)
    all.sink.answer = async ({ lines }) =>
      lines.some((line) => line.startsWith('bad'))
        ? { ...wrote(0), status: 400 }
        : wrote(lines.length)
    await all.give(linesBatch(['a 1@1000', 'bad 1@1000', 'c 1@1000']))
    await all.idle()
    expect(all.sink.taken).toEqual(['a 1@1000', 'c 1@1000'])
  })
})

test('figures are there from the start', async () => {
  const { figures } = await writing()
  const names = Object.keys(figures()).map((name) => name.replace(/\{.*/, ''))
  for (const name of [
    'samples_total',
    'histograms_total',
    'exemplars_total',
    'metadata_total',
    'samples_failed_total',
    'samples_retried_total',
    'samples_dropped_total',
    'samples_pending',
    'bytes_total',
    'shards',
    'shards_max',
    'highest_timestamp_in_seconds',
    'queue_highest_sent_timestamp_seconds',
    'sent_batch_duration_seconds_count',
  ]) {
    expect(names).toContain(`prometheus_remote_storage_${name}`)
  }
})

test('figures count', async () => {
  const { figures, give, delivered } = await writing()
  await give(BATCH)
  await delivered(3)
  const about = '{remote_name="m",url="http://mimir:9009/api/v1/push"}'
  const figure = (name: string) => figures()[`prometheus_remote_storage_${name}${about}`]
  expect(figure('samples_total')).toBe(3)
  expect(figure('highest_timestamp_in_seconds')).toBe(2)
  expect(figure('queue_highest_sent_timestamp_seconds')).toBe(2)
  expect(figure('sent_batch_duration_seconds_count')).toBe(1)
})

describe('several endpoints', () => {
  const TWO = `${endpoint()}
    endpoint {
      name = "backup"
      url  = "http://backup:9009/api/v1/push"
    }`

  test('get everything, and one that is away holds up no other', async () => {
    const all = await writing(TWO)
    await all.give(BATCH)
    await all.delivered(3)
    expect(all.sink.taken).toEqual(LINES)
    const backup = await writeSink(all.world, { host: 'backup', port: 9009 })
    await all.delivered(6)
    expect(backup.taken).toEqual(LINES)
    expect(await all.instance.queueing!.queues()).toMatchObject([
      { endpoint: 'm', folder: '/nowhere/prometheus.remote_write.a/endpoints/m' },
      { endpoint: 'backup' },
    ])
  })

  test('none of them: samples are dropped and counted', async () => {
    const { give, ledger } = await writing('')
    await give(BATCH)
    expect(ledger.counts('samples').dropped).toEqual(new Map([['no endpoint', 3]]))
  })
})

test('what was not sent when the agent ended leaves first', async () => {
  const world = new World(new Map())
  const first = await runComponent(definition, endpoint(), world)
  await first.give(linesBatch(['up 1@1000']))
  await first.give(linesBatch(['up 2@2000']))
  await first.instance.stop(AbortSignal.abort())
  const { sink, give, ledger } = await writing(endpoint(), world)
  await give(linesBatch(['up 3@3000']))
  await live(world, 'deliveries', () => ledger.counts('samples').left === 3)
  expect(sink.taken).toEqual(['up 1@1000', 'up 2@2000', 'up 3@3000'])
})

describe('the config', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['no URL', 'endpoint { url = "mimir" }', 'a URL with http:// or https://'],
    ['two of one name', `${endpoint()}\n${endpoint()}`, 'endpoint "m" is there twice'],
    [
      'two to one place without names',
      `endpoint {\n${URL_LINE}\n}\nendpoint {\n${URL_LINE}\n}`,
      'is there twice',
    ],
    [
      'fewer shards at most than at least',
      endpoint('queue_config {\nmin_shards = 5\nmax_shards = 2\n}'),
      'max_shards is below min_shards',
    ],
    [
      'two ways to prove who one is',
      endpoint('bearer_token = "a"\nbasic_auth { username = "u" }'),
      'not both',
    ],
  ]
  for (const [name, body, message] of rows) {
    test(`with ${name} is refused`, () => {
      const { diagnostics } = checkBody(definition, body)
      expect(diagnostics.map((one) => one.message).join()).toContain(message)
    })
  }
})
