/** The schema whose bucket bounds are written out (custom buckets). */
export const CUSTOM_BUCKETS = -53

/**
 * The buckets of one side. Spans say where buckets lie: each is a gap behind the span before it
 * (for the first, behind index 0; may be negative) and a number of buckets; the buckets of all
 * spans follow one another in `values`.
 */
export class Buckets {
  /** Offset and length by turns. */
  spans = new Int32Array(16)
  spanCount = 0
  /**
   * With integer counts what each bucket has more than the one before it, with float counts what
   * it has.
   */
  values = new Float64Array(64)
  valueCount = 0

  clear(): void {
    this.spanCount = 0
    this.valueCount = 0
  }

  addSpan(offset: number, length: number): void {
    const at = this.spanCount++ * 2
    if (at === this.spans.length) this.spans = twice(this.spans)
    this.spans[at] = offset
    this.spans[at + 1] = length
  }

  addValue(value: number): void {
    if (this.valueCount === this.values.length) this.values = twice(this.values)
    this.values[this.valueCount++] = value
  }
}

/**
 * A native histogram in the form remote write has it: fields and meaning are those of its Histogram
 * message. Counts are exact up to 2^53.
 */
export class NativeHistogram {
  /** Counts may have fractions, and buckets hold counts and not differences. */
  isFloat = false
  /** It may go down at any time, as a gauge does. */
  isGauge = false
  /** Each power of two is 2^schema buckets; or CUSTOM_BUCKETS. */
  schema = 0
  count = 0
  sum = 0
  zeroThreshold = 0
  zeroCount = 0
  readonly negative = new Buckets()
  readonly positive = new Buckets()
  /** Of CUSTOM_BUCKETS: upper bounds, rising, without the last one, which is infinite. */
  bounds = new Float64Array(16)
  boundCount = 0

  clear(): void {
    this.isFloat = false
    this.isGauge = false
    this.schema = 0
    this.count = 0
    this.sum = 0
    this.zeroThreshold = 0
    this.zeroCount = 0
    this.negative.clear()
    this.positive.clear()
    this.boundCount = 0
  }

  addBound(bound: number): void {
    if (this.boundCount === this.bounds.length) this.bounds = twice(this.bounds)
    this.bounds[this.boundCount++] = bound
  }
}

function twice<T extends Int32Array | Float64Array>(list: T): T {
  const longer = new (list.constructor as new (size: number) => T)(list.length * 2)
  longer.set(list)
  return longer
}
