import { equalWords, FIELD, viewOf, Writer } from '#wire'
import { labelName } from './label-name.js'
import { ROW } from './point.js'

/** Slots of a plan that are no attribute: the metric's name, and `le` or `quantile`. */
export const NAME_SLOT = -1
export const EXTRA_SLOT = -2
/** Common pair n has slot `COMMON_SLOT - n`. */
export const COMMON_SLOT = -3

/** A label that some kinds of metrics add to those of the point. */
export type ExtraLabel = 'none' | 'le' | 'quantile'

/**
 * In which order the labels of a point come, for one sequence of attribute keys. Points of a metric
 * have the same keys nearly always, so naming and sorting are done once for all of them.
 */
export interface LabelPlan {
  /** An attribute's place in the point, or one of the slots above. */
  readonly order: Int32Array
  /** By attribute: the name of its label as a field of `Label`, and the tag of a value behind. */
  readonly names: readonly DataView[]
  /** By attribute: those that share its label name, which are joined; undefined for one alone. */
  readonly joined: readonly (readonly number[] | undefined)[]
  /** By attribute: its key as a field of `KeyValue`, and the tag of a value behind. */
  readonly fields: readonly Buffer[]
}

interface KnownPlan extends LabelPlan {
  readonly keys: DataView
  /** Where each key ends in `keys`. */
  readonly ends: Int32Array
}

/** Plans kept at most; senders that make up keys must not fill the memory. */
const PLANS_MAX = 1000

/** The plans for points whose common labels have the same names. */
export class LabelPlans {
  readonly #common: readonly string[]
  readonly #extra: ExtraLabel
  readonly #plans = new Map<number, KnownPlan[]>()
  #count = 0
  #last: KnownPlan | undefined
  readonly #byMetric = new WeakMap<object, KnownPlan>()

  constructor(common: readonly string[], extra: ExtraLabel) {
    this.#common = common
    this.#extra = extra
  }

  /** What was found last. */
  get last(): LabelPlan | undefined {
    return this.#last
  }

  /** Begins with points of a metric, which will most likely have the keys that they had before. */
  begin(metric: object): void {
    this.#last = this.#byMetric.get(metric) ?? this.#last
  }

  /** Keeps in mind what keys its points have. */
  end(metric: object): void {
    if (this.#last && this.#byMetric.get(metric) !== this.#last) {
      this.#byMetric.set(metric, this.#last)
    }
  }

  /** For `count` attributes, rows as `Point.attributes` has them. */
  find(bytes: Buffer, view: DataView, rows: Int32Array, count: number): LabelPlan {
    if (this.#last && hasKeys(this.#last, view, rows, count)) return this.#last
    const hash = hashKeys(bytes, rows, count)
    const alike = this.#plans.get(hash)
    let plan = alike?.find((one) => hasKeys(one, view, rows, count))
    if (!plan) {
      plan = this.#make(bytes, rows, count)
      this.#keep(hash, plan)
    }
    this.#last = plan
    return plan
  }

  #keep(hash: number, plan: KnownPlan): void {
    if (this.#count++ >= PLANS_MAX) {
      this.#plans.clear()
      this.#count = 1
    }
    const alike = this.#plans.get(hash)
    if (alike) alike.push(plan)
    else this.#plans.set(hash, [plan])
  }

  #make(bytes: Buffer, rows: Int32Array, count: number): KnownPlan {
    const keys: string[] = []
    const ends = new Int32Array(count)
    const parts: Buffer[] = []
    for (let n = 0, end = 0; n < count; n++) {
      const key = bytes.subarray(rows[n * ROW]!, rows[n * ROW + 1]!)
      parts.push(key)
      ends[n] = end += key.length
      keys.push(key.toString('utf8'))
    }
    const fields = parts.map(keyField)
    const plan = planFor(keys, this.#common, this.#extra)
    return { keys: viewOf(Buffer.concat(parts)), ends, fields, ...plan }
  }
}

function planFor(
  keys: readonly string[],
  common: readonly string[],
  extra: ExtraLabel,
): Omit<LabelPlan, 'fields'> {
  const slots = new Map<string, number>([['__name__', NAME_SLOT]])
  if (extra !== 'none') slots.set(extra, EXTRA_SLOT)
  for (const [n, name] of common.entries()) slots.set(name, COMMON_SLOT - n)
  const sharing = new Map<string, number[]>()
  for (const [n, key] of keys.entries()) {
    const name = labelName(key)
    // Of a key that comes twice the first value counts.
    if (name === '' || slots.has(name) || keys.indexOf(key) < n) continue
    const places = sharing.get(name)
    if (places) places.push(n)
    else sharing.set(name, [n])
  }
  const names: DataView[] = []
  const joined: (readonly number[] | undefined)[] = []
  for (const [name, places] of sharing) {
    places.sort((one, other) => Buffer.compare(Buffer.from(keys[one]!), Buffer.from(keys[other]!)))
    const [first] = places
    slots.set(name, first!)
    names[first!] = nameField(name)
    joined[first!] = places.length > 1 ? places : undefined
  }
  const order = [...slots].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, slot]) => slot)
  return { order: Int32Array.from(order), names, joined }
}

function keyField(key: Buffer): Buffer {
  const writer = new Writer(64)
  writer.field(FIELD.KeyValue.key, key)
  writer.tag(FIELD.KeyValue.value, 2)
  return writer.copy()
}

function nameField(name: string): DataView {
  const writer = new Writer(64)
  writer.string(FIELD.Label.name, name)
  writer.tag(FIELD.Label.value, 2)
  return viewOf(writer.copy())
}

function hasKeys(
  { keys, ends }: KnownPlan,
  view: DataView,
  rows: Int32Array,
  count: number,
): boolean {
  if (ends.length !== count) return false
  for (let n = 0, at = 0; n < count; n++) {
    const start = rows[n * ROW]!
    const end = rows[n * ROW + 1]!
    if (end - start !== ends[n]! - at || !equalWords(view, start, end, keys, at)) return false
    at = ends[n]!
  }
  return true
}

/** Of a few bytes of each key: enough to tell plans apart. */
function hashKeys(bytes: Buffer, rows: Int32Array, count: number): number {
  let hash = count
  for (let n = 0; n < count; n++) {
    const start = rows[n * ROW]!
    const end = rows[n * ROW + 1]!
    hash = Math.imul(hash ^ (end - start), 0x01000193)
    if (start === end) continue
    hash = Math.imul(hash ^ bytes[start]!, 0x01000193)
    hash = Math.imul(hash ^ bytes[(start + end) >> 1]!, 0x01000193)
    hash = Math.imul(hash ^ bytes[end - 1]!, 0x01000193)
  }
  return hash
}
