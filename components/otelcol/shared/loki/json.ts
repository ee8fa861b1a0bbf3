/** Values of OTLP as JSON, from bytes to bytes. */
import { decodeValue, valueText } from '#pdata'
import { copyWords, FIELD, FieldReader, readUint32, viewOf, type Writer } from '#wire'
import type { AttributeRows } from './rows.js'

const { AnyValue } = FIELD
const STRING_TAG = (AnyValue.stringValue << 3) | 2
const BOOL_TAG = AnyValue.boolValue << 3
const INT_TAG = AnyValue.intValue << 3
const DOUBLE_TAG = (AnyValue.doubleValue << 3) | 1
/** As much of a text is escaped at a time, with room for the longest form of each byte. */
const SLICE_BYTES = 1024
/** What one byte takes at most. */
const ESCAPED_BYTES = 6
const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
const HEX = Buffer.from('0123456789abcdef')
/** Both digits of a byte as they are written by `setUint16`. */
const HEX_PAIRS = Uint16Array.from({ length: 256 }, (_, n) => HEX[n >> 4]! | (HEX[n & 15]! << 8))

/** 0 for what stands for itself, the letter of its escape, or 1 for `\u00..`. */
const ESCAPES = new Uint8Array(256).fill(1, 0, 0x20)
for (const pair of ['""', '\\\\', '\bb', '\ff', '\nn', '\rr', '\tt']) {
  ESCAPES[pair.charCodeAt(0)] = pair.charCodeAt(1)
}

/** What is written again and again. */
export interface Constant {
  readonly view: DataView
  readonly size: number
}

export function constant(text: string): Constant {
  const bytes = Buffer.from(text)
  return { view: viewOf(bytes), size: bytes.length }
}

/** Where there is room for it; the position behind. */
export function putConstant(into: DataView, at: number, { view, size }: Constant): number {
  copyWords(view, 0, size, into, at)
  return at + size
}

export function writeConstant(writer: Writer, { view, size }: Constant): void {
  writer.words(view, 0, size)
}

/** ASCII as it is. */
export function writeAscii(writer: Writer, text: string): void {
  writer.reserve(text.length)
  const { bytes } = writer
  let at = writer.pos
  for (let n = 0; n < text.length; n++) bytes[at++] = text.charCodeAt(n)
  writer.pos = at
}

function writeByte(writer: Writer, byte: number): void {
  writer.reserve(1)
  writer.bytes[writer.pos++] = byte
}

/** A JSON string of UTF-8. */
export function writeJsonString(writer: Writer, text: DataView, start: number, end: number): void {
  if (end - start > SLICE_BYTES) {
    writeLongString(writer, text, start, end)
    return
  }
  writer.reserve((end - start) * ESCAPED_BYTES + 2)
  const { view } = writer
  const { pos } = writer
  view.setUint8(pos, QUOTE)
  const at = putText(view, pos + 1, text, start, end)
  view.setUint8(at, QUOTE)
  writer.pos = at + 1
}

function writeLongString(writer: Writer, text: DataView, start: number, end: number): void {
  writeByte(writer, QUOTE)
  for (let from = start; from < end; from += SLICE_BYTES) {
    const until = Math.min(end, from + SLICE_BYTES)
    writer.reserve((until - from) * ESCAPED_BYTES)
    writer.pos = putText(writer.view, writer.pos, text, from, until)
  }
  writeByte(writer, QUOTE)
}

/** Escaped where that is needed, else four bytes at a time; the position behind. */
function putText(into: DataView, at: number, text: DataView, start: number, end: number): number {
  let pos = start
  for (; pos + 4 <= end; pos += 4) {
    const word = text.getInt32(pos, true)
    if (needsEscape(word)) at = putEscaped(into, at, text, pos, pos + 4)
    else {
      into.setInt32(at, word, true)
      at += 4
    }
  }
  return pos < end ? putEscaped(into, at, text, pos, end) : at
}

/** Whether one of four bytes is below 0x20, a quote or a backslash. */
function needsEscape(word: number): boolean {
  const quote = word ^ 0x22222222
  const backslash = word ^ 0x5c5c5c5c
  // The high bit stays or comes up in the lowest byte that is below, or is zero.
  const found =
    ((word - 0x20202020) & ~word) |
    ((quote - 0x01010101) & ~quote) |
    ((backslash - 0x01010101) & ~backslash)
  return (found & 0x80808080) !== 0
}

/** The position behind. */
function putEscaped(
  into: DataView,
  at: number,
  text: DataView,
  start: number,
  end: number,
): number {
  for (let pos = start; pos < end; pos++) {
    const byte = text.getUint8(pos)
    const letter = ESCAPES[byte]!
    if (letter === 0) {
      into.setUint8(at++, byte)
      continue
    }
    into.setUint8(at++, BACKSLASH)
    if (letter > 1) into.setUint8(at++, letter)
    else {
      into.setUint8(at++, 0x75)
      into.setUint16(at, 0x3030)
      into.setUint16(at + 2, HEX_PAIRS[byte]!, true)
      at += 4
    }
  }
  return at
}

/** A JSON string of hex digits, where there is room for it; the position behind. */
export function putHex(
  into: DataView,
  at: number,
  from: DataView,
  start: number,
  end: number,
): number {
  into.setUint8(at++, QUOTE)
  for (let pos = start; pos < end; pos++, at += 2) {
    into.setUint16(at, HEX_PAIRS[from.getUint8(pos)]!, true)
  }
  into.setUint8(at++, QUOTE)
  return at
}

/** The AnyValue in `[start, end)`: null without a value, base64 for bytes, text for no number. */
export function writeJsonValue(
  writer: Writer,
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
): void {
  const tag = start < end ? bytes[start]! : 0
  if (isShortString(bytes, start, end)) {
    writeJsonString(writer, view, start + 2, end)
  } else if (tag === INT_TAG && end - start < 6) {
    writer.decimal(readUint32(bytes, start + 1))
  } else if (tag === BOOL_TAG && end - start === 2) {
    writeAscii(writer, bytes[start + 1] === 0 ? 'false' : 'true')
  } else if (tag === DOUBLE_TAG && end - start === 9) {
    writeDouble(writer, view.getFloat64(start + 1, true))
  } else writeAnyValue(writer, bytes, view, start, end)
}

function writeAnyValue(
  writer: Writer,
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
): void {
  const reader = new FieldReader(bytes, start, end)
  while (reader.next()) {
    switch (reader.number) {
      case AnyValue.stringValue:
        writeJsonString(writer, view, reader.value, reader.end)
        return
      case AnyValue.arrayValue:
        writeArray(writer, bytes, view, reader.value, reader.end)
        return
      case AnyValue.kvlistValue:
        writeMap(writer, bytes, view, reader.value, reader.end)
        return
      case AnyValue.boolValue:
      case AnyValue.intValue:
        writeAscii(writer, valueText(decodeValue(bytes, start, end)))
        return
      case AnyValue.doubleValue:
        writeDouble(writer, bytes.readDoubleLE(reader.value))
        return
      case AnyValue.bytesValue:
        writeAscii(writer, `"${bytes.toString('base64', reader.value, reader.end)}"`)
        return
    }
  }
  writeAscii(writer, 'null')
}

/** What is no number is text. */
function writeDouble(writer: Writer, value: number): void {
  const text = valueText(value)
  writeAscii(writer, Number.isFinite(value) ? text : `"${text}"`)
}

function writeArray(
  writer: Writer,
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
): void {
  writeAscii(writer, '[')
  const reader = new FieldReader(bytes, start, end)
  let isFirst = true
  while (reader.next()) {
    if (reader.number !== FIELD.ArrayValue.values) continue
    if (!isFirst) writeAscii(writer, ',')
    isFirst = false
    writeJsonValue(writer, bytes, view, reader.value, reader.end)
  }
  writeAscii(writer, ']')
}

function writeMap(writer: Writer, bytes: Buffer, view: DataView, start: number, end: number): void {
  writeAscii(writer, '{')
  const reader = new FieldReader(bytes, start, end)
  const inner = new FieldReader(bytes, 0, 0)
  let isFirst = true
  while (reader.next()) {
    if (reader.number !== FIELD.KeyValueList.values) continue
    if (!isFirst) writeAscii(writer, ',')
    isFirst = false
    let [key, keyEnd, value, valueEnd] = [start, start, start, start]
    inner.reset(bytes, reader.value, reader.end)
    while (inner.next()) {
      if (inner.number === FIELD.KeyValue.key) [key, keyEnd] = [inner.value, inner.end]
      if (inner.number === FIELD.KeyValue.value) [value, valueEnd] = [inner.value, inner.end]
    }
    writeJsonString(writer, view, key, keyEnd)
    writeAscii(writer, ':')
    writeJsonValue(writer, bytes, view, value, valueEnd)
  }
  writeAscii(writer, '}')
}

/** An object of those that are not gone; nothing and false where there is none. */
export function writeJsonRows(writer: Writer, before: Constant, rows: AttributeRows): boolean {
  let count = 0
  for (let row = 0; row < rows.count; row++) {
    if (rows.isGone(row)) continue
    if (count === 0) writeConstant(writer, before)
    writeRow(writer, count++ === 0 ? OPEN_KEY : NEXT_KEY, rows, row)
  }
  if (count > 0) writeByte(writer, 0x7d)
  return count > 0
}

/** `{"` or `,"`, and `":`, as `setUint16` writes them. */
const OPEN_KEY = 0x7b22
const NEXT_KEY = 0x2c22
const END_KEY = 0x223a

/** As one piece where it is short, since most of a line is keys and values (1.2x). */
function writeRow(writer: Writer, begin: number, rows: AttributeRows, row: number): void {
  const { bytes, view: text } = rows
  const [key, keyEnd] = [rows.keyStart(row), rows.keyEnd(row)]
  const [start, end] = [rows.valueStart(row), rows.valueEnd(row)]
  const size = keyEnd - key + end - start
  if (size > SLICE_BYTES) {
    writeByte(writer, begin >> 8)
    writeJsonString(writer, text, key, keyEnd)
    writeByte(writer, COLON)
    writeJsonValue(writer, bytes, text, start, end)
    return
  }
  writer.reserve(size * ESCAPED_BYTES + 6)
  const { view } = writer
  view.setUint16(writer.pos, begin)
  let at = putText(view, writer.pos + 2, text, key, keyEnd)
  view.setUint16(at, END_KEY)
  at += 2
  if (!isShortString(bytes, start, end)) {
    writer.pos = at
    writeJsonValue(writer, bytes, text, start, end)
    return
  }
  view.setUint8(at, QUOTE)
  at = putText(view, at + 1, text, start + 2, end)
  view.setUint8(at, QUOTE)
  writer.pos = at + 1
}

/** It is nothing but a string of up to 127 bytes. */
function isShortString(bytes: Uint8Array, start: number, end: number): boolean {
  const size = end - start - 2
  return size >= 0 && size < 128 && bytes[start] === STRING_TAG && bytes[start + 1] === size
}
