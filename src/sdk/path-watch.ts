import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { watchFolder } from './folder-watch.js'
import type { Watcher } from './outside.js'

/** Kubernetes swaps mounted files by renaming this symlink beside them. */
const SWAPPED_LINK = '..data'

/**
 * Watches a file, or what is directly in a folder. Of a file the folder around it is watched:
 * editors and deployments replace files by rename. Where a symlink leads is watched besides, so
 * that a swapped link and an edited target both show.
 */
export function watchPath(path: string, onChange: () => void): Watcher {
  const watch = new PathWatch(resolve(path), onChange)
  return {
    close: () => {
      watch.close()
      return Promise.resolve()
    },
  }
}

class PathWatch {
  readonly #path: string
  readonly #onChange: () => void
  readonly #end: () => void
  #real: string
  #isFolder: boolean
  #endReal: () => void
  #isTold = false
  #isClosed = false

  constructor(path: string, onChange: () => void) {
    this.#path = path
    this.#onChange = onChange
    this.#real = realPath(path)
    this.#isFolder = isFolder(path)
    this.#end = watchFolder(dirname(path), (name) => {
      if (name === undefined || name === basename(path) || name === SWAPPED_LINK) this.#changed()
    })
    this.#endReal = this.#watchReal()
    // What changed before this would else be missed.
    this.#changed()
  }

  close(): void {
    this.#isClosed = true
    this.#end()
    this.#endReal()
  }

  #watchReal(): () => void {
    const real = this.#real
    if (this.#isFolder) return watchFolder(real, () => this.#changed())
    return watchFolder(dirname(real), (name) => {
      if (name === undefined || name === basename(real)) this.#changed()
    })
  }

  /** One write is told by the system in several parts. */
  #changed(): void {
    if (this.#isTold) return
    this.#isTold = true
    setImmediate(() => {
      this.#isTold = false
      if (this.#isClosed) return
      this.#follow()
      this.#onChange()
    })
  }

  #follow(): void {
    const real = realPath(this.#path)
    const folder = isFolder(this.#path)
    if (real === this.#real && folder === this.#isFolder) return
    this.#real = real
    this.#isFolder = folder
    this.#endReal()
    this.#endReal = this.#watchReal()
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Where symlinks lead; the path itself while it leads nowhere. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
