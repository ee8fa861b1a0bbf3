import type { Signal } from '#pdata'

/** How the deliveries of one signal to one destination go. */
export interface ExportFigures {
  readonly signal: Signal
  /** Of a component with several destinations, the one they are about. */
  readonly endpoint: string | undefined
  /** Items that were delivered. */
  readonly exported: number
  /** Items that were given up, or that the destination did not take. */
  readonly failed: number
  /** Items a second, over the last seconds. */
  readonly perSecond: number
  /** Items that wait. */
  readonly queued: number
  /** To this destination, of any signal: since the epoch; undefined before the first. */
  readonly lastExportAt: number | undefined
  /** Of a delivery to this destination, the mean of the latest; undefined before the first. */
  readonly latencyMs: number | undefined
}

/** Optional: for a component that delivers to somewhere. */
export interface Exporting {
  exported(): readonly ExportFigures[]
}
