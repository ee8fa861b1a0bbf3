import { Buckets, type NativeHistogram } from './native-histogram.js'
import type { ProtobufReader } from './protobuf-reader.js'

/** One side of a native histogram: both forms it may have. */
class Side {
  readonly integers = new Buckets()
  readonly floats = new Buckets()
  readonly addDelta = (value: number) => this.integers.addValue(value)
  readonly addCount = (value: number) => this.floats.addValue(value)

  clear(): void {
    this.integers.clear()
    this.floats.clear()
  }

  readSpan(reader: ProtobufReader): void {
    let offset = 0
    let length = 0
    const outer = reader.enter()
    while (reader.field()) {
      if (reader.number === 1) offset = reader.sint32()
      else if (reader.number === 2) length = reader.uint32()
      else reader.skip()
    }
    reader.leave(outer)
    this.integers.addSpan(offset, length)
    this.floats.addSpan(offset, length)
  }
}

/** The fields of a Histogram message that only a native one has. */
export class ProtobufNative {
  countFloat = 0
  #schema = 0
  #zeroThreshold = 0
  #zeroCount = 0
  #zeroCountFloat = 0
  readonly #negative = new Side()
  readonly #positive = new Side()

  clear(): void {
    this.countFloat = 0
    this.#schema = 0
    this.#zeroThreshold = 0
    this.#zeroCount = 0
    this.#zeroCountFloat = 0
    this.#negative.clear()
    this.#positive.clear()
  }

  /** Without spans and zero bucket there is none: an empty one has an empty span. */
  get isThere(): boolean {
    const spans = this.#positive.integers.spanCount + this.#negative.integers.spanCount
    return spans > 0 || this.#zeroThreshold > 0 || this.#zeroCount > 0
  }

  /** Reads the field that is next; all others are gone over. */
  read(reader: ProtobufReader): void {
    switch (reader.number) {
      case 4:
        this.countFloat = reader.double()
        break
      case 5:
        this.#schema = reader.sint32()
        break
      case 6:
        this.#zeroThreshold = reader.double()
        break
      case 7:
        this.#zeroCount = reader.uint64()
        break
      case 8:
        this.#zeroCountFloat = reader.double()
        break
      case 9:
        this.#negative.readSpan(reader)
        break
      case 10:
        reader.sint64s(this.#negative.addDelta)
        break
      case 11:
        reader.doubles(this.#negative.addCount)
        break
      case 12:
        this.#positive.readSpan(reader)
        break
      case 13:
        reader.sint64s(this.#positive.addDelta)
        break
      case 14:
        reader.doubles(this.#positive.addCount)
        break
      default:
        reader.skip()
    }
  }

  /** Count and sum are not its own. Spans that do not fit the buckets fail. */
  copy(into: NativeHistogram, reader: ProtobufReader): void {
    into.isFloat = this.countFloat > 0 || this.#zeroCountFloat > 0
    into.schema = this.#schema
    into.zeroThreshold = this.#zeroThreshold
    into.zeroCount = into.isFloat ? this.#zeroCountFloat : this.#zeroCount
    copySide(this.#negative, into.isFloat, into.negative, reader)
    copySide(this.#positive, into.isFloat, into.positive, reader)
  }
}

function copySide(side: Side, isFloat: boolean, into: Buckets, reader: ProtobufReader): void {
  const { spans, spanCount, values, valueCount } = isFloat ? side.floats : side.integers
  let length = 0
  for (let n = 0; n < spanCount; n++) {
    length += spans[n * 2 + 1]! >>> 0
    into.addSpan(spans[n * 2]!, spans[n * 2 + 1]!)
  }
  if (length !== valueCount) {
    reader.fail(`the spans of a histogram have ${length} buckets, and there are ${valueCount}`)
  }
  for (let n = 0; n < valueCount; n++) into.addValue(values[n]!)
}
