import { describe, expect, test } from 'vitest'
import { decodePairs, EntryReader, receiveBatch } from '#pdata'
import { Retryable } from '#sdk'
import { encodeRequest, keyValue, type Plain } from '#support'
import { batchOf, runComponent } from '../../../../test/support/running-component.js'
import definition from './loki.js'

const FORWARD = 'forward_to = [test.entries.all.receiver]'

interface Given {
  readonly record?: Plain
  readonly attributes?: readonly Plain[]
  readonly resource?: readonly Plain[]
  readonly scope?: Plain
}

function logs(...all: readonly Given[]) {
  const resourceLogs = all.map(({ record = {}, attributes = [], resource = [], scope }) => ({
    resource: { attributes: resource },
    scopeLogs: [{ ...(scope && { scope }), logRecords: [{ ...record, attributes }] }],
  }))
  return receiveBatch('logs', encodeRequest('logs', { resourceLogs }))
}

/** Labels, time and line of every entry. */
async function entriesOf(...given: readonly Given[]) {
  const all = await runComponent(definition, FORWARD)
  await all.give(logs(...given))
  const found: { labels: string; time: string; line: string }[] = []
  for (const batch of all.entries.taken) {
    const reader = new EntryReader(batch as never)
    while (reader.nextStream()) {
      while (reader.nextEntry()) {
        const { labels, seconds, nanos, line } = reader
        found.push({ labels, time: `${seconds}.${String(nanos).padStart(9, '0')}`, line })
      }
    }
  }
  return found
}

const text = (value: string): Plain => ({ stringValue: value })
const map = (...values: Plain[]): Plain => ({ kvlistValue: { values } })
const array = (...values: Plain[]): Plain => ({ arrayValue: { values } })
const hint = (value: string) => keyValue('loki.attribute.labels', value)

describe('labels', () => {
  const rows: readonly (readonly [string, Given, string])[] = [
    ['of nothing', {}, '{exporter="OTLP"}'],
    ['the job', { resource: [keyValue('service.name', 'a')] }, '{exporter="OTLP", job="a"}'],
    [
      'the job with its namespace, and the instance',
      {
        resource: [
          keyValue('service.instance.id', 7),
          keyValue('service.namespace', 'shop'),
          keyValue('service.name', 'a'),
        ],
      },
      '{exporter="OTLP", instance="7", job="shop/a"}',
    ],
    [
      'no job of a namespace alone',
      { resource: [keyValue('service.namespace', 'b')] },
      '{exporter="OTLP"}',
    ],
    ['the level', { record: { severityNumber: 14 } }, '{exporter="OTLP", level="WARN2"}'],
    [
      'the level that an attribute names',
      { record: { severityNumber: 9 }, attributes: [keyValue('level', 'notice')] },
      '{exporter="OTLP", level="notice"}',
    ],
    [
      'no level without a severity',
      { attributes: [keyValue('level', 'notice')] },
      '{exporter="OTLP"}',
    ],
    [
      'no level for a number without a name',
      { record: { severityNumber: 77 } },
      '{exporter="OTLP"}',
    ],
    [
      'attributes that a hint names',
      {
        attributes: [
          hint(' http.method, code,missing,empty,,level'),
          keyValue('http.method', 'GET'),
          keyValue('code', 200),
          keyValue('empty', ''),
        ],
        record: { severityNumber: 9 },
      },
      '{code="200", exporter="OTLP", http_method="GET", level="INFO"}',
    ],
    [
      'a hint that is an array',
      {
        attributes: [
          { key: 'loki.attribute.labels', value: array(text('a'), text('b')) },
          keyValue('a', true),
          keyValue('b', 0.5),
        ],
      },
      '{a="true", b="0.5", exporter="OTLP"}',
    ],
    [
      'attributes inside others',
      {
        attributes: [
          hint('http.request.method,http.x'),
          {
            key: 'http',
            value: map(
              { key: 'request', value: map(keyValue('method', 'GET')) },
              keyValue('x', 'y'),
            ),
          },
        ],
      },
      '{exporter="OTLP", http_request_method="GET", http_x="y"}',
    ],
    [
      'attributes of the resource, named by either',
      {
        resource: [
          keyValue('loki.resource.labels', 'a'),
          keyValue('a', '1'),
          keyValue('b', '2'),
          keyValue('c', '3'),
        ],
        attributes: [keyValue('loki.resource.labels', 'b')],
      },
      '{a="1", b="2", exporter="OTLP"}',
    ],
    [
      'over those of the resource',
      {
        resource: [
          keyValue('loki.resource.labels', 'a'),
          keyValue('a', '1'),
          keyValue('service.name', 's'),
        ],
        attributes: [hint('a,job'), keyValue('a', '2'), keyValue('job', 'mine')],
      },
      '{a="2", exporter="OTLP", job="mine"}',
    ],
    [
      'the tenant of the record',
      { attributes: [keyValue('loki.tenant', 'org.id'), keyValue('org.id', 'acme')] },
      '{__tenant_id__="acme", exporter="OTLP"}',
    ],
    [
      'the tenant of the resource before it',
      {
        resource: [keyValue('loki.tenant', 'org'), keyValue('org', 'one')],
        attributes: [keyValue('loki.tenant', 'org'), keyValue('org', 'two')],
      },
      '{__tenant_id__="one", exporter="OTLP"}',
    ],
    [
      'with names and values that need care',
      {
        attributes: [
          hint('1st,_a,straße'),
          keyValue('1st', '"\n'),
          keyValue('_a', 'b'),
          keyValue('straße', 'ü'),
        ],
      },
      '{exporter="OTLP", key_1st="\\"\\n", key_a="b", stra_e="ü"}',
    ],
  ]
  test.each(rows)('%s', async (_, given, labels) => {
    expect((await entriesOf(given)).map((entry) => entry.labels)).toEqual([labels])
  })
})

describe('lines', () => {
  const format = (value: string) => keyValue('loki.format', value)
  const full: Given = {
    record: {
      body: text('say "hi"\n\u0001 ü'),
      severityText: 'Warning',
      traceId: Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex'),
      spanId: Buffer.from('1112131415161718', 'hex'),
      flags: 1,
    },
    attributes: [keyValue('a', 1), { key: 'nothing' }],
    resource: [keyValue('service.name', 'shop')],
    scope: { name: 'lib', version: '2', attributes: [keyValue('s', 't')] },
  }
  const attributesOfKinds = [
    { key: 'bytes', value: { bytesValue: Buffer.from('hi') } },
    { key: 'map', value: map(keyValue('x', 'y'), { key: 'z', value: array(text('q'), {}) }) },
    { key: 'big', value: { intValue: '-9223372036854775808' } },
    { key: 'nan', value: { doubleValue: Number.NaN } },
    keyValue('half', 0.5),
    keyValue('no', false),
  ]
  const rows: readonly (readonly [string, Given, string])[] = [
    ['of nothing', {}, '{}'],
    [
      'with all there is',
      full,
      '{"body":"say \\"hi\\"\\n\\u0001 ü","traceid":"0102030405060708090a0b0c0d0e0f10","spanid":"1112131415161718","severity":"Warning","flags":1,"attributes":{"a":1,"nothing":null},"resources":{"service.name":"shop"},"instrumentation_scope":{"name":"lib","version":"2","attributes":{"s":"t"}}}',
    ],
    [
      'with values of every kind',
      { attributes: attributesOfKinds },
      '{"attributes":{"bytes":"aGk=","map":{"x":"y","z":["q",null]},"big":-9223372036854775808,"nan":"NaN","half":0.5,"no":false}}',
    ],
    [
      'with a body that is no text',
      { record: { body: map(keyValue('a', 1)) } },
      '{"body":{"a":1}}',
    ],
    ['with an empty body', { record: { body: text('') } }, '{"body":""}'],
    [
      'without ids that are zero, and a scope without a name',
      { record: { traceId: Buffer.alloc(16), spanId: Buffer.alloc(8) }, scope: { version: '1' } },
      '{}',
    ],
    [
      'without what became a label',
      {
        record: { severityNumber: 9 },
        attributes: [hint('a'), keyValue('a', 'b'), keyValue('level', 'x'), keyValue('job', 'c')],
        resource: [keyValue('loki.resource.labels', 'r'), keyValue('r', 1), keyValue('a', 'd')],
      },
      '{"attributes":{"job":"c"},"resources":{"a":"d"}}',
    ],
    [
      'of an unknown format',
      { attributes: [format('xml'), keyValue('a', 1)] },
      '{"attributes":{"a":1}}',
    ],
    ['raw', { ...full, attributes: [format('raw')] }, 'say "hi"\n\u0001 ü'],
    [
      'raw, of a map',
      { record: { body: map(keyValue('a', 1)) }, resource: [format('raw')] },
      '{"a":1}',
    ],
    ['raw, of nothing', { resource: [format('raw')] }, ''],
    [
      'as logfmt',
      {
        ...full,
        attributes: [
          format('logfmt'),
          keyValue('a b', 'c d'),
          { key: 'm', value: map(keyValue('x', 1)) },
        ],
      },
      'msg="say \\"hi\\"\\n\\u0001 ü" traceID=0102030405060708090a0b0c0d0e0f10 spanID=1112131415161718 severity=Warning flags=1 attribute_ab="c d" attribute_m_x=1 resource_service.name=shop instrumentation_scope_name=lib instrumentation_scope_version=2 instrumentation_scope_attribute_s=t',
    ],
    [
      'as logfmt, of a body that is logfmt',
      {
        record: { body: text('level=info msg="a b" empty= ') },
        attributes: [format('logfmt'), keyValue('a', 1)],
      },
      'level=info msg="a b" empty= attribute_a=1',
    ],
    [
      'as logfmt, of words',
      { record: { body: text('order handled') }, attributes: [format('logfmt')] },
      'msg="order handled"',
    ],
    [
      'as logfmt, of a map',
      {
        record: { body: map({ key: 'a', value: array(text('x'), text('y')) }) },
        attributes: [format('logfmt')],
      },
      'a_0=x a_1=y',
    ],
    [
      'as logfmt, of an array',
      { record: { body: array(text('x'), text('null')) }, attributes: [format('logfmt')] },
      'body_0=x body_1="null"',
    ],
    [
      'of the format of the resource',
      { resource: [format('raw')], attributes: [format('json')] },
      '',
    ],
  ]
  test.each(rows)('%s', async (_, given, line) => {
    expect((await entriesOf(given)).map((entry) => entry.line)).toEqual([line])
  })
})

describe('times', () => {
  const rows: readonly (readonly [string, Plain, string])[] = [
    [
      'its own',
      { timeUnixNano: '1700000000123456789', observedTimeUnixNano: '5' },
      '1700000000.123456789',
    ],
    ['when it was observed', { observedTimeUnixNano: '1999999999' }, '1.999999999'],
    ['the largest', { timeUnixNano: '18446744073709551615' }, '18446744073.709551615'],
  ]
  test.each(rows)('%s', async (_, record, time) => {
    expect((await entriesOf({ record })).map((entry) => entry.time)).toEqual([time])
  })

  test('now, without any', async () => {
    const all = await runComponent(definition, FORWARD)
    await all.give(logs({}))
    const reader = new EntryReader(all.entries.taken[0] as never)
    reader.nextStream()
    reader.nextEntry()
    expect(reader.seconds * 1000 + reader.nanos / 1e6).toBe(all.clock.now())
  })
})

test('entries of one set of labels are one stream, in order', async () => {
  const level = (severityNumber: number, body: string): Given => ({
    record: { severityNumber, body: text(body) },
    attributes: [keyValue('loki.format', 'raw')],
  })
  const found = await entriesOf(level(9, 'a'), level(17, 'b'), level(9, 'c'), level(17, 'd'))
  expect(found.map(({ labels, line }) => [labels, line])).toEqual([
    ['{exporter="OTLP", level="INFO"}', 'a'],
    ['{exporter="OTLP", level="INFO"}', 'c'],
    ['{exporter="OTLP", level="ERROR"}', 'b'],
    ['{exporter="OTLP", level="ERROR"}', 'd'],
  ])
})

test('entries have no structured metadata, and the books of both signals agree', async () => {
  const all = await runComponent(definition, FORWARD)
  await all.give(batchOf('logs', 5))
  const reader = new EntryReader(all.entries.taken[0] as never)
  while (reader.nextStream()) {
    while (reader.nextEntry()) {
      const { metadataBytes, metadataStart, metadataEnd } = reader
      expect(decodePairs(metadataBytes, metadataStart, metadataEnd)).toEqual([])
    }
  }
  expect(all.ledger.counts('logs')).toMatchObject({ entered: 5, left: 5 })
  expect(all.ledger.counts('entries')).toMatchObject({ entered: 5, left: 5 })
})

test('what is refused behind it goes back, and is converted again', async () => {
  const all = await runComponent(definition, FORWARD)
  const full = new Retryable('full')
  all.entries.answer = () => Promise.reject(full)
  const batch = batchOf('logs', 5)
  await expect(all.give(batch)).rejects.toBe(full)
  expect(all.ledger.counts('entries')).toMatchObject({ entered: 0, left: 0, refused: 5 })
  all.entries.answer = () => Promise.resolve()
  await all.give(batch)
  expect(all.entries.taken.map(({ items }) => items)).toEqual([5])
})
