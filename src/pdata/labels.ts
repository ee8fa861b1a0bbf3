/**
 * Names and values, encoded: the labels of a series, and the structured metadata of a log line.
 * Each pair is a field of its own, of the message that has it, and holds
 *
 *     1  name   string
 *     2  value  string
 *
 * so that label bytes can be copied into a message as they are. Labels in canonical form are sorted
 * by the bytes of their names, each name once, no value empty (for Prometheus an empty value is the
 * same as no label): equal sets have equal bytes.
 */
import { asBuffer, FIELD, FieldReader, sizeOfVarint, Writer } from '#wire'

/** Of `TimeSeries`, and of exemplars. */
const LABELS = FIELD.TimeSeries.labels
const METADATA = FIELD.EntryAdapter.structuredMetadata
const { name: NAME, value: VALUE } = FIELD.Label
const NAME_TAG = (NAME << 3) | 2
const VALUE_TAG = (VALUE << 3) | 2

/**
 * Label bytes in canonical form, from name, value, name, value ... in any order. Of several values
 * for a name the last counts. A lone surrogate becomes U+FFFD.
 */
export function encodeLabels(labels: readonly string[]): Buffer {
  const writer = new Writer(256)
  writeLabels(labels, writer)
  return writer.copy()
}

/** As `encodeLabels`, behind what was written before (1.4x where a writer is used again). */
export function writeLabels(labels: readonly string[], writer: Writer): void {
  for (const place of placesInOrder(labels)) {
    const value = labels[place + 1]!
    if (value !== '') writePair(writer, LABELS, labels[place]!, value)
  }
}

/** The bytes of structured metadata, in the order they are given. */
export function encodeStructuredMetadata(pairs: readonly string[]): Buffer {
  const writer = new Writer(256)
  for (let n = 0; n + 1 < pairs.length; n += 2) {
    writePair(writer, METADATA, pairs[n]!, pairs[n + 1]!)
  }
  return writer.copy()
}

/** Name, value, name, value ... of the labels or the metadata in `[start, end)`. */
export function decodePairs(bytes: Uint8Array, start = 0, end = bytes.length): string[] {
  const pairs: string[] = []
  const buffer = asBuffer(bytes)
  const reader = new PairReader(bytes, start, end)
  while (reader.next()) {
    const { nameStart, nameEnd, valueStart, valueEnd } = reader
    pairs.push(buffer.toString('utf8', nameStart, nameEnd))
    pairs.push(buffer.toString('utf8', valueStart, valueEnd))
  }
  return pairs
}

/** Whether label bytes are in canonical form, as those of a foreign sender may not be. */
export function areCanonicalLabels(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  const buffer = asBuffer(bytes)
  const reader = new PairReader(bytes, start, end)
  let [before, beforeEnd] = [-1, -1]
  while (reader.next()) {
    const { nameStart, nameEnd, valueStart, valueEnd } = reader
    if (valueStart === valueEnd || !reader.isPlain) return false
    const isFirst = before < 0
    if (!isFirst && buffer.compare(buffer, before, beforeEnd, nameStart, nameEnd) <= 0) return false
    before = nameStart
    beforeEnd = nameEnd
  }
  return true
}

/** Steps through encoded pairs; makes no object for any. */
export class PairReader {
  #bytes: Uint8Array
  #pos: number
  #end: number
  #inner: FieldReader | undefined
  nameStart = 0
  nameEnd = 0
  valueStart = 0
  valueEnd = 0
  /** It is written as we write it: name and value, each once, nothing else. */
  isPlain = true

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#pos = start
    this.#end = end
  }

  /** Begins again with other pairs. */
  reset(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes
    this.#pos = start
    this.#end = end
  }

  /** False behind the last. */
  next(): boolean {
    const bytes = this.#bytes
    const start = this.#pos
    if (start >= this.#end) return false
    const size = bytes[start + 1]!
    const nameSize = bytes[start + 3]!
    const value = start + 4 + nameSize
    const valueSize = bytes[value + 1]!
    // Nearly all are short, and then each length is one byte.
    this.isPlain =
      size < 128 &&
      nameSize < 128 &&
      valueSize < 128 &&
      bytes[start + 2] === NAME_TAG &&
      bytes[value] === VALUE_TAG &&
      size === nameSize + valueSize + 4
    if (!this.isPlain) return this.#nextLong(start)
    this.nameStart = start + 4
    this.nameEnd = value
    this.valueStart = value + 2
    this.valueEnd = value + 2 + valueSize
    this.#pos = this.valueEnd
    return true
  }

  #nextLong(start: number): boolean {
    this.#inner ??= new FieldReader(this.#bytes, 0, 0)
    const inner = this.#inner
    inner.reset(this.#bytes, start, this.#end)
    inner.next()
    const { value: body, end } = inner
    this.nameStart = this.nameEnd = this.valueStart = this.valueEnd = body
    inner.reset(this.#bytes, body, end)
    while (inner.next()) {
      if (inner.number === NAME) {
        this.nameStart = inner.value
        this.nameEnd = inner.end
      } else if (inner.number === VALUE) {
        this.valueStart = inner.value
        this.valueEnd = inner.end
      }
    }
    const pair = sizeOfPair(this.nameEnd - this.nameStart, this.valueEnd - this.valueStart)
    const whole = 1 + sizeOfVarint(pair) + pair
    this.isPlain = end - start === whole && this.nameEnd <= this.valueStart
    this.#pos = end
    return true
  }
}

function writePair(writer: Writer, field: number, name: string, value: string): void {
  const body = writer.begin(field)
  writer.string(NAME, name)
  writer.string(VALUE, value)
  writer.end(body)
}

function sizeOfPair(nameBytes: number, valueBytes: number): number {
  return 2 + sizeOfVarint(nameBytes) + nameBytes + sizeOfVarint(valueBytes) + valueBytes
}

/** Where names are, by name; of those that are equal the last. */
function placesInOrder(labels: readonly string[]): readonly number[] {
  const places: number[] = []
  for (let n = 0; n + 1 < labels.length; n += 2) {
    let low = 0
    let high = places.length
    let isThere = false
    while (low < high && !isThere) {
      const middle = (low + high) >> 1
      const difference = compareNames(labels[places[middle]!]!, labels[n]!)
      isThere = difference === 0
      if (difference < 0) low = middle + 1
      else high = middle
    }
    places.splice(high, isThere ? 1 : 0, n)
  }
  return places
}

/** As their bytes in UTF-8 compare, which for surrogates is another order than that of strings. */
function compareNames(one: string, other: string): number {
  const size = Math.min(one.length, other.length)
  for (let n = 0; n < size; n++) {
    const difference = rankOf(one.charCodeAt(n)) - rankOf(other.charCodeAt(n))
    if (difference !== 0) return difference
  }
  return one.length - other.length
}

/** Surrogates stand for what is above U+FFFF. */
function rankOf(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
