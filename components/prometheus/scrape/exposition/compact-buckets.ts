import type { Buckets } from './native-histogram.js'

/**
 * Takes empty buckets away: all at the borders of a span, and those inside where more than
 * `emptyMax` follow one another. Spans with no more than that between them become one. The spans
 * must say as many buckets as there are.
 */
export class BucketCompactor {
  /** Of the buckets that are not empty: where they lie, and the count. */
  #indexes = new Float64Array(64)
  #counts = new Float64Array(64)
  #size = 0

  compact(buckets: Buckets, isFloat: boolean, emptyMax: number): void {
    this.#collect(buckets, isFloat)
    buckets.clear()
    let before = 0
    let next = 0
    let length = 0
    let offset = 0
    for (let n = 0; n < this.#size; n++) {
      const index = this.#indexes[n]!
      let gap = index - next
      if (n > 0 && gap <= emptyMax) {
        for (; gap > 0; gap--, length++) {
          buckets.addValue(isFloat ? 0 : 0 - before)
          before = 0
        }
      } else {
        if (n > 0) buckets.addSpan(offset, length)
        offset = gap
        length = 0
      }
      const count = this.#counts[n]!
      buckets.addValue(isFloat ? count : count - before)
      before = count
      length++
      next = index + 1
    }
    if (length > 0) buckets.addSpan(offset, length)
  }

  #collect({ spans, spanCount, values }: Buckets, isFloat: boolean): void {
    this.#size = 0
    let at = 0
    let index = 0
    let sum = 0
    for (let n = 0; n < spanCount; n++) {
      index += spans[n * 2]!
      const length = spans[n * 2 + 1]! >>> 0
      for (const end = at + length; at < end; at++, index++) {
        const value = values[at]!
        sum = isFloat ? value : sum + value
        if (sum !== 0) this.#add(index, sum)
      }
    }
  }

  #add(index: number, count: number): void {
    const n = this.#size++
    if (n === this.#indexes.length) {
      const [indexes, counts] = [this.#indexes, this.#counts]
      this.#indexes = new Float64Array(n * 2)
      this.#indexes.set(indexes)
      this.#counts = new Float64Array(n * 2)
      this.#counts.set(counts)
    }
    this.#indexes[n] = index
    this.#counts[n] = count
  }
}
