import { join } from 'node:path'
import { Refusal } from './refusal.js'

/** Where a service has its files, below the root of the machine or of an image. */
export const SERVICE_PATHS = {
  unit: '/etc/systemd/system/weir.service',
  /** Where the unit of a package lies. */
  packagedUnit: '/usr/lib/systemd/system/weir.service',
  wanted: '/etc/systemd/system/multi-user.target.wants/weir.service',
  users: '/etc/sysusers.d/weir.conf',
  variables: '/etc/default/weir',
  configFolder: '/etc/weir',
  config: '/etc/weir/config.river',
  storage: '/var/lib/weir',
} as const

/** What is written once and then belongs to whoever edits it. */
export const TEMPLATES = {
  unit: 'systemd/weir.service',
  users: 'systemd/weir.sysusers',
  variables: 'systemd/weir.default',
  config: 'systemd/config.river',
} as const

export interface UnitOptions {
  /** What is started: a program and its first arguments. */
  readonly command: readonly string[]
  readonly drainMs: number
}

/** What closes after the drain. */
const AFTER_DRAIN_SECONDS = 15
/** `ProtectHome=yes` and `PrivateTmp=yes` hide them from the unit. */
const HIDDEN = /^\/(home|root|run\/user|tmp|var\/tmp)\//
const PACKAGED_COMMAND = '/usr/lib/weir/bin/node /usr/lib/weir/dist/weir/main.js'

/** The unit that starts `command`, waiting for as long as it may drain. */
export function unitText(template: string, { command, drainMs }: UnitOptions): string {
  const hidden = command.find((part) => HIDDEN.test(part))
  if (hidden !== undefined) {
    throw new Refusal(
      `the service could not see ${hidden}: its unit hides that folder`,
      'install weir and node elsewhere, such as in /usr/lib/weir, or name another --program',
    )
  }
  return template
    .replace(PACKAGED_COMMAND, () => command.map(quoted).join(' '))
    .replace(/(--feature\.component-shutdown-deadline=)\S+/, `$1${drainMs}ms`)
    .replace(/^TimeoutStopSec=.*$/m, () => {
      return `TimeoutStopSec=${Math.ceil(drainMs / 1000) + AFTER_DRAIN_SECONDS}`
    })
}

export function below(root: string, path: string): string {
  return join(root, path)
}

/** As systemd reads a command line: blanks part arguments, % and $ stand for something. */
function quoted(part: string): string {
  const escaped = part.replace(/%/g, '%%').replace(/\$/g, '$$$$')
  return /[\s"'\\;]/.test(part) ? `"${escaped.replace(/["\\]/g, (one) => `\\${one}`)}"` : escaped
}
