import { expect, test } from 'vitest'
import { readInt64, readUint64 } from './reader.js'
import { Writer } from './writer.js'

test.each([
  ...[0, 1, 127, 128, 2 ** 28 - 1, 2 ** 28, 2 ** 31, 2 ** 49, 2 ** 56 - 2 ** 4],
  ...[-1, -2, -128, -(2 ** 28), -(2 ** 28) - 1, -(2 ** 31), -1_700_000_000_000],
  ...[Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER],
])('%d is written as an int64 and read back', (value) => {
  const [ours, theirs] = [new Writer(), new Writer()]
  ours.int64(value)
  theirs.varint64(BigInt(value))
  expect(ours.written()).toEqual(theirs.written())
  expect(BigInt.asIntN(64, readUint64(ours.bytes, 0))).toBe(BigInt(value))
  expect(readInt64(ours.bytes, 0)).toBe(value)
})

test.each([
  ['the greatest', [...Array(8).fill(0xff), 0x7f], 2 ** 63],
  ['the least', [...Array(9).fill(0x80), 1], -(2 ** 63)],
  ['a longer form', [0x85, ...Array(8).fill(0x80), 0], 5],
])('%s is read', (_, bytes, value) => {
  expect(readInt64(Buffer.from(bytes), 0)).toBe(value)
})

test.each([
  [1, 5],
  [1, 127],
  [1, 128],
  [2, 128],
  [2, 5],
  [2, 20_000],
  [3, 0],
])('a message whose length was thought to take %d bytes, of %d', (lengthBytes, size) => {
  const writer = new Writer(16)
  writer.varint(7)
  const body = writer.begin(3, lengthBytes)
  writer.raw(Buffer.alloc(size, 'a'))
  writer.end(body, lengthBytes)
  writer.varint(9)
  const expected = new Writer()
  expected.varint(7)
  expected.field(3, Buffer.alloc(size, 'a'))
  expected.varint(9)
  expect(writer.written()).toEqual(expected.written())
})
