import type { Checked } from '#config'
import type { Source } from '#grammar'
import type { Agent, Graph } from '#graph'
import type { Clock } from '#sdk'
import type { RecentErrors } from '#telemetry'
import type { LayOut } from '../graph/layouts.js'
import type { LedgerHistory } from '../history.js'
import type { QueueRoutesOptions } from '../queue-routes.js'

/** What pages are made of. */
export interface PageOptions extends QueueRoutesOptions {
  readonly agent: Agent
  readonly graph: Graph
  readonly clock: Clock
  readonly history: LedgerHistory
  readonly errors: RecentErrors
  readonly layOut: LayOut
  /** Checks texts that are not the running config. */
  readonly check: (sources: readonly Source[]) => Promise<Checked>
  /** The texts of the config as they stand now. */
  readonly read: () => Promise<readonly Source[]>
}
