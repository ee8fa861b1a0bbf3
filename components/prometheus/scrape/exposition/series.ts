/** What knows the labels of the series handed on. */
export interface LabelSource {
  /** Adds name, value, name, value and so on; the metric's name first, as `__name__`. */
  labels(into: string[]): void
}

/**
 * Which series a sample is of: bytes that are the same for the same labels, and the labels for who
 * asks. In a text they are `name{labels}` as written, which may be written in two ways.
 */
export class Series {
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  end = 0
  /** What the series cache calls it; -1 without a cache. */
  ref = -1
  /** The cache has not had it before. */
  isNew = false
  #source: LabelSource

  constructor(source: LabelSource) {
    this.#source = source
  }

  /**
   * Writes name, value, name, value and so on: the metric's name first, as `__name__`, then the
   * labels as written, without those whose value is empty. No name occurs twice. `le` of
   * histograms and `quantile` of summaries are numbers as OpenMetrics writes them.
   */
  labels(into: string[]): void {
    into.length = 0
    this.#source.labels(into)
  }
}
