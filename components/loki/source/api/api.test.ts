import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { compress, type HttpReply } from '#net'
import { Permanent, Retryable } from '#sdk'
import { decodeRequest, encodeRequest, FakeClock, httpClient, type Plain } from '#support'
import { runComponent } from '../../../../test/support/running-component.js'
import definition from './api.js'

const FORWARD = 'forward_to = [test.entries.all.receiver]'
const KEEP = 'use_incoming_timestamp = true'
const PROTOBUF = 'application/x-protobuf'
const JSON_TYPE = 'application/json'

async function listening(body = KEEP) {
  const all = await runComponent(definition, `${FORWARD}\n${body}`)
  const client = httpClient({ network: all.world.network, clock: new FakeClock() })
  onTestFinished(() => client.close(AbortSignal.abort()))
  const post = (
    bytes: Uint8Array,
    type: string | undefined,
    headers: Readonly<Record<string, string>> = {},
    path = '/loki/api/v1/push',
  ) =>
    client.request({
      method: 'POST',
      url: new URL(`http://127.0.0.1:8080${path}`),
      headers: { ...(type && { 'content-type': type }), ...headers },
      body: [bytes],
      timeoutMs: 10_000,
    })
  const taken = () =>
    all.entries.taken.flatMap(
      ({ chunks }) => decodeRequest('entries', Buffer.concat(chunks))['streams'] as Plain[],
    )
  return { ...all, client, post, taken }
}

const snap = async (object: Plain) =>
  (await compress('snappy', [encodeRequest('entries', object)]))[0]!
const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const said = ({ status, body }: HttpReply) => [status, Buffer.from(body).toString().trim()]

const TIME = { seconds: '1700000000', nanos: 5 }
const ENTRY = { timestamp: TIME, line: 'a line' }
const METADATA = [{ name: 'trace_id', value: 'x' }]
const STREAM = { labels: '{b="1", a="2"}', entries: [{ ...ENTRY, structuredMetadata: METADATA }] }
const SORTED = { ...STREAM, labels: '{a="2", b="1"}' }
const AS_JSON = {
  streams: [
    { stream: { b: '1', a: '2' }, values: [['1700000000000000005', 'a line', { trace_id: 'x' }]] },
  ],
}

describe('it takes', () => {
  test.each([
    ['protobuf', PROTOBUF, {}],
    ['protobuf that says it is snappy', PROTOBUF, { 'content-encoding': 'snappy' }],
    ['protobuf without a type', undefined, {}],
  ])('%s', async (_, type, headers) => {
    const { post, taken } = await listening()
    expect(said(await post(await snap({ streams: [STREAM] }), type, headers))).toEqual([204, ''])
    expect(taken()).toEqual([SORTED])
  })

  test.each([
    ['JSON', json(AS_JSON), {}],
    ['JSON in gzip', gzipSync(json(AS_JSON)), { 'content-encoding': 'gzip' }],
  ])('%s', async (_, body, headers) => {
    const { post, taken } = await listening()
    const type = 'application/json; charset=utf-8'
    expect(said(await post(body, type, headers))).toEqual([204, ''])
    expect(taken()).toEqual([SORTED])
  })

  test('a time before 1970', async () => {
    const { post, taken } = await listening()
    await post(json({ streams: [{ stream: { a: '1' }, values: [['-1', '']] }] }), JSON_TYPE)
    expect(taken()[0]!['entries'][0].timestamp).toEqual({ seconds: '-1', nanos: 999_999_999 })
  })

  test('requests on the other path', async () => {
    const { post } = await listening()
    const reply = await post(await snap({ streams: [STREAM] }), PROTOBUF, {}, '/api/v1/push')
    expect(reply.status).toBe(204)
  })

  test('nothing, and says so', async () => {
    const { post, entries } = await listening()
    expect((await post(json({ streams: [] }), JSON_TYPE)).status).toBe(204)
    expect(entries.taken).toEqual([])
  })

  test('questions whether it is ready', async () => {
    const { client } = await listening()
    const url = new URL('http://127.0.0.1:8080/loki/ready')
    expect(said(await client.request({ method: 'GET', url, timeoutMs: 1000 }))).toEqual([
      200,
      'ready',
    ])
  })
})

describe('it refuses', () => {
  const rows: readonly (readonly [string, unknown, string])[] = [
    ['no object', [], 'streams: expected an array'],
    ['no streams', {}, 'streams: expected an array'],
    ['no labels', { streams: [{ values: [] }] }, 'streams[0].stream: expected an object of labels'],
    [
      'a name that is none',
      { streams: [{ stream: { 'a.b': '1' }, values: [] }] },
      'streams[0].stream: "a.b" is no name of a label',
    ],
    [
      'a value that is no text',
      { streams: [{ stream: { a: 1 }, values: [] }] },
      'streams[0].stream.a: expected a string',
    ],
    ['no values', { streams: [{ stream: {} }] }, 'streams[0].values: expected an array'],
    [
      'a value that is no pair',
      { streams: [{ stream: {}, values: [['1']] }] },
      'streams[0].values[0]: expected [time, line] or [time, line, metadata]',
    ],
    [
      'a time that is a number',
      { streams: [{ stream: {}, values: [[1, 'a']] }] },
      'streams[0].values[0]: expected the time in nanoseconds, as a string',
    ],
    [
      'a line that is no text',
      { streams: [{ stream: {}, values: [['1', null]] }] },
      'streams[0].values[0]: expected the line as a string',
    ],
    [
      'metadata that are no texts',
      { streams: [{ stream: {}, values: [['1', 'a', { b: 1 }]] }] },
      'streams[0].values[0]: expected the metadata "b" as a string',
    ],
  ]
  test.each(rows)('JSON with %s', async (_, value, reason) => {
    const { post, entries } = await listening()
    expect(said(await post(json(value), JSON_TYPE))).toEqual([400, reason])
    expect(entries.taken).toEqual([])
  })

  test('what is no JSON', async () => {
    const { post } = await listening()
    expect((await post(Buffer.from('{'), JSON_TYPE)).status).toBe(400)
  })

  test('protobuf that is broken, or not compressed', async () => {
    const { post, entries } = await listening()
    const [broken] = await compress('snappy', [Buffer.from([0x0a, 0x7f])])
    expect((await post(broken!, PROTOBUF)).status).toBe(400)
    expect((await post(encodeRequest('entries', { streams: [STREAM] }), PROTOBUF)).status).toBe(400)
    expect(entries.taken).toEqual([])
  })

  test('labels that cannot be read, and nothing of the request is taken', async () => {
    const { post, entries } = await listening()
    const body = await snap({ streams: [STREAM, { labels: '{a=b}', entries: [ENTRY] }] })
    expect(said(await post(body, PROTOBUF))).toEqual([
      400,
      'labels: expected name="value" at 1, found "a=b}"',
    ])
    expect(entries.taken).toEqual([])
  })

  test('what is too large, also once it is expanded', async () => {
    const { post } = await listening(`${KEEP}\nmax_send_message_size = "1KiB"`)
    expect((await post(Buffer.alloc(1025), PROTOBUF)).status).toBe(413)
    const large = { streams: [{ labels: '{a="1"}', entries: [{ line: 'x'.repeat(2000) }] }] }
    expect((await post(await snap(large), PROTOBUF)).status).toBe(413)
  })

  test('an encoding that nobody sends', async () => {
    const { post } = await listening()
    const headers = { 'content-encoding': 'br' }
    expect(said(await post(json(AS_JSON), JSON_TYPE, headers))).toEqual([
      400,
      'unsupported Content-Encoding: br',
    ])
  })
})

test('an answer waits for what follows, and hears of it', async () => {
  const { post, entries, ledger } = await listening()
  const body = await snap({ streams: [STREAM] })
  entries.answer = () => Promise.reject(new Retryable('full', { retryAfterMs: 2000 }))
  const reply = await post(body, PROTOBUF)
  expect([...said(reply), reply.header('retry-after')]).toEqual([503, 'full', expect.any(String)])
  entries.answer = () => Promise.reject(new Permanent('bad data', { code: 3 }))
  expect(said(await post(body, PROTOBUF))).toEqual([400, 'bad data'])
  expect(ledger.counts('entries')).toMatchObject({ entered: 0, left: 0, refused: 2 })
})

test('it says beforehand that there is no room', async () => {
  const { post, entries } = await listening()
  entries.foreseen = new Retryable('full')
  expect(said(await post(await snap({ streams: [STREAM] }), PROTOBUF))).toEqual([503, 'full'])
})

describe('labels', () => {
  const rows: readonly (readonly [string, string, Readonly<Record<string, string>>, string])[] = [
    [
      'of the config are added',
      'labels = { via = "weir", a = "3" }',
      {},
      '{a="3", b="1", via="weir"}',
    ],
    ['that are internal go', 'labels = { __x = "1" }', {}, '{a="2", b="1"}'],
    ['name the tenant', '', { 'x-scope-orgid': 'acme' }, '{__tenant_id__="acme", a="2", b="1"}'],
  ]
  test.each(rows)('%s', async (_, body, headers, labels) => {
    const { post, taken } = await listening(`${KEEP}\n${body}`)
    await post(await snap({ streams: [STREAM] }), PROTOBUF, headers)
    expect(taken()).toEqual([{ ...STREAM, labels }])
  })
})

test('entries have the time at which they came, unless the config says otherwise', async () => {
  const { post, taken, clock } = await listening('')
  await clock.tick(1_700_000_000_250 - clock.now())
  await post(await snap({ streams: [STREAM] }), PROTOBUF)
  const timestamp = { seconds: '1700000000', nanos: 250_000_000 }
  expect(taken()).toEqual([{ ...SORTED, entries: [{ ...STREAM.entries[0], timestamp }] }])
})
