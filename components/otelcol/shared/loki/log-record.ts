import { asBuffer, FIELD, FieldReader, readUint32 } from '#wire'
import { AttributeRows } from './rows.js'

const { LogRecord } = FIELD

/** Where the parts of one log record lie. Used again for the next. */
export class LogRecordView {
  readonly attributes = new AttributeRows()
  bytes: Buffer = Buffer.alloc(0)
  /** Its time, else when it was observed; both 0 where neither is known. */
  seconds = 0
  nanos = 0
  severityNumber = 0
  flags = 0
  severityStart = 0
  severityEnd = 0
  /** An AnyValue. */
  bodyStart = 0
  bodyEnd = 0
  traceStart = 0
  traceEnd = 0
  spanStart = 0
  spanEnd = 0
  readonly #reader = new FieldReader(this.bytes, 0, 0)

  load(chunk: Uint8Array, start: number, end: number): void {
    const bytes = asBuffer(chunk)
    this.bytes = bytes
    this.seconds = this.nanos = this.severityNumber = this.flags = 0
    this.severityStart = this.severityEnd = this.bodyStart = this.bodyEnd = start
    this.traceStart = this.traceEnd = this.spanStart = this.spanEnd = start
    this.attributes.reset(bytes)
    let observed = -1
    const reader = this.#reader
    reader.reset(bytes, start, end)
    while (reader.next()) {
      const { number, value, end: fieldEnd } = reader
      if (number === LogRecord.attributes) this.attributes.add(value, fieldEnd)
      else if (number === LogRecord.timeUnixNano) this.#readTime(value)
      else if (number === LogRecord.observedTimeUnixNano) observed = value
      else if (number === LogRecord.severityNumber) this.severityNumber = readUint32(bytes, value)
      else if (number === LogRecord.flags) this.flags = bytes.readUInt32LE(value)
      else if (number === LogRecord.severityText) {
        this.severityStart = value
        this.severityEnd = fieldEnd
      } else if (number === LogRecord.body) {
        this.bodyStart = value
        this.bodyEnd = fieldEnd
      } else if (number === LogRecord.traceId) {
        this.traceStart = value
        this.traceEnd = isZero(bytes, value, fieldEnd) ? value : fieldEnd
      } else if (number === LogRecord.spanId) {
        this.spanStart = value
        this.spanEnd = isZero(bytes, value, fieldEnd) ? value : fieldEnd
      }
    }
    if (observed >= 0 && this.seconds === 0 && this.nanos === 0) this.#readTime(observed)
  }

  /** Nanoseconds, unsigned: exact, by division of 16 bits at a time. */
  #readTime(at: number): void {
    const { bytes } = this
    const low = bytes.readUInt32LE(at)
    const high = bytes.readUInt32LE(at + 4)
    let rest = high % 1e9
    let seconds = ((high - rest) / 1e9) * 2 ** 32
    rest = rest * 2 ** 16 + (low >>> 16)
    let next = rest % 1e9
    seconds += ((rest - next) / 1e9) * 2 ** 16
    rest = next * 2 ** 16 + (low & 0xffff)
    next = rest % 1e9
    this.seconds = seconds + (rest - next) / 1e9
    this.nanos = next
  }
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let n = start; n < end; n++) if (bytes[n] !== 0) return false
  return true
}
