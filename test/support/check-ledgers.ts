/** Runs with every file of test/e2e: no agent ends without a look at its ledger. */
import { afterAll } from 'vitest'
import { expectCheckedLedgers } from './agent-process.js'

afterAll(expectCheckedLedgers)
