import { ValueView } from '#pdata'
import { copyBytes, endOfVarint, FIELD, readInt64, sizeOfVarint, Writer } from '#wire'
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
  readonly pairs: readonly Buffer[]
  readonly plans: Readonly<Record<ExtraLabel, LabelPlans>>

  constructor(labels: ReadonlyMap<string, string>, known: KnownPlans) {
    // Prometheus takes an empty value for no label.
    const names = [...labels.keys()].filter((name) => labels.get(name) !== '').sort()
    this.pairs = names.map((name) => labelPair(name, labels.get(name)!))
    this.plans = known.for(names)
  }
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
  readonly #writer = new Writer(1024)
  readonly #view = new ValueView()
  /** Where the name belongs, and `le` or `quantile`. */
  nameAt = 0
  extraAt = 0

  get bytes(): Buffer {
    return this.#writer.bytes
  }

  get end(): number {
    return this.#writer.pos
  }

  /** `name` is the pair to write in its place; without it there is a gap. */
  write(point: Point, common: CommonLabels, extra: ExtraLabel, name?: Buffer): void {
    const { bytes, attributes, attributeCount } = point
    const plan = common.plans[extra].find(bytes, attributes, attributeCount)
    const writer = this.#writer
    const { order } = plan
    writer.pos = 0
    this.extraAt = -1
    for (let n = 0; n < order.length; n++) {
      const slot = order[n]!
      if (slot >= 0) this.#attribute(bytes, attributes, slot, plan)
      else if (slot <= COMMON_SLOT) writer.raw(common.pairs[COMMON_SLOT - slot]!)
      else if (slot === EXTRA_SLOT) this.extraAt = writer.pos
      else if (slot === NAME_SLOT) {
        this.nameAt = writer.pos
        if (name) writer.raw(name)
      }
    }
    if (this.extraAt < 0) this.extraAt = writer.pos
  }

  #attribute(bytes: Buffer, rows: Int32Array, slot: number, { names, joined }: LabelPlan): void {
    const name = names[slot]!
    const others = joined[slot]
    const start = rows[slot * ROW + 2]!
    const end = rows[slot * ROW + 3]!
    if (others) {
      const texts = others.map((n) => this.#text(bytes, rows[n * ROW + 2]!, rows[n * ROW + 3]!))
      this.#pairOfText(name, texts.join(';'))
    } else if (bytes[start] === STRING_TAG && start < end) {
      const content = endOfVarint(bytes, start + 1)
      // Behind the one field there may be others that are not known.
      if (content + lengthAt(bytes, start + 1) === end) this.#pair(name, bytes, content, end)
      else this.#pairOfText(name, this.#text(bytes, start, end))
    } else if (start < end) this.#pairOfText(name, this.#text(bytes, start, end))
  }

  #text(bytes: Buffer, start: number, end: number): string {
    if (bytes[start] === INT_TAG) {
      const int = readInt64(bytes, start + 1)
      if (Number.isSafeInteger(int)) return String(int)
    }
    return this.#view.at(bytes, start, end).toText()
  }

  /** One after another, as these few bytes are most of the work. */
  #pair(name: Uint8Array, from: Buffer, start: number, end: number): void {
    const size = end - start
    if (size === 0) return
    this.#head(name, size)
    const writer = this.#writer
    copyBytes(from, start, end, writer.bytes, writer.pos)
    writer.pos += size
  }

  #pairOfText(name: Uint8Array, text: string): void {
    if (text === '') return
    const size = Buffer.byteLength(text)
    this.#head(name, size)
    const writer = this.#writer
    if (size === text.length && size < 24) {
      for (let n = 0; n < size; n++) writer.bytes[writer.pos++] = text.charCodeAt(n)
    } else writer.pos += writer.bytes.write(text, writer.pos)
  }

  /** All before a value of `size` bytes, and room for that. */
  #head(name: Uint8Array, size: number): void {
    const writer = this.#writer
    writer.reserve(name.length + size + HEAD_BYTES)
    const { bytes } = writer
    let { pos } = writer
    bytes[pos++] = LABEL_TAG
    pos = putLength(bytes, pos, name.length + sizeOfVarint(size) + size)
    for (let n = 0; n < name.length; n++) bytes[pos++] = name[n]!
    writer.pos = putLength(bytes, pos, size)
  }
}

/** A tag and two lengths at most. */
const HEAD_BYTES = 16

function putLength(bytes: Buffer, pos: number, length: number): number {
  let rest = length
  for (; rest > 127; rest >>>= 7) bytes[pos++] = (rest & 127) | 128
  bytes[pos++] = rest
  return pos
}

/** A length below 2^28. */
function lengthAt(bytes: Buffer, pos: number): number {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[pos++]!
    value |= (byte & 127) << shift
    if (byte < 128) return value
  }
}
