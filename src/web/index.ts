export { AdminServer } from './admin-server.js'
export { type AppOptions, adminApp } from './app.js'
export { type LayOut, layOutInThread } from './graph/layouts.js'
export { LedgerHistory } from './history.js'
export { httpBlock } from './http-block.js'
export type { Orphan } from './queue-routes.js'
export {
  type MovedView,
  movedView,
  type QueuedView,
  type QueueView,
  queuedView,
  queueView,
  type TotalsView,
  totalsView,
} from './queue-views.js'
