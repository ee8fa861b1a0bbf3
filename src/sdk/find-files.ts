import { join, resolve } from 'node:path'
import { Permanent } from './errors.js'
import { fitsName, Glob, type GlobPart } from './glob.js'
import type { Files } from './outside.js'

/** More are refused: most likely the pattern is wrong. */
const FILES_MAX = 100_000

/**
 * The absolute paths of files that a pattern of `Glob` stands for, sorted, each once; folders are
 * none, and symbolic links are followed. Rejects with Permanent for no pattern, or too many files.
 */
export async function findFiles(files: Files, pattern: string): Promise<readonly string[]> {
  const search = new Search(files)
  for (const parts of new Glob(resolve(pattern)).paths) await search.walk('/', parts.slice(1), [])
  return [...search.found].sort()
}

class Search {
  readonly #files: Files
  readonly found = new Set<string>()

  constructor(files: Files) {
    this.#files = files
  }

  /** `above` are the folders that "**" went through, so that no link leads around in a circle. */
  async walk(
    folder: string,
    [part, ...rest]: readonly GlobPart[],
    above: readonly string[],
  ): Promise<void> {
    if (part === '**') return this.#anywhere(folder, rest, above)
    if (typeof part === 'string') return this.#enter(join(folder, part), rest)
    for (const { name, isFolder } of (await this.#files.entries(folder)) ?? []) {
      if (part && fitsName(part, name) && isFolder === rest.length > 0) {
        await this.#enter(join(folder, name), rest)
      }
    }
  }

  async #enter(path: string, rest: readonly GlobPart[]): Promise<void> {
    if (rest.length > 0) return this.walk(path, rest, [])
    if ((await this.#files.facts(path))?.isFolder === false) this.#add(path)
  }

  async #anywhere(
    folder: string,
    rest: readonly GlobPart[],
    above: readonly string[],
  ): Promise<void> {
    const identity = (await this.#files.facts(folder))?.identity
    if (identity === undefined || above.includes(identity)) return
    if (rest.length > 0) await this.walk(folder, rest, above)
    for (const { name, isFolder } of (await this.#files.entries(folder)) ?? []) {
      const path = join(folder, name)
      if (isFolder) await this.#anywhere(path, rest, [...above, identity])
      else if (rest.length === 0) this.#add(path)
    }
  }

  #add(path: string): void {
    if (this.found.size === FILES_MAX) {
      throw new Permanent(`more than ${FILES_MAX} files are what is looked for`)
    }
    this.found.add(path)
  }
}
