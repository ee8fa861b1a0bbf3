import type { ConfigFile } from './config-file.js'
import { declarationOf, type Scope, scopesOf } from './names.js'

const scopes = new WeakMap<ConfigFile, Scope>()

/** The root of one file alone; read once a text. */
function rootOf(file: ConfigFile): Scope {
  const known = scopes.get(file)
  if (known) return known
  const [root] = scopesOf([file])
  scopes.set(file, root)
  return root
}

/** Whether two of the files declare the same, so that they cannot be one config. */
export function shareNames(files: readonly ConfigFile[]): boolean {
  const seen = new Set<string>()
  for (const file of files) {
    for (const id of rootOf(file).declared.keys()) {
      if (seen.has(id)) return true
      seen.add(id)
    }
  }
  return false
}

/**
 * The files that a file shares references with, over others too, itself among them. A name that
 * several files declare joins none.
 */
export function linkedWith(start: ConfigFile, files: readonly ConfigFile[]): readonly ConfigFile[] {
  const linked = new Set([start])
  for (const file of linked) {
    for (const other of files) {
      if (!linked.has(other) && (refers(file, other, files) || refers(other, file, files))) {
        linked.add(other)
      }
    }
  }
  return files.filter((file) => linked.has(file))
}

/** Whether a file uses what only the other one declares. */
function refers(from: ConfigFile, to: ConfigFile, files: readonly ConfigFile[]): boolean {
  const unresolved = rootOf(from).uses.filter(({ declaration }) => declaration === undefined)
  return unresolved.some(({ parts }) => {
    const declaring = files.filter((file) => declarationOf(parts, rootOf(file).declared))
    return declaring.length === 1 && declaring[0] === to
  })
}
