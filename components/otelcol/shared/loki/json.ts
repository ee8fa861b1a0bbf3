/** Values of OTLP as JSON, from bytes to bytes. */
import { decodeValue, valueText } from '#pdata'
import { FIELD, FieldReader, readInt64, type Writer } from '#wire'
import type { AttributeRows } from './rows.js'

const { AnyValue } = FIELD
const STRING_TAG = (AnyValue.stringValue << 3) | 2
const BOOL_TAG = AnyValue.boolValue << 3
const INT_TAG = AnyValue.intValue << 3
const DOUBLE_TAG = (AnyValue.doubleValue << 3) | 1
/** Up to this each byte is written as if it took six, without a look how many it takes. */
const SHORT_BYTES = 256
const HEX = Buffer.from('0123456789abcdef')

/** 0 for what stands for itself, the letter of its escape, or 1 for `\u00..`. */
const ESCAPES = new Uint8Array(256).fill(1, 0, 0x20)
for (const pair of ['""', '\\\\', '\bb', '\ff', '\nn', '\rr', '\tt']) {
  ESCAPES[pair.charCodeAt(0)] = pair.charCodeAt(1)
}

/** ASCII as it is. */
export function writeAscii(writer: Writer, text: string): void {
  writer.reserve(text.length)
  const { bytes } = writer
  let at = writer.pos
  for (let n = 0; n < text.length; n++) bytes[at++] = text.charCodeAt(n)
  writer.pos = at
}

/** A JSON string of UTF-8. */
export function writeJsonString(
  writer: Writer,
  text: Uint8Array,
  start: number,
  end: number,
): void {
  writer.reserve(2)
  writer.bytes[writer.pos++] = 0x22
  for (let from = start; from < end; from += SHORT_BYTES) {
    writeEscaped(writer, text, from, Math.min(end, from + SHORT_BYTES))
  }
  writer.reserve(1)
  writer.bytes[writer.pos++] = 0x22
}

function writeEscaped(writer: Writer, text: Uint8Array, start: number, end: number): void {
  writer.reserve((end - start) * 6)
  const { bytes } = writer
  let at = writer.pos
  for (let n = start; n < end; n++) {
    const byte = text[n]!
    const letter = ESCAPES[byte]!
    if (letter === 0) {
      bytes[at++] = byte
      continue
    }
    bytes[at++] = 0x5c
    if (letter > 1) bytes[at++] = letter
    else {
      bytes[at++] = 0x75
      bytes[at++] = 0x30
      bytes[at++] = 0x30
      bytes[at++] = HEX[byte >> 4]!
      bytes[at++] = HEX[byte & 15]!
    }
  }
  writer.pos = at
}

export function writeHex(writer: Writer, bytes: Uint8Array, start: number, end: number): void {
  writer.reserve((end - start) * 2)
  const into = writer.bytes
  for (let n = start; n < end; n++) {
    into[writer.pos++] = HEX[bytes[n]! >> 4]!
    into[writer.pos++] = HEX[bytes[n]! & 15]!
  }
}

/** The AnyValue in `[start, end)`: null without a value, base64 for bytes, text for no number. */
export function writeJsonValue(writer: Writer, bytes: Buffer, start: number, end: number): void {
  const tag = start < end ? bytes[start]! : 0
  if (tag === STRING_TAG && bytes[start + 1]! < 128 && bytes[start + 1]! === end - start - 2) {
    writeJsonString(writer, bytes, start + 2, end)
  } else if (tag === INT_TAG && end - start < 8) {
    writeAscii(writer, String(readInt64(bytes, start + 1)))
  } else if (tag === BOOL_TAG && end - start === 2) {
    writeAscii(writer, bytes[start + 1] === 0 ? 'false' : 'true')
  } else if (tag === DOUBLE_TAG && end - start === 9) {
    writeDouble(writer, bytes.readDoubleLE(start + 1))
  } else writeAnyValue(writer, bytes, start, end)
}

function writeAnyValue(writer: Writer, bytes: Buffer, start: number, end: number): void {
  const reader = new FieldReader(bytes, start, end)
  while (reader.next()) {
    switch (reader.number) {
      case AnyValue.stringValue:
        writeJsonString(writer, bytes, reader.value, reader.end)
        return
      case AnyValue.arrayValue:
        writeArray(writer, bytes, reader.value, reader.end)
        return
      case AnyValue.kvlistValue:
        writeMap(writer, bytes, reader.value, reader.end)
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

function writeArray(writer: Writer, bytes: Buffer, start: number, end: number): void {
  writeAscii(writer, '[')
  const reader = new FieldReader(bytes, start, end)
  let isFirst = true
  while (reader.next()) {
    if (reader.number !== FIELD.ArrayValue.values) continue
    if (!isFirst) writeAscii(writer, ',')
    isFirst = false
    writeJsonValue(writer, bytes, reader.value, reader.end)
  }
  writeAscii(writer, ']')
}

function writeMap(writer: Writer, bytes: Buffer, start: number, end: number): void {
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
    writeJsonString(writer, bytes, key, keyEnd)
    writeAscii(writer, ':')
    writeJsonValue(writer, bytes, value, valueEnd)
  }
  writeAscii(writer, '}')
}

/** An object of those that are not gone; nothing and false where there is none. */
export function writeJsonRows(writer: Writer, before: Uint8Array, rows: AttributeRows): boolean {
  let count = 0
  for (let row = 0; row < rows.count; row++) {
    if (rows.isGone(row)) continue
    if (count++ === 0) writer.raw(before)
    else {
      writer.reserve(1)
      writer.bytes[writer.pos++] = 0x2c
    }
    writeJsonString(writer, rows.bytes, rows.keyStart(row), rows.keyEnd(row))
    writer.reserve(1)
    writer.bytes[writer.pos++] = 0x3a
    writeJsonValue(writer, rows.bytes, rows.valueStart(row), rows.valueEnd(row))
  }
  if (count > 0) {
    writer.reserve(1)
    writer.bytes[writer.pos++] = 0x7d
  }
  return count > 0
}
