import { BucketCompactor } from './exposition/compact-buckets.js'
import {
  type Buckets,
  CUSTOM_BUCKETS,
  type NativeHistogram,
} from './exposition/native-histogram.js'

/** The coarsest schema: buckets grow by a factor of 2^16. */
const SCHEMA_MIN = -4

/**
 * Joins buckets of native histograms, two by two, until there are few enough and each is large
 * enough. Custom buckets cannot be joined.
 */
export class Coarser {
  readonly #bucketsMax: number
  readonly #schemaMax: number
  readonly #compactor = new BucketCompactor()

  /** `factorMin`: a bucket's upper bound is at least so many times the one before; 0 for any. */
  constructor(bucketsMax: number, factorMin: number) {
    this.#bucketsMax = bucketsMax
    this.#schemaMax = factorMin > 1 ? schemaOf(factorMin) : Number.POSITIVE_INFINITY
  }

  /** False where there are too many buckets even so. */
  apply(histogram: NativeHistogram): boolean {
    const isCustom = histogram.schema === CUSTOM_BUCKETS
    while (!isCustom && histogram.schema > this.#schemaMax) this.#halve(histogram)
    const max = this.#bucketsMax
    while (max > 0 && bucketCount(histogram) > max) {
      if (isCustom || histogram.schema <= SCHEMA_MIN) return false
      this.#halve(histogram)
    }
    return true
  }

  #halve(histogram: NativeHistogram): void {
    const { isFloat } = histogram
    histogram.schema--
    for (const buckets of [histogram.positive, histogram.negative]) {
      halve(buckets, isFloat)
      this.#compactor.compact(buckets, isFloat, 0)
    }
  }
}

/** The finest schema whose buckets grow by at least `factor`: 2^(2^-schema) >= factor. */
function schemaOf(factor: number): number {
  return Math.max(SCHEMA_MIN, Math.floor(-Math.log2(Math.log2(factor))))
}

function bucketCount({ positive, negative }: NativeHistogram): number {
  return positive.valueCount + negative.valueCount
}

/**
 * The bucket with the index n holds what lies in (base^(n-1), base^n]; with a base that is squared,
 * those of 2n-1 and 2n become n.
 */
function halve(buckets: Buckets, isFloat: boolean): void {
  const indexes: number[] = []
  const counts: number[] = []
  let at = 0
  let index = 0
  let sum = 0
  for (let n = 0; n < buckets.spanCount; n++) {
    index += buckets.spans[n * 2]!
    const end = at + (buckets.spans[n * 2 + 1]! >>> 0)
    for (; at < end; at++, index++) {
      const value = buckets.values[at]!
      sum = isFloat ? value : sum + value
      const into = Math.ceil(index / 2)
      if (indexes.at(-1) === into) counts[counts.length - 1]! += sum
      else {
        indexes.push(into)
        counts.push(sum)
      }
    }
  }
  buckets.clear()
  let before = 0
  for (const [n, into] of indexes.entries()) {
    buckets.addSpan(n === 0 ? into : into - indexes[n - 1]! - 1, 1)
    buckets.addValue(isFloat ? counts[n]! : counts[n]! - before)
    before = counts[n]!
  }
}
