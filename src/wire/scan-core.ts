/**
 * What the generated scanner calls: state of the one scan under way, rare paths, and the failures.
 */
import { isUtf8 } from 'node:buffer'
import { MalformedData } from './malformed.js'
import { VALUE_DEPTH_MAX } from './schema.js'

const NOTHING = new DataView<ArrayBufferLike>(new ArrayBuffer(0))

/** Of the scan under way; a scan never waits, so one is enough. */
export const state = {
  items: 0,
  /** False once a form was seen that is legal but that views do not read; see `normalize`. */
  regular: true,
  /** AnyValues entered through an array or kvlist. */
  depth: 0,
  /** Where the varint that `longSize` read ends. */
  at: 0,
  view: NOTHING,
}

export interface ScanResult {
  /** What a batch counts; see `FieldTable.item`. */
  readonly items: number
  /**
   * Each singular message and each oneof occurs once, what lies first lies first (`FieldTable`), no
   * legacy field.
   */
  readonly regular: boolean
}

/** Runs one scan of a whole request. */
export function scanWhole(
  bytes: Uint8Array,
  message: (bytes: Uint8Array, pos: number, end: number) => void,
): ScanResult {
  state.items = 0
  state.regular = true
  state.depth = 0
  state.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    message(bytes, 0, bytes.length)
  } finally {
    // Lets go of the bytes.
    state.view = NOTHING
  }
  return { items: state.items, regular: state.regular }
}

export function fail(reason: string, offset: number): never {
  throw new MalformedData(reason, offset)
}

/** A message's fields ended elsewhere than its length says. */
export function failEnd(message: string, pos: number): never {
  fail(`${message} is cut short`, pos)
}

/** A length of two bytes or more, from its first byte; leaves its end in `state.at`. */
export function longSize(bytes: Uint8Array, pos: number): number {
  const start = pos
  let size = 0
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[pos++]!
    size |= (byte & 127) << shift
    // Also true of undefined: past the end, where the caller finds the length too large.
    if (!(byte > 127)) {
      state.at = pos
      return size
    }
  }
  const last = bytes[pos++]!
  if (last > 7) fail('a length is above 2 GiB', start)
  state.at = pos
  return size | (last << 28)
}

/** Goes over a varint's bytes after its first, which had its high bit set. */
export function restOfVarint(bytes: Uint8Array, pos: number, end: number): number {
  for (let n = 0; n < 8 && pos < end; n++) if (bytes[pos++]! < 128) return pos
  if (pos >= end) fail('a varint is cut short', pos)
  if (bytes[pos]! > 1) fail('a varint is above 64 bits', pos)
  return pos + 1
}

/** A packed list of varints, which must end where its length says. */
export function varints(bytes: Uint8Array, pos: number, end: number): void {
  while (pos < end) if (bytes[pos++]! > 127) pos = restOfVarint(bytes, pos, end)
}

/** An id has no bytes or exactly `length`. */
export function id(pos: number, next: number, length: number): void {
  const size = next - pos
  if (size !== 0 && size !== length) fail(`an id has ${size} bytes and not ${length}`, pos)
}

export function descend(pos: number): void {
  if (++state.depth > VALUE_DEPTH_MAX) {
    fail(`values are nested deeper than ${VALUE_DEPTH_MAX}`, pos)
  }
}

/** Strings must be UTF-8. Most are short and ASCII: four bytes at a time (bench/wire: 1.5x). */
export function text(bytes: Uint8Array, pos: number, end: number): void {
  const { view } = state
  for (; pos + 4 <= end; pos += 4) {
    if ((view.getInt32(pos) & 0x80808080) !== 0) {
      multibyte(bytes, pos, end)
      return
    }
  }
  while (pos < end && bytes[pos]! < 128) pos++
  if (pos < end) multibyte(bytes, pos, end)
}

/** Leaving JavaScript costs more than checking this many bytes here. */
const NATIVE_FROM = 48

function multibyte(bytes: Uint8Array, pos: number, end: number): void {
  const start = pos
  if (end - pos >= NATIVE_FROM) {
    if (!isUtf8(bytes.subarray(pos, end))) fail('a string is not UTF-8', start)
    return
  }
  while (pos < end) {
    const lead = bytes[pos++]!
    if (lead < 0x80) continue
    // The second byte's range rules out overlong forms, surrogates and what is above U+10FFFF.
    let more = 1
    let low = 0x80
    let high = 0xbf
    if (lead >= 0xf0) {
      more = 3
      if (lead === 0xf0) low = 0x90
      else if (lead === 0xf4) high = 0x8f
    } else if (lead >= 0xe0) {
      more = 2
      if (lead === 0xe0) low = 0xa0
      else if (lead === 0xed) high = 0x9f
    }
    const second = bytes[pos++]!
    if (lead < 0xc2 || lead > 0xf4 || pos + more - 1 > end || second < low || second > high) {
      fail('a string is not UTF-8', start)
    }
    while (--more > 0) if ((bytes[pos++]! & 0xc0) !== 0x80) fail('a string is not UTF-8', start)
  }
}

/**
 * Goes over a field that the message does not have. `known` has the bit of each field it has: such
 * a one comes here only under a wire type that cannot hold it.
 */
export function unknown(
  message: string,
  known: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const tag = readTag(bytes, start, end)
  const number = tag >>> 3
  if (number === 0) fail(`${message} has field number 0`, start)
  if (number < 32 && (known & (1 << number)) !== 0) {
    fail(`field ${number} of ${message} has wire type ${tag & 7}`, start)
  }
  let pos = state.at
  switch (tag & 7) {
    case 0:
      return bytes[pos++]! > 127 ? restOfVarint(bytes, pos, end) : pos
    case 1:
      return pos + 8
    case 2: {
      const size = longSize(bytes, pos)
      pos = state.at + size
      if (pos > end) fail(`field ${number} of ${message} is longer than what holds it`, start)
      return pos
    }
    case 5:
      return pos + 4
    default:
      return fail(`field ${number} of ${message} has wire type ${tag & 7}`, start)
  }
}

/**
 * In its shortest form and at most 32 bits: another form could hide a field from readers after us.
 */
function readTag(bytes: Uint8Array, start: number, end: number): number {
  let tag = 0
  for (let pos = start, shift = 0; shift < 35 && pos < end; shift += 7) {
    const byte = bytes[pos++]!
    if (shift === 28 && byte > 15) break
    tag |= (byte & 127) << shift
    if (byte > 127) continue
    if (byte === 0 && shift > 0) break
    state.at = pos
    return tag >>> 0
  }
  return fail('a field tag is malformed', start)
}
