import { type CheckOptions, Registry } from '#config'
import type { Definition, Stability } from '#sdk'
import {
  Logger,
  loggingBlock,
  Registry as Metrics,
  OwnData,
  Tracing,
  telemetryBlock,
  tracingBlock,
} from '#telemetry'
import { AdminServer, httpBlock } from '#web'
import { allComponents } from '../support/all-components.js'

const components = await allComponents()

const logger = new Logger({ write() {}, flush() {} })

const own = {
  version: '0.0.0',
  clock: { now: () => 0 },
  startedAt: 0,
  registry: new Metrics(),
  logger,
  tracing: new Tracing(new OwnData('instance'), () => 1),
}

/** The root blocks that are no components. */
export const CONFIG_BLOCKS: readonly Definition[] = [
  loggingBlock(logger),
  httpBlock(new AdminServer()),
  telemetryBlock(own),
  tracingBlock(own),
]

/** What examples ask the environment for. */
const VARIABLES: Readonly<Record<string, string>> = {
  CLOUD_TOKEN: 'token-of-the-cloud',
  BACKEND_TOKEN: 'token-of-the-backend',
  VENDOR_TOKEN: 'token-of-the-vendor',
}

/** What examples know of the machine. */
const CONSTANTS = new Map([['hostname', 'host-of-the-examples']])

/** Checks against every component there is, as `weir check` does. */
export function checkOptions(
  stability: Stability,
  definitions: readonly Definition[] = [...components, ...CONFIG_BLOCKS],
): CheckOptions {
  return {
    registry: new Registry(definitions),
    stability,
    environment: { env: (name) => VARIABLES[name], constants: CONSTANTS },
  }
}
