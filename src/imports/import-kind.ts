import type { ImportRequest } from '#config'
import type { Clock, Definition, Disk, Files, Log, Network, Watcher } from '#sdk'
import type { Programs } from './programs.js'

/** The outside world, as imports see it. */
export interface ImportWorld {
  readonly network: Network
  readonly clock: Clock
  readonly files: Files
  readonly disk: Disk
  readonly programs: Programs
  readonly log: Log
  /** Where what was imported is kept; without it nothing outlives the process. */
  readonly storagePath: string | undefined
}

export interface Texts {
  readonly texts: readonly { readonly name: string; readonly text: string }[]
  /** `module_path` in them. */
  readonly folder: string
}

/** A way to import: `import.file` and the like. */
export interface ImportKind<V extends object = object> {
  readonly definition: Pick<Definition, 'name' | 'stability' | 'about' | 'schema'>
  /** What its arguments lead to; what was imported from elsewhere is no stand-in for it. */
  sourceOf(values: V, request: ImportRequest): string
  /** Rejects with `Retryable` or `Permanent`, or once `giveUp` aborts. */
  read(values: V, request: ImportRequest, world: ImportWorld, giveUp: AbortSignal): Promise<Texts>
  /** How often to look for changes; undefined for never. */
  everyMs(values: V): number | undefined
  watch?(values: V, request: ImportRequest, files: Files, onChange: () => void): Watcher | undefined
  readonly checksum: (values: V) => string | undefined
}

/** What is imported may be this large, summed. */
export const IMPORT_BYTES_MAX = 16 * 1024 * 1024
