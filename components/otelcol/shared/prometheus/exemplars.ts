import { encodeLabels, type SampleBatchBuilder, valueText } from '#pdata'
import { FIELD, FieldReader, Writer } from '#wire'
import { keyValueAt, labelsOf } from './origin.js'
import { double, millis, type Point, signed64 } from './point.js'

const { Exemplar, TimeSeries, Label } = FIELD

/** OpenMetrics: code points of all names and values of an exemplar together. */
const CHARACTERS_MAX = 128

/** Exemplars of a point as those of a series, ids of trace and span as labels. */
export class Exemplars {
  readonly #reader = new FieldReader(new Uint8Array(), 0, 0)
  readonly #labels = new Writer(256)
  #value = 0
  #timeMs = 0
  #trace = 0
  #span = 0
  #hasOthers = false

  /** The value of the nth. */
  valueOf(point: Point, n: number): number {
    this.#read(point, n)
    return this.#value
  }

  /** The nth, to the open series. */
  write(point: Point, n: number, builder: SampleBatchBuilder): void {
    this.#read(point, n)
    builder.exemplar(this.#labelsOf(point, n), this.#value, this.#timeMs)
  }

  #read({ bytes, exemplars }: Point, n: number): void {
    const reader = this.#reader
    this.#value = this.#timeMs = this.#trace = this.#span = 0
    this.#hasOthers = false
    reader.reset(bytes, exemplars[n * 2]!, exemplars[n * 2 + 1]!)
    while (reader.next()) {
      const { number, value, end } = reader
      if (number === Exemplar.asDouble) this.#value = double(bytes, value)
      else if (number === Exemplar.asInt) this.#value = signed64(bytes, value)
      else if (number === Exemplar.timeUnixNano) this.#timeMs = millis(bytes, value)
      else if (number === Exemplar.traceId && end > value) this.#trace = value
      else if (number === Exemplar.spanId && end > value) this.#span = value
      else if (number === Exemplar.filteredAttributes) this.#hasOthers = true
    }
  }

  #labelsOf(point: Point, n: number): Uint8Array {
    const { bytes } = point
    if (this.#hasOthers) {
      const others = this.#othersOf(point, n)
      if (others) return others
    }
    const writer = this.#labels
    writer.pos = 0
    if (this.#span > 0) writeId(writer, 'span_id', bytes, this.#span, 8)
    if (this.#trace > 0) writeId(writer, 'trace_id', bytes, this.#trace, 16)
    return writer.written()
  }

  /** With the filtered attributes; undefined where they are too long, and then none is kept. */
  #othersOf({ bytes, exemplars }: Point, n: number): Uint8Array | undefined {
    const attributes = new Map<string, string>()
    const reader = this.#reader
    reader.reset(bytes, exemplars[n * 2]!, exemplars[n * 2 + 1]!)
    while (reader.next()) {
      if (reader.number !== Exemplar.filteredAttributes) continue
      const { key, value } = keyValueAt(bytes, reader.value, reader.end)
      if (!attributes.has(key)) attributes.set(key, valueText(value))
    }
    const labels = labelsOf(attributes)
    const [span, trace] = [this.#span, this.#trace]
    if (span > 0) labels.set('span_id', bytes.toString('hex', span, span + 8))
    if (trace > 0) labels.set('trace_id', bytes.toString('hex', trace, trace + 16))
    const all = [...labels].flat()
    const characters = all.reduce((sum, text) => sum + [...text].length, 0)
    return characters > CHARACTERS_MAX ? undefined : encodeLabels(all)
  }
}

function writeId(writer: Writer, name: string, bytes: Buffer, start: number, size: number): void {
  const body = writer.begin(TimeSeries.labels)
  writer.string(Label.name, name)
  writer.string(Label.value, bytes.toString('hex', start, start + size))
  writer.end(body)
}
