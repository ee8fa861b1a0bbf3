import { type ImportStore, systemPrograms } from '#imports'
import { systemNetwork } from '#net'
import { type Log, systemClock, systemDisk, systemFiles } from '#sdk'
import type { Host } from './run.js'

/** Lets imports read from this machine; without a storage path nothing is kept of them. */
export function openImports(
  imports: ImportStore,
  { variables }: Host,
  log: Log,
  storagePath?: string,
): void {
  imports.open({
    network: { ...systemNetwork, proxyVariables: variables },
    clock: systemClock,
    files: systemFiles,
    disk: systemDisk,
    programs: systemPrograms(variables),
    log,
    storagePath,
  })
}
