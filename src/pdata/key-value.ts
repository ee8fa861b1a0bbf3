/** Writing KeyValue fields of a message to an arena. Each says where the KeyValue begins. */
import { FIELD, SHA256_DIGITS, sizeOfVarint, type Writer, writeSha256 } from '#wire'
import type { ValueView } from './value.js'

const { KeyValue, AnyValue } = FIELD

/** With the AnyValue in `[start, end)`. */
export function writeKeyValue(
  arena: Writer,
  number: number,
  key: Uint8Array,
  value: Uint8Array,
  start = 0,
  end = value.length,
): number {
  const body = beginKeyValue(arena, number, key, end - start)
  arena.raw(value, start, end)
  return body
}

/** With a string. */
export function writeKeyText(arena: Writer, number: number, key: Uint8Array, text: string): number {
  const length = Buffer.byteLength(text)
  const body = beginKeyValue(arena, number, key, fieldSize(length))
  arena.string(AnyValue.stringValue, text)
  return body
}

/**
 * With the SHA-256 of a value in hexadecimal digits, as the Collector hashes: numbers by their 8
 * bytes, and no digits for what is neither text nor number.
 */
export function writeKeyHash(
  arena: Writer,
  number: number,
  key: Uint8Array,
  value: ValueView,
): number {
  const { bytes, content, contentEnd } = value
  switch (value.kind) {
    case 'string':
      if (content === contentEnd) return writeKeyText(arena, number, key, '')
      return writeDigits(arena, number, key, bytes, content, contentEnd)
    case 'double':
      return writeDigits(arena, number, key, bytes, content, contentEnd)
    case 'bool':
      SCALAR[0] = value.bool ? 1 : 0
      return writeDigits(arena, number, key, SCALAR, 0, 1)
    case 'int':
      SCALAR.writeBigInt64LE(value.int)
      return writeDigits(arena, number, key, SCALAR, 0, SCALAR.length)
    case 'empty':
    case 'array':
    case 'map':
    case 'bytes':
      return writeKeyText(arena, number, key, '')
  }
}

/** A bool or an int as it is hashed. */
const SCALAR = Buffer.alloc(8)

function writeDigits(
  arena: Writer,
  number: number,
  key: Uint8Array,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const body = beginKeyValue(arena, number, key, fieldSize(SHA256_DIGITS))
  arena.tag(AnyValue.stringValue, 2)
  arena.varint(SHA256_DIGITS)
  arena.reserve(SHA256_DIGITS)
  writeSha256(bytes, start, end, arena.bytes, arena.pos)
  arena.pos += SHA256_DIGITS
  return body
}

/** All but a value of `size` bytes, which is to follow. */
function beginKeyValue(arena: Writer, number: number, key: Uint8Array, size: number): number {
  arena.tag(number, 2)
  arena.varint(fieldSize(key.length) + fieldSize(size))
  const body = arena.pos
  arena.field(KeyValue.key, key)
  arena.tag(KeyValue.value, 2)
  arena.varint(size)
  return body
}

/** Bytes of a length-delimited field with a number below 16. */
function fieldSize(length: number): number {
  return 1 + sizeOfVarint(length) + length
}
