import { type Definition, defineImport } from '#sdk'
import { importFile } from './import-file.js'
import { importGit } from './import-git.js'
import { importHttp } from './import-http.js'
import type { ImportKind } from './import-kind.js'
import { ImportStore } from './import-store.js'
import { importString } from './import-string.js'
import { ImportWatch } from './import-watch.js'

export type { ImportStore } from './import-store.js'
export { systemPrograms } from './programs.js'

// Each reads arguments of its own, which its schema has checked.
const KINDS = [importFile, importGit, importHttp, importString] as readonly ImportKind<never>[]

/** The `import.*` blocks, and what reads and remembers for them. */
export function importBlocks(): {
  readonly store: ImportStore
  readonly definitions: readonly Definition[]
} {
  const kinds = KINDS as readonly ImportKind[]
  const store = new ImportStore(kinds)
  const definitions = kinds.map((kind) =>
    defineImport({
      ...kind.definition,
      create: (context, values) => new ImportWatch(context, kind, values, store),
    }),
  )
  return { store, definitions }
}
