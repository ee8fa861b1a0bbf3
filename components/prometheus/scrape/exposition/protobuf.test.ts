import { describe, expect, test } from 'vitest'
import { encodeFamily, type RecordedEntry, RecordingSink } from '#support'
import { MalformedExposition } from './malformed-exposition.js'
import type { ExpositionOptions } from './options.js'
import { createExpositionParser } from './parser.js'

function parse(body: Uint8Array, options: ExpositionOptions = {}): readonly RecordedEntry[] {
  const sink = new RecordingSink()
  const parser = createExpositionParser('PrometheusProto', sink, options)
  parser.push(body)
  parser.end()
  return sink.entries
}

const HISTOGRAM = 4
const SPANS = { positiveSpan: [{ offset: -2, length: 2 }] }

describe('native histograms', () => {
  test.each<[name: string, histogram: object, expected: object]>([
    [
      'integer counts',
      { ...SPANS, sampleCount: 5, sampleSum: 1.5, schema: 3, positiveDelta: [2, 1] },
      { schema: 3, count: 5, sum: 1.5, isFloat: false, positiveSpans: [-2, 2], positive: [2, 1] },
    ],
    [
      'float counts',
      { ...SPANS, sampleCountFloat: 5.5, schema: -1, positiveCount: [2.5, 3], zeroCountFloat: 1 },
      { schema: -1, count: 5.5, isFloat: true, zeroCount: 1, positive: [2.5, 3] },
    ],
    [
      'a zero bucket alone',
      { sampleCount: 2, zeroCount: 2, zeroThreshold: 0.001 },
      { count: 2, zeroCount: 2, zeroThreshold: 0.001, positiveSpans: [], negativeSpans: [] },
    ],
    [
      'negative observations',
      {
        sampleCount: 3,
        negativeSpan: [
          { offset: 0, length: 1 },
          { offset: 4, length: 1 },
        ],
        negativeDelta: [1, 1],
      },
      { negativeSpans: [0, 1, 4, 1], negative: [1, 1] },
    ],
    [
      'large numbers',
      { ...SPANS, sampleCount: 2 ** 53, positiveDelta: [2 ** 51, -(2 ** 50)] },
      { count: 2 ** 53, positive: [2 ** 51, -(2 ** 50)] },
    ],
  ])('%s', (_, histogram, expected) => {
    const body = encodeFamily({ name: 'a', type: HISTOGRAM, metric: [{ histogram }] })
    expect(parse(body).at(2)).toMatchObject({ kind: 'histogram', histogram: expected })
  })

  test('lists that are not packed', () => {
    // MetricFamily { name: "a", type: 4, metric { histogram { positive_span { length: 2 }
    // positive_delta: 1, positive_delta: -1 } } }
    const body = Buffer.from(
      '0f' + '0a0161' + '1804' + '2208' + '3a06' + '62021002' + '6802',
      'hex',
    )
    expect(() => parse(body)).toThrow('the spans of a histogram have 2 buckets, and there are 1')
    const two = Buffer.from(
      '11' + '0a0161' + '1804' + '220a' + '3a08' + '62021002' + '68026801',
      'hex',
    )
    expect(parse(two).at(2)).toMatchObject({ histogram: { positive: [1] } })
  })

  test('exemplars must have a time', () => {
    const timestamp = { seconds: 1, nanos: 5e8 }
    const exemplars = [{ value: 1 }, { value: 2, timestamp }]
    const histogram = { ...SPANS, positiveDelta: [1, 1], exemplars }
    const body = encodeFamily({ name: 'a', type: HISTOGRAM, metric: [{ histogram }] })
    const [, , entry] = parse(body)
    expect(entry).toMatchObject({ exemplars: [{ labels: {}, value: 2, timestampMs: 1500 }] })
  })
})

test('classic histograms of float counts', () => {
  const bucket = [{ cumulativeCountFloat: 0.5, upperBound: 1 }]
  const histogram = { sampleCountFloat: 1.5, sampleSum: 2, bucket }
  const body = encodeFamily({ name: 'a', type: HISTOGRAM, metric: [{ histogram }] })
  const values = parse(body).flatMap((entry) => (entry.kind === 'series' ? [entry.value] : []))
  expect(values).toEqual([1.5, 2, 0.5, 1.5])
})

test('a family without metrics says nothing', () => {
  expect(parse(encodeFamily({ name: 'a', help: 'b' }))).toEqual([{ kind: 'end' }])
})

test('times', () => {
  const counter = { value: 1, startTimestamp: { seconds: -1, nanos: 0 } }
  const body = encodeFamily({ name: 'a', metric: [{ counter, timestampMs: -5 }] })
  expect(parse(body).at(2)).toMatchObject({ timestampMs: -5, startTimestampMs: -1000 })
})

describe('faults', () => {
  const family = (fields: object) => encodeFamily({ name: 'a', ...fields })
  const metric = (fields: object) => family({ metric: [fields] })
  const label = (name: string) => ({ name, value: 'x' })
  test.each<[name: string, body: Uint8Array, offset: number, reason: string]>([
    ['cut short', family({ help: 'b' }).subarray(0, 5), 5, 'the last message is cut short'],
    ['a length cut short', Buffer.of(0x80), 1, 'the last message is cut short'],
    [
      'a length of too many bytes',
      Buffer.of(255, 255, 255, 255, 127),
      0,
      'the length of a message is above 32 bits',
    ],
    ['an unknown type', family({ type: 9, metric: [{}] }), 1, 'there is no metric type 9'],
    ['no name', encodeFamily({ metric: [{}] }), 1, 'a metric family has no name'],
    ['a label with no name', metric({ label: [label('')] }), 8, 'a label has no name'],
    [
      'a label twice',
      metric({ label: [label('b'), label('b')] }),
      22,
      'the label "b" is there twice',
    ],
    [
      'the name as a label',
      metric({ label: [label('__name__')] }),
      21,
      'the metric has a name already',
    ],
    [
      'a bound that is there',
      family({ type: 4, metric: [{ label: [label('le')], histogram: { bucket: [{}] } }] }),
      21,
      'the label "le" is there twice',
    ],
    ['another wire type', Buffer.of(2, 0x08, 1), 2, 'field 1 has wire type 0'],
    ['a group', Buffer.of(1, 0x7b), 2, 'field 15 has wire type 3'],
    ['field 0', Buffer.of(2, 0x00, 1), 1, 'a field tag is malformed'],
    ['a length that is too large', Buffer.of(2, 0x0a, 9), 2, 'a length is more than there is'],
    ['a varint cut short', Buffer.of(2, 0x18, 0x80), 2, 'a varint is cut short'],
    ['a double cut short', Buffer.of(3, 0x49, 1, 2), 2, 'field 9 is cut short'],
    [
      'a name that is not UTF-8',
      Buffer.of(3, 0x0a, 1, 0xff),
      3,
      'the name of a metric family is not UTF-8',
    ],
  ])('%s', (_, body, offset, reason) => {
    try {
      parse(body)
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedExposition)
      expect(error).toMatchObject({ reason, place: { offset } })
      return
    }
    expect.fail('there is no fault')
  })

  test('the offset is that in the body', () => {
    const good = family({ metric: [{ counter: { value: 1 } }] })
    const body = Buffer.concat([good, good, Buffer.of(1, 0x7b)])
    expect(() => parse(body)).toThrow(`offset ${good.length * 2 + 2}: field 15 has wire type 3`)
  })

  test('many labels', () => {
    const many = Array.from({ length: 40 }, (_, n) => label(`l${n}`))
    expect(parse(metric({ label: many, counter: { value: 1 } }))).toHaveLength(4)
    expect(() => parse(metric({ label: [...many, label('l7')] }))).toThrow('"l7" is there twice')
  })
})
