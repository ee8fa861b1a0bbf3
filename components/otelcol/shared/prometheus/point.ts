import { endOfValue, endOfVarint, FIELD, FieldReader, viewOf } from '#wire'

const { NumberDataPoint, HistogramDataPoint, ExponentialHistogramDataPoint, SummaryDataPoint } =
  FIELD
const KEY_TAG = (FIELD.KeyValue.key << 3) | 2
const VALUE_TAG = (FIELD.KeyValue.value << 3) | 2

/** Where the kinds of data points have what all of them have. */
export interface PointLayout {
  readonly attributes: number
  readonly exemplars: number
  readonly flags: number
}

export const NUMBER_POINT: PointLayout = NumberDataPoint
export const HISTOGRAM_POINT: PointLayout = HistogramDataPoint
export const EXPONENTIAL_POINT: PointLayout = ExponentialHistogramDataPoint
export const SUMMARY_POINT: PointLayout = { ...SummaryDataPoint, exemplars: -1 }

const { timeUnixNano: TIME, startTimeUnixNano: START } = NumberDataPoint
/** The highest field number of a data point is 14. */
const FIELDS = 16
/** Of a row of `attributes`. */
export const ROW = 4

/** DataPointFlags: NO_RECORDED_VALUE. */
const NOT_RECORDED = 1

/**
 * One data point where it lies, of whatever kind: moved from one to the next, it makes no object
 * for any.
 */
export class Point {
  bytes: Buffer = Buffer.alloc(0)
  /** The same memory. */
  view = viewOf(this.bytes)
  start = 0
  end = 0
  /** By field number: where the value begins; -1 where there is none. */
  readonly at = new Int32Array(FIELDS)
  /** Where a value of variable length ends. */
  readonly ends = new Int32Array(FIELDS)
  /** Of each attribute where its key begins and ends, then its AnyValue. */
  attributes = new Int32Array(32 * ROW)
  attributeCount = 0
  /** Of each exemplar where its body begins and ends. */
  exemplars = new Int32Array(16)
  exemplarCount = 0
  /** No value was recorded: the series has ended. */
  isStale = false
  /** Milliseconds since the epoch. */
  timeMs = 0
  readonly #reader = new FieldReader(this.bytes, 0, 0)

  read(bytes: Buffer, start: number, end: number, layout: PointLayout): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes
      this.view = viewOf(bytes)
    }
    this.start = start
    this.end = end
    const { at, ends } = this
    for (let n = 0; n < FIELDS; n++) at[n] = -1
    this.attributeCount = this.exemplarCount = 0
    let pos = start
    while (pos < end) {
      const tag = bytes[pos]!
      let value = pos + 1
      const wire = tag & 7
      const size = bytes[value]!
      if (tag < 128 && wire === 2 && size < 128) {
        // Nearly all are short.
        value++
        pos = value + size
      } else {
        value = endOfVarint(bytes, pos)
        pos = endOfValue(bytes, value, wire)
        if (tag > 127) continue
        if (wire === 2) value = endOfVarint(bytes, value)
      }
      const number = tag >>> 3
      if (number === layout.attributes) this.#addAttribute(value, pos)
      else if (number === layout.exemplars) this.#addExemplar(value, pos)
      else {
        at[number] = value
        ends[number] = pos
      }
    }
    const flags = at[layout.flags]!
    this.isStale = flags >= 0 && (bytes[flags]! & NOT_RECORDED) !== 0
    this.timeMs = millis(bytes, at[TIME]!)
  }

  /** When its counting began; 0 where that is not known. */
  get startMs(): number {
    return millis(this.bytes, this.at[START]!)
  }

  #addAttribute(start: number, end: number): void {
    const row = this.attributeCount++ * ROW
    if (row === this.attributes.length) this.attributes = grown(this.attributes)
    const { bytes, attributes } = this
    const key = start + 2
    const keyEnd = key + bytes[start + 1]!
    // The key comes first, and nearly all are short.
    if (start < end && bytes[start] === KEY_TAG && keyEnd - key < 128) {
      attributes[row] = key
      attributes[row + 1] = keyEnd
      attributes[row + 2] = attributes[row + 3] = keyEnd
      if (keyEnd === end) return
      const value = endOfVarint(bytes, keyEnd + 1)
      if (bytes[keyEnd] === VALUE_TAG && endOfValue(bytes, keyEnd + 1, 2) === end) {
        attributes[row + 2] = value
        attributes[row + 3] = end
        return
      }
    }
    this.#addSlowly(row, start, end)
  }

  #addSlowly(row: number, start: number, end: number): void {
    const { attributes } = this
    attributes.fill(start, row, row + ROW)
    const reader = this.#reader
    reader.reset(this.bytes, start, end)
    while (reader.next()) {
      if (reader.number !== FIELD.KeyValue.key && reader.number !== FIELD.KeyValue.value) continue
      const column = row + (reader.number === FIELD.KeyValue.key ? 0 : 2)
      attributes[column] = reader.value
      attributes[column + 1] = reader.end
    }
  }

  #addExemplar(start: number, end: number): void {
    const row = this.exemplarCount++ * 2
    if (row === this.exemplars.length) this.exemplars = grown(this.exemplars)
    this.exemplars[row] = start
    this.exemplars[row + 1] = end
  }
}

function grown(rows: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(rows.length * 2)
  larger.set(rows)
  return larger
}

/** Nanoseconds since the epoch as whole milliseconds, exactly; 0 where there are none. */
export function millis(bytes: Buffer, at: number): number {
  if (at < 0) return 0
  const low = bytes.readUInt32LE(at)
  const high = bytes.readUInt32LE(at + 4)
  // 2^32 is 4294 millions and 967296: no number here goes beyond 2^53.
  return high * 4294 + Math.floor((high * 967_296 + low) / 1e6)
}

/** The number nearest to a fixed64. */
export function unsigned64(bytes: Buffer, at: number): number {
  return at < 0 ? 0 : bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at)
}

/** The number nearest to an sfixed64. */
export function signed64(bytes: Buffer, at: number): number {
  return at < 0 ? 0 : bytes.readInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at)
}

export function double(bytes: Buffer, at: number): number {
  return at < 0 ? 0 : bytes.readDoubleLE(at)
}

/** Numbers of a repeated field, packed or not; used again and again. */
export class NumberList {
  values = new Float64Array(64)
  length = 0
  readonly #reader = new FieldReader(new Uint8Array(), 0, 0)

  /** Those of field `number` in the message `[start, end)`, each of eight bytes. */
  read(
    bytes: Buffer,
    start: number,
    end: number,
    number: number,
    readOne: (bytes: Buffer, at: number) => number,
  ): void {
    this.length = 0
    const reader = this.#reader
    reader.reset(bytes, start, end)
    while (reader.next()) {
      if (reader.number !== number) continue
      for (let at = reader.value; at < reader.end; at += 8) this.push(readOne(bytes, at))
    }
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(this.length * 2)
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.length++] = value
  }
}
