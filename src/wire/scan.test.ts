import { describe, expect, test, vi } from 'vitest'
import { decodeRequest, sampleRequest } from '#support'
import { MalformedData } from './malformed.js'
import { scanByScript, scanRequest } from './scan.js'
import { FIELD, type Signal } from './schema.js'
import { createWasmScan } from './wasm/scan.js'
import { Writer } from './writer.js'

/** A field of nested fields, of bytes or of a string. */
function field(number: number, content: readonly Uint8Array[] | Uint8Array | string): Buffer {
  const writer = new Writer()
  if (typeof content === 'string') writer.string(number, content)
  else writer.field(number, content instanceof Uint8Array ? content : Buffer.concat(content))
  return writer.written()
}

const bytes = (...values: number[]) => Buffer.from(values)
const spans = (...content: Uint8Array[]) => field(1, [field(2, [field(2, content)])])
const SPAN_NAME = FIELD.Span.name

/** A series, or the content of a native histogram in it. */
const series = (...content: Uint8Array[]) => field(1, content)
const histogram = (...content: Uint8Array[]) => series(field(4, content))
const label = (name: string) => field(1, [field(1, name), field(2, 'x')])
const sample = bytes(0x12, 2, 0x10, 5)

/** An attribute of a span around a value's bytes. */
const attribute = (value: Uint8Array) => spans(field(9, [field(1, 'k'), field(2, value)]))

/** An AnyValue nested so deep; the outermost counts. */
function nested(depth: number, kind: 'arrayValue' | 'kvlistValue'): Uint8Array {
  let value: Uint8Array = bytes(0x18, 1)
  for (let level = 0; level < depth; level++) {
    const element = kind === 'arrayValue' ? value : field(2, value)
    value = field(FIELD.AnyValue[kind], field(1, element))
  }
  return value
}

/**
 * Around a string at a length where the scan takes four bytes at once, or leaves for native code.
 */
const UTF8: [string, number[], boolean][] = [
  ['two bytes', [0xc3, 0xbc], true],
  ['three bytes', [0xe2, 0x82, 0xac], true],
  ['four bytes', [0xf0, 0x9f, 0x8c, 0x8a], true],
  ['the last code point', [0xf4, 0x8f, 0xbf, 0xbf], true],
  ['NUL', [0], true],
  ['a continuation alone', [0x80], false],
  ['a lead alone', [0xc3], false],
  ['three bytes cut', [0xe2, 0x82], false],
  ['four bytes cut', [0xf0, 0x9f, 0x8c], false],
  ['overlong two bytes', [0xc1, 0xbf], false],
  ['overlong three bytes', [0xe0, 0x9f, 0xbf], false],
  ['overlong four bytes', [0xf0, 0x8f, 0xbf, 0xbf], false],
  ['a surrogate', [0xed, 0xa0, 0x80], false],
  ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80], false],
  ['0xff', [0xff], false],
]

const UTF8_FAULT = 'a string is not UTF-8'
const TIME_FAULT = 'field 1 of EntryAdapter has wire type 0'

test('there is WebAssembly here, so that what follows tries it', () => {
  expect(createWasmScan()).toBeDefined()
})

test('without WebAssembly, or without vectors in it, there is no twin', () => {
  class CompileError extends Error {}
  class Module {
    constructor() {
      throw new CompileError()
    }
  }
  try {
    vi.stubGlobal('WebAssembly', { Module, CompileError })
    expect(createWasmScan()).toBeUndefined()
    vi.stubGlobal('WebAssembly', undefined)
    expect(createWasmScan()).toBeUndefined()
  } finally {
    vi.unstubAllGlobals()
  }
})

describe.each([
  ['WebAssembly and JavaScript', scanRequest],
  ['JavaScript alone', scanByScript],
])('%s', (_, scan) => {
  describe('refuses', () => {
    const cases: [string, Uint8Array, string][] = [
      ['a length past the end', bytes(0x0a, 5, 0), 'a length runs past what holds it'],
      ['a length past its parent', field(1, bytes(0x12, 2)), 'a length runs past what holds it'],
      ['a tag and nothing more', bytes(0x0a), 'a length runs past what holds it'],
      ['half a tag', bytes(0x88), 'a field tag is malformed'],
      ['a tag in a longer form', bytes(0x8a, 0x00, 0), 'a field tag is malformed'],
      ['a tag above 32 bits', bytes(0xff, 0xff, 0xff, 0xff, 0x7f), 'a field tag is malformed'],
      ['field number 0', bytes(0x02, 0), 'ExportTraceServiceRequest has field number 0'],
      ['a group', bytes(0x1b, 0x1c), 'field 3 of ExportTraceServiceRequest has wire type 3'],
      ['wire type 6', bytes(0x1e), 'field 3 of ExportTraceServiceRequest has wire type 6'],
      [
        'a varint for a message',
        bytes(0x08, 1),
        'field 1 of ExportTraceServiceRequest has wire type 0',
      ],
      ['a varint for a string', spans(bytes(SPAN_NAME << 3, 1)), 'field 5 of Span has wire type 0'],
      [
        'a length above 2 GiB',
        bytes(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f),
        'a length is above 2 GiB',
      ],
      ['a cut fixed64', spans(bytes(0x39, 0, 0, 0)), 'Span is cut short'],
      ['a cut fixed32 with a two-byte tag', spans(bytes(0x85, 1, 0, 0)), 'Span is cut short'],
      ['a cut varint', spans(bytes(0x30, 0x80)), 'a varint is cut short'],
      [
        'an endless varint',
        spans(bytes(0x30, ...Array(11).fill(0x80))),
        'a varint is above 64 bits',
      ],
      [
        'a varint of more than 64 bits',
        spans(bytes(0x30, ...Array(9).fill(0xff), 2)),
        'a varint is above 64 bits',
      ],
      [
        'a trace id of 15 bytes',
        spans(field(1, Buffer.alloc(15))),
        'an id has 15 bytes and not 16',
      ],
      ['a span id of 16 bytes', spans(field(2, Buffer.alloc(16))), 'an id has 16 bytes and not 8'],
      [
        'a cut unknown field',
        bytes(0x1a, 3, 0),
        'field 3 of ExportTraceServiceRequest is longer than what holds it',
      ],
      ['an unknown fixed64 cut', bytes(0x19, 3, 0), 'ExportTraceServiceRequest is cut short'],
      ['65 nested arrays', attribute(nested(65, 'arrayValue')), 'values are nested deeper than 64'],
      ['65 nested lists', attribute(nested(65, 'kvlistValue')), 'values are nested deeper than 64'],
      [
        '10,000 nested arrays',
        attribute(nested(10_000, 'arrayValue')),
        'values are nested deeper than 64',
      ],
    ]
    test.each(cases)('%s', (_, input, reason) => {
      try {
        scan('traces', input)
        expect.unreachable()
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedData)
        expect((error as MalformedData).reason).toBe(reason)
        expect((error as Error).message).toMatch(/ at offset \d+$/)
      }
    })

    test('packed lists that end inside a value', () => {
      const points = (content: Uint8Array, data: number) =>
        field(1, [field(2, [field(2, [field(data, [field(1, content)])])])])
      const { Metric, HistogramDataPoint } = FIELD
      const fixed = points(
        field(HistogramDataPoint.bucketCounts, Buffer.alloc(7)),
        Metric.histogram,
      )
      expect(() => scan('metrics', fixed)).toThrow(/^a packed list is cut short/)
      const buckets = field(8, [field(2, bytes(1, 2, 0x80))])
      const varints = points(buckets, Metric.exponentialHistogram)
      expect(() => scan('metrics', varints)).toThrow(/^a varint is cut short/)
    })
  })

  describe('takes', () => {
    const cases: [string, Uint8Array, number][] = [
      ['nothing', bytes(), 0],
      ['a span without fields', spans(), 1],
      ['64 nested arrays', attribute(nested(64, 'arrayValue')), 1],
      ['64 nested lists', attribute(nested(64, 'kvlistValue')), 1],
      [
        'unknown fields of all wire types',
        bytes(0x18, 1, 0x19, ...Array(8).fill(0), 0x1a, 1, 9, 0x1d, 0, 0, 0, 0),
        0,
      ],
      ["the peer's probe, field 1313", bytes(0x88, 0x52, 0xd2, 0x09), 0],
      ['an empty id', spans(field(1, bytes())), 1],
      ['the largest varint', spans(bytes(0x30, ...Array(9).fill(0xff), 1)), 1],
      ['a length in a longer form', bytes(0x0a, 0x80, 0x80, 0x00), 0],
    ]
    test.each(cases)('%s', (_, input, items) => {
      expect(scan('traces', input)).toEqual({ items, regular: true })
      decodeRequest('traces', input)
    })

    test('repeated numbers packed, unpacked and mixed', () => {
      const unpacked = bytes(0x31, ...Array(8).fill(1), 0x32, 16, ...Array(16).fill(2))
      const { Metric } = FIELD
      const request = field(1, [
        field(2, [field(2, [field(Metric.histogram, [field(1, unpacked)])])]),
      ])
      expect(scan('metrics', request).items).toBe(1)
      const [metric] = decodeRequest('metrics', request)['resourceMetrics'][0].scopeMetrics[0]
        .metrics
      expect(metric.histogram.dataPoints[0].bucketCounts).toHaveLength(3)
    })

    const counts: [Signal, number][] = [
      ['traces', 100],
      ['metrics', 200],
      ['logs', 100],
      ['samples', 100],
      ['entries', 100],
    ]
    test.each(counts)('and counts %s', (signal, items) => {
      expect(scan(signal, sampleRequest(signal))).toEqual({ items, regular: true })
    })
  })

  describe('UTF-8', () => {
    test.each(UTF8)('%s', (_, sequence, valid) => {
      for (const before of [0, 1, 3, 4, 9, 60]) {
        for (const after of [0, 1, 5, 60]) {
          const text = Buffer.concat([
            Buffer.alloc(before, 'a'),
            bytes(...sequence),
            Buffer.alloc(after, 'z'),
          ])
          const items = () => scan('traces', spans(field(SPAN_NAME, text))).items
          if (valid) expect(items()).toBe(1)
          else expect(items, `${before} ${after}`).toThrow(/^a string is not UTF-8/)
        }
      }
    })

    test('keys, values and schema URLs too', () => {
      const bad = bytes(0xff)
      expect(() => scan('traces', field(1, [field(3, bad)]))).toThrow(/UTF-8/)
      expect(() => scan('traces', spans(field(9, [field(1, bad)])))).toThrow(/UTF-8/)
      expect(() => scan('traces', attribute(field(1, bad)))).toThrow(/UTF-8/)
      expect(scan('traces', attribute(field(7, bad))).items).toBe(1)
    })
  })

  describe('samples and entries', () => {
    const refused: [string, Signal, Uint8Array, string][] = [
      [
        'a label that is no UTF-8',
        'samples',
        series(field(1, [field(2, bytes(0xff))])),
        UTF8_FAULT,
      ],
      ['a cut value', 'samples', series(field(2, bytes(0x09, 0, 0))), 'Sample is cut short'],
      [
        'bounds that end inside a number, at a tag of two bytes',
        'samples',
        histogram(bytes(0x82, 1, 9, ...Array(9).fill(0))),
        'a packed list is cut short',
      ],
      [
        'deltas that end inside a number',
        'samples',
        histogram(bytes(0x62, 2, 1, 0x80)),
        'a varint is cut short',
      ],
      [
        'a creation time that is no varint',
        'samples',
        series(bytes(0xfa, 1, 0)),
        'field 31 of TimeSeries has wire type 2',
      ],
      [
        'a line that is no UTF-8',
        'entries',
        field(1, [field(2, [field(2, bytes(0xff))])]),
        UTF8_FAULT,
      ],
      ['a time that is a varint', 'entries', field(1, [field(2, bytes(0x08, 5))]), TIME_FAULT],
    ]
    test.each(refused)('%s is refused', (_, signal, input, reason) => {
      expect(() => scan(signal, input)).toThrow(reason)
    })

    const taken: [string, Signal, Uint8Array, number, boolean][] = [
      ['a series without a sample', 'samples', series(label('a')), 0, true],
      ['labels behind a sample', 'samples', series(sample, label('a')), 1, false],
      [
        'labels on both sides of a sample',
        'samples',
        series(label('a'), sample, label('b')),
        1,
        false,
      ],
      [
        'labels around what is unknown',
        'samples',
        series(label('a'), bytes(0x50, 1), label('b')),
        0,
        false,
      ],
      [
        'labels behind the creation time',
        'samples',
        series(bytes(0xf8, 1, 5), label('b')),
        0,
        false,
      ],
      [
        'several labels and samples',
        'samples',
        series(label('a'), label('b'), sample, sample),
        2,
        true,
      ],
      ['bounds one by one', 'samples', histogram(bytes(0x81, 1, ...Array(8).fill(0))), 1, true],
      ['bounds packed', 'samples', histogram(bytes(0x82, 1, 8, ...Array(8).fill(0))), 1, true],
      ['two counts', 'samples', histogram(bytes(0x08, 1, 0x11, ...Array(8).fill(0))), 1, false],
      ['metadata alone', 'samples', field(3, [field(2, 'a')]), 0, true],
      [
        'a stream and its lines',
        'entries',
        field(1, [field(1, '{}'), field(2, ''), field(2, '')]),
        2,
        true,
      ],
      ['labels behind a line', 'entries', field(1, [field(2, ''), field(1, '{}')]), 1, false],
      ['labels twice', 'entries', field(1, [field(1, '{}'), field(1, '{}')]), 0, false],
      ['two times', 'entries', field(1, [field(2, [field(1, ''), field(1, '')])]), 1, false],
    ]
    test.each(taken)('%s is taken', (_, signal, input, items, regular) => {
      expect(scan(signal, input)).toEqual({ items, regular })
      decodeRequest(signal, input)
    })
  })

  test('a failed scan leaves the next one alone', () => {
    expect(() => scan('traces', attribute(nested(65, 'arrayValue')))).toThrow()
    expect(scan('traces', attribute(bytes(0x18, 1))).items).toBe(1)
  })
})
