import { ValueView } from '#pdata'
import {
  digitsOf,
  endOfVarint,
  FIELD,
  readInt64,
  readUint32,
  sizeOfVarint,
  viewOf,
  Writer,
} from '#wire'
import {
  COMMON_SLOT,
  EXTRA_SLOT,
  type ExtraLabel,
  type LabelPlan,
  LabelPlans,
  NAME_SLOT,
} from './label-plan.js'
import { type Point, ROW } from './point.js'

const LABEL_TAG = (FIELD.TimeSeries.labels << 3) | 2
const STRING_TAG = (FIELD.AnyValue.stringValue << 3) | 2
const BOOL_TAG = FIELD.AnyValue.boolValue << 3
const INT_TAG = FIELD.AnyValue.intValue << 3

/** A name and a value as a field of a series. */
export function labelPair(name: string, value: string): Buffer {
  const writer = new Writer(64)
  const body = writer.begin(FIELD.TimeSeries.labels)
  writer.string(FIELD.Label.name, name)
  writer.string(FIELD.Label.value, value)
  writer.end(body)
  return writer.copy()
}

/** Labels that all points of a scope have: those of its resource, and its own. */
export class CommonLabels {
  /** Pairs as fields of a series, in the order that `plans` know their names in. */
  readonly pairs: readonly DataView[]
  readonly plans: Readonly<Record<ExtraLabel, LabelPlans>>
  /** Of `PlainPoints`. */
  readonly programs = new Programs()

  constructor(labels: ReadonlyMap<string, string>, known: KnownPlans) {
    // Prometheus takes an empty value for no label.
    const names = [...labels.keys()].filter((name) => labels.get(name) !== '').sort()
    this.pairs = names.map((name) => viewOf(labelPair(name, labels.get(name)!)))
    this.plans = known.for(names)
  }
}

/** What is loaded of the plans for points that have these labels. */
export class Programs {
  readonly byPlan = new Map<LabelPlan, number>()
  generation = -1
}

/** Sets of names of common labels at most; each has plans of its own. */
const NAME_SETS_MAX = 100

/** Plans by the names of the common labels: resources of one fleet have the same. */
export class KnownPlans {
  readonly #bySet = new Map<string, CommonLabels['plans']>()

  for(names: readonly string[]): CommonLabels['plans'] {
    const key = names.join(',')
    let plans = this.#bySet.get(key)
    if (!plans) {
      if (this.#bySet.size >= NAME_SETS_MAX) this.#bySet.clear()
      plans = {
        none: new LabelPlans(names, 'none'),
        le: new LabelPlans(names, 'le'),
        quantile: new LabelPlans(names, 'quantile'),
      }
      this.#bySet.set(key, plans)
    }
    return plans
  }
}

/**
 * The labels of one point in canonical form: written once, with gaps for what differs between the
 * series of a histogram or a summary.
 */
export class SeriesLabels {
  readonly #own = new Writer(1024)
  /** Where the name belongs, and `le` or `quantile`. */
  nameAt = 0
  extraAt = 0

  get bytes(): Buffer {
    return this.#own.bytes
  }

  get end(): number {
    return this.#own.pos
  }

  /** Kept here, without the name. */
  write(point: Point, common: CommonLabels, extra: ExtraLabel): void {
    this.#own.pos = 0
    this.writeTo(this.#own, point, common, extra)
  }

  /** `name` is the pair to write in its place; without it there is a gap. */
  writeTo(
    writer: Writer,
    point: Point,
    common: CommonLabels,
    extra: ExtraLabel,
    name?: Buffer,
  ): void {
    const { bytes, view, attributes, attributeCount } = point
    const plan = common.plans[extra].find(bytes, view, attributes, attributeCount)
    const { order } = plan
    this.extraAt = -1
    for (let n = 0; n < order.length; n++) {
      const slot = order[n]!
      if (slot >= 0) this.#attribute(writer, point, slot, plan)
      else if (slot <= COMMON_SLOT) {
        const pair = common.pairs[COMMON_SLOT - slot]!
        writer.words(pair, 0, pair.byteLength)
      } else if (slot === EXTRA_SLOT) this.extraAt = writer.pos
      else if (slot === NAME_SLOT) {
        this.nameAt = writer.pos
        if (name) writer.raw(name)
      }
    }
    if (this.extraAt < 0) this.extraAt = writer.pos
  }

  #attribute(writer: Writer, point: Point, slot: number, { names, joined }: LabelPlan): void {
    const { bytes, view, attributes: rows } = point
    const name = names[slot]!
    const others = joined[slot]
    const start = rows[slot * ROW + 2]!
    const end = rows[slot * ROW + 3]!
    if (others) {
      const texts = others.map((n) => labelValue(bytes, rows[n * ROW + 2]!, rows[n * ROW + 3]!))
      writePair(writer, name, texts.join(';'))
      return
    }
    if (start === end) return
    const tag = bytes[start]!
    if (tag === STRING_TAG) {
      const content = endOfVarint(bytes, start + 1)
      // Behind the one field there may be others that are not known.
      if (content + readUint32(bytes, start + 1) === end) {
        if (content === end) return
        writeHead(writer, name, end - content)
        writer.words(view, content, end)
        return
      }
    } else if (tag === INT_TAG && end - start < SMALL_INT_BYTES) {
      const value = readUint32(bytes, start + 1)
      const digits = digitsOf(value)
      writeHead(writer, name, digits)
      writer.decimal(value, digits)
      return
    }
    writePair(writer, name, labelValue(bytes, start, end))
  }
}

const valueView = new ValueView()

/** What a label has of an AnyValue. */
export function labelValue(bytes: Buffer, start: number, end: number): string {
  const tag = bytes[start]
  if (tag === INT_TAG) {
    const int = readInt64(bytes, start + 1)
    if (Number.isSafeInteger(int)) return String(int)
  }
  if (tag === BOOL_TAG && end - start === 2) return bytes[start + 1] === 0 ? 'false' : 'true'
  return valueView.at(bytes, start, end).toText()
}

function writePair(writer: Writer, name: DataView, text: string): void {
  if (text === '') return
  const size = Buffer.byteLength(text)
  writeHead(writer, name, size)
  writer.reserve(size)
  if (size === text.length && size < 24) {
    for (let n = 0; n < size; n++) writer.bytes[writer.pos++] = text.charCodeAt(n)
  } else writer.pos += writer.bytes.write(text, writer.pos)
}

/** All before a value of `size` bytes. */
function writeHead(writer: Writer, name: DataView, size: number): void {
  const nameSize = name.byteLength
  writer.reserve(nameSize + HEAD_BYTES)
  writer.bytes[writer.pos++] = LABEL_TAG
  writer.varint(nameSize + sizeOfVarint(size) + size)
  writer.words(name, 0, nameSize)
  writer.varint(size)
}

/** A tag and two lengths at most. */
const HEAD_BYTES = 16
/** A tag and 28 bits, none of them a sign. */
const SMALL_INT_BYTES = 6
