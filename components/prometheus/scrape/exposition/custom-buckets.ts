import { BucketCompactor } from './compact-buckets.js'
import { CUSTOM_BUCKETS, type NativeHistogram } from './native-histogram.js'

/** Empty buckets between others that are kept, as they take less than another span. */
const EMPTY_MAX = 2

/** A classic histogram, from the samples it is made of to a native one with custom buckets. */
export class CustomBuckets {
  /** Upper bounds, rising, and how many observations lie at or below each. */
  #bounds: number[] = []
  #counts: number[] = []
  #count = 0
  #hasCount = false
  #sum = 0
  #fault: string | undefined
  readonly #compactor = new BucketCompactor()

  clear(): void {
    this.#bounds.length = 0
    this.#counts.length = 0
    this.#count = 0
    this.#hasCount = false
    this.#sum = 0
    this.#fault = undefined
  }

  count(count: number): void {
    if (count < 0) this.#fault ??= `its count is ${count}`
    this.#count = count
    this.#hasCount = true
  }

  sum(sum: number): void {
    this.#sum = sum
  }

  /** A bucket that was there already is passed over. */
  bucket(bound: number, count: number): void {
    const [bounds, counts] = [this.#bounds, this.#counts]
    if (count < 0) this.#fault ??= `the bucket up to ${bound} has ${count}`
    if (Number.isNaN(bound)) this.#fault ??= 'a bucket has no bound'
    if (this.#fault !== undefined) return
    let at = bounds.length
    while (at > 0 && bounds[at - 1]! >= bound) at--
    if (bounds[at] === bound) return
    if (count < (counts[at - 1] ?? 0) || count > (counts[at] ?? Infinity)) {
      this.#fault = `the buckets around ${bound} do not add up`
      return
    }
    bounds.splice(at, 0, bound)
    counts.splice(at, 0, count)
  }

  /** Undefined once `into` has it; else what is wrong, in words. */
  convert(into: NativeHistogram): string | undefined {
    if (this.#fault !== undefined) return this.#fault
    const [bounds, counts] = [this.#bounds, this.#counts]
    if (!this.#hasCount) this.#count = counts.at(-1) ?? 0
    if (bounds.at(-1) !== Infinity) {
      bounds.push(Infinity)
      counts.push(this.#count)
    }
    const total = this.#count
    if (counts.at(-1) !== total) return `its count is ${total}, and that of its buckets another`
    if (counts.length > 1 && counts.at(-2)! > total) return `its count is below that of its buckets`
    into.clear()
    into.schema = CUSTOM_BUCKETS
    into.isFloat = !counts.every(Number.isInteger)
    into.count = total
    into.sum = this.#sum
    for (const bound of bounds) if (bound !== Infinity) into.addBound(bound)
    into.positive.addSpan(0, counts.length)
    let below = 0
    let before = 0
    for (const count of counts) {
      const inside = count - below
      into.positive.addValue(into.isFloat ? inside : inside - before)
      below = count
      before = inside
    }
    this.#compactor.compact(into.positive, into.isFloat, into.isFloat ? 0 : EMPTY_MAX)
    return undefined
  }
}
