import { beforeAll, describe, expect, test } from 'vitest'
import { Code, StatusError } from '#net'
import { type Batch, joinBatches, OTLP_SIGNALS } from '#pdata'
import { deferred, Permanent, Retryable } from '#sdk'
import { type Authority, checkBody, makeAuthority } from '#support'
import { encodeResponse } from '#wire'
import { bytesOf, live } from '../../../../test/contract/rig.js'
import { until, World } from '../../../../test/contract/world.js'
import { direct, failed, has, once } from '../../../../test/support/backend.js'
import { grpcBackendIn } from '../../../../test/support/grpc-backend.js'
import { GRPC_PATHS } from '../../../../test/support/otlp-names.js'
import { batchOf, runComponent } from '../../../../test/support/running-component.js'
import definition from './otlp.js'

let authority: Authority
let other: Authority
beforeAll(async () => {
  authority = await makeAuthority('Authority of the backend')
  other = await makeAuthority('Somebody else')
})

const TAKEN = encodeResponse('traces', 'protobuf')
const PLAIN = 'endpoint = "tempo:4317"\ntls { insecure = true }'

/** The exporter and a backend that it reaches in plain text. */
async function exporting(body = '', client = PLAIN) {
  const world = new World(new Map())
  const backend = await grpcBackendIn(world)
  const rig = await runComponent(definition, `client {\n${client}\n}\n${body}`, world)
  return { backend, ...rig }
}

type Exporting = Awaited<ReturnType<typeof exporting>>

const delivered = ({ ledger, instance }: Exporting, items: number) =>
  until('a delivery', () => ledger.counts('traces').left === items && instance.held('traces') === 0)

const BATCH = batchOf('traces')

describe('a request', () => {
  for (const signal of OTLP_SIGNALS) {
    test(`has the path and the bytes of ${signal}`, async () => {
      const { backend, give } = await exporting(direct)
      const batch = batchOf(signal)
      await give(batch)
      expect(backend.requests.map((one) => one.header(':path'))).toEqual([GRPC_PATHS[signal]])
      expect(backend.messages).toEqual([bytesOf(batch)])
    })
  }

  const rows: readonly (readonly [string, string, Readonly<Record<string, string | undefined>>])[] =
    [
      ['what it says of itself', '', { ':authority': 'tempo:4317', 'user-agent': 'weir' }],
      ['the time it may take', '', { 'grpc-timeout': '5000m' }],
      ['authority', 'authority = "tenant.example.com"', { ':authority': 'tenant.example.com' }],
      [
        'the headers of the config, with names in lower case',
        'headers = { "X-Scope-OrgID" = "team-a", "api-key" = "b" }',
        { 'x-scope-orgid': 'team-a', 'api-key': 'b' },
      ],
      ['gzip unless told otherwise', '', { 'grpc-encoding': 'gzip' }],
      ['gzip', 'compression = "gzip"', { 'grpc-encoding': 'gzip' }],
      ['zlib, which gRPC calls deflate', 'compression = "zlib"', { 'grpc-encoding': 'deflate' }],
      ['deflate', 'compression = "deflate"', { 'grpc-encoding': 'deflate' }],
      ['zstd', 'compression = "zstd"', { 'grpc-encoding': 'zstd' }],
      ['none', 'compression = "none"', { 'grpc-encoding': undefined }],
      ['none, written as nothing', 'compression = ""', { 'grpc-encoding': undefined }],
    ]
  for (const [name, client, headers] of rows) {
    test(`carries ${name}`, async () => {
      const { backend, give } = await exporting(direct, `${PLAIN}\n${client}`)
      await give(BATCH)
      const [request] = backend.requests
      const seen = Object.keys(headers).map((key) => [key, request!.header(key)])
      expect(Object.fromEntries(seen)).toEqual(headers)
      expect(backend.messages).toEqual([bytesOf(BATCH)])
    })
  }
})

describe('an auth component', () => {
  const AUTH = `${PLAIN}\nauth = test.auth.all.handler\nheaders = { "authorization" = "old" }`

  test('sets headers over those of the config, knowing the batch', async () => {
    const { backend, auth, give } = await exporting(direct, AUTH)
    const seen: Batch[] = []
    auth.current.authenticate = async (batch, headers) => {
      seen.push(batch)
      headers.set('authorization', `Bearer instead of ${headers.get('authorization')}`)
    }
    await give(BATCH)
    expect(backend.requests[0]!.header('authorization')).toBe('Bearer instead of old')
    expect(seen).toEqual([BATCH])
  })

  test('that is replaced is asked from the next request on', async () => {
    const { backend, auth, give } = await exporting(direct, AUTH)
    await give(BATCH)
    const authenticate = async (_: Batch, headers: Map<string, string>) =>
      void headers.set('authorization', 'new')
    auth.current = { ...auth.current, authenticate }
    await give(BATCH)
    expect(backend.requests.map((one) => one.header('authorization'))).toEqual(['old', 'new'])
  })

  test('without credentials for now sends nothing, and is asked again', async () => {
    const all = await exporting('', AUTH)
    all.auth.current.authenticate = () => Promise.reject(new Retryable('no token yet'))
    await all.give(BATCH)
    await failed(all)
    expect(all.instance.health().message).toBe('no token yet')
    expect(all.backend.requests).toEqual([])
    all.auth.current.authenticate = () => Promise.resolve()
    await all.clock.tick(5000)
    await delivered(all, 3)
  })
})

describe('TLS', () => {
  const trusts = () => ({ ca_pem: authority.cert })
  const MISTRUST = /^cannot connect to tempo:4317: .*(certificate|issuer)/
  const rows: readonly (readonly [
    what: string,
    names: readonly string[],
    client: string,
    tls: () => Readonly<Record<string, string | boolean>>,
    outcome: RegExp | 'delivered',
  ])[] = [
    ['is what a bare endpoint means', ['tempo'], 'tempo:4317', trusts, 'delivered'],
    ['is what https:// means', ['tempo'], 'https://tempo:4317', trusts, 'delivered'],
    [
      'is what https:// means, whatever insecure says',
      ['tempo'],
      'https://tempo:4317',
      () => ({ ...trusts(), insecure: true }),
      'delivered',
    ],
    ['is not spoken with http://', [], 'http://tempo:4317', () => ({}), 'delivered'],
    ['is not spoken with insecure', [], 'tempo:4317', () => ({ insecure: true }), 'delivered'],
    ['needs a known authority', ['tempo'], 'tempo:4317', () => ({ ca_pem: other.cert }), MISTRUST],
    [
      'needs the name of the endpoint',
      ['loki'],
      'tempo:4317',
      trusts,
      /^cannot connect to tempo:4317: .*tempo/,
    ],
    [
      'takes another name with server_name',
      ['loki'],
      'tempo:4317',
      () => ({ ...trusts(), server_name: 'loki' }),
      'delivered',
    ],
    [
      'takes anybody with insecure_skip_verify',
      ['loki'],
      'tempo:4317',
      () => ({ insecure_skip_verify: true }),
      'delivered',
    ],
    [
      'does not fall back to plain text',
      [],
      'tempo:4317',
      trusts,
      /^cannot connect to tempo:4317: /,
    ],
  ]
  for (const [name, names, endpoint, tls, outcome] of rows) {
    test(name, async () => {
      const world = new World(new Map())
      const certificate = names.length > 0 ? await authority.issue(names) : undefined
      const backend = await grpcBackendIn(world, certificate)
      const lines = Object.entries(tls()).map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
      const client = `client {\nendpoint = "${endpoint}"\ntls {\n${lines.join('\n')}\n}\n}`
      const { give } = await runComponent(definition, `${client}\n${direct}\n${once}`, world)
      const result = await give(BATCH).then(
        () => 'delivered',
        (error: Error) => error.message,
      )
      expect(result).toMatch(outcome)
      expect(backend.messages).toEqual(outcome === 'delivered' ? [bytesOf(BATCH)] : [])
      await backend.close()
    })
  }
})

describe('without a backend', () => {
  test('a try fails at once and waits for its turn', async () => {
    const all = await exporting()
    await all.backend.close()
    await all.give(BATCH)
    await failed(all)
    expect(all.instance.health().message).toBe('cannot connect to tempo:4317: connection refused')
    expect(all.clock.monotonic()).toBe(0)
    const backend = await grpcBackendIn(all.world)
    await all.clock.tick(4999)
    expect(backend.requests).toEqual([])
    await live(all.world, 'a delivery', () => backend.requests.length === 1)
  })

  test('a try with wait_for_ready goes out as soon as there is one', async () => {
    const all = await exporting('timeout = "1m"', `${PLAIN}\nwait_for_ready = true`)
    await all.backend.close()
    await all.give(BATCH)
    await all.clock.tick(4000)
    const backend = await grpcBackendIn(all.world)
    await live(all.world, 'a delivery', () => backend.requests.length === 1)
    expect(all.instance.health().state).toBe('healthy')
    expect(all.lines).toEqual([])
  })
})

const refusal = (code: number) => new StatusError(code, 'x')
const IN_MEMORY = 'sending_queue { durability = "memory" }'

describe('tries', () => {
  test('follow each other with growing waits, and end with the age of the data', async () => {
    const all = await exporting(`retry_on_failure { max_elapsed_time = "14s" }\n${IN_MEMORY}`)
    all.backend.answer = () => {
      const text = `try ${all.backend.requests.length}`
      return Promise.reject(new StatusError(Code.UNAVAILABLE, text))
    }
    await all.give(BATCH)
    // The wait after the second would end later than 14 s.
    for (const [count, waitMs] of [
      [1, 5000],
      [2, 7500],
    ] as const) {
      await until('a failure', () => all.instance.health().message.endsWith(`try ${count}`))
      await all.clock.tick(waitMs - 1)
      expect(all.backend.requests).toHaveLength(count)
      await all.clock.tick(1)
    }
    await until('a drop', () => all.instance.held('traces') === 0)
    expect(all.backend.requests).toHaveLength(3)
    expect(all.ledger.counts('traces').dropped).toEqual(new Map([['retries exhausted', 3]]))
  })

  const rows: readonly (readonly [string, string, Error, string, number])[] = [
    ['there is one without retries', once, refusal(Code.UNAVAILABLE), 'retries exhausted', 1],
    ['there is one for whoever is not let in', '', refusal(Code.UNAUTHENTICATED), 'refused', 1],
    [
      'go down to the items where the data is refused',
      '',
      refusal(Code.INVALID_ARGUMENT),
      'refused',
      5,
    ],
    [
      'go down to the items where it is too much at once',
      '',
      refusal(Code.RESOURCE_EXHAUSTED),
      'refused',
      5,
    ],
  ]
  for (const [name, body, error, reason, count] of rows) {
    test(name, async () => {
      const all = await exporting(`${body}\n${IN_MEMORY}`)
      all.backend.answer = () => Promise.reject(error)
      await all.give(BATCH)
      await until('a drop', () => all.instance.held('traces') === 0)
      expect(all.ledger.counts('traces').dropped).toEqual(new Map([[reason, 3]]))
      expect(all.backend.requests).toHaveLength(count)
      expect(all.lines.at(-1)).toContain('dropped data that could not be delivered')
    })
  }

  test('wait as long as the backend asks, all of them', async () => {
    const all = await exporting()
    const busy = new StatusError(Code.RESOURCE_EXHAUSTED, 'busy', { retryDelayMs: 20_000 })
    all.backend.answer = () => Promise.reject(busy)
    await all.give(BATCH)
    await failed(all)
    all.backend.answer = async () => TAKEN
    await all.clock.tick(19_999)
    expect(all.backend.requests).toHaveLength(1)
    await all.clock.tick(1)
    await delivered(all, 3)
  })

  test('end with timeout', async () => {
    const all = await exporting('timeout = "3s"')
    all.backend.answer = () => new Promise(() => {})
    await all.give(BATCH)
    await has(all, 1)
    await all.clock.tick(2999)
    expect(all.instance.health().state).toBe('healthy')
    await all.clock.tick(1)
    await failed(all)
    expect(all.instance.health().message).toBe('no answer from tempo:4317 within 3s')
  })
})

describe('senders', () => {
  const bad = () => Promise.reject(new StatusError(Code.INVALID_ARGUMENT, 'bad span'))
  const waiting = [direct, 'sending_queue { wait_for_result = true }'] as const
  for (const body of waiting) {
    test(`hear what the backend says with ${body}`, async () => {
      const all = await exporting(`${body}\n${once}`)
      all.backend.answer = bad
      const refused = await all.give(BATCH).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(Permanent)
      expect(refused).toMatchObject({
        message: 'tempo:4317 answered INVALID_ARGUMENT: bad span',
        code: Code.INVALID_ARGUMENT,
      })
      const busy = new StatusError(Code.UNAVAILABLE, 'busy', { retryDelayMs: 2000 })
      all.backend.answer = () => Promise.reject(busy)
      const later = await all.give(BATCH).catch((error: unknown) => error)
      expect(later).toBeInstanceOf(Retryable)
      expect(later).toMatchObject({ code: Code.UNAVAILABLE, retryAfterMs: 2000 })
      // They still have it: it is nobody's loss.
      expect(all.ledger.counts('traces')).toMatchObject({ entered: 0, refused: 6 })
      expect(all.ledger.counts('traces').dropped).toEqual(new Map())
    })
  }

  test('are refused while the queue is full', async () => {
    const all = await exporting('sending_queue { queue_size = 1 }')
    const gate = deferred()
    all.backend.answer = () => gate.promise.then(() => TAKEN)
    await all.give(BATCH)
    await has(all, 1)
    await expect(all.give(BATCH)).rejects.toMatchObject({
      name: 'Retryable',
      message: 'the sending queue is full (1 requests)',
      retryAfterMs: 1000,
    })
    expect(all.figures()).toMatchObject({ otelcol_exporter_enqueue_failed_spans_total: 3 })
    gate.resolve()
    await delivered(all, 3)
    await all.give(BATCH)
    await delivered(all, 6)
  })

  test('wait for room with block_on_overflow', async () => {
    const all = await exporting('sending_queue {\nqueue_size = 1\nblock_on_overflow = true\n}')
    const gate = deferred()
    all.backend.answer = () => gate.promise.then(() => TAKEN)
    await all.give(BATCH)
    await has(all, 1)
    let taken = false
    const second = all.give(BATCH).then(() => (taken = true))
    await all.clock.tick(60)
    expect(taken).toBe(false)
    gate.resolve()
    await second
    await delivered(all, 6)
  })
})

describe('the queue', () => {
  test('is emptied by num_consumers at once', async () => {
    const all = await exporting('sending_queue { num_consumers = 2 }')
    const gates = [deferred(), deferred(), deferred()]
    all.backend.answer = () => gates[all.backend.requests.length - 1]!.promise.then(() => TAKEN)
    for (const seed of [1, 2, 3]) await all.give(batchOf('traces', 1, seed))
    await has(all, 2)
    await all.clock.tick(0)
    expect(all.backend.requests).toHaveLength(2)
    for (const gate of gates) gate.resolve()
    await delivered(all, 3)
    expect(all.backend.requests).toHaveLength(3)
  })

  test('with a batch block sends few large requests', async () => {
    const all = await exporting(
      'sending_queue {\nbatch {\nmin_size = 4\nmax_size = 5\nflush_timeout = "2s"\n}\n}',
    )
    const [first, second, third] = [1, 2, 3].map((seed) => batchOf('traces', 2, seed))
    await all.give(first!)
    await all.give(second!)
    await delivered(all, 4)
    await all.give(third!)
    await all.clock.tick(1999)
    expect(all.backend.requests).toHaveLength(1)
    await all.clock.tick(1)
    await delivered(all, 6)
    expect(all.backend.messages).toEqual([bytesOf(joinBatches([first!, second!])), bytesOf(third!)])
  })
})

describe('an answer that says', () => {
  const rows: readonly (readonly [string, Uint8Array, number, string | undefined])[] = [
    [
      'that part was rejected counts that part as dropped',
      encodeResponse('traces', 'protobuf', { rejected: 2, message: 'too old' }),
      2,
      'the destination took part of a delivery',
    ],
    [
      'that more was rejected than was sent counts what was sent',
      encodeResponse('traces', 'protobuf', { rejected: 9, message: '' }),
      3,
      'the destination took part of a delivery',
    ],
    [
      'something to think about is logged',
      encodeResponse('traces', 'protobuf', { rejected: 0, message: 'use v2' }),
      0,
      'reason="use v2"',
    ],
    ['nothing readable changes nothing', Buffer.from([0xff]), 0, 'cannot read the answer'],
    ['nothing is a success', TAKEN, 0, undefined],
  ]
  for (const [name, answer, rejected, line] of rows) {
    test(name, async () => {
      const all = await exporting()
      all.backend.answer = async () => answer
      await all.give(BATCH)
      await until('the answer', () => all.instance.held('traces') === 0)
      const { left, dropped } = all.ledger.counts('traces')
      expect(left).toBe(3 - rejected)
      const lost = rejected > 0 ? [['rejected by the destination', rejected] as const] : []
      expect(dropped).toEqual(new Map(lost))
      expect(all.figures()).toMatchObject({
        otelcol_exporter_sent_spans_total: 3 - rejected,
        otelcol_exporter_send_failed_spans_total: rejected,
      })
      expect(all.lines.join('')).toMatch(line ?? /^$/)
    })
  }
})

test('metrics have the names and labels of OpenTelemetry Collectors', async () => {
  const all = await exporting('sending_queue { queue_size = 50 }')
  const gate = deferred()
  all.backend.answer = () => gate.promise.then(() => TAKEN)
  await all.give(BATCH)
  await has(all, 1)
  const counters = ['spans', 'metric_points', 'log_records'].flatMap((items) => [
    [`otelcol_exporter_sent_${items}_total`, 0],
    [`otelcol_exporter_send_failed_${items}_total`, 0],
    [`otelcol_exporter_enqueue_failed_${items}_total`, 0],
  ])
  const gauges = OTLP_SIGNALS.flatMap((signal) => [
    [`otelcol_exporter_queue_size{data_type="${signal}"}`, signal === 'traces' ? 1 : 0],
    [`otelcol_exporter_queue_capacity{data_type="${signal}"}`, 50],
  ])
  const known = Object.entries(all.figures()).filter(([name]) => name.startsWith('otelcol_'))
  expect(Object.fromEntries(known)).toEqual(Object.fromEntries([...counters, ...gauges]))
  expect(all.world.metrics.render('prometheus')).toContain(
    'otelcol_exporter_sent_spans_total{component_id="otelcol.exporter.otlp.a"} 0\n',
  )
  gate.resolve()
  await delivered(all, 3)
  expect(all.figures()).toMatchObject({
    otelcol_exporter_sent_spans_total: 3,
    'otelcol_exporter_queue_size{data_type="traces"}': 0,
  })
})

test('health tells since when it has not delivered, and why', async () => {
  const all = await exporting()
  const start = all.clock.now()
  const message = 'nothing delivered yet'
  expect(all.instance.health()).toEqual({ state: 'healthy', message, since: start })
  await all.clock.tick(1000)
  all.backend.answer = () => Promise.reject(new StatusError(Code.UNAVAILABLE, 'away'))
  await all.give(BATCH)
  await failed(all)
  expect(all.instance.health()).toMatchObject({
    state: 'degraded',
    message: 'tempo:4317 answered UNAVAILABLE: away',
    since: start + 1000,
  })
  all.backend.answer = async () => TAKEN
  await all.clock.tick(5000)
  await delivered(all, 3)
  expect(all.instance.health()).toMatchObject({ state: 'healthy', since: start + 6000 })
})

describe('check refuses', () => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ['no client', '', /client/],
    [
      'an endpoint without a port',
      'client { endpoint = "tempo" }',
      /host:port, such as "tempo:4317"/,
    ],
    ['an endpoint with a path', 'client { endpoint = "http://tempo:4317/v1" }', /host:port/],
    ['a compression it does not have', `client {\n${PLAIN}\ncompression = "br"\n}`, /"gzip"/],
  ]
  for (const [name, body, message] of rows) {
    test(name, () => {
      const { diagnostics } = checkBody(definition, body)
      expect(diagnostics.map((one) => [one.message, one.help].join(' '))).toEqual([
        expect.stringMatching(message),
      ])
    })
  }
})
