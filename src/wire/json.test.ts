import { describe, expect, test } from 'vitest'
import { decodeRequest, encodeRequest, type Plain, sampleObject, sampleRequest } from '#support'
import { jsonToRequest } from './json-read.js'
import { requestToJson } from './json-write.js'
import { MalformedData } from './malformed.js'
import { MESSAGES } from './messages.js'
import { scanRequest } from './scan.js'
import { reachable } from './scan-plan.js'
import { OTLP_SIGNALS, REQUEST } from './schema.js'

const TRACE_ID = '5B8EFFF798038103D269B633813FC60C'

test('no message of OTLP has two oneofs, which would both be left with one member', () => {
  for (const message of reachable(OTLP_SIGNALS.map((signal) => REQUEST[signal]))) {
    const groups = new Set(Object.values(MESSAGES[message]).flatMap(({ oneof }) => oneof ?? []))
    expect(groups.size, message).toBeLessThan(2)
  }
})

/** The JSON of a span in its envelopes. */
const spanText = (span: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`
const pointText = (kind: string, point: string) =>
  `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"${kind}":{"dataPoints":[${point}]}}]}]}]}`

function readSpan(span: string): Plain {
  const request = jsonToRequest('traces', spanText(span))
  return decodeRequest('traces', request)['resourceSpans'][0].scopeSpans[0].spans[0]
}

function readPoint(kind: string, point: string): Plain {
  const request = decodeRequest('metrics', jsonToRequest('metrics', pointText(kind, point)))
  return request['resourceMetrics'][0].scopeMetrics[0].metrics[0][kind].dataPoints[0]
}

const value = (json: string) =>
  readSpan(`{"attributes":[{"key":"k","value":${json}}]}`)['attributes'][0].value

describe('a span', () => {
  const cases: [string, string, Plain][] = [
    ['keys in snake case are unknown', '{"start_time_unix_nano":1,"trace_id":"zz"}', {}],
    ['ids in upper case', `{"traceId":"${TRACE_ID}"}`, { traceId: Buffer.from(TRACE_ID, 'hex') }],
    [
      'ids in lower case',
      '{"spanId":"eee19b7ec3c1b174"}',
      { spanId: Buffer.from('eee19b7ec3c1b174', 'hex') },
    ],
    ['empty ids', '{"traceId":"","parentSpanId":""}', {}],
    ['enums as numbers', '{"kind":2,"status":{"code":1}}', { kind: 2, status: { code: 1 } }],
    ['enums by name', '{"kind":"SPAN_KIND_SERVER"}', { kind: 2 }],
    ['enum numbers without a name', '{"kind":99}', { kind: 99 }],
    [
      'unknown fields of every kind',
      '{"a":1,"b":"x","c":{"d":[{}]},"e":[[],null],"f":null,"g":true,"name":"n"}',
      { name: 'n' },
    ],
    [
      'null for every kind',
      '{"name":null,"kind":null,"attributes":null,"status":null,"endTimeUnixNano":null}',
      {},
    ],
    [
      '64-bit integers as strings',
      '{"startTimeUnixNano":"1544712660300000001"}',
      { startTimeUnixNano: '1544712660300000001' },
    ],
    [
      '64-bit integers as numbers',
      '{"startTimeUnixNano":1544712660300000001}',
      { startTimeUnixNano: '1544712660300000001' },
    ],
    [
      'the largest time',
      '{"endTimeUnixNano":18446744073709551615}',
      { endTimeUnixNano: '18446744073709551615' },
    ],
    [
      'whole numbers with exponent or fraction',
      '{"droppedEventsCount":1e3,"droppedLinksCount":"2.0"}',
      { droppedEventsCount: 1000, droppedLinksCount: 2 },
    ],
    [
      'long whole numbers with a fraction',
      '{"startTimeUnixNano":9007199254740993.00}',
      { startTimeUnixNano: '9007199254740993' },
    ],
    ['minus zero for a whole number', '{"droppedEventsCount":-0}', {}],
    ['flags above 2^31', '{"flags":4294967295}', { flags: 4294967295 }],
    ['of equal keys the last', '{"name":"a","name":"b"}', { name: 'b' }],
    ['an empty key', '{"":1,"name":"n"}', { name: 'n' }],
    [
      'keys of Object.prototype',
      '{"__proto__":{"name":"x"},"constructor":1,"toString":2,"hasOwnProperty":3}',
      {},
    ],
    ['a lone surrogate', '{"name":"a\\ud800b"}', { name: 'a\ufffdb' }],
    [
      'a lone surrogate in a long text',
      `{"name":"${'a'.repeat(200)}\\udc00"}`,
      { name: `${'a'.repeat(200)}\ufffd` },
    ],
    ['a pair of surrogates', '{"name":"\\ud83c\\udf0a"}', { name: '🌊' }],
    [
      'numbers and braces in strings',
      '{"name":"{[\\"12345678901234567890\\\\"}',
      { name: '{["12345678901234567890\\' },
    ],
  ]
  test.each(cases)('%s', (_, json, expected) => {
    const span = readSpan(json)
    expect(span).toEqual(expected)
    expect(Object.getPrototypeOf(span)).toBe(Object.prototype)
  })
})

describe('an attribute value', () => {
  const cases: [string, string, Plain][] = [
    ['none', '{}', {}],
    ['of several the last', '{"intValue":1,"stringValue":"a"}', { stringValue: 'a' }],
    ['null beside one', '{"stringValue":"a","intValue":null}', { stringValue: 'a' }],
    ['an empty string is not none', '{"stringValue":""}', { stringValue: '' }],
    ['false is not none', '{"boolValue":false}', { boolValue: false }],
    [
      'the least int64',
      '{"intValue":"-9223372036854775808"}',
      { intValue: '-9223372036854775808' },
    ],
    [
      'the largest int64 as a number',
      '{"intValue":9223372036854775807}',
      { intValue: '9223372036854775807' },
    ],
    ['zero', '{"intValue":"0"}', { intValue: '0' }],
    ['a double', '{"doubleValue":0.1234567890123456789}', { doubleValue: 0.12345678901234568 }],
    ['a double as text', '{"doubleValue":"-1.5e-3"}', { doubleValue: -0.0015 }],
    ['NaN', '{"doubleValue":"NaN"}', { doubleValue: NaN }],
    ['Infinity', '{"doubleValue":"-Infinity"}', { doubleValue: -Infinity }],
    ['minus zero', '{"doubleValue":-0}', { doubleValue: -0 }],
    ['bytes, padded', '{"bytesValue":"+/8="}', { bytesValue: Buffer.from([0xfb, 0xff]) }],
    [
      'bytes, URL alphabet, not padded',
      '{"bytesValue":"-_8"}',
      { bytesValue: Buffer.from([0xfb, 0xff]) },
    ],
    [
      'an array',
      '{"arrayValue":{"values":[{"intValue":1},{}]}}',
      { arrayValue: { values: [{ intValue: '1' }, {}] } },
    ],
    ['an empty array', '{"arrayValue":{}}', { arrayValue: {} }],
    [
      'a list of pairs',
      '{"kvlistValue":{"values":[{"key":"__proto__"}]}}',
      { kvlistValue: { values: [{ key: '__proto__' }] } },
    ],
  ]
  test.each(cases)('%s', (_, json, expected) => expect(value(json)).toEqual(expected))
})

describe('a data point', () => {
  const cases: [string, string, string, Plain][] = [
    [
      'buckets as strings',
      'histogram',
      '{"bucketCounts":["1","18446744073709551615",3],"explicitBounds":[0.5,"NaN"]}',
      { bucketCounts: ['1', '18446744073709551615', '3'], explicitBounds: [0.5, NaN] },
    ],
    [
      'minus zero where zero is the default',
      'summary',
      '{"sum":-0,"quantileValues":[{"quantile":0,"value":"-0"}]}',
      { sum: -0, quantileValues: [{ value: -0 }] },
    ],
    ['present zeros', 'histogram', '{"sum":0,"min":-0}', { sum: 0, min: -0 }],
    [
      'zigzag',
      'exponentialHistogram',
      '{"scale":-20,"positive":{"offset":-2147483648,"bucketCounts":[300]}}',
      { scale: -20, positive: { offset: -2147483648, bucketCounts: ['300'] } },
    ],
    [
      'a negative fixed integer',
      'gauge',
      '{"asInt":"-9223372036854775808"}',
      { asInt: '-9223372036854775808' },
    ],
  ]
  test.each(cases)('%s', (_, kind, json, expected) =>
    expect(readPoint(kind, json)).toEqual(expected),
  )
})

describe('refuses', () => {
  const cases: [string, Uint8Array | string, RegExp][] = [
    ['an empty body', '', /^the body is not valid JSON/],
    ['null', 'null', /^the body is not a JSON object$/],
    ['a list', '[]', /^the body is not a JSON object$/],
    ['a long number', '12345678901234567890', /^the body is not a JSON object$/],
    ['trailing garbage', '{} x', /^the body is not valid JSON at offset 3$/],
    ['a second object', '{}{}', /^the body is not valid JSON/],
    ['a string without end', '{"a":"\\', /^the body is not valid JSON/],
    [
      'quotes where a long number is none',
      '{"a":00000000000000001}',
      /^the body is not valid JSON/,
    ],
    ['invalid UTF-8', Buffer.from('{"a":"\xff"}', 'latin1'), /^the body is not UTF-8$/],
    ['10,000 lists', '['.repeat(10_000), /^JSON is nested deeper than 280 at offset 280$/],
    [
      '10,000 levels of an unknown field',
      `{"x":${'{"y":'.repeat(10_000)}`,
      /^JSON is nested deeper/,
    ],
    [
      'a number for a string',
      spanText('{"name":1}'),
      /^resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]\.name must be a string$/,
    ],
    ['a string for a list', spanText('{"attributes":"x"}'), /attributes must be a list$/],
    ['null in a list', '{"resourceSpans":[null]}', /^resourceSpans\[0\] must be an object$/],
    ['0 for an object', spanText('{"status":0}'), /status must be an object$/],
    ['a list for an object', spanText('{"status":[]}'), /status must be an object$/],
    [
      'a word for a number',
      spanText('{"startTimeUnixNano":"soon"}'),
      /startTimeUnixNano must be a whole number$/,
    ],
    [
      'an empty string for a number',
      spanText('{"startTimeUnixNano":""}'),
      /must be a whole number$/,
    ],
    ['half of one', spanText('{"droppedEventsCount":1.5}'), /must be a whole number$/],
    [
      'a huge exponent',
      spanText('{"startTimeUnixNano":"1e99"}'),
      /must be from 0 to 18446744073709551615$/,
    ],
    ['a negative count', spanText('{"droppedEventsCount":-1}'), /must be from 0 to 4294967295$/],
    [
      '2^64',
      spanText('{"startTimeUnixNano":18446744073709551616}'),
      /must be from 0 to 18446744073709551615$/,
    ],
    [
      'a million digits',
      spanText(`{"startTimeUnixNano":${'9'.repeat(1e6)}}`),
      /must be a whole number$/,
    ],
    ['an unknown enum name', spanText('{"kind":"SERVER"}'), /kind must be a whole number$/],
    ['a short id', spanText('{"traceId":"abcd"}'), /traceId must be 32 hex digits or none$/],
    [
      'an id that is no hex',
      spanText('{"spanId":"zzzzzzzzzzzzzzzz"}'),
      /spanId must be 16 hex digits or none$/,
    ],
    ['a number for bytes', spanText('{"traceId":5}'), /traceId must be a string$/],
    [
      'text for true',
      spanText('{"attributes":[{"value":{"boolValue":"true"}}]}'),
      /boolValue must be true or false$/,
    ],
    [
      'no base64',
      spanText('{"attributes":[{"value":{"bytesValue":"a$=="}}]}'),
      /bytesValue must be base64$/,
    ],
    [
      'cut base64',
      spanText('{"attributes":[{"value":{"bytesValue":"abcde"}}]}'),
      /bytesValue must be base64$/,
    ],
    [
      'an endless double',
      spanText('{"attributes":[{"value":{"doubleValue":1e999}}]}'),
      /is beyond what a double holds$/,
    ],
    [
      'a word for a double',
      spanText('{"attributes":[{"value":{"doubleValue":"inf"}}]}'),
      /doubleValue must be a number$/,
    ],
  ]
  test.each(cases)('%s', (_, body, message) => {
    expect(() => jsonToRequest('traces', body)).toThrow(message)
    expect(() => jsonToRequest('traces', body)).toThrow(MalformedData)
  })

  test('values nested too deep, when they are scanned', () => {
    const deep = (levels: number) => {
      const nested = `${'{"arrayValue":{"values":['.repeat(levels)}{}${']}}'.repeat(levels)}`
      const body = spanText(`{"attributes":[{"value":${nested}}]}`)
      return scanRequest('traces', jsonToRequest('traces', body))
    }
    expect(deep(64).items).toBe(1)
    expect(() => deep(65)).toThrow(/^values are nested deeper than 64/)
  })
})

test('a byte order mark in front is passed over', () => {
  expect(jsonToRequest('traces', Buffer.from('\ufeff{}'))).toHaveLength(0)
  expect(jsonToRequest('traces', '\ufeff{}')).toHaveLength(0)
})

describe('writes', () => {
  const cases: [string, string, string][] = [
    ['ids in lower hex', `{"traceId":"${TRACE_ID}"}`, `{"traceId":"${TRACE_ID.toLowerCase()}"}`],
    ['64-bit integers as strings', '{"startTimeUnixNano":12}', '{"startTimeUnixNano":"12"}'],
    ['enums as numbers', '{"kind":"SPAN_KIND_CLIENT"}', '{"kind":3}'],
    [
      'bytes as padded base64',
      '{"attributes":[{"key":"k","value":{"bytesValue":"-_8"}}]}',
      '{"attributes":[{"key":"k","value":{"bytesValue":"+/8="}}]}',
    ],
    [
      'doubles that JSON lacks',
      '{"attributes":[{"value":{"doubleValue":"NaN"}},{"value":{"doubleValue":"-0"}}]}',
      '{"attributes":[{"value":{"doubleValue":"NaN"}},{"value":{"doubleValue":"-0"}}]}',
    ],
    [
      'empty values',
      '{"attributes":[{"key":"k","value":{}}]}',
      '{"attributes":[{"key":"k","value":{}}]}',
    ],
    ['fixed 32 bits', '{"flags":257}', '{"flags":257}'],
  ]
  test.each(cases)('%s', (_, span, expected) => {
    const request = jsonToRequest('traces', spanText(span))
    expect(requestToJson('traces', [request])).toBe(spanText(expected))
  })

  test('nothing of unknown fields and of what is the default', () => {
    const span = [0x0a, 0, 0x2a, 1, 0x6e, 0x30, 0, 0x88, 0x52, 1]
    const scope = [0x12, span.length, ...span, 0x88, 0x52, 1]
    const resource = [0x12, scope.length, ...scope]
    const request = Buffer.from([0x88, 0x52, 1, 0x0a, resource.length, ...resource])
    expect(requestToJson('traces', [request])).toBe(spanText('{"name":"n"}'))
  })

  test('nothing as an empty object', () => expect(requestToJson('logs', [])).toBe('{}'))

  test.each(OTLP_SIGNALS)('%s of several chunks as one request', (signal) => {
    const chunks = [sampleRequest(signal), sampleRequest(signal, { seed: 2, items: 6 })]
    const again = jsonToRequest(signal, requestToJson(signal, chunks))
    expect(decodeRequest(signal, again)).toEqual(decodeRequest(signal, Buffer.concat(chunks)))
  })
})

test.each(['samples', 'entries'] as const)('%s, of each list its own', (signal) => {
  const chunks = [sampleRequest(signal), sampleRequest(signal, { seed: 2, items: 6 })]
  const object = decodeRequest(signal, Buffer.concat(chunks))
  expect(JSON.parse(requestToJson(signal, chunks))).toEqual(object)
})

test.each(OTLP_SIGNALS)('%s: to JSON and back', (signal) => {
  for (let seed = 1; seed <= 20; seed++) {
    const bytes = encodeRequest(signal, sampleObject(signal, { items: 7, attributes: 12, seed }))
    const back = jsonToRequest(signal, Buffer.from(requestToJson(signal, [bytes])))
    expect(decodeRequest(signal, back)).toEqual(decodeRequest(signal, bytes))
  }
})
