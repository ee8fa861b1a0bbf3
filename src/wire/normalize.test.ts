import { describe, expect, test } from 'vitest'
import {
  decodeRequest,
  encodeMessage,
  keyValue,
  type Plain,
  randomFrom,
  sampleRequest,
} from '#support'
import { type FieldTable, MESSAGES, type MessageName } from './messages.js'
import { normalize } from './normalize.js'
import { FieldReader } from './reader.js'
import { scanRequest } from './scan.js'
import { isMessage, REQUEST, SIGNALS, wireTypeOf } from './schema.js'
import { Writer } from './writer.js'

const encode = (message: MessageName, object: Plain) => encodeMessage(message, object)

function field(number: number, content: Uint8Array): Buffer {
  const writer = new Writer()
  writer.field(number, content)
  return writer.written()
}

const resource = (key: string) => encode('Resource', { attributes: [keyValue(key, 1)] })
const scope = (...names: string[]) =>
  encode('ScopeSpans', { scope: { name: 's' }, spans: names.map((name) => ({ name })) })

describe('one message out of several, the last scalar, the last of a oneof', () => {
  const spans = (...content: Uint8Array[]) => field(1, Buffer.concat(content))
  const cases: [string, Uint8Array, Plain][] = [
    [
      'two resources',
      spans(field(1, resource('a')), field(2, scope('x')), field(1, resource('b'))),
      { resource: { attributes: [keyValue('a', 1), keyValue('b', 1)] } },
    ],
    [
      'a key behind its value',
      spans(field(1, field(1, reversed()))),
      {
        resource: { attributes: [{ key: 'k', value: { boolValue: true } }] },
      },
    ],
    [
      'legacy scopes',
      spans(field(1000, scope('old'))),
      {
        scopeSpans: [{ scope: { name: 's' }, spans: [{ name: 'old' }] }],
      },
    ],
    [
      'legacy scopes beside new ones',
      spans(field(1000, scope('old')), field(2, scope('new'))),
      {
        scopeSpans: [{ scope: { name: 's' }, spans: [{ name: 'new' }] }],
      },
    ],
  ]
  test.each(cases)('%s', (_, input, expected) => {
    expect(scanRequest('traces', input).regular).toBe(false)
    const normal = normalize('ExportTraceServiceRequest', input)
    expect(scanRequest('traces', normal).regular).toBe(true)
    const [first] = decodeRequest('traces', normal)['resourceSpans']
    expect(first).toMatchObject(expected)
  })

  function reversed(): Buffer {
    const value = encode('AnyValue', { boolValue: true })
    return Buffer.concat([field(2, value), field(1, Buffer.from('k'))])
  }
})

test('content of legacy scopes is checked', () => {
  const bad = field(1, field(1000, field(2, field(1, Buffer.alloc(3)))))
  expect(() => scanRequest('traces', bad)).toThrow(/^an id has 3 bytes/)
})

/** Says the same as protobufjs reads, whatever is repeated and in whatever order. */
test.each(SIGNALS)('%s: shuffled and doubled fields', (signal) => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomFrom(seed)
    const sample = sampleRequest(signal, { items: 4, attributes: 2, resources: 1, seed })
    const mixed = shuffle(REQUEST[signal], sample, random)
    const before = decodeRequest(signal, mixed)
    const normal = normalize(REQUEST[signal], mixed)
    expect(decodeRequest(signal, normal), `seed ${seed}`).toEqual(before)
    expect(scanRequest(signal, normal).regular).toBe(true)
  }
})

/** Doubles some singular fields and moves all about, inner messages first. */
function shuffle(message: MessageName, bytes: Uint8Array, random: () => number): Buffer {
  const fields: Buffer[] = []
  const reader = new FieldReader(bytes, 0, bytes.length)
  while (reader.next()) {
    const table = Object.values(MESSAGES[message]).find(
      ({ number }) => number === reader.number,
    ) as FieldTable
    const whole = Buffer.from(bytes.subarray(reader.start, reader.end))
    const body = bytes.subarray(reader.value, reader.end)
    const mixed = isMessage(table.type)
      ? field(table.number, shuffle(table.type, body, random))
      : whole
    fields.push(mixed)
    if (random() < 0.15 && !table.repeated) fields.push(random() < 0.5 ? mixed : whole)
    if (random() < 0.05) fields.push(unknownField(random))
    const rival = Object.values(MESSAGES[message]).find(
      (other) => other.oneof !== undefined && other.oneof === table.oneof && other !== table,
    )
    if (rival && random() < 0.1) fields.push(emptyField(rival))
  }
  for (let n = fields.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1))
    ;[fields[n], fields[other]] = [fields[other]!, fields[n]!]
  }
  return Buffer.concat(fields)
}

function unknownField(random: () => number): Buffer {
  return Buffer.from([0x88, 0x52, Math.floor(random() * 128)])
}

function emptyField({ number, type }: FieldTable): Buffer {
  const writer = new Writer()
  const wire = wireTypeOf(type)
  writer.tag(number, wire)
  writer.raw(Buffer.alloc({ 0: 1, 1: 8, 2: 1, 5: 4 }[wire]))
  return writer.written()
}
