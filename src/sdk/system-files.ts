import { type Dirent, readFile } from 'node:fs'
import { appendFile, readdir, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Retryable } from './errors.js'
import type { FileEntry, FileFacts, Files } from './outside.js'
import { watchPath } from './path-watch.js'

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

/** Takes half the time of that of `node:fs/promises`, which opens a handle object. */
const readWhole = promisify(readFile)

export const systemFiles: Files = {
  async read(path) {
    try {
      return await readWhole(path)
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
  watch: watchPath,
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

/** What went wrong with a file, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return (code && REASONS[code]) ?? message
}
