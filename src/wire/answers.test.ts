import { describe, expect, test } from 'vitest'
import { decodeMessage, encodeMessage } from '#support'
import { MalformedData } from './malformed.js'
import { decodeResponse, type Encoding, encodeResponse, type PartialSuccess } from './response.js'
import { OTLP_SIGNALS, type OtlpSignal, RESPONSE } from './schema.js'
import { decodeStatus, encodeStatus, type RpcStatus } from './status.js'

const ENCODINGS: readonly Encoding[] = ['protobuf', 'json']
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

describe('an export response', () => {
  test('of full success says nothing', () => {
    for (const signal of OTLP_SIGNALS) {
      expect(encodeResponse(signal, 'protobuf')).toHaveLength(0)
      expect(text(encodeResponse(signal, 'json'))).toBe('{}')
    }
  })

  const names: [OtlpSignal, string][] = [
    ['traces', 'rejectedSpans'],
    ['metrics', 'rejectedDataPoints'],
    ['logs', 'rejectedLogRecords'],
  ]
  test.each(names)('of %s counts %s', (signal, name) => {
    const partial = { rejected: 3, message: 'too old' }
    expect(text(encodeResponse(signal, 'json', partial))).toBe(
      `{"partialSuccess":{"${name}":"3","errorMessage":"too old"}}`,
    )
    const binary = decodeMessage(RESPONSE[signal], encodeResponse(signal, 'protobuf', partial))
    expect(binary).toEqual({ partialSuccess: { [name]: '3', errorMessage: 'too old' } })
  })

  test.each([
    { rejected: 1, message: 'no' },
    { rejected: 2 ** 40, message: '' },
    { rejected: 0, message: 'a warning' },
  ])('is read as it was written: %j', (partial) => {
    for (const signal of OTLP_SIGNALS) {
      for (const encoding of ENCODINGS) {
        const body = encodeResponse(signal, encoding, partial)
        expect(decodeResponse(signal, encoding, body)).toEqual(partial)
      }
    }
  })

  const bodies: [string, Encoding, Uint8Array, PartialSuccess | undefined][] = [
    ['no body', 'protobuf', Buffer.alloc(0), undefined],
    ['no JSON body', 'json', Buffer.alloc(0), undefined],
    ['an empty object', 'json', Buffer.from('{}'), undefined],
    ['an empty partial success', 'protobuf', Buffer.from([0x0a, 0]), undefined],
    ['an empty partial success in JSON', 'json', Buffer.from('{"partialSuccess":{}}'), undefined],
    [
      'unknown fields',
      'json',
      Buffer.from('{"extra":"","partialSuccess":{"extra":"","rejectedSpans":1}}'),
      { rejected: 1, message: '' },
    ],
    [
      'a negative count',
      'json',
      Buffer.from('{"partialSuccess":{"rejectedSpans":"-5","errorMessage":"x"}}'),
      { rejected: 0, message: 'x' },
    ],
  ]
  test.each(bodies)('%s', (_, encoding, body, expected) => {
    expect(decodeResponse('traces', encoding, body)).toEqual(expected)
  })

  test.each([
    ['protobuf', Buffer.from('<html>')],
    ['json', Buffer.from('<html>')],
    ['json', Buffer.from('null')],
  ] as const)('that is none is refused: %s', (encoding, body) => {
    expect(() => decodeResponse('traces', encoding, body)).toThrow(MalformedData)
  })
})

describe('a status', () => {
  const statuses: RpcStatus[] = [
    { code: 0, message: '' },
    { code: 3, message: 'bad ünicode' },
    { code: 14, message: 'full', retryDelayMs: 0 },
    { code: 8, message: '', retryDelayMs: 1500 },
    { code: 8, message: '', retryDelayMs: 86_400_000 },
    {
      code: 3,
      message: 'invalid',
      retryDelayMs: 1,
      violations: [
        { field: 'body', description: 'a varint is cut short' },
        { field: '', description: '' },
      ],
    },
  ]
  test.each(statuses)('is read as it was written: %j', (status) => {
    for (const encoding of ENCODINGS) {
      expect(decodeStatus(encoding, encodeStatus(encoding, status))).toEqual(status)
    }
  })

  test('in JSON', () => {
    const status = { code: 8, message: 'slow', retryDelayMs: 1250, violations: [] }
    expect(text(encodeStatus('json', status))).toBe(
      '{"code":8,"message":"slow","details":[' +
        '{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.250s"}]}',
    )
  })

  test('in protobuf', () => {
    const status = decodeMessage('Status', encodeStatus('protobuf', statuses[3]!))
    expect(status['code']).toBe(8)
    const [{ typeUrl, value }] = status['details']
    expect(typeUrl).toBe('type.googleapis.com/google.rpc.RetryInfo')
    expect(decodeMessage('RetryInfo', value)).toEqual({
      retryDelay: { seconds: '1', nanos: 500_000_000 },
    })
  })

  test('with a fraction of a millisecond is rounded up', () => {
    expect(
      decodeStatus('json', encodeStatus('json', { ...statuses[2]!, retryDelayMs: 0.1 })),
    ).toEqual({
      ...statuses[2],
      retryDelayMs: 1,
    })
  })

  const detail = (type: string, value: Uint8Array) =>
    encodeMessage('Status', { code: 1, details: [{ typeUrl: `x/google.rpc.${type}`, value }] })
  const retryInfo = (seconds: number, nanos: number) =>
    detail('RetryInfo', encodeMessage('RetryInfo', { retryDelay: { seconds, nanos } }))
  const json = (retryDelay: unknown) =>
    Buffer.from(
      JSON.stringify({ code: 1, details: [{ '@type': 'x/google.rpc.RetryInfo', retryDelay }] }),
    )
  const delays: [string, Encoding, Uint8Array, number | undefined][] = [
    ['a nanosecond', 'protobuf', retryInfo(0, 1), 1],
    ['a negative delay', 'protobuf', retryInfo(-3, -5), 0],
    ['no delay in it', 'protobuf', detail('RetryInfo', Buffer.alloc(0)), 0],
    ['damaged details', 'protobuf', detail('RetryInfo', Buffer.from([1, 2, 3])), undefined],
    ['details of another type', 'protobuf', detail('ErrorInfo', Buffer.from([1, 2])), undefined],
    ['nanoseconds in JSON', 'json', json('0.000000001s'), 1],
    ['a negative delay in JSON', 'json', json('-1s'), 0],
    ['null in JSON', 'json', json(null), 0],
    ['a number in JSON', 'json', json(5), undefined],
    ['minutes in JSON', 'json', json('5m'), undefined],
  ]
  test.each(delays)('with %s', (_, encoding, body, expected) => {
    expect(decodeStatus(encoding, body).retryDelayMs).toBe(expected)
  })

  test('with odd JSON keeps what it can', () => {
    const body = '{"code":"x","message":7,"details":[null,3,{"@type":5}],"__proto__":{"code":9}}'
    expect(decodeStatus('json', Buffer.from(body))).toEqual({ code: 0, message: '' })
  })

  test.each([
    ['protobuf', Buffer.from('404 page not found')],
    ['json', Buffer.from('404 page not found')],
  ] as const)('that is none is refused: %s', (encoding, body) => {
    expect(() => decodeStatus(encoding, body)).toThrow(MalformedData)
  })
})
