import type { SeriesCache } from './series-cache.js'

export interface ExpositionOptions {
  /** The series of this target's scrapes before; `begin` was called on it. */
  readonly cache?: SeriesCache
  /** Adds `__type__` and `__unit__` to the labels where they are known. */
  readonly typeAndUnitLabels?: boolean
  /**
   * `_created` lines of OpenMetrics are no samples, and say when their series began. All lines of a
   * family are then held until its last has come.
   */
  readonly createdLines?: boolean
  /** Of native histograms only what they have of classic ones is read. */
  readonly ignoreNativeHistograms?: boolean
  /** Classic histograms become native ones with custom buckets. */
  readonly convertClassicHistograms?: boolean
  /** Classic histograms come as samples even where a native one comes in their place. */
  readonly keepClassicHistograms?: boolean
}

/** Parses one body. Whatever `push` or `end` throws, the parser throws again from then on. */
export interface ExpositionParser {
  /** The next bytes of the body, which may be changed once this has returned. */
  push(chunk: Uint8Array): void
  /** The body has ended. */
  end(): void
}
