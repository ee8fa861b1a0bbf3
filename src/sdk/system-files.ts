import { type Dirent, realpathSync, statSync } from 'node:fs'
import { appendFile, readdir, readFile, readlink, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { watch } from 'chokidar'
import { Retryable } from './errors.js'
import type { FileEntry, FileFacts, Files, Watcher } from './outside.js'

/** Words for what the system says of files and disks. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of the path is no folder',
  EMFILE: 'too many open files',
  ENOSPC: 'no space left',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EPERM: 'permission denied',
  EEXIST: 'it exists already',
  EIO: 'the device failed',
}

/** Kubernetes swaps mounted files by renaming this symlink beside them. */
const SWAPPED_LINK = '..data'

export const systemFiles: Files = {
  async read(path) {
    try {
      return await readFile(path)
    } catch (error) {
      throw new Retryable(`cannot read ${path}: ${reasonOf(error)}`, { cause: error })
    }
  },

  async append(path, text) {
    if (path === 'stdout' || path === 'stderr') {
      process[path].write(text)
      return
    }
    try {
      await appendFile(path, text)
    } catch (error) {
      throw new Retryable(`cannot write ${path}: ${reasonOf(error)}`, { cause: error })
    }
  },

  async names(path) {
    try {
      return (await readdir(path)).sort()
    } catch {
      return undefined
    }
  },

  entries,
  facts,
  link,

  watch(path, onChange) {
    return watchPath(path, onChange)
  },
}

async function entries(folder: string): Promise<readonly FileEntry[] | undefined> {
  const found = await readdir(folder, { withFileTypes: true }).catch(() => undefined)
  if (!found) return undefined
  const seen = await Promise.all(found.map((one) => entryOf(folder, one)))
  return seen.flatMap((one) => one ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Only links cost a look. */
async function entryOf(folder: string, found: Dirent): Promise<FileEntry | undefined> {
  const { name } = found
  if (!found.isSymbolicLink()) return { name, isFolder: found.isDirectory() }
  const behind = await stat(join(folder, name)).catch(() => undefined)
  return behind && { name, isFolder: behind.isDirectory() }
}

async function facts(path: string): Promise<FileFacts | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (!found) return undefined
  const { mtimeMs: modifiedAt, dev, ino } = found
  return { isFolder: found.isDirectory(), modifiedAt, identity: `${dev}:${ino}` }
}

async function link(path: string): Promise<string> {
  try {
    return await readlink(path)
  } catch (error) {
    throw new Retryable(`cannot read the link ${path}: ${reasonOf(error)}`, { cause: error })
  }
}

/**
 * Folders are watched, not the file: editors and deployments replace files by rename. Symlinks are
 * watched as such, and the folder they lead to besides, so that a swapped link and an edited target
 * both show.
 */
function watchPath(path: string, onChange: () => void): Watcher {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  const folder = isFolder ? path : dirname(path)
  const names = new Set([basename(path), SWAPPED_LINK])
  let real = realPath(path)
  const isWatched = (candidate: string) =>
    candidate === folder ||
    candidate === dirname(real) ||
    candidate === real ||
    (dirname(candidate) === folder && (isFolder || names.has(basename(candidate))))
  const watcher = watch([folder, dirname(real)], {
    depth: 0,
    followSymlinks: false,
    ignoreInitial: true,
    ignored: (candidate) => !isWatched(candidate),
  })
  const changed = () => {
    const now = realPath(path)
    if (now !== real) {
      if (dirname(real) !== folder) watcher.unwatch(dirname(real))
      real = now
      watcher.add(dirname(real))
    }
    onChange()
  }
  watcher.on('all', changed)
  // What changed while it was being set up would else be missed.
  watcher.once('ready', changed)
  // A watcher that breaks (no more inotify watches) leaves explicit reloads working.
  watcher.on('error', () => {})
  return { close: () => watcher.close() }
}

/** Where symlinks lead; the path itself while it leads nowhere. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** What went wrong with a file, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return (code && REASONS[code]) ?? message
}
