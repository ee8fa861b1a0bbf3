import type { Hono } from 'hono'
import { addAssets } from '../assets.js'
import { addComponentPage } from './component-page.js'
import { addComponentsPage } from './components-page.js'
import { addConfigPage } from './config-page.js'
import { addDataPage } from './data-page.js'
import { addGraphPage } from './graph-page.js'
import { addLedgerPage } from './ledger-page.js'
import type { PageOptions } from './options.js'
import { addQueuesPage } from './queues-page.js'
import { addReloadsPage } from './reloads-page.js'
import { addTapPage } from './tap-page.js'

/** The pages for people; all but charts and the tap work without scripts. */
export function addPages(app: Hono, options: PageOptions): void {
  addAssets(app)
  addGraphPage(app, options)
  addComponentsPage(app, options)
  addComponentPage(app, options)
  addDataPage(app, options)
  addTapPage(app, options)
  addLedgerPage(app, options)
  addQueuesPage(app, options)
  addConfigPage(app, options)
  addReloadsPage(app, options)
}
