import { decodeValue, valueText } from '#pdata'
import { FIELD, FieldReader, Writer } from '#wire'
import {
  constant,
  putConstant,
  putHex,
  writeAscii,
  writeConstant,
  writeJsonRows,
  writeJsonString,
  writeJsonValue,
} from './json.js'
import type { LogRecordView } from './log-record.js'
import { field, fieldsOfBody, fieldsOfRows, writeText } from './logfmt.js'
import type { Plan } from './resource-labels.js'
import { AttributeRows } from './rows.js'

const { InstrumentationScope } = FIELD
const NOTHING = Buffer.alloc(0)
const CLOSE = Buffer.from('}')
const ATTRIBUTES = constant(',"attributes":')
const BODY = constant(',"body":')
const TRACE = constant(',"traceid":')
const SPAN = constant(',"spanid":')
const FLAGS = constant(',"flags":')
/** Ids of 16 and of 8 bytes, which is all that a scan lets through. */
const IDS_BYTES = TRACE.size + 34 + SPAN.size + 18
const SEVERITY = constant(',"severity":')

/** Whether lines of the format are no JSON. */
export function isText(format: string | undefined): boolean {
  return format === 'raw' || format === 'logfmt'
}

/**
 * Writes the line of a record: as JSON, as logfmt, or its body alone (`raw`). What is neither is
 * JSON.
 */
export class LineWriter {
  readonly #writer = new Writer(256)
  #scope: Buffer = NOTHING
  /** What ends the lines of a scope and a plan. */
  #tail: Buffer = NOTHING
  #tailPlan: Plan | undefined
  #scopeLogfmt = ''
  readonly #rows = new AttributeRows()
  readonly #reader = new FieldReader(this.#rows.bytes, 0, 0)

  /** The scope of the records that follow; one without a name is not written. */
  setScope(bytes: Buffer, start: number, end: number): void {
    const rows = this.#rows
    rows.reset(bytes)
    let [name, nameEnd, version, versionEnd] = [start, start, start, start]
    const reader = this.#reader
    reader.reset(bytes, start, end)
    while (reader.next()) {
      const { number, value } = reader
      if (number === InstrumentationScope.attributes) rows.add(value, reader.end)
      else if (number === InstrumentationScope.name) [name, nameEnd] = [value, reader.end]
      else if (number === InstrumentationScope.version) [version, versionEnd] = [value, reader.end]
    }
    const writer = this.#writer
    writer.pos = 0
    this.#scope = NOTHING
    this.#scopeLogfmt = ''
    this.#tailPlan = undefined
    if (name === nameEnd) return
    writeAscii(writer, ',"instrumentation_scope":{"name":')
    writeJsonString(writer, rows.view, name, nameEnd)
    this.#scopeLogfmt = field('instrumentation_scope_name', bytes.toString('utf8', name, nameEnd))
    if (version < versionEnd) {
      writeAscii(writer, ',"version":')
      writeJsonString(writer, rows.view, version, versionEnd)
      const text = bytes.toString('utf8', version, versionEnd)
      this.#scopeLogfmt += field('instrumentation_scope_version', text)
    }
    writeJsonRows(writer, ATTRIBUTES, rows)
    writeAscii(writer, '}')
    this.#scope = writer.copy()
    this.#scopeLogfmt += fieldsOfRows('instrumentation_scope_attribute_', rows)
  }

  /** What lines of JSON end with. */
  tailOf(plan: Plan): Buffer {
    if (plan !== this.#tailPlan) {
      this.#tail = Buffer.concat([plan.json, this.#scope, CLOSE])
      this.#tailPlan = plan
    }
    return this.#tail
  }

  write(writer: Writer, record: LogRecordView, plan: Plan, format: string | undefined): void {
    if (format === 'raw') {
      const { bytes, bodyStart, bodyEnd } = record
      writeText(writer, valueText(decodeValue(bytes, bodyStart, bodyEnd)))
    } else if (format === 'logfmt') writeText(writer, this.#logfmt(record, plan).slice(1))
    else this.#writeJson(writer, record, plan)
  }

  #writeJson(writer: Writer, record: LogRecordView, plan: Plan): void {
    const { bytes } = record
    const { view } = record.attributes
    const start = writer.pos
    if (record.bodyStart < record.bodyEnd) {
      writeConstant(writer, BODY)
      writeJsonValue(writer, bytes, view, record.bodyStart, record.bodyEnd)
    }
    this.#writeIds(writer, record)
    if (record.severityStart < record.severityEnd) {
      writeConstant(writer, SEVERITY)
      writeJsonString(writer, view, record.severityStart, record.severityEnd)
    }
    if (record.flags !== 0) {
      writeConstant(writer, FLAGS)
      writer.decimal(record.flags)
    }
    writeJsonRows(writer, ATTRIBUTES, record.attributes)
    const tail = this.tailOf(plan)
    const isEmpty = writer.pos === start && tail.length === CLOSE.length
    if (isEmpty) writeAscii(writer, '{')
    writer.raw(tail)
    // Each part begins with a comma, and the first one's is where the object opens.
    if (!isEmpty) writer.bytes[start] = 0x7b
  }

  #writeIds(writer: Writer, record: LogRecordView): void {
    const { traceStart, traceEnd, spanStart, spanEnd } = record
    const from = record.attributes.view
    writer.reserve(IDS_BYTES)
    const { view } = writer
    let at = writer.pos
    if (traceStart < traceEnd) {
      at = putConstant(view, at, TRACE)
      at = putHex(view, at, from, traceStart, traceEnd)
    }
    if (spanStart < spanEnd) {
      at = putConstant(view, at, SPAN)
      at = putHex(view, at, from, spanStart, spanEnd)
    }
    writer.pos = at
  }

  #logfmt(record: LogRecordView, plan: Plan): string {
    const { bytes } = record
    let text = fieldsOfBody(bytes, record.bodyStart, record.bodyEnd)
    const trace = bytes.toString('hex', record.traceStart, record.traceEnd)
    if (trace !== '') text += field('traceID', trace)
    const span = bytes.toString('hex', record.spanStart, record.spanEnd)
    if (span !== '') text += field('spanID', span)
    const severity = bytes.toString('utf8', record.severityStart, record.severityEnd)
    if (severity !== '') text += field('severity', severity)
    if (record.flags !== 0) text += field('flags', String(record.flags))
    return text + fieldsOfRows('attribute_', record.attributes) + plan.logfmt + this.#scopeLogfmt
  }
}
