/** Values of OTLP as logfmt. Not the fast path: values are decoded. */
import { type AttributeValue, decodeValue, valueText } from '#pdata'
import type { Writer } from '#wire'
import type { AttributeRows } from './rows.js'

/** Every field has a key and a value: what else is written without blanks is plain text. */
const LOGFMT = /^(?:[^\s="]+=(?:"(?:[^"\\\n]|\\.)*"|[^\s="]*)(?: +|$))+$/

/** ` key=value` for a value, for each in it where it is a map or an array; nothing for null. */
function fieldsOf(key: string, value: AttributeValue): string {
  if (value === null) return ''
  const prefix = key === '' ? '' : `${key}_`
  if (Array.isArray(value)) {
    return value.map((one: AttributeValue, n) => fieldsOf(`${prefix}${n}`, one)).join('')
  }
  if (value instanceof Map) {
    return [...value].map(([name, one]) => fieldsOf(`${prefix}${name}`, one)).join('')
  }
  return field(key, valueText(value))
}

/** A key loses what has a meaning in logfmt, and an empty one is `_`. */
export function field(key: string, value: string): string {
  const name = key.replace(/[\s="\p{Cc}\ufffd]/gu, '') || '_'
  const isPlain = !/[\s="\p{Cc}\ufffd]/u.test(value) && value !== 'null'
  return ` ${name}=${isPlain ? value : JSON.stringify(value)}`
}

/** A text that is logfmt already stays as it is; any other is the `msg`. */
export function fieldsOfBody(bytes: Buffer, start: number, end: number): string {
  const value = decodeValue(bytes, start, end)
  if (value === '') return ''
  if (typeof value === 'string' && LOGFMT.test(value)) return ` ${value.trimEnd()}`
  if (value instanceof Map) return fieldsOf('', value)
  return fieldsOf(Array.isArray(value) ? 'body' : 'msg', value)
}

/** Of those that are not gone. */
export function fieldsOfRows(prefix: string, rows: AttributeRows): string {
  let text = ''
  for (let row = 0; row < rows.count; row++) {
    if (rows.isGone(row)) continue
    const key = rows.bytes.toString('utf8', rows.keyStart(row), rows.keyEnd(row))
    const value = decodeValue(rows.bytes, rows.valueStart(row), rows.valueEnd(row))
    text += fieldsOf(prefix + key, value)
  }
  return text
}

export function writeText(writer: Writer, text: string): void {
  const size = Buffer.byteLength(text)
  writer.reserve(size)
  writer.pos += writer.bytes.write(text, writer.pos)
}
