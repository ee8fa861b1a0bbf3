import { connect as connectHttp2 } from 'node:http2'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ClientTls, type ClientTlsConfig, Code, formatAddress, systemNetwork } from '#net'
import { type Batch, OTLP_SIGNALS, type OtlpSignal } from '#pdata'
import { Retryable } from '#sdk'
import { type Authority, makeAuthority } from '#support'
import { requestToJson } from '#wire'
import { until, World } from '../../../../test/contract/world.js'
import { GRPC_PATHS } from '../../../../test/support/otlp-names.js'
import {
  type Exchange,
  grpcSender,
  httpExchange,
  PROTO,
  SENT,
  SENT_ITEMS,
  statusMessage,
} from '../../../../test/support/otlp-senders.js'
import { runComponent } from '../../../../test/support/running-component.js'
import definition from './otlp.js'

let authority: Authority
beforeAll(async () => {
  authority = await makeAuthority('Authority of the receiver')
})

/** The receiver with somebody who speaks gRPC to it, and somebody who speaks HTTP. */
async function receiving(body: string, output = ALL, world = new World(new Map())) {
  const rig = await runComponent(definition, `${body}\n${output}`, world)
  const { network } = world
  const http = (exchange: Exchange = {}) => httpExchange(network, exchange)
  return { ...rig, grpc: grpcSender(network), http }
}

const ALL = `output {
  traces  = [test.sink.all.input]
  metrics = [test.sink.all.input]
  logs    = [test.sink.all.input]
}`
const JSON_TYPE = { 'content-type': 'application/json' }
const shown = ({ signal, chunks }: Batch) => [signal, Buffer.concat(chunks).toString('base64')]
const expected = (signal: OtlpSignal) => [signal, SENT[signal].toString('base64')]

describe('it listens', () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ['on loopback, for gRPC', 'grpc { }', ['127.0.0.1:4317']],
    ['on loopback, for HTTP', 'http { }', ['127.0.0.1:4318']],
    ['for both', 'grpc { }\nhttp { }', ['127.0.0.1:4317', '127.0.0.1:4318']],
    [
      'where it is told to',
      'grpc { endpoint = "10.0.0.1:1" }\nhttp { endpoint = ":2" }',
      ['10.0.0.1:1', '[::]:2'],
    ],
    [
      'on a Unix socket',
      'grpc {\ntransport = "unix"\nendpoint = "/run/otlp.sock"\n}',
      ['unix:/run/otlp.sock'],
    ],
  ]
  for (const [name, body, addresses] of rows) {
    test(name, async () => {
      const world = new World(new Map())
      const asked: string[] = []
      const { listen, connect } = world.services().network
      const network = {
        connect,
        listen: (...given: Parameters<typeof listen>) => {
          asked.push(formatAddress(given[0]))
          return listen(...given)
        },
      }
      await runComponent(definition, `${body}\n${ALL}`, world, { network })
      expect(asked).toEqual(addresses)
    })
  }

  test('or says which address it cannot have', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void taken.close())
    const { port } = taken.address() as { port: number }
    const body = `grpc { endpoint = "127.0.0.1:${port}" }\n${ALL}`
    const started = runComponent(definition, body, undefined, { network: systemNetwork })
    await expect(started).rejects.toThrow(`cannot listen on 127.0.0.1:${port}: address in use`)
  })
})

describe('what is sent arrives as it is', () => {
  for (const signal of OTLP_SIGNALS) {
    test(`${signal}, by gRPC`, async () => {
      const { grpc, sink } = await receiving('grpc { }')
      expect(await grpc(signal)).toMatchObject({ code: Code.OK, response: Buffer.alloc(0) })
      expect(sink.taken.map(shown)).toEqual([expected(signal)])
    })

    test(`${signal}, by HTTP as protobuf`, async () => {
      const { http, sink } = await receiving('http { }')
      const reply = await http({ path: `/v1/${signal}`, body: SENT[signal] })
      expect([reply.status, reply.headers['content-type']]).toEqual([200, PROTO['content-type']])
      expect(sink.taken.map(shown)).toEqual([expected(signal)])
    })

    test(`${signal}, by HTTP as JSON`, async () => {
      const { http, sink } = await receiving('http { }')
      const body = Buffer.from(requestToJson(signal, [SENT[signal]]))
      const reply = await http({ path: `/v1/${signal}`, headers: JSON_TYPE, body })
      expect([reply.status, String(reply.body)]).toEqual([200, '{}'])
      expect(sink.taken.map(shown)).toEqual([expected(signal)])
    })
  }
})

describe('paths', () => {
  const rows: readonly (readonly [string, string, OtlpSignal, string, number])[] = [
    ['of the config', 'traces_url_path = "/in/t"', 'traces', '/in/t', 200],
    ['of the config, without a slash', 'logs_url_path = "in/l"', 'logs', '/in/l', 200],
    ['that the config has replaced', 'metrics_url_path = "/m"', 'metrics', '/v1/metrics', 404],
    ['that the config says nothing about', 'metrics_url_path = "/m"', 'logs', '/v1/logs', 200],
    ['with a query', '', 'traces', '/v1/traces?a=b', 200],
  ]
  for (const [name, body, signal, path, status] of rows) {
    test(`${name} answer with ${status}`, async () => {
      const { http, sink } = await receiving(`http {\n${body}\n}`)
      const reply = await http({ path, body: SENT[signal] })
      expect(reply.status).toBe(status)
      expect(sink.taken.map(shown)).toEqual(status === 200 ? [expected(signal)] : [])
    })
  }
})

test('a signal that is wired nowhere is not offered, and the answer names what was asked', async () => {
  const output = 'output { logs = [test.sink.all.input] }'
  const { grpc, http, sink } = await receiving('grpc { }\nhttp { }', output)
  expect(await grpc('traces')).toMatchObject({
    code: Code.UNIMPLEMENTED,
    message: `unknown method ${GRPC_PATHS.traces}`,
  })
  const reply = await http()
  expect([reply.status, statusMessage(reply)]).toEqual([404, 'unknown path'])
  expect(await grpc('logs')).toMatchObject({ code: Code.OK })
  expect(sink.taken.map(shown)).toEqual([expected('logs')])
})

describe('credentials', () => {
  const AUTH = 'grpc { auth = test.auth.all.handler }\nhttp { auth = test.auth.all.handler }'
  const token = { authorization: 'Bearer right' }

  async function guarded() {
    const all = await receiving(AUTH)
    const check = async (header: (name: string) => string | undefined) =>
      header('authorization') === token.authorization ? new Map([['subject', 'alice']]) : undefined
    all.auth.current = { ...all.auth.current, check }
    return all
  }

  test.each([
    ['none', {}],
    ['wrong ones', { authorization: 'Bearer wrong' }],
  ])('%s are refused, and nothing is delivered', async (_, headers) => {
    const { grpc, http, sink, ledger } = await guarded()
    expect(await grpc('traces', headers)).toMatchObject({
      code: Code.UNAUTHENTICATED,
      message: 'authentication failed',
    })
    const reply = await http({ headers: { ...PROTO, ...headers } })
    expect([reply.status, statusMessage(reply)]).toEqual([401, 'authentication failed'])
    expect([sink.taken, ledger.counts('traces').entered]).toEqual([[], 0])
  })

  test('are asked for before the path is looked up', async () => {
    const { http } = await guarded()
    expect((await http({ path: '/v1/none' })).status).toBe(401)
    expect((await http({ path: '/v1/none', headers: { ...PROTO, ...token } })).status).toBe(404)
  })

  test('let data in, which carries what is known of the sender', async () => {
    const { grpc, http, sink } = await guarded()
    expect((await grpc('traces', token)).code).toBe(Code.OK)
    expect((await http({ headers: { ...PROTO, ...token } })).status).toBe(200)
    const auth = new Map([['subject', 'alice']])
    expect(sink.taken.map(({ client }) => client?.auth)).toEqual([auth, auth])
  })

  test('are those of the handler of the moment', async () => {
    const { grpc, auth } = await guarded()
    expect((await grpc('traces', token)).code).toBe(Code.OK)
    auth.current = { ...auth.current, check: async () => undefined }
    expect((await grpc('traces', token)).code).toBe(Code.UNAUTHENTICATED)
  })

  test('are not asked for where the config names no handler', async () => {
    const { http, auth } = await receiving('http { }')
    auth.current = { ...auth.current, check: async () => undefined }
    expect((await http()).status).toBe(200)
  })
})

describe('what is remembered of the sender', () => {
  const headers = { 'X-Tenant': 'a', 'x-other': 'b' }
  const rows = [
    ['grpc', 'its address', 'grpc { }', undefined],
    ['http', 'its address', 'http { }', undefined],
    ['grpc', 'its headers with include_metadata', 'grpc { include_metadata = true }', ['a']],
    ['http', 'its headers with include_metadata', 'http { include_metadata = true }', ['a']],
  ] as const
  for (const [protocol, name, body, tenant] of rows) {
    test(`over ${protocol}: ${name}`, async () => {
      const { grpc, http, sink } = await receiving(body)
      if (protocol === 'grpc') await grpc('traces', { 'x-tenant': 'a' })
      else await http({ headers: { ...PROTO, ...headers } })
      const { client } = sink.taken[0]!
      expect(client?.address).toMatch(/^(::ffff:)?127\.0\.0\.1$/)
      expect(client?.metadata.get('x-tenant')).toEqual(tenant)
      expect(client?.metadata.size === 0).toBe(tenant === undefined)
    })
  }
})

describe('web pages', () => {
  const CORS = `http {
    auth = test.auth.all.handler
    cors {
      allowed_origins = ["https://*.example.com"]
      allowed_headers = ["X-Token"]
      exposed_headers = ["X-Trace"]
      max_age         = 600
    }
  }`
  const page = (origin: string, headers: Readonly<Record<string, string>> = {}) => ({
    origin,
    ...headers,
  })
  const preflight = (origin: string, wanted: string): Exchange => ({
    method: 'OPTIONS',
    headers: page(origin, {
      'access-control-request-method': 'POST',
      'access-control-request-headers': wanted,
    }),
  })

  test('of allowed origins may ask without credentials, and send what they may', async () => {
    const { http, auth, sink } = await receiving(CORS)
    auth.current = { ...auth.current, check: async () => undefined }
    const asked = await http(preflight('https://app.example.com', 'content-type,x-token'))
    expect(asked.status).toBe(204)
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-headers': 'content-type, x-token',
      'access-control-allow-methods': 'POST',
      'access-control-max-age': '600',
    })
    auth.current = { ...auth.current, check: async () => new Map() }
    const sent = await http({ headers: page('https://app.example.com', PROTO) })
    expect(sent.status).toBe(200)
    expect(sent.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-expose-headers': 'X-Trace',
    })
    expect(sink.taken).toHaveLength(1)
  })

  const refused: readonly (readonly [string, string, Exchange])[] = [
    ['another origin', CORS, preflight('https://example.org', 'x-token')],
    ['a header that is not allowed', CORS, preflight('https://app.example.com', 'x-secret')],
    ['an answer to another origin', CORS, { headers: page('https://example.org', PROTO) }],
    ['any page without the block', 'http { }', { headers: page('https://app.example.com', PROTO) }],
    [
      'any page with an empty block',
      'http { cors { } }',
      { headers: page('https://app.example.com', PROTO) },
    ],
  ]
  for (const [name, body, exchange] of refused) {
    test(`get no leave for ${name}`, async () => {
      const { http } = await receiving(body)
      const { headers } = await http(exchange)
      const given = Object.keys(headers).filter((header) => header.startsWith('access-control'))
      expect(given).toEqual([])
    })
  }
})

describe('compression_algorithms', () => {
  const packed: Exchange = {
    headers: { ...PROTO, 'content-encoding': 'gzip' },
    body: gzipSync(SENT.traces),
  }
  const rows: readonly (readonly [string, string, Exchange, string])[] = [
    ['the default takes gzip', '', packed, ''],
    ['what is listed is taken', 'compression_algorithms = ["gzip"]', packed, ''],
    [
      'what is not is refused',
      'compression_algorithms = ["", "zstd"]',
      packed,
      'unsupported Content-Encoding: gzip',
    ],
    [
      'with none but plain bodies',
      'compression_algorithms = [""]',
      packed,
      'unsupported Content-Encoding: gzip',
    ],
    ['plain bodies are taken', 'compression_algorithms = [""]', {}, ''],
  ]
  for (const [name, body, exchange, message] of rows) {
    test(name, async () => {
      const { http, sink } = await receiving(`http {\n${body}\n}`)
      const reply = await http(exchange)
      expect([reply.status, statusMessage(reply)]).toEqual([message === '' ? 200 : 400, message])
      expect(sink.taken.map(shown)).toEqual(message === '' ? [expected('traces')] : [])
    })
  }
})

describe('limits', () => {
  test('of grpc and http are their own, and an answer names the limit', async () => {
    const { grpc, http, sink } = await receiving(
      'grpc { max_recv_msg_size = "1KiB" }\nhttp { max_request_body_size = "2KiB" }',
    )
    expect(SENT.traces.length).toBeLessThan(1024)
    expect((await grpc()).code).toBe(Code.OK)
    expect((await http()).status).toBe(200)
    const large = Buffer.alloc(1500)
    const reply = await http({ body: large })
    // It is read, and is no request.
    expect(reply.status).toBe(400)
    const tooLarge = await http({ body: Buffer.alloc(2049) })
    expect([tooLarge.status, statusMessage(tooLarge)]).toEqual([
      413,
      expect.stringContaining('2049 bytes is larger than the limit of 2048'),
    ])
    expect(sink.taken).toHaveLength(2)
  })

  test('max_concurrent_streams is told to clients', async () => {
    const { world } = await receiving('grpc { max_concurrent_streams = 7 }')
    const session = connectHttp2('http://127.0.0.1:4317', {
      createConnection: () => world.network.connect({ host: '127.0.0.1', port: 4317 }),
    })
    onTestFinished(() => session.destroy())
    const told = await new Promise<number | undefined>((resolve) =>
      session.once('remoteSettings', (settings) => resolve(settings.maxConcurrentStreams)),
    )
    expect(told).toBe(7)
  })

  test('keep_alives_enabled = false ends connections with their answer', async () => {
    const kept = await receiving('http { }')
    const closed = await receiving('http { keep_alives_enabled = false }')
    const headers = { ...PROTO, connection: 'keep-alive' }
    expect((await kept.http({ headers })).headers.connection).toBe('keep-alive')
    expect((await closed.http({ headers })).headers.connection).toBe('close')
  })

  for (const [argument, waitMs] of [
    ['max_connection_idle', 60_000],
    ['max_connection_age', 70_000],
  ] as const) {
    test(`${argument} ends connections of gRPC`, async () => {
      const block = `server_parameters {\n${argument} = "1m"\nmax_connection_age_grace = "1s"\n}`
      const all = await receiving(`grpc {\nkeepalive {\n${block}\n}\n}`)
      expect((await all.grpc()).code).toBe(Code.OK)
      // The listener, and both ends of the connection.
      expect(all.world.network.openCount).toBe(3)
      await all.clock.tick(50_000)
      expect(all.world.network.openCount).toBe(3)
      await all.clock.tick(waitMs - 50_000)
      await until('closed', () => all.world.network.openCount === 1)
    })
  }
})

describe('TLS', () => {
  async function secured(protocol: 'grpc' | 'http', more = '') {
    const { cert, key } = await authority.issue(['localhost'])
    const world = new World(
      new Map([
        ['/tls/cert', cert],
        ['/tls/key', key],
        ['/tls/ca', authority.cert],
      ]),
    )
    const tls = `tls {\ncert_file = "/tls/cert"\nkey_file = "/tls/key"\n${more}\n}`
    return receiving(`${protocol} {\n${tls}\n}`, ALL, world)
  }

  async function clientTls(world: World, config: ClientTlsConfig = {}) {
    const { files, log } = world.fake
    const trusting = { ca_pem: authority.cert, server_name: 'localhost', ...config }
    return ClientTls.load(trusting, { files, clock: world.clock, log })
  }

  test('of http serves who speaks it, and nobody else', async () => {
    const { http, sink } = await secured('http')
    expect((await http({ ca: authority.cert })).status).toBe(200)
    await expect(http()).rejects.toThrow()
    expect(sink.taken).toHaveLength(1)
  })

  test('of grpc serves who speaks it, and nobody else', async () => {
    const { grpc, world, sink } = await secured('grpc')
    const secure = grpcSender(world.network, { tls: await clientTls(world) })
    expect((await secure()).code).toBe(Code.OK)
    await expect(grpc()).rejects.toThrow('cannot connect to 127.0.0.1:4317')
    expect(sink.taken).toHaveLength(1)
  })

  test('with client_ca_file serves who shows a certificate of that authority', async () => {
    const { world, sink } = await secured('grpc', 'client_ca_file = "/tls/ca"')
    const { cert: cert_pem, key } = await authority.issue([])
    world.fake.contents.set('/client.key', key)
    const shows = { cert_pem, key_file: '/client.key' }
    const [known, unknown] = [await clientTls(world, shows), await clientTls(world)]
    await expect(grpcSender(world.network, { tls: unknown })()).rejects.toThrow(/127\.0\.0\.1:4317/)
    expect((await grpcSender(world.network, { tls: known })()).code).toBe(Code.OK)
    expect(sink.taken).toHaveLength(1)
  })
})

test('metrics tell what was taken over and what was sent back, by signal', async () => {
  const { grpc, http, sink, figures, world } = await receiving('grpc { }\nhttp { }')
  const counts = (spans: number, logs: number, refused: number) => ({
    otelcol_receiver_accepted_spans_total: spans,
    otelcol_receiver_accepted_metric_points_total: 0,
    otelcol_receiver_accepted_log_records_total: logs,
    otelcol_receiver_refused_spans_total: refused,
    otelcol_receiver_refused_metric_points_total: 0,
    otelcol_receiver_refused_log_records_total: 0,
    'weir_receiver_unread_requests_total{data_type="traces"}': 0,
    'weir_receiver_unread_requests_total{data_type="metrics"}': 0,
    'weir_receiver_unread_requests_total{data_type="logs"}': 0,
  })
  expect(figures()).toEqual(counts(0, 0, 0))
  await grpc('traces')
  await http({ path: '/v1/logs', body: SENT.logs })
  expect(figures()).toEqual(counts(SENT_ITEMS, SENT_ITEMS, 0))
  sink.answer = () => Promise.reject(new Retryable('full', { retryAfterMs: 1500 }))
  expect(await grpc('traces')).toMatchObject({ code: Code.UNAVAILABLE, retryDelayMs: 2500 })
  const reply = await http()
  expect([reply.status, reply.headers['retry-after'], statusMessage(reply)]).toEqual([
    503,
    '3',
    'full',
  ])
  expect(figures()).toEqual(counts(SENT_ITEMS, SENT_ITEMS, 2 * SENT_ITEMS))
  expect(world.metrics.render('prometheus')).toContain(
    'otelcol_receiver_accepted_spans_total{component_id="otelcol.receiver.otlp.a"} 3\n',
  )
})

test('what goes nowhere is taken: an empty request', async () => {
  const { http, sink } = await receiving('http { }')
  expect((await http({ body: Buffer.alloc(0) })).status).toBe(200)
  expect(sink.taken).toEqual([])
})

test('a bug behind it is answered as something to try again, and told to the agent', async () => {
  const { grpc, http, sink, bugs } = await receiving('grpc { }\nhttp { }')
  const bug = new TypeError('undefined is not a function')
  sink.answer = () => Promise.reject(bug)
  expect(await grpc()).toMatchObject({
    code: Code.UNAVAILABLE,
    message: 'internal error; try again',
  })
  expect((await http()).status).toBe(503)
  expect(bugs).toEqual([bug, bug])
})
