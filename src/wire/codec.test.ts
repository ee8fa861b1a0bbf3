import { expect, test } from 'vitest'
import { decodeMessage, encodeMessage, type Fields } from './codec.js'
import { VALUE_DEPTH_MAX } from './schema.js'
import { Writer } from './writer.js'

test('what is written has memory of its own', () => {
  const bytes = encodeMessage('Status', { code: 3, message: 'no' })
  expect(bytes).toEqual(Buffer.from([0x08, 3, 0x12, 2, 0x6e, 0x6f]))
  expect(bytes.buffer.byteLength).toBe(bytes.length)
})

test('what is absent is no own property', () => {
  const fields = decodeMessage('AnyValue', encodeMessage('AnyValue', { intValue: -1 }))
  expect(Object.keys(fields)).toEqual(['intValue'])
  expect(String(fields['intValue'])).toBe('-1')
  expect(Object.keys(decodeMessage('KeyValue', Buffer.from([0x0a, 0])))).toEqual([])
})

test.each([
  ['a number', -5, '-5'],
  ['text', '-9223372036854775808', '-9223372036854775808'],
  ['halves', { low: -1, high: 0x7fffffff }, '9223372036854775807'],
])('64-bit integers are written from %s', (_, intValue, expected) => {
  const { intValue: read } = decodeMessage('AnyValue', encodeMessage('AnyValue', { intValue }))
  expect(String(read)).toBe(expected)
})

test.each([
  ['cut short', Buffer.from([0x12, 5, 0x6e])],
  ['no UTF-8', Buffer.from([0x12, 1, 0xff])],
])('what is %s is refused', (_, bytes) => {
  expect(() => decodeMessage('Status', bytes)).toThrow()
})

/** As objects, each level three messages: the value, its list and the pair in it. */
function nested(levels: number): Fields {
  let value: Fields = { boolValue: true }
  for (let n = 0; n < levels; n++) value = { kvlistValue: { values: [{ key: 'k', value }] } }
  return value
}

/** As bytes. */
function nestedBytes(levels: number): Uint8Array {
  let value: Uint8Array = Buffer.from([0x10, 1])
  for (let n = 0; n < 3 * levels; n++) {
    const writer = new Writer(value.length + 8)
    writer.field([2, 1, 6][n % 3]!, value)
    value = writer.written()
  }
  return value
}

test('the depth is bounded both ways', () => {
  const bytes = encodeMessage('AnyValue', nested(VALUE_DEPTH_MAX))
  expect(encodeMessage('AnyValue', decodeMessage('AnyValue', bytes))).toEqual(bytes)
  expect(() => encodeMessage('AnyValue', nested(5_000))).toThrow('max depth exceeded')
  expect(() => decodeMessage('AnyValue', nestedBytes(5_000))).toThrow('max depth exceeded')
})
