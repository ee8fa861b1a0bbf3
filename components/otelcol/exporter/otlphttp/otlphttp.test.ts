import { deflateSync, gunzipSync, inflateSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  decompress,
  HTTP_SERVER_DEFAULTS,
  type HttpAnswer,
  type HttpRequest,
  type HttpRoute,
  httpOffer,
  Listener,
} from '#net'
import { type Batch, OTLP_SIGNALS } from '#pdata'
import { deferred, Permanent, Retryable } from '#sdk'
import { type Authority, type Certificate, checkBody, makeAuthority } from '#support'
import { encodeResponse, encodeStatus, jsonToRequest } from '#wire'
import { bytesOf } from '../../../../test/contract/rig.js'
import { until, World } from '../../../../test/contract/world.js'
import {
  backendClock,
  backendTls,
  direct,
  failed,
  has,
  onBackendBug,
  once,
} from '../../../../test/support/backend.js'
import { batchOf, runComponent } from '../../../../test/support/running-component.js'
import definition from './otlphttp.js'

let authority: Authority
beforeAll(async () => {
  authority = await makeAuthority('Authority of the backend')
})

const TAKEN: HttpAnswer = { status: 200, contentType: 'application/x-protobuf' }

interface Received {
  readonly path: string
  readonly body: Buffer
  header(name: string): string | undefined
}

/** Listens on an address for these paths, and keeps what comes as it comes. */
async function backendIn(
  world: World,
  paths: readonly string[],
  address = { host: 'loki', port: 3100 },
  certificate?: Certificate,
) {
  const requests: Received[] = []
  const handle = (request: HttpRequest) => {
    const { path, header } = request
    requests.push({ path, header, body: Buffer.from(request.body) })
    return backend.answer(request)
  }
  const routes = new Map<string, HttpRoute>(
    paths.map((path) => [path, { methods: ['POST'], handle }]),
  )
  const tls = certificate && (await backendTls(world, certificate))
  const surroundings = { network: world.network, clock: backendClock, random: () => 0.5 }
  const listener = await Listener.open(surroundings, address)
  const settings = { ...HTTP_SERVER_DEFAULTS, routes, tls, encodings: [] }
  listener.serve(httpOffer({ ...settings, onBug: onBackendBug }))
  const backend = {
    requests,
    listener,
    answer: async (_: HttpRequest): Promise<HttpAnswer> => TAKEN,
    close: () => listener.close(AbortSignal.abort()),
  }
  return backend
}

const PATHS = OTLP_SIGNALS.map((signal) => `/v1/${signal}`)
const ENDPOINT = 'endpoint = "http://loki:3100"'

/** The exporter and a backend that it reaches. */
async function exporting(body = '', client = ENDPOINT, paths: readonly string[] = PATHS) {
  const world = new World(new Map())
  const backend = await backendIn(world, paths)
  const rig = await runComponent(definition, `client {\n${client}\n}\n${body}`, world)
  return { backend, ...rig }
}

type Exporting = Awaited<ReturnType<typeof exporting>>

const emptied = ({ instance }: Exporting) => until('an end', () => instance.held('traces') === 0)

const BATCH = batchOf('traces')

describe('requests go', () => {
  const all = (prefix: string) => PATHS.map((path) => prefix + path)
  const rows: readonly (readonly [string, string, string, readonly string[]])[] = [
    ['below the endpoint', 'http://loki:3100', '', all('')],
    ['below an endpoint that ends with a slash', 'http://loki:3100/', '', all('')],
    ['below the path of the endpoint', 'http://loki:3100/otlp', '', all('/otlp')],
    ['below a path that ends with slashes', 'http://loki:3100/a/b//', '', all('/a/b')],
    [
      'where the endpoint of a signal says, as it is',
      'http://nowhere:1',
      `traces_endpoint  = "http://loki:3100/t"
       metrics_endpoint = "http://loki:3100/m/"
       logs_endpoint    = "http://loki:3100"`,
      ['/t', '/m/', '/'],
    ],
    [
      'below the endpoint for signals without their own',
      'http://loki:3100/x',
      'metrics_endpoint = "http://loki:3100/own"',
      ['/x/v1/traces', '/own', '/x/v1/logs'],
    ],
  ]
  for (const [name, endpoint, body, paths] of rows) {
    test(name, async () => {
      const client = `endpoint = "${endpoint}"`
      const { backend, give } = await exporting(`${body}\n${direct}\n${once}`, client, paths)
      for (const signal of OTLP_SIGNALS) await give(batchOf(signal))
      expect(backend.requests.map(({ path }) => path)).toEqual(paths)
      expect(backend.requests.map(({ header }) => header('host'))).toEqual(
        paths.map(() => 'loki:3100'),
      )
    })
  }

  test('to port 80 where the URL names none', async () => {
    const world = new World(new Map())
    const backend = await backendIn(world, PATHS, { host: 'loki', port: 80 })
    const client = 'client { endpoint = "http://loki" }'
    const { give } = await runComponent(definition, `${client}\n${direct}`, world)
    await give(BATCH)
    expect(backend.requests).toHaveLength(1)
  })

  test('through a proxy, as they are', async () => {
    const world = new World(new Map())
    const proxied = 'http://loki:3100/v1/traces'
    const proxy = await backendIn(world, [proxied], { host: 'proxy', port: 3128 })
    const client = `client {\n${ENDPOINT}\nproxy_url = "http://proxy:3128"\n}`
    const { give } = await runComponent(definition, `${client}\n${direct}`, world)
    await give(BATCH)
    expect(proxy.requests.map(({ path }) => path)).toEqual([proxied])
  })
})

describe('TLS', () => {
  const rows: readonly (readonly [string, string, () => string, RegExp | 'delivered'])[] = [
    ['is what https:// means', 'loki', () => authority.cert, 'delivered'],
    [
      'needs the name of the host',
      'tempo',
      () => authority.cert,
      /^cannot connect to loki:3100: .*loki/,
    ],
    [
      'needs a known authority',
      'loki',
      () => '',
      /^cannot connect to loki:3100: .*(certificate|issuer)/,
    ],
  ]
  for (const [name, issuedFor, trusted, outcome] of rows) {
    test(name, async () => {
      const world = new World(new Map())
      const backend = await backendIn(world, PATHS, undefined, await authority.issue([issuedFor]))
      const tls = trusted() === '' ? '' : `tls { ca_pem = ${JSON.stringify(trusted())} }`
      const client = `client {\nendpoint = "https://loki:3100"\n${tls}\n}`
      const { give } = await runComponent(definition, `${client}\n${direct}\n${once}`, world)
      const result = await give(BATCH).then(
        () => 'delivered',
        (error: Error) => error.message,
      )
      expect(result).toMatch(outcome)
      expect(backend.requests).toHaveLength(outcome === 'delivered' ? 1 : 0)
      await backend.close()
    })
  }
})

describe('bodies', () => {
  for (const signal of OTLP_SIGNALS) {
    test(`are protobuf, or JSON that says the same, of ${signal}`, async () => {
      const plain = `${ENDPOINT}\ncompression = "none"`
      const proto = await exporting(direct, plain)
      const json = await exporting(`encoding = "json"\n${direct}`, plain)
      const batch = batchOf(signal)
      await proto.give(batch)
      await json.give(batch)
      const [asProto, asJson] = [proto.backend.requests[0]!, json.backend.requests[0]!]
      expect(asProto.header('content-type')).toBe('application/x-protobuf')
      expect(asProto.body).toEqual(bytesOf(batch))
      expect(asJson.header('content-type')).toBe('application/json')
      expect(Object.keys(JSON.parse(String(asJson.body)) as object)).toEqual([
        { traces: 'resourceSpans', metrics: 'resourceMetrics', logs: 'resourceLogs' }[signal],
      ])
      expect(jsonToRequest(signal, asJson.body)).toEqual(bytesOf(batch))
    })
  }

  type Unpack = (body: Buffer) => Uint8Array | Promise<Uint8Array>
  const rows: readonly (readonly [string, string, string | undefined, Unpack])[] = [
    ['gzip unless told otherwise', '', 'gzip', (body) => gunzipSync(body)],
    ['gzip', 'gzip', 'gzip', (body) => gunzipSync(body)],
    ['zlib', 'zlib', 'zlib', (body) => inflateSync(body)],
    ['deflate, which is zlib', 'deflate', 'deflate', (body) => inflateSync(body)],
    ['snappy', 'snappy', 'snappy', (body) => decompress('snappy', body, 1e6)],
    [
      'framed snappy',
      'x-snappy-framed',
      'x-snappy-framed',
      (body) => decompress('x-snappy-framed', body, 1e6),
    ],
    ['zstd', 'zstd', 'zstd', (body) => decompress('zstd', body, 1e6)],
    ['nothing', 'none', undefined, (body) => body],
  ]
  for (const [name, compression, header, unpack] of rows) {
    test(`are compressed with ${name}`, async () => {
      const line = compression && `compression = "${compression}"`
      const { backend, give } = await exporting(direct, `${ENDPOINT}\n${line}`)
      await give(BATCH)
      const [request] = backend.requests
      expect(request!.header('content-encoding')).toBe(header)
      expect(Buffer.from(await unpack(request!.body))).toEqual(bytesOf(BATCH))
    })
  }

  test('are compressed as hard as compression_params says', async () => {
    const batch = batchOf('traces', 50)
    const client = `${ENDPOINT}\ncompression = "zlib"\ncompression_params { level = 9 }`
    const { backend, give } = await exporting(direct, client)
    await give(batch)
    expect(backend.requests[0]!.body).toEqual(deflateSync(bytesOf(batch), { level: 9 }))
    expect(backend.requests[0]!.body).not.toEqual(deflateSync(bytesOf(batch), { level: 1 }))
  })
})

describe('headers', () => {
  test('of the config go out with every request', async () => {
    const headers = 'headers = { "X-Scope-OrgID" = "team-a", "authorization" = "old" }'
    const { backend, give } = await exporting(direct, `${ENDPOINT}\n${headers}`)
    for (const signal of OTLP_SIGNALS) await give(batchOf(signal))
    for (const { header } of backend.requests) {
      expect([header('x-scope-orgid'), header('authorization')]).toEqual(['team-a', 'old'])
      expect(header('user-agent')).toBe('weir')
    }
    expect(backend.requests).toHaveLength(3)
  })

  test('of an auth component go over them; it is asked for each request', async () => {
    const client = `${ENDPOINT}\nheaders = { "authorization" = "old" }\nauth = test.auth.all.handler`
    const { backend, auth, give } = await exporting(direct, client)
    await give(BATCH)
    const seen: Batch[] = []
    const authenticate = async (batch: Batch, headers: Map<string, string>) => {
      seen.push(batch)
      headers.set('authorization', `Bearer instead of ${headers.get('authorization')}`)
    }
    auth.current = { ...auth.current, authenticate }
    await give(BATCH)
    const sent = backend.requests.map(({ header }) => header('authorization'))
    expect(sent).toEqual(['old', 'Bearer instead of old'])
    expect(seen).toEqual([BATCH])
  })

  test('end connections with disable_keep_alives', async () => {
    const kept = await exporting(direct)
    const closed = await exporting(direct, `${ENDPOINT}\ndisable_keep_alives = true`)
    await kept.give(BATCH)
    await closed.give(BATCH)
    expect(kept.backend.requests[0]!.header('connection')).toBe('keep-alive')
    expect(closed.backend.requests[0]!.header('connection')).toBe('close')
    expect(kept.backend.listener.connectionCount).toBe(1)
    await until('closed', () => closed.backend.listener.connectionCount === 0)
  })
})

test('max_conns_per_host holds for requests at once', async () => {
  const all = await exporting('', `${ENDPOINT}\nmax_conns_per_host = 2`)
  const gate = deferred()
  all.backend.answer = () => gate.promise.then(() => TAKEN)
  for (const seed of [1, 2, 3]) await all.give(batchOf('traces', 1, seed))
  await has(all, 2)
  await all.clock.tick(0)
  expect([all.backend.requests.length, all.backend.listener.connectionCount]).toEqual([2, 2])
  gate.resolve()
  await emptied(all)
  expect(all.backend.requests).toHaveLength(3)
})

describe('an answer', () => {
  const proto = (text: string): Partial<HttpAnswer> => ({
    contentType: 'application/x-protobuf',
    body: encodeStatus('protobuf', { code: 3, message: text }),
  })
  const json = (text: string): Partial<HttpAnswer> => ({
    contentType: 'application/json; charset=utf-8',
    body: encodeStatus('json', { code: 3, message: text }),
  })
  const plain = (text: string): Partial<HttpAnswer> => ({
    contentType: 'text/plain',
    body: Buffer.from(text),
  })
  type Failure = readonly ['Permanent' | 'Retryable', code: number, retryAfterMs?: number]
  const retryIn = (seconds: string) => ({ headers: { 'retry-after': seconds } })
  // The message follows "loki:3100/v1/traces answered ".
  const rows: readonly (readonly [number, Partial<HttpAnswer>, Failure, string])[] = [
    [307, { headers: { location: 'http://loki:3100/v1/logs' } }, ['Permanent', 2], '307'],
    [400, proto('bad span'), ['Permanent', 3], '400: bad span'],
    [400, json('bad span'), ['Permanent', 3], '400: bad span'],
    [400, plain(' bad span\n'), ['Permanent', 3], '400: bad span'],
    [400, plain('x'.repeat(600)), ['Permanent', 3], `400: ${'x'.repeat(500)}`],
    [400, { ...proto(''), body: Buffer.from([0xff]) }, ['Permanent', 3], '400'],
    [401, {}, ['Permanent', 16], '401'],
    [403, {}, ['Permanent', 7], '403'],
    [404, {}, ['Permanent', 12], '404'],
    [413, plain('too large'), ['Permanent', 8], '413: too large'],
    [429, {}, ['Retryable', 8], '429'],
    [429, retryIn('7'), ['Retryable', 8, 7000], '429'],
    [500, {}, ['Permanent', 2], '500'],
    [502, retryIn('7'), ['Retryable', 14], '502'],
    [503, retryIn('7'), ['Retryable', 14, 7000], '503'],
    [503, retryIn(new Date(1_700_000_009_000).toUTCString()), ['Retryable', 14, 9000], '503'],
    [503, plain('shutting down'), ['Retryable', 14], '503: shutting down'],
    [504, {}, ['Retryable', 14], '504'],
  ]
  for (const [status, answer, [name, code, retryAfterMs], text] of rows) {
    const details = [answer.contentType, answer.headers?.['retry-after']].filter(Boolean).join(', ')
    test(`${status} ${details} is ${name}, and senders without a queue hear of it`, async () => {
      const all = await exporting(`${direct}\n${once}`)
      all.backend.answer = async () => ({ status, ...answer })
      const failure = await all.give(BATCH).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(name === 'Permanent' ? Permanent : Retryable)
      const { message, ...facts } = failure as Error & { code: number; retryAfterMs?: number }
      expect(message).toBe(`loki:3100/v1/traces answered ${text}`)
      expect([facts.code, facts.retryAfterMs]).toEqual([code, retryAfterMs])
      expect(all.backend.requests).toHaveLength(1)
    })
  }

  const good: readonly (readonly [string, Partial<HttpAnswer>, number, RegExp])[] = [
    ['200 without a body', {}, 0, /^$/],
    ['202', { status: 202 }, 0, /^$/],
    ['200 of a page', plain('<html>'), 0, /cannot read the answer/],
    ['200 that cannot be read', { body: Buffer.from([0xff]) }, 0, /cannot read the answer/],
    [
      '200 in protobuf with a partial success',
      { body: encodeResponse('traces', 'protobuf', { rejected: 2, message: 'old' }) },
      2,
      /took part of a delivery.*reason=old/,
    ],
    [
      '200 in JSON with a partial success',
      {
        contentType: 'application/json',
        body: encodeResponse('traces', 'json', { rejected: 2, message: 'old' }),
      },
      2,
      /took part of a delivery.*reason=old/,
    ],
  ]
  for (const [name, answer, rejected, line] of good) {
    test(`${name} is a success`, async () => {
      const all = await exporting(direct)
      all.backend.answer = async () => ({ ...TAKEN, ...answer })
      await all.give(BATCH)
      const lost = rejected > 0 ? [['rejected by the destination', rejected] as const] : []
      const { left, dropped } = all.ledger.counts('traces')
      expect([left, dropped]).toEqual([3 - rejected, new Map(lost)])
      expect(all.lines.join('')).toMatch(line)
    })
  }
})

describe('tries', () => {
  test('wait for their turn, or as long as the backend asks', async () => {
    const all = await exporting()
    const answers: HttpAnswer[] = [
      { status: 503, headers: { 'retry-after': '20' } },
      { status: 502, headers: { 'retry-after': '20' } },
    ]
    all.backend.answer = async () => answers[all.backend.requests.length - 1] ?? TAKEN
    await all.give(BATCH)
    // The second wait is what 5 s have grown to: Retry-After means nothing on 502.
    for (const [status, waitMs] of [
      [503, 20_000],
      [502, 7500],
    ]) {
      await until('a failure', () => all.instance.health().message.endsWith(`${status}`))
      const { length } = all.backend.requests
      await all.clock.tick(waitMs! - 1)
      expect(all.backend.requests).toHaveLength(length)
      await all.clock.tick(1)
    }
    await emptied(all)
    expect(all.backend.requests).toHaveLength(3)
    expect(all.ledger.counts('traces').left).toBe(3)
    expect(all.instance.health()).toMatchObject({ state: 'healthy', message: 'delivering' })
  })

  test('end where the backend refuses for good', async () => {
    const all = await exporting()
    all.backend.answer = async () => ({ status: 400 })
    await all.give(BATCH)
    await emptied(all)
    // The whole, two halves, and the halves of one of them: any could be the one to blame.
    expect(all.backend.requests).toHaveLength(5)
    expect(all.ledger.counts('traces').dropped).toEqual(new Map([['set aside', 3]]))
    expect(all.figures()).toMatchObject({ otelcol_exporter_send_failed_spans_total: 3 })
  })

  test('end with timeout', async () => {
    const all = await exporting('', `${ENDPOINT}\ntimeout = "3s"`)
    all.backend.answer = () => new Promise(() => {})
    await all.give(BATCH)
    await has(all, 1)
    await all.clock.tick(2999)
    expect(all.instance.health().state).toBe('healthy')
    await all.clock.tick(1)
    await failed(all)
    expect(all.instance.health().message).toBe('no answer from loki:3100 within 3s')
  })

  test('fail at once without a backend', async () => {
    const all = await exporting()
    await all.backend.close()
    await all.give(BATCH)
    await failed(all)
    expect(all.instance.health().message).toBe('cannot connect to loki:3100: connection refused')
    expect(all.clock.monotonic()).toBe(0)
  })
})

describe('check refuses', () => {
  const client = (text: string) => `client {\n${ENDPOINT}\n${text}\n}`
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ['no client', '', /client/],
    ['an endpoint without a scheme', 'client { endpoint = "loki:3100" }', /with http:\/\//],
    ['a scheme it does not speak', 'client { endpoint = "ftp://loki" }', /with http:\/\//],
    [
      'a signal endpoint that is none',
      `logs_endpoint = "/v1/logs"\n${client('')}`,
      /with http:\/\//,
    ],
    ['a proxy that is none', client('proxy_url = "proxy"'), /with http:\/\//],
    ['an encoding it does not have', `encoding = "yaml"\n${client('')}`, /"proto"/],
    [
      'a level its compression does not have',
      client('compression_params { level = 10 }'),
      /^level of gzip is from -1 to 9/,
    ],
    [
      'a level for a compression without levels',
      client('compression = "snappy"\ncompression_params { level = 1 }'),
      /^snappy has no levels/,
    ],
    [
      'a level for no compression',
      client('compression = ""\ncompression_params { level = 1 }'),
      /^none has no levels/,
    ],
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
