import { STATIC_COUNT, STATIC_NAMES, STATIC_VALUES } from './hpack-tables.js'
import type { HeaderFields } from './http2-layer.js'

/**
 * Header blocks out of the static table and literals (RFC 7541, section 6.2): nothing is put into
 * the table of the other side, so that a block does not depend on those before it and constant
 * ones are encoded once.
 */
const LITERAL = 0x00
const LITERAL_NEVER_INDEXED = 0x10
const INDEXED = 0x80
/** Intermediaries must not put these into a table either, where their length could be guessed. */
const SECRET_NAMES = new Set(['authorization', 'cookie', 'proxy-authorization'])
const INTEGER_BYTES_MAX = 6
const COLON = 0x3a

/** The first index of each name, and of those of its values that the table holds. */
const STATIC = new Map<string, { readonly index: number; readonly values: Map<string, number> }>()
for (let index = 1; index <= STATIC_COUNT; index++) {
  const name = STATIC_NAMES[index]!
  const known = STATIC.get(name) ?? { index, values: new Map<string, number>() }
  STATIC.set(name, known)
  if (STATIC_VALUES[index] !== '') known.values.set(STATIC_VALUES[index]!, index)
}

const constants = new WeakMap<HeaderFields, Buffer>()
let scratch = Buffer.allocUnsafe(4096)
let length = 0

/** Fields that are sent again and again, and never changed: they are encoded once. */
export function constantFields(fields: HeaderFields): HeaderFields {
  constants.set(fields, encodeFields(fields))
  return fields
}

/** A header block; fields that are undefined are left out. */
export function encodeFields(fields: HeaderFields): Buffer {
  const known = constants.get(fields)
  if (known) return known
  length = 0
  writeFields(fields, true)
  writeFields(fields, false)
  return Buffer.from(scratch.subarray(0, length))
}

/** Pseudo-headers come before the others. */
function writeFields(fields: HeaderFields, isPseudo: boolean): void {
  for (const name in fields) {
    const value = fields[name]
    if (value === undefined || (name.charCodeAt(0) === COLON) !== isPseudo) continue
    if (typeof value === 'string') writeField(name, value)
    else for (const one of value) writeField(name, one)
  }
}

function writeField(name: string, value: string): void {
  const known = STATIC.get(name)
  const index = known?.values.get(value)
  if (index !== undefined) {
    writeInteger(INDEXED, 7, index)
    return
  }
  const kind = SECRET_NAMES.has(name) ? LITERAL_NEVER_INDEXED : LITERAL
  writeInteger(kind, 4, known?.index ?? 0)
  if (!known) writeString(name)
  writeString(value)
}

/** Texts are bytes by their character codes, as they are read; others are written as UTF-8. */
function writeString(text: string): void {
  const isBytes = !/[^\0-\xff]/.test(text)
  const bytes = isBytes ? text.length : Buffer.byteLength(text)
  writeInteger(0, 7, bytes)
  makeRoom(bytes)
  scratch.write(text, length, isBytes ? 'latin1' : 'utf8')
  length += bytes
}

/** Section 5.1, behind `first`, which leaves so many bits. */
function writeInteger(first: number, bits: number, value: number): void {
  makeRoom(INTEGER_BYTES_MAX)
  const mask = (1 << bits) - 1
  if (value < mask) {
    scratch[length++] = first | value
    return
  }
  scratch[length++] = first | mask
  let rest = value - mask
  for (; rest > 127; rest >>>= 7) scratch[length++] = (rest & 127) | 128
  scratch[length++] = rest
}

function makeRoom(bytes: number): void {
  if (scratch.length - length >= bytes) return
  const larger = Buffer.allocUnsafe(2 * (scratch.length + bytes))
  scratch.copy(larger, 0, 0, length)
  scratch = larger
}
