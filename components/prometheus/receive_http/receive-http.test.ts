import { describe, expect, onTestFinished, test } from 'vitest'
import { compress, type HttpReply } from '#net'
import { Permanent, Retryable } from '#sdk'
import { decodeRequest, encodeMessage, encodeRequest, FakeClock, httpClient } from '#support'
import { runComponent } from '../../../test/support/running-component.js'
import definition from './receive-http.js'
import { MESSAGE_ONE, MESSAGE_TWO, writeMessage } from './write-message.js'

const FORWARD = 'forward_to = [test.samples.all.receiver]'
const BOTH = `accepted_remote_write_protobuf_messages = ["${MESSAGE_ONE}", "${MESSAGE_TWO}"]`
const PROTOBUF = 'application/x-protobuf'
const TWO = `${PROTOBUF};proto=${MESSAGE_TWO}`
const SNAPPY = { 'content-encoding': 'snappy' }

async function listening(body = BOTH) {
  const all = await runComponent(definition, `${FORWARD}\n${body}`)
  const client = httpClient({ network: all.world.network, clock: new FakeClock() })
  onTestFinished(() => client.close(AbortSignal.abort()))
  const post = (
    bytes: Uint8Array,
    type: string | undefined = PROTOBUF,
    headers: Readonly<Record<string, string>> = SNAPPY,
    path = '/api/v1/metrics/write',
  ) =>
    client.request({
      method: 'POST',
      url: new URL(`http://127.0.0.1:8080${path}`),
      headers: { ...(type && { 'content-type': type }), ...headers },
      body: [bytes],
      timeoutMs: 10_000,
    })
  return { ...all, client, post }
}

const snap = async (bytes: Uint8Array) => (await compress('snappy', [bytes]))[0]!
const said = ({ status, body }: HttpReply) => [status, Buffer.from(body).toString().trim()]
const writtenIn = ({ header }: HttpReply) =>
  ['samples', 'histograms', 'exemplars'].map((what) =>
    header(`x-prometheus-remote-write-${what}-written`),
  )

const NAME = { name: '__name__', value: 'up' }
const SAMPLES = [{ value: 1, timestamp: '1700000000000' }]
const GOOD = { labels: [NAME, { name: 'job', value: 'a' }], samples: SAMPLES }
const BAD = { labels: [{ name: 'job', value: 'a' }], samples: SAMPLES }
const ONE = encodeRequest('samples', { timeseries: [GOOD] })
const symbols = ['', '__name__', 'up', 'job', 'a']
const exemplars = [{ labelsRefs: [], value: 1 }]
const GOOD_TWO = { labelsRefs: [1, 2, 3, 4], samples: SAMPLES, exemplars }
const two = (...timeseries: object[]) => encodeMessage('WriteRequestV2', { symbols, timeseries })

describe('it takes', () => {
  const rows: readonly (readonly [string, string | undefined, Record<string, string>])[] = [
    ['1.0', PROTOBUF, SNAPPY],
    ['1.0 by its name', `${PROTOBUF}; proto=${MESSAGE_ONE}`, SNAPPY],
    ['1.0 that does not say so', '', {}],
  ]
  test.each(rows)('%s, and passes its bytes on', async (_, type, headers) => {
    const { post, samples, ledger } = await listening()
    const reply = await post(await snap(ONE), type, headers)
    expect(said(reply)).toEqual([204, ''])
    expect(writtenIn(reply)).toEqual([undefined, undefined, undefined])
    expect(samples.taken.map(({ chunks }) => Buffer.concat(chunks))).toEqual([ONE])
    expect(ledger.counts('samples')).toMatchObject({ entered: 1, left: 1 })
  })

  test('2.0, and says what it has taken', async () => {
    const { post, samples } = await listening()
    const reply = await post(await snap(two(GOOD_TWO)), TWO)
    expect([reply.status, ...writtenIn(reply)]).toEqual([204, '1', '0', '1'])
    const [batch] = samples.taken
    expect(decodeRequest('samples', Buffer.concat(batch!.chunks))['timeseries']).toEqual([
      { ...GOOD, exemplars: [{ value: 1 }] },
    ])
  })

  test('metadata alone, and forgets it unless it is wanted', async () => {
    const metadata = [{ type: 1, metricFamilyName: 'up', help: 'Is up.' }]
    const body = await snap(encodeRequest('samples', { metadata }))
    const without = await listening()
    expect((await without.post(body)).status).toBe(204)
    expect(without.samples.taken).toEqual([])
    const { post, samples } = await listening('append_metadata = true')
    expect((await post(body)).status).toBe(204)
    expect(samples.taken).toMatchObject([{ items: 0 }])
  })
})

describe('it refuses', () => {
  test('2.0, unless it is let in', async () => {
    const { post } = await listening('')
    expect(said(await post(await snap(two(GOOD_TWO)), TWO))).toEqual([
      415,
      `content type is not accepted; send ${PROTOBUF};proto=${MESSAGE_ONE}`,
    ])
  })

  test.each(['application/json', `${PROTOBUF};proto=io.prometheus.write.v3.Request`])(
    'the content type %s',
    async (type) => {
      const { post, samples } = await listening()
      expect((await post(await snap(ONE), type)).status).toBe(415)
      expect(samples.taken).toEqual([])
    },
  )

  test.each(['gzip', 'zstd'])('the encoding %s', async (encoding) => {
    const { post } = await listening()
    const reply = await post(await snap(ONE), PROTOBUF, { 'content-encoding': encoding })
    expect(said(reply)).toEqual([415, 'content encoding is not accepted; send snappy'])
  })

  test('what is not compressed, and what is no message', async () => {
    const { post, samples } = await listening()
    expect((await post(ONE)).status).toBe(400)
    for (const type of [PROTOBUF, TWO]) {
      const reply = await post(await snap(Buffer.from([0x0a, 0x7f])), type)
      expect([reply.status, said(reply)[1]]).toEqual([400, expect.stringMatching(/\S/)])
    }
    expect(samples.taken).toEqual([])
  })

  test('what is too large, also once it is expanded', async () => {
    const { post } = await listening('max_request_body_size = "1KiB"')
    expect((await post(Buffer.alloc(1025))).status).toBe(413)
    const labels = [NAME, { name: 'a', value: 'x'.repeat(2000) }]
    const large = encodeRequest('samples', { timeseries: [{ labels, samples: SAMPLES }] })
    expect((await post(await snap(large))).status).toBe(413)
  })

  test('another path', async () => {
    const { post } = await listening()
    expect((await post(await snap(ONE), PROTOBUF, SNAPPY, '/api/v1/write')).status).toBe(404)
  })
})

test('of bad series and good ones the good are taken, and the sender hears why', async () => {
  const { post, samples, ledger } = await listening()
  const bad = encodeRequest('samples', { timeseries: [GOOD, BAD] })
  expect(said(await post(await snap(bad)))).toEqual([
    400,
    'a series without a metric name: {job="a"}',
  ])
  const reply = await post(await snap(two(GOOD_TWO, { labelsRefs: [], samples: SAMPLES })), TWO)
  expect([reply.status, ...writtenIn(reply)]).toEqual([400, '1', '0', '1'])
  expect(samples.taken.map(({ items }) => items)).toEqual([1, 1])
  expect(ledger.counts('samples')).toMatchObject({
    entered: 4,
    left: 2,
    dropped: new Map([['invalid series', 2]]),
  })
})

test('an answer waits for what follows, and hears of it', async () => {
  const { post, samples, ledger } = await listening()
  const body = await snap(encodeRequest('samples', { timeseries: [GOOD, BAD] }))
  samples.answer = () => Promise.reject(new Retryable('full', { retryAfterMs: 2000 }))
  const reply = await post(body)
  expect([...said(reply), reply.header('retry-after')]).toEqual([503, 'full', expect.any(String)])
  samples.answer = () => Promise.reject(new Retryable('slow down', { code: 8, retryAfterMs: 2000 }))
  const throttled = await post(body)
  expect([throttled.status, throttled.header('retry-after')]).toEqual([429, expect.any(String)])
  samples.answer = () => Promise.reject(new Permanent('bad data', { code: 3 }))
  expect(said(await post(body))).toEqual([400, 'bad data'])
  samples.answer = () => Promise.reject(new Permanent('never'))
  expect(said(await post(body))).toEqual([422, 'never'])
  expect(ledger.counts('samples')).toMatchObject({ entered: 0, refused: 4, dropped: new Map() })
})

test('it says beforehand that there is no room', async () => {
  const { post, samples } = await listening()
  samples.foreseen = new Retryable('full')
  expect(said(await post(await snap(ONE)))).toEqual([503, 'full'])
})

test.each([
  ['', MESSAGE_ONE],
  ['application/x-protobuf', MESSAGE_ONE],
  ['Application/X-Protobuf; charset=utf-8', MESSAGE_ONE],
  [`application/x-protobuf;proto=${MESSAGE_TWO}`, MESSAGE_TWO],
  [`application/x-protobuf ; proto="${MESSAGE_TWO}"`, MESSAGE_TWO],
  ['application/x-protobuf;proto=', undefined],
  ['application/x-protobuf;proto=prometheus.writerequest', undefined],
  ['text/plain', undefined],
])('the content type "%s" stands for %s', (type, message) => {
  expect(writeMessage(type)).toBe(message)
})
