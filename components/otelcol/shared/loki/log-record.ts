import { endOfValue, endOfVarint, FIELD, readUint32 } from '#wire'
import { AttributeRows } from './rows.js'

const { LogRecord } = FIELD
/** Numbers below 16, so each is one byte. */
const TAG = {
  time: (LogRecord.timeUnixNano << 3) | 1,
  observedTime: (LogRecord.observedTimeUnixNano << 3) | 1,
  severityNumber: LogRecord.severityNumber << 3,
  severityText: (LogRecord.severityText << 3) | 2,
  body: (LogRecord.body << 3) | 2,
  attributes: (LogRecord.attributes << 3) | 2,
  flags: (LogRecord.flags << 3) | 5,
  traceId: (LogRecord.traceId << 3) | 2,
  spanId: (LogRecord.spanId << 3) | 2,
} as const

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

  load(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes
    this.seconds = this.nanos = this.severityNumber = this.flags = 0
    this.severityStart = this.severityEnd = this.bodyStart = this.bodyEnd = start
    this.traceStart = this.traceEnd = this.spanStart = this.spanEnd = start
    this.attributes.reset(bytes)
    let observed = -1
    let pos = start
    while (pos < end) {
      const tag = bytes[pos]!
      const wire = tag & 7
      const size = bytes[pos + 1]!
      let value = pos + 1
      if (wire === 2 && tag < 128 && size < 128) {
        // Nearly all fields are short.
        value = pos + 2
        pos = value + size
      } else {
        value = endOfVarint(bytes, pos)
        pos = endOfValue(bytes, value, wire)
        if (wire === 2) value = endOfVarint(bytes, value)
      }
      switch (tag) {
        case TAG.attributes:
          this.attributes.add(value, pos)
          break
        case TAG.time:
          this.#readTime(value)
          break
        case TAG.observedTime:
          observed = value
          break
        case TAG.severityNumber:
          this.severityNumber = readUint32(bytes, value)
          break
        case TAG.flags:
          this.flags = this.attributes.view.getUint32(value, true)
          break
        case TAG.severityText:
          this.severityStart = value
          this.severityEnd = pos
          break
        case TAG.body:
          this.bodyStart = value
          this.bodyEnd = pos
          break
        case TAG.traceId:
          this.traceStart = value
          this.traceEnd = isZero(bytes, value, pos) ? value : pos
          break
        case TAG.spanId:
          this.spanStart = value
          this.spanEnd = isZero(bytes, value, pos) ? value : pos
          break
      }
    }
    if (observed >= 0 && this.seconds === 0 && this.nanos === 0) this.#readTime(observed)
  }

  /** Nanoseconds, unsigned: exact, by division of 16 bits at a time. */
  #readTime(at: number): void {
    const { view } = this.attributes
    const low = view.getUint32(at, true)
    const high = view.getUint32(at + 4, true)
    // Each quotient is below 2^17, and so far enough from the next whole number to be exact.
    const most = Math.floor(high / 1e9)
    let rest = (high - most * 1e9) * 2 ** 16 + (low >>> 16)
    const more = Math.floor(rest / 1e9)
    rest = (rest - more * 1e9) * 2 ** 16 + (low & 0xffff)
    const last = Math.floor(rest / 1e9)
    this.seconds = (most * 2 ** 16 + more) * 2 ** 16 + last
    this.nanos = rest - last * 1e9
  }
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let n = start; n < end; n++) if (bytes[n] !== 0) return false
  return true
}
