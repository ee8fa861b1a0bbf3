/**
 * Attribute values and log bodies (AnyValue): reading them where they lie, and writing new ones.
 */
import { asBuffer, FIELD, FieldReader, readUint64, Writer } from '#wire'

/**
 * A decoded value: a bigint is an int64, a number a double, a Map keeps the first of equal keys.
 */
export type AttributeValue =
  | null
  | string
  | boolean
  | bigint
  | number
  | Uint8Array
  | readonly AttributeValue[]
  | ReadonlyMap<string, AttributeValue>

export type ValueKind = 'empty' | 'string' | 'bool' | 'int' | 'double' | 'array' | 'map' | 'bytes'

const { AnyValue } = FIELD

const KINDS: readonly ValueKind[] = Object.entries({
  empty: 0,
  string: AnyValue.stringValue,
  bool: AnyValue.boolValue,
  int: AnyValue.intValue,
  double: AnyValue.doubleValue,
  array: AnyValue.arrayValue,
  map: AnyValue.kvlistValue,
  bytes: AnyValue.bytesValue,
}).reduce<ValueKind[]>((kinds, [kind, number]) => {
  kinds[number] = kind as ValueKind
  return kinds
}, [])

/**
 * An AnyValue where it lies. Used again and again: valid until its owner is asked for the next one.
 */
export class ValueView {
  kind: ValueKind = 'empty'
  bytes: Buffer = Buffer.alloc(0)
  /** Where the AnyValue begins and ends, for copying it as it is. */
  start = 0
  end = 0
  /** Where the content of its one field begins; it ends at `contentEnd`. */
  content = 0
  contentEnd = 0
  readonly #reader = new FieldReader(this.bytes, 0, 0)

  at(bytes: Buffer, start: number, end: number): this {
    this.bytes = bytes
    this.start = start
    this.end = end
    this.kind = 'empty'
    const reader = this.#reader
    reader.reset(bytes, start, end)
    while (reader.next()) {
      const kind = KINDS[reader.number]
      if (kind === undefined) continue
      this.kind = kind
      this.content = reader.value
      this.contentEnd = reader.end
      break
    }
    return this
  }

  /** The text of a string; '' for others. */
  get string(): string {
    return this.kind === 'string' ? this.bytes.toString('utf8', this.content, this.contentEnd) : ''
  }

  /** Whether it is exactly this string, given as UTF-8. */
  isString(utf8: Uint8Array): boolean {
    return this.kind === 'string' && equalBytes(this.bytes, this.content, this.contentEnd, utf8)
  }

  get bool(): boolean {
    return this.kind === 'bool' && readUint64(this.bytes, this.content) !== 0n
  }

  get int(): bigint {
    return this.kind === 'int' ? BigInt.asIntN(64, readUint64(this.bytes, this.content)) : 0n
  }

  get double(): number {
    return this.kind === 'double' ? this.bytes.readDoubleLE(this.content) : 0
  }

  decode(): AttributeValue {
    switch (this.kind) {
      case 'empty':
        return null
      case 'string':
        return this.string
      case 'bool':
        return this.bool
      case 'int':
        return this.int
      case 'double':
        return this.double
      case 'bytes':
        return this.bytes.subarray(this.content, this.contentEnd)
      case 'array':
        return elements(this).map(([start, end]) => decodeValue(this.bytes, start, end))
      case 'map':
        return decodeMap(this)
    }
  }

  /** As the Collector shows a value as text: JSON for arrays and maps, base64 for bytes. */
  toText(): string {
    return this.kind === 'string' ? this.string : valueText(this.decode())
  }
}

/** Decodes the AnyValue in `[start, end)`, which was scanned. */
export function decodeValue(bytes: Uint8Array, start = 0, end = bytes.length): AttributeValue {
  return new ValueView().at(asBuffer(bytes), start, end).decode()
}

/** Ranges of the messages in an ArrayValue or KeyValueList. */
function elements(view: ValueView): readonly (readonly [number, number])[] {
  const found: [number, number][] = []
  const reader = new FieldReader(view.bytes, view.content, view.contentEnd)
  while (reader.next()) {
    if (reader.number === FIELD.ArrayValue.values) found.push([reader.value, reader.end])
  }
  return found
}

function decodeMap(view: ValueView): ReadonlyMap<string, AttributeValue> {
  const map = new Map<string, AttributeValue>()
  for (const [start, end] of elements(view)) {
    let key = ''
    let value: AttributeValue = null
    const reader = new FieldReader(view.bytes, start, end)
    while (reader.next()) {
      if (reader.number === FIELD.KeyValue.key) {
        key = view.bytes.toString('utf8', reader.value, reader.end)
      } else if (reader.number === FIELD.KeyValue.value) {
        value = decodeValue(view.bytes, reader.value, reader.end)
      }
    }
    if (!map.has(key)) map.set(key, value)
  }
  return map
}

/** A value as the Collector's AsString shows it; an object's keys are sorted. */
export function valueText(value: AttributeValue): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number') return doubleText(value)
  if (value instanceof Uint8Array) return asBuffer(value).toString('base64')
  if (typeof value === 'object') return jsonText(value)
  return String(value)
}

function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN'
}

function jsonText(value: AttributeValue): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return doubleText(value)
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (value instanceof Map) {
    const pairs = [...(value as Map<string, AttributeValue>)].sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${jsonText(one)}`).join(',')}}`
  }
  return JSON.stringify(valueText(value))
}

/** The body of an AnyValue, to be set as an attribute. */
export function encodeValue(value: AttributeValue): Uint8Array {
  const writer = new Writer(64)
  writeValue(writer, value)
  return writer.copy()
}

function writeValue(writer: Writer, value: AttributeValue): void {
  if (value === null) return
  if (typeof value === 'string') writer.string(AnyValue.stringValue, value)
  else if (typeof value === 'boolean') {
    writer.tag(AnyValue.boolValue, 0)
    writer.varint(value ? 1 : 0)
  } else if (typeof value === 'bigint') {
    writer.tag(AnyValue.intValue, 0)
    writer.varint64(value)
  } else if (typeof value === 'number') {
    writer.tag(AnyValue.doubleValue, 1)
    writer.double(value)
  } else if (value instanceof Uint8Array) writer.field(AnyValue.bytesValue, value)
  else if (value instanceof Map) writeMap(writer, value)
  else writeArray(writer, value as readonly AttributeValue[])
}

function writeArray(writer: Writer, values: readonly AttributeValue[]): void {
  const body = writer.begin(AnyValue.arrayValue)
  for (const value of values) {
    const element = writer.begin(FIELD.ArrayValue.values)
    writeValue(writer, value)
    writer.end(element)
  }
  writer.end(body)
}

function writeMap(writer: Writer, map: ReadonlyMap<string, AttributeValue>): void {
  const body = writer.begin(AnyValue.kvlistValue)
  for (const [key, value] of map) {
    const pair = writer.begin(FIELD.KeyValueList.values)
    writer.string(FIELD.KeyValue.key, key)
    const inner = writer.begin(FIELD.KeyValue.value)
    writeValue(writer, value)
    writer.end(inner)
    writer.end(pair)
  }
  writer.end(body)
}

/** Whether `[start, end)` holds exactly these bytes. */
export function equalBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  other: Uint8Array,
): boolean {
  const size = other.length
  if (end - start !== size) return false
  // Backwards: attribute keys of equal length often begin alike.
  for (let n = size - 1; n >= 0; n--) if (bytes[start + n] !== other[n]) return false
  return true
}
