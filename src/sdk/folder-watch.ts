/**
 * What changes in folders. However many ask about a folder it is watched once, and no file in it is
 * looked at: with a watcher of its own for each of 100 paths, chokidar looked at all files of their
 * folders as often with each change, 3 s of a core for 8 reloads.
 */
import { statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type FSWatcher, watch } from 'chokidar'

/** Told the name of what may have changed in the folder; undefined where anything may have. */
type OnEntry = (name: string | undefined) => void

const watched = new Map<string, FolderWatch>()

/**
 * Tells of changes until the function that it gives is called. `folder` is absolute, and may come
 * later, go and come back. Where the system can watch no more, nothing is told.
 */
export function watchFolder(folder: string, onEntry: OnEntry): () => void {
  const one = watched.get(folder) ?? new FolderWatch(folder)
  watched.set(folder, one)
  // One listener may be told of one folder for two reasons.
  const listener: OnEntry = (name) => onEntry(name)
  one.add(listener)
  return () => {
    if (one.remove(listener) === 0 && watched.get(folder) === one) watched.delete(folder)
  }
}

class FolderWatch {
  readonly #folder: string
  readonly #listeners = new Set<OnEntry>()
  #watcher: FSWatcher | undefined
  /** Set while the folder is away: ends the watch of the folder around it. */
  #endWait: (() => void) | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  add(listener: OnEntry): void {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#open()
  }

  /** Gives how many are left. */
  remove(listener: OnEntry): number {
    this.#listeners.delete(listener)
    if (this.#listeners.size === 0) this.#close()
    return this.#listeners.size
  }

  #open(): void {
    if (this.#watch()) return
    const parent = dirname(this.#folder)
    if (parent === this.#folder) return
    const own = basename(this.#folder)
    this.#endWait = watchFolder(parent, (name) => {
      if (name === undefined || name === own) this.#again()
    })
    // It may have come just before.
    if (this.#watch()) this.#stopWaiting()
  }

  #watch(): boolean {
    if (!statSync(this.#folder, { throwIfNoEntry: false })?.isDirectory()) return false
    this.#watcher = watch(this.#folder, {
      ignored: (path) => path !== this.#folder,
      // What is watched keeps no process alive.
      persistent: false,
    })
      // Its other events leave out what comes within 50 ms of the one before.
      .on('raw', (_, name) => this.#told(name))
      // What changed before it was ready would else be missed.
      .on('ready', () => this.#tell(undefined))
      // A watcher that breaks (no more inotify watches) leaves explicit reloads working.
      .on('error', () => {})
    return true
  }

  /** The system calls the folder itself by its name, too: it may be gone, or be another. */
  #told(name: string | null): void {
    if (name === basename(this.#folder)) this.#again()
    else this.#tell(name ?? undefined)
  }

  #again(): void {
    if (this.#listeners.size === 0) return
    this.#close()
    this.#open()
    this.#tell(undefined)
  }

  #tell(name: string | undefined): void {
    for (const listener of [...this.#listeners]) listener(name)
  }

  #close(): void {
    this.#watcher?.close().catch(() => {})
    this.#watcher = undefined
    this.#stopWaiting()
  }

  #stopWaiting(): void {
    this.#endWait?.()
    this.#endWait = undefined
  }
}
